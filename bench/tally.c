// SPDX-License-Identifier: GPL-2.0-or-later
/* The part of bench/run, bench/report and bench/compare that counts. */
#include "tally.h"

#include "rate.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
	"usage: tally cases FILE [--mode quick|full] [--where PLACE] [--only PATTERN]...\n"
	"       tally rate FROM TO LOSS PRECISION TRIALS <trials: asked offered lost\n"
	"       tally json DIR\n"
	"       tally plots DIR OUT\n"
	"       tally html DIR PUBLISHED [SVG...]\n"
	"       tally compare [--json] [--confidence C] [--least PERCENT] DIR DIR\n"
	"The counting part of bench/run, bench/report and bench/compare.\n";

static void say(const char *fmt, va_list args)
{
	char text[512];

	vsnprintf(text, sizeof(text), fmt, args);
	fprintf(stderr, "tally: %s\n", text);
}

/**
 * tally_error() - One line on stderr
 * @fmt: as printf()
 *
 * Return: TALLY_FAILED.
 */
int tally_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return TALLY_FAILED;
}

/**
 * tally_misuse() - The same, for wrong arguments
 * @fmt: as printf()
 *
 * Return: TALLY_USAGE.
 */
int tally_misuse(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return TALLY_USAGE;
}

/**
 * tally_number() - A number out of an argument
 * @name: of the argument, for the error
 * @text: what was given
 * @least: lowest that is right
 * @most: highest
 * @v: filled in
 *
 * Return: false after an error message.
 */
bool tally_number(const char *name, const char *text, double least, double most, double *v)
{
	char *end;

	*v = strtod(text, &end);
	if (end != text && !*end && isfinite(*v) && *v >= least && *v <= most)
		return true;
	tally_misuse("%s: wanted a number from %g to %g, not \"%s\"", name, least, most, text);
	return false;
}

/* Is the case wanted by name? Patterns are parts of a name or shell patterns. */
static bool by_name(const struct bench_case *c, char **only, int nr)
{
	for (int i = 0; i < nr; i++)
		if (strstr(c->name, only[i]) || !fnmatch(only[i], c->name, 0))
			return true;
	return nr == 0;
}

static void print_case(const struct bench_case *c)
{
	printf("%s", c->name);
	for (size_t i = 0; i < c->nr; i++)
		if (strcmp(c->keys[i].key, "reason") != 0)
			printf("\t%s=%s", c->keys[i].key, c->keys[i].value);
	if (*c->reason)
		printf("\treason=%s", c->reason);
	printf("\n");
}

/**
 * tally_cases() - Print the cases of a file, name and settings between tabs
 * @argc: of the verb
 * @argv: FILE, then what is wanted of it
 *
 * Return: exit status.
 */
int tally_cases(int argc, char **argv)
{
	const char *mode = NULL, *where = NULL;
	char *only[64];
	struct case_list l;
	int nr = 0;

	if (argc < 2)
		return tally_misuse("cases: wanted a file");
	for (int i = 2; i < argc; i += 2) {
		if (i + 1 == argc)
			return tally_misuse("cases: %s needs a value", argv[i]);
		if (!strcmp(argv[i], "--mode"))
			mode = argv[i + 1];
		else if (!strcmp(argv[i], "--where"))
			where = argv[i + 1];
		else if (!strcmp(argv[i], "--only") && nr < 64)
			only[nr++] = argv[i + 1];
		else
			return tally_misuse("cases: unknown argument %s", argv[i]);
	}
	if (!cases_read(&l, argv[1]))
		return tally_error("%s", l.error);
	for (size_t i = 0; i < l.nr; i++) {
		const struct bench_case *c = &l.all[i];

		if ((mode && !case_has_word(c, "modes", mode)) ||
		    (where && !case_has_word(c, "where", where)) || !by_name(c, only, nr))
			continue;
		print_case(c);
	}
	cases_free(&l);
	return TALLY_OK;
}

/**
 * tally_rate() - The next step of a search for the rate at which loss begins
 * @argc: of the verb
 * @argv: FROM TO LOSS PRECISION TRIALS; trials so far on stdin
 *
 * Return: exit status.
 */
int tally_rate(int argc, char **argv)
{
	struct rate_trial t[64];
	struct rate_limits l;
	struct rate_step s;
	double trials;
	size_t n = 0;

	if (argc != 6)
		return tally_misuse("rate: wanted FROM TO LOSS PRECISION TRIALS");
	if (!tally_number("FROM", argv[1], 1e-3, 1e9, &l.from) ||
	    !tally_number("TO", argv[2], l.from, 1e9, &l.to) ||
	    !tally_number("LOSS", argv[3], 0, 0.99, &l.loss) ||
	    !tally_number("PRECISION", argv[4], 1e-6, 10, &l.precision) ||
	    !tally_number("TRIALS", argv[5], 1, 60, &trials))
		return TALLY_USAGE;
	l.trials = (size_t)trials;
	while (n < 64 && scanf("%lf %lf %lf", &t[n].asked, &t[n].offered, &t[n].lost) == 3)
		n++;
	s = rate_next(&l, t, n);
	printf("%s %.6g\n", rate_word(s.end), s.rate);
	return TALLY_OK;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} verbs[] = {
		{"cases", tally_cases}, {"rate", tally_rate}, {"json", tally_json},
		{"plots", tally_plots}, {"html", tally_html}, {"compare", tally_compare},
	};

	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(usage_text, stdout);
		return TALLY_OK;
	}
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	return tally_misuse("no verb \"%s\" (tally --help)", argc > 1 ? argv[1] : "");
}
