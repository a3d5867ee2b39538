/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The index beside a capture file: which bytes hold which time, and, if wanted,
 * which hosts and flows. FILE.idx belongs to FILE, of any format, plain or
 * compressed.
 *
 *	index   head | block 0 | block 1 | ... | block n-1 | end
 *	                  |         |                 |
 *	file    [---------)[--------)     ...  [------)
 *
 * Guarantees:
 * - Blocks follow each other without a gap, the first from offset 0 (with the
 *   file's header), and hold whole records. Behind the first, each starts at a
 *   record, and in a compressed file at an independent compressed frame.
 * - min and max of a block are those of all its frames, in whatever order they
 *   stand: no frame of a time lies outside the blocks that cover this time.
 *   late tells how far out of order frames are: at most that much older than
 *   the newest frame before them in the file.
 * - Each part has a checksum of its own, so an index may end anywhere (power
 *   cut, a file still being written): what stands before the cut is good, and
 *   what it does not cover of the file must be read.
 * - A block knows its first frame. Who jumps there compares it
 *   (hpcap_index_same()), so an index of another file is found out.
 *
 * Errors are negative errno. An object belongs to one thread at a time. The
 * layout is in hpcap-index(5).
 */
#ifndef HPCAP_INDEX_H
#define HPCAP_INDEX_H

#include "hpcap.h"
#include "flow.h"

#define HPCAP_INDEX_SUFFIX     ".idx"
#define HPCAP_INDEX_VERSION    1u
#define HPCAP_INDEX_BLOOM_MAX  (1u << 16)
#define HPCAP_INDEX_BLOOM_GOOD (1u << 13) /* bytes for a block of 1 MiB, see flow.h */

/**
 * struct hpcap_index_block - what is known of a row of records
 * @file_off: where it starts in the file
 * @file_end: where it ends there
 * @data_off: where it starts in the uncompressed stream; @file_off if plain
 * @data_end: where it ends there
 * @first_ns: time of its first frame, nanoseconds since 1970
 * @min_ns: smallest time of its frames
 * @max_ns: largest
 * @low_ns: smallest time from the file's start to the block's end
 * @top_ns: largest time from the file's start to the block's end
 * @late_ns: how much older than the newest before it a frame was at most, from
 *           the file's start to the block's end
 * @before: frames of the file in front of the block
 * @frames: in the block, at least 1
 * @first_sum: of its first frame
 */
struct hpcap_index_block {
	uint64_t file_off;
	uint64_t file_end;
	uint64_t data_off;
	uint64_t data_end;
	uint64_t first_ns;
	uint64_t min_ns;
	uint64_t max_ns;
	uint64_t low_ns;
	uint64_t top_ns;
	uint64_t late_ns;
	uint64_t before;
	uint32_t frames;
	uint32_t first_sum;
};

/* ------------------------------- writing ------------------------------- */

/**
 * struct hpcap_index_options - how fine; all zero is a good choice
 * @every_ns: a block ends when its frames are this far apart; 0 is 100 ms
 * @every_bytes: and when it is this long; 0 is 1 MiB
 * @bloom_bytes: of filter for hosts and flows in each block, a power of two of
 *               64 up to HPCAP_INDEX_BLOOM_MAX; 0 is none. Ethernet only
 * @aside: write FILE.idx.new, which hpcap_index_finish() renames
 */
struct hpcap_index_options {
	uint64_t every_ns;
	uint64_t every_bytes;
	uint32_t bloom_bytes;
	bool aside;
};

struct hpcap_index;

/**
 * hpcap_index_create() - Begin the index of a file that is being written
 * @x: out
 * @dir: directory that @path is relative to, or AT_FDCWD
 * @path: of the capture file; an index it has already is replaced
 * @opt: NULL is all zero
 *
 * Return: 0; -EINVAL an option; -ENAMETOOLONG, -ENOMEM, what open(2) says.
 */
int hpcap_index_create(struct hpcap_index **x, int dir, const char *path,
		       const struct hpcap_index_options *opt);

/*
 * A plain file: tell each frame and where its record starts, in the order of
 * the file; the index cuts the blocks. hpcap_index_feed() takes RAW records in
 * a row, padding allowed. What stands before the first frame (a file header)
 * belongs to the first block. Errors of the disk come out of finish.
 */
void hpcap_index_frame(struct hpcap_index *x, const struct hpcap_record *rec, uint64_t off);
void hpcap_index_feed(struct hpcap_index *x, const void *records, uint64_t bytes, uint64_t off);

/*
 * A compressed file, or one whose blocks somebody else cuts: sum up the records
 * of a block in any thread, then append the sums in the order of the file. A
 * sum of no frame may be appended: its bytes go to a neighbour.
 */
struct hpcap_index_sum;

struct hpcap_index_sum *hpcap_index_sum_create(uint32_t bloom_bytes);
void hpcap_index_sum_reset(struct hpcap_index_sum *s);
void hpcap_index_sum_frame(struct hpcap_index_sum *s, const struct hpcap_record *rec);
void hpcap_index_sum_destroy(struct hpcap_index_sum *s);
void hpcap_index_append(struct hpcap_index *x, const struct hpcap_index_sum *s,
			uint64_t file_end, uint64_t data_end);

/*
 * From here on, the file holds more between its frames than frames: a new
 * interface of pcapng. Nobody may jump into it then; its times are still known.
 */
void hpcap_index_linear(struct hpcap_index *x);

/**
 * hpcap_index_finish() - End the index of a file that has all its bytes
 * @x: index
 * @file_end: bytes of the file
 * @data_end: of the uncompressed stream; @file_end if plain
 *
 * Return: 0, or the first error of a write since create: the index is then cut
 * where that happened, and good as far as it goes.
 */
int hpcap_index_finish(struct hpcap_index *x, uint64_t file_end, uint64_t data_end);

/* Without finish before: leaves a cut index; with options.aside none. */
void hpcap_index_destroy(struct hpcap_index *x);

/* ------------------------------- reading ------------------------------- */

/**
 * struct hpcap_index_info - an index as a whole
 * @whole: it was finished, and covers all of the file
 * @cut: it ends within a block, or a block is damaged: what is behind is not used
 * @linear: to be read from its start: hpcap_index_linear()
 * @blocks: that may be used; for a finished index before hpcap_index_load() as
 *          its end says
 * @frames: in them
 * @file_end: how far they cover the file
 * @data_end: the same in the uncompressed stream
 * @low_ns: smallest time of a frame; meaningless when @frames is 0
 * @top_ns: largest
 * @late_ns: as in struct hpcap_index_block
 * @bloom_bytes: of filter in each block, 0 none
 * @every_ns: option it was made with
 * @every_bytes: option it was made with
 */
struct hpcap_index_info {
	bool whole;
	bool cut;
	bool linear;
	uint64_t blocks;
	uint64_t frames;
	uint64_t file_end;
	uint64_t data_end;
	uint64_t low_ns;
	uint64_t top_ns;
	uint64_t late_ns;
	uint32_t bloom_bytes;
	uint64_t every_ns;
	uint64_t every_bytes;
};

struct hpcap_index_map;

/**
 * hpcap_index_open() - Open the index of a capture file
 * @m: out
 * @path: of the capture file
 * @file_size: bytes of the capture file now
 *
 * Reads the head and the end only when the index was finished.
 *
 * Return: 0; -ENOENT none; -EPROTO another version; -EBADMSG not an index, or
 * damaged at its head; -ESTALE the file is shorter than it was, or another;
 * -ENOMEM or what read(2) says.
 */
int hpcap_index_open(struct hpcap_index_map **m, const char *path, uint64_t file_size);
void hpcap_index_close(struct hpcap_index_map *m);

const struct hpcap_index_info *hpcap_index_info(const struct hpcap_index_map *m);

/* Read the blocks, check each. 0, -EBADMSG (a finished index is damaged), -ENOMEM, -EIO. */
int hpcap_index_load(struct hpcap_index_map *m);

/* Block number @i of a loaded index. */
void hpcap_index_block(const struct hpcap_index_map *m, uint64_t i,
		       struct hpcap_index_block *b);

/* Its filter, options.bloom_bytes of it; NULL when there is none. */
const uint8_t *hpcap_index_bloom(const struct hpcap_index_map *m, uint64_t i);

/**
 * struct hpcap_index_query - what is looked for
 * @from_ns: smallest time
 * @to_ns: largest time
 * @key: hosts and flows, of which any will do
 * @keys: how many, 0 for no matter which
 */
struct hpcap_index_query {
	uint64_t from_ns;
	uint64_t to_ns;
	const uint64_t *key;
	size_t keys;
};

/**
 * hpcap_index_find() - Next block that may hold what is looked for
 * @m: loaded index
 * @q: query
 * @i: in: look from this block on; out: the block
 * @b: filled in
 *
 * Jumps by halving to the first block in question, and ends as soon as @late_ns
 * says that nothing can follow.
 *
 * Return: true when there is one.
 */
bool hpcap_index_find(const struct hpcap_index_map *m, const struct hpcap_index_query *q,
		      uint64_t *i, struct hpcap_index_block *b);

/* Is this the frame that the block starts with? Microsecond files lose digits. */
bool hpcap_index_same(const struct hpcap_index_block *b, const struct hpcap_record *rec);

#endif /* HPCAP_INDEX_H */
