// SPDX-License-Identifier: LGPL-2.1-or-later
/* What stands before and behind the pieces of a file, and sums for the index. */
#include <errno.h>
#include <string.h>
#include "encode.h"
#include "flow.h"
#include "index.h"
#include "priv.h"

enum {
	FRAME_MAX = 3072 /* bytes before packing */
};

static uint64_t ns(uint32_t sec, uint32_t nsec)
{
	return sec * 1000000000ull + nsec;
}

static int finish(const struct encode_frame *f, const uint8_t *plain, ssize_t n, uint8_t *buf,
		  uint32_t size, uint32_t *stream)
{
	if (n <= 0)
		return (int)n;
	*stream = (uint32_t)n;
	if (f->pack)
		return (int)hpcap_pack_block(f->pack, plain, (size_t)n, buf, size);
	if ((size_t)n > size)
		return -ENOBUFS;
	memcpy(buf, plain, (size_t)n);
	return (int)n;
}

int encode_head(void *arg, uint8_t *buf, uint32_t size, uint32_t *stream)
{
	const struct encode_frame *f = arg;
	uint8_t plain[FRAME_MAX] = {0};
	const ssize_t n = hpcap_enc_begin(f->enc, plain, sizeof(plain));

	return finish(f, plain, n, buf, size, stream);
}

int encode_tail(void *arg, uint8_t *buf, uint32_t size, uint32_t *stream,
		const struct journal_line *line)
{
	const struct encode_frame *f = arg;
	const struct hpcap_enc_stats stats = {
		.has_time = true,
		.first_ns = ns(line->first_sec, line->first_nsec),
		.last_ns = ns(line->last_sec, line->last_nsec),
		.received = line->frames + line->lost,
		.dropped = line->lost,
	};
	uint8_t plain[FRAME_MAX] = {0};
	const ssize_t n = hpcap_enc_end(f->enc, &stats, plain, sizeof(plain));

	return finish(f, plain, n, buf, size, stream);
}

struct hpcap_index_sum *encode_sum(const void *records, uint64_t bytes)
{
	struct hpcap_index_sum *sum = hpcap_index_sum_create(0);
	const uint8_t *p = records, *end = p + bytes;

	while (sum && p < end) {
		const struct rec_header h = rec_load(p);
		const struct hpcap_record rec = {
			.sec = h.sec,
			.nsec = h.nsec,
			.caplen = h.caplen,
			.len = h.len,
			.data = p + HPCAP_REC_LEN,
		};

		hpcap_index_sum_frame(sum, &rec);
		p += HPCAP_REC_LEN + h.caplen;
	}
	return sum;
}
