/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench/cases.cfg: blocks of keys, and the cases that they stand for. */
#ifndef BENCH_CASES_H
#define BENCH_CASES_H

#include <stdbool.h>
#include <stddef.h>

enum {
	CASE_KEYS = 24,
	CASE_KEY = 16,
	CASE_VALUE = 192,
	CASE_NAME = 96,
};

/**
 * struct case_key - one setting of a case
 * @key: its name
 * @value: its words
 */
struct case_key {
	char key[CASE_KEY];
	char value[CASE_VALUE];
};

/**
 * struct bench_case - one experiment
 * @name: block, and the values of all keys of which the block lists several
 * @nr: settings
 * @keys: they
 * @reason: why it cannot be run, "" when it can
 */
struct bench_case {
	char name[CASE_NAME];
	size_t nr;
	struct case_key keys[CASE_KEYS];
	char reason[CASE_VALUE];
};

/**
 * struct case_list - all of a file
 * @nr: how many
 * @all: they
 * @error: what is wrong with the file, "" for nothing
 */
struct case_list {
	size_t nr;
	struct bench_case *all;
	char error[256];
};

bool cases_read(struct case_list *list, const char *path);
void cases_free(struct case_list *list);
const char *case_value(const struct bench_case *c, const char *key);
bool case_has_word(const struct bench_case *c, const char *key, const char *word);

#endif /* BENCH_CASES_H */
