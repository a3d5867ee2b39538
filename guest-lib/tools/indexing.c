// SPDX-License-Identifier: GPL-2.0-or-later
/* Make the index of a capture file, and look whether it has a good one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <frames_in.h>
#include "cli.h"
#include "indexing.h"

enum {
	LOOKS = 5, /* blocks whose first frame is compared */
	LOOK_CHUNK = 1 << 16,
};

const char *index_state_name(enum index_state state)
{
	static const char *const name[] = {
		[INDEX_GOOD] = "good",	     [INDEX_MISSING] = "missing",
		[INDEX_PARTIAL] = "partial", [INDEX_STALE] = "stale",
		[INDEX_BROKEN] = "broken",
	};

	return name[state];
}

/* Does the block begin with the frame that it says? */
static bool is_true(struct hpcap_in *in, const struct hpcap_index_map *m, uint64_t i)
{
	struct hpcap_index_block b;
	struct hpcap_frame f;

	hpcap_index_block(m, i, &b);
	if (i && hpcap_in_seek(in, b.file_off, b.data_off, b.data_off))
		return false;
	while (hpcap_in_next(in, &f) > 0)
		if (f.has_time)
			return hpcap_index_same(&b, &f.rec);
	return false;
}

static bool looks_true(const char *path, struct hpcap_index_map *m)
{
	const struct hpcap_in_options opt = {.chunk = LOOK_CHUNK};
	const uint64_t blocks = hpcap_index_info(m)->blocks;
	const bool linear = hpcap_index_info(m)->linear;
	struct hpcap_in *in;
	bool fine = true;
	uint64_t n;

	if (!blocks)
		return true;
	if (hpcap_in_open(&in, path, &opt))
		return false;
	for (n = 0; fine && n < (linear ? 1 : LOOKS); n++)
		fine = is_true(in, m, n * (blocks - 1) / (LOOKS - 1));
	hpcap_in_close(in);
	return fine;
}

enum index_state indexing_look(const char *path, uint64_t file_size,
			       struct hpcap_index_info *info)
{
	enum index_state state = INDEX_GOOD;
	struct hpcap_index_map *m;
	int err = hpcap_index_open(&m, path, file_size);

	memset(info, 0, sizeof(*info));
	if (err == -ENOENT)
		return INDEX_MISSING;
	if (err)
		return err == -ESTALE ? INDEX_STALE : INDEX_BROKEN;
	*info = *hpcap_index_info(m);
	if (hpcap_index_load(m))
		state = INDEX_BROKEN;
	else if (!looks_true(path, m))
		state = INDEX_STALE;
	else if (!info->whole)
		state = INDEX_PARTIAL;
	hpcap_index_close(m);
	return state;
}

/* A plain file: each frame and its offset. */
static void add_plain(struct hpcap_index *x, const struct hpcap_frame *f)
{
	if (f->has_time)
		hpcap_index_frame(x, &f->rec, f->rec.pos);
}

/**
 * struct packed - blocks of a packed file
 * @x: index
 * @sum: of the block
 * @opt: when to cut
 * @start: where the block begins in the unpacked stream
 * @first_ns: time of the first frame in it
 */
struct packed {
	struct hpcap_index *x;
	struct hpcap_index_sum *sum;
	struct hpcap_index_options opt;
	uint64_t start;
	uint64_t first_ns;
};

/* A packed file: cut only where a packed frame and a record start together. */
static void add_packed(struct packed *p, struct hpcap_in *in, const struct hpcap_frame *f)
{
	const uint64_t t = f->rec.sec * 1000000000ull + f->rec.nsec;
	uint64_t file, data;

	if (hpcap_in_place(in, f, &file, &data) && data == f->rec.pos && data > p->start &&
	    (data - p->start >= p->opt.every_bytes || t - p->first_ns >= p->opt.every_ns)) {
		hpcap_index_append(p->x, p->sum, file, data);
		hpcap_index_sum_reset(p->sum);
		p->start = data;
		p->first_ns = t;
	}
	if (f->has_time)
		hpcap_index_sum_frame(p->sum, &f->rec);
}

static int read_all(struct hpcap_in *in, struct packed *p, struct indexing *made)
{
	bool plain = hpcap_in_packing(in) == HPCAP_PLAIN;
	uint32_t ifaces = hpcap_in_nr_ifaces(in);
	uint64_t sections = hpcap_in_report(in)->sections;
	struct hpcap_frame f;
	int ret;

	while ((ret = hpcap_in_next(in, &f)) > 0 && !cli_stopped()) {
		if (hpcap_in_nr_ifaces(in) != ifaces ||
		    hpcap_in_report(in)->sections != sections)
			hpcap_index_linear(p->x);
		if (plain)
			add_plain(p->x, &f);
		else
			add_packed(p, in, &f);
		made->frames++;
	}
	snprintf(made->why, sizeof(made->why), "%s", hpcap_in_error(in));
	return cli_stopped() ? -EINTR : ret;
}

static int index_file(struct hpcap_in *in, const char *path,
		      const struct hpcap_index_options *opt, struct indexing *made)
{
	struct packed p = {.opt = *opt};
	uint64_t end;
	int err;

	p.opt.aside = true;
	if (!p.opt.every_bytes)
		p.opt.every_bytes = 1 << 20;
	if (!p.opt.every_ns)
		p.opt.every_ns = 100000000;
	p.sum = hpcap_index_sum_create(p.opt.bloom_bytes);
	err = p.sum ? hpcap_index_create(&p.x, AT_FDCWD, path, &p.opt) : -ENOMEM;
	if (!err)
		err = read_all(in, &p, made);
	if (!err) {
		end = hpcap_in_report(in)->stream_bytes;
		made->bytes = hpcap_in_size(in);
		if (hpcap_in_packing(in) == HPCAP_PLAIN)
			end = made->bytes;
		else
			hpcap_index_append(p.x, p.sum, made->bytes, end);
		err = hpcap_index_finish(p.x, made->bytes, end);
	}
	hpcap_index_destroy(p.x);
	hpcap_index_sum_destroy(p.sum);
	return err;
}

int indexing_make(const char *path, const struct hpcap_index_options *opt,
		  struct indexing *made)
{
	struct hpcap_in *in;
	int err = hpcap_in_open(&in, path, NULL);

	memset(made, 0, sizeof(*made));
	if (!err) {
		hpcap_in_keep_places(in);
		err = hpcap_in_start(in);
		if (err)
			snprintf(made->why, sizeof(made->why), "%s", hpcap_in_error(in));
		else
			err = index_file(in, path, opt, made);
		hpcap_in_close(in);
	}
	if (err && !*made->why)
		snprintf(made->why, sizeof(made->why), "%s", strerror(-err));
	return err;
}
