// SPDX-License-Identifier: GPL-2.0-or-later
/* rawmerge: many captures to one, in the order of time. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "merge.h"

enum {
	OPT_COMPRESS = 256,
	OPT_FILES_FROM,
};

static const char usage[] =
	"usage: rawmerge [options] <file|dir...> <out|->\n"
	"Merge captures by time, over queues and interfaces, to one file. Of a directory,\n"
	"all captures below it are taken. RAW, pcap and pcapng, plain or packed; in\n"
	"pcapng the interfaces stay apart.\n"
	"  -f, --format F    raw, pcap or pcapng; else by the ending of out, else raw\n"
	"      --compress C  zstd or lz4, perhaps with :LEVEL; else by the ending of out\n"
	"  -u, --usec        microseconds, when the output is pcap\n"
	"      --files-from LIST  more files, one in a line; - is the standard input\n"
	"  -j, --json        a summary as JSON on the standard output\n"
	"  -q, --quiet       no progress, no notes; errors only\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all merged, 1 an input was damaged or an error, 2 wrong use.\n";

/**
 * struct rawmerge - one run
 * @out: options of the output
 * @files: the inputs
 * @from: a list with more of them, NULL for none
 * @quiet: errors only
 * @json: a summary as JSON
 */
struct rawmerge {
	struct sink_options out;
	struct merge_files files;
	const char *from;
	bool quiet;
	bool json;
};

static void print_json(const struct merge *m, const struct sink *s, int status)
{
	printf("{\"schema_version\": %d, \"inputs\": %zu, \"damaged\": %" PRIu64
	       ", \"frames\": %" PRIu64 ", \"out_of_order\": %" PRIu64
	       ", \"left_out\": %" PRIu64 ", \"open_at_once\": %zu, \"format\": \"%s\", "
	       "\"packing\": \"%s\", \"bytes\": %" PRIu64 ", \"ok\": %s}\n",
	       CLI_SCHEMA, m->files->nr, m->damaged, s->frames, m->backward, m->left_out,
	       m->peak, hpcap_format_name(s->opt.format), hpcap_packing_name(s->opt.packing),
	       s->bytes, status == CLI_OK ? "true" : "false");
}

static int run(struct rawmerge *r)
{
	struct merge m = {.files = &r->files, .quiet = r->quiet};
	struct sink sink;
	int err, status;

	r->out.straight = true;
	err = sink_init(&sink, &r->out);
	if (err)
		return CLI_FAILED;
	err = merge_run(&m, &sink);
	status = err || m.damaged ? CLI_FAILED : CLI_OK;
	if (r->json)
		print_json(&m, &sink, status);
	if (!err && !r->quiet) {
		fprintf(stderr, "rawmerge: %" PRIu64 " frames from %zu files\n", sink.frames,
			r->files.nr);
		if (m.backward)
			fprintf(stderr,
				"rawmerge: %" PRIu64
				" frames older than the one before in their file\n",
				m.backward);
		if (m.left_out)
			fprintf(stderr,
				"rawmerge: %" PRIu64 " frames left out, %s cannot hold them\n",
				m.left_out, hpcap_format_name(sink.opt.format));
	}
	sink_deinit(&sink);
	return status;
}

static bool parse(struct rawmerge *r, int opt, const char *arg)
{
	switch (opt) {
	case 'f':
		return sink_parse_format(arg, &r->out.format);
	case OPT_COMPRESS:
		return sink_parse_packing(arg, &r->out);
	case OPT_FILES_FROM:
		r->from = arg;
		return true;
	case 'u':
		r->out.usec = true;
		return true;
	case 'j':
		r->json = true;
		return true;
	default:
		r->quiet = true;
		return true;
	}
}

static int collect(struct rawmerge *r, char **arg, int n)
{
	int i, err;

	for (i = 0; i < n; i++) {
		err = merge_add(&r->files, arg[i]);
		if (err)
			return CLI_FAILED;
	}
	if (r->from && merge_add_list(&r->files, r->from))
		return CLI_FAILED;
	if (!r->files.nr) {
		cli_error("no capture found");
		return CLI_FAILED;
	}
	return CLI_OK;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"format", required_argument, NULL, 'f'},
		{"compress", required_argument, NULL, OPT_COMPRESS},
		{"usec", no_argument, NULL, 'u'},
		{"files-from", required_argument, NULL, OPT_FILES_FROM},
		{"json", no_argument, NULL, 'j'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct rawmerge r = {.out.fallback = HPCAP_FORMAT_RAW};
	int opt, status, n;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "f:ujqhV", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(usage, stdout);
			return CLI_OK;
		}
		if (opt == 'V')
			return cli_version("rawmerge");
		if (opt == '?')
			return CLI_USAGE;
		if (!parse(&r, opt, optarg))
			return cli_bad_value(options, opt, optarg);
	}
	n = argc - optind - 1;
	if (n < (r.from ? 0 : 1))
		return cli_misuse("an input and an output are needed");
	r.out.path = argv[argc - 1];
	if (r.json && !strcmp(r.out.path, "-"))
		return cli_misuse(
			"--json and the capture cannot both go to the standard output");
	status = collect(&r, argv + optind, n);
	if (!status)
		status = source_check_places(r.files.path, (int)r.files.nr, r.out.path);
	if (!status)
		status = run(&r);
	merge_free(&r.files);
	return status;
}
