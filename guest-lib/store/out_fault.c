// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Volumes that fail. What was not written of a file is still in its pieces: it
 * goes to a file of its own on a volume that works. Where none does, frames are
 * counted as lost until one does again.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>
#include "crc32c.h"
#include "err.h"
#include "out_priv.h"
#include "priv.h"

#define RETRY_MIN_NS 1000000000ll
#define RETRY_MAX_NS (32 * RETRY_MIN_NS)

enum {
	ROOM_BLOCKS = 16 /* free blocks that a full volume must have to be tried */
};

static bool is_full(int err)
{
	return err == -ENOSPC || err == -EDQUOT;
}

bool out_may_try(const struct out *o, const struct volume *v)
{
	struct statvfs fs;

	if (!v->err)
		return true;
	if (out_now_ns() < v->retry_ns)
		return false;
	if (v->err != -ENOSPC || statvfs(v->path, &fs))
		return true;
	return (uint64_t)fs.f_bavail * fs.f_frsize >= (uint64_t)ROOM_BLOCKS * o->opt.block;
}

static bool any_works(const struct out *o)
{
	int i;

	for (i = 0; i < o->opt.nr_volumes; i++)
		if (!o->vol[i].err)
			return true;
	return false;
}

void out_volume_failed(struct out *o, struct volume *v, int err)
{
	char text[PATH_MAX + 256];
	bool is_news = !v->err;

	o->rep.faults++;
	v->err = err;
	v->delay_ns = v->delay_ns ? 2 * v->delay_ns : RETRY_MIN_NS;
	if (v->delay_ns > RETRY_MAX_NS)
		v->delay_ns = RETRY_MAX_NS;
	if (is_full(err))
		v->delay_ns = RETRY_MIN_NS;
	v->retry_ns = out_now_ns() + v->delay_ns;
	if (o->opt.stop_on_fault) {
		o->err = err;
		return;
	}
	if (!is_news)
		return;
	v->lost_frames = o->rep.lost_frames;
	snprintf(text, sizeof(text), "%s: %s; %s until it takes files again", v->path,
		 hpcap_file_strerror(err),
		 any_works(o) ? "going on without it" : "frames are lost and counted");
	o->opt.say(o->opt.arg, text);
}

void out_volume_works(struct out *o, struct volume *v)
{
	char text[PATH_MAX + 256];

	v->err = 0;
	snprintf(text, sizeof(text), "%s: takes files again, %" PRIu64 " frames were lost",
		 v->path, o->rep.lost_frames - v->lost_frames);
	o->opt.say(o->opt.arg, text);
}

/* Old files go when a volume is full and that is wanted. True: look again. */
bool out_tidy(struct out *o, int err, uint64_t need)
{
	struct keep_report rep = {0};

	if (!is_full(err) || !keep_is_asked(&o->opt.limits))
		return false;
	keep_apply(&o->opt.limits, o->opt.volume, o->opt.nr_volumes, (uint64_t)time(NULL), need,
		   &rep);
	o->rep.removed_here += rep.files;
	return rep.files > 0;
}

void out_lose_piece(struct out *o, struct piece *p)
{
	o->rep.lost_frames += p->frames;
	o->rep.lost_bytes += p->bytes;
	out_drop_piece(o, p);
}

