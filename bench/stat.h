/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statistics of the benchmark: pure functions of numbers. */
#ifndef BENCH_STAT_H
#define BENCH_STAT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct stat_summary - what is said of repeated measurements
 * @n: how many
 * @min: smallest
 * @median: middle; the mean of both middles of an even number
 * @max: largest
 * @mean: arithmetic
 * @sd: standard deviation of the sample; 0 when there is one
 * @half: half of the confidence interval of the mean; negative when there is one
 */
struct stat_summary {
	size_t n;
	double min;
	double median;
	double max;
	double mean;
	double sd;
	double half;
};

/**
 * struct stat_change - two series beside each other
 * @known: there are at least two measurements of each
 * @beyond_noise: the means differ by Welch's test and by the least difference
 * @percent: of the second mean to the first, -100 and more
 * @t: Welch's statistic, without sign
 * @limit: what it must exceed
 */
struct stat_change {
	bool known;
	bool beyond_noise;
	double percent;
	double t;
	double limit;
};

double stat_student(double confidence, double df);
struct stat_summary stat_summarise(const double *v, size_t n, double confidence);
struct stat_change stat_compare(const struct stat_summary *a, const struct stat_summary *b,
				double confidence, double least_percent);

#endif /* BENCH_STAT_H */
