/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The faces of the control plane (sysfs, netlink, debugfs) and the leases that
 * they make. struct pf_dev has one struct pf_faces by the name "faces".
 *
 * What the faces take from struct pf_dev (pf.h):
 *	struct mutex lock		guards policy, mbox, tables and faces
 *	struct pf_policy *policy
 *	struct pf_mbox mbox
 *	struct pci_dev *pdev
 *	struct net_device *netdev
 * and call (below, "from the driver").
 */
#ifndef PF_FACES_H
#define PF_FACES_H

#include <linux/list.h>
#include <linux/workqueue.h>

#include "pf_lease.h"
#include "pf_policy.h"

struct pf_dev;
struct dentry;

/**
 * struct pf_faces - what the faces keep for one PF
 * @entry: in the list of PFs that netlink answers for
 * @leases: running and ended mirrors
 * @tick: looks at times and caps
 * @sriov: directory "sriov" below the PCI device, while VFs exist
 * @vf: its directories 0, 1, ...
 * @debugfs: this PF's directory
 * @open: VFs are there to stay: mirrors may be made
 * @taas_compat: vlan_mirror "rem 0-4095" drops sysfs mirrors to that VF too
 */
struct pf_faces {
	struct list_head entry;
	struct pf_lease_book *leases;
	struct delayed_work tick;
	struct pf_vf_dir *sriov;
	struct pf_vf_dir *vf[HW_VFS_MAX];
	struct dentry *debugfs;
	bool open;
	bool taas_compat;
};

/* Frames and bytes that a VF has received and sent since the PF was probed. */
struct pf_vf_counters {
	u64 rx_frames, rx_bytes, tx_frames, tx_bytes;
	u64 rx_dropped, tx_dropped, rx_multicast, tx_spoofed;
};

/*
 * From the faces, called by the driver. None of them with pf->lock held.
 * init and exit: module; add and remove: probe, after register_netdev, and
 * remove, before unregister_netdev; unload: first thing in remove, so that
 * leases end for the true reason; vfs_up: after the VFs exist and
 * pf_policy_set_vfs(nr); vfs_down: before the VFs go (ends every lease and
 * takes the directory away).
 */
int pf_faces_module_init(void);
void pf_faces_module_exit(void);
int pf_faces_add(struct pf_dev *pf);
void pf_faces_unload(struct pf_dev *pf);
void pf_faces_remove(struct pf_dev *pf);
int pf_faces_vfs_up(struct pf_dev *pf);
void pf_faces_vfs_down(struct pf_dev *pf);

/*
 * From the driver, called by the faces with pf->lock held.
 * pf_apply() writes pf->policy->tables where they differ from the chip; it may
 * not fail for reasons of policy. pf_vf_announce() sends PF_CONTROL to a VF
 * (pf_mbox_control()). pf_vf_counters() reads the counters, 64-bit over wraps.
 */
int pf_apply(struct pf_dev *pf);
void pf_vf_announce(struct pf_dev *pf, u32 vf);
void pf_vf_counters(struct pf_dev *pf, u32 vf, struct pf_vf_counters *c);

/*
 * Between the faces, with pf->lock held. A change: begin(), any operations on
 * pf->faces.leases, settle(): writes the tables, tells those who listen, and
 * sets the clock.
 */
struct pf_face_change {
	struct pf_lease_count counts[HW_VFS_MAX];
	u64 now_ms;
	u64 nr_ended;
};

enum pf_face_event {
	PF_EVENT_STARTED,
	PF_EVENT_CHANGED,
	PF_EVENT_ENDED,
};

u64 pf_faces_now_ms(void);
void pf_faces_begin(struct pf_dev *pf, struct pf_face_change *c);
void pf_faces_settle(struct pf_dev *pf, const struct pf_face_change *c);
void pf_faces_lock_list(void);
void pf_faces_unlock_list(void);
struct pf_dev *pf_faces_next(struct pf_dev *pf);

int pf_sysfs_up(struct pf_dev *pf);
void pf_sysfs_down(struct pf_dev *pf);
int pf_netlink_init(void);
void pf_netlink_exit(void);
void pf_netlink_event(struct pf_dev *pf, const struct pf_lease *l, enum pf_face_event event);
void pf_debugfs_init(void);
void pf_debugfs_exit(void);
void pf_debugfs_add(struct pf_dev *pf);
void pf_debugfs_remove(struct pf_dev *pf);

#endif /* PF_FACES_H */
