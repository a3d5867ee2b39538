/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the 82576 virtual function that we touch, BAR 0. */
#ifndef HW_R82576_VF_H
#define HW_R82576_VF_H

#include "hw_env.h"

/* General */
/*      register		offset	   mode section	  meaning */
#define VF_CTRL			0x00000	/* RW	s15	  control: only reset */
#define   VF_CTRL_RST		BIT(26)
#define VF_STATUS		0x00008	/* RO	s15	  link of the port */
#define   VF_STATUS_FD		BIT(0)
#define   VF_STATUS_LU		BIT(1)
#define   VF_STATUS_SPEED	GENMASK(7, 6)	/* 0: 10, 1: 100, else 1000 */

/* Mailbox */
/*      register		offset			   mode section	  meaning */
#define VF_VMBMEM(n)		(0x00800 + 4 * (n))	/* RW	s13	  buffer, n = 0..15 */
#define VF_V2PMAILBOX		0x00c40			/* RW	s13.2	  lock and bells */
#define   VF_V2P_REQ		BIT(0)	/* WO: message for the PF */
#define   VF_V2P_ACK		BIT(1)	/* WO: PF's message has been read */
#define   VF_V2P_VFU		BIT(2)	/* we hold the buffer */
#define   VF_V2P_PFSTS		BIT(4)	/* RC: message from the PF */
#define   VF_V2P_PFACK		BIT(5)	/* RC: PF has read our message */
#define   VF_V2P_RSTI		BIT(6)	/* the PF is in reset */
#define   VF_V2P_RSTD		BIT(7)	/* RC: the PF has come out of reset */
#define   VF_V2P_READ_CLEARS	(VF_V2P_PFSTS | VF_V2P_PFACK | VF_V2P_RSTD)

/* Statistics: 32 bits, wrap, never cleared by reading */
/*      register		offset	   mode section	  meaning */
#define VF_GPRC			0x00f10	/* RO	s15	  frames received */
#define VF_GPTC			0x00f14	/* RO	s15	  frames sent */
#define VF_GORC			0x00f18	/* RO	s15	  bytes received, with FCS */
#define VF_GOTC			0x00f34	/* RO	s15	  bytes sent, with FCS */
#define VF_MPRC			0x00f3c	/* RO	s15	  multicast received */

/* Interrupts: bit v = vector v, 0..2 */
/*      register		offset			   mode section	  meaning */
#define VF_EIMS			0x01524			/* RW	s7.4	  enable by 1 */
#define VF_EIMC			0x01528			/* WO	s7.4	  disable by 1 */
#define VF_EIAC			0x0152c			/* RW	s7.4	  cause clears when sent */
#define VF_EIAM			0x01530			/* RW	s7.4	  masks itself when sent */
#define VF_EITR(v)		(0x01680 + 4 * (v))	/* RW	s7.5	  least interval */
#define VF_IVAR			0x01700			/* RW	s15	  queues to vectors */
#define   VF_IVAR_RX0		GENMASK(7, 0)
#define   VF_IVAR_TX0		GENMASK(15, 8)
#define   VF_IVAR_VALID		BIT(7)
#define VF_IVAR_MISC		0x01740			/* RW	s15	  mailbox to vector */

/* Receive queue 0 */
/*      register		offset	   mode section	  meaning */
#define VF_RDBAL		0x02800	/* RW	s5.2	  ring address, low */
#define VF_RDBAH		0x02804	/* RW	s5.2	  ring address, high */
#define VF_RDLEN		0x02808	/* RW	s5.2	  ring bytes, multiple of 128 */
#define VF_SRRCTL		0x0280c	/* RW	s5.2	  buffers and descriptor format */
#define   VF_SRRCTL_BSIZEPKT	GENMASK(6, 0)	/* KiB */
#define   VF_SRRCTL_DESCTYPE	GENMASK(27, 25)	/* 1: advanced, one buffer */
#define   VF_SRRCTL_DROP_EN	BIT(31)		/* full ring drops, never blocks */
#define VF_RDH			0x02810	/* RW	s5.2	  head: NIC's next slot */
#define VF_RDT			0x02818	/* RW	s5.2	  tail: end of what it may use */
#define VF_RXDCTL		0x02828	/* RW	s5.2	  enable and thresholds */
#define   VF_XDCTL_PTHRESH	GENMASK(4, 0)
#define   VF_XDCTL_HTHRESH	GENMASK(12, 8)
#define   VF_XDCTL_WTHRESH	GENMASK(20, 16)
#define   VF_XDCTL_ENABLE	BIT(25)
#define VF_RQDPC		0x02830	/* RC	s2.3	  frames dropped, ring full */

/* Transmit queue 0 */
/*      register		offset	   mode section	  meaning */
#define VF_TDBAL		0x03800	/* RW	s6.1	  ring address, low */
#define VF_TDBAH		0x03804	/* RW	s6.1	  ring address, high */
#define VF_TDLEN		0x03808	/* RW	s6.1	  ring bytes, multiple of 128 */
#define VF_TDH			0x03810	/* RW	s6.1	  head: NIC's next slot */
#define VF_TDT			0x03818	/* RW	s6.1	  tail: one after the last filled */
#define VF_TXDCTL		0x03828	/* RW	s6.1	  enable and thresholds */
#define VF_TDWBAL		0x03838	/* RW	s6.1	  head write-back, low: off */
#define VF_TDWBAH		0x0383c	/* RW	s6.1	  head write-back, high */

#endif /* HW_R82576_VF_H */
