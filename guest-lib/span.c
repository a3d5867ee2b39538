// SPDX-License-Identifier: LGPL-2.1-or-later
/* Many records at once: where the last whole one below a limit ends. */
#include "view.h"

/*
 * The last mark in (pos, end) that leaves at most max_frames before it. From
 * there to the end is less than two chunks to walk. A mark at the end itself
 * may be half written: the engine sets it before it commits what follows.
 */
static void jump(const struct hpcap_handle *h, uint64_t end, uint64_t max_frames, uint64_t *pos,
		 uint64_t *seq)
{
	uint64_t first = *pos / HPCAP_CHUNK_SIZE;
	uint64_t chunk;

	for (chunk = end / HPCAP_CHUNK_SIZE; chunk > first; chunk--) {
		const struct hpcap_mark *m = &h->marks[chunk % h->ctrl->nr_chunks];
		uint64_t at = __atomic_load_n(&m->pos, __ATOMIC_RELAXED);
		uint64_t nr = __atomic_load_n(&m->seq, __ATOMIC_RELAXED);

		if (at / HPCAP_CHUNK_SIZE != chunk || at >= end)
			continue;
		if (max_frames && nr - *seq > max_frames)
			continue;
		*pos = at;
		*seq = nr;
		return;
	}
}

/* Whole records from the read position on, none beyond limit. Takes nothing. */
int hpcap_whole_until(const struct hpcap_handle *h, uint64_t limit, uint64_t max_frames,
		      struct hpcap_span *span)
{
	const uint64_t start = read_pos(h);
	const uint64_t end = min_u64(h->ack_pos + h->avail, limit);
	uint64_t pos = start, seq = h->seq;

	/* the caller asks whether start was valid also when this fails */
	span->pos = start;
	jump(h, end, max_frames, &pos, &seq);
	while (pos + HPCAP_REC_LEN < end && (!max_frames || seq - h->seq < max_frames)) {
		struct rec_header hdr = rec_load(h->buf + pos % h->bufSize);

		if (rec_is_bad(&hdr))
			return -EBADMSG;
		if (pos + HPCAP_REC_LEN + hdr.caplen > end)
			break;
		pos += HPCAP_REC_LEN + hdr.caplen;
		seq++;
	}
	span->data = h->buf + start % h->bufSize;
	span->bytes = pos - start;
	span->frames = seq - h->seq;
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
