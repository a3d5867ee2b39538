// SPDX-License-Identifier: GPL-2.0-or-later
/* Two folders of results beside each other: what changed beyond noise. */
#include "tally.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct compare - what was asked, and what came out
 * @json: instead of lines
 * @confidence: of the test of each figure
 * @least: differences below so many per cent do not count
 * @looked: figures that could be compared
 * @unknown: figures with too few measurements, or in one folder only
 * @worse: changed to the worse
 * @better: changed to the better
 */
struct compare {
	bool json;
	double confidence;
	double least;
	int looked;
	int unknown;
	int worse;
	int better;
};

/* "worse", "better", or NULL for no change. */
static const char *judge(struct compare *c, const char *metric, const struct stat_change *ch)
{
	bool up = tally_more_is_better(metric);

	if (!ch->beyond_noise)
		return NULL;
	if ((ch->percent > 0) == up) {
		c->better++;
		return "better";
	}
	c->worse++;
	return "worse";
}

static void print_change(const struct compare *c, const struct figure *a,
			 const struct figure *b, const struct stat_change *ch, const char *word)
{
	const struct row *r = a->first;

	if (c->json) {
		printf("%s\n{\"case\":", c->worse + c->better > 1 ? "," : "");
		tally_json_text(stdout, r->name);
		printf(",\"metric\":");
		tally_json_text(stdout, r->metric);
		printf(",\"unit\":");
		tally_json_text(stdout, r->unit);
		printf(",\"before\":%.9g,\"after\":%.9g,\"percent\":%.3f,\"t\":%.3f,\"limit\":%.3f,"
		       "\"verdict\":\"%s\"}",
		       a->sum.mean, b->sum.mean, ch->percent, ch->t, ch->limit, word);
		return;
	}
	printf("%-7s %-28s %-22s %12.6g -> %-12.6g %-8s %+8.1f %%  (t %.2f, limit %.2f)\n",
	       word, r->name, r->metric, a->sum.mean, b->sum.mean, r->unit, ch->percent, ch->t,
	       ch->limit);
}

/*
 * A rate that nothing lost a frame at, for there was no faster one, is the sender's; one
 * that a search was cut short at says how much time there was.
 */
static bool says_of_others(const struct row_list *l, const struct row *of)
{
	for (size_t i = 0; i < l->nr; i++) {
		const struct row *r = &l->all[i];

		if (strcmp(r->name, of->name) != 0 || strcmp(r->metric, of->metric) != 0)
			continue;
		if (strstr(r->note, "the generator gives no more") ||
		    strstr(r->note, "found in a hurry"))
			return true;
	}
	return false;
}

static void compare_all(struct compare *c, const struct tally_run *a, const struct tally_run *b)
{
	for (size_t i = 0; i < a->rows.nr; i++) {
		const struct row *r = &a->rows.all[i];
		struct stat_change ch;
		struct figure fa, fb;
		const char *word;

		if (!row_is_first(&a->rows, i) || tally_says_nothing(r->metric))
			continue;
		rows_figure(&a->rows, r->name, r->metric, TALLY_CONFIDENCE, &fa);
		if (!rows_figure(&b->rows, r->name, r->metric, TALLY_CONFIDENCE, &fb)) {
			c->unknown++;
			continue;
		}
		if (says_of_others(&a->rows, r) || says_of_others(&b->rows, r)) {
			c->unknown++;
			continue;
		}
		ch = stat_compare(&fa.sum, &fb.sum, c->confidence, c->least);
		if (!ch.known) {
			c->unknown++;
			continue;
		}
		c->looked++;
		word = judge(c, r->metric, &ch);
		if (word)
			print_change(c, &fa, &fb, &ch, word);
	}
}

static void print_machine(const struct tally_run *a, const struct tally_run *b)
{
	static const char *const keys[] = {"cpu", "cpus", "kernel", "commit", "accel", "load"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		char va[256], vb[256];

		tally_machine(a, keys[i], va, sizeof(va));
		tally_machine(b, keys[i], vb, sizeof(vb));
		if (strcmp(va, vb) != 0)
			printf("other %s: %s -> %s\n", keys[i], va, vb);
	}
}

static bool options(struct compare *c, int argc, char **argv)
{
	static const struct option known[] = {
		{"json", no_argument, NULL, 'j'},
		{"confidence", required_argument, NULL, 'c'},
		{"least", required_argument, NULL, 'l'},
		{NULL, 0, NULL, 0},
	};
	int o;

	while ((o = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (o == 'j')
			c->json = true;
		else if (o == 'c' &&
			 !tally_number("--confidence", optarg, 0.5, 0.999999, &c->confidence))
			return false;
		else if (o == 'l' && !tally_number("--least", optarg, 0, 1e6, &c->least))
			return false;
		else if (o == '?')
			return false;
	}
	if (optind + 2 == argc)
		return true;
	tally_misuse("compare: wanted two folders of results");
	return false;
}

/**
 * tally_compare() - What changed between two runs, beyond noise
 * @argc: of the verb
 * @argv: options and two folders
 *
 * Return: exit status: 0 nothing is worse, 1 something is, or cannot be read.
 */
int tally_compare(int argc, char **argv)
{
	struct compare c = {.confidence = 0.99, .least = 5};
	struct tally_run a, b;

	if (!options(&c, argc, argv))
		return TALLY_USAGE;
	if (!tally_open(&a, argv[optind]))
		return TALLY_FAILED;
	if (!tally_open(&b, argv[optind + 1])) {
		tally_close(&a);
		return TALLY_FAILED;
	}
	if (c.json)
		printf("{\"schema_version\":%d,\"changes\":[", TALLY_SCHEMA);
	else
		print_machine(&a, &b);
	compare_all(&c, &a, &b);
	if (c.json)
		printf("],\"compared\":%d,\"unknown\":%d,\"worse\":%d,\"better\":%d}\n",
		       c.looked, c.unknown, c.worse, c.better);
	else
		printf("%d figures compared, %d worse, %d better, by at least %g %% and beyond noise "
		       "(%g %%: about %.1f by chance); %d cannot be compared (fewer than two "
		       "measurements, in one run only, or limited by the sender or by a search's time)\n",
		       c.looked, c.worse, c.better, c.least, c.confidence * 100,
		       c.looked * (1 - c.confidence), c.unknown);
	tally_close(&a);
	tally_close(&b);
	return c.worse ? TALLY_FAILED : TALLY_OK;
}
