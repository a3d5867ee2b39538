/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fields of the registers that decide which pool gets a frame: what struct
 * pf_tables is made of. Offsets stand in r82576_pf.h. Ref: 82576 8, 10, 12
 */
#ifndef HW_R82576_POOL_H
#define HW_R82576_POOL_H

#include "hw_env.h"

#define HW_POOLS		8
#define HW_VFS_MAX		7	/* an eighth would take the PF's pool */
#define HW_RARS_82576		24
#define HW_RARS_I350		32
#define HW_RARS_MAX		32
#define HW_HASH_WORDS		128	/* MTA, UTA: 12-bit hash; VFTA: 12-bit VID */
#define HW_VLVFS		32
#define HW_MIRROR_RULES		4

/* RAH: octets 4 and 5 in bits 15:0 */
#define HW_RAH_POOLSEL		GENMASK(25, 18)	/* bitmap */
#define HW_RAH_AV		BIT(31)

/* RCTL: the bits that filter */
#define HW_RCTL_UPE		BIT(3)		/* without VMDq only */
#define HW_RCTL_MPE		BIT(4)		/* without VMDq only */
#define HW_RCTL_BAM		BIT(15)		/* without VMDq only */
#define HW_RCTL_VFE		BIT(18)
#define HW_RCTL_FILTERS		(HW_RCTL_UPE | HW_RCTL_MPE | HW_RCTL_BAM | HW_RCTL_VFE)

/* VT_CTL */
#define HW_VT_CTL_DEF_PL	GENMASK(9, 7)
#define HW_VT_CTL_DIS_DEF_POOL	BIT(29)
#define HW_VT_CTL_REPL_EN	BIT(30)

/* VMOLR, one a pool */
#define HW_VMOLR_RLPML		GENMASK(13, 0)	/* longest frame with FCS */
#define HW_VMOLR_LPE		BIT(16)
#define HW_VMOLR_VPE		BIT(23)		/* i350: any VLAN */
#define HW_VMOLR_AUPE		BIT(24)		/* untagged */
#define HW_VMOLR_ROMPE		BIT(25)		/* MTA hits; in QEMU UTA hits too */
#define HW_VMOLR_ROPE		BIT(26)		/* UTA hits */
#define HW_VMOLR_BAM		BIT(27)		/* broadcast */
#define HW_VMOLR_MPME		BIT(28)		/* any multicast */
#define HW_VMOLR_UPE		BIT(29)		/* i350: any unicast */
#define HW_VMOLR_STRVLAN	BIT(30)		/* 82576: strip the tag */
#define HW_VMOLR_STRCRC		BIT(31)		/* 82576: must be 1 */

/* DVMOLR (i350), RPLOLR */
#define HW_DVMOLR_STRVLAN	BIT(30)
#define HW_DVMOLR_STRCRC	BIT(31)
#define HW_RPLOLR_STRVLAN	BIT(30)		/* replicated frames */
#define HW_RPLOLR_STRCRC	BIT(31)

/* DTXSWC (82576), TXSWC (i350) */
#define HW_DTXSWC_MAC_SPOOF	GENMASK(7, 0)	/* check source MAC, a bit a pool */
#define HW_DTXSWC_VLAN_SPOOF	GENMASK(15, 8)
#define HW_DTXSWC_LOOPBACK_EN	BIT(31)

/* VLVF */
#define HW_VLVF_VID		GENMASK(11, 0)
#define HW_VLVF_POOLSEL		GENMASK(19, 12)
#define HW_VLVF_EN		BIT(31)

/* VMVIR: tag in bits 15:0 */
#define HW_VMVIR_DEFAULT	BIT(30)		/* always insert the tag */

/* VMRCTL, VMRVLAN (bitmap of VLVF entries), VMRVM (bitmap of pools) */
#define HW_VMRCTL_VPME		BIT(0)		/* what goes to pools of VMRVM */
#define HW_VMRCTL_UPME		BIT(1)		/* what comes from the wire */
#define HW_VMRCTL_DPME		BIT(2)		/* what goes to the wire */
#define HW_VMRCTL_VLME		BIT(3)		/* VLANs of VMRVLAN */
#define HW_VMRCTL_MP		GENMASK(10, 8)	/* pool that gets the copy */

enum {
	HW_FRAME_MAX = 0x3f00,	/* longest frame that RLPML can say, with FCS */
};

#endif /* HW_R82576_POOL_H */
