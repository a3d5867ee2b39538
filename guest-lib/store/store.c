// SPDX-License-Identifier: LGPL-2.1-or-later
/* Take from the ring, give back what is safe. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "priv.h"
#include "store_priv.h"

#define IDLE_NS 250000000ll /* then less than a block is taken, too */

static void note_time(struct piece *p, const uint8_t *first, const uint8_t *last)
{
	struct rec_header a = rec_load(first), b = rec_load(last);

	p->first_sec = a.sec;
	p->first_nsec = a.nsec;
	p->last_sec = b.sec;
	p->last_nsec = b.nsec;
}

/* Records as they are in the file, or first to the threads. */
static void hand_on(struct store *s, struct piece *p)
{
	if (s->encode) {
		encode_put(s->encode, p);
		return;
	}
	p->stream = p->bytes;
	s->err = out_put(s->out, p);
}

static void give_up(struct store *s, struct piece *p, int err)
{
	s->err = err;
	free(p->own);
	free(p);
}

/* What the threads have made; the ring's part is not needed any more. */
static void collect(struct store *s)
{
	struct piece *p;
	int err = 0;

	while (s->encode && !s->err && out_is_ready(s->out) &&
	       (p = encode_take(s->encode, &err))) {
		if (!s->copy)
			s->till = p->till;
		if (err)
			give_up(s, p, err);
		else
			s->err = out_put(s->out, p);
	}
}

static void put_piece(struct store *s, const struct hpcap_span *span)
{
	struct piece *p = calloc(1, sizeof(*p));

	if (!p) {
		s->err = -ENOMEM;
		return;
	}
	p->data = span->data;
	p->bytes = span->bytes;
	p->frames = span->frames;
	p->from = span->pos;
	p->till = span->pos + span->bytes;
	p->is_ring = true;
	note_time(p, span->data, span->last);
	hand_on(s, p);
}

/* Where the first record lies whose second belongs to another file: bytes, frames. */
static void cut_by_time(const struct store *s, const struct hpcap_span *span,
			struct hpcap_span *part)
{
	const uint32_t every = s->opt.rotate_s;
	struct rec_header h;
	uint32_t turn;

	*part = *span;
	if (!every)
		return;
	turn = rec_load(span->data).sec / every;
	if (rec_load(span->last).sec / every == turn)
		return;
	part->bytes = 0;
	part->frames = 0;
	while (part->bytes < span->bytes) {
		h = rec_load(span->data + part->bytes);
		if (h.sec / every != turn)
			return;
		part->last = span->data + part->bytes;
		part->bytes += HPCAP_REC_LEN + h.caplen;
		part->frames++;
	}
}

static void skip_part(struct hpcap_span *span, const struct hpcap_span *part)
{
	span->data += part->bytes;
	span->pos += part->bytes;
	span->bytes -= part->bytes;
	span->frames -= part->frames;
}

/* Records in memory of the piece's own: @own, or a copy when that is NULL. */
static void put_own(struct store *s, const struct hpcap_span *part, uint8_t *own)
{
	struct piece *p = calloc(1, sizeof(*p));

	if (p && !own) {
		own = malloc(part->bytes);
		if (own)
			memcpy(own, part->data, part->bytes);
	}
	if (!p || !own) {
		free(p);
		free(own);
		s->err = -ENOMEM;
		return;
	}
	p->own = own;
	p->data = own;
	p->bytes = part->bytes;
	p->frames = part->frames;
	note_time(p, own, own + (part->last - part->data));
	hand_on(s, p);
}

/* A lossy listener copies, then asks whether it was overtaken meanwhile. */
static void put_copied(struct store *s, const struct hpcap_span *span)
{
	struct hpcap_span left = *span, part;
	uint8_t *copy = malloc(span->bytes);

	s->till = read_pos(s->h);
	if (!copy) {
		s->err = -ENOMEM;
		return;
	}
	memcpy(copy, span->data, span->bytes);
	if (!hpcap_valid(s->h, span->pos)) {
		s->rep.torn += span->frames;
		s->rep.frames -= span->frames;
		free(copy);
		return;
	}
	left.data = copy;
	left.last = copy + (span->last - span->data);
	cut_by_time(s, &left, &part);
	if (part.bytes == left.bytes) {
		put_own(s, &left, copy);
		return;
	}
	while (left.bytes && !s->err) {
		cut_by_time(s, &left, &part);
		put_own(s, &part, NULL);
		skip_part(&left, &part);
	}
	free(copy);
}

static void put(struct store *s, struct hpcap_span *span)
{
	struct hpcap_span part;

	s->rep.frames += span->frames;
	s->rep.bytes += span->bytes;
	if (!s->out) {
		s->till = read_pos(s->h);
		return;
	}
	if (s->copy) {
		put_copied(s, span);
		return;
	}
	while (span->bytes && !s->err) {
		cut_by_time(s, span, &part);
		put_piece(s, &part);
		skip_part(span, &part);
	}
}

/* Up to the last record of @span behind which the next one lies as the disk wants it. */
static bool cut_aligned(const struct hpcap_span *span, uint32_t align, struct hpcap_span *part)
{
	uint64_t frames = 0, off = 0, last;

	*part = *span;
	part->bytes = 0;
	while (off < span->bytes) {
		last = off;
		off += HPCAP_REC_LEN + rec_load(span->data + off).caplen;
		frames++;
		if ((uintptr_t)(span->data + off) % align)
			continue;
		part->bytes = off;
		part->frames = frames;
		part->last = span->data + last;
	}
	return part->bytes > 0;
}

