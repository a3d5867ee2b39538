// SPDX-License-Identifier: GPL-2.0-or-later
/* Pieces of HTML: words, numbers with their rows, plots. */
#include "page.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const page_networks[] = {"host", "pf", "vf", "virtio", "e1000e", NULL};
const char *const page_engines[] = {"tcpdump", "tpacket", "xdp", "dpdk", "hpcap", NULL};

/**
 * page_title() - What a word of cases.cfg means
 * @word: network, engine, storage or generator
 *
 * Return: for people; the word itself when it has no other name.
 */
const char *page_title(const char *word)
{
	static const struct {
		const char *word, *title;
	} titles[] = {
		{"host", "bare metal, PF"},
		{"pf", "guest, PF passed through"},
		{"vf", "guest, VF passed through"},
		{"virtio", "guest, virtio-net"},
		{"e1000e", "guest, emulated e1000e"},
		{"tcpdump", "stock + tcpdump"},
		{"tpacket", "stock + TPACKET_V3"},
		{"xdp", "stock + AF_XDP"},
		{"dpdk", "DPDK testpmd"},
	};

	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++)
		if (!strcmp(titles[i].word, word))
			return titles[i].title;
	return word;
}

/**
 * page_text() - Text, with what HTML would read replaced
 * @text: any
 */
void page_text(const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<':
			fputs("&lt;", stdout);
			break;
		case '>':
			fputs("&gt;", stdout);
			break;
		case '&':
			fputs("&amp;", stdout);
			break;
		case '"':
			fputs("&quot;", stdout);
			break;
		default:
			putchar(*text);
		}
	}
}

/**
 * page_number() - A number in as many digits as one reads
 * @v: any
 */
void page_number(double v)
{
	double a = fabs(v);

	if (a >= 100 || (v == floor(v) && a < 1e9))
		printf("%.0f", v);
	else if (a >= 10)
		printf("%.1f", v);
	else
		printf("%.3g", v);
}

/**
 * page_value() - A figure's median and interval, with a link to its first row
 * @l: rows
 * @name: case
 * @metric: of it
 *
 * Without a value, the reason that the rows give; "not measured" without one.
 */
void page_value(const struct row_list *l, const char *name, const char *metric)
{
	struct figure f;
	const char *why = NULL;

	if (!rows_figure(l, name, metric, TALLY_CONFIDENCE, &f))
		why = rows_reason(l, name);
	if (!f.sum.n) {
		const char *text = *f.note ? f.note : why ? why : "not in this run";

		printf("<span class=\"no\">");
		page_text(text);
		printf("</span>");
		return;
	}
	printf("<a href=\"#r%d\" title=\"rows %s; n = %zu; ", f.first->line, f.lines, f.sum.n);
	printf("min %g, median %g, max %g", f.sum.min, f.sum.median, f.sum.max);
	if (*f.note) {
		printf("; ");
		page_text(f.note);
	}
	printf("\">");
	page_number(f.sum.median);
	printf("</a>");
	if (f.sum.half >= 0) {
		printf(" <small>[");
		page_number(f.sum.mean - f.sum.half);
		printf(", ");
		page_number(f.sum.mean + f.sum.half);
		printf("]</small>");
	}
}

/**
 * page_figure() - The same as a cell of a table
 * @l: rows
 * @name: case
 * @metric: of it
 */
void page_figure(const struct row_list *l, const char *name, const char *metric)
{
	printf("<td>");
	page_value(l, name, metric);
	printf("</td>");
}

/* Does a name within the drawing begin here, behind id=, href= or url( ? */
static bool names_something(const char *start, const char *p)
{
	static const char *const before[] = {" id=\"", " id='", "href='#", "href=\"#", "url(#"};

	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		size_t len = strlen(before[i]);

		if ((size_t)(p - start) >= len && !strncmp(p - len, before[i], len))
			return true;
	}
	return false;
}

/**
 * page_svg() - A plot, inline
 * @path: made by gnuplot
 * @nr: of the plot; goes in front of each of its names, which are one for all else
 *
 * Return: false after an error message.
 */
bool page_svg(const char *path, int nr)
{
	char *text = tally_file(path);
	const char *start = text ? strstr(text, "<svg") : NULL;

	if (text && !start)
		tally_error("%s: no drawing in it", path);
	if (start) {
		printf("<figure>");
		for (const char *p = start; *p; p++) {
			if (names_something(start, p))
				printf("p%d-", nr);
			putchar(*p);
		}
		printf("</figure>\n");
	}
	free(text);
	return start != NULL;
}

/**
 * page_matrix() - A metric of every network and engine
 * @r: run
 * @metric: to show
 * @title: of the table
 */
void page_matrix(const struct tally_run *r, const char *metric, const char *title)
{
	printf("<h3>");
	page_text(title);
	printf("</h3>\n<table><tr><th></th>");
	for (int e = 0; page_engines[e]; e++)
		printf("<th>%s</th>", page_title(page_engines[e]));
	printf("</tr>\n");
	for (int n = 0; page_networks[n]; n++) {
		printf("<tr><th>%s</th>", page_title(page_networks[n]));
		for (int e = 0; page_engines[e]; e++) {
			char name[ROW_NAME];

			snprintf(name, sizeof(name), "net.%s.%s", page_networks[n],
				 page_engines[e]);
			page_figure(&r->rows, name, metric);
		}
		printf("</tr>\n");
	}
	printf("</table>\n");
}
