// SPDX-License-Identifier: GPL-2.0-or-later
/* What every benchmark shares. */
#include "bench.h"

#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void usage(FILE *to, const char *name, const char *what)
{
	fprintf(to,
		"Usage: %s [--tsv] [--repeats N]\n%s\n"
		"  --tsv         rows of case, metric, unit, min, median, max\n"
		"  --repeats N   measurements of each figure, 3..%d (default 11)\n"
		"  --help        this text\n",
		name, what, BENCH_REPEATS_MAX);
}

/**
 * bench_options() - Read the options each benchmark takes; exits on --help
 * @o: filled in
 * @argc: from main()
 * @argv: from main()
 * @what: for --help: what is measured
 */
void bench_options(struct bench_opts *o, int argc, char **argv, const char *what)
{
	static const struct option options[] = {
		{"tsv", no_argument, NULL, 't'},
		{"repeats", required_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	*o = (struct bench_opts){.repeats = 11};
	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (c) {
		case 't':
			o->tsv = true;
			break;
		case 'r':
			o->repeats = atoi(optarg);
			break;
		case 'h':
			usage(stdout, argv[0], what);
			exit(0);
		default:
			usage(stderr, argv[0], what);
			exit(2);
		}
	}
	if (optind != argc || o->repeats < 3 || o->repeats > BENCH_REPEATS_MAX) {
		usage(stderr, argv[0], what);
		exit(2);
	}
}

/**
 * bench_cpu_ns() - CPU time of the calling thread
 *
 * On a shared machine others' turns on the CPU do not count.
 *
 * Return: nanoseconds.
 */
uint64_t bench_cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/**
 * bench_pin() - Keep the calling thread on one CPU
 * @cpu: number
 *
 * Return: false when that is not possible.
 */
bool bench_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) == 0;
}

/**
 * bench_cpus() - CPUs this process may use
 *
 * Return: how many.
 */
int bench_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);
}

/**
 * bench_add() - One more measurement
 * @s: series; those beyond BENCH_REPEATS_MAX are ignored
 * @v: value
 */
void bench_add(struct bench_series *s, double v)
{
	if (s->n < BENCH_REPEATS_MAX)
		s->v[s->n++] = v;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/**
 * bench_summarise() - Smallest, middle and largest of a series
 * @s: series, not empty
 *
 * Return: the three.
 */
struct bench_summary bench_summarise(const struct bench_series *s)
{
	double v[BENCH_REPEATS_MAX];

	memcpy(v, s->v, sizeof(v));
	qsort(v, s->n, sizeof(*v), by_value);
	return (struct bench_summary){v[0], v[s->n / 2], v[s->n - 1]};
}

/**
 * bench_row() - Print one row of --tsv
 * @name: case
 * @metric: what was measured
 * @unit: of the values
 * @s: measurements
 */
void bench_row(const char *name, const char *metric, const char *unit,
	       const struct bench_series *s)
{
	struct bench_summary sum = bench_summarise(s);

	printf("%s\t%s\t%s\t%.3f\t%.3f\t%.3f\n", name, metric, unit, sum.min, sum.median,
	       sum.max);
}

/**
 * bench_empty_loop() - What a loop that does nothing costs
 * @n: rounds
 *
 * Return: nanoseconds a round.
 */
double bench_empty_loop(uint64_t n)
{
	uint64_t start = bench_cpu_ns();
	uint64_t i;

	for (i = 0; i < n; i++)
		bench_use(i);
	return (double)(bench_cpu_ns() - start) / n;
}
