/* SPDX-License-Identifier: GPL-2.0-only */
/* One step of the poll thread: borrow, stamp, write, commit, return. */
#ifndef CAP_POLL_H
#define CAP_POLL_H

#include "core_env.h"
#include "listener.h"
#include "nic_ops.h"
#include "ring.h"
#include "stamp.h"
#include "stats.h"

/* Frames ahead whose bytes are fetched into the cache. */
#define CAP_PREFETCH	4

/**
 * struct cap_poll - the engine of one queue
 * @ops: the NIC's table
 * @nicq: its argument
 * @frame_max: bytes the NIC may deliver in one frame, 60..HPCAP_CAPLEN_MAX
 * @ring: where records go
 * @clock: what they are stamped by
 * @listeners: who reads them
 * @stats: what became of them
 * @frame: the batch in hand; the last CAP_PREFETCH elements stay NULL
 *
 * Guarded by the queue's lock, which the caller of each function holds; @clock
 * and @frame belong to the poll thread alone.
 */
struct cap_poll {
	const struct cap_nic_ops *ops;
	void *nicq;
	u32 frame_max;
	struct cap_ring ring;
	struct cap_clock clock;
	struct cap_listeners listeners;
	struct hpcap_stats stats;
	struct cap_frame frame[CAP_BATCH_MAX + CAP_PREFETCH];
};

void cap_poll_init(struct cap_poll *p, const struct cap_nic_ops *ops, void *nicq,
		   u32 frame_max);
int cap_poll_attach(struct cap_poll *p, struct hpcap_cursor *cursor,
		    struct hpcap_attach *a, s32 pid);
void cap_poll_detach(struct cap_poll *p, int slot);
int cap_poll_step(struct cap_poll *p, u32 *wake);

#endif /* CAP_POLL_H */
