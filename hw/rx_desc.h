/* SPDX-License-Identifier: GPL-2.0-only */
/* The advanced one-buffer receive descriptor; Ref: 82576 5.4 */
#ifndef HW_RX_DESC_H
#define HW_RX_DESC_H

#include "hw_env.h"

/*
 *  byte      0           4           8           12      14
 *  we write  | address               | 0                     |
 *  NIC says  | type      | hash      | status    | len | tag |
 *
 * Bit 0 of dword 2 is DD after write-back: what we write there must be 0.
 */
struct hw_rx_desc {
	union {
		struct {
			__le64 addr;
			__le64 zero;
		} rd;
		struct {
			__le32 type;
			__le32 hash;
			__le32 status;
			__le16 len;
			__le16 vlan;
		} wb;
	};
};

static_assert(sizeof(struct hw_rx_desc) == 16);
static_assert(offsetof(struct hw_rx_desc, wb.status) == 8);
static_assert(offsetof(struct hw_rx_desc, wb.len) == 12);

#define HW_RXD_DD	BIT(0)		/* the NIC is done with it */
#define HW_RXD_EOP	BIT(1)		/* last buffer of a frame */
#define HW_RXD_VP	BIT(3)		/* tag taken out, found in wb.vlan */
#define HW_RXD_TSIP	BIT(15)		/* the NIC's stamp stands before the frame */

/* type: what the hash was made of; 0: there is none */
#define HW_RXD_RSS_TYPE	GENMASK(3, 0)
/* 1, 3, 6: TCP; 7, 8, 9: UDP; the others addresses only */
#define HW_RXD_RSS_IS_L4(type)	(BIT(type) & 0x03cau)

/* CE, SE, SEQ, CXE, RXE: the frame is damaged. Checksum errors are not. */
#define HW_RXD_DAMAGED	(BIT(24) | BIT(25) | BIT(26) | BIT(28) | BIT(31))

#endif /* HW_RX_DESC_H */