/*
 * The next file is written from where its records lie only if the first one lies as the
 * disk wants it; for that this one ends some records early.
 */
static void put_near_end(struct store *s, struct hpcap_span *span, uint32_t align)
{
	struct hpcap_span part;

	if (cut_aligned(span, align, &part)) {
		skip_part(span, &part);
		put(s, &part);
		/* not when its time was over meanwhile, and this is another one */
		if (!s->err && out_room(s->out) <= s->window)
			out_end_file(s->out, "size");
	}
	if (!s->err && span->bytes)
		put(s, span);
}

/* Take one piece. Return: 1; 0 nothing there. */
static int take(struct store *s, uint64_t max_frames)
{
	/* what the threads make of it, and in which file that goes, is known later */
	const uint64_t room = s->out && !s->encode ? out_room(s->out) : s->most;
	const uint64_t left = max_frames ? max_frames - s->rep.frames : 0;
	const uint32_t align = s->out && !s->encode && s->window ? out_mem_align(s->out) : 0;
	struct hpcap_span span;
	int ret = hpcap_next_span(s->h, min_u64(room, s->most), left, &span);

	if (ret == -EMSGSIZE && room < s->most) {
		out_end_file(s->out, "size");
		ret = hpcap_next_span(s->h, s->most, left, &span);
	}
	/* A lossy listener that was overtaken may stand mid-way: next time. */
	if (ret == -EMSGSIZE && s->copy)
		return 0;
	if (ret <= 0) {
		/* what was skipped is not held either */
		if (s->copy && !ret)
			s->till = read_pos(s->h);
		s->err = ret;
		return 0;
	}
	if (align && room <= s->window)
		put_near_end(s, &span, align);
	else
		put(s, &span);
	return s->err ? 0 : 1;
}

static bool is_full(const struct store *s, uint64_t max_frames)
{
	return max_frames && s->rep.frames >= max_frames;
}

static bool may_take(const struct store *s, uint64_t max_frames)
{
	if (s->err || is_full(s, max_frames))
		return false;
	if (s->encode && !encode_is_ready(s->encode))
		return false;
	/* what is held is bounded: the disk decides how fast it goes on */
	return !s->out || (out_is_ready(s->out) && s->h->acks <= s->h->bufSize / 2);
}

static bool is_busy(const struct store *s)
{
	return s->out && (out_is_busy(s->out) || (s->encode && encode_is_busy(s->encode)));
}

/*
 * A block that is not full holds its part of the ring. When the ring waits for
 * that part, because it is small or is being replaced, the file ends early.
 */
static void let_go(struct store *s)
{
	const struct hpcap_handle *h = s->h;
	const bool moved =
		__atomic_load_n(&h->ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_MOVED;

	if (!h->acks)
		s->till = h->ack_pos;
	else if (s->out && !is_busy(s) &&
		 (h->acks > h->bufSize / 2 || (moved && h->acks == h->avail)))
		out_end_file(s->out, "ring");
}

static void see_to_disks(struct store *s)
{
	uint64_t used = s->h->avail;

	if (used > s->rep.high_water)
		s->rep.high_water = used;
	if (s->out)
		s->err = out_pump(s->out);
	collect(s);
	hpcap_give_back_to(s->h, s->till);
	let_go(s);
}

/* Sleep. Return: 1 a block is there, or something has waited long enough; 0; -errno. */
static int wait(struct store *s, uint64_t max_frames, int64_t timeout_ns)
{
	const bool busy = is_busy(s);
	const bool open = may_take(s, max_frames);
	int ret;

	if (!open && !busy)
		return 0;
	ret = hpcap_wait_or(s->h, open ? s->opt.block : s->h->bufSize, busy ? s->events : -1,
			    open ? (int64_t)min_u64((uint64_t)timeout_ns, IDLE_NS)
				 : timeout_ns);
	if (ret < 0)
		return ret == -EINTR ? 0 : ret;
	return open && (ret > 0 || out_now_ns() - s->taken_ns >= IDLE_NS);
}

int store_step(struct store *s, uint64_t max_frames, int64_t timeout_ns)
{
	int ret;

	see_to_disks(s);
	ret = s->err ? s->err : wait(s, max_frames, timeout_ns);
	if (ret < 0)
		return ret;
	if (ret) {
		s->taken_ns = out_now_ns();
		while (may_take(s, max_frames) && take(s, max_frames))
			if (s->h->avail - s->h->acks < s->opt.block)
				break;
	}
	see_to_disks(s);
	return s->err;
}

int store_drain(struct store *s, uint64_t max_frames)
{
	const uint64_t end = load_commit(s->h);

	while (!s->err && read_pos(s->h) < end && !is_full(s, max_frames)) {
		see_to_disks(s);
		if (may_take(s, max_frames) && !take(s, max_frames))
			break;
		if (!may_take(s, max_frames) && is_busy(s))
			hpcap_wait_or(s->h, s->h->bufSize, s->events, IDLE_NS);
	}
	return s->err;
}

int store_finish(struct store *s)
{
	int err = 0;

	while (s->encode && !s->err && encode_is_busy(s->encode)) {
		see_to_disks(s);
		if (encode_is_busy(s->encode))
			hpcap_wait_or(s->h, s->h->bufSize, s->events, IDLE_NS);
	}
	if (s->out)
		err = out_finish(s->out);
	hpcap_give_back_to(s->h, s->till);
	return s->err ? s->err : err;
}

const struct store_report *store_report(struct store *s)
{
	if (s->out) {
		s->rep.out = *out_report(s->out);
		s->rep.bytes = s->rep.out.bytes;
	}
	return &s->rep;
}
