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

#endif /* PF_MIRROR_H */
