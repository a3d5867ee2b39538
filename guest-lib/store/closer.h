/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What takes long and nobody shall wait for: flush and close files, write the
 * journal, remove old files. A thread of its own does it, in the order asked.
 */
#ifndef STORE_CLOSER_H
#define STORE_CLOSER_H

#include "index.h"
#include "journal.h"
#include "keep.h"
#include "volume.h"

/**
 * struct closer_options - what goes on beside closing
 * @limits: what to keep
 * @volume: paths
 * @nr_volumes: how many
 * @say: where messages go, called by the thread
 * @say_arg: for it
 */
struct closer_options {
	struct keep_limits limits;
	const char *volume[VOLUMES_MAX];
	int nr_volumes;
	void (*say)(void *arg, const char *text);
	void *say_arg;
};

/**
 * struct closing - a file to close
 * @fd: closed in the end
 * @volume: its directory
 * @path: below that
 * @size: it shall have
 * @cut: it may be longer now
 * @line: of the journal; its path is replaced by @path
 * @safe: frames of the whole series that are safe once this file is
 * @index: of the file, destroyed in the end; NULL for none
 * @stream: bytes before packing; 0: the index ends where it is
 */
struct closing {
	int fd;
	const char *volume;
	char path[FILE_NAME_LEN];
	uint64_t size;
	bool cut;
	struct journal_line line;
	uint64_t safe;
	struct hpcap_index *index;
	uint64_t stream;
};

struct closer;

int closer_create(struct closer **c, const struct closer_options *opt);

/* Does all that was asked; nothing may be asked any more. */
void closer_stop(struct closer *c);
void closer_destroy(struct closer *c);

/* Close a file; one of size 0 is removed. */
void closer_close(struct closer *c, const struct closing *what);

/* Flush an open file; then so many frames are safe. Nothing while one is under way. */
void closer_sync(struct closer *c, int fd, uint64_t safe);

/* Frames that survive a power cut. */
uint64_t closer_safe(const struct closer *c);

/* Frames that were written, but whose flush failed: they may be there or not. */
uint64_t closer_doubtful(const struct closer *c);

/* Files removed by retention so far. */
uint64_t closer_removed(const struct closer *c);

#endif /* STORE_CLOSER_H */
