/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of tally share. Each returns a program's exit status. */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include "cases.h"
#include "rows.h"

#include <stdio.h>

enum {
	TALLY_OK,
	TALLY_FAILED,
	TALLY_USAGE,
	TALLY_SCHEMA = 1,
	TALLY_PATH = 512,
};

/* Confidence of every interval that is printed. */
#define TALLY_CONFIDENCE 0.95

__attribute__((format(printf, 1, 2))) int tally_error(const char *fmt, ...);
__attribute__((format(printf, 1, 2))) int tally_misuse(const char *fmt, ...);
bool tally_number(const char *name, const char *text, double least, double most, double *v);
void tally_json_text(FILE *f, const char *text);
bool tally_more_is_better(const char *metric);
bool tally_says_nothing(const char *metric);

/**
 * struct tally_run - one folder of results, as bench/run leaves it
 * @dir: it
 * @rows: results.tsv
 * @cases: cases.cfg as it was
 * @machine: machine.txt, lines "key value"
 */
struct tally_run {
	const char *dir;
	struct row_list rows;
	struct case_list cases;
	char *machine;
};

bool tally_open(struct tally_run *r, const char *dir);
void tally_close(struct tally_run *r);
bool tally_machine(const struct tally_run *r, const char *key, char *value, size_t size);
char *tally_file(const char *path);

int tally_cases(int argc, char **argv);
int tally_rate(int argc, char **argv);
int tally_json(int argc, char **argv);
int tally_compare(int argc, char **argv);
int tally_plots(int argc, char **argv);
int tally_html(int argc, char **argv);

#endif /* BENCH_TALLY_H */
