// SPDX-License-Identifier: GPL-2.0-or-later
/* Options as data. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "msg.h"
#include "opt.h"
#include "opt_help.h"

#define MAX_ARGS  64
#define MAX_GIVEN 256

struct opt_common opt_common = {.root = ""};

static struct {
	const char *name;
	const char *text;
} given[MAX_GIVEN];

static unsigned int nr_given;

static const struct opt common_opts[] = {
	{"json", OPT_FLAG, NULL, "results and errors as JSON",
	 offsetof(struct opt_common, json)},
	{"dry-run", OPT_FLAG, NULL, "say what would be done, change nothing",
	 offsetof(struct opt_common, dry_run)},
	{"connect", OPT_TEXT, "URI", "libvirt to speak to (default: its own default)",
	 offsetof(struct opt_common, uri)},
	{"root", OPT_TEXT, "DIR", "read facts from DIR/sys, DIR/proc, DIR/dev",
	 offsetof(struct opt_common, root)},
	{"help", OPT_FLAG, NULL, "this text", offsetof(struct opt_common, help)},
	{},
};

const struct opt *opt_common_table(void)
{
	return common_opts;
}

bool opt_read_number(const char *text, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return !errno && !*end;
}

/* A number and one letter of units; factors[i] is what units[i] stands for. */
static bool read_scaled(const char *text, const char *units, const uint64_t *factors,
			uint64_t plain, uint64_t *out)
{
	uint64_t factor = plain;
	const char *unit;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	if (errno)
		return false;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		factor = factors[unit - units];
		end++;
	}
	return !*end && !__builtin_mul_overflow(*out, factor, out);
}

bool opt_read_size(const char *text, uint64_t *out)
{
	static const uint64_t factors[] = {1ull << 10, 1ull << 20, 1ull << 30, 1ull << 40};

	return read_scaled(text, "KMGT", factors, 1, out);
}

bool opt_read_duration(const char *text, uint64_t *out_ms)
{
	static const uint64_t factors[] = {1000, 60000, 3600000, 86400000};

	return read_scaled(text, "smhd", factors, 1000, out_ms);
}

static const struct opt *find_opt(const struct opt *table, const char *name, size_t len)
{
	for (; table && table->name; table++)
		if (strlen(table->name) == len && !strncmp(table->name, name, len))
			return table;
	return NULL;
}

static bool read_value(const struct opt *o, const char *text, uint64_t *out)
{
	return o->kind == OPT_SIZE	 ? opt_read_size(text, out)
	       : o->kind == OPT_DURATION ? opt_read_duration(text, out)
					 : opt_read_number(text, out);
}

static int store(const struct opt *o, void *base, const char *text)
{
	void *where = (char *)base + o->offset;
	struct opt_list *list = where;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)where = true;
		return EXIT_OK;
	case OPT_TEXT:
		*(const char **)where = text;
		return EXIT_OK;
	case OPT_LIST:
		if (list->count == OPT_LIST_MAX)
			return msg_fail(EXIT_USAGE, "--%s: given more than %d times", o->name,
					OPT_LIST_MAX);
		list->text[list->count++] = text;
		return EXIT_OK;
	default:
		if (read_value(o, text, where))
			return EXIT_OK;
		return msg_fail(EXIT_USAGE, "--%s: '%s' is no %s", o->name, text,
				o->kind == OPT_SIZE	  ? "size such as 20G"
				: o->kind == OPT_DURATION ? "duration such as 30m"
							  : "number");
	}
}

/* One word beginning with "--"; *used: words eaten. */
static int read_opt(const struct command *c, void *base, char **argv, int left, int *used)
{
	const char *name = argv[0] + 2, *eq = strchr(name, '='), *text = eq ? eq + 1 : NULL;
	const size_t len = eq ? (size_t)(eq - name) : strlen(name);
	const struct opt *o = find_opt(c->opts, name, len);
	void *where = base;

	*used = 1;
	if (!o) {
		o = find_opt(common_opts, name, len);
		where = &opt_common;
	}
	if (!o)
		return msg_fail(EXIT_USAGE, "unknown option --%.*s (see: hpcapctl %s --help)",
				(int)len, name, c->name);
	if (o->kind == OPT_FLAG) {
		if (text)
			return msg_fail(EXIT_USAGE, "--%s takes no value", o->name);
	} else if (!text) {
		if (left < 2)
			return msg_fail(EXIT_USAGE, "--%s needs a value: %s", o->name,
					o->value);
		text = argv[1];
		*used = 2;
	}
	if (where == base && nr_given < MAX_GIVEN) {
		given[nr_given].name = o->name;
		given[nr_given++].text = text;
	}
	return store(o, where, text);
}

