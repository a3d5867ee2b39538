/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs share: numbers, signals, messages, JSON. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CLI_OK	   0
#define CLI_FAILED 1
#define CLI_USAGE  2
#define CLI_SCHEMA 1 /* of all JSON output; grows when a key changes meaning */

#define CLI_NSEC 1000000000ll

/* One line to stderr, "program: ..." */
__attribute__((format(printf, 1, 2))) void cli_error(const char *fmt, ...);

/* The same and where to find help; returns CLI_USAGE. */
__attribute__((format(printf, 1, 2))) int cli_misuse(const char *fmt, ...);

/* The same for a value that the option opt of that table does not take. */
struct option;
int cli_bad_value(const struct option *options, int opt, const char *value);

/* "program (hpcap) version" to stdout; returns CLI_OK. */
int cli_version(const char *program);

/* A whole decimal number up to max. */
bool cli_number(const char *text, uint64_t max, uint64_t *out);

/* A number of bytes with an optional K, M, G or T (of 1024). */
bool cli_size(const char *text, uint64_t *out);

/* SIGINT, SIGTERM and SIGHUP end the work in order; a second one at once. */
void cli_catch_signals(void);
bool cli_stopped(void);

/* Monotonic clock, nanoseconds. */
int64_t cli_now_ns(void);

/* Text as a JSON string with its quotes; bytes that are not UTF-8 become '?'. */
void cli_json_text(FILE *f, const char *text);

/* A time as 2026-11-21T19:00:00.123456789Z. */
struct cli_time {
	char text[40];
};

struct cli_time cli_utc(uint32_t sec, uint32_t nsec);

#endif /* CLI_H */
