// SPDX-License-Identifier: GPL-2.0-or-later
/* checkraw --repair: cut behind the last whole record. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <crc32c.h>
#include <hpcap_file.h>
#include <priv.h>
#include <store/journal.h>
#include "cli.h"
#include "repair.h"

enum {
	PAGE = 4096, /* what is written is written in units of it, at least */
	CHUNK = 1 << 20
};

/**
 * struct part - of a file, between holes
 * @from: where it begins
 * @to: where it ends
 */
struct part {
	off_t from;
	off_t to;
};

/**
 * struct work - a file under repair
 * @fd: open for reading and writing
 * @part: what was written, asked before anything was read: a hole that is in the page
 *	cache may be told as data
 * @nr_parts: of them
 * @map: all of it
 * @size: bytes of it
 * @end: where the last whole record or padding ends
 * @padded: a padding record ends the file as it should
 * @filled: bytes of holes between records, made padding
 * @frames: whole ones
 * @first: header of the first one
 * @last: of the last one
 */
struct work {
	int fd;
	struct part *part;
	size_t nr_parts;
	const uint8_t *map;
	uint64_t size;
	uint64_t end;
	bool padded;
	uint64_t filled;
	uint64_t frames;
	struct rec_header first;
	struct rec_header last;
};

/* Where the zeros that a part ends with begin, up to the end of their page. */
static uint64_t before_zeros(const uint8_t *map, uint64_t from, uint64_t to)
{
	uint64_t at = to;

	while (at > from && !map[at - 1])
		at--;
	return min_u64((at + PAGE - 1) / PAGE * PAGE, to);
}

static void note(struct work *w, const struct rec_header *h)
{
	if (!w->frames++)
		w->first = *h;
	w->last = *h;
}

/* Records from @pos on, none beyond @limit. Return: where the last one ends. */
static uint64_t walk(struct work *w, uint64_t pos, uint64_t limit)
{
	while (pos + HPCAP_REC_LEN <= limit) {
		struct rec_header h = rec_load(w->map + pos);
		uint64_t end = pos + HPCAP_REC_LEN + h.caplen;

		if (rec_is_pad(&h)) {
			w->padded = end == w->size && h.caplen == h.len;
			if (w->padded)
				return end;
		}
		if (end > limit || (rec_is_pad(&h) ? !h.caplen : rec_is_bad(&h)))
			break;
		if (!rec_is_pad(&h))
			note(w, &h);
		pos = end;
	}
	return pos;
}

/* The next place that is a record without doubt; @limit when there is none. */
static uint64_t resync(const struct work *w, uint64_t pos, uint64_t limit)
{
	while (pos < limit && !hpcap_raw_chain(w->map + pos, limit - pos, false, &w->last))
		pos++;
	return pos;
}

/* One written part: stretches of records, damage between them stays as it is. */
static uint64_t walk_part(struct work *w, uint64_t pos, uint64_t limit)
{
	uint64_t end = pos;

	while (pos < limit && !w->padded) {
		end = walk(w, pos, limit);
		pos = end < limit && !w->padded ? resync(w, end + 1, limit) : limit;
	}
	return end;
}

/* Padding records from @from to @to, at least one header apart. */
static int fill(const struct work *w, uint64_t from, uint64_t to)
{
	static const uint8_t zeros[HPCAP_REC_LEN + UINT16_MAX];
	struct rec_header h = {0};
	uint8_t *pad = malloc(sizeof(zeros));
	int err = pad ? 0 : -ENOMEM;

	while (!err && to - from >= HPCAP_REC_LEN) {
		uint64_t n = rec_pad_bytes(to - from);

		memcpy(pad, zeros, n);
		h.caplen = h.len = (uint32_t)(n - HPCAP_REC_LEN);
		rec_store(pad, &h);
		if (pwrite(w->fd, pad, n, (off_t)from) != (ssize_t)n)
			err = -EIO;
		from += n;
	}
	free(pad);
	return err;
}

/*
 * Blocks reach the disk in any order: before the last one that did, others may be
 * missing. Such a hole and what it makes unreadable becomes padding.
 */
static int find(struct work *w)
{
	uint64_t pos = 0, limit, end;
	size_t i;
	int err = 0;

	for (i = 0; i < w->nr_parts && !err && !w->padded; i++) {
		const uint64_t from = (uint64_t)w->part[i].from;

		limit = before_zeros(w->map, from, (uint64_t)w->part[i].to);
		if (from > 0)
			pos = resync(w, from, limit);
		if (pos >= limit)
			continue;
		end = w->end;
		w->end = walk_part(w, pos, limit);
		if (from > 0 && w->frames && pos - end >= HPCAP_REC_LEN) {
			err = fill(w, end, pos);
			w->filled += pos - end;
		}
	}
	return err;
}

