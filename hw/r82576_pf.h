/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of the 82576 and i350 physical function that we touch, BAR 0. The
 * fields of those that make up the switch are in r82576_pool.h.
 */
#ifndef HW_R82576_PF_H
#define HW_R82576_PF_H

#include "hw_env.h"

/* General and link */
/*      register		offset	   mode sect. meaning */
#define PF_CTRL			0x00000	/* RW   s3.1  device control */
#define   PF_CTRL_MASTER_DISABLE BIT(2)
#define   PF_CTRL_SLU		BIT(6)		/* set link up */
#define   PF_CTRL_FRCSPD	BIT(11)
#define   PF_CTRL_FRCDPX	BIT(12)
#define   PF_CTRL_RST		BIT(26)		/* reset the port; clears itself */
#define   PF_CTRL_RFCE		BIT(27)		/* obey received pause frames */
#define   PF_CTRL_TFCE		BIT(28)		/* send pause frames */
#define   PF_CTRL_VME		BIT(30)		/* take tags out, without pools */
#define PF_STATUS		0x00008	/* RO   s3.2  device status */
#define   PF_STATUS_FD		BIT(0)
#define   PF_STATUS_LU		BIT(1)
#define   PF_STATUS_LAN		GENMASK(3, 2)	/* which port of the card */
#define   PF_STATUS_SPEED	GENMASK(7, 6)	/* 0: 10, 1: 100, else 1000 */
#define   PF_STATUS_MASTER	BIT(19)		/* DMA may still be under way */
#define PF_EECD			0x00010	/* RW   s3.4  NVM control */
#define   PF_EECD_AUTO_RD	BIT(9)		/* loaded from NVM; never in the model */
#define PF_EERD			0x00014	/* RW   s3.4  NVM read */
#define   PF_EERD_START		BIT(0)
#define   PF_EERD_DONE		BIT(1)
#define   PF_EERD_ADDR		GENMASK(15, 2)
#define   PF_EERD_DATA		GENMASK(31, 16)
#define PF_CTRL_EXT		0x00018	/* RW   s3.3  more control */
#define   PF_CTRL_EXT_PFRSTD	BIT(14)		/* tell VFs: reset is done */
#define   PF_CTRL_EXT_LINK_MODE	GENMASK(23, 22)	/* 0: copper */
#define   PF_CTRL_EXT_DRV_LOAD	BIT(28)		/* tell firmware: a driver is here */
#define PF_MDIC			0x00020	/* RW   s3.6  PHY access */
#define   PF_MDIC_DATA		GENMASK(15, 0)
#define   PF_MDIC_REG		GENMASK(20, 16)
#define   PF_MDIC_PHY		GENMASK(25, 21)
#define   PF_MDIC_WRITE		BIT(26)
#define   PF_MDIC_READ		BIT(27)
#define   PF_MDIC_READY		BIT(28)
#define   PF_MDIC_ERROR		BIT(30)
#define PF_FCAL			0x00028	/* RW   s3.7  pause address, low */
#define PF_FCAH			0x0002c	/* RW   s3.7  pause address, high */
#define PF_FCT			0x00030	/* RW   s3.7  pause ethertype */
#define PF_FCTTV		0x00170	/* RW   s3.7  pause time */
#define PF_EEMNGCTL		0x01010	/* RO   s2.1  PHY set-up done, bit 18 + port */
#define PF_FCRTL		0x02160	/* RW   s3.7  pause low water, 0: off */
#define PF_FCRTH		0x02168	/* RW   s3.7  pause high water, 0: off */
#define PF_WUC			0x05800	/* RW   s2.1  wake-up control */
#define PF_WUFC			0x05808	/* RW   s2.1  wake-up filters */
#define PF_GCR			0x05b00	/* RW   s4.1  PCIe control */
#define   PF_GCR_CMPL_TMOUT	GENMASK(15, 12)
#define   PF_GCR_CMPL_RESEND	BIT(16)
#define   PF_GCR_CAP_VER2	BIT(18)
#define PF_SWSM			0x05b50	/* RS   s3.5  software semaphore */
#define   PF_SWSM_SMBI		BIT(0)		/* read 0: ours now */
#define   PF_SWSM_SWESMBI	BIT(1)
#define PF_SW_FW_SYNC		0x05b5c	/* RW   s3.5  who uses PHY and NVM */

