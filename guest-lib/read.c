// SPDX-License-Identifier: LGPL-2.1-or-later
/* The next record, and what a lossy listener does when it was overtaken. */
#include "view.h"

bool hpcap_valid(const struct hpcap_handle *h, uint64_t pos)
{
	/* what was packed was whole then */
	return (h->view && h->view->span && h->view->span_pos == pos) || is_valid(h, pos);
}

uint64_t hpcap_missed(const struct hpcap_handle *h)
{
	if (h->mode == HPCAP_LOSSY)
		return h->missed;
	return __atomic_load_n(&h->cursor->lost, __ATOMIC_RELAXED);
}

/*
 * Overtaken: go on at the oldest record that is still whole. False when it is
 * not there yet (the engine is about to commit it).
 */
bool hpcap_resume(struct hpcap_handle *h)
{
	const struct hpcap_mark *m;
	uint64_t floor, pos, seq;

	for (;;) {
		/* Acquire: the mark is read after the floor that names it. */
		floor = __atomic_load_n(&h->ctrl->floor, __ATOMIC_ACQUIRE);
		m = &h->marks[floor % h->ctrl->nr_chunks];
		pos = __atomic_load_n(&m->pos, __ATOMIC_RELAXED);
		seq = __atomic_load_n(&m->seq, __ATOMIC_RELAXED);
		/* Read barrier, as in is_valid(): the mark is still this chunk's. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (__atomic_load_n(&h->ctrl->floor, __ATOMIC_RELAXED) == floor)
			break;
	}
	if (pos / HPCAP_CHUNK_SIZE != floor || pos < read_pos(h))
		return false;
	h->missed += seq - h->seq;
	h->seq = seq;
	move_to(h, pos);
	return true;
}

void hpcap_take(struct hpcap_handle *h, uint32_t stored)
{
	h->acks += HPCAP_REC_LEN + stored;
	h->rdoff += HPCAP_REC_LEN + stored;
	if (h->rdoff >= h->bufSize)
		h->rdoff -= h->bufSize;
	h->seq++;
}

/* The header at the read position: 1, 0 nothing there, or an error. */
static int peek_header(struct hpcap_handle *h, struct rec_header *hdr)
{
	for (;;) {
		if (h->acks >= h->avail && !refresh(h) && !hpcap_follow(h))
			return 0;
		*hdr = rec_load(h->buf + h->rdoff);
		if (is_valid(h, read_pos(h)))
			break;
		if (h->mode == HPCAP_STRICT)
			return why_out(h);
		if (!hpcap_resume(h))
			return 0;
		refresh(h);
	}
	if (rec_is_bad(hdr) || HPCAP_REC_LEN + hdr->caplen > h->avail - h->acks)
		return -EBADMSG;
	return 1;
}

/* Bytes for this listener; a frame that is overtaken meanwhile is not skipped. */
static uint32_t look_at(struct hpcap_handle *h, const struct rec_header *hdr)
{
	uint32_t keep = hpcap_view_keep(h->view, h->buf + h->rdoff + HPCAP_REC_LEN, hdr);

	if (keep || !is_valid(h, read_pos(h)))
		return keep;
	h->view->skipped++;
	hpcap_take(h, hdr->caplen);
	return 0;
}

int hpcap_peek(struct hpcap_handle *h, struct hpcap_record *rec, uint32_t *stored)
{
	struct rec_header hdr;
	uint32_t keep;
	int ret;

	do {
		ret = peek_header(h, &hdr);
		if (ret <= 0)
			return ret;
		keep = h->view ? look_at(h, &hdr) : hdr.caplen;
	} while (!keep);
	rec->sec = hdr.sec;
	rec->nsec = hdr.nsec;
	rec->caplen = keep;
	rec->len = hdr.len;
	rec->data = h->buf + h->rdoff + HPCAP_REC_LEN;
	rec->pos = read_pos(h);
	*stored = hdr.caplen;
	return 1;
}

int hpcap_next(struct hpcap_handle *h, struct hpcap_record *rec)
{
	uint32_t stored;
	int ret = hpcap_peek(h, rec, &stored);

	if (ret > 0)
		hpcap_take(h, stored);
	return ret;
}

int hpcap_next_copy(struct hpcap_handle *h, struct hpcap_record *rec, void *buf, size_t size)
{
	uint32_t stored;
	int ret;

	for (;;) {
		ret = hpcap_peek(h, rec, &stored);
		if (ret <= 0)
			return ret;
		rec->caplen = (uint32_t)min_u64(rec->caplen, size);
		memcpy(buf, rec->data, rec->caplen);
		rec->data = buf;
		if (is_valid(h, rec->pos))
			break;
	}
	hpcap_take(h, stored);
	return 1;
}
