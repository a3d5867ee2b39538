// SPDX-License-Identifier: LGPL-2.1-or-later
/* Pieces in: which file, which block. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "crc32c.h"
#include "out_priv.h"
#include "priv.h"

#define IDLE_NS 1000000000ll /* without a frame, the clock ends a file whose time is over */

static void submit_fill(struct out *o, struct out_file *f)
{
	struct block *b = o->fill;
	uint64_t size = b->fill, whole;

	/* what is beyond the end is cut off when the file is closed */
	if (f->f.direct && size % VOLUME_ALIGN) {
		whole = size + VOLUME_ALIGN - size % VOLUME_ALIGN;
		memset(b->buf + size, 0, whole - size);
		f->cut = true;
		size = whole;
	}
	o->fill = NULL;
	out_submit(o, b, b->buf, size, f->put - b->fill);
}

/* From where it lies. Return: bytes taken; 0 when the file failed. */
static uint64_t put_straight(struct out *o, struct out_file *f, const uint8_t *data,
			     uint64_t size)
{
	const uint64_t begun = f->put % o->opt.block;
	struct block *b;

	if (!begun)
		o->straight = data;
	size = min_u64(size, o->opt.block - begun);
	f->put += size;
	if (begun + size < o->opt.block)
		return size;
	b = out_block(o, f);
	if (!b)
		return 0;
	out_submit(o, b, o->straight, o->opt.block, f->put - o->opt.block);
	return size;
}

/* Blocks end at multiples of their size, also behind one that went out early. */
static uint64_t put_copy(struct out *o, struct out_file *f, const uint8_t *data, uint64_t size)
{
	if (!o->fill)
		o->fill = out_block(o, f);
	if (!o->fill)
		return 0;
	size = min_u64(size, o->opt.block - f->put % o->opt.block);
	memcpy(o->fill->buf + o->fill->fill, data, size);
	o->fill->fill += (uint32_t)size;
	f->put += size;
	if (f->put % o->opt.block == 0)
		submit_fill(o, f);
	return size;
}

/* What lies in the ring and fills no block is copied. False: the file failed. */
static bool end_straight(struct out *o, struct out_file *f)
{
	const uint64_t begun = f->put % o->opt.block;

	f->paused = false;
	if (!f->straight)
		return true;
	f->straight = false;
	if (!begun)
		return true;
	f->put -= begun;
	return put_copy(o, f, o->straight, begun) > 0;
}

static void put_bytes(struct out *o, struct out_file *f, const uint8_t *data, uint64_t size)
{
	while (size && o->file == f) {
		uint64_t n;

		if (f->put % o->opt.block == 0 && (f->straight || f->paused)) {
			f->straight = !f->straight_refused;
			f->paused = false;
		}
		n = f->straight ? put_straight(o, f, data, size) : put_copy(o, f, data, size);
		data += n;
		size -= n;
	}
}

/* Bytes of the file that are no piece. */
static void put_extra(struct out *o, struct out_file *f, const void *data, uint64_t size,
		      uint64_t stream)
{
	f->off += size;
	f->stream += stream;
	o->rep.bytes += size;
	f->crc = hpcap_crc32c(f->crc, data, size);
	put_bytes(o, f, data, size);
}

static void put_head(struct out *o, struct out_file *f)
{
	const struct out_frame *fr = &o->opt.frame;
	uint8_t buf[OUT_HEAD_MAX];
	uint32_t stream = 0;
	int n = fr->head ? fr->head(fr->arg, buf, sizeof(buf), &stream) : 0;

	if (n > 0)
		put_extra(o, f, buf, (uint64_t)n, stream);
}

static void put_tail(struct out *o, struct out_file *f)
{
	const struct out_frame *fr = &o->opt.frame;
	uint8_t buf[OUT_HEAD_MAX];
	uint32_t stream = 0;
	int n = fr->tail ? fr->tail(fr->arg, buf, sizeof(buf), &stream, &f->line) : 0;

	if (n > 0)
		put_extra(o, f, buf, (uint64_t)n, stream);
}

static void put_pad(struct out *o, struct out_file *f, uint64_t bytes)
{
	static const uint8_t zeros[VOLUME_ALIGN];
	const uint32_t len = (uint32_t)(bytes - HPCAP_REC_LEN);
	const struct rec_header hdr = {.caplen = len, .len = len};
	uint8_t raw[HPCAP_REC_LEN];
	uint64_t left, n;

	rec_store(raw, &hdr);
	put_extra(o, f, raw, sizeof(raw), sizeof(raw));
	/* a file that fails in the middle of it is not o->file any more */
	for (left = len; left && o->file == f; left -= n) {
		n = min_u64(left, sizeof(zeros));
		put_extra(o, f, zeros, n, n);
	}
}