/* Interrupts: bit v = vector v, 0..24 */
/*      register		offset			   mode sect. meaning */
#define PF_ICR			0x000c0			/* RC   s7.1  causes */
#define PF_IMS			0x000d0			/* RW   s7.1  enable by 1 */
#define PF_IMC			0x000d8			/* WO   s7.1  disable by 1 */
#define   PF_INT_LSC		BIT(2)		/* link changed */
#define   PF_INT_VMMB		BIT(8)		/* mailbox, or a VF was reset */
#define   PF_INT_DOUTSYNC	BIT(28)
#define   PF_INT_DRSTA		BIT(30)		/* somebody reset the device */
#define PF_GPIE			0x01514			/* RW   s7.2  interrupt modes */
#define   PF_GPIE_NSICR		BIT(0)		/* reading ICR always clears it */
#define   PF_GPIE_MSIX		BIT(4)
#define   PF_GPIE_EIAME		BIT(30)
#define   PF_GPIE_PBA		BIT(31)
#define PF_EICS			0x01520			/* WO   s7.4  raise a vector */
#define PF_EIMS			0x01524			/* RW   s7.4  enable by 1 */
#define PF_EIMC			0x01528			/* WO   s7.4  disable by 1 */
#define PF_EIAC			0x0152c			/* RW   s7.4  cause clears when sent */
#define PF_EIAM			0x01530			/* RW   s7.4  masks itself when sent */
#define PF_EITR(v)		(0x01680 + 4 * (v))	/* RW   s7.5  least interval, 0: none */
#define PF_IVAR(i)		(0x01700 + 4 * (i))	/* RW   s7.3  queues to vectors */
#define   PF_IVAR_VALID		BIT(7)
#define PF_IVAR_MISC		0x01740			/* RW   s7.3  other causes to a vector */
#define   PF_IVAR_OTHER		GENMASK(15, 8)

/* Receive */
/*      register		offset			   mode sect. meaning */
#define PF_RCTL			0x00100			/* RW   s5.1  receive control */
#define   PF_RCTL_EN		BIT(1)
#define   PF_RCTL_LPE		BIT(5)		/* up to RLPML */
#define   PF_RCTL_SECRC		BIT(26)		/* take the FCS off */
#define PF_RXPBS		0x02404			/* RW   s2.1  packet buffer, KiB or index */
#define PF_QDE			0x02408			/* RW   s10   queues that drop when full */
#define PF_RXCSUM		0x05000			/* RW   s5.7  checksums; hash or fragment */
#define   PF_RXCSUM_PCSD	BIT(13)		/* hash in the descriptor */
#define PF_RLPML		0x05004			/* RW   s5.6  longest frame with FCS */
#define PF_RFCTL		0x05008			/* RW   s5.7  filter control */
#define   PF_RFCTL_IPV6_EX_DIS	BIT(16)		/* erratum: parser of extensions off */
#define PF_PSRTYPE(p)		(0x05480 + 4 * (p))	/* RW   s2.3  header split */
#define PF_MTA(i)		(0x05200 + 4 * (i))	/* RW   s8.2  multicast hash */
#define PF_RAL(i)		(0x05400 + 8 * (i))	/* RW   s8.1  octets 0..3; i = 0..15 */
#define PF_RAH(i)		(0x05404 + 8 * (i))	/* RW   s8.1  octets 4, 5, pools */
#define PF_RAL_HIGH(i)		(0x05460 + 8 * (i))	/* RW   s8.1  octets 0..3; i from 16 */
#define PF_RAH_HIGH(i)		(0x05464 + 8 * (i))	/* RW   s8.1  the same; i from 16 */
#define PF_VFTA(i)		(0x05600 + 4 * (i))	/* RW   s8.2  VLANs let in */
#define PF_MRQC			0x05818			/* RW   s9    queues: RSS or pools */
#define   PF_MRQC_RSS		2
#define   PF_MRQC_VMDQ		3
#define   PF_MRQC_FIELDS	GENMASK(22, 16)	/* TCP, UDP and plain, IPv4 and IPv6 */
#define PF_VT_CTL		0x0581c			/* RW   s10   pools */
#define PF_RETA(i)		(0x05c00 + 4 * (i))	/* RW   s9    hash to queue */
#define PF_RSSRK(i)		(0x05c80 + 4 * (i))	/* RW   s9    hash key */
#define PF_UTA(i)		(0x0a000 + 4 * (i))	/* RW   s8.2  unicast hash */

