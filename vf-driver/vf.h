/* SPDX-License-Identifier: GPL-2.0-only */
/* One 82576 virtual function, and who may touch what of it. */
#ifndef VF_H
#define VF_H

#include <linux/bitmap.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>
#include "../core/queue.h"
#include "../hw/rx_queue.h"
#include "../hw/tx_queue.h"
#include "vf_hw.h"
#include "vf_mbox.h"

enum {
	VF_RX_COUNT_MIN = 80,
	VF_RX_COUNT_MAX = 4096,
	VF_TX_COUNT = 256,
	VF_MTU_MAX = 9216,
	/* what a frame has beside its MTU: header, one tag; FCS where said */
	VF_OVERHEAD = ETH_HLEN + VLAN_HLEN,
};

/* struct vf_dev.todo, set from anywhere, done by the service work */
enum vf_todo {
	VF_TODO_RESET,
	VF_TODO_RX_MODE,
};

/**
 * struct vf_dev - the device
 * @pdev: PCI device
 * @netdev: its interface; this struct is its private part
 * @io: BAR 0
 * @lock: guards all of the state below up to @todo, the mailbox, and the
 *	configuration registers. Taken inside RTNL, never around it; held
 *	while sleeping for the PF. The data path takes it never
 * @mbox: mailbox client
 * @service: watchdog and everything that may not be done where it is noticed
 * @next_reset: jiffies before which no new reset is tried
 * @ready: the PF knows us: mailbox requests make sense
 * @want_up: the interface is up; rings are allocated
 * @running: rings are enabled, somebody takes frames
 * @capture: frames go to the engine and not to the stack
 * @gone: registers read all ones; also read by the poll thread
 * @held: service keeps off: function reset, suspend, removal
 * @link: last reported
 * @told_nack: promiscuity was refused and that has been said
 * @pf_mac: address that the PF gave at the last reset, zeros: none
 * @adopt_mac: take @pf_mac for the interface
 * @promisc: HW_MBOX_PROMISC_* that the PF granted since the last reset
 * @rx_count: receive descriptors for the next start
 * @vlans: VIDs to let in
 * @hw: the chip's counters
 * @resets: successful resets
 * @todo: bits of enum vf_todo, atomic
 * @q: capture queue, from probe to remove
 * @adapter: its first number
 * @rx: receive memory while @want_up
 * @tx: of both modes, vector 0; with memory while @want_up
 * @napi_rx: standard mode, vector 1
 * @rx_counters: of standard mode
 */
struct vf_dev {
	struct pci_dev *pdev;
	struct net_device *netdev;
	struct hw_io io;

	struct mutex lock; /* see above */
	struct vf_mbox mbox;
	struct delayed_work service;
	unsigned long next_reset;
	bool ready;
	bool want_up;
	bool running;
	bool capture;
	bool gone;
	bool held;
	bool link;
	bool told_nack;
	u8 pf_mac[ETH_ALEN];
	bool adopt_mac;
	u32 promisc;
	u32 rx_count;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
	struct vf_hw_counters hw;
	u64 resets;

	unsigned long todo;
	struct cap_queue *q;
	int adapter;
	struct hw_rx_mem rx;
	struct hw_tx_queue tx;
	struct napi_struct napi_rx;
	struct hw_rx_counters rx_counters;
};

/* vf_life.c */
int vf_start_locked(struct vf_dev *vf);
void vf_stop_locked(struct vf_dev *vf);
void vf_service(struct work_struct *work);
void vf_service_kick(struct vf_dev *vf, enum vf_todo todo);
void vf_hold(struct vf_dev *vf);
void vf_release(struct vf_dev *vf);

/* vf_config.c */
int vf_config_restore_locked(struct vf_dev *vf);
int vf_config_answer(struct vf_dev *vf, int err);
void vf_config_rx_mode_locked(struct vf_dev *vf);

/* vf_irq.c */
int vf_irq_request(struct vf_dev *vf);
void vf_irq_free(struct vf_dev *vf);

/* vf_rx.c */
extern const struct cap_nic_ops vf_nic_ops;
int vf_rx_borrow(struct vf_dev *vf, struct cap_frame *f, int max);
void vf_rx_return(struct vf_dev *vf, int n);

/* vf_std.c */
void vf_std_start(struct vf_dev *vf);
void vf_std_stop(struct vf_dev *vf);
int vf_std_rx_poll(struct napi_struct *napi, int budget);

/* vf_tx.c */
int vf_tx_start(struct vf_dev *vf);
void vf_tx_stop(struct vf_dev *vf);
netdev_tx_t vf_tx_xmit(struct sk_buff *skb, struct net_device *netdev);
int vf_tx_poll(struct napi_struct *napi, int budget);

/* vf_net.c */
void vf_net_init(struct vf_dev *vf);
void vf_net_first_mac(struct vf_dev *vf);
void vf_net_adopt_mac(struct vf_dev *vf);

/* vf_ethtool.c */
extern const struct ethtool_ops vf_ethtool_ops;

#endif /* VF_H */
