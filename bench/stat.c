// SPDX-License-Identifier: GPL-2.0-or-later
/* Statistics of the benchmark: summaries, Student's distribution, Welch's test. */
#include "stat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FRACTION_STEPS = 300,
	HALVINGS = 80,
	VALUES_MAX = 4096,
};

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), h;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	h = d;
	for (int m = 1; m < FRACTION_STEPS; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		h *= d * c;
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		h *= d * c;
		if (fabs(d * c - 1) < 1e-14)
			break;
	}
	return h;
}

static double beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* Share of Student's distribution between -t and t. */
static double inside(double t, double df)
{
	return 1 - beta(df / 2, 0.5, df / (df + t * t));
}

/**
 * stat_student() - How far out a share of Student's distribution reaches
 * @confidence: the share on both sides of 0, above 0 and below 1
 * @df: degrees of freedom, above 0; need not be whole
 *
 * Return: t, so that so much lies between -t and t.
 */
double stat_student(double confidence, double df)
{
	double low = 0, high = 1;

	while (inside(high, df) < confidence && high < 1e9)
		high *= 2;
	for (int i = 0; i < HALVINGS; i++) {
		double mid = (low + high) / 2;

		if (inside(mid, df) < confidence)
			low = mid;
		else
			high = mid;
	}
	return (low + high) / 2;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/**
 * stat_summarise() - Smallest, middle, largest, mean and how sure it is
 * @v: measurements
 * @n: how many; of more than 4096 the first are taken
 * @confidence: of the interval, for example 0.95
 *
 * Return: the summary; all 0 when there are none.
 */
struct stat_summary stat_summarise(const double *v, size_t n, double confidence)
{
	double sorted[VALUES_MAX], sum = 0, squares = 0;
	struct stat_summary s = {.n = n < VALUES_MAX ? n : VALUES_MAX, .half = -1};

	if (!s.n)
		return s;
	memcpy(sorted, v, s.n * sizeof(*v));
	qsort(sorted, s.n, sizeof(*sorted), by_value);
	for (size_t i = 0; i < s.n; i++)
		sum += sorted[i];
	s.mean = sum / (double)s.n;
	for (size_t i = 0; i < s.n; i++)
		squares += (sorted[i] - s.mean) * (sorted[i] - s.mean);
	s.min = sorted[0];
	s.max = sorted[s.n - 1];
	s.median = (sorted[(s.n - 1) / 2] + sorted[s.n / 2]) / 2;
	if (s.n < 2)
		return s;
	s.sd = sqrt(squares / (double)(s.n - 1));
	s.half = stat_student(confidence, (double)(s.n - 1)) * s.sd / sqrt((double)s.n);
	return s;
}

/**
 * stat_compare() - Did a figure change beyond noise?
 * @a: before
 * @b: after
 * @confidence: of Welch's test
 * @least_percent: smaller differences of the means do not count
 *
 * Series that do not scatter at all differ as soon as their means do.
 *
 * Return: what is known; nothing when one of them has less than two measurements.
 */
struct stat_change stat_compare(const struct stat_summary *a, const struct stat_summary *b,
				double confidence, double least_percent)
{
	struct stat_change c = {.known = a->n > 1 && b->n > 1};
	double va, vb, df;

	c.percent = a->mean != 0 ? (b->mean - a->mean) / fabs(a->mean) * 100
				 : (b->mean == 0 ? 0 : copysign(100, b->mean));
	if (!c.known)
		return c;
	va = a->sd * a->sd / (double)a->n;
	vb = b->sd * b->sd / (double)b->n;
	if (va + vb <= 0) {
		c.beyond_noise = a->mean != b->mean && fabs(c.percent) >= least_percent;
		return c;
	}
	df = (va + vb) * (va + vb) /
	     (va * va / (double)(a->n - 1) + vb * vb / (double)(b->n - 1));
	c.t = fabs(b->mean - a->mean) / sqrt(va + vb);
	c.limit = stat_student(confidence, df);
	c.beyond_noise = c.t > c.limit && fabs(c.percent) >= least_percent;
	return c;
}
