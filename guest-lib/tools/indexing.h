/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Make the index of a capture file, and look whether it has a good one. */
#ifndef INDEXING_H
#define INDEXING_H

#include <index.h>

enum index_state {
	INDEX_GOOD,
	INDEX_MISSING,
	INDEX_PARTIAL, /* it does not cover all of the file */
	INDEX_STALE,   /* the file has changed since */
	INDEX_BROKEN,  /* damaged, or of another version */
};

/* "good", "missing", ... */
const char *index_state_name(enum index_state state);

/*
 * Look at the index of a file, and at a few places of the file itself.
 * @info is filled in when there is an index that can be read.
 */
enum index_state indexing_look(const char *path, uint64_t file_size,
			       struct hpcap_index_info *info);

/**
 * struct indexing - what was made
 * @frames: indexed
 * @bytes: of file
 * @why: what is wrong with the file, "" when nothing is
 */
struct indexing {
	uint64_t frames;
	uint64_t bytes;
	char why[256];
};

/* Read the file, write its index: 0, or a negative errno with made.why. */
int indexing_make(const char *path, const struct hpcap_index_options *opt,
		  struct indexing *made);

#endif /* INDEXING_H */
