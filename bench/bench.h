/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every benchmark shares: clock, repeats, min/median/max, output. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>

#define BENCH_REPEATS_MAX 101

/**
 * struct bench_opts - options each benchmark takes
 * @tsv: one row a figure instead of tables
 * @repeats: measurements of each figure, 3..BENCH_REPEATS_MAX
 */
struct bench_opts {
	bool tsv;
	int repeats;
};

/**
 * struct bench_series - measurements of one figure
 * @n: how many
 * @v: values, in the order they were taken
 */
struct bench_series {
	int n;
	double v[BENCH_REPEATS_MAX];
};

/**
 * struct bench_summary - what is said of a series; never a lone mean
 * @min: smallest
 * @median: middle
 * @max: largest
 */
struct bench_summary {
	double min;
	double median;
	double max;
};

void bench_options(struct bench_opts *o, int argc, char **argv, const char *what);
uint64_t bench_cpu_ns(void);
bool bench_pin(int cpu);
int bench_cpus(void);
void bench_add(struct bench_series *s, double v);
struct bench_summary bench_summarise(const struct bench_series *s);
void bench_row(const char *name, const char *metric, const char *unit,
	       const struct bench_series *s);
double bench_empty_loop(uint64_t n);

/* Make the compiler believe that @x is used. */
#define bench_use(x) __asm__ volatile("" : : "r"(x) : "memory")

#endif /* BENCH_H */
