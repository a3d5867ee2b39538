// SPDX-License-Identifier: LGPL-2.1-or-later
/* Write an index along with its file: sums of blocks, appended in order. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "index_disk.h"
#include "priv.h"

enum {
	EVERY_NS = 100000000,
	EVERY_BYTES = 1 << 20,
	BLOOM_MIN = 64,
	ROOM = 1 << 16, /* bytes kept back, so that each block is no system call */
};

#define KEEP_NS 1000000000ll /* and at most that long */

/**
 * struct hpcap_index_sum - records of one block
 * @frames: so far
 * @first_sum: of the first frame
 * @first_ns: its time
 * @min_ns: smallest time
 * @max_ns: largest
 * @late_ns: within the block
 * @flow_key: key of the flow added last: frames come in trains
 * @bloom_bytes: of @bloom
 * @bloom: filter of hosts and flows
 */
struct hpcap_index_sum {
	uint64_t frames;
	uint32_t first_sum;
	uint64_t first_ns;
	uint64_t min_ns;
	uint64_t max_ns;
	uint64_t late_ns;
	uint64_t flow_key;
	uint32_t bloom_bytes;
	uint8_t bloom[];
};

/**
 * struct hpcap_index - an index being written
 * @dir: directory that the paths are relative to, the caller's
 * @fd: of the index
 * @opt: filled in
 * @err: first error of a write
 * @last: the block appended last
 * @number: blocks appended
 * @flags: INDEX_LINEAR
 * @sum: the block that hpcap_index_frame() fills
 * @kept_ns: when the oldest byte of @room came, monotonic
 * @kept: bytes there
 * @room: on their way to the file
 * @path: of FILE.idx
 * @path_new: of what is written
 */
struct hpcap_index {
	int dir;
	int fd;
	struct hpcap_index_options opt;
	int err;
	struct hpcap_index_block last;
	uint32_t number;
	uint32_t flags;
	struct hpcap_index_sum *sum;
	int64_t kept_ns;
	size_t kept;
	uint8_t room[ROOM];
	char path[PATH_MAX];
	char path_new[PATH_MAX];
};

struct hpcap_index_sum *hpcap_index_sum_create(uint32_t bloom_bytes)
{
	struct hpcap_index_sum *s = malloc(sizeof(*s) + bloom_bytes);

	if (!s)
		return NULL;
	s->bloom_bytes = bloom_bytes;
	hpcap_index_sum_reset(s);
	return s;
}

void hpcap_index_sum_reset(struct hpcap_index_sum *s)
{
	s->frames = 0;
	s->late_ns = 0;
	s->flow_key = 0;
	memset(s->bloom, 0, s->bloom_bytes);
}

void hpcap_index_sum_destroy(struct hpcap_index_sum *s)
{
	free(s);
}

static void add_flow(struct hpcap_index_sum *s, const struct hpcap_record *rec)
{
	struct hpcap_flow flow;
	uint64_t key;
	int i;

	if (!hpcap_flow_parse(&flow, rec->data, rec->caplen))
		return;
	key = hpcap_flow_key(&flow);
	if (key == s->flow_key)
		return;
	s->flow_key = key;
	hpcap_bloom_add(s->bloom, s->bloom_bytes, key);
	for (i = 0; i < 2; i++)
		hpcap_bloom_add(s->bloom, s->bloom_bytes,
				hpcap_flow_host_key(flow.family, flow.addr[i]));
}

void hpcap_index_sum_frame(struct hpcap_index_sum *s, const struct hpcap_record *rec)
{
	const uint64_t t = index_time(rec);

	if (!s->frames++) {
		s->first_ns = s->min_ns = s->max_ns = t;
		s->first_sum = index_frame_sum(rec);
	} else if (t >= s->max_ns) {
		s->max_ns = t;
	} else {
		if (t < s->min_ns)
			s->min_ns = t;
		if (s->max_ns - t > s->late_ns)
			s->late_ns = s->max_ns - t;
	}
	if (s->bloom_bytes)
		add_flow(s, rec);
}

static bool is_power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

