/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capture files, named one by one or found in folders. */
#ifndef CAPTURES_H
#define CAPTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct captures - a list of files, each once
 * @file: by path, once captures_sort() was called
 * @count: how many
 * @room: memory for as many
 */
struct captures {
	struct capture_file {
		char *path;
		off_t size;
		dev_t dev;
		ino_t ino;
	} *file;
	size_t count;
	size_t room;
};

/*
 * Add a file of any name, or what a folder and those below it hold: names that
 * end in .raw, .pcap, .pcapng or .cap, then perhaps .zst or .lz4. False: it
 * cannot be read, or the folder has none, which was said.
 */
bool captures_add(struct captures *c, const char *path);

/* By path; a file that was named twice is once in it. */
void captures_sort(struct captures *c);
void captures_free(struct captures *c);

#endif /* CAPTURES_H */
