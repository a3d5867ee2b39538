// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-index: make the indexes of capture files that have none, or a stale one. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include "captures.h"
#include "cli.h"
#include "indexing.h"

static const char usage[] =
	"usage: hpcap-index [options] <file|folder...>\n"
	"Make FILE.idx for each capture file (RAW, pcap, pcapng, plain, zstd, lz4) that has\n"
	"none, or one that is stale, broken or does not cover it all.\n"
	"  -c, --check          make nothing, say what would be made; exit status 1 if any\n"
	"  -f, --force          make all anew\n"
	"      --every SIZE     a block ends after so many bytes (1M)\n"
	"      --every-ms N     and after so many milliseconds (100)\n"
	"      --flows[=SIZE]   a filter of hosts and flows in each block (8K)\n"
	"  -j, --json           JSON on the standard output\n"
	"  -q, --quiet          errors only\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all have good indexes, 1 not all, 2 wrong use.\n";

/**
 * struct run - one run
 * @opt: of indexes to be made
 * @check: make nothing
 * @force: make all
 * @json: on the standard output
 * @quiet: errors only
 * @first: nothing was printed yet
 * @failed: files without a good index in the end
 */
struct run {
	struct hpcap_index_options opt;
	bool check;
	bool force;
	bool json;
	bool quiet;
	bool first;
	int failed;
};

static void print_json(struct run *r, const char *path, const char *was, const char *done,
		       const struct hpcap_index_info *info, const char *why)
{
	printf("%s  {\"file\": ", r->first ? "" : ",\n");
	cli_json_text(stdout, path);
	printf(", \"was\": \"%s\", \"result\": \"%s\", \"blocks\": %" PRIu64
	       ", \"frames\": %" PRIu64 ", \"covered\": %" PRIu64 ", \"late_ns\": %" PRIu64
	       ", \"bloom_bytes\": %" PRIu32,
	       was, done, info->blocks, info->frames, info->file_end, info->late_ns,
	       info->bloom_bytes);
	if (info->frames)
		printf(", \"first_ns\": %" PRIu64 ", \"last_ns\": %" PRIu64, info->low_ns,
		       info->top_ns);
	printf(", \"note\": ");
	cli_json_text(stdout, why);
	printf("}");
	r->first = false;
}

static void print_text(const char *path, const char *was, const char *done,
		       const struct hpcap_index_info *info, const char *why)
{
	printf("%s: %s", path, was);
	if (strcmp(was, done))
		printf(", %s", done);
	printf(", %" PRIu64 " frames in %" PRIu64 " blocks", info->frames, info->blocks);
	if (info->late_ns)
		printf(", out of order by %.9f s at most", (double)info->late_ns / CLI_NSEC);
	printf("%s%s\n", *why ? "; " : "", why);
}

static void one_file(struct run *r, const struct capture_file *f)
{
	struct indexing made = {0};
	struct hpcap_index_info info;
	enum index_state state = indexing_look(f->path, (uint64_t)f->size, &info);
	const char *was = index_state_name(state), *done = was;

	if (r->check) {
		r->failed += state != INDEX_GOOD;
	} else if (r->force || state != INDEX_GOOD) {
		done = "made";
		if (indexing_make(f->path, &r->opt, &made)) {
			done = "failed";
			r->failed++;
			cli_error("%s: %s", f->path, made.why);
		} else {
			indexing_look(f->path, made.bytes, &info);
		}
	}
	if (r->json)
		print_json(r, f->path, was, done, &info, made.why);
	else if (!r->quiet)
		print_text(f->path, was, done, &info, made.why);
}

static int run_all(struct run *r, char **path, int n)
{
	struct captures list = {0};
	size_t i;
	int k;

	if (n == 0)
		return cli_misuse("a file or a folder is needed");
	if (r->check && r->force)
		return cli_misuse("--check makes nothing, --force makes all: one of them");
	for (k = 0; k < n; k++)
		if (!captures_add(&list, path[k]))
			r->failed++;
	captures_sort(&list);
	cli_catch_signals();
	if (r->json)
		printf("{\"schema_version\": %d, \"files\": [\n", CLI_SCHEMA);
	r->first = true;
	for (i = 0; i < list.count && !cli_stopped(); i++)
		one_file(r, &list.file[i]);
	if (r->json)
		printf("\n], \"failed\": %d}\n", r->failed);
	captures_free(&list);
	return r->failed || cli_stopped() ? CLI_FAILED : CLI_OK;
}

static int set_option(struct run *r, int opt, const char *arg)
{
	uint64_t n;

	switch (opt) {
	case 'e':
		if (!cli_size(arg, &r->opt.every_bytes) || r->opt.every_bytes < 4096)
			return cli_misuse("bad size of a block: %s (4K or more)", arg);
		return CLI_OK;
	case 'm':
		if (!cli_number(arg, 86400000, &n) || !n)
			return cli_misuse("bad number of milliseconds: %s", arg);
		r->opt.every_ns = n * 1000000;
		return CLI_OK;
	default:
		n = HPCAP_INDEX_BLOOM_GOOD;
		if (arg &&
		    (!cli_size(arg, &n) || n < 64 || n > HPCAP_INDEX_BLOOM_MAX || n & (n - 1)))
			return cli_misuse(
				"bad size of a filter: %s (a power of two, 64 to 64K)", arg);
		r->opt.bloom_bytes = (uint32_t)n;
		return CLI_OK;
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"check", no_argument, NULL, 'c'},
		{"force", no_argument, NULL, 'f'},
		{"every", required_argument, NULL, 'e'},
		{"every-ms", required_argument, NULL, 'm'},
		{"flows", optional_argument, NULL, 'F'},
		{"json", no_argument, NULL, 'j'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct run r = {0};
	int opt, status;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "cfjqhV", options, NULL)) != -1) {
		switch (opt) {
		case 'c':
			r.check = true;
			break;
		case 'f':
			r.force = true;
			break;
		case 'e':
		case 'm':
		case 'F':
			status = set_option(&r, opt, optarg);
			if (status)
				return status;
			break;
		case 'j':
			r.json = true;
			break;
		case 'q':
			r.quiet = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("hpcap-index");
		default:
			return CLI_USAGE;
		}
	}
	return run_all(&r, argv + optind, argc - optind);
}
