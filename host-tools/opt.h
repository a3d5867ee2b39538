/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options and commands as data: parsing, help and completion come from one table. */
#ifndef OPT_H
#define OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum opt_kind {
	OPT_FLAG,     /* bool */
	OPT_TEXT,     /* const char * */
	OPT_NUMBER,   /* uint64_t */
	OPT_SIZE,     /* uint64_t bytes: 10, 4K, 20G */
	OPT_DURATION, /* uint64_t milliseconds: 90, 90s, 30m, 2h, 1d */
	OPT_LIST,     /* struct opt_list; may be given several times */
};

#define OPT_LIST_MAX   64
#define OPT_STRUCT_MAX 4096 /* bytes of the largest struct that options fill */

/**
 * struct opt_list - values of an option given several times
 * @count: how many
 * @text: as given
 */
struct opt_list {
	unsigned int count;
	const char *text[OPT_LIST_MAX];
};

/**
 * struct opt - one option
 * @name: long name, without dashes; NULL ends the table
 * @kind: how the word after it is read
 * @value: its name in the help; NULL for a flag
 * @help: one line
 * @offset: where in the command's struct it goes
 */
struct opt {
	const char *name;
	enum opt_kind kind;
	const char *value;
	const char *help;
	size_t offset;
};

/**
 * struct command - one verb
 * @name: its words, for example "vf list"
 * @args: what follows, for the help
 * @summary: one line
 * @details: further help, lines; NULL for none
 * @opts: its options; NULL for none
 * @min_args: words that must follow
 * @max_args: words that may
 * @far: asks libvirt only, so another host's will do
 * @run: does it, with the struct that @opts filled, zero where the user said nothing;
 *       returns enum exit_code
 */
struct command {
	const char *name;
	const char *args;
	const char *summary;
	const char *details;
	const struct opt *opts;
	int min_args;
	int max_args;
	bool far;
	int (*run)(void *opts, int argc, char **argv);
};

/* Options that every command takes. */
struct opt_common {
	bool json;
	bool dry_run;
	bool help;
	const char *uri;  /* libvirt */
	const char *root; /* folder that holds sys/, proc/ and dev/ */
};

extern struct opt_common opt_common;

/* Of the program: may it run now? Else enum exit_code after an error message. */
int command_check(const struct command *c);

/**
 * opt_run() - find the command, read its options, run it
 * @commands: ends with a command without a name
 * Return: exit status of the program.
 */
int opt_run(const struct command *commands, int argc, char **argv);

/**
 * opt_call() - the same for one command more, from within another
 * @argv: its words and options; the options of every command stay as they are
 */
int opt_call(const struct command *commands, int argc, char **argv);

/**
 * opt_given() - an option that the running command was given
 * @i: number, from 0
 * @text: its value; NULL for a flag
 * Return: its name; NULL when there are no more.
 */
const char *opt_given(unsigned int i, const char **text);

/* A size, duration or number as options write them; false when it is none. */
bool opt_read_size(const char *text, uint64_t *out);
bool opt_read_duration(const char *text, uint64_t *out_ms);
bool opt_read_number(const char *text, uint64_t *out);

#endif /* OPT_H */
