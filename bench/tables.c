// SPDX-License-Identifier: GPL-2.0-or-later
/* What was published beside what was measured here; and the goals. */
#include "page.h"

#include <errno.h>
#include <string.h>

enum {
	COLUMNS = 7,
	LINE = 512,
};

static bool split(char *line, char **column)
{
	line[strcspn(line, "\n")] = '\0';
	for (int i = 0; i < COLUMNS; i++) {
		column[i] = line;
		line = strchr(line, '\t');
		if (!line)
			return i == COLUMNS - 1;
		*line++ = '\0';
	}
	return false;
}

/* Columns: table, row, column, published value, unit, our case, our metric. */
static void published_row(const struct tally_run *r, char **c, char *table, size_t size)
{
	if (strcmp(table, c[0]) != 0) {
		printf("%s<h3>", *table ? "</table>\n" : "");
		page_text(c[0]);
		printf("</h3>\n<table><tr><th></th><th></th><th class=\"pub\">published</th>"
		       "<th>unit</th><th>this run</th><th>unit</th></tr>\n");
		snprintf(table, size, "%s", c[0]);
	}
	printf("<tr><th>");
	page_text(c[1]);
	printf("</th><th>");
	page_text(c[2]);
	printf("</th><td class=\"pub\">");
	page_text(c[3]);
	printf("</td><td class=\"pub\">");
	page_text(c[4]);
	printf("</td>");
	if (*c[5] == '-') {
		printf("<td><span class=\"no\">");
		page_text(c[6]);
		printf("</span></td><td></td></tr>\n");
		return;
	}
	page_figure(&r->rows, c[5], c[6]);
	printf("<td>%s</td></tr>\n", strstr(c[6], "captured") ? "%" : "");
}

/**
 * page_published() - The thesis' tables with this run beside them
 * @r: run
 * @path: bench/published.tsv
 *
 * Return: false after an error message.
 */
bool page_published(const struct tally_run *r, const char *path)
{
	char line[LINE], table[LINE] = "";
	FILE *f = fopen(path, "r");
	char *column[COLUMNS];
	int nr = 0;

	if (!f) {
		tally_error("%s: %s", path, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof(line), f)) {
		nr++;
		if (*line == '#')
			continue;
		if (!split(line, column)) {
			tally_error("%s:%d: wanted %d columns", path, nr, COLUMNS);
			fclose(f);
			return false;
		}
		published_row(r, column, table, sizeof(table));
	}
	fclose(f);
	printf("%s", *table ? "</table>\n" : "");
	return true;
}

static bool median(const struct tally_run *r, const char *name, const char *metric, double *v)
{
	struct figure f;
	bool good = rows_figure(&r->rows, name, metric, TALLY_CONFIDENCE, &f) && f.sum.n > 0;

	*v = f.sum.median;
	return good;
}

static void goal(const char *what, int met, const char *found)
{
	static const char *const words[] = {"missed", "met", "not known"};

	printf("<tr><td>");
	page_text(what);
	printf("</td><td class=\"%s\">%s</td><td>",
	       met == 1 ? "met"
	       : met	? "no"
			: "missed",
	       words[met]);
	page_text(found);
	printf("</td></tr>\n");
}

static void goal_instructions(const struct tally_run *r)
{
	double vf, host;
	char found[256];

	if (median(r, "net.vf.hpcap", "instructions", &vf) &&
	    median(r, "net.host.hpcap", "instructions", &host) && host > 0) {
		snprintf(found, sizeof(found),
			 "%.3f times: %.0f in the guest, %.0f on bare metal", vf / host, vf,
			 host);
		goal("hpcap in a VF guest: at most 1.02 times the instructions a frame of bare metal",
		     vf / host <= 1.02, found);
		return;
	}
	if (median(r, "net.vf.hpcap", "cpu_frame", &vf) &&
	    median(r, "net.host.hpcap", "cpu_frame", &host) && host > 0)
		snprintf(
			found, sizeof(found),
			"these CPUs count no instructions; in CPU time it is %.2f times, which under "
			"emulation is no measure of it",
			vf / host);
	else
		snprintf(found, sizeof(found), "one of both cells has no figure");
	goal("hpcap in a VF guest: at most 1.02 times the instructions a frame of bare metal",
	     2, found);
}

