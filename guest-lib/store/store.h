/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a ring to files: the writing engine of hpcapdd. It takes whole records,
 * has them encoded and packed where that is asked for, lets them be written, and
 * gives a position back only when what lies before it is written or copied.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "frames.h"
#include "hpcap.h"
#include "out.h"

enum {
	STORE_WORKERS_MAX = 64,
	STORE_COMMENT_MAX = 1024,
};

/**
 * struct store_options - all zero but @volume is a good choice
 * @volume: directories; none: frames are only counted
 * @nr_volumes: how many
 * @adapter: for the names
 * @queue: for the names
 * @format: 0 is RAW
 * @packing: of blocks
 * @level: of packing
 * @workers: threads that encode and pack; 0 is 2
 * @comment: of a pcapng file; NULL for none
 * @block: bytes of a write; 0 is 1 MiB
 * @file_size: 0 is 2 GiB
 * @rotate_s: seconds; 0 never
 * @depth: writes at once; 0 is 8
 * @io: how
 * @buffered: through the page cache
 * @stop_on_fault: the first fault ends all
 * @sync_s: seconds between two flushes; -1 never; 0 is 1
 * @sync_each: each write is on the medium before it counts
 * @no_index: leave no index beside the files
 * @limits: what to keep
 * @say: messages, may be called by another thread
 * @say_arg: for it
 */
struct store_options {
	const char *volume[VOLUMES_MAX];
	int nr_volumes;
	int adapter;
	int queue;
	enum hpcap_format format;
	enum hpcap_packing packing;
	int level;
	unsigned int workers;
	const char *comment;
	uint32_t block;
	uint64_t file_size;
	uint32_t rotate_s;
	unsigned int depth;
	enum blkq_kind io;
	bool buffered;
	bool stop_on_fault;
	int sync_s;
	bool sync_each;
	bool no_index;
	struct keep_limits limits;
	void (*say)(void *arg, const char *text);
	void *say_arg;
};

/**
 * struct store_report - what was done
 * @frames: taken
 * @bytes: of file; of records when nothing is written
 * @torn: frames that a lossy listener took and had to throw away
 * @high_water: most bytes of the ring that were in use
 * @out: files
 */
struct store_report {
	uint64_t frames;
	uint64_t bytes;
	uint64_t torn;
	uint64_t high_water;
	struct out_report out;
};

struct store;

/* Return: 0; -EINVAL sizes that contradict; what volume_check() says. */
int store_create(struct store **s, const struct store_options *opt, struct hpcap_handle *h);
void store_destroy(struct store *s);

/*
 * Take what is there, up to @max_frames (0: no limit) in the whole run, and see to
 * the disks; sleep up to @timeout_ns when there is nothing to do.
 * Return: 0, or a negative errno: what ended it.
 */
int store_step(struct store *s, uint64_t max_frames, int64_t timeout_ns);

/* Take all that is there now, and no more than @max_frames in the whole run. */
int store_drain(struct store *s, uint64_t max_frames);

/* Everything taken is on the disk after that. Return: 0 or a negative errno. */
int store_finish(struct store *s);

const struct store_report *store_report(struct store *s);

#endif /* STORE_STORE_H */
