// SPDX-License-Identifier: GPL-2.0-or-later
/* The plots of the report: scripts for gnuplot with the points in them. */
#include "page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	POINTS_MAX = 512,
	ENGINES_MAX = 8,
};

/**
 * struct point - loss at a rate
 * @x: offered, frames a second
 * @y: lost, per cent
 */
struct point {
	double x;
	double y;
};

static int by_x(const void *a, const void *b)
{
	double x = ((const struct point *)a)->x, y = ((const struct point *)b)->x;

	return (x > y) - (x < y);
}

static size_t loss_points(const struct row_list *l, const char *name, struct point *p)
{
	size_t n = 0;

	for (size_t i = 0; i < l->nr && n < POINTS_MAX; i++) {
		const struct row *r = &l->all[i];
		const char *offered = strstr(r->note, "offered ");

		if (strcmp(r->name, name) != 0 || strcmp(r->metric, "loss_at_rate") != 0 ||
		    !r->has_value || !offered)
			continue;
		p[n++] = (struct point){strtod(offered + 8, NULL), r->value};
	}
	qsort(p, n, sizeof(*p), by_x);
	return n;
}

/* Rates of all cells' trials: one axis for all, of more than a decade. */
static void rate_range(const struct row_list *l, double *from, double *to)
{
	*from = 0;
	*to = 0;
	for (size_t i = 0; i < l->nr; i++) {
		const struct row *r = &l->all[i];
		const char *offered = strstr(r->note, "offered ");
		double x = offered ? strtod(offered + 8, NULL) : 0;

		if (strncmp(r->name, "net.", 4) != 0 || x <= 0 ||
		    strcmp(r->metric, "loss_at_rate") != 0)
			continue;
		*from = *from > 0 && *from < x ? *from : x;
		*to = *to > x ? *to : x;
	}
	*to *= 1.3;
	*from = *from / 1.3 < *to / 30 ? *from / 1.3 : *to / 30;
}

/* The axis of rates: tics at 1, 2 and 5 times tens, where there is room for so many. */
static void rate_axis(FILE *f, const struct row_list *l)
{
	static const double steps[] = {1, 2, 5};
	const char *sep = "";
	double from, to;

	rate_range(l, &from, &to);
	fprintf(f, "set logscale x\nset xrange [%g:%g]\nset xtics (", from, to);
	for (double ten = 1; ten <= to; ten *= 10)
		for (size_t i = 0; i < (to / from > 2000 ? 1 : 3); i++) {
			if (ten * steps[i] < from || ten * steps[i] > to)
				continue;
			fprintf(f, "%s%.0f", sep, ten * steps[i]);
			sep = ", ";
		}
	fprintf(f, ")\nset xlabel 'offered, frames a second'\n");
}

