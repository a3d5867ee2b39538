/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An index as bytes. All numbers are little-endian. */
#ifndef HPCAP_INDEX_DISK_H
#define HPCAP_INDEX_DISK_H

#include "crc32c.h"
#include "index.h"

#define INDEX_MAGIC 0x7864696170637068ull /* "hpcapidx" */
#define INDEX_BLOCK 0x42585049u		  /* "IPXB" */
#define INDEX_END   0x45585049u		  /* "IPXE" */

#define INDEX_LINEAR (1u << 0) /* here or before, something but frames stands between frames */

/**
 * struct index_head - the first 64 bytes
 * @magic: INDEX_MAGIC
 * @version: HPCAP_INDEX_VERSION
 * @hashes: bits set for each key, HPCAP_BLOOM_HASHES
 * @bloom_bytes: behind each block
 * @pad: zero
 * @every_ns: option
 * @every_bytes: option
 * @reserved: zero
 * @sum: of all before
 */
struct index_head {
	uint64_t magic;
	uint32_t version;
	uint32_t hashes;
	uint32_t bloom_bytes;
	uint32_t pad;
	uint64_t every_ns;
	uint64_t every_bytes;
	uint32_t reserved[5];
	uint32_t sum;
};

/**
 * struct index_part - a block (its filter follows) or the end
 * @magic: INDEX_BLOCK or INDEX_END
 * @sum: of all behind, without the filter
 * @b: a block; in the end: the whole file
 * @bloom_sum: of the filter, 0 when there is none
 * @number: of the block; in the end: how many blocks
 * @flags: INDEX_LINEAR
 * @pad: zero
 */
struct index_part {
	uint32_t magic;
	uint32_t sum;
	struct hpcap_index_block b;
	uint32_t bloom_sum;
	uint32_t number;
	uint32_t flags;
	uint32_t pad;
};

_Static_assert(sizeof(struct index_head) == 64, "index head");
_Static_assert(sizeof(struct index_part) == 120, "index part");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "an index is little-endian");

static inline uint32_t index_head_sum(const struct index_head *h)
{
	return hpcap_crc32c(0, h, offsetof(struct index_head, sum));
}

static inline uint32_t index_part_sum(const struct index_part *p)
{
	return hpcap_crc32c(0, (const char *)p + offsetof(struct index_part, b),
			    sizeof(*p) - offsetof(struct index_part, b));
}

#define INDEX_NSEC 1000000000ull

static inline uint64_t index_time(const struct hpcap_record *rec)
{
	return rec->sec * INDEX_NSEC + rec->nsec;
}

/* Of lengths and first bytes; not of the time, whose digits a format may drop. */
static inline uint32_t index_frame_sum(const struct hpcap_record *rec)
{
	const uint32_t len[2] = {rec->caplen, rec->len};
	uint32_t sum = hpcap_crc32c(0, len, sizeof(len));

	return hpcap_crc32c(sum, rec->data, rec->caplen < 64 ? rec->caplen : 64);
}

#endif /* HPCAP_INDEX_DISK_H */
