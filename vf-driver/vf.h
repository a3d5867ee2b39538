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
#include "../hw/rx_ring.h"
#include "../hw/tx_desc.h"
#include "vf_hw.h"
#include "vf_mbox.h"

enum {
	VF_RX_BUF_SIZE = 2048,
	VF_RX_COUNT_MIN = 80,
	VF_RX_COUNT_MAX = 4096,
	VF_TX_COUNT = 256,
	VF_MTU_MAX = 9216,
	/* what a frame has beside its MTU: header, one tag; FCS where said */
	VF_OVERHEAD = ETH_HLEN + VLAN_HLEN,
};

/**
 * struct vf_rxq - receive memory
 * @ring: descriptors and buffers; by the one thread that takes frames
 * @dma: of the descriptors
 *
 * Pages are mapped when the ring is made and stay with their slots.
 */
struct vf_rxq {
	struct hw_rx_ring ring;
	dma_addr_t dma;
};

/**
 * struct vf_tx_slot - one descriptor's piece of a frame on its way out
 * @skb: the stack's frame, freed when the NIC is done; NULL for
 * @frame: a frame of the engine
 * @dma: its data
 * @len: bytes mapped
 * @last: number of its frame's last descriptor, counted as vf_txq.head
 */
struct vf_tx_slot {
	struct sk_buff *skb;
	struct cap_tx_frame *frame;
	dma_addr_t dma;
	u32 len;
	u32 last;
};

/**
 * struct vf_txq - transmit ring of both modes
 * @desc: VF_TX_COUNT descriptors, shared with the NIC
 * @dma: of the descriptors
 * @slot: VF_TX_COUNT
 * @head: descriptors ever queued; written under the netdev's tx lock
 * @done: descriptors ever finished; written by the tx NAPI
 * @live: frames may be queued; changes only while the tx lock keeps xmit out
 */
struct vf_txq {
	struct hw_tx_desc *desc;
	dma_addr_t dma;
	struct vf_tx_slot *slot;
	u32 head;
	u32 done;
	bool live;
};

/**
 * struct vf_net_counters - what standard mode counts
 * @rx_frames: to the stack; rx_* are written by the rx NAPI
 * @rx_bytes: of those
 * @rx_errors: damaged
 * @rx_dropped: no memory
 * @tx_frames: given to the NIC; tx_* are written under the tx lock
 * @tx_bytes: of those
 * @tx_dropped: no memory
 * @tx_discarded: sent in capture mode, or while there was no ring
 */
struct vf_net_counters {
	unsigned long rx_frames;
	unsigned long rx_bytes;
	unsigned long rx_errors;
	unsigned long rx_dropped;
	unsigned long tx_frames;
	unsigned long tx_bytes;
	unsigned long tx_dropped;
	unsigned long tx_discarded;
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
 * @lock: guards all of the state below up to @counters, the mailbox, and the
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
 * @tx: transmit memory while @want_up
 * @napi_rx: standard mode, vector 1
 * @napi_tx: both modes, vector 0
 * @counters: of standard mode
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
	struct vf_rxq rx;
	struct vf_txq tx;
	struct napi_struct napi_rx;
	struct napi_struct napi_tx;
	struct vf_net_counters counters;
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
int vf_rx_create(struct vf_dev *vf, struct vf_rxq *rx, u32 count);
void vf_rx_destroy(struct vf_dev *vf, struct vf_rxq *rx);
int vf_rx_borrow(struct vf_dev *vf, struct cap_frame *f, int max);
void vf_rx_return(struct vf_dev *vf, int n);

/* vf_std.c */
void vf_std_start(struct vf_dev *vf);
void vf_std_stop(struct vf_dev *vf);
int vf_std_rx_poll(struct napi_struct *napi, int budget);

/* vf_tx.c */
int vf_tx_create(struct vf_dev *vf);
void vf_tx_destroy(struct vf_dev *vf);
int vf_tx_start(struct vf_dev *vf);
void vf_tx_stop(struct vf_dev *vf);
bool vf_tx_pending(const struct vf_dev *vf);
netdev_tx_t vf_tx_xmit(struct sk_buff *skb, struct net_device *netdev);
int vf_tx_send(void *nicq, struct cap_tx_frame **f, int n);
int vf_tx_poll(struct napi_struct *napi, int budget);

/* vf_net.c */
void vf_net_init(struct vf_dev *vf);
void vf_net_first_mac(struct vf_dev *vf);
void vf_net_adopt_mac(struct vf_dev *vf);

/* vf_ethtool.c */
extern const struct ethtool_ops vf_ethtool_ops;

#endif /* VF_H */
