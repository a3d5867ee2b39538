/* SPDX-License-Identifier: GPL-2.0-only */
/* One 82576 or i350 port, and who may touch what of it. */
#ifndef PF_H
#define PF_H

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>
#include "../core/queue.h"
#include "../hw/rx_queue.h"
#include "../hw/tx_queue.h"
#include "pf_apply.h"
#include "pf_faces.h"
#include "pf_mbox.h"
#include "pf_stats.h"

enum {
	PF_RX_COUNT_MIN = 80,
	PF_RX_COUNT_MAX = 4096,
	PF_TX_COUNT_MIN = 80,
	PF_TX_COUNT_MAX = 4096,
	PF_TX_COUNT = 256,
	PF_QUEUES_MAX = 8,	/* receive queues with RSS; the chip's IVAR and ours */
	PF_RSS_KEY_LEN = 40,
	PF_MTU_MAX = 9216,
	/* what a frame has beside its MTU: header, one tag; FCS where said */
	PF_OVERHEAD = ETH_HLEN + VLAN_HLEN,
};

struct pf_dev;

/**
 * struct pf_params - the module's parameters, checked
 * @capture: first mode
 * @rx_ring: descriptors
 * @queues: receive queues without VFs
 * @mirror: enum pf_mirror_choice
 */
struct pf_params {
	bool capture;
	unsigned int rx_ring;
	unsigned int queues;
	int mirror;
};

enum pf_mirror_choice {
	PF_MIRROR_AUTO,
	PF_MIRROR_RULES,
	PF_MIRROR_REPLICATE,
};

/*
 * All work of the driver. Not bound to a CPU: a VF driver in this very kernel
 * may wait for our answer without giving up its CPU.
 */
extern struct workqueue_struct *pf_wq;

extern struct pf_params pf_params; /* written before any device is probed */

/**
 * struct pf_rxq - one receive queue
 * @pf: its device
 * @index: 0.., also the second number of its /dev/hpcap_A_Q
 * @hwq: number in the chip: @index, or that of the PF's pool; set at start
 * @mem: while the interface is up
 * @napi: standard mode
 * @q: capture queue
 * @missed_seen: of the port's missed frames, those told to @q; under its lock
 * @counters: of standard mode
 */
struct pf_rxq {
	struct pf_dev *pf;
	unsigned int index;
	unsigned int hwq;
	struct hw_rx_mem mem;
	struct napi_struct napi;
	struct cap_queue *q;
	u64 missed_seen;
	struct hw_rx_counters counters;
};

/* Lines of ethtool -t */
enum pf_test {
	PF_TEST_LINK,
	PF_TEST_NVM,
	PF_TEST_REGISTERS,
	PF_TEST_INTERRUPT,
	PF_TESTS,
};

/* struct pf_dev.todo, set from anywhere, done by the service work */
enum pf_todo {
	PF_TODO_RESET,
	PF_TODO_RX_MODE,
};

/**
 * struct pf_dev - the device
 * @pdev: PCI device
 * @netdev: its interface; this struct is its private part
 * @io: BAR 0
 * @fam: which chip
 * @lock: guards all of the state below up to @todo, and the registers of
 *	configuration and mailbox. Taken inside RTNL, never around it; the
 *	data path takes it never
 * @policy: what is wanted of the switch
 * @have: tables as written to the chip last
 * @mbox: mailbox server
 * @faces: sysfs, netlink, debugfs, leases
 * @stats: the chip's counters
 * @service: watchdog and everything that may not be done where it is noticed
 * @mbox_work: serves the VFs, then lets vector PF_VECTOR_OTHER come again
 * @next_reset: jiffies before which a failed reset is not tried again
 * @nr_vfs: VFs that exist or are being made; pool and first queue of the PF
 * @nr_queues: receive queues wanted without VFs; so many capture queues exist
 * @nr_rings: receive queues that have memory: 0 while down
 * @nr_running: of these, enabled
 * @port_up: the port is initialised: VFs can live
 * @want_up: the interface is up
 * @capture: frames go to the engine and not to the stack
 * @gone: registers read all ones; also read by the poll threads
 * @held: service keeps off: function reset, suspend, removal
 * @link: port has a link
 * @link_mbps: its speed
 * @vf_waiting: VFs whose message is left unread, because they ask too often
 * @vf_announce: VFs to be told that something changed
 * @vf_idle_resets: of each VF, since it said something
 * @vf_unread: jiffies until which a VF may still want to read our answer
 * @rx_count: receive descriptors for the next start
 * @tx_count: transmit descriptors for the next start
 * @perm_mac: address of the card
 * @rss_key: of the hash
 * @resets: of the port
 * @todo: bits of enum pf_todo, atomic
 * @clock_lock: guards one reading of the chip's clock, innermost
 * @adapter: first number of /dev/hpcap_A_Q
 * @rxq: receive queues
 * @tx: the transmit queue of both modes, vector PF_VECTOR_TX
 * @nr_vectors: requested
 * @other_irqs: times that PF_VECTOR_OTHER came; by its handler
 */
struct pf_dev {
	struct pci_dev *pdev;
	struct net_device *netdev;
	struct hw_io io;
	const struct pf_family *fam;

