// SPDX-License-Identifier: LGPL-2.1-or-later
/* Read an index: what it covers, where a time is. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "index_disk.h"
#include "priv.h"

enum {
	USEC_NS = 1000, /* digits that a file of microseconds has lost */
};

/**
 * struct hpcap_index_map - an index that is being read
 * @fd: of the index
 * @stride: bytes from one block to the next
 * @file_size: of the capture file
 * @finished: it has an end
 * @info: for the caller
 * @blocks: as on the disk, NULL before load
 */
struct hpcap_index_map {
	int fd;
	size_t stride;
	uint64_t file_size;
	bool finished;
	struct hpcap_index_info info;
	uint8_t *blocks;
};

static int read_at(int fd, void *to, size_t size, uint64_t off)
{
	char *p = to;

	while (size) {
		ssize_t n = pread(fd, p, size, (off_t)off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EBADMSG;
		p += n;
		off += (uint64_t)n;
		size -= (size_t)n;
	}
	return 0;
}

static bool is_bloom_size(uint32_t n)
{
	return n <= HPCAP_INDEX_BLOOM_MAX && !(n & (n - 1)) && (n == 0 || n >= 8);
}

static int read_head(struct hpcap_index_map *m)
{
	struct index_head h;
	int err = read_at(m->fd, &h, sizeof(h), 0);

	if (err)
		return err;
	if (h.magic != INDEX_MAGIC)
		return -EBADMSG;
	if (h.version != HPCAP_INDEX_VERSION || h.hashes != HPCAP_BLOOM_HASHES)
		return -EPROTO;
	if (h.sum != index_head_sum(&h) || !is_bloom_size(h.bloom_bytes))
		return -EBADMSG;
	m->stride = sizeof(struct index_part) + h.bloom_bytes;
	m->info.bloom_bytes = h.bloom_bytes;
	m->info.every_ns = h.every_ns;
	m->info.every_bytes = h.every_bytes;
	return 0;
}

static bool is_sane(const struct hpcap_index_block *b)
{
	return b->file_off <= b->file_end && b->data_off <= b->data_end &&
	       b->min_ns <= b->max_ns && b->low_ns <= b->min_ns && b->max_ns <= b->top_ns;
}

/* The last bytes of an index of @size: 1 they are its end, 0 they are not. */
static int read_end(struct hpcap_index_map *m, uint64_t size, struct index_part *end)
{
	uint64_t blocks = size - sizeof(struct index_head) - sizeof(*end);
	int err;

	if (size < sizeof(struct index_head) + sizeof(*end) || blocks % m->stride)
		return 0;
	err = read_at(m->fd, end, sizeof(*end), size - sizeof(*end));
	if (err)
		return err;
	return end->magic == INDEX_END && end->sum == index_part_sum(end) &&
	       end->number == blocks / m->stride &&
	       (end->number ? is_sane(&end->b) : !end->b.before);
}

/* Of all blocks up to this one, or of the end, which says the same of the file. */
static void set_info(struct hpcap_index_map *m, const struct index_part *p)
{
	const struct hpcap_index_block *b = &p->b;

	m->info.linear = p->flags & INDEX_LINEAR;
	m->info.frames = b->before + b->frames;
	m->info.file_end = b->file_end;
	m->info.data_end = b->data_end;
	m->info.low_ns = b->low_ns;
	m->info.top_ns = b->top_ns;
	m->info.late_ns = b->late_ns;
}

/* Aligned: the stride is a multiple of eight. */
static const struct index_part *part(const struct hpcap_index_map *m, uint64_t i)
{
	return (const struct index_part *)(m->blocks + i * m->stride);
}

void hpcap_index_block(const struct hpcap_index_map *m, uint64_t i, struct hpcap_index_block *b)
{
	*b = part(m, i)->b;
}

const uint8_t *hpcap_index_bloom(const struct hpcap_index_map *m, uint64_t i)
{
	return m->info.bloom_bytes ? (const uint8_t *)(part(m, i) + 1) : NULL;
}

/* Is block number i whole, and does it continue the one before? */
static bool is_good(const struct hpcap_index_map *m, uint64_t i)
{
	const struct index_part *p = part(m, i);
	const uint32_t bloom = m->info.bloom_bytes;
	const struct hpcap_index_block *l;

	if (p->magic != INDEX_BLOCK || p->sum != index_part_sum(p) || p->number != i)
		return false;
	if (!p->b.frames || !is_sane(&p->b))
		return false;
	if (bloom && p->bloom_sum != hpcap_crc32c(0, p + 1, bloom))
		return false;
	if (i == 0)
		return p->b.file_off == 0 && p->b.data_off == 0 && p->b.before == 0;
	l = &part(m, i - 1)->b;
	return p->b.file_off == l->file_end && p->b.data_off == l->data_end &&
	       p->b.before == l->before + l->frames && p->b.top_ns >= l->top_ns &&
	       p->b.low_ns <= l->low_ns && p->b.late_ns >= l->late_ns;
}

/* Keep the blocks that are good and that the file still has. */
static int check_blocks(struct hpcap_index_map *m, uint64_t count)
{
	const struct index_part *p;
	uint64_t i;

	for (i = 0; i < count && is_good(m, i); i++) {
		p = part(m, i);
		if (p->b.file_end > m->file_size)
			break;
		if (!m->finished)
			set_info(m, p);
	}
	if (i < count && m->finished)
		return -EBADMSG;
	m->info.cut |= i < count;
	m->info.blocks = i;
	return 0;
}

int hpcap_index_load(struct hpcap_index_map *m)
{
	struct stat st;
	uint64_t size;
	int err;

	if (m->blocks)
		return 0;
	if (fstat(m->fd, &st))
		return -errno;
	size = (uint64_t)st.st_size - sizeof(struct index_head);
	if (m->finished)
		size = m->info.blocks * m->stride;
	else if (size % m->stride)
		m->info.cut = true;
	m->blocks = malloc(size ? size : 1);
	if (!m->blocks)
		return -ENOMEM;
	err = read_at(m->fd, m->blocks, size, sizeof(struct index_head));
	if (!err)
		err = check_blocks(m, size / m->stride);
	if (err) {
		free(m->blocks);
		m->blocks = NULL;
	}
	return err;
}

static int look_at(struct hpcap_index_map *m)
{
	struct index_part end;
	struct stat st;
	int err = read_head(m);

	if (err)
		return err;
	if (fstat(m->fd, &st))
		return -errno;
	err = read_end(m, (uint64_t)st.st_size, &end);
	if (err < 0)
		return err;
	m->finished = err;
	if (!m->finished)
		return hpcap_index_load(m);
	if (end.b.file_end > m->file_size)
		return -ESTALE;
	set_info(m, &end);
	m->info.blocks = end.number;
	m->info.whole = end.b.file_end == m->file_size;
	return 0;
}

int hpcap_index_open(struct hpcap_index_map **out, const char *path, uint64_t file_size)
{
	struct hpcap_index_map *m;
	char name[PATH_MAX];
	int err;

	if (snprintf(name, sizeof(name), "%s" HPCAP_INDEX_SUFFIX, path) >= (int)sizeof(name))
		return -ENAMETOOLONG;
	m = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	m->file_size = file_size;
	m->fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	err = m->fd < 0 ? -errno : look_at(m);
	if (err) {
		hpcap_index_close(m);
		return err;
	}
	*out = m;
	return 0;
}

void hpcap_index_close(struct hpcap_index_map *m)
{
	if (!m)
		return;
	if (m->fd >= 0)
		close(m->fd);
	free(m->blocks);
	free(m);
}

const struct hpcap_index_info *hpcap_index_info(const struct hpcap_index_map *m)
{
	return &m->info;
}

static uint64_t top_of(const struct hpcap_index_map *m, uint64_t i)
{
	return part(m, i)->b.top_ns;
}

/* The first block up to whose end a frame of that time or later was met. */
static uint64_t first_at(const struct hpcap_index_map *m, uint64_t from_ns)
{
	uint64_t low = 0, high = m->info.blocks;

	while (low < high) {
		uint64_t mid = low + (high - low) / 2;

		if (top_of(m, mid) < from_ns)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool has_key(const struct hpcap_index_map *m, const struct hpcap_index_query *q,
		    uint64_t i)
{
	const uint8_t *bloom = hpcap_index_bloom(m, i);
	size_t k;

	if (!q->keys || !bloom)
		return true;
	for (k = 0; k < q->keys; k++)
		if (hpcap_bloom_has(bloom, m->info.bloom_bytes, q->key[k]))
			return true;
	return false;
}

/* Can nothing from block i on be as old as that? */
static bool is_past(const struct hpcap_index_map *m, uint64_t i, uint64_t to_ns)
{
	uint64_t top;

	if (i == 0)
		return false;
	top = top_of(m, i - 1);
	return top >= m->info.late_ns && top - m->info.late_ns > to_ns;
}

bool hpcap_index_find(const struct hpcap_index_map *m, const struct hpcap_index_query *q,
		      uint64_t *i, struct hpcap_index_block *b)
{
	uint64_t to_ns = q->to_ns < UINT64_MAX - USEC_NS ? q->to_ns + USEC_NS : UINT64_MAX;
	uint64_t at = first_at(m, q->from_ns);

	if (*i > at)
		at = *i;
	for (; at < m->info.blocks && !is_past(m, at, to_ns); at++) {
		hpcap_index_block(m, at, b);
		if (b->min_ns <= to_ns && b->max_ns >= q->from_ns && has_key(m, q, at)) {
			*i = at;
			return true;
		}
	}
	return false;
}

bool hpcap_index_same(const struct hpcap_index_block *b, const struct hpcap_record *rec)
{
	const uint64_t t = index_time(rec);

	return b->first_ns - t < USEC_NS && b->first_sum == index_frame_sum(rec);
}
