// SPDX-License-Identifier: LGPL-2.1-or-later
/* Files of a series: which volume, what is known of them, their end. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "out_priv.h"
#include "priv.h"

/* First and last time and frames of what a piece brings. */
void out_note(struct journal_line *line, const struct piece *p)
{
	if (!line->frames) {
		line->first_sec = p->first_sec;
		line->first_nsec = p->first_nsec;
	}
	line->last_sec = p->last_sec;
	line->last_nsec = p->last_nsec;
	line->frames += p->frames;
}

uint64_t out_room(const struct out *o)
{
	uint64_t end = o->opt.file_size;

	if (o->opt.pad)
		end -= HPCAP_REC_LEN;
	if (!o->file)
		return end;
	return end > o->file->off ? end - o->file->off : 0;
}

uint32_t out_mem_align(const struct out *o)
{
	const struct out_file *f = o->file;

	return f && f->f.direct && !f->straight_refused ? f->f.mem_align : 0;
}

/* A clock that was set back by more than one file's time begins a file, too. */
bool out_is_over(const struct out *o, uint32_t sec)
{
	const struct out_file *f = o->file;

	if (!f || !f->over_sec)
		return false;
	return sec >= f->over_sec || f->over_sec - sec > 2 * o->opt.rotate_s;
}

bool out_is_ready(const struct out *o)
{
	return o->free && o->flying < o->opt.depth;
}

bool out_is_busy(const struct out *o)
{
	return o->flying > 0;
}

int out_fd(const struct out *o)
{
	return blkq_fd(o->q);
}

static int begin_on(struct out *o, struct volume *v, uint32_t sec, struct volume_file *f)
{
	const struct volume_space space = {
		.direct = o->opt.direct,
		.dsync = o->opt.sync_s == 0,
		.bytes = o->opt.file_size,
		.sized = o->opt.pad,
	};
	int err = volume_create(v, &o->opt.naming, sec, &space, f);

	if (err && out_tidy(o, err, o->opt.file_size))
		err = volume_create(v, &o->opt.naming, sec, &space, f);
	if (!err && f->refused_space && out_tidy(o, f->refused_space, o->opt.file_size))
		volume_reserve(&space, f);
	return err;
}

/* The volume whose turn it is, or the next one in order. */
static struct volume *choose(struct out *o, uint32_t sec, struct volume_file *f)
{
	int i;

	for (i = 0; i < o->opt.nr_volumes; i++) {
		int n = (o->turn + i) % o->opt.nr_volumes;
		struct volume *v = &o->vol[n];
		int err;

		if (!out_may_try(o, v))
			continue;
		err = begin_on(o, v, sec, f);
		if (!err) {
			o->turn = (n + 1) % o->opt.nr_volumes;
			return v;
		}
		out_volume_failed(o, v, err);
	}
	return NULL;
}

static bool is_straight(const struct out_file *f, const struct piece *p)
{
	if (!p->is_ring)
		return false;
	if (!f->f.direct)
		return true;
	return f->f.mem_align && (uintptr_t)p->data % f->f.mem_align == 0;
}

/* A file without an index is read from its start: no reason to fail. */
static void begin_index(struct out *o, struct out_file *f)
{
	char path[PATH_MAX];

	if (o->opt.index && volume_path(f->vol, f->f.path, path, sizeof(path)) &&
	    hpcap_index_create(&f->index, AT_FDCWD, path, NULL))
		f->index = NULL;
}

bool out_begin(struct out *o, const struct piece *p)
{
	struct out_file *f = calloc(1, sizeof(*f));

	if (f)
		f->vol = choose(o, p->first_sec, &f->f);
	if (!f || !f->vol) {
		free(f);
		return false;
	}
	f->straight = is_straight(f, p);
	f->cut = f->f.sized;
	f->line.format = o->opt.format;
	f->line.packing = o->opt.packing;
	f->done = f->line;
	f->lost_before = o->opt.lost(o->opt.arg);
	if (o->opt.rotate_s) {
		f->over_sec = p->first_sec - p->first_sec % o->opt.rotate_s + o->opt.rotate_s;
		f->over_ns = out_now_ns() + (f->over_sec - p->first_sec) * 1000000000ll;
	}
	begin_index(o, f);
	o->file = f;
	o->rep.files++;
	o->rep.refused += f->f.refused;
	memcpy(o->rep.path, f->f.path, sizeof(o->rep.path));
	return true;
}

/* Hand a file over: f->off bytes stay of it. */
void out_close(struct out *o, struct out_file *f)
{
	struct closing c = {
		.fd = f->f.fd,
		.volume = f->vol->path,
		.size = f->off,
		.cut = f->cut,
		.line = f->line,
		.safe = o->good_frames,
		.index = f->index,
		.stream = f->stream,
	};

	c.line.bytes = f->off;
	c.line.crc32c = f->crc;
	memcpy(c.path, f->f.path, sizeof(c.path));
	closer_close(o->closer, &c);
	free(f);
}

void out_close_ended(struct out *o)
{
	struct out_file *f;

	while ((f = o->ended) && f->good == f->off) {
		o->ended = f->next;
		if (!o->ended)
			o->ended_end = &o->ended;
		f->vol->delay_ns = 0;
		out_close(o, f);
	}
}

const struct out_report *out_report(struct out *o)
{
	o->rep.io = blkq_name(o->q);
	o->rep.doubtful_frames = closer_doubtful(o->closer);
	o->rep.safe_frames = closer_safe(o->closer);
	o->rep.removed = closer_removed(o->closer);
	return &o->rep;
}

static void set_free(struct out *o)
{
	unsigned int i;

	for (i = 0; i < o->nr_pool; i++) {
		o->pool[i].next = o->free;
		o->free = &o->pool[i];
	}
}

static int make_pool(struct out *o)
{
	unsigned int i;

	o->nr_pool = OUT_POOL * o->opt.depth + 1;
	o->pool = calloc(o->nr_pool, sizeof(*o->pool));
	if (!o->pool)
		return -ENOMEM;
	for (i = 0; i < o->nr_pool; i++) {
		o->pool[i].buf = aligned_alloc(VOLUME_ALIGN, o->opt.block);
		if (!o->pool[i].buf)
			return -ENOMEM;
	}
	set_free(o);
	return 0;
}

static int make_closer(struct out *o)
{
	struct closer_options c = {
		.limits = o->opt.limits,
		.nr_volumes = o->opt.nr_volumes,
		.say = o->opt.say,
		.say_arg = o->opt.arg,
	};

	memcpy(c.volume, o->opt.volume, sizeof(c.volume));
	return closer_create(&o->closer, &c);
}

int out_create(struct out **out, const struct out_options *opt)
{
	struct out *o = calloc(1, sizeof(*o));
	int err, i;

	if (!o)
		return -ENOMEM;
	o->opt = *opt;
	o->last = &o->first;
	o->ended_end = &o->ended;
	o->pieces_end = &o->pieces;
	for (i = 0; i < opt->nr_volumes; i++)
		o->vol[i].path = opt->volume[i];
	err = make_pool(o);
	if (!err)
		err = blkq_create(&o->q, opt->io, opt->depth);
	if (!err)
		err = make_closer(o);
	if (err) {
		out_destroy(o);
		return err;
	}
	*out = o;
	return 0;
}

void out_destroy(struct out *o)
{
	unsigned int i;

	if (!o)
		return;
	if (o->q)
		out_drain(o);
	closer_destroy(o->closer);
	blkq_destroy(o->q);
	for (i = 0; o->pool && i < o->nr_pool; i++)
		free(o->pool[i].buf);
	free(o->pool);
	free(o);
}