/* Receive queue q */
/*      register		offset			   mode sect. meaning */
#define PF_RDBAL(q)		(0x0c000 + 0x40 * (q))	/* RW   s5.2  ring address, low */
#define PF_RDBAH(q)		(0x0c004 + 0x40 * (q))	/* RW   s5.2  ring address, high */
#define PF_RDLEN(q)		(0x0c008 + 0x40 * (q))	/* RW   s5.2  ring bytes, multiple of 128 */
#define PF_SRRCTL(q)		(0x0c00c + 0x40 * (q))	/* RW   s5.2  buffers, descriptor format */
#define   PF_SRRCTL_BSIZEPKT	GENMASK(6, 0)	/* KiB */
#define   PF_SRRCTL_DESCTYPE	GENMASK(27, 25)	/* 1: advanced, one buffer */
#define   PF_SRRCTL_TIMESTAMP	BIT(30)		/* i350: stamp before the frame */
#define   PF_SRRCTL_DROP_EN	BIT(31)		/* full ring drops, never blocks */
#define PF_RDH(q)		(0x0c010 + 0x40 * (q))	/* RW   s5.2  head: NIC's next slot */
#define PF_RXCTL(q)		(0x0c014 + 0x40 * (q))	/* RW   s14.4 direct cache access */
#define PF_RDT(q)		(0x0c018 + 0x40 * (q))	/* RW   s5.2  tail: end of its slots */
#define PF_RXDCTL(q)		(0x0c028 + 0x40 * (q))	/* RW   s5.2  enable and thresholds */
#define   PF_XDCTL_PTHRESH	GENMASK(4, 0)
#define   PF_XDCTL_HTHRESH	GENMASK(12, 8)
#define   PF_XDCTL_WTHRESH	GENMASK(20, 16)
#define   PF_XDCTL_ENABLE	BIT(25)
#define PF_RQDPC(q)		(0x0c030 + 0x40 * (q))	/* RC   s2.3  frames dropped, ring full */
#define PF_DVMOLR(p)		(0x0c038 + 0x40 * (p))	/* RW   s10   i350: strip per pool */

/* Transmit */
/*      register		offset	   mode sect. meaning */
#define PF_TCTL			0x00400	/* RW   s6.1  transmit control */
#define   PF_TCTL_EN		BIT(1)
#define   PF_TCTL_PSP		BIT(3)		/* pad short frames */
#define   PF_TCTL_CT		GENMASK(11, 4)
#define   PF_TCTL_COLD		GENMASK(21, 12)
#define   PF_TCTL_RTLC		BIT(24)
#define PF_TXPBS		0x03404	/* RW   s2.1  packet buffer */
#define PF_DTXSWC		0x03500	/* RW   s10   82576: loopback, anti-spoof */
#define PF_DTXCTL		0x03590	/* RW   s6.1  DMA transmit control */
#define   PF_DTXCTL_VLAN_ADDED	BIT(3)
#define PF_RTTDQSEL		0x03604	/* RW   s2.4  82576: queue for the next two */
#define PF_RTTBCNRM		0x03690	/* RW   s2.4  rate limiter memory */
#define PF_RTTBCNRC		0x036b0	/* RW   s2.4  rate limiter */
#define   PF_RTTBCNRC_ENA	BIT(31)
#define   PF_RTTBCNRC_FACTOR	GENMASK(27, 0)	/* link over rate, 14 bits of fraction */