static int write_all(struct out_file *f, const void *data, uint64_t size)
{
	const uint8_t *p = data;

	f->crc = hpcap_crc32c(f->crc, data, size);
	f->off += size;
	while (size) {
		ssize_t n = write(f->f.fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		p += n;
		size -= (uint64_t)n;
	}
	return 0;
}

static int write_pieces(struct out *o, struct out_file *f, const struct piece *p)
{
	const struct out_frame *fr = &o->opt.frame;
	uint8_t buf[OUT_HEAD_MAX];
	uint32_t stream;
	int n = fr->head ? fr->head(fr->arg, buf, sizeof(buf), &stream) : 0;
	int err = n > 0 ? write_all(f, buf, (uint64_t)n) : n;

	for (; p && !err; p = p->next) {
		out_note(&f->line, p);
		err = write_all(f, p->data, p->bytes);
	}
	n = !err && fr->tail ? fr->tail(fr->arg, buf, sizeof(buf), &stream, &f->line) : 0;
	return n > 0 ? write_all(f, buf, (uint64_t)n) : err;
}

/* The pieces as a file of their own, at once. */
static int rescue_to(struct out *o, struct volume *v, const struct piece *left)
{
	const struct volume_space space = {.direct = false};
	struct out_file *f = calloc(1, sizeof(*f));
	int err;

	if (!f)
		return -ENOMEM;
	err = volume_create(v, &o->opt.naming, left->first_sec, &space, &f->f);
	if (err) {
		free(f);
		return err;
	}
	f->vol = v;
	f->line.format = o->opt.format;
	f->line.packing = o->opt.packing;
	f->line.reason = "fault";
	err = write_pieces(o, f, left);
	if (err) {
		volume_remove(v, &f->f);
		close(f->f.fd);
		free(f);
		return err;
	}
	o->rep.files++;
	o->good_frames += f->line.frames;
	out_close(o, f);
	return 0;
}

static uint64_t bytes_of(const struct piece *p)
{
	uint64_t n = 0;

	for (; p; p = p->next)
		n += p->bytes;
	return n;
}

static bool rescue(struct out *o, const struct piece *left, struct volume *failed, int err)
{
	int i;

	for (i = 0; i < o->opt.nr_volumes; i++) {
		struct volume *v = &o->vol[(o->turn + i) % o->opt.nr_volumes];

		if (v->err)
			continue;
		err = rescue_to(o, v, left);
		if (!err)
			return true;
		out_volume_failed(o, v, err);
	}
	return out_tidy(o, failed->err, 2 * bytes_of(left)) && !rescue_to(o, failed, left);
}

/* Plain RAW: what is wholly written of a piece stays, the rest of it is what is left. */
static void split_piece(struct out *o, struct out_file *f, struct piece *p)
{
	struct piece done = *p;
	uint64_t n = 0, good = f->good - f->whole;
	struct rec_header h;

	if (!o->opt.pad)
		return;
	for (done.frames = 0; n + HPCAP_REC_LEN <= p->bytes; done.frames++) {
		h = rec_load(p->data + n);
		if (n + HPCAP_REC_LEN + h.caplen > good)
			break;
		n += HPCAP_REC_LEN + h.caplen;
		done.last_sec = h.sec;
		done.last_nsec = h.nsec;
	}
	if (!done.frames || n == p->bytes)
		return;
	out_note(&f->done, &done);
	f->done_crc = hpcap_crc32c(f->done_crc, p->data, n);
	f->whole += n;
	o->good_frames += done.frames;
	h = rec_load(p->data + n);
	p->first_sec = h.sec;
	p->first_nsec = h.nsec;
	p->data += n;
	p->bytes -= n;
	p->frames -= done.frames;
}

/* Take a file's pieces out of the row. */
static struct piece *take_pieces(struct out *o, const struct out_file *f)
{
	struct piece **link = &o->pieces, *first = NULL, **end = &first, *p;

	while ((p = *link)) {
		if (p->file != f) {
			link = &p->next;
			continue;
		}
		*link = p->next;
		p->next = NULL;
		*end = p;
		end = &p->next;
	}
	o->pieces_end = link;
	return first;
}

static void forget_file(struct out *o, struct out_file *f)
{
	struct out_file **link = &o->ended;

	out_forget_blocks(o, f);
	if (o->file == f)
		o->file = NULL;
	while (*link && *link != f)
		link = &(*link)->next;
	if (!*link)
		return;
	*link = f->next;
	if (!f->next)
		o->ended_end = link;
}

/* The file ends behind what is wholly written; what is left of it is returned. */
static struct piece *cut_file(struct out *o, struct out_file *f, bool split)
{
	struct piece *left;

	out_drain(o);
	out_release(o);
	forget_file(o, f);
	left = take_pieces(o, f);
	if (left && split)
		split_piece(o, f, left);
	f->line = f->done;
	f->line.reason = "fault";
	f->off = f->whole;
	f->crc = f->done_crc;
	f->cut = true;
	f->stream = 0;
	out_close(o, f);
	return left;
}

/* Has the source taken back what is not released? Then the file ends before it. */
bool out_taken_back(struct out *o, struct out_file *f)
{
	int err = o->opt.taken_back ? o->opt.taken_back(o->opt.arg) : 0;
	struct piece *left, *p;

	if (!err)
		return false;
	o->err = err;
	left = cut_file(o, f, false);
	while ((p = left)) {
		left = p->next;
		out_lose_piece(o, p);
	}
	return true;
}

void out_fault(struct out *o, struct out_file *f, int err)
{
	struct volume *v = f->vol;
	struct piece *left, *p;
	bool saved;

	left = cut_file(o, f, true);
	out_volume_failed(o, v, err);
	saved = left && !o->err && rescue(o, left, v, err);
	while ((p = left)) {
		left = p->next;
		if (saved)
			out_drop_piece(o, p);
		else
			out_lose_piece(o, p);
	}
}
