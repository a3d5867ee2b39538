/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rate at which loss begins, searched as RFC 2544 does: pure. */
#ifndef BENCH_RATE_H
#define BENCH_RATE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct rate_limits - what is searched, and how exactly
 * @from: lowest rate, frames a second
 * @to: highest
 * @loss: share of frames that may be lost, 0 and more, below 1
 * @precision: the search ends when both ends are that near, for example 0.1
 * @trials: at most so many, beside the two ends
 */
struct rate_limits {
	double from;
	double to;
	double loss;
	double precision;
	size_t trials;
};

/**
 * struct rate_trial - one of them
 * @asked: rate that was wanted
 * @offered: rate that the generator reached
 * @lost: share of the frames that did not arrive
 */
struct rate_trial {
	double asked;
	double offered;
	double lost;
};

enum rate_end {
	RATE_TRY,	/* another trial, at this rate */
	RATE_FOUND,	/* loss begins above it */
	RATE_GENERATOR, /* no loss, and the generator gives no more */
	RATE_ABOVE,	/* no loss at the highest rate */
	RATE_BELOW,	/* loss at the lowest rate */
};

/**
 * struct rate_step - what to do next
 * @end: try, or why the search is over
 * @rate: to try, or without loss; 0 for RATE_BELOW
 */
struct rate_step {
	enum rate_end end;
	double rate;
};

struct rate_step rate_next(const struct rate_limits *l, const struct rate_trial *t, size_t n);
const char *rate_word(enum rate_end end);

#endif /* BENCH_RATE_H */