static void goal_exits(const struct tally_run *r)
{
	const char *what = "hpcap in a VF guest, busy: frames cause at most 5 exits in 1,000";
	double busy, adaptive = 0, idle = 0;
	char found[256];

	if (!median(r, "net.vf.hpcap", "exits_busy", &busy)) {
		goal(what, 2, "no exits were counted");
		return;
	}
	median(r, "net.vf.hpcap", "exits_caused", &adaptive);
	median(r, "net.vf.hpcap", "exits_idle", &idle);
	snprintf(
		found, sizeof(found),
		"%.1f; where its thread sleeps without frames %.1f. Not in these: what a guest "
		"without a frame has, %.0f in a second, for timers and what emulated SVM adds",
		busy, adaptive, idle);
	goal(what, busy <= 5, found);
}

/* Was there no loss, only no faster generator? Then the rate says less. */
static const char *limited(const struct tally_run *r, const char *name)
{
	struct figure f;

	rows_figure(&r->rows, name, "lossless_rate", TALLY_CONFIDENCE, &f);
	return strstr(f.note, "generator") ? " (all the generator gave)" : "";
}

/* Is ours as much as theirs? 2: less, by no more than repeats scatter. */
static int as_much(const struct tally_run *r, const char *ours, const char *theirs,
		   const char *metric)
{
	struct stat_change change;
	struct figure a, b;

	rows_figure(&r->rows, ours, metric, TALLY_CONFIDENCE, &a);
	rows_figure(&r->rows, theirs, metric, TALLY_CONFIDENCE, &b);
	if (a.sum.median >= b.sum.median)
		return 1;
	change = stat_compare(&b.sum, &a.sum, TALLY_CONFIDENCE, 0);
	return change.known && !change.beyond_noise ? 2 : 0;
}

static void goal_beside_tcpdump(const struct tally_run *r, const char *network)
{
	static const char *const metrics[] = {"captured_percent", "captured_overload",
					      "lossless_rate"};
	static const char *const words[] = {
		"; where it lost them: the tables of losses by place, and the raw rows", "",
		"; less, but by no more than repeats of this run scatter (95 %)"};
	char what[160], found[400], ours[ROW_NAME], theirs[ROW_NAME];
	double a[3], b[3];
	int met = 1;

	snprintf(ours, sizeof(ours), "net.%s.hpcap", network);
	snprintf(theirs, sizeof(theirs), "net.%s.tcpdump", network);
	snprintf(what, sizeof(what), "%s: hpcap captures at least what stock + tcpdump does",
		 page_title(network));
	for (int i = 0; i < 3; i++) {
		int one;

		if (!median(r, ours, metrics[i], &a[i]) ||
		    !median(r, theirs, metrics[i], &b[i])) {
			goal(what, 2, "one of both cells has no figure");
			return;
		}
		one = as_much(r, ours, theirs, metrics[i]);
		met = met && one ? (one > met ? one : met) : 0;
	}
	snprintf(
		found, sizeof(found),
		"at the fixed rate %.2f %% against %.2f %%; of the highest rate %.1f %% against "
		"%.1f %%; without loss up to %.0f%s against %.0f%s frames a second%s",
		a[0], b[0], a[1], b[1], a[2], limited(r, ours), b[2], limited(r, theirs),
		words[met]);
	goal(what, met, found);
}

/**
 * page_goals() - What the project wants of these figures, and whether it got it
 * @r: run
 */
void page_goals(const struct tally_run *r)
{
	printf("<table class=\"said\"><tr><th>goal</th><th></th><th>found</th></tr>\n");
	goal_instructions(r);
	goal_exits(r);
	goal_beside_tcpdump(r, "host");
	goal_beside_tcpdump(r, "pf");
	goal_beside_tcpdump(r, "vf");
	printf("</table>\n");
}
