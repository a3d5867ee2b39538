// SPDX-License-Identifier: LGPL-2.1-or-later
/* Bytes of a file, a pipe or memory, unpacked on the way. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ahead.h"
#include "priv.h"
#include "stream.h"
#include "unpack.h"

enum {
	SNIFF = 4,	  /* bytes that tell how a file is packed */
	CHUNK_MIN = 4096, /* bytes of input buffer */
};

/**
 * struct hpcap_stream - bytes on their way
 * @fd: -1 for memory, and while parked
 * @mem: the bytes, when they are in memory
 * @mem_size: how many
 * @path: to open it again; NULL when that cannot be
 * @ahead: reads @fd; NULL: nobody does
 * @file_size: 0 for a pipe
 * @limit: where bytes begin that were never written
 * @pos: where in the file or memory
 * @fetched: bytes taken from there
 * @packing: known once @sniffed
 * @sniffed: the first bytes were looked at
 * @eof: the file gave all there is
 * @cut: it ended within a packed frame
 * @unpack: NULL when plain
 * @chunk: bytes of @buf
 * @start: next byte in @buf
 * @end: bytes in @buf
 * @buf: packed bytes; of a plain file only the first few
 * @keep: remember @place
 * @made: bytes unpacked so far
 * @place: starts of packed frames, by offset
 * @nr_places: how many
 * @room_places: memory for as many
 * @error: in words
 */
struct hpcap_stream {
	int fd;
	const uint8_t *mem;
	size_t mem_size;
	char *path;
	struct hpcap_ahead *ahead;
	uint64_t file_size;
	uint64_t limit;
	uint64_t pos;
	uint64_t fetched;
	enum hpcap_packing packing;
	bool sniffed;
	bool eof;
	bool cut;
	struct hpcap_unpack *unpack;
	uint32_t chunk;
	size_t start;
	size_t end;
	uint8_t *buf;
	bool keep;
	uint64_t made;
	struct hpcap_place *place;
	size_t nr_places;
	size_t room_places;
	char error[160];
};

static int create(struct hpcap_stream **out, int fd, uint32_t chunk)
{
	struct hpcap_stream *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->fd = fd;
	s->limit = UINT64_MAX;
	s->chunk = chunk < CHUNK_MIN ? CHUNK_MIN : chunk;
	s->buf = malloc(s->chunk);
	if (!s->buf) {
		free(s);
		return -ENOMEM;
	}
	*out = s;
	return 0;
}

int hpcap_stream_open_fd(struct hpcap_stream **s, int fd, uint32_t chunk)
{
	uint64_t written;
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	err = create(s, fd, chunk);
	if (err)
		return err;
	if (S_ISREG(st.st_mode)) {
		(*s)->file_size = (uint64_t)st.st_size;
		written = hpcap_stream_written(fd, (*s)->file_size);
		if (written < (*s)->file_size)
			(*s)->limit = written;
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	return 0;
}

int hpcap_stream_open(struct hpcap_stream **s, const char *path, uint32_t chunk)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = hpcap_stream_open_fd(s, fd, chunk);
	if (err) {
		if (!is_stdin)
			close(fd);
		return err;
	}
	/* Without a copy of the path it is only not parked. */
	if (!is_stdin && (*s)->file_size)
		(*s)->path = strdup(path);
	return 0;
}

int hpcap_stream_open_memory(struct hpcap_stream **s, const void *data, size_t size,
			     uint32_t chunk)
{
	int err = create(s, -1, chunk);

	if (err)
		return err;
	(*s)->mem = data;
	(*s)->mem_size = size;
	(*s)->file_size = size;
	return 0;
}

void hpcap_stream_close(struct hpcap_stream *s)
{
	if (!s)
		return;
	hpcap_ahead_destroy(s->ahead);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	hpcap_unpack_destroy(s->unpack);
	free(s->path);
	free(s->place);
	free(s->buf);
	free(s);
}

void hpcap_stream_park(struct hpcap_stream *s)
{
	if (!s->path || s->fd < 0)
		return;
	hpcap_ahead_destroy(s->ahead);
	s->ahead = NULL;
	close(s->fd);
	s->fd = -1;
}

void hpcap_stream_read_ahead(struct hpcap_stream *s)
{
	if (s->fd < 0 || s->ahead || s->file_size < HPCAP_AHEAD_MIN)
		return;
	/* without it the file is read as ever */
	if (hpcap_ahead_create(&s->ahead, s->fd, s->pos, s->limit))
		s->ahead = NULL;
}

