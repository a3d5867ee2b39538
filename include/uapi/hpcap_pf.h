/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Generic netlink family "hpcap_pf": PFs driven by hpcap_pf, their VFs, and
 * mirrors as leases. docs/netlink/hpcap_pf.yaml says the same for programs.
 */
#ifndef _UAPI_HPCAP_PF_H
#define _UAPI_HPCAP_PF_H

#define HPCAP_PF_FAMILY_NAME	"hpcap_pf"
#define HPCAP_PF_FAMILY_VERSION	1

#define HPCAP_PF_MCGRP_EVENTS	"events"	/* the three _NTF commands */

enum {
	HPCAP_PF_CMD_PF_GET = 1,	/* dump */
	HPCAP_PF_CMD_VF_GET,		/* dump */
	HPCAP_PF_CMD_MIRROR_GET,	/* do: one running; dump: running, or ended */
	HPCAP_PF_CMD_MIRROR_NEW,	/* answers with the mirror */
	HPCAP_PF_CMD_MIRROR_SET,	/* attributes that are absent stay */
	HPCAP_PF_CMD_MIRROR_DEL,
	HPCAP_PF_CMD_MIRROR_STARTED_NTF,
	HPCAP_PF_CMD_MIRROR_CHANGED_NTF,
	HPCAP_PF_CMD_MIRROR_ENDED_NTF,

	__HPCAP_PF_CMD_MAX,
	HPCAP_PF_CMD_MAX = (__HPCAP_PF_CMD_MAX - 1)
};

/* How the chip makes copies. */
enum hpcap_pf_backend {
	HPCAP_PF_BACKEND_RULES,		/* by its mirror rules */
	HPCAP_PF_BACKEND_REPLICATE,	/* by filter tables with several pools */
};

/* Direction, as the source sees it; bits. */
enum hpcap_pf_dir {
	HPCAP_PF_DIR_IN = 1,
	HPCAP_PF_DIR_OUT = 2,
	HPCAP_PF_DIR_BOTH = 3,
};

/* Why a mirror ended. */
enum hpcap_pf_end {
	HPCAP_PF_END_NONE,		/* it runs */
	HPCAP_PF_END_EXPIRED,
	HPCAP_PF_END_CAP,
	HPCAP_PF_END_TARGET_GONE,
	HPCAP_PF_END_SOURCE_GONE,
	HPCAP_PF_END_UNLOAD,
	HPCAP_PF_END_OPERATOR,
};

/* What a mirror does not see, sees too much, or does to others; bit numbers. */
enum hpcap_pf_caveat {
	HPCAP_PF_BLIND_DROPPED,		/* frames that the switch drops */
	HPCAP_PF_BLIND_TX_LOCAL,	/* unicast sent to a pool that is not mirrored "in" */
	HPCAP_PF_BLIND_TX_NO_LOOPBACK,	/* all that is sent: loopback is off */
	HPCAP_PF_BLIND_FOREIGN_VLAN,	/* VLANs that nobody here joined */
	HPCAP_PF_BLIND_DEFAULT,		/* unicast for nobody, which falls to the PF */
	HPCAP_PF_EXTRA_OTHER_TX,	/* what other pools send to the wire */
	HPCAP_PF_EXTRA_MULTICAST,	/* multicast that the sources did not ask for */
	HPCAP_PF_EXTRA_UNKNOWN,		/* unicast from the wire for nobody here */
	HPCAP_PF_EXTRA_LOCAL,		/* what pools send each other */
	HPCAP_PF_EXTRA_UNTAGGED,	/* members' frames outside the listed VLANs */
	HPCAP_PF_EXTRA_ECHO,		/* what the target itself sends */
	HPCAP_PF_SIDE_FLOOD,		/* pools with multicast see more of it */
	HPCAP_PF_SIDE_NO_UNTAGGED,	/* the target takes no untagged frames */
};

enum {
	HPCAP_PF_A_PF_DEV = 1,		/* string: PCI address, 0000:01:00.0 */
	HPCAP_PF_A_PF_IFINDEX,		/* u32 */
	HPCAP_PF_A_PF_IFNAME,		/* string */
	HPCAP_PF_A_PF_BACKEND,		/* u32: enum hpcap_pf_backend */
	HPCAP_PF_A_PF_NR_VFS,		/* u32 */
	HPCAP_PF_A_PF_ADDRESSES_TOTAL,	/* u32: receive addresses of the chip */
	HPCAP_PF_A_PF_ADDRESSES_FREE,	/* u32 */
	HPCAP_PF_A_PF_VLANS_TOTAL,	/* u32: VLANs it can tell apart */
	HPCAP_PF_A_PF_VLANS_FREE,	/* u32 */
	HPCAP_PF_A_PF_RULES_TOTAL,	/* u32: mirror rules */
	HPCAP_PF_A_PF_RULES_FREE,	/* u32 */
	HPCAP_PF_A_PF_MIRRORS_TOTAL,	/* u32: leases */
	HPCAP_PF_A_PF_MIRRORS_FREE,	/* u32 */
	HPCAP_PF_A_PF_ENDED,		/* u64: mirrors that have ended */
	HPCAP_PF_A_PF_PAD,

