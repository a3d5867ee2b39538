/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pool policy: what is wanted of the port's switch, and one function that
 * makes every table register of it. Pure: the caller holds pf->lock.
 *
 * Every operation validates its arguments, then changes all or nothing. When
 * it returns 0, policy->tables holds what the chip should have, and the caller
 * writes it (pf_apply()).
 */
#ifndef PF_POLICY_H
#define PF_POLICY_H

#include "../hw/hw_env.h"
#include "../hw/r82576_pool.h"
#include "pf_mirror.h"

#define PF_VF_FILTERS		3	/* unicast addresses of a VF beside its own */
#define PF_VIDS			4096
#define PF_FRAME_DEFAULT	1522	/* with one tag and FCS */

enum pf_chip {
	PF_CHIP_82576,
	PF_CHIP_I350,
};

/* Bits of promiscuity, as in the mailbox. */
#define PF_PROMISC_UNICAST	BIT(0)	/* unicast that no pool's MAC matches */
#define PF_PROMISC_MULTICAST	BIT(1)
#define PF_PROMISC_ALL		(PF_PROMISC_UNICAST | PF_PROMISC_MULTICAST)

/* Link of a VF. The chip shows every VF the port's link: "enable" would lie. */
enum pf_vf_link {
	PF_LINK_AUTO,
	PF_LINK_DISABLE,
};

/* On-off wishes of the host for a VF. */
enum pf_vf_flag {
	PF_VF_TRUST,
	PF_VF_SPOOF_MAC,	/* drop frames with a foreign source MAC */
	PF_VF_SPOOF_VLAN,
	PF_VF_UNTAGGED,		/* accept untagged frames */
	PF_VF_BCAST,		/* accept broadcast */
	PF_VF_STRIP,		/* strip the tag; the guest's SET_VLAN sets it too */
	PF_VF_FLAGS,
};

/* Whose a receive address is. */
enum pf_rar_kind {
	PF_RAR_FREE,
	PF_RAR_OWN,		/* the pool's address */
	PF_RAR_HOST,		/* extra filter, set by the host */
	PF_RAR_GUEST,		/* extra filter, asked for by the guest */
};

/**
 * struct pf_rar - one receive address; its index is the chip's
 * @mac: address; all zero: reserved for @pool, not set
 * @pool: who gets its frames
 * @kind: why
 *
 * Entry 0 is the PF's, the last but n that of VF n, those between are shared.
 */
struct pf_rar {
	u8 mac[6];
	u8 pool;
	u8 kind;
};

/**
 * struct pf_pool - what is wanted for one pool
 * @admin_mac: address fixed by the host, zero: none. The guest cannot change
 *	it unless trusted, and gets it back at each reset
 * @flags: bit n: enum pf_vf_flag n
 * @link: enum pf_vf_link
 * @ready: VF: has said RESET and not been reset since; receives and sends
 * @promisc_host: PF_PROMISC_*, set by the host
 * @promisc_guest: PF_PROMISC_*, asked for by the guest; counts while trusted
 * @port_vid: port VLAN, 0: none
 * @port_qos: its priority
 * @tx_rate: Mbit/s, 0: no limit
 * @frame_max: longest frame accepted, with tag and FCS
 * @has_mc: @mc is not empty
 * @mc: bitmap of multicast hashes
 * @vlans: VIDs the guest asked for; for the PF: those of its netdev
 * @trunk: VIDs the host allows; when empty, @vlans counts, else this does
 */
struct pf_pool {
	u8 admin_mac[6];
	u8 flags;
	u8 link;
	bool ready;
	u8 promisc_host;
	u8 promisc_guest;
	u16 port_vid;
	u8 port_qos;
	u16 tx_rate;
	u16 frame_max;
	bool has_mc;
	u32 mc[HW_HASH_WORDS];
	u32 vlans[HW_HASH_WORDS];
	u32 trunk[HW_HASH_WORDS];
};

