// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading results.tsv: case, repeat, metric, unit, value, note; a header line. */
#include "rows.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS = 6,
	LINE = 1024,
	FIGURE_MAX = 4096,
};

static const char HEADER[] = "case\trepeat\tmetric\tunit\tvalue\tnote";

static bool wrong(struct row_list *l, const char *path, int line, const char *what)
{
	snprintf(l->error, sizeof(l->error), "%s:%d: %s", path, line, what);
	return false;
}

static bool split(char *line, char **column)
{
	for (int i = 0; i < COLUMNS; i++) {
		column[i] = line;
		line = strchr(line, '\t');
		if (!line)
			return i == COLUMNS - 1;
		*line++ = '\0';
	}
	return false;
}

static bool take_row(struct row_list *l, char *line, int nr, const char *path)
{
	struct row r = {.line = nr};
	char *column[COLUMNS], *end;
	struct row *all;

	if (!split(line, column))
		return wrong(l, path, nr, "wanted 6 columns, case to note");
	if (!*column[0] || !*column[2] || strlen(column[0]) >= ROW_NAME ||
	    strlen(column[2]) >= ROW_NAME)
		return wrong(l, path, nr, "case or metric is missing or too long");
	r.repeat = (int)strtol(column[1], &end, 10);
	if (end == column[1] || *end || r.repeat < 0)
		return wrong(l, path, nr, "repeat is no number");
	r.has_value = strcmp(column[4], "-") != 0;
	if (r.has_value) {
		r.value = strtod(column[4], &end);
		if (end == column[4] || *end || !isfinite(r.value))
			return wrong(l, path, nr, "value is neither a number nor -");
	}
	snprintf(r.name, sizeof(r.name), "%s", column[0]);
	snprintf(r.metric, sizeof(r.metric), "%s", column[2]);
	snprintf(r.unit, sizeof(r.unit), "%s", column[3]);
	snprintf(r.note, sizeof(r.note), "%s", column[5]);
	all = realloc(l->all, (l->nr + 1) * sizeof(*all));
	if (!all)
		return wrong(l, path, nr, "out of memory");
	l->all = all;
	l->all[l->nr++] = r;
	return true;
}

/**
 * rows_read() - Read a file of results
 * @l: filled in; to be given back by rows_free()
 * @path: file
 *
 * A last line without its end is what a killed run leaves: it is not read.
 *
 * Return: false with @l->error, which names file and line.
 */
bool rows_read(struct row_list *l, const char *path)
{
	char line[LINE];
	FILE *f = fopen(path, "r");
	bool good = true;
	int nr = 0;

	*l = (struct row_list){0};
	if (!f) {
		snprintf(l->error, sizeof(l->error), "%s: %s", path, strerror(errno));
		return false;
	}
	while (good && fgets(line, sizeof(line), f)) {
		char *end = strchr(line, '\n');

		nr++;
		if (!end && feof(f))
			break;
		if (end)
			*end = '\0';
		if (!end)
			good = wrong(l, path, nr, "a line too long");
		else if (nr == 1)
			good = !strcmp(line, HEADER) ||
			       wrong(l, path, 1, "no results of bench/run: another header");
		else
			good = take_row(l, line, nr, path);
	}
	fclose(f);
	if (good && !nr)
		good = wrong(l, path, 1, "empty");
	if (!good)
		rows_free(l);
	return good;
}

/**
 * rows_free() - Give back what rows_read() made; the error stays
 * @l: of rows_read()
 */
void rows_free(struct row_list *l)
{
	free(l->all);
	l->all = NULL;
	l->nr = 0;
}

static bool same(const struct row *a, const char *name, const char *metric)
{
	return !strcmp(a->name, name) && !strcmp(a->metric, metric);
}

/**
 * row_is_first() - Does no earlier row have this case and metric?
 * @l: rows
 * @i: of them
 *
 * Return: true when row @i is the first of its figure.
 */
bool row_is_first(const struct row_list *l, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same(&l->all[k], l->all[i].name, l->all[i].metric))
			return false;
	return true;
}

/**
 * rows_figure() - All measurements of one metric of one case
 * @l: rows
 * @name: case
 * @metric: wanted
 * @confidence: of the interval
 * @f: filled in; without values it has the note alone
 *
 * Return: false when there is no such row at all.
 */
bool rows_figure(const struct row_list *l, const char *name, const char *metric,
		 double confidence, struct figure *f)
{
	static double v[FIGURE_MAX];
	size_t n = 0;

	*f = (struct figure){0};
	for (size_t i = 0; i < l->nr; i++) {
		const struct row *r = &l->all[i];
		size_t len = strlen(f->lines);

		if (!same(r, name, metric))
			continue;
		if (!f->first)
			f->first = r;
		if (*r->note)
			snprintf(f->note, sizeof(f->note), "%s", r->note);
		snprintf(f->lines + len, sizeof(f->lines) - len, "%s%d", len ? " " : "",
			 r->line);
		if (r->has_value && n < FIGURE_MAX)
			v[n++] = r->value;
	}
	f->sum = stat_summarise(v, n, confidence);
	return f->first != NULL;
}

/**
 * rows_reason() - Why a case has no figures
 * @l: rows
 * @name: case
 *
 * Return: the note of its row "cell", or NULL.
 */
const char *rows_reason(const struct row_list *l, const char *name)
{
	for (size_t i = 0; i < l->nr; i++)
		if (same(&l->all[i], name, "cell") && !l->all[i].has_value)
			return l->all[i].note;
	return NULL;
}
