/* SPDX-License-Identifier: GPL-2.0-only */
/* One captured frame as bytes: header, then the frame, nothing between. */
#ifndef CAP_RECORD_H
#define CAP_RECORD_H

#include "core_env.h"
#include "nic_ops.h"
#include <uapi/hpcap.h>

#define CAP_VLAN_OFFSET	12	/* behind the two addresses */
#define CAP_VLAN_LEN	4	/* 0x8100 and the tag */

/**
 * struct cap_chain - one frame, measured
 * @pieces: elements it takes in the batch
 * @rx_len: bytes as the NIC gave them
 * @len: bytes as on the wire: with the 802.1Q tag put back
 * @bad: damaged, cut or impossible: count it, do not store it
 */
struct cap_chain {
	u32 pieces;
	u32 rx_len;
	u32 len;
	bool bad;
};

void cap_chain_measure(struct cap_chain *c, const struct cap_frame *f, int n,
		       u32 frame_max);
void cap_chain_copy(u8 *dst, const struct cap_chain *c, const struct cap_frame *f);

/**
 * cap_record_head() - Write the twelve bytes before a frame
 * @dst: start of the record, any alignment
 * @stamp: from cap_clock_stamp(): seconds below, nanoseconds above
 * @caplen: bytes that are kept, 1..@len
 * @len: bytes of the frame, at most HPCAP_CAPLEN_MAX
 */
static __always_inline void cap_record_head(u8 *dst, u64 stamp, u32 caplen, u32 len)
{
	__le64 time = cpu_to_le64(stamp);
	__le32 lens = cpu_to_le32(caplen | len << 16);

	memcpy(dst, &time, 8);
	memcpy(dst + 8, &lens, 4);
}

/* Both ends of a frame of @half..2 * @half bytes: the middle is copied twice. */
static __always_inline void copy_ends(u8 *dst, const u8 *src, u32 len, u32 half)
{
	memcpy(dst, src, half);
	memcpy(dst + len - half, src + len - half, half);
}

/**
 * cap_record_copy() - Copy a frame of one piece, fast when it is small
 * @dst: in the ring
 * @src: in the NIC's buffer
 * @len: bytes, 1..HPCAP_CAPLEN_MAX
 *
 * Moves of a fixed size spare the call and the branches of memcpy(); they
 * never touch a byte outside the frame, neither of @src nor of @dst.
 */
static __always_inline void cap_record_copy(u8 *dst, const u8 *src, u32 len)
{
	if (len - 32 <= 32)
		copy_ends(dst, src, len, 32);
	else if (len - 64 <= 64)
		copy_ends(dst, src, len, 64);
	else
		memcpy(dst, src, len);
}

#endif /* CAP_RECORD_H */
