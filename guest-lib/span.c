// SPDX-License-Identifier: LGPL-2.1-or-later
/* Many records at once: where the last whole one below a limit ends. */
#include "view.h"

/*
 * The last mark in (pos, end) of chunk number @chunk or below that leaves at most
 * max_frames before it; its chunk, or 0. From there to the end is less than two
 * chunks to walk. A mark at the end itself may be half written: the engine sets it
 * before it commits what follows.
 */
static uint64_t jump(const struct hpcap_handle *h, uint64_t end, uint64_t max_frames,
		     uint64_t chunk, uint64_t *pos, uint64_t *seq)
{
	uint64_t first = *pos / HPCAP_CHUNK_SIZE;

	for (; chunk > first; chunk--) {
		const struct hpcap_mark *m = &h->marks[chunk % h->ctrl->nr_chunks];
		uint64_t at = __atomic_load_n(&m->pos, __ATOMIC_RELAXED);
		uint64_t nr = __atomic_load_n(&m->seq, __ATOMIC_RELAXED);

		if (at / HPCAP_CHUNK_SIZE != chunk || at >= end)
			continue;
		if (max_frames && nr - *seq > max_frames)
			continue;
		*pos = at;
		*seq = nr;
		return chunk;
	}
	return 0;
}

enum {
	NO_RECORD = -1,
	BAD_RECORD = -2
};

/* Record by record. Return: position of the last one, or one of the above. */
static int64_t walk(const struct hpcap_handle *h, uint64_t end, uint64_t max_frames,
		    uint64_t *pos, uint64_t *seq)
{
	int64_t last = NO_RECORD;

	while (*pos + HPCAP_REC_LEN < end && (!max_frames || *seq - h->seq < max_frames)) {
		struct rec_header hdr = rec_load(h->buf + *pos % h->bufSize);

		if (rec_is_bad(&hdr))
			return BAD_RECORD;
		if (*pos + HPCAP_REC_LEN + hdr.caplen > end)
			break;
		last = (int64_t)*pos;
		*pos += HPCAP_REC_LEN + hdr.caplen;
		(*seq)++;
	}
	return last;
}

/* Whole records from the read position on, none beyond limit. Takes nothing. */
int hpcap_whole_until(const struct hpcap_handle *h, uint64_t limit, uint64_t max_frames,
		      struct hpcap_span *span)
{
	const uint64_t start = read_pos(h);
	const uint64_t end = min_u64(h->ack_pos + h->avail, limit);
	uint64_t chunk = end / HPCAP_CHUNK_SIZE, pos, seq;
	int64_t last;

	/* the caller asks whether start was valid also when this fails */
	span->pos = start;
	/* a mark right at the last record's end shows the end, but not that record */
	do {
		pos = start;
		seq = h->seq;
		chunk = jump(h, end, max_frames, chunk, &pos, &seq);
		last = walk(h, end, max_frames, &pos, &seq);
	} while (last == NO_RECORD && chunk--);
	if (last == BAD_RECORD)
		return -EBADMSG;
	span->data = h->buf + start % h->bufSize;
	span->bytes = pos - start;
	span->frames = seq - h->seq;
	span->last = span->data + (last < 0 ? 0 : (uint64_t)last - start);
	return 0;
}

int hpcap_next_span(struct hpcap_handle *h, uint64_t max_bytes, uint64_t max_frames,
		    struct hpcap_span *span)
{
	uint64_t limit;
	int err;

	if (h->view)
		return hpcap_view_span(h, max_bytes, max_frames, span);
	for (;;) {
		if (!refresh(h) && !hpcap_follow(h))
			return 0;
		/* No more than the ring holds, for a lossy listener far behind. */
		limit = read_pos(h) + min_u64(max_bytes, h->bufSize);
		err = hpcap_whole_until(h, limit, max_frames, span);
		if (is_valid(h, span->pos))
			break;
		if (h->mode == HPCAP_STRICT)
			return why_out(h);
		if (!hpcap_resume(h))
			return 0;
	}
	if (err)
		return err;
	if (!span->bytes)
		return -EMSGSIZE;
	move_to(h, span->pos + span->bytes);
	h->seq += span->frames;
	return 1;
}
