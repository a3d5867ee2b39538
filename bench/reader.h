/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers measured beside us share: signals, counts, one line of JSON. */
#ifndef BENCH_READER_H
#define BENCH_READER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct reader_counts - what came
 * @frames: walked
 * @bytes: of them, on the wire
 * @dropped: the kernel had no room for, so far
 */
struct reader_counts {
	uint64_t frames;
	uint64_t bytes;
	uint64_t dropped;
};

void reader_start(void);
bool reader_stopped(void);
bool reader_asked(void);
void reader_say(const struct reader_counts *c);
void reader_promiscuous(const char *name);
void reader_die(const char *what);

#endif /* BENCH_READER_H */
