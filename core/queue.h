/* SPDX-License-Identifier: GPL-2.0-only */
/* Life of a capture queue: what a NIC driver calls. */
#ifndef CAP_QUEUE_H
#define CAP_QUEUE_H

#include <linux/device.h>
#include <uapi/hpcap.h>
#include "nic_ops.h"

struct cap_queue;

/**
 * struct cap_queue_config - everything cap_queue_create() needs
 * @parent: the NIC's device; names the queue in listings, gives its NUMA node
 * @owner: THIS_MODULE of the driver, held while the device file is open
 * @adapter: from cap_adapter_get()
 * @index: queue number within the adapter
 * @ops: the driver's table, valid until cap_queue_destroy() returns
 * @nicq: first argument of each of @ops
 * @frame_max: longest frame in bytes, without FCS, 60..HPCAP_CAPLEN_MAX
 * @hw_bits: width of the counter that the NIC stamps frames by, 16..64; 0: it
 *	stamps none
 * @hw_khz: its frequency, from CAP_CLOCK_MIN_KHZ up
 */
struct cap_queue_config {
	struct device *parent;
	struct module *owner;
	int adapter;
	unsigned int index;
	const struct cap_nic_ops *ops;
	void *nicq;
	u32 frame_max;
	u32 hw_bits;
	u32 hw_khz;
};

int cap_adapter_get(struct device *parent);
void cap_adapter_put(int adapter);

struct cap_queue *cap_queue_create(const struct cap_queue_config *cfg);
void cap_queue_destroy(struct cap_queue *q);
int cap_queue_start(struct cap_queue *q);
void cap_queue_stop(struct cap_queue *q);
void cap_queue_kick(struct cap_queue *q);
void cap_queue_set_frame_max(struct cap_queue *q, u32 frame_max);
void cap_queue_set_speed(struct cap_queue *q, u32 mbps);
void cap_queue_get_stats(struct cap_queue *q, struct hpcap_stats *st);

#endif /* CAP_QUEUE_H */
