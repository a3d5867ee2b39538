/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptor ring of one receive queue, seen from the side that takes frames.
 *
 *	   oldest            next               tail
 *	     | borrowed        | written, or to be | kept free
 *	     v                 v  by the NIC       v
 *	[ ... B  B  B  B  B  B  n  n  n  n  n  n  n  .  ... ]
 *
 * The NIC owns [RDH, RDT). One slot always stays behind, for RDT == RDH means
 * empty; that slot is the one before oldest. One thread drives a ring.
 */
#ifndef HW_RX_RING_H
#define HW_RX_RING_H

#include "rx_desc.h"
#include "../core/nic_ops.h"

/* 16128 bytes, the longest frame of the chip, is 8 buffers of 2 KiB. */
#define HW_RX_CHAIN_MAX	CAP_CHAIN_MAX

/* What a NIC that stamps frames puts before each: 8 bytes of zero, its counter. */
#define HW_RX_STAMP_LEN	16
#define HW_RX_STAMP_BITS	40

/**
 * struct hw_rx_buf - one receive buffer, in the same slot for ever
 * @dma: address for the NIC
 * @data: address for us
 */
struct hw_rx_buf {
	u64 dma;
	u8 *data;
};

/**
 * struct hw_rx_ring - the ring; all fields by its one thread
 * @desc: @count descriptors, shared with the NIC
 * @buf: @count buffers
 * @count: slots, 8 or more
 * @buf_size: bytes of each buffer, as told to the NIC
 * @stamped: the NIC was told to put its stamp before each frame
 * @next: slot to look at next
 * @oldest: slot to give back next
 * @nr_borrowed: slots in [oldest, next)
 */
struct hw_rx_ring {
	struct hw_rx_desc *desc;
	struct hw_rx_buf *buf;
	u32 count;
	u32 buf_size;
	bool stamped;
	u32 next;
	u32 oldest;
	u32 nr_borrowed;
};

static inline u32 hw_rx_ring_after(const struct hw_rx_ring *r, u32 slot)
{
	return slot + 1 == r->count ? 0 : slot + 1;
}

static inline void hw_rx_ring_arm(struct hw_rx_ring *r, u32 slot)
{
	r->desc[slot].rd.addr = cpu_to_le64(r->buf[slot].dma);
	r->desc[slot].rd.zero = 0;
}

/* Value for RDT: the slot that is kept free. */
static inline u32 hw_rx_ring_tail(const struct hw_rx_ring *r)
{
	return (r->oldest ? r->oldest : r->count) - 1;
}

/* All slots empty and ours to give; the NIC's queue must be disabled. */
static inline void hw_rx_ring_reset(struct hw_rx_ring *r)
{
	u32 i;

	for (i = 0; i < r->count; i++)
		hw_rx_ring_arm(r, i);
	r->next = 0;
	r->oldest = 0;
	r->nr_borrowed = 0;
}

/* Has the NIC written the next slot? */
static inline bool hw_rx_ring_pending(const struct hw_rx_ring *r)
{
	const struct hw_rx_desc *d = &r->desc[r->next];

	return r->nr_borrowed < r->count &&
	       (le32_to_cpu(READ_ONCE(d->wb.status)) & HW_RXD_DD);
}

/* What a descriptor says is checked here, once. Returns true if it lies. */
static inline bool hw_rx_ring_piece(const struct hw_rx_ring *r, u32 slot,
				    struct cap_frame *f)
{
	u32 len = le16_to_cpu(r->desc[slot].wb.len);
	bool bad = len > r->buf_size;

	f->data = r->buf[slot].data;
	f->len = bad ? r->buf_size : len;
	f->flags = CAP_FRAME_MORE;
	f->vlan_tci = 0;
	return bad;
}

