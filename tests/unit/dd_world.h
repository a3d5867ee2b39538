/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hpcapdd over a device made of memory, two directories, and what is found there. */
#ifndef DD_WORLD_H
#define DD_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include "unit/run_program.h"

/**
 * struct dd_world - a device, a program, two directories
 * @p: the program
 * @dir: where to
 * @other: a second one
 * @sent: frames so far
 * @per_second: of these have one second
 * @back_at: from this frame on the clock is behind
 * @back_s: by so many seconds
 * @keep: bytes of a frame that are stored, 0 for all
 * @may_be_cut: files may end within a record
 */
struct dd_world {
	struct program p;
	char dir[64];
	char other[64];
	uint32_t sent;
	uint32_t per_second;
	uint32_t back_at;
	uint32_t back_s;
	uint32_t keep;
	bool may_be_cut;
};

extern struct dd_world dd;

/* For cmocka: a fresh world, and its end. */
int dd_setup(void **state);
int dd_teardown(void **state);

/* Start hpcapdd with these options, NULL ends them, into one or both directories. */
void dd_start(bool both, const char *more, ...);
void dd_wait_attached(void);

/* Length of a frame by its number. */
uint32_t dd_len(uint32_t n);

/* So many frames, numbered, of all lengths; waits for room in the ring. */
void dd_send(uint32_t nr);

/* SIGINT, and wait for its end: status must be that. */
void dd_stop(int status);

/**
 * struct dd_found - what lies in a directory
 * @files: of frames
 * @frames: in them
 * @lost: numbers that are missing between the first and the last frame
 * @largest: bytes of the largest file
 * @indexes: that are whole
 * @last: number of the last frame
 */
struct dd_found {
	uint32_t files;
	uint32_t frames;
	uint32_t lost;
	uint64_t largest;
	uint32_t indexes;
	uint32_t last;
};

/* Read all files in the order of their names: whole, and frames as they were sent. */
struct dd_found dd_look(const char *dir, const char *suffix);

/* Lines of the journal; each must tell the truth about its file (if it is there). */
uint32_t dd_journal(const char *dir);

/* A number out of the JSON summary. */
uint64_t dd_said(const char *key);

#endif /* DD_WORLD_H */