static int set_options(struct hpcap_index *x, const struct hpcap_index_options *opt)
{
	if (opt)
		x->opt = *opt;
	if (!x->opt.every_ns)
		x->opt.every_ns = EVERY_NS;
	if (!x->opt.every_bytes)
		x->opt.every_bytes = EVERY_BYTES;
	if (x->opt.bloom_bytes &&
	    (!is_power_of_two(x->opt.bloom_bytes) || x->opt.bloom_bytes < BLOOM_MIN ||
	     x->opt.bloom_bytes > HPCAP_INDEX_BLOOM_MAX))
		return -EINVAL;
	return 0;
}

static void put_out(struct hpcap_index *x, const void *data, size_t size)
{
	const char *p = data;

	while (size && !x->err) {
		ssize_t n = write(x->fd, p, size);

		if (n < 0 && errno != EINTR)
			x->err = -errno;
		if (n > 0) {
			p += n;
			size -= (size_t)n;
		}
	}
}

static void flush(struct hpcap_index *x)
{
	put_out(x, x->room, x->kept);
	x->kept = 0;
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void emit(struct hpcap_index *x, const void *data, size_t size)
{
	if (x->kept + size > ROOM)
		flush(x);
	if (size > ROOM) {
		put_out(x, data, size);
		return;
	}
	if (!x->kept)
		x->kept_ns = now_ns();
	memcpy(x->room + x->kept, data, size);
	x->kept += size;
}

static int begin(struct hpcap_index *x, const char *path)
{
	struct index_head head = {
		.magic = INDEX_MAGIC,
		.version = HPCAP_INDEX_VERSION,
		.hashes = HPCAP_BLOOM_HASHES,
		.bloom_bytes = x->opt.bloom_bytes,
		.every_ns = x->opt.every_ns,
		.every_bytes = x->opt.every_bytes,
	};
	int n = snprintf(x->path, sizeof(x->path), "%s" HPCAP_INDEX_SUFFIX, path);
	int m = snprintf(x->path_new, sizeof(x->path_new), "%s" HPCAP_INDEX_SUFFIX "%s", path,
			 x->opt.aside ? ".new" : "");

	if (n >= (int)sizeof(x->path) || m >= (int)sizeof(x->path_new))
		return -ENAMETOOLONG;
	x->fd = openat(x->dir, x->path_new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (x->fd < 0)
		return -errno;
	head.sum = index_head_sum(&head);
	put_out(x, &head, sizeof(head));
	return 0;
}

int hpcap_index_create(struct hpcap_index **out, int dir, const char *path,
		       const struct hpcap_index_options *opt)
{
	struct hpcap_index *x = calloc(1, sizeof(*x));
	int err;

	if (!x)
		return -ENOMEM;
	x->dir = dir;
	x->fd = -1;
	err = set_options(x, opt);
	if (!err) {
		x->sum = hpcap_index_sum_create(x->opt.bloom_bytes);
		err = x->sum ? begin(x, path) : -ENOMEM;
	}
	if (err) {
		hpcap_index_destroy(x);
		return err;
	}
	*out = x;
	return 0;
}

/* The block behind the last one, by what is known of its records. */
static struct hpcap_index_block next_block(const struct hpcap_index *x,
					   const struct hpcap_index_sum *s, uint64_t file_end,
					   uint64_t data_end)
{
	const struct hpcap_index_block *l = &x->last;
	struct hpcap_index_block b = {
		.file_off = l->file_end,
		.file_end = file_end,
		.data_off = l->data_end,
		.data_end = data_end,
		.first_ns = s->first_ns,
		.min_ns = s->min_ns,
		.max_ns = s->max_ns,
		.low_ns = s->min_ns,
		.top_ns = s->max_ns,
		.late_ns = s->late_ns,
		.before = l->before + l->frames,
		.frames = (uint32_t)s->frames,
		.first_sum = s->first_sum,
	};

	if (!x->number)
		return b;
	b.low_ns = min_u64(l->low_ns, b.low_ns);
	if (l->top_ns > b.top_ns)
		b.top_ns = l->top_ns;
	if (l->late_ns > b.late_ns)
		b.late_ns = l->late_ns;
	if (l->top_ns > s->min_ns && l->top_ns - s->min_ns > b.late_ns)
		b.late_ns = l->top_ns - s->min_ns;
	return b;
}

static void emit_part(struct hpcap_index *x, uint32_t magic, const struct hpcap_index_block *b,
		      uint32_t bloom_sum)
{
	struct index_part part = {
		.magic = magic,
		.b = *b,
		.bloom_sum = bloom_sum,
		.number = x->number,
		.flags = x->flags,
	};

	part.sum = index_part_sum(&part);
	emit(x, &part, sizeof(part));
}

void hpcap_index_append(struct hpcap_index *x, const struct hpcap_index_sum *s,
			uint64_t file_end, uint64_t data_end)
{
	uint32_t bloom_sum = 0;

	if (!s->frames)
		return;
	x->last = next_block(x, s, file_end, data_end);
	if (s->bloom_bytes)
		bloom_sum = hpcap_crc32c(0, s->bloom, s->bloom_bytes);
	emit_part(x, INDEX_BLOCK, &x->last, bloom_sum);
	emit(x, s->bloom, s->bloom_bytes);
	x->number++;
	if (now_ns() - x->kept_ns >= KEEP_NS)
		flush(x);
}

void hpcap_index_frame(struct hpcap_index *x, const struct hpcap_record *rec, uint64_t off)
{
	struct hpcap_index_sum *s = x->sum;
	const uint64_t t = index_time(rec);

	if (s->frames &&
	    (off - x->last.file_end >= x->opt.every_bytes || s->frames == UINT32_MAX ||
	     t >= s->min_ns + x->opt.every_ns || t + x->opt.every_ns <= s->max_ns)) {
		hpcap_index_append(x, s, off, off);
		hpcap_index_sum_reset(s);
	}
	hpcap_index_sum_frame(s, rec);
}

void hpcap_index_feed(struct hpcap_index *x, const void *records, uint64_t bytes, uint64_t off)
{
	const uint8_t *p = records;
	uint64_t at = 0;

	while (at + HPCAP_REC_LEN <= bytes) {
		const struct rec_header h = rec_load(p + at);
		const struct hpcap_record rec = {
			.sec = h.sec,
			.nsec = h.nsec,
			.caplen = h.caplen,
			.len = h.len,
			.data = p + at + HPCAP_REC_LEN,
		};

		if (at + HPCAP_REC_LEN + h.caplen > bytes)
			break;
		if (!rec_is_pad(&h))
			hpcap_index_frame(x, &rec, off + at);
		at += HPCAP_REC_LEN + h.caplen;
	}
}

void hpcap_index_linear(struct hpcap_index *x)
{
	x->flags |= INDEX_LINEAR;
}

/* The end says of the file what a block says of its records. */
int hpcap_index_finish(struct hpcap_index *x, uint64_t file_end, uint64_t data_end)
{
	struct hpcap_index_block end;

	hpcap_index_append(x, x->sum, file_end, data_end);
	hpcap_index_sum_reset(x->sum);
	end = x->last;
	end.file_off = 0;
	end.data_off = 0;
	end.file_end = file_end;
	end.data_end = data_end;
	end.min_ns = end.low_ns;
	end.max_ns = end.top_ns;
	end.before += end.frames;
	end.frames = 0;
	emit_part(x, INDEX_END, &end, 0);
	flush(x);
	if (!x->err && fdatasync(x->fd) && errno != EINVAL)
		x->err = -errno;
	if (!x->err && x->opt.aside && renameat(x->dir, x->path_new, x->dir, x->path))
		x->err = -errno;
	if (!x->err)
		x->opt.aside = false;
	return x->err;
}

void hpcap_index_destroy(struct hpcap_index *x)
{
	if (!x)
		return;
	if (x->fd >= 0) {
		flush(x);
		close(x->fd);
		if (x->opt.aside)
			unlinkat(x->dir, x->path_new, 0);
	}
	hpcap_index_sum_destroy(x->sum);
	free(x);
}