/* gnuplot's script of one plot; NULL after an error message. */
static FILE *start_plot(const char *out, const char *name, const char *title)
{
	char path[TALLY_PATH];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.gp", out, name);
	f = fopen(path, "w");
	if (!f) {
		tally_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	fprintf(f,
		"set terminal svg size 720,400 dynamic font 'sans-serif,13' background rgb "
		"'white'\nset output '%s/%s.svg'\nset title '%s' noenhanced\nset grid\n"
		"set key outside right top noenhanced\n"
		"set linetype 1 lc rgb '#7b3294'\nset linetype 2 lc rgb '#1b9e77'\n"
		"set linetype 3 lc rgb '#56a8e0'\nset linetype 4 lc rgb '#e69f00'\n"
		"set linetype 5 lc rgb '#c0282d'\n",
		out, name, title);
	return f;
}

/* Loss against rate, a curve an engine. */
static bool plot_loss(const char *out, const struct row_list *l, const char *network)
{
	struct point p[POINTS_MAX];
	char name[ROW_NAME], title[ROW_NAME];
	bool has[ENGINES_MAX] = {false};
	const char *sep = "";
	bool any = false;
	FILE *f;

	snprintf(name, sizeof(name), "loss-%s", network);
	snprintf(title, sizeof(title), "Loss against rate: %s", page_title(network));
	for (int e = 0; page_engines[e]; e++) {
		char cell[ROW_NAME];

		snprintf(cell, sizeof(cell), "net.%s.%s", network, page_engines[e]);
		has[e] = loss_points(l, cell, p) > 0;
		any |= has[e];
	}
	if (!any)
		return true;
	f = start_plot(out, name, title);
	if (!f)
		return false;
	for (int e = 0; page_engines[e]; e++) {
		size_t n;

		snprintf(name, sizeof(name), "net.%s.%s", network, page_engines[e]);
		n = loss_points(l, name, p);
		fprintf(f, "$e%d << EOD\n", e);
		for (size_t i = 0; i < n; i++)
			fprintf(f, "%g %g\n", p[i].x, p[i].y);
		fprintf(f, "EOD\n");
	}
	rate_axis(f, l);
	fprintf(f, "set ylabel 'lost, %%'\nset yrange [-2:102]\nplot ");
	for (int e = 0; page_engines[e]; e++) {
		if (!has[e])
			continue;
		/* the same colour as in the bars, whoever is missing */
		fprintf(f, "%s$e%d with linespoints lt %d lw 2 title '%s'", sep, e, e + 1,
			page_title(page_engines[e]));
		sep = ", ";
	}
	fprintf(f, "\n");
	fclose(f);
	return true;
}

/*
 * One metric of every cell as bars, a group a network, smallest and largest as error bars; where
 * some engines poll and others do not, on a logarithmic scale.
 */
static bool plot_bars(const char *out, const struct row_list *l, const char *metric,
		      const char *title, const char *unit, bool log)
{
	const char *sep = "";
	FILE *f = start_plot(out, metric, title);

	if (!f)
		return false;
	for (int e = 0; page_engines[e]; e++) {
		fprintf(f, "$e%d << EOD\n", e);
		for (int n = 0; page_networks[n]; n++) {
			char name[ROW_NAME];
			struct figure fig;

			snprintf(name, sizeof(name), "net.%s.%s", page_networks[n],
				 page_engines[e]);
			rows_figure(l, name, metric, TALLY_CONFIDENCE, &fig);
			fprintf(f, "\"%s\" %g %g %g\n", page_networks[n], fig.sum.median,
				fig.sum.min, fig.sum.max);
		}
		fprintf(f, "EOD\n");
	}
	fprintf(f,
		"set style data histograms\nset style histogram errorbars gap 2 lw 1\n"
		"set style fill solid 0.8 border -1\nset ylabel '%s'\n%s\nplot ",
		unit,
		log ? "set logscale y\nset yrange [10:*]"
		    : "set yrange [0:*]\nset offsets 0, 0, graph 0.05, 0");
	for (int e = 0; page_engines[e]; e++) {
		fprintf(f, "%s$e%d using 2:3:4:xtic(1) lt %d title '%s'", sep, e, e + 1,
			page_title(page_engines[e]));
		sep = ", ";
	}
	fprintf(f, "\n");
	fclose(f);
	return true;
}

/* What a plot over a number has: cases BLOCK.CURVE.NUMBER or BLOCK.NUMBER.CURVE. */
struct series {
	const char *block, *metric, *title, *x, *y;
	const char *curves[3];
	bool number_first;
};

/* A metric against a number of VFs or tenants, a curve each. */
static bool plot_series(const char *out, const struct row_list *l, const struct series *s)
{
	const char *sep = "";
	FILE *f = start_plot(out, s->block, s->title);

	if (!f)
		return false;
	for (int e = 0; s->curves[e]; e++) {
		fprintf(f, "$e%d << EOD\n", e);
		for (int n = 1; n <= 7; n++) {
			char name[ROW_NAME];
			struct figure fig;

			if (s->number_first)
				snprintf(name, sizeof(name), "%s.%d.%s", s->block, n,
					 s->curves[e]);
			else
				snprintf(name, sizeof(name), "%s.%s.%d", s->block, s->curves[e],
					 n);
			if (rows_figure(l, name, s->metric, TALLY_CONFIDENCE, &fig) &&
			    fig.sum.n)
				fprintf(f, "%d %g %g %g\n", n, fig.sum.median, fig.sum.min,
					fig.sum.max);
		}
		fprintf(f, "EOD\n");
	}
	fprintf(f,
		"set xlabel '%s'\nset ylabel '%s'\nset yrange [0:*]\nset xrange [0.5:7.5]\n"
		"set offsets 0, 0, graph 0.05, 0\nplot ",
		s->x, s->y);
	for (int e = 0; s->curves[e]; e++) {
		fprintf(f, "%s$e%d with yerrorlines title '%s%s'", sep, e,
			s->number_first ? "node " : "", page_title(s->curves[e]));
		sep = ", ";
	}
	fprintf(f, "\n");
	fclose(f);
	return true;
}

static const struct series series[] = {
	{"vfs",
	 "lossless_rate",
	 "One VF of several",
	 "VFs of the port",
	 "rate without loss, frames a second",
	 {"tpacket", "hpcap"},
	 false},
	{"tenants",
	 "captured_overload",
	 "An agent beside tenants, by NUMA node",
	 "tenants",
	 "captured of the highest rate, %",
	 {"0", "1"},
	 true},
};

static bool any_of(const struct row_list *l, const char *start, const char *metric)
{
	for (size_t i = 0; i < l->nr; i++)
		if (!strncmp(l->all[i].name, start, strlen(start)) &&
		    !strcmp(l->all[i].metric, metric) && l->all[i].has_value)
			return true;
	return false;
}

/**
 * tally_plots() - Scripts for gnuplot, NAME.gp, each of which makes NAME.svg
 * @argc: of the verb
 * @argv: DIR of the results, OUT for the scripts
 *
 * Return: exit status. There is no plot of what was not measured.
 */
int tally_plots(int argc, char **argv)
{
	const struct row_list *l;
	struct tally_run r;
	bool good = true;

	if (argc != 3)
		return tally_misuse("plots: wanted a folder of results and one for the plots");
	if (!tally_open(&r, argv[1]))
		return TALLY_FAILED;
	l = &r.rows;
	for (int n = 0; page_networks[n] && good; n++)
		good = plot_loss(argv[2], l, page_networks[n]);
	if (good && any_of(l, "net.", "lossless_rate"))
		good = plot_bars(argv[2], l, "lossless_rate", "Highest rate without loss",
				 "frames a second", false);
	if (good && any_of(l, "net.", "cpu_frame"))
		good = plot_bars(argv[2], l, "cpu_frame", "CPU time of the capturing machine",
				 "microseconds a frame", true);
	if (good && any_of(l, "net.", "instructions"))
		good = plot_bars(argv[2], l, "instructions",
				 "Instructions of the capturing machine",
				 "instructions a frame", false);
	if (good && any_of(l, "net.", "exits"))
		good = plot_bars(argv[2], l, "exits", "Exits of the guest",
				 "exits in 1,000 frames", false);
	for (size_t i = 0; i < sizeof(series) / sizeof(*series) && good; i++)
		if (any_of(l, series[i].block, series[i].metric))
			good = plot_series(argv[2], l, &series[i]);
	tally_close(&r);
	return good ? TALLY_OK : TALLY_FAILED;
}
