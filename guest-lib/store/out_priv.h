/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of out share: out.c, out_blocks.c, out_file.c, out_fault.c. */
#ifndef STORE_OUT_PRIV_H
#define STORE_OUT_PRIV_H

#include "out.h"

enum {
	OUT_HEAD_MAX = 8192,	/* bytes before and behind the pieces of a file */
	OUT_POOL = 4,		/* blocks for each write at once: they end out of order */
	OUT_PAD_MOST = 1 << 24, /* bytes of padding: a file that ended earlier has none */
};

/**
 * struct out_file - a file being written, or waiting for its last blocks
 * @next: ended behind it
 * @f: as the volume made it
 * @vol: its volume
 * @off: bytes put in
 * @put: of these, given to blocks
 * @stream: bytes put in, before packing
 * @good: written, without a gap
 * @part: written early, to be flushed once @good reaches it
 * @begun_at_sync: where the block begins that was filled at the last flush
 * @whole: of these, up to the end of a piece
 * @flying: blocks on their way
 * @straight: its blocks go out from where they lie in the ring
 * @paused: a block went out early: straight again from the next one on
 * @straight_refused: the disk cannot reach that memory
 * @ended: nothing more comes
 * @cut: it is longer on the disk than @off
 * @crc: of what was put in
 * @done_crc: of it up to @whole
 * @line: of the journal, of what was put in
 * @done: the same, up to @whole
 * @index: beside it; NULL for none
 * @lost_before: frames of the source that were lost when it began
 * @over_sec: frames of that second on belong to the next file; 0: never
 * @over_ns: monotonic time of that second, when no frame comes to tell
 */
struct out_file {
	struct out_file *next;
	struct volume_file f;
	struct volume *vol;
	uint64_t off;
	uint64_t put;
	uint64_t stream;
	uint64_t good;
	uint64_t part;
	uint64_t begun_at_sync;
	uint64_t whole;
	unsigned int flying;
	bool straight;
	bool paused;
	bool straight_refused;
	bool ended;
	bool cut;
	uint32_t crc;
	uint32_t done_crc;
	struct journal_line line;
	struct journal_line done;
	struct hpcap_index *index;
	uint64_t lost_before;
	uint32_t over_sec;
	int64_t over_ns;
};

/**
 * struct block - one write
 * @job: for the queue; first, so that a job is a block
 * @file: it belongs to
 * @buf: our own memory, VOLUME_ALIGN aligned
 * @fill: bytes in @buf
 * @tries: it was refused
 * @is_done: reaped
 * @is_straight: @job.data is not @buf
 * @next: the next one of the series, or the next free one
 */
struct block {
	struct blkq_job job;
	struct out_file *file;
	uint8_t *buf;
	uint32_t fill;
	int tries;
	bool is_done;
	bool is_straight;
	struct block *next;
};

/**
 * struct out - a series of files
 * @opt: as given
 * @rep: what was done
 * @vol: volumes
 * @turn: the volume whose turn it is
 * @q: blocks on their way
 * @closer: files to close
 * @pool: all blocks; memory that is never used is never there
 * @nr_pool: how many
 * @free: those not in use
 * @first: on their way, in the order of the series
 * @last: where the next one is linked
 * @flying: how many are not reaped
 * @file: at hand, NULL when none is
 * @fill: block being filled, NULL when none is
 * @straight: where it begins, when the file is straight
 * @ended: files that wait for their last blocks, in order
 * @ended_end: where the next one is linked
 * @pieces: put, not released, in order
 * @pieces_end: where the next one is linked
 * @good_frames: of all files, written
 * @put_ns: when the last piece came
 * @next_sync_ns: when the open file is to be flushed
 * @sync: that time has come
 * @err: what ended the series
 */
struct out {
	struct out_options opt;
	struct out_report rep;
	struct volume vol[VOLUMES_MAX];
	int turn;
	struct blkq *q;
	struct closer *closer;
	struct block *pool;
	unsigned int nr_pool;
	struct block *free;
	struct block *first;
	struct block **last;
	unsigned int flying;
	struct out_file *file;
	struct block *fill;
	const uint8_t *straight;
	struct out_file *ended;
	struct out_file **ended_end;
	struct piece *pieces;
	struct piece **pieces_end;
	uint64_t good_frames;
	int64_t put_ns;
	int64_t next_sync_ns;
	bool sync;
	int err;
};

/* out_blocks.c */
void out_drop_piece(struct out *o, struct piece *p);
void out_release(struct out *o);
void out_step(struct out *o);
void out_drain(struct out *o);
void out_forget_blocks(struct out *o, const struct out_file *f);
struct block *out_block(struct out *o, struct out_file *f);
void out_submit(struct out *o, struct block *b, const uint8_t *data, uint64_t size,
		uint64_t off);

/* out_file.c */
bool out_begin(struct out *o, const struct piece *p);
void out_note(struct journal_line *line, const struct piece *p);
void out_close(struct out *o, struct out_file *f);
void out_close_ended(struct out *o);

/* out_fault.c */
void out_fault(struct out *o, struct out_file *f, int err);
bool out_taken_back(struct out *o, struct out_file *f);
void out_lose_piece(struct out *o, struct piece *p);
void out_volume_failed(struct out *o, struct volume *v, int err);
void out_volume_works(struct out *o, struct volume *v);
bool out_may_try(const struct out *o, const struct volume *v);
bool out_tidy(struct out *o, int err, uint64_t need);

#endif /* STORE_OUT_PRIV_H */
