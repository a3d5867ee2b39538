// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Merge by time. First each file is opened for its first frame only, then the
 * files are sorted by that; one is read on only when the merge comes to its time.
 * So what is open at once are the files that overlap in time, and of these
 * only some have a descriptor: the others are parked.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "merge.h"

enum {
	MEMORY = 256 << 20, /* for the buffers of all inputs */
	CHUNK_MAX = 1 << 20,
	CHUNK_MIN = 16 << 10,
	DESCRIPTORS_SPARE = 32,
};

/**
 * struct merge_input - one input
 * @s: its source; @s.in is NULL while it waits for its time
 * @f: its next frame
 * @ns: time of that
 * @nr: its place in the order of arguments, for frames of the same time
 * @is_open: a descriptor is in use
 */
struct merge_input {
	struct source s;
	struct hpcap_frame f;
	uint64_t ns;
	size_t nr;
	bool is_open;
};

/**
 * struct heap - inputs being read, the oldest frame first
 * @at: a binary heap
 * @nr: how many
 * @open: with a descriptor
 * @open_max: so many may have one
 * @opt: how to open
 */
struct heap {
	struct merge_input **at;
	size_t nr;
	size_t open;
	size_t open_max;
	struct hpcap_in_options opt;
};

static uint64_t time_of(const struct hpcap_frame *f)
{
	return f->rec.sec * 1000000000ull + f->rec.nsec;
}

static bool is_before(const struct merge_input *a, const struct merge_input *b)
{
	return a->ns != b->ns ? a->ns < b->ns : a->nr < b->nr;
}

static void sift_down(struct heap *h)
{
	struct merge_input *top = h->at[0];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= h->nr)
			break;
		if (child + 1 < h->nr && is_before(h->at[child + 1], h->at[child]))
			child++;
		if (!is_before(h->at[child], top))
			break;
		h->at[i] = h->at[child];
		i = child;
	}
	h->at[i] = top;
}

static void push(struct heap *h, struct merge_input *in)
{
	size_t i = h->nr++;

	while (i && is_before(in, h->at[(i - 1) / 2])) {
		h->at[i] = h->at[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	h->at[i] = in;
}

/* Which one waits longest for its turn: one of the last in the heap. */
static void make_descriptor_room(struct heap *h, const struct merge_input *but)
{
	size_t i;

	for (i = h->nr; i-- > 0 && h->open >= h->open_max;) {
		if (!h->at[i]->is_open || h->at[i] == but || !strcmp(h->at[i]->s.path, "-"))
			continue;
		hpcap_in_park(h->at[i]->s.in);
		h->at[i]->is_open = false;
		h->open--;
	}
}

/* Read an input's next frame: as hpcap_in_next(). */
static int advance(struct merge *m, struct heap *h, struct merge_input *in, struct sink *out)
{
	uint64_t before = in->ns;
	int ret;

	if (!in->is_open) {
		make_descriptor_room(h, in);
		in->is_open = true;
		h->open++;
	}
	ret = source_next(&in->s, out, &in->f);
	if (ret <= 0)
		return ret;
	in->ns = time_of(&in->f);
	if (in->s.frames > 1 && in->ns < before)
		m->backward++;
	return 1;
}

static int retire(struct merge *m, struct heap *h, struct merge_input *in, int ret)
{
	bool told = *hpcap_in_error(in->s.in);
	int err = ret < 0 && !told ? ret : 0;

	if (!err && source_tell(&in->s, m->quiet))
		m->damaged++;
	source_close(&in->s);
	h->open -= in->is_open;
	in->is_open = false;
	return err;
}

/* Begin to read an input; it joins the heap unless it is empty. */
static int join(struct merge *m, struct heap *h, struct merge_input *in, struct sink *out)
{
	const char *path = in->s.path;
	int ret;

	make_descriptor_room(h, in);
	ret = source_open(&in->s, path, &h->opt);
	if (ret)
		return ret;
	in->is_open = true;
	h->open++;
	ret = advance(m, h, in, out);
	if (ret <= 0)
		return retire(m, h, in, ret);
	push(h, in);
	if (h->nr > m->peak)
		m->peak = h->nr;
	return 0;
}

/* The time of an input's first frame; one that cannot be read is tried later. */
static int peek(struct merge_input *in, const struct hpcap_in_options *opt)
{
	const struct hpcap_in_options small = {.chunk = CHUNK_MIN, .only = opt->only};
	struct hpcap_frame f;
	struct hpcap_in *src;
	int err;

	in->ns = 0;
	if (!strcmp(in->s.path, "-"))
		return 0;
	err = hpcap_in_open(&src, in->s.path, &small);
	if (err) {
		cli_error("%s: %s", in->s.path, strerror(-err));
		return err;
	}
	/* a pipe cannot be looked at beforehand */
	if (hpcap_in_size(src) && hpcap_in_next(src, &f) > 0)
		in->ns = time_of(&f);
	hpcap_in_close(src);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct merge_input *x = a, *y = b;

	return is_before(x, y) ? -1 : is_before(y, x);
}

static int put(struct merge *m, struct heap *h, struct sink *out)
{
	struct merge_input *in = h->at[0];
	int err = sink_put(out, &in->f), ret;

	if (err == -EINVAL) {
		m->left_out++;
		err = 0;
	}
	if (err)
		return err;
	m->frames++;
	ret = advance(m, h, in, out);
	if (ret > 0) {
		sift_down(h);
		return 0;
	}
	h->at[0] = h->at[--h->nr];
	if (h->nr)
		sift_down(h);
	return retire(m, h, in, ret);
}

static int merge_all(struct merge *m, struct merge_input *in, struct heap *h, struct sink *out)
{
	struct progress progress;
	size_t next = 0;
	int err = 0;

	progress_init(&progress, m->quiet);
	while (!err) {
		while (!err && next < m->files->nr && (!h->nr || in[next].ns <= h->at[0]->ns))
			err = join(m, h, &in[next++], out);
		if (err || !h->nr)
			break;
		err = put(m, h, out);
		progress_show(&progress, m->frames, out->caplen_bytes, 0);
	}
	progress_end(&progress);
	while (h->nr)
		source_close(&h->at[--h->nr]->s);
	return err;
}

static size_t descriptors(void)
{
	struct rlimit limit = {.rlim_cur = 256};

	getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur > 2 * DESCRIPTORS_SPARE ? limit.rlim_cur - DESCRIPTORS_SPARE
						      : DESCRIPTORS_SPARE;
}

int merge_run(struct merge *m, struct sink *out)
{
	const size_t nr = m->files->nr, chunk = MEMORY / nr;
	struct merge_input *in = calloc(nr, sizeof(*in));
	struct heap h = {.at = calloc(nr, sizeof(*h.at)), .open_max = descriptors()};
	int err = in && h.at ? 0 : -ENOMEM;
	size_t i;

	h.opt.chunk = chunk > CHUNK_MAX	  ? CHUNK_MAX
		      : chunk < CHUNK_MIN ? CHUNK_MIN
					  : (uint32_t)chunk;
	for (i = 0; i < nr && !err; i++) {
		in[i].s.path = m->files->path[i];
		in[i].nr = i;
		err = peek(&in[i], &h.opt);
	}
	if (!err) {
		qsort(in, nr, sizeof(*in), compare);
		err = merge_all(m, in, &h, out);
	}
	if (!err && (out->files || !m->damaged))
		err = sink_finish(out);
	free(h.at);
	free(in);
	return err;
}
