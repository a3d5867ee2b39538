// SPDX-License-Identifier: GPL-2.0-or-later
/* One file: by its index where it has a good one, else from its start. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cli.h"
#include "extract.h"

enum {
	CHUNK = 1 << 18, /* what is read too much behind a block is at most this */
	AHEAD_MAX = 4,	 /* files that threads read at the same time */
	USEC_NS = 1000,
};

static void say_index(const char *path, int err)
{
	const char *why = err == -ESTALE    ? "is not of this file any more"
			  : err == -EPROTO  ? "is of another version"
			  : err == -EBADMSG ? "is damaged"
					    : strerror(-err);

	cli_error("%s: its index %s; reading all of it (hpcap-index makes a new one)", path,
		  why);
}

static void drop_index(struct source *s, struct totals *t)
{
	hpcap_index_close(s->map);
	s->map = NULL;
	s->blocks = false;
	s->tail = true;
	s->low_ns = 0;
	t->unindexed++;
}

bool source_plan(struct source *s, const struct capture_file *file, const struct want *w,
		 struct totals *t)
{
	const struct hpcap_index_info *info;
	int err;

	memset(s, 0, sizeof(*s));
	s->path = file->path;
	s->size = (uint64_t)file->size;
	s->tail = true;
	s->entire = true;
	err = hpcap_index_open(&s->map, s->path, s->size);
	if (err) {
		if (err != -ENOENT)
			say_index(s->path, err);
		t->unindexed++;
		return true;
	}
	info = hpcap_index_info(s->map);
	if (info->whole && !want_all(w) &&
	    (!info->frames || info->top_ns < w->from_ns ||
	     (info->low_ns > w->to_ns && info->low_ns - w->to_ns > USEC_NS))) {
		hpcap_index_close(s->map);
		s->map = NULL;
		return false;
	}
	s->blocks = !info->linear;
	/* frames without a time may stand behind the last block */
	s->tail = info->linear || !info->whole || want_all(w);
	s->entire = !w->hosts && !w->flows &&
		    (!s->blocks || (w->from_ns <= info->low_ns && w->to_ns >= info->top_ns));
	if (info->whole && info->low_ns > USEC_NS)
		s->low_ns = info->low_ns - USEC_NS;
	return true;
}

static int say_failed(struct source *s, int err, struct totals *t)
{
	const char *why = s->in ? hpcap_in_error(s->in) : "";

	cli_error("%s: %s", s->path, *why ? why : strerror(-err));
	t->failed++;
	return err;
}

static int open_source(struct source *s, struct totals *t)
{
	const struct hpcap_in_options opt = {.chunk = CHUNK};
	int err = hpcap_in_open(&s->in, s->path, &opt);

	if (!err && s->entire && t->ahead < AHEAD_MAX) {
		hpcap_in_read_ahead(s->in);
		s->ahead = true;
		t->ahead++;
	}
	if (!err)
		err = hpcap_in_start(s->in);
	if (!err && s->blocks) {
		err = hpcap_index_load(s->map);
		if (err) {
			say_index(s->path, err);
			drop_index(s, t);
			err = 0;
		}
	}
	t->opened++;
	return err ? say_failed(s, err, t) : 0;
}

/* Behind the last block in question: to what the index does not cover. 0 nothing. */
static int to_tail(struct source *s)
{
	const struct hpcap_index_info *info = hpcap_index_info(s->map);
	int err = 0;

	if (!s->tail)
		return 0;
	s->blocks = false;
	if (!info->whole && s->b.file_end != info->file_end) {
		s->pending = false;
		err = hpcap_in_seek(s->in, info->file_end, info->data_end, info->data_end);
	}
	return err ? err : 1;
}

/* Go to the next block in question: 1, 0 there is none, or a negative errno. */
static int next_block(struct source *s, const struct want *w)
{
	const struct hpcap_index_query q = {
		.from_ns = w->from_ns,
		.to_ns = w->to_ns,
		.key = w->key,
		.keys = w->hosts + w->flows,
	};
	const uint64_t here = s->b.file_end;
	int err = 0;

	if (!hpcap_index_find(s->map, &q, &s->at, &s->b))
		return to_tail(s);
	s->at++;
	s->fresh = true;
	s->in_block = true;
	if (s->b.file_off != here) {
		s->pending = false;
		err = hpcap_in_seek(s->in, s->b.file_off, s->b.data_off, s->b.data_off);
	}
	return err ? err : 1;
}

/* The block does not begin as the index says: it is another file's. */
static int distrust(struct source *s, struct totals *t)
{
	const uint64_t file = s->good_file, data = s->good_data;

	say_index(s->path, -ESTALE);
	drop_index(s, t);
	if (file) {
		t->failed++; /* what was passed over may have been wanted */
		return hpcap_in_seek(s->in, file, data, data);
	}
	hpcap_in_close(s->in);
	s->in = NULL;
	t->ahead -= s->ahead;
	s->ahead = false;
	t->opened--;
	return open_source(s, t);
}

/*
 * Next frame of the blocks in question, then of what the index does not cover: 1, 0
 * the end, negative errno. A frame behind its block waits for what comes next.
 */
static int next_frame(struct source *s, const struct want *w, struct totals *t)
{
	int ret;

	for (;;) {
		if (s->blocks && !s->in_block) {
			ret = next_block(s, w);
			if (ret <= 0)
				return ret;
		}
		if (!s->pending) {
			ret = hpcap_in_next(s->in, &s->f);
			if (ret <= 0)
				return ret;
		}
		s->pending = s->blocks && s->f.rec.pos >= s->b.data_end;
		if (s->pending) {
			s->good_file = s->b.file_end;
			s->good_data = s->b.data_end;
			s->in_block = false;
			continue;
		}
		if (!s->blocks || !s->fresh || !s->f.has_time)
			return 1;
		s->fresh = false;
		if (hpcap_index_same(&s->b, &s->f.rec))
			return 1;
		ret = distrust(s, t);
		if (ret)
			return ret;
	}
}

int source_next(struct source *s, struct want *w, struct totals *t)
{
	int ret = s->in ? 0 : open_source(s, t), wanted = 0;

	if (ret)
		return ret;
	while (!wanted && !cli_stopped()) {
		ret = next_frame(s, w, t);
		if (ret <= 0)
			break;
		wanted = want_frame(w, &s->f);
	}
	if (wanted < 0)
		t->failed++;
	if (wanted)
		return wanted;
	if (ret < 0)
		return say_failed(s, ret, t);
	if (ret == 0 && *hpcap_in_error(s->in))
		cli_error("%s: %s", s->path, hpcap_in_error(s->in));
	return 0;
}

void source_close(struct source *s, struct totals *t)
{
	if (s->in)
		t->read_bytes += hpcap_in_report(s->in)->file_bytes;
	t->ahead -= s->ahead;
	s->ahead = false;
	hpcap_in_close(s->in);
	hpcap_index_close(s->map);
	free(s->iface);
	s->in = NULL;
	s->map = NULL;
	s->iface = NULL;
}