	__HPCAP_PF_A_PF_MAX,
	HPCAP_PF_A_PF_MAX = (__HPCAP_PF_A_PF_MAX - 1)
};

enum {
	HPCAP_PF_A_VF_DEV = 1,		/* string: of the PF */
	HPCAP_PF_A_VF_INDEX,		/* u32 */
	HPCAP_PF_A_VF_MAC,		/* 6 bytes: address it has now */
	HPCAP_PF_A_VF_READY,		/* flag: a driver of it is at work */
	HPCAP_PF_A_VF_TRUST,		/* flag */
	HPCAP_PF_A_VF_PROMISC,		/* u32: 1 unicast, 2 multicast; in effect */
	HPCAP_PF_A_VF_RX_FRAMES,	/* u64 */
	HPCAP_PF_A_VF_RX_BYTES,		/* u64 */
	HPCAP_PF_A_VF_TX_FRAMES,	/* u64 */
	HPCAP_PF_A_VF_TX_BYTES,		/* u64 */
	HPCAP_PF_A_VF_MBOX_REQUESTS,	/* u64: messages of its guest */
	HPCAP_PF_A_VF_MBOX_ACKED,	/* u64 */
	HPCAP_PF_A_VF_MBOX_REFUSED,	/* u64 */
	HPCAP_PF_A_VF_MBOX_REFUSED_PROMISC, /* u64: of these, for lack of trust */
	HPCAP_PF_A_VF_MBOX_REFUSED_TRUST, /* u64: of these, fixed by the host */
	HPCAP_PF_A_VF_MBOX_UNKNOWN,	/* u64: of these, not in the protocol */
	HPCAP_PF_A_VF_MBOX_DELAYED,	/* u64: times it had to wait */
	HPCAP_PF_A_VF_MBOX_IGNORED,	/* u64 */
	HPCAP_PF_A_VF_PAD,

	__HPCAP_PF_A_VF_MAX,
	HPCAP_PF_A_VF_MAX = (__HPCAP_PF_A_VF_MAX - 1)
};

enum {
	HPCAP_PF_A_MIRROR_DEV = 1,	/* string: of the PF */
	HPCAP_PF_A_MIRROR_ID,		/* u32 */
	HPCAP_PF_A_MIRROR_VFS,		/* u32: source VFs, bitmap */
	HPCAP_PF_A_MIRROR_PF,		/* u8 0 or 1: the PF is a source */
	HPCAP_PF_A_MIRROR_UPLINK,	/* u8 0 or 1: all from the wire is */
	HPCAP_PF_A_MIRROR_DOWNLINK,	/* u8 0 or 1: all to the wire is */
	HPCAP_PF_A_MIRROR_VLANS,	/* string: source VLANs, as in 2,4,18-22 */
	HPCAP_PF_A_MIRROR_DIR,		/* u32: enum hpcap_pf_dir, of VFs and PF */
	HPCAP_PF_A_MIRROR_TARGETS,	/* u32: VFs that get copies, bitmap */
	HPCAP_PF_A_MIRROR_OWNER,	/* string, at most 31 bytes */
	HPCAP_PF_A_MIRROR_REASON,	/* string, at most 127 bytes */
	HPCAP_PF_A_MIRROR_TTL_MS,	/* u64: from now; 0: no end */
	HPCAP_PF_A_MIRROR_FRAME_CAP,	/* u64: 0: none */
	HPCAP_PF_A_MIRROR_BYTE_CAP,	/* u64: 0: none */
	HPCAP_PF_A_MIRROR_GRACE_MS,	/* u64: may all targets or sources be away; 0: ever */
	HPCAP_PF_A_MIRROR_BY_SYSFS,	/* flag: made by a line in sysfs */
	HPCAP_PF_A_MIRROR_AGE_MS,	/* u64: since it was made */
	HPCAP_PF_A_MIRROR_LEFT_MS,	/* u64: until it expires, if it does */
	HPCAP_PF_A_MIRROR_FRAMES,	/* u64: what the targets received meanwhile */
	HPCAP_PF_A_MIRROR_BYTES,	/* u64 */
	HPCAP_PF_A_MIRROR_LIVE,		/* u32: targets that take frames now, bitmap */
	HPCAP_PF_A_MIRROR_CAVEATS,	/* u32: bitmap of enum hpcap_pf_caveat */
	HPCAP_PF_A_MIRROR_END,		/* u32: enum hpcap_pf_end */
	HPCAP_PF_A_MIRROR_ENDED_AGO_MS,	/* u64 */
	HPCAP_PF_A_MIRROR_ENDED,	/* flag in a dump's request: those that ended */
	HPCAP_PF_A_MIRROR_PAD,

	__HPCAP_PF_A_MIRROR_MAX,
	HPCAP_PF_A_MIRROR_MAX = (__HPCAP_PF_A_MIRROR_MAX - 1)
};

#endif /* _UAPI_HPCAP_PF_H */