/* Transmit queue q */
/*      register		offset			   mode sect. meaning */
#define PF_TDBAL(q)		(0x0e000 + 0x40 * (q))	/* RW   s6.1  ring address, low */
#define PF_TDBAH(q)		(0x0e004 + 0x40 * (q))	/* RW   s6.1  ring address, high */
#define PF_TDLEN(q)		(0x0e008 + 0x40 * (q))	/* RW   s6.1  ring bytes, multiple of 128 */
#define PF_TDH(q)		(0x0e010 + 0x40 * (q))	/* RW   s6.1  head: NIC's next slot */
#define PF_TXCTL(q)		(0x0e014 + 0x40 * (q))	/* RW   s14.4 direct cache access */
#define PF_TDT(q)		(0x0e018 + 0x40 * (q))	/* RW   s6.1  tail: after the last filled */
#define PF_TXDCTL(q)		(0x0e028 + 0x40 * (q))	/* RW   s6.1  enable and thresholds */
#define PF_TDWBAL(q)		(0x0e038 + 0x40 * (q))	/* RW   s6.1  head write-back, low */
#define PF_TDWBAH(q)		(0x0e03c + 0x40 * (q))	/* RW   s6.1  head write-back, high */

/* Pools and VFs */
/*      register		offset			   mode sect. meaning */
#define PF_VMBMEM(v, n)		(0x00800 + 0x40 * (v) + 4 * (n)) /* RW   s13   buffer of VF v */
#define PF_P2VMAILBOX(v)	(0x00c00 + 4 * (v))	/* RW   s13.1 lock and bells */
#define   PF_P2V_STS		BIT(0)	/* WO: message for the VF */
#define   PF_P2V_ACK		BIT(1)	/* WO: VF's message has been read */
#define   PF_P2V_PFU		BIT(3)	/* we hold the buffer */
#define   PF_P2V_RVFU		BIT(4)	/* take the buffer from the VF */
#define PF_MBVFICR		0x00c80			/* RW1C s13.2 requests 7:0, acks 23:16 */
#define PF_MBVFIMR		0x00c84			/* RW   s13.2 VFs that may interrupt */
#define PF_VFLRE		0x00c88			/* RW1C s13.2 VFs that were reset */
#define PF_VFRE			0x00c8c			/* RW   s10   pools that may receive */
#define PF_VFTE			0x00c90			/* RW   s10   pools that may send */
#define PF_VMVIR(p)		(0x03700 + 4 * (p))	/* RW   s10   tag put into its frames */
#define PF_TXSWC		0x05acc			/* RW   s10   i350: as DTXSWC */
#define PF_VMOLR(p)		(0x05ad0 + 4 * (p))	/* RW   s10   what pool p takes */
#define PF_RPLOLR		0x05af0			/* RW   s10   stripping of copies */
#define PF_IOVCTL		0x05bbc			/* RW   s4.3  VF queues back to the PF */
#define   PF_IOVCTL_REUSE_VFQ	BIT(0)
#define PF_VLVF(i)		(0x05d00 + 4 * (i))	/* RW   s10   VLAN to pools, i = 0..31 */
#define PF_VMRCTL(r)		(0x05d80 + 4 * (r))	/* RW   s12   mirror rule, r = 0..3 */
#define PF_VMRVLAN(r)		(0x05d90 + 4 * (r))	/* RW   s12   its VLVF indices */
#define PF_VMRVM(r)		(0x05da0 + 4 * (r))	/* RW   s12   its source pools */