/* What is written, without what merely was read. Return: 0 or -errno. */
static int list_parts(struct work *w)
{
	struct part p = {0}, *more;

	posix_fadvise(w->fd, 0, 0, POSIX_FADV_DONTNEED);
	while ((p.from = lseek(w->fd, p.to, SEEK_DATA)) >= 0) {
		p.to = lseek(w->fd, p.from, SEEK_HOLE);
		if (p.to < 0)
			return -errno;
		more = realloc(w->part, (w->nr_parts + 1) * sizeof(p));
		if (!more)
			return -ENOMEM;
		w->part = more;
		w->part[w->nr_parts++] = p;
	}
	return errno == ENXIO ? 0 : -errno;
}

static int crc_of(int fd, uint64_t size, uint32_t *crc)
{
	uint8_t *buf = malloc(CHUNK);
	uint64_t at = 0;
	ssize_t n = 0;

	*crc = 0;
	while (buf && at < size && (n = pread(fd, buf, CHUNK, (off_t)at)) > 0) {
		*crc = hpcap_crc32c(*crc, buf, (size_t)n);
		at += (uint64_t)n;
	}
	free(buf);
	return at == size ? 0 : n < 0 ? -errno : -EIO;
}

/* The volume is two names up: <volume>/<second>/<file>. No journal there: no line. */
static int add_line(const struct work *w, const char *path)
{
	struct journal_line line = {
		.format = "raw",
		.packing = "plain",
		.reason = "repair",
		.first_sec = w->first.sec,
		.first_nsec = w->first.nsec,
		.last_sec = w->last.sec,
		.last_nsec = w->last.nsec,
		.frames = w->frames,
		.bytes = w->end,
	};
	struct journal_place place;
	int err = journal_place(path, &place);

	if (err)
		return err == -ENOENT ? 0 : err;
	line.path = place.name;
	err = crc_of(w->fd, w->end, &line.crc32c);
	return err ? err : journal_append(place.volume, &line);
}

static int repair_map(struct work *w, const char *path, struct repair *r)
{
	struct work whole = *w;
	struct rec_header h = {0};
	int err;

	if (w->size >= HPCAP_REC_LEN)
		h = rec_load(w->map);
	if (!rec_is_pad(&h) && rec_is_bad(&h))
		return -EMEDIUMTYPE;
	if (walk(&whole, 0, w->size) == w->size) {
		r->frames = whole.frames;
		return 0;
	}
	err = find(w);
	if (err)
		return err;
	r->frames = w->frames;
	r->filled = w->filled;
	if (!w->frames)
		return -ENODATA;
	if (w->end == w->size && !w->filled)
		return 0;
	r->is = w->end;
	if (ftruncate(w->fd, (off_t)w->end) || fsync(w->fd))
		return -errno;
	err = add_line(w, path);
	return err ? err : 1;
}

static int repair_open(int fd, const char *path, struct repair *r)
{
	struct work w = {.fd = fd};
	struct stat st;
	void *map;
	int ret;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EMEDIUMTYPE;
	r->was = r->is = w.size = (uint64_t)st.st_size;
	if (!w.size)
		return -ENODATA;
	ret = list_parts(&w);
	map = ret ? MAP_FAILED : mmap(NULL, w.size, PROT_READ, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED) {
		w.map = map;
		ret = repair_map(&w, path, r);
		munmap(map, w.size);
	} else if (!ret) {
		ret = -errno;
	}
	free(w.part);
	return ret;
}

int repair_file(const char *path, struct repair *r)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB))
		ret = errno == EWOULDBLOCK ? -EBUSY : -errno;
	else
		ret = repair_open(fd, path, r);
	close(fd);
	return ret;
}

static const char *why(int err)
{
	switch (err) {
	case -EBUSY:
		return "is being written, left alone";
	case -EMEDIUMTYPE:
		return "not a plain RAW file, left alone";
	case -ENODATA:
		return "holds no record, left alone";
	default:
		return strerror(-err);
	}
}

int repair_all(char **path, int n, bool quiet)
{
	int status = CLI_OK, i;

	for (i = 0; i < n; i++) {
		struct repair r = {0};
		int ret = repair_file(path[i], &r);

		if (ret < 0) {
			cli_error("%s: %s", path[i], why(ret));
			status = CLI_FAILED;
		} else if (ret) {
			fprintf(stderr,
				"checkraw: %s: cut from %" PRIu64 " to %" PRIu64
				" bytes, %" PRIu64 " frames, %" PRIu64
				" bytes of holes made padding\n",
				path[i], r.was, r.is, r.frames, r.filled);
		} else if (!quiet) {
			fprintf(stderr, "checkraw: %s: nothing to repair\n", path[i]);
		}
	}
	return status;
}
