// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A disk as a power cut would have left it, out of a log that device mapper's
 * log-writes target made: writes stand there in the order in which they became safe,
 * those that no flush followed behind it.
 *	logcut LOG			prints how many entries it has
 *	logcut LOG IMAGE FROM TO	does entries FROM to TO - 1 to the image, and prints
 *					the last mark in front of TO
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	DISCARD = 1 << 2,
	MARK = 1 << 3,
	PIECE = 1 << 20,
};

#define MAGIC 0x6a736677736872ull

struct super {
	uint64_t magic;
	uint64_t version;
	uint64_t nr_entries;
	uint32_t sector_size;
};

struct entry {
	uint64_t sector;
	uint64_t nr_sectors;
	uint64_t flags;
	uint64_t data_len;
};

static uint64_t sector_size;
static char piece[PIECE];

static void die(const char *what)
{
	fprintf(stderr, "logcut: %s: %s\n", what, errno ? strerror(errno) : "no such log");
	exit(1);
}

static void read_all(int fd, void *to, size_t size, uint64_t off)
{
	ssize_t n = pread(fd, to, size, (off_t)off);

	if (n != (ssize_t)size) {
		errno = n < 0 ? errno : EIO;
		die("reading the log");
	}
}

/* What was written: from the log to the image. A discarded part stays as it is. */
static void apply(int log, int image, const struct entry *e, uint64_t data)
{
	uint64_t left = e->nr_sectors * sector_size, to = e->sector * sector_size;

	while (left) {
		size_t n = left < PIECE ? left : PIECE;

		read_all(log, piece, n, data);
		if (pwrite(image, piece, n, (off_t)to) != (ssize_t)n)
			die("writing the image");
		data += n;
		to += n;
		left -= n;
	}
}

static uint64_t begin(int log)
{
	struct super s;

	read_all(log, &s, sizeof(s), 0);
	errno = 0;
	sector_size = le32toh(s.sector_size);
	if (le64toh(s.magic) != MAGIC || !sector_size)
		die("reading the log");
	return le64toh(s.nr_entries);
}

/* Step over an entry at @off; @off moves on. */
static struct entry next(int log, uint64_t *off)
{
	struct entry e;

	read_all(log, &e, sizeof(e), *off);
	e.sector = le64toh(e.sector);
	e.nr_sectors = le64toh(e.nr_sectors);
	e.flags = le64toh(e.flags);
	e.data_len = le64toh(e.data_len);
	*off += sector_size;
	if (!(e.flags & (DISCARD | MARK)))
		*off += e.nr_sectors * sector_size;
	return e;
}

int main(int argc, char **argv)
{
	uint64_t nr, off, from, to, i;
	char mark[64] = "";
	int log, image;

	if (argc != 2 && argc != 5) {
		fprintf(stderr, "usage: logcut LOG [IMAGE FROM TO]\n");
		return 2;
	}
	log = open(argv[1], O_RDONLY);
	if (log < 0)
		die(argv[1]);
	nr = begin(log);
	if (argc == 2) {
		printf("%" PRIu64 "\n", nr);
		return 0;
	}
	image = open(argv[2], O_WRONLY);
	if (image < 0)
		die(argv[2]);
	from = strtoull(argv[3], NULL, 10);
	to = strtoull(argv[4], NULL, 10);
	off = sector_size;
	for (i = 0; i < to && i < nr; i++) {
		const uint64_t at = off + sector_size;
		struct entry e = next(log, &off);

		if (e.flags & MARK) {
			memset(mark, 0, sizeof(mark));
			read_all(log, mark, e.data_len < 63 ? e.data_len : 63,
				 at - sector_size + sizeof(e));
		} else if (i >= from && !(e.flags & DISCARD)) {
			apply(log, image, &e, at);
		}
	}
	printf("%s\n", mark);
	return close(image) ? 1 : 0;
}
