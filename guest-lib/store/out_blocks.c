// SPDX-License-Identifier: LGPL-2.1-or-later
/* Blocks to the disk and back; pieces whose bytes are all there go. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "index.h"
#include "out_priv.h"
#include "priv.h"

#define NSEC_PER_SEC 1000000000ll

int64_t out_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

void out_drop_piece(struct out *o, struct piece *p)
{
	o->opt.release(o->opt.arg, p);
	hpcap_index_sum_destroy(p->sum);
	free(p->own);
	free(p);
}

static void give_back(struct out *o, struct block *b)
{
	b->next = o->free;
	o->free = b;
}

static void fly(struct out *o, struct block *b)
{
	b->is_done = false;
	b->file->flying++;
	o->flying++;
	blkq_submit(o->q, &b->job);
}

/* Memory or sizes that O_DIRECT does not take here: again, another way. */
static bool try_again(struct out *o, struct block *b)
{
	struct out_file *f = b->file;
	int flags;

	if (b->job.result == -EFAULT && b->is_straight) {
		f->straight_refused = true;
		memcpy(b->buf, b->job.data, b->job.size);
		b->job.data = b->buf;
		b->is_straight = false;
	} else if (b->job.result == -EINVAL && f->f.direct && b->tries++ == 0) {
		flags = fcntl(f->f.fd, F_GETFL);
		fcntl(f->f.fd, F_SETFL, flags & ~O_DIRECT);
		o->rep.refused += !f->f.refused;
		f->f.refused = true;
	} else {
		return false;
	}
	fly(o, b);
	return true;
}

/*
 * The first blocks of the series that have ended: their bytes are in the file. That
 * they were still the source's own is asked behind the write.
 */
static void retire(struct out *o)
{
	while (o->first && o->first->is_done) {
		struct block *b = o->first;
		struct out_file *f = b->file;

		if (out_taken_back(o, f))
			continue;
		if (b->job.result) {
			if (try_again(o, b))
				continue;
			f->good = min_u64(b->job.off + b->job.done, f->off);
			out_fault(o, f, b->job.result);
			continue;
		}
		o->first = b->next;
		if (!o->first)
			o->last = &o->first;
		f->good = min_u64(b->job.off + b->job.size, f->off);
		if (b->is_straight)
			o->rep.straight_bytes += b->job.size;
		give_back(o, b);
		if (f->vol->err)
			out_volume_works(o, f->vol);
	}
}

void out_release(struct out *o)
{
	struct piece *p;

	while ((p = o->pieces) && p->end <= p->file->good) {
		o->pieces = p->next;
		if (!o->pieces)
			o->pieces_end = &o->pieces;
		p->file->done_crc = p->crc;
		p->file->whole = p->end;
		if (p->file->index && p->sum)
			hpcap_index_append(p->file->index, p->sum, p->end, p->stream_end);
		out_note(&p->file->done, p);
		o->good_frames += p->frames;
		out_drop_piece(o, p);
	}
}

static void reap(struct out *o)
{
	struct blkq_job *job;

	while ((job = blkq_reap(o->q))) {
		struct block *b = (struct block *)job;

		b->is_done = true;
		b->file->flying--;
		o->flying--;
	}
}

static void wait_for_disk(struct out *o)
{
	struct pollfd pfd = {.fd = blkq_fd(o->q), .events = POLLIN};

	poll(&pfd, 1, -1);
}

void out_step(struct out *o)
{
	reap(o);
	retire(o);
	out_release(o);
	out_close_ended(o);
}

void out_drain(struct out *o)
{
	while (o->flying) {
		wait_for_disk(o);
		reap(o);
	}
}

/* Blocks of a file that failed, and what was being filled for it. */
void out_forget_blocks(struct out *o, const struct out_file *f)
{
	struct block **link = &o->first, *b;

	while ((b = *link)) {
		if (b->file == f) {
			*link = b->next;
			give_back(o, b);
		} else {
			link = &b->next;
		}
	}
	o->last = link;
	if (o->file == f && o->fill) {
		give_back(o, o->fill);
		o->fill = NULL;
	}
}

/*
 * A free block for the file at hand, and the right to let it fly. NULL when the
 * file failed while we waited: it is not at hand any more.
 */
struct block *out_block(struct out *o, struct out_file *f)
{
	struct block *b;

	while (!o->free || o->flying >= o->opt.depth) {
		if (!o->first->is_done)
			wait_for_disk(o);
		out_step(o);
		if (o->file != f)
			return NULL;
	}
	b = o->free;
	o->free = b->next;
	b->fill = 0;
	b->tries = 0;
	b->file = f;
	return b;
}

void out_submit(struct out *o, struct block *b, const uint8_t *data, uint64_t size,
		uint64_t off)
{
	b->is_straight = data != b->buf;
	b->job = (struct blkq_job){
		.fd = b->file->f.fd,
		.data = data,
		.size = size,
		.off = off,
	};
	b->next = NULL;
	*o->last = b;
	o->last = &b->next;
	fly(o, b);
}