static int unpark(struct hpcap_stream *s)
{
	s->fd = open(s->path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return -errno;
	return lseek(s->fd, (off_t)s->pos, SEEK_SET) < 0 ? -errno : 0;
}

/* Bytes as they are in the file: how many, 0 at its end, or a negative errno. */
static ssize_t fetch(struct hpcap_stream *s, void *buf, size_t size)
{
	ssize_t n;

	if (s->eof)
		return 0;
	if (s->fd < 0 && s->path) {
		int err = unpark(s);

		if (err)
			return err;
	}
	if (s->fd < 0) {
		n = (ssize_t)min_u64(size, s->mem_size - s->pos);
		if (n)
			memcpy(buf, s->mem + s->pos, (size_t)n);
	} else if (s->ahead) {
		n = hpcap_ahead_read(s->ahead, buf, size);
		if (n < 0)
			return n;
	} else {
		size = s->pos < s->limit ? min_u64(size, s->limit - s->pos) : 0;
		do
			n = read(s->fd, buf, size);
		while (n < 0 && errno == EINTR);
	}
	if (n < 0)
		return -errno;
	s->eof = n == 0;
	s->pos += (uint64_t)n;
	s->fetched += (uint64_t)n;
	return n;
}

/* The first bytes of the file, and the unpacker that they ask for. */
static int sniff(struct hpcap_stream *s)
{
	while (s->end < SNIFF) {
		ssize_t n = fetch(s, s->buf + s->end, SNIFF - s->end);

		if (n < 0)
			return (int)n;
		if (n == 0)
			break;
		s->end += (size_t)n;
	}
	s->packing = hpcap_unpack_sniff(s->buf, s->end);
	s->sniffed = true;
	return s->packing == HPCAP_PLAIN ? 0 : hpcap_unpack_create(&s->unpack, s->packing);
}

static ssize_t read_plain(struct hpcap_stream *s, void *buf, size_t size)
{
	size_t n = s->end - s->start;

	if (!n)
		return fetch(s, buf, size);
	n = min_u64(n, size);
	memcpy(buf, s->buf + s->start, n);
	s->start += n;
	return (ssize_t)n;
}

static ssize_t fail_unpack(struct hpcap_stream *s, const char *why)
{
	snprintf(s->error, sizeof(s->error),
		 "%s data damaged before byte %" PRIu64 " of the file (%s)",
		 hpcap_packing_name(s->packing), s->pos - (s->end - s->start), why);
	return -EBADMSG;
}

static ssize_t end_unpack(struct hpcap_stream *s)
{
	if (!hpcap_unpack_is_between(s->unpack)) {
		s->cut = true;
		snprintf(s->error, sizeof(s->error),
			 "the file ends at byte %" PRIu64 " within %s data", s->pos,
			 hpcap_packing_name(s->packing));
	}
	return 0;
}

void hpcap_stream_keep_places(struct hpcap_stream *s)
{
	s->keep = true;
}

/* What is to be unpacked next starts a packed frame. */
static int add_place(struct hpcap_stream *s)
{
	const struct hpcap_place here = {s->pos - (s->end - s->start), s->made};

	/* frames without a byte, as zstd's skippable ones, are no places */
	if (s->nr_places && s->place[s->nr_places - 1].data == here.data)
		s->nr_places--;
	if (s->nr_places == s->room_places) {
		size_t room = s->room_places ? 2 * s->room_places : 64;
		struct hpcap_place *more = realloc(s->place, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->place = more;
		s->room_places = room;
	}
	s->place[s->nr_places++] = here;
	return 0;
}

bool hpcap_stream_place(struct hpcap_stream *s, uint64_t data, struct hpcap_place *place)
{
	size_t n = 0;

	while (n < s->nr_places && s->place[n].data <= data)
		n++;
	if (!n)
		return false;
	*place = s->place[n - 1];
	s->nr_places -= n - 1;
	memmove(s->place, s->place + n - 1, s->nr_places * sizeof(*s->place));
	return true;
}

static ssize_t read_packed(struct hpcap_stream *s, void *buf, size_t size)
{
	for (;;) {
		size_t used = s->end - s->start, made = size;
		const char *why;
		ssize_t n;

		if (s->keep && used && hpcap_unpack_is_between(s->unpack) && add_place(s))
			return -ENOMEM;
		why = hpcap_unpack_step(s->unpack, s->buf + s->start, &used, buf, &made);
		if (why)
			return fail_unpack(s, why);
		s->start += used;
		s->made += made;
		if (made)
			return (ssize_t)made;
		if (s->start < s->end && !used)
			return fail_unpack(s, "no progress");
		if (s->start < s->end)
			continue;
		n = fetch(s, s->buf, s->chunk);
		if (n < 0)
			return n;
		if (n == 0)
			return end_unpack(s);
		s->start = 0;
		s->end = (size_t)n;
	}
}

ssize_t hpcap_stream_read(struct hpcap_stream *s, void *buf, size_t size)
{
	int err = s->sniffed ? 0 : sniff(s);

	if (err)
		return err;
	return s->unpack ? read_packed(s, buf, size) : read_plain(s, buf, size);
}

int hpcap_stream_seek(struct hpcap_stream *s, uint64_t file)
{
	if (!s->file_size)
		return -ESPIPE;
	if (file > s->file_size)
		return -EINVAL;
	hpcap_ahead_destroy(s->ahead);
	s->ahead = NULL;
	if (s->fd >= 0 && lseek(s->fd, (off_t)file, SEEK_SET) < 0)
		return -errno;
	s->pos = file;
	s->start = 0;
	s->end = 0;
	s->eof = false;
	s->cut = false;
	s->error[0] = 0;
	if (s->unpack)
		hpcap_unpack_reset(s->unpack);
	return 0;
}

enum hpcap_packing hpcap_stream_packing(const struct hpcap_stream *s)
{
	return s->packing;
}

const char *hpcap_stream_error(const struct hpcap_stream *s)
{
	return s->error;
}

bool hpcap_stream_is_cut(const struct hpcap_stream *s)
{
	return s->cut;
}

uint64_t hpcap_stream_file_bytes(const struct hpcap_stream *s)
{
	return s->fetched;
}

uint64_t hpcap_stream_file_size(const struct hpcap_stream *s)
{
	return s->file_size;
}