/* Cut the NIC's stamp off a frame's first piece. Returns true if it lies. */
static inline bool hw_rx_ring_unstamp(struct cap_frame *f)
{
	__le64 raw;

	if (f->len < HW_RX_STAMP_LEN)
		return true;
	memcpy(&raw, f->data + HW_RX_STAMP_LEN - sizeof(raw), sizeof(raw));
	f->stamp = le64_to_cpu(raw) & GENMASK_ULL(HW_RX_STAMP_BITS - 1, 0);
	f->flags |= CAP_FRAME_STAMP;
	f->data += HW_RX_STAMP_LEN;
	f->len -= HW_RX_STAMP_LEN;
	return false;
}

/* The last descriptor of a chain speaks for all; the first element tells. */
static inline void hw_rx_ring_seal(const struct hw_rx_ring *r, u32 slot,
				   u32 status, bool bad,
				   struct cap_frame *first,
				   struct cap_frame *last)
{
	last->flags &= ~CAP_FRAME_MORE;
	if (r->stamped && (status & HW_RXD_TSIP))
		bad |= hw_rx_ring_unstamp(first);
	if (le32_to_cpu(r->desc[slot].wb.type) & HW_RXD_RSS_TYPE) {
		first->flags |= CAP_FRAME_HASH;
		first->hash = le32_to_cpu(r->desc[slot].wb.hash);
	}
	if (!(status & HW_RXD_EOP) || (status & HW_RXD_DAMAGED) ||
	    (first == last && !first->len))
		bad = true;
	if (bad)
		first->flags |= CAP_FRAME_ERROR;
	if (status & HW_RXD_VP) {
		first->flags |= CAP_FRAME_VLAN;
		first->vlan_tci = le16_to_cpu(r->desc[slot].wb.vlan);
	}
}

/**
 * hw_rx_ring_borrow() - Take whole frames off the ring, in order
 * @r: the ring
 * @f: room for @max pieces
 * @max: at least HW_RX_CHAIN_MAX, or a long frame might never fit
 *
 * A frame whose last buffer has not been written is left for the next call.
 * A chain of HW_RX_CHAIN_MAX buffers without an end cannot be a frame: it is
 * handed up as damaged, so that garbage cannot stop the ring.
 *
 * Context: the ring's thread; does not sleep.
 * Return: pieces filled in, 0 when idle.
 * Ref: 82576 5.4
 */
static inline int hw_rx_ring_borrow(struct hw_rx_ring *r, struct cap_frame *f,
				    int max)
{
	u32 slot = r->next;
	bool bad = false;
	int whole = 0;	/* pieces that belong to finished frames */
	int n = 0;

	while (n < max && r->nr_borrowed + n < r->count) {
		u32 st = le32_to_cpu(READ_ONCE(r->desc[slot].wb.status));

		if (!(st & HW_RXD_DD))
			break;
		/* pairs with the NIC writing status last */
		dma_rmb();
		bad |= hw_rx_ring_piece(r, slot, &f[n]);
		n++;
		if ((st & HW_RXD_EOP) || n - whole == HW_RX_CHAIN_MAX) {
			hw_rx_ring_seal(r, slot, st, bad, &f[whole], &f[n - 1]);
			whole = n;
			bad = false;
			r->next = hw_rx_ring_after(r, slot);
		}
		slot = hw_rx_ring_after(r, slot);
	}
	r->nr_borrowed += whole;
	return whole;
}

/**
 * hw_rx_ring_return() - Give the oldest borrowed slots back
 * @r: the ring
 * @n: slots, at most as many as are borrowed
 *
 * Context: the ring's thread; does not sleep. The caller then writes
 * hw_rx_ring_tail() to RDT, behind a barrier (writel() has one).
 */
static inline void hw_rx_ring_return(struct hw_rx_ring *r, u32 n)
{
	if (WARN_ON_ONCE(n > r->nr_borrowed))
		n = r->nr_borrowed;
	r->nr_borrowed -= n;
	while (n--) {
		hw_rx_ring_arm(r, r->oldest);
		r->oldest = hw_rx_ring_after(r, r->oldest);
	}
}

#endif /* HW_RX_RING_H */
