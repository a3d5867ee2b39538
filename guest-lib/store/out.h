/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pieces in, files out. A piece holds whole records (or is a whole packed block)
 * and belongs to one file; the file is written in blocks, several at once. A
 * piece is released when all its bytes are written, in the order they came: so
 * whatever is not on the disk yet is still in memory when a disk fails.
 *
 *	pieces  |   a   |  b  |     c     | d |   e   |		held until written
 *	blocks  |    0     |    1     |    2     |  3 ..	on their way, 3 is filling
 */
#ifndef STORE_OUT_H
#define STORE_OUT_H

#include "blkq.h"
#include "closer.h"
#include "volume.h"

/**
 * struct piece - bytes of one file
 * @next: behind it
 * @data: of the file
 * @bytes: there
 * @is_ring: @data lies in the ring: the next piece's data follow at once
 * @own: freed with the piece
 * @sum: for the index, NULL for none
 * @stream: bytes before they were packed
 * @from: position in the source of its first byte
 * @till: and behind its last one
 * @frames: in it
 * @first_sec: time of its first frame
 * @first_nsec: its nanoseconds
 * @last_sec: time of its last frame
 * @last_nsec: its nanoseconds
 * @file: it went to
 * @end: offset behind it in that file
 * @stream_end: the same before packing
 * @crc: of the file up to there
 */
struct piece {
	struct piece *next;
	const uint8_t *data;
	uint64_t bytes;
	bool is_ring;
	void *own;
	struct hpcap_index_sum *sum;
	uint64_t stream;
	uint64_t from, till;
	uint64_t frames;
	uint32_t first_sec, first_nsec;
	uint32_t last_sec, last_nsec;
	struct out_file *file;
	uint64_t end;
	uint64_t stream_end;
	uint32_t crc;
};

/**
 * struct out_frame - what stands around the pieces of each file
 * @arg: for the functions
 * @head: what a file begins with: bytes, at most @size, or a negative errno;
 *        @stream is set to the bytes before packing
 * @tail: what it ends with, knowing what is in it
 */
struct out_frame {
	void *arg;
	int (*head)(void *arg, uint8_t *buf, uint32_t size, uint32_t *stream);
	int (*tail)(void *arg, uint8_t *buf, uint32_t size, uint32_t *stream,
		    const struct journal_line *line);
};

/**
 * struct out_options - where to and how
 * @volume: directories
 * @nr_volumes: how many
 * @naming: of files
 * @format: for the journal
 * @packing: for the journal
 * @pad: plain RAW: files of exactly @file_size, padded
 * @direct: past the page cache
 * @stop_on_fault: the first fault ends the series
 * @sync_s: seconds between flushes of the open file; 0 with each write; -1 never
 * @block: bytes of a write, multiple of VOLUME_ALIGN
 * @depth: writes at once
 * @io: how
 * @file_size: bytes
 * @rotate_s: a new file at each multiple of so many seconds; 0 never
 * @index: an index beside each file
 * @sum: what the index wants to know of a piece that was put without; may be NULL
 * @limits: what to keep
 * @frame: around the pieces; functions may be NULL
 * @release: called with each piece that is written, or lost; then freed
 * @lost: frames of the source that got lost so far
 * @taken_back: may the source have changed what is not released? 0 no, or an error:
 *        the series ends before it; may be NULL
 * @say: messages; may be called by another thread
 * @arg: for @release, @lost, @taken_back and @say
 */
struct out_options {
	const char *volume[VOLUMES_MAX];
	int nr_volumes;
	struct naming naming;
	const char *format;
	const char *packing;
	bool pad;
	bool direct;
	bool stop_on_fault;
	int sync_s;
	uint32_t block;
	unsigned int depth;
	enum blkq_kind io;
	uint64_t file_size;
	uint32_t rotate_s;
	bool index;
	struct hpcap_index_sum *(*sum)(const void *records, uint64_t bytes);
	struct keep_limits limits;
	struct out_frame frame;
	void (*release)(void *arg, const struct piece *p);
	uint64_t (*lost)(void *arg);
	int (*taken_back)(void *arg);
	void (*say)(void *arg, const char *text);
	void *arg;
};

/**
 * struct out_report - what was done
 * @files: begun
 * @bytes: of file, padding included
 * @straight_bytes: of these, written from the source without a copy
 * @refused: times O_DIRECT was asked for and refused
 * @faults: times a volume failed
 * @lost_frames: given up because no volume took them
 * @lost_bytes: of these
 * @removed: files, by retention, in the background
 * @removed_here: and because a volume was full
 * @doubtful_frames: written, but a flush failed: they may be there or not
 * @safe_frames: that survive a power cut
 * @io: "io_uring" or "threads"
 * @path: of the file begun last, relative to its volume
 */
struct out_report {
	uint64_t files;
	uint64_t bytes;
	uint64_t straight_bytes;
	uint64_t refused;
	uint64_t faults;
	uint64_t lost_frames;
	uint64_t lost_bytes;
	uint64_t removed;
	uint64_t removed_here;
	uint64_t doubtful_frames;
	uint64_t safe_frames;
	const char *io;
	char path[FILE_NAME_LEN];
};

struct out;

/* Monotonic clock, nanoseconds. */
int64_t out_now_ns(void);

/* Return: 0 or a negative errno. */
int out_create(struct out **o, const struct out_options *opt);

/* Gives up what is not finished. */
void out_destroy(struct out *o);

/* Bytes of records that the file at hand still takes; with none, a new one. */
uint64_t out_room(const struct out *o);

/*
 * What the address of a file's first record must be a multiple of, for the file to be
 * written from where its records lie: by the file at hand; 0 when that does not matter.
 */
uint32_t out_mem_align(const struct out *o);

/* Does a frame of that second belong to the next file? */
bool out_is_over(const struct out *o, uint32_t sec);

/* Is there a place for one more block on its way? */
bool out_is_ready(const struct out *o);

/* Is anything on its way? */
bool out_is_busy(const struct out *o);

/*
 * Take a piece, freed when it is released. Return: 0; else what ended the series
 * (stop_on_fault), the piece is released all the same.
 */
int out_put(struct out *o, struct piece *p);

/* See what has ended, hold the clock: call it often. Return: as out_put(). */
int out_pump(struct out *o);

/* Readable when out_pump() has something to do. */
int out_fd(const struct out *o);

/* End the file at hand; the next piece begins another. */
void out_end_file(struct out *o, const char *reason);

/* End the file and wait until all is on the disk. Return: as out_put(). */
int out_finish(struct out *o);

const struct out_report *out_report(struct out *o);

#endif /* STORE_OUT_H */