/**
 * struct pf_tables - every table register of the switch, as it should be
 * @nr_rar: entries of @ral and @rah that the chip has: 24 or 32
 * @ral: RAL
 * @rah: RAH
 * @mta: MTA
 * @uta: UTA
 * @vfta: VFTA
 * @vlvf: VLVF
 * @vmolr: VMOLR
 * @dvmolr: DVMOLR, i350 only, else 0
 * @vmvir: VMVIR
 * @vmrctl: VMRCTL
 * @vmrvlan: VMRVLAN
 * @vmrvm: VMRVM
 * @vt_ctl: VT_CTL
 * @dtxswc: DTXSWC, on i350 TXSWC
 * @rplolr: RPLOLR
 * @qde: QDE
 * @vfre: VFRE
 * @vfte: VFTE
 * @rctl: bits of HW_RCTL_FILTERS; the rest of RCTL is not ours
 * @tx_rate: Mbit/s of each pool, 0: no limit
 * @nr_vfs: 0: MRQC without VMDq, the PF is pool 0; else VMDq, the PF is pool nr_vfs
 * @vme: CTRL.VME, counts without VMDq only
 *
 * UTA reads 0 in QEMU and VFTA cannot be
 * trusted on i350: compare with a shadow, not with the chip.
 */
struct pf_tables {
	u32 nr_rar;
	u32 ral[HW_RARS_MAX];
	u32 rah[HW_RARS_MAX];
	u32 mta[HW_HASH_WORDS];
	u32 uta[HW_HASH_WORDS];
	u32 vfta[HW_HASH_WORDS];
	u32 vlvf[HW_VLVFS];
	u32 vmolr[HW_POOLS];
	u32 dvmolr[HW_POOLS];
	u32 vmvir[HW_POOLS];
	u32 vmrctl[HW_MIRROR_RULES];
	u32 vmrvlan[HW_MIRROR_RULES];
	u32 vmrvm[HW_MIRROR_RULES];
	u32 vt_ctl;
	u32 dtxswc;
	u32 rplolr;
	u32 rctl;
	u32 qde;
	u32 vfre;
	u32 vfte;
	u16 tx_rate[HW_POOLS];
	u32 nr_vfs;
	bool vme;
};

/**
 * struct pf_policy - all that is wanted of the switch
 * @chip: which chip
 * @backend: how mirrors are made
 * @nr_vfs: VFs that exist; the PF's pool has this number
 * @rar: receive addresses by their index in the chip
 * @vid_slot: VID of each VLVF entry; 0: free. Entry 0 is that of VID 0
 * @pool: VFs, then the PF at index @nr_vfs
 * @vlan_filter: PF: only the VLANs asked for; without VFs this is RCTL.VFE
 * @loopback: frames from pool to pool stay inside
 * @mirror: mirrors, in any order
 * @tables: what all this comes to; valid after any operation that returned 0
 * @undo: what the running operation may put back
 *
 * About 60 KiB: never on a stack.
 */
struct pf_policy {
	enum pf_chip chip;
	enum pf_backend backend;
	u32 nr_vfs;
	struct pf_rar rar[HW_RARS_MAX];
	u16 vid_slot[HW_VLVFS];
	struct pf_pool pool[HW_POOLS];
	bool vlan_filter;
	bool loopback;
	struct pf_mirror mirror[PF_MIRRORS];
	struct pf_tables tables;
	struct pf_undo {
		struct pf_rar rar[HW_RARS_MAX];
		u16 vid_slot[HW_VLVFS];
		struct pf_pool pool;
		struct pf_mirror mirror;
		struct pf_tables tables;
	} undo;
};

/*
 * Life. set_vfs() forgets all that was wanted of VFs and every mirror, and
 * keeps the PF's wishes; without error for 0..HW_VFS_MAX.
 */
void pf_policy_init(struct pf_policy *p, enum pf_chip chip, enum pf_backend backend);
int pf_policy_set_vfs(struct pf_policy *p, u32 nr_vfs);
int pf_policy_compute(const struct pf_policy *p, struct pf_tables *t);

/* What is free of the chip's tables. */
struct pf_room {
	u32 addresses;
	u32 vlans;
	u32 rules;
	u32 mirrors;
};

void pf_policy_room(const struct pf_policy *p, struct pf_room *room);

