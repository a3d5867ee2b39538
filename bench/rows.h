/* SPDX-License-Identifier: GPL-2.0-or-later */
/* results.tsv: one measurement a row. A row's number is its line in the file. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "stat.h"

enum {
	ROW_NAME = 96,
	ROW_UNIT = 24,
	ROW_NOTE = 256,
};

/**
 * struct row - one measurement, or why there is none
 * @line: in the file, from 1
 * @name: case
 * @repeat: of the case, from 1
 * @metric: what was measured
 * @unit: of the value
 * @has_value: false: the note is the reason
 * @value: measured
 * @note: a word on it
 */
struct row {
	int line;
	char name[ROW_NAME];
	int repeat;
	char metric[ROW_NAME];
	char unit[ROW_UNIT];
	bool has_value;
	double value;
	char note[ROW_NOTE];
};

/**
 * struct row_list - a file of them
 * @nr: how many
 * @all: they
 * @error: what is wrong, "" for nothing
 */
struct row_list {
	size_t nr;
	struct row *all;
	char error[320];
};

/**
 * struct figure - all repeats of one metric of one case
 * @first: its first row
 * @lines: its rows, "12 13 14"
 * @sum: of the values
 * @notes: the last note
 */
struct figure {
	const struct row *first;
	char lines[ROW_NOTE];
	struct stat_summary sum;
	char note[ROW_NOTE];
};

bool rows_read(struct row_list *l, const char *path);
void rows_free(struct row_list *l);
bool rows_figure(const struct row_list *l, const char *name, const char *metric,
		 double confidence, struct figure *f);
bool row_is_first(const struct row_list *l, size_t i);
const char *rows_reason(const struct row_list *l, const char *name);

#endif /* BENCH_ROWS_H */
