/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files stay: the oldest go first, whole, never one in use or marked keep. */
#ifndef STORE_KEEP_H
#define STORE_KEEP_H

#include <stdbool.h>
#include <stdint.h>
#include "volume.h"

/**
 * struct keep_limits - what is kept; 0 is no limit
 * @free_low: files go when a volume has fewer free bytes than this,
 * @free_high: until it has this many
 * @age_s: seconds since the second in a file's name
 * @bytes: of all files on all volumes
 * @files: of this adapter and queue on all volumes
 * @adapter: for @files
 * @queue: for @files
 */
struct keep_limits {
	uint64_t free_low;
	uint64_t free_high;
	uint64_t age_s;
	uint64_t bytes;
	uint64_t files;
	int adapter;
	int queue;
};

/**
 * struct keep_report - what went
 * @files: removed
 * @bytes: they had on the disk
 * @failed: could not be removed
 */
struct keep_report {
	uint64_t files;
	uint64_t bytes;
	uint64_t failed;
};

bool keep_is_asked(const struct keep_limits *limits);

/*
 * Remove what is beyond the limits. @now_s: seconds since 1970. @need: free bytes
 * that every volume shall have, whatever the limits say (0: none), as long as
 * there are limits at all. Any thread; sees only what is on the disk.
 */
void keep_apply(const struct keep_limits *limits, const char *const *volume, int nr_volumes,
		uint64_t now_s, uint64_t need, struct keep_report *rep);

#endif /* STORE_KEEP_H */
