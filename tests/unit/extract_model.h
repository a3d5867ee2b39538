/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capture files of all kinds, and what is wanted of them by a naive look. */
#ifndef EXTRACT_MODEL_H
#define EXTRACT_MODEL_H

#include <frames_in.h>
#include <frames_out.h>

enum {
	MODEL_FILES = 8,
	MODEL_FRAMES = 600, /* of each file */
	MODEL_STEP_NS = 1000000,
};

#define MODEL_START 1700000000000000000ull

/* Time, host and identity of each frame. */
struct extract_frame {
	uint64_t ns;
	uint32_t host;
};

extern struct extract_frame extract_frames[MODEL_FILES][MODEL_FRAMES];
extern char extract_dir[64];

int extract_setup(void **state);
int extract_teardown(void **state);

/*
 * Write all files: RAW, pcap, pcapng, plain and packed, times that overlap, of ten
 * frames one late by up to @late_ms.
 */
void extract_write(uint32_t seed, uint32_t late_ms);
const char *extract_path(int file);

/*
 * Compare @path with what the files have in [from, to) of that host (or of all:
 * UINT32_MAX): each frame once, those of one file in their order. How many.
 */
uint64_t extract_compare(const char *path, uint64_t from, uint64_t to, uint32_t host);

#endif /* EXTRACT_MODEL_H */