/* VF v's own counters: 32 bits, wrap, never cleared by reading */
/*      register		offset			   mode sect. meaning */
#define PF_VFGPRC(v)		(0x10010 + 0x100 * (v))	/* RO   s2.5  frames received */
#define PF_VFGPTC(v)		(0x10014 + 0x100 * (v))	/* RO   s2.5  frames sent */
#define PF_VFGORC(v)		(0x10018 + 0x100 * (v))	/* RO   s2.5  bytes received, with FCS */
#define PF_VFGOTC(v)		(0x10034 + 0x100 * (v))	/* RO   s2.5  bytes sent, with FCS */
#define PF_VFMPRC(v)		(0x1003c + 0x100 * (v))	/* RO   s2.5  multicast received */

/* Counters of the port: reading clears; 64 bits: low, then high */
/*      register		offset	   mode sect. meaning */
#define PF_CRCERRS		0x04000	/* RC   s16.1 wrong FCS */
#define PF_ALGNERRC		0x04004	/* RC   s16.1 alignment errors */
#define PF_RXERRC		0x0400c	/* RC   s16.1 symbol errors in frames */
#define PF_MPC			0x04010	/* RC   s16.1 no packet memory */
#define PF_RLEC			0x04040	/* RC   s16.1 length field wrong */
#define PF_XONRXC		0x04048	/* RC   s16.1 pause end received */
#define PF_XOFFRXC		0x04050	/* RC   s16.1 pause received */
#define PF_GPRC			0x04074	/* RC   s16.1 good frames received */
#define PF_BPRC			0x04078	/* RC   s16.1 broadcast received */
#define PF_MPRC			0x0407c	/* RC   s16.1 multicast received */
#define PF_GPTC			0x04080	/* RC   s16.1 good frames sent */
#define PF_GORCL		0x04088	/* RC   s16.1 good bytes received, low */
#define PF_GORCH		0x0408c	/* RC   s16.1 good bytes received, high */
#define PF_GOTCL		0x04090	/* RC   s16.1 good bytes sent, low */
#define PF_GOTCH		0x04094	/* RC   s16.1 good bytes sent, high */
#define PF_RNBC			0x040a0	/* RC   s16.1 no descriptor free */
#define PF_RUC			0x040a4	/* RC   s16.1 too short */
#define PF_ROC			0x040ac	/* RC   s16.1 too long */
#define PF_RJC			0x040b0	/* RC   s16.1 too long and wrong FCS */
#define PF_TPR			0x040d0	/* RC   s16.1 all frames received */
#define PF_TPT			0x040d4	/* RC   s16.1 all frames sent */
#define PF_MPTC			0x040f0	/* RC   s16.1 multicast sent */
#define PF_BPTC			0x040f4	/* RC   s16.1 broadcast sent */
#define PF_SSVPC		0x041a0	/* RC   s16.1 dropped by anti-spoof */

/* PHY, through MDIC; IEEE 802.3 clause 22 names */
enum pf_phy_reg {
	PF_PHY_BMCR = 0,
	PF_PHY_ID1 = 2,
	PF_PHY_ID2 = 3,
};

#define PF_BMCR_ANENABLE	BIT(12)
#define PF_BMCR_ANRESTART	BIT(9)

/* Time, i350: 40 bits of nanoseconds */
#define PF_SYSTIML		0x0b600			/* RO   s17.2 low half */
#define PF_SYSTIMH		0x0b604			/* RO   s17.2 bits 39..32 */
#define PF_TSYNCRXCTL		0x0b620			/* RW   s17.1 which frames are stamped */
#define   PF_TSYNCRXCTL_ALL	0x8
#define   PF_TSYNCRXCTL_EN	BIT(4)
#define PF_TSAUXC		0x0b640			/* RW   s17.2 bit 31: the counter stands */
#define PF_SYSTIMR		0x0b6f8			/* RO   s17.2 rest of a ns; read first */

#endif /* HW_R82576_PF_H */