/*
 * The PF's own. uc and mc replace the list; macs: 6 bytes each, one behind
 * another. -ENOSPC from uc: nothing changed, ask for PF_PROMISC_UNICAST
 * instead. flags: PF_VF_STRIP, _UNTAGGED, _BCAST.
 */
int pf_policy_pf_mac(struct pf_policy *p, const u8 *mac);
int pf_policy_pf_uc(struct pf_policy *p, const u8 *macs, u32 nr);
int pf_policy_pf_mc(struct pf_policy *p, const u32 mta[HW_HASH_WORDS]);
int pf_policy_pf_vlan(struct pf_policy *p, u16 vid, bool add);
int pf_policy_pf_promisc(struct pf_policy *p, u32 promisc);
int pf_policy_pf_flag(struct pf_policy *p, enum pf_vf_flag flag, bool on);
int pf_policy_pf_vlan_filter(struct pf_policy *p, bool on);
int pf_policy_frame_max(struct pf_policy *p, u32 pool, u32 bytes);
int pf_policy_loopback(struct pf_policy *p, bool on);

/* The host's wishes for a VF: ndo_set_vf_*, sysfs, netlink. */
int pf_policy_vf_mac(struct pf_policy *p, u32 vf, const u8 *mac);
int pf_policy_vf_port_vlan(struct pf_policy *p, u32 vf, u32 vid, u32 qos);
int pf_policy_vf_flag(struct pf_policy *p, u32 vf, enum pf_vf_flag flag, bool on);
int pf_policy_vf_spoofchk(struct pf_policy *p, u32 vf, bool on);
int pf_policy_vf_link(struct pf_policy *p, u32 vf, enum pf_vf_link link);
int pf_policy_vf_rate(struct pf_policy *p, u32 vf, u32 mbit);
int pf_policy_vf_promisc(struct pf_policy *p, u32 vf, u32 promisc);
int pf_policy_vf_trunk(struct pf_policy *p, u32 vf, const u32 vids[HW_HASH_WORDS], bool add);
int pf_policy_vf_filters(struct pf_policy *p, u32 vf, const u8 *macs, u32 nr, bool add);

/* The guest's wishes, called by the mailbox server. */
int pf_policy_guest_reset(struct pf_policy *p, u32 vf);
int pf_policy_guest_ready(struct pf_policy *p, u32 vf, bool ready);
int pf_policy_guest_mac(struct pf_policy *p, u32 vf, const u8 *mac);
int pf_policy_guest_filter(struct pf_policy *p, u32 vf, const u8 *mac);
int pf_policy_guest_clear_filters(struct pf_policy *p, u32 vf);
int pf_policy_guest_mc(struct pf_policy *p, u32 vf, const u16 *hash, u32 nr);
int pf_policy_guest_vlan(struct pf_policy *p, u32 vf, u32 vid, bool add);
int pf_policy_guest_promisc(struct pf_policy *p, u32 vf, u32 promisc);

/* Mirrors: intent lives here, time and caps in pf_lease.h. */
int pf_policy_mirror_set(struct pf_policy *p, const struct pf_mirror *m);
int pf_policy_mirror_remove(struct pf_policy *p, u32 id);
const struct pf_mirror *pf_policy_mirror_find(const struct pf_policy *p, u32 id);

static inline bool pf_policy_has_flag(const struct pf_policy *p, u32 pool, enum pf_vf_flag flag)
{
	return p->pool[pool].flags & BIT(flag);
}

static inline const struct pf_rar *pf_policy_own_rar(const struct pf_policy *p, u32 pool)
{
	u32 nr = p->chip == PF_CHIP_I350 ? HW_RARS_I350 : HW_RARS_82576;

	return &p->rar[pool == p->nr_vfs ? 0 : nr - 1 - pool];
}

/* Address that a VF has now: the guest's or the host's; zero: none yet. */
static inline const u8 *pf_policy_vf_current_mac(const struct pf_policy *p, u32 vf)
{
	return pf_policy_own_rar(p, vf)->mac;
}

#endif /* PF_POLICY_H */
