/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line for each file that was closed, in <volume>/hpcap.journal; see hpcap(5). */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_NAME "hpcap.journal"

/**
 * struct journal_line - what is told of one file
 * @path: relative to the volume
 * @format: "raw", "pcap", "pcapng"
 * @packing: "plain", "zstd", "lz4"
 * @reason: why it ended: "size", "time", "end", "fault", "ring", "repair"
 * @first_sec: time of the first frame
 * @first_nsec: its nanoseconds
 * @last_sec: time of the last frame
 * @last_nsec: its nanoseconds
 * @frames: in the file
 * @bytes: of the file
 * @lost: frames that did not come into this series while the file was open
 * @crc32c: of the whole file
 */
struct journal_line {
	const char *path;
	const char *format;
	const char *packing;
	const char *reason;
	uint32_t first_sec, first_nsec;
	uint32_t last_sec, last_nsec;
	uint64_t frames;
	uint64_t bytes;
	uint64_t lost;
	uint32_t crc32c;
};

/*
 * Append a line and have it on the medium; the file it tells of must be there
 * already. A line that a power cut left unfinished is ended first.
 * Return: 0 or why not.
 */
int journal_append(const char *volume, const struct journal_line *line);

/**
 * struct journal_place - whose journal tells of a file
 * @full: of the volume, and of the file
 * @volume: the directory, two names above the file
 * @name: of the file, relative to it
 */
struct journal_place {
	char full[2 * PATH_MAX];
	const char *volume;
	const char *name;
};

/* Return: 0; -ENOENT there is no journal; or another errno. */
int journal_place(const char *path, struct journal_place *place);

/**
 * struct journal_said - what the last line of a file tells
 * @frames: in it
 * @bytes: of it
 * @lost: frames
 */
struct journal_said {
	uint64_t frames;
	uint64_t bytes;
	uint64_t lost;
};

/* False: there is no such line. */
bool journal_find(const struct journal_place *place, struct journal_said *said);

#endif /* STORE_JOURNAL_H */
