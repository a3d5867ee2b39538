// SPDX-License-Identifier: GPL-2.0-only
/* Frames that are not one plain piece: chains, tags to put back, damage. */
#include "core_env.h"
#include "record.h"

static_assert(sizeof(struct hpcap_rec) == HPCAP_REC_LEN);
static_assert(HPCAP_REC_LEN + HPCAP_CAPLEN_MAX <= HPCAP_CHUNK_SIZE);
static_assert(HPCAP_CAPLEN_MAX <= U16_MAX);

/**
 * cap_chain_measure() - How many pieces and bytes the next frame has
 * @c: filled in
 * @f: its first piece
 * @n: pieces left in the batch, at least 1
 * @frame_max: bytes the NIC may deliver in one frame, without a tag it took out
 *
 * A chain that the batch cuts short is a driver's mistake: it counts as
 * damaged, and all its pieces as seen.
 */
void cap_chain_measure(struct cap_chain *c, const struct cap_frame *f, int n,
		       u32 frame_max)
{
	u64 len = 0;
	int i = 0;

	for (;;) {
		len += f[i].len;
		if (!(f[i].flags & CAP_FRAME_MORE) || i == n - 1)
			break;
		i++;
	}
	c->pieces = i + 1;
	c->rx_len = min_t(u64, len, U32_MAX);
	c->len = c->rx_len;
	c->bad = (f[0].flags & CAP_FRAME_ERROR) || (f[i].flags & CAP_FRAME_MORE) ||
		 !len || len > frame_max;

	if (f[0].flags & CAP_FRAME_VLAN) {
		if (len < CAP_VLAN_OFFSET)
			c->bad = true;
		if (c->len <= U32_MAX - CAP_VLAN_LEN)
			c->len += CAP_VLAN_LEN;
	}
	if (c->len > HPCAP_CAPLEN_MAX)
		c->bad = true;
}

/* Put @tci back behind the addresses; the rest is as the NIC left it. */
static u8 *put_tag(u8 *dst, u16 tci)
{
	dst[0] = 0x81;
	dst[1] = 0x00;
	dst[2] = tci >> 8;
	dst[3] = tci & 0xff;
	return dst + CAP_VLAN_LEN;
}

/**
 * cap_chain_copy() - Copy a frame of several pieces, or one without its tag
 * @dst: c->len bytes in the ring
 * @c: from cap_chain_measure(), not bad
 * @f: its first piece
 */
void cap_chain_copy(u8 *dst, const struct cap_chain *c, const struct cap_frame *f)
{
	u32 before = f[0].flags & CAP_FRAME_VLAN ? CAP_VLAN_OFFSET : 0;
	u32 i;

	for (i = 0; i < c->pieces; i++) {
		const u8 *src = f[i].data;
		u32 len = f[i].len;

		if (before) {
			u32 part = min(before, len);

			memcpy(dst, src, part);
			dst += part;
			src += part;
			len -= part;
			before -= part;
			if (!before)
				dst = put_tag(dst, f[0].vlan_tci);
		}
		memcpy(dst, src, len);
		dst += len;
	}
}