/* Up to the file's size: one record, or several where the file ended early. */
static void put_padding(struct out *o, struct out_file *f)
{
	uint64_t left = o->opt.file_size - f->off, n;

	if (left > OUT_PAD_MOST)
		return;
	for (; o->file == f && (n = rec_pad_bytes(left)); left -= n)
		put_pad(o, f, n);
}

void out_end_file(struct out *o, const char *reason)
{
	struct out_file *f = o->file;

	if (!f || !end_straight(o, f))
		return;
	f->line.lost = o->opt.lost(o->opt.arg) - f->lost_before;
	f->line.reason = reason;
	put_tail(o, f);
	if (o->opt.pad && !strcmp(reason, "size"))
		put_padding(o, f);
	if (o->file == f && o->fill)
		submit_fill(o, f);
	if (o->file != f)
		return;
	o->file = NULL;
	f->ended = true;
	*o->ended_end = f;
	o->ended_end = &f->next;
	out_close_ended(o);
}

static bool fits(const struct out *o, const struct piece *p)
{
	return p->bytes <= out_room(o) && !out_is_over(o, p->first_sec);
}

static void link_piece(struct out *o, struct out_file *f, struct piece *p)
{
	f->off += p->bytes;
	f->crc = hpcap_crc32c(f->crc, p->data, p->bytes);
	/* now the piece lies in the CPU's cache */
	if (f->index && o->opt.sum)
		p->sum = o->opt.sum(p->data, p->bytes);
	out_note(&f->line, p);
	f->stream += p->stream;
	p->file = f;
	p->end = f->off;
	p->stream_end = f->stream;
	p->crc = f->crc;
	p->next = NULL;
	*o->pieces_end = p;
	o->pieces_end = &p->next;
	o->rep.bytes += p->bytes;
}

int out_put(struct out *o, struct piece *p)
{
	struct out_file *f;

	if (o->file && !fits(o, p))
		out_end_file(o, out_is_over(o, p->first_sec) ? "time" : "size");
	if (!o->file && !o->err && out_begin(o, p))
		put_head(o, o->file);
	f = o->file;
	if (!f) {
		out_lose_piece(o, p);
		return o->err;
	}
	link_piece(o, f, p);
	o->put_ns = out_now_ns();
	put_bytes(o, f, p->data, p->bytes);
	return out_pump(o);
}

/* With few frames a block takes long to fill: its whole sectors go out now. */
static void put_part(struct out *o, struct out_file *f)
{
	const uint64_t begun = f->put % o->opt.block, before = f->begun_at_sync;
	struct block *b, *next = NULL;
	uint32_t rest;

	f->begun_at_sync = f->put - begun;
	/* blocks that soon fill by themselves are left alone */
	if (!begun || before != f->put - begun || o->flying)
		return;
	if (f->straight) {
		if (!end_straight(o, f))
			return;
		f->paused = true;
	}
	b = o->fill;
	/* none: all of it went out before, and nothing came since */
	rest = b && f->f.direct ? b->fill % VOLUME_ALIGN : 0;
	if (!b || b->fill == rest)
		return;
	if (rest) {
		next = out_block(o, f);
		if (!next)
			return;
		memcpy(next->buf, b->buf + b->fill - rest, rest);
		next->fill = rest;
	}
	b->fill -= rest;
	o->fill = next;
	f->part = f->put - rest;
	out_submit(o, b, b->buf, b->fill, f->part - b->fill);
}

/* The file at hand by the clock. Return: there is one, and it wants to be flushed. */
static bool look_at_clock(struct out *o, int64_t now)
{
	const struct out_file *f = o->file;

	if (f && f->over_ns && now >= f->over_ns && now - o->put_ns >= IDLE_NS)
		out_end_file(o, "time");
	return o->file && o->opt.sync_s >= 0 && now >= o->next_sync_ns;
}

int out_pump(struct out *o)
{
	const int64_t now = out_now_ns();
	struct out_file *f;

	out_step(o);
	if (look_at_clock(o, now)) {
		o->next_sync_ns = now + (o->opt.sync_s ? o->opt.sync_s : 1) * 1000000000ll;
		o->sync = true;
		put_part(o, o->file);
	}
	f = o->file;
	if (f && o->sync && f->good >= f->part) {
		o->sync = false;
		closer_sync(o->closer, f->f.fd, o->good_frames);
	}
	return o->err;
}

int out_finish(struct out *o)
{
	out_end_file(o, "end");
	while (o->ended) {
		out_drain(o);
		out_step(o);
	}
	closer_stop(o->closer);
	return o->err;
}
