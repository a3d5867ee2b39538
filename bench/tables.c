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

static void goal_beside_tcpdump(const struct tally_run *r, const char *network)
{
	char what[160], found[320], ours[ROW_NAME], theirs[ROW_NAME];
	double a, b, ta, tb;
	bool met;

	snprintf(ours, sizeof(ours), "net.%s.hpcap", network);
	snprintf(theirs, sizeof(theirs), "net.%s.tcpdump", network);
	snprintf(what, sizeof(what), "%s: hpcap captures at least what stock + tcpdump does",
		 page_title(network));
	if (!median(r, ours, "lossless_rate", &a) || !median(r, theirs, "lossless_rate", &b) ||
	    !median(r, ours, "captured_overload", &ta) ||
	    !median(r, theirs, "captured_overload", &tb)) {
		goal(what, 2, "one of both cells has no figure");
		return;
	}
	met = a >= b && ta >= tb;
	snprintf(
		found, sizeof(found),
		"without loss up to %.0f%s against %.0f%s frames a second; of the highest rate "
		"%.1f %% against %.1f %%%s",
		a, limited(r, ours), b, limited(r, theirs), ta, tb,
		met ? "" : "; see the raw rows: what was offered differs from trial to trial");
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
