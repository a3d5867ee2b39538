/* SPDX-License-Identifier: GPL-2.0-only */
/* A mirror: whose frames are copied to whom, and what cannot be seen. Pure. */
#ifndef PF_MIRROR_H
#define PF_MIRROR_H

#include "../hw/hw_env.h"
#include "../hw/r82576_pool.h"

#define PF_MIRRORS	64

enum pf_backend {
	PF_BACKEND_RULES,	/* the chip's mirror rules, 4 */
	PF_BACKEND_REPLICATE,	/* filter tables with several pools */
};

/* Direction as the source sees it; counts for VFs and the PF. */
#define PF_DIR_IN	BIT(0)	/* what the source receives */
#define PF_DIR_OUT	BIT(1)	/* what it sends */
#define PF_DIR_BOTH	(PF_DIR_IN | PF_DIR_OUT)

/**
 * struct pf_mirror - what one mirror copies
 * @id: never 0 in use
 * @vfs: source VFs, bitmap
 * @pf: the PF is a source
 * @uplink: all that comes from the wire is
 * @downlink: all that goes to the wire is
 * @has_vlans: @vlans is not empty: all traffic of those VLANs is
 * @dir: PF_DIR_*, of @vfs and @pf
 * @targets: VFs that get the copies, bitmap; none of them in @vfs
 * @vlans: bitmap of VIDs; all 4096: everything, without a VLAN entry
 */
struct pf_mirror {
	u32 id;
	u8 vfs;
	bool pf;
	bool uplink;
	bool downlink;
	bool has_vlans;
	u8 dir;
	u8 targets;
	u32 vlans[HW_HASH_WORDS];
};

/*
 * What a mirror does not see of what was asked, and what its target sees that
 * was not asked, or what befalls others. Which of them holds depends on the
 * back-end and on the mirror; pf_mirror_text() says it in words.
 */
enum pf_caveat {
	PF_BLIND_DROPPED,	/* what the switch drops: spoofed, foreign VLAN, errors */
	PF_BLIND_TX_LOCAL,	/* sent to a pool of this port whose reception is not mirrored */
	PF_BLIND_TX_NO_LOOPBACK, /* all that is sent, with loopback off */
	PF_BLIND_FOREIGN_VLAN,	/* VLANs that nobody here joined */
	PF_BLIND_DEFAULT,	/* unicast for nobody here, which falls to the PF */
	PF_EXTRA_OTHER_TX,	/* what other pools send to the wire */
	PF_EXTRA_MULTICAST,	/* multicast of other pools' groups */
	PF_EXTRA_UNKNOWN,	/* unicast from the wire for nobody here */
	PF_EXTRA_LOCAL,		/* what pools send each other */
	PF_EXTRA_UNTAGGED,	/* untagged frames of the VLANs' members */
	PF_EXTRA_ECHO,		/* what the target itself sends comes back */
	PF_SIDE_FLOOD,		/* pools with multicast see unknown unicast and all multicast */
	PF_SIDE_NO_UNTAGGED,	/* the target takes no untagged frames meanwhile */
	PF_CAVEATS,
};

struct pf_policy;

static inline bool pf_mirror_all_vlans(const struct pf_mirror *m)
{
	u32 all = U32_MAX, i;

	for (i = 0; i < HW_HASH_WORDS; i++)
		all &= m->vlans[i];
	return m->has_vlans && all == U32_MAX;
}

u32 pf_mirror_caveats(const struct pf_policy *p, const struct pf_mirror *m);
const char *pf_mirror_text(enum pf_caveat caveat);

#endif /* PF_MIRROR_H */
