// SPDX-License-Identifier: GPL-2.0-or-later
/* raw2tstamp: times and lengths of frames, a line each. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include "source.h"

static const char usage[] =
	"usage: raw2tstamp [options] <file...>\n"
	"A line for each frame of the captures (- is the standard input), in the order\n"
	"given: nanoseconds since the second of the first frame, len, caplen.\n"
	"  -a, --absolute  seconds since 1970 with nanoseconds\n"
	"  -d, --delta     nanoseconds since the frame before\n"
	"  -j, --json      a JSON object for each frame, a line each\n"
	"  -q, --quiet     no notes; errors only\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all read, 1 an input was damaged or an error, 2 wrong use.\n";

/**
 * struct tstamp - one run
 * @form: 0, 'a', 'd' or 'j'
 * @quiet: errors only
 * @nr: frames so far
 * @base_ns: the first frame's second
 * @last_ns: the frame before
 * @damaged: inputs with damage
 */
struct tstamp {
	int form;
	bool quiet;
	uint64_t nr;
	int64_t base_ns;
	int64_t last_ns;
	int damaged;
};

static void print(struct tstamp *t, const struct hpcap_record *r)
{
	const int64_t now = r->sec * CLI_NSEC + r->nsec;

	if (!t->nr) {
		t->base_ns = r->sec * CLI_NSEC;
		t->last_ns = now;
		if (t->form == 'j')
			printf("{\"schema_version\": %d}\n", CLI_SCHEMA);
	}
	switch (t->form) {
	case 'a':
		printf("%u.%09u %u %u\n", r->sec, r->nsec, r->len, r->caplen);
		break;
	case 'd':
		printf("%" PRId64 " %u %u\n", now - t->last_ns, r->len, r->caplen);
		break;
	case 'j':
		printf("{\"sec\": %u, \"nsec\": %u, \"len\": %u, \"caplen\": %u}\n", r->sec,
		       r->nsec, r->len, r->caplen);
		break;
	default:
		printf("%" PRId64 " %u %u\n", now - t->base_ns, r->len, r->caplen);
	}
	t->last_ns = now;
	t->nr++;
}

static int run(struct tstamp *t, char **path, int n)
{
	struct hpcap_frame f;
	struct source s;
	int i, ret;

	for (i = 0; i < n; i++) {
		if (source_open(&s, path[i], NULL))
			return CLI_FAILED;
		while ((ret = source_next(&s, NULL, &f)) > 0 && !ferror(stdout))
			print(t, &f.rec);
		if (source_tell(&s, t->quiet))
			t->damaged++;
		source_close(&s);
	}
	if (fflush(stdout) || ferror(stdout)) {
		cli_error("standard output: %s", strerror(errno));
		return CLI_FAILED;
	}
	return t->damaged ? CLI_FAILED : CLI_OK;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"absolute", no_argument, NULL, 'a'},
		{"delta", no_argument, NULL, 'd'},
		{"json", no_argument, NULL, 'j'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct tstamp t = {0};
	int opt;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "adjqhV", options, NULL)) != -1) {
		switch (opt) {
		case 'a':
		case 'd':
		case 'j':
			if (t.form && t.form != opt)
				return cli_misuse(
					"--absolute, --delta and --json: one of them");
			t.form = opt;
			break;
		case 'q':
			t.quiet = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("raw2tstamp");
		default:
			return CLI_USAGE;
		}
	}
	if (optind == argc)
		return cli_misuse("a file is needed");
	if (source_check_places(argv + optind, argc - optind, NULL))
		return CLI_USAGE;
	return run(&t, argv + optind, argc - optind);
}