	struct mutex lock; /* see above */
	struct pf_policy *policy;
	struct pf_tables have;
	struct pf_mbox mbox;
	struct pf_faces faces;
	struct pf_stats stats;
	struct delayed_work service;
	struct delayed_work mbox_work;
	unsigned long next_reset;
	unsigned int nr_vfs;
	unsigned int nr_queues;
	unsigned int nr_rings;
	unsigned int nr_running;
	bool port_up;
	bool want_up;
	bool capture;
	bool gone;
	bool held;
	bool link;
	u32 link_mbps;
	u32 vf_waiting;
	u32 vf_announce;
	u32 vf_idle_resets[HW_VFS_MAX];
	unsigned long vf_unread[HW_VFS_MAX];
	u32 rx_count;
	u32 tx_count;
	u8 perm_mac[ETH_ALEN];
	u8 rss_key[PF_RSS_KEY_LEN];
	u64 resets;

	unsigned long todo;
	spinlock_t clock_lock; /* see above */
	int adapter;
	struct pf_rxq rxq[PF_QUEUES_MAX];
	struct hw_tx_queue tx;
	unsigned int nr_vectors;
	unsigned long other_irqs;
};

/* Receive queues that the PF may use now: with pools there is one. */
static inline unsigned int pf_nr_queues(const struct pf_dev *pf)
{
	return pf->nr_vfs ? 1 : pf->nr_queues;
}

/* Mask of a vector in EIMS, EIMC. */
static inline u32 pf_rx_vector_bit(const struct pf_rxq *rxq)
{
	return BIT(PF_VECTOR_RX + rxq->index);
}

/* pf_life.c */
void pf_port_stop_locked(struct pf_dev *pf);
int pf_port_reset_locked(struct pf_dev *pf);
int pf_rings_start_locked(struct pf_dev *pf);
void pf_rings_stop_locked(struct pf_dev *pf);
void pf_service(struct work_struct *work);
void pf_service_kick(struct pf_dev *pf, enum pf_todo todo);
void pf_hold(struct pf_dev *pf);
void pf_release(struct pf_dev *pf);

/* pf_sriov.c */
int pf_sriov_configure(struct pci_dev *pdev, int nr_vfs);
void pf_sriov_disable(struct pf_dev *pf);
void pf_sriov_save(struct pf_dev *pf);
void pf_sriov_restore(struct pf_dev *pf);
void pf_sriov_restore_irqs(struct pf_dev *pf);
int pf_sriov_adopt(struct pf_dev *pf);

/* pf_vf.c */
void pf_vf_work(struct work_struct *work);
void pf_vf_announce_all(struct pf_dev *pf);
void pf_vf_warn_all(struct pf_dev *pf);

/* pf_vf_ndo.c */
int pf_ndo_get_vf_config(struct net_device *netdev, int vf,
			 struct ifla_vf_info *info);
int pf_ndo_get_vf_stats(struct net_device *netdev, int vf,
			struct ifla_vf_stats *stats);
int pf_ndo_set_vf_mac(struct net_device *netdev, int vf, u8 *mac);
int pf_ndo_set_vf_vlan(struct net_device *netdev, int vf, u16 vid, u8 qos,
		       __be16 proto);
int pf_ndo_set_vf_spoofchk(struct net_device *netdev, int vf, bool on);
int pf_ndo_set_vf_trust(struct net_device *netdev, int vf, bool on);
int pf_ndo_set_vf_link_state(struct net_device *netdev, int vf, int state);
int pf_ndo_set_vf_rate(struct net_device *netdev, int vf, int min, int max);

/* pf_irq.c */
int pf_irq_request(struct pf_dev *pf);
void pf_irq_free(struct pf_dev *pf);

/* pf_rx.c */
extern const struct cap_nic_ops pf_nic_ops;
int pf_rx_resize_locked(struct pf_dev *pf, unsigned int nr);
int pf_rx_poll(struct napi_struct *napi, int budget);

/* pf_tx.c */
int pf_tx_start(struct pf_dev *pf);
void pf_tx_stop(struct pf_dev *pf);
netdev_tx_t pf_tx_xmit(struct sk_buff *skb, struct net_device *netdev);
int pf_tx_poll(struct napi_struct *napi, int budget);

/* pf_net.c */
void pf_net_init(struct pf_dev *pf);
void pf_net_rx_mode_locked(struct pf_dev *pf);

/* pf_bridge.c */
int pf_ndo_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			  struct netlink_ext_ack *extack);
int pf_ndo_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			  u32 mask, int nlflags);

/* pf_probe.c */
int pf_probe(struct pci_dev *pdev, const struct pci_device_id *id);
void pf_remove(struct pci_dev *pdev);
int pf_queues_resize(struct pf_dev *pf, unsigned int nr);

/* pf_ethtool.c */
extern const struct ethtool_ops pf_ethtool_ops;

/* pf_ethtool_hw.c */
int pf_ethtool_get_regs_len(struct net_device *netdev);
void pf_ethtool_get_regs(struct net_device *netdev, struct ethtool_regs *info,
			 void *out);
void pf_ethtool_self_test(struct net_device *netdev, struct ethtool_test *test,
			  u64 *result);
int pf_ethtool_get_ts_info(struct net_device *netdev,
			   struct kernel_ethtool_ts_info *info);
int pf_ethtool_get_link(struct net_device *netdev,
			struct ethtool_link_ksettings *cmd);
int pf_ethtool_nway_reset(struct net_device *netdev);

#endif /* PF_H */
