// SPDX-License-Identifier: GPL-2.0-or-later
/* Bisection on a logarithmic scale; the ends are tried only when they matter. */
#include "rate.h"

#include <math.h>

/* A generator that gives less than this share of what was asked is at its end. */
static const double REACHED = 0.9;

/**
 * struct bounds - what the trials have told
 * @good: highest rate without loss, or the lowest rate of all
 * @bad: lowest rate with loss, or the highest of all
 * @good_seen: @good was tried
 * @bad_seen: @bad was tried
 * @spent: the generator could not give more than @good
 */
struct bounds {
	double good;
	double bad;
	bool good_seen;
	bool bad_seen;
	bool spent;
};

static struct bounds learn(const struct rate_limits *l, const struct rate_trial *t, size_t n)
{
	struct bounds b = {.good = l->from, .bad = l->to};

	for (size_t i = 0; i < n; i++) {
		bool shy = t[i].offered < t[i].asked * REACHED;

		if (t[i].lost > l->loss) {
			if (!b.bad_seen || t[i].asked < b.bad)
				b.bad = t[i].asked;
			b.bad_seen = true;
			continue;
		}
		if (!b.good_seen || t[i].offered > b.good)
			b.good = shy ? t[i].offered : t[i].asked;
		b.good_seen = true;
		b.spent |= shy;
	}
	return b;
}

/**
 * rate_next() - The next step of the search
 * @l: limits; @l->from above 0 and below @l->to
 * @t: all trials so far, in order
 * @n: how many
 *
 * Loss is taken to grow with the rate; where it does not, the lowest rate with
 * loss counts.
 *
 * Return: a rate to try, or the result.
 */
struct rate_step rate_next(const struct rate_limits *l, const struct rate_trial *t, size_t n)
{
	struct bounds b = learn(l, t, n);
	bool near = b.bad <= b.good * (1 + l->precision);

	if (b.spent && !b.bad_seen)
		return (struct rate_step){RATE_GENERATOR, b.good};
	if (!near && n < l->trials)
		return (struct rate_step){RATE_TRY, sqrt(b.good * b.bad)};
	if (!b.bad_seen && b.good < l->to)
		return (struct rate_step){RATE_TRY, l->to};
	if (!b.bad_seen)
		return (struct rate_step){RATE_ABOVE, l->to};
	if (!b.good_seen && b.bad > l->from)
		return (struct rate_step){RATE_TRY, l->from};
	if (!b.good_seen || b.good >= b.bad)
		return (struct rate_step){RATE_BELOW, 0};
	return (struct rate_step){RATE_FOUND, b.good};
}

/**
 * rate_word() - How a search ended
 * @end: one of them
 *
 * Return: a word for it.
 */
const char *rate_word(enum rate_end end)
{
	static const char *const words[] = {
		[RATE_TRY] = "try",	[RATE_FOUND] = "found", [RATE_GENERATOR] = "generator",
		[RATE_ABOVE] = "above", [RATE_BELOW] = "below",
	};

	return words[end];
}
