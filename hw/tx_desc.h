/* SPDX-License-Identifier: GPL-2.0-only */
/* The advanced transmit data descriptor, without offloads; Ref: 82576 6.2 */
#ifndef HW_TX_DESC_H
#define HW_TX_DESC_H

#include "hw_env.h"

struct hw_tx_desc {
	__le64 addr;
	__le32 cmd;
	__le32 status;
};

static_assert(sizeof(struct hw_tx_desc) == 16);

#define HW_TXD_LEN		GENMASK(15, 0)	/* cmd: bytes of this buffer */
#define HW_TXD_DATA		(3u << 20)
#define HW_TXD_EOP		BIT(24)
#define HW_TXD_IFCS		BIT(25)		/* append the FCS */
#define HW_TXD_RS		BIT(27)		/* report status: write DD */
#define HW_TXD_DEXT		BIT(29)		/* advanced format */
#define HW_TXD_DD		BIT(0)		/* status: sent */
#define HW_TXD_PAYLEN		GENMASK(31, 14)	/* status: bytes of the frame */

/* One whole frame in one buffer. */
static inline void hw_tx_desc_fill(struct hw_tx_desc *d, u64 dma, u32 len)
{
	d->addr = cpu_to_le64(dma);
	d->cmd = cpu_to_le32(FIELD_PREP(HW_TXD_LEN, len) | HW_TXD_DATA |
			     HW_TXD_EOP | HW_TXD_IFCS | HW_TXD_RS |
			     HW_TXD_DEXT);
	d->status = cpu_to_le32(FIELD_PREP(HW_TXD_PAYLEN, len));
}

/*
 * One piece of a frame of @total bytes; the last one ends it and reports. Ref:
 * 82576 6.2
 */
static inline void hw_tx_desc_piece(struct hw_tx_desc *d, u64 dma, u32 len,
				    u32 total, bool last)
{
	u32 cmd = FIELD_PREP(HW_TXD_LEN, len) | HW_TXD_DATA | HW_TXD_IFCS |
		  HW_TXD_DEXT;

	if (last)
		cmd |= HW_TXD_EOP | HW_TXD_RS;
	d->addr = cpu_to_le64(dma);
	d->cmd = cpu_to_le32(cmd);
	d->status = cpu_to_le32(FIELD_PREP(HW_TXD_PAYLEN, total));
}

/* The model leaves PAYLEN in place: bit 0 is all there is to test. */
static inline bool hw_tx_desc_done(const struct hw_tx_desc *d)
{
	return le32_to_cpu(READ_ONCE(d->status)) & HW_TXD_DD;
}

#endif /* HW_TX_DESC_H */
