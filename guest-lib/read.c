// SPDX-License-Identifier: LGPL-2.1-or-later
/* The next record, and what a lossy listener does when it was overtaken. */
#include "priv.h"

bool hpcap_valid(const struct hpcap_handle *h, uint64_t pos)
{
	return is_valid(h, pos);
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

/* The record at the read position, not taken yet. */
static int peek(struct hpcap_handle *h, struct hpcap_record *rec)
{
	struct rec_header hdr;

	for (;;) {
		if (h->acks >= h->avail && !refresh(h))
			return 0;
		hdr = rec_load(h->buf + h->rdoff);
		if (is_valid(h, read_pos(h)))
			break;
		if (!hpcap_resume(h))
			return 0;
		refresh(h);
	}
	if (rec_is_bad(&hdr) || HPCAP_REC_LEN + hdr.caplen > h->avail - h->acks)
		return -EBADMSG;
	rec->sec = hdr.sec;
	rec->nsec = hdr.nsec;
	rec->caplen = hdr.caplen;
	rec->len = hdr.len;
	rec->data = h->buf + h->rdoff + HPCAP_REC_LEN;
	rec->pos = read_pos(h);
	return 1;
}

static void take(struct hpcap_handle *h, uint32_t caplen)
{
	h->acks += HPCAP_REC_LEN + caplen;
	h->rdoff += HPCAP_REC_LEN + caplen;
	if (h->rdoff >= h->bufSize)
		h->rdoff -= h->bufSize;
	h->seq++;
}

int hpcap_peek(struct hpcap_handle *h, struct hpcap_record *rec)
{
	return peek(h, rec);
}

void hpcap_take(struct hpcap_handle *h, uint32_t caplen)
{
	take(h, caplen);
}

int hpcap_next(struct hpcap_handle *h, struct hpcap_record *rec)
{
	int ret = peek(h, rec);

	if (ret > 0)
		take(h, rec->caplen);
	return ret;
}

int hpcap_next_copy(struct hpcap_handle *h, struct hpcap_record *rec, void *buf, size_t size)
{
	uint32_t caplen;
	int ret;

	for (;;) {
		ret = peek(h, rec);
		if (ret <= 0)
			return ret;
		caplen = rec->caplen;
		rec->caplen = (uint32_t)min_u64(caplen, size);
		memcpy(buf, rec->data, rec->caplen);
		rec->data = buf;
		if (is_valid(h, rec->pos))
			break;
	}
	take(h, caplen);
	return 1;
}