const char *opt_given(unsigned int i, const char **text)
{
	*text = i < nr_given ? given[i].text : NULL;
	return i < nr_given ? given[i].name : NULL;
}

/* The command whose words begin argv; *words: how many they are. */
static const struct command *find_command(const struct command *commands, int argc, char **argv,
					  int *words)
{
	char two[128];

	for (*words = 2; *words >= 1; --*words) {
		if (argc < *words)
			continue;
		snprintf(two, sizeof(two), "%s%s%s", argv[0], *words == 2 ? " " : "",
			 *words == 2 ? argv[1] : "");
		for (const struct command *c = commands; c->name; c++)
			if (!strcmp(c->name, two))
				return c;
	}
	return NULL;
}

/* Options before the command, such as in "hpcapctl --json vf list". */
static int read_common(int argc, char **argv, int *used)
{
	static const struct command none = {.name = ""};
	int status = EXIT_OK, n;

	*used = 0;
	while (status == EXIT_OK && *used < argc && !strncmp(argv[*used], "--", 2)) {
		status = read_opt(&none, NULL, argv + *used, argc - *used, &n);
		*used += n;
	}
	return status;
}

static int run_command(const struct command *c, int argc, char **argv)
{
	static _Alignas(16) char base[OPT_STRUCT_MAX];
	char *args[MAX_ARGS + 1] = {};
	int nr = 0, used, status;
	bool only_args = false;

	memset(base, 0, sizeof(base));
	nr_given = 0;
	for (int i = 0; i < argc; i += used) {
		used = 1;
		if (!only_args && !strcmp(argv[i], "--")) {
			only_args = true;
		} else if (!only_args && !strncmp(argv[i], "--", 2)) {
			status = read_opt(c, base, argv + i, argc - i, &used);
			if (status != EXIT_OK)
				return status;
		} else if (nr < MAX_ARGS) {
			args[nr++] = argv[i];
		}
	}
	if (opt_common.help)
		return opt_help_command(c);
	if (nr < c->min_args || nr > c->max_args)
		return msg_fail(EXIT_USAGE, "wrong number of words; usage: hpcapctl %s %s",
				c->name, c->args);
	status = command_check(c);
	return msg_end(c->name, status == EXIT_OK ? c->run(base, nr, args) : status);
}

int opt_call(const struct command *commands, int argc, char **argv)
{
	const struct command *c;
	int words;

	c = argc ? find_command(commands, argc, argv, &words) : NULL;
	if (!c)
		return msg_fail(EXIT_USAGE, "no command %s", argc ? argv[0] : "");
	return run_command(c, argc - words, argv + words);
}

/* JSON errors are promised wherever --json stands, also behind the mistake. */
static bool asks_json(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--json"))
			return true;
	return false;
}

int opt_run(const struct command *commands, int argc, char **argv)
{
	const struct command *c;
	int used, words, status;

	msg_setup(NULL, asks_json(argc, argv));
	status = read_common(argc - 1, argv + 1, &used);
	if (status != EXIT_OK)
		return status;
	argc -= 1 + used;
	argv += 1 + used;
	if (argc == 0) {
		if (opt_common.help)
			return opt_help_all(commands);
		return msg_fail(EXIT_USAGE, "no command (see: hpcapctl --help)");
	}
	c = find_command(commands, argc, argv, &words);
	if (!c)
		return opt_help_unknown(commands, argv[0]);
	msg_setup(c->name, opt_common.json || msg_wants_json());
	return run_command(c, argc - words, argv + words);
}
