/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many inputs, one order: a heap of the next frame of each. */
#ifndef MERGE_H
#define MERGE_H

#include "source.h"

/**
 * struct merge_files - names of inputs
 * @path: each allocated
 * @nr: how many
 * @room: memory for as many
 */
struct merge_files {
	char **path;
	size_t nr;
	size_t room;
};

/* A file, "-", or all captures below a directory. Say what is wrong; 0 or -errno. */
int merge_add(struct merge_files *files, const char *path);

/* The same for each line of a file. */
int merge_add_list(struct merge_files *files, const char *list);
void merge_free(struct merge_files *files);

struct merge_input;

/**
 * struct merge - one run
 * @files: inputs
 * @quiet: errors only
 * @damaged: inputs that were not whole
 * @backward: frames older than the one before in their input
 * @left_out: frames that the output cannot hold
 * @peak: inputs that were being read at the same time
 * @frames: read
 */
struct merge {
	const struct merge_files *files;
	bool quiet;
	uint64_t damaged;
	uint64_t backward;
	uint64_t left_out;
	size_t peak;
	uint64_t frames;
};

/* Merge all of @files into @out, and finish it. Return: 0 or a negative errno, said. */
int merge_run(struct merge *m, struct sink *out);

#endif /* MERGE_H */
