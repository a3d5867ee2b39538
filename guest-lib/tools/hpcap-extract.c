// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-extract: the frames of a time out of many capture files. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "cli.h"
#include "extract.h"

static const char usage[] =
	"usage: hpcap-extract [options] <file|folder...>\n"
	"Find frames in capture files (RAW, pcap, pcapng, plain, zstd, lz4), merged by time.\n"
	"With FILE.idx beside a file (hpcapdd and hpcap-index write it) only the parts in\n"
	"question are read.\n"
	"  -f, --from T         frames of this moment and later\n"
	"  -t, --to T           frames before this moment\n"
	"      --filter EXPR    frames of this pcap-filter(7) only\n"
	"      --host ADDR      frames from or to it; several: any of them\n"
	"      --flow P,A,PORT,B,PORT   frames of it, both ways: tcp,10.0.0.1,80,10.0.0.2,1234\n"
	"  -c, --count N        stop after N frames\n"
	"  -w, --write FILE     where to; - is the standard output (-)\n"
	"  -F, --format FORMAT  pcap, pcap-usec, pcapng or raw (by FILE's name, else pcap)\n"
	"  -j, --json           a summary as JSON on the standard output\n"
	"  -q, --quiet          no progress, no summary; errors only\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"T: seconds since 1970 (1700000000.5); RFC 3339 (2026-11-22T10:00:00.5+01:00, UTC\n"
	"without a zone); now; -10m (before now); +1.5s (--to: after --from). Units: us ms s m h d.\n"
	"Exit status: 0 done, 1 a file could not be read or an error, 2 wrong use.\n";

/**
 * struct extract - one run
 * @want: what is looked for
 * @out: where to
 * @from: as given
 * @to: as given
 * @count: frames at most, 0 for all
 * @json: a summary as JSON
 * @quiet: errors only
 */
struct extract {
	struct want want;
	struct output out;
	const char *from;
	const char *to;
	uint64_t count;
	bool json;
	bool quiet;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * CLI_NSEC + (uint64_t)t.tv_nsec;
}

static int set_window(struct extract *x)
{
	const uint64_t now = now_ns();
	uint64_t to = 0;

	x->want.to_ns = UINT64_MAX;
	if (x->from && (*x->from == '+' || !parse_moment(x->from, now, now, &x->want.from_ns)))
		return cli_misuse("bad moment: --from %s", x->from);
	if (x->to && !x->from && *x->to == '+')
		return cli_misuse("--to %s is counted from --from, which is not there", x->to);
	if (x->to && !parse_moment(x->to, now, x->want.from_ns, &to))
		return cli_misuse("bad moment: --to %s", x->to);
	if (!x->to)
		return CLI_OK;
	if (to <= x->want.from_ns)
		return cli_misuse("nothing is between --from and --to: --to must be later");
	x->want.to_ns = to - 1;
	return CLI_OK;
}

static bool ends_in(const char *name, const char *suffix)
{
	size_t len = strlen(name), n = strlen(suffix);

	return len > n && !strcmp(name + len - n, suffix);
}

static int set_format(struct extract *x, const char *name)
{
	if (!name)
		name = ends_in(x->out.path, ".pcapng") ? "pcapng"
		       : ends_in(x->out.path, ".raw")  ? "raw"
						       : "pcap";
	if (!strcmp(name, "pcap") || !strcmp(name, "pcap-usec"))
		x->out.format = HPCAP_FORMAT_PCAP;
	else if (!strcmp(name, "pcapng"))
		x->out.format = HPCAP_FORMAT_PCAPNG;
	else if (!strcmp(name, "raw"))
		x->out.format = HPCAP_FORMAT_RAW;
	else
		return cli_misuse("unknown format %s: pcap, pcap-usec, pcapng or raw", name);
	x->out.usec = !strcmp(name, "pcap-usec");
	return CLI_OK;
}

/* Writing over an input would destroy it before it is read. */
static bool is_input(const struct captures *list, const char *out)
{
	struct stat st;
	size_t i;

	if (!strcmp(out, "-") || stat(out, &st))
		return false;
	for (i = 0; i < list->count; i++)
		if (list->file[i].dev == st.st_dev && list->file[i].ino == st.st_ino)
			return true;
	return false;
}

static void print_json(const struct totals *t, bool done)
{
	printf("{\"schema_version\": %d, \"result\": \"%s\", \"frames\": %" PRIu64
	       ", \"bytes\": %" PRIu64 ", \"files\": %" PRIu64 ", \"files_skipped\": %" PRIu64
	       ", \"files_read\": %" PRIu64 ", \"files_without_index\": %" PRIu64
	       ", \"files_failed\": %d, \"read_bytes\": %" PRIu64 ", \"size_bytes\": %" PRIu64,
	       CLI_SCHEMA, done ? "ok" : "failed", t->frames, t->bytes, t->files, t->skipped,
	       t->opened, t->unindexed, t->failed, t->read_bytes, t->size_bytes);
	if (t->frames)
		printf(", \"first_ns\": %" PRIu64 ", \"last_ns\": %" PRIu64
		       ", \"first_frame_ms\": %.3f",
		       t->first_ns, t->last_ns, (double)t->found_ns / 1e6);
	printf("}\n");
}

static void print_text(const struct extract *x, const struct totals *t)
{
	fprintf(stderr,
		"hpcap-extract: %" PRIu64 " frames, %" PRIu64 " bytes; of %" PRIu64
		" files %" PRIu64 " were read (%" PRIu64 " MB of %" PRIu64 ")",
		t->frames, t->bytes, t->files, t->opened, t->read_bytes / 1000000,
		t->size_bytes / 1000000);
	if (t->frames)
		fprintf(stderr, ", the first frame after %.1f ms", (double)t->found_ns / 1e6);
	if (t->unindexed && !want_all(&x->want))
		fprintf(stderr, "; %" PRIu64 " have no good index (hpcap-index makes them)",
			t->unindexed);
	fprintf(stderr, "\n");
}

static int extract(struct extract *x, const struct captures *list, struct totals *t)
{
	struct source *s = calloc(list->count ? list->count : 1, sizeof(*s));
	size_t n = 0, i;
	int err;

	if (!s)
		return -ENOMEM;
	for (i = 0; i < list->count; i++) {
		t->files++;
		t->size_bytes += (uint64_t)list->file[i].size;
		if (source_plan(&s[n], &list->file[i], &x->want, t))
			n++;
		else
			t->skipped++;
	}
	err = extract_merge(s, n, &x->want, &x->out, x->count, t);
	if (!err)
		err = output_finish(&x->out);
	free(s);
	return err;
}

static int run(struct extract *x, char **path, int n)
{
	struct totals t = {.found_ns = cli_now_ns()};
	struct captures list = {0};
	int i, err, missing = 0;

	for (i = 0; i < n; i++)
		missing += !captures_add(&list, path[i]);
	captures_sort(&list);
	if (missing || is_input(&list, x->out.path)) {
		if (!missing)
			cli_error("%s is an input and the output", x->out.path);
		captures_free(&list);
		return missing ? CLI_FAILED : CLI_USAGE;
	}
	cli_catch_signals();
	err = extract(x, &list, &t);
	if (!x->quiet && isatty(STDERR_FILENO) && t.frames >= 1 << 14)
		fputc('\n', stderr);
	if (x->json)
		print_json(&t, !err && !t.failed);
	else if (!x->quiet)
		print_text(x, &t);
	captures_free(&list);
	return err || t.failed || cli_stopped() ? CLI_FAILED : CLI_OK;
}

static int check(struct extract *x, const char *format)
{
	int status = set_window(x);

	if (!status)
		status = set_format(x, format);
	if (!status && x->want.expr && want_filter(&x->want, HPCAP_LINK_ETHERNET) < 0)
		return CLI_USAGE;
	if (status)
		return status;
	if (strcmp(x->out.path, "-"))
		return CLI_OK;
	if (x->json)
		return cli_misuse(
			"the standard output carries the frames: -w FILE with --json");
	if (isatty(STDOUT_FILENO))
		return cli_misuse(
			"the standard output is a terminal: -w FILE, or pipe it to a program");
	return CLI_OK;
}

static int set_option(struct extract *x, int opt, const char *arg)
{
	switch (opt) {
	case 'H':
		if (!want_add_host(&x->want, arg))
			return cli_misuse("bad address, or more than %d: --host %s",
					  EXTRACT_HOSTS_MAX, arg);
		return CLI_OK;
	case 'W':
		if (!want_add_flow(&x->want, arg))
			return cli_misuse("bad flow, or more than %d: --flow %s "
					  "(tcp,10.0.0.1,80,10.0.0.2,1234)",
					  EXTRACT_HOSTS_MAX, arg);
		return CLI_OK;
	default:
		if (!cli_number(arg, UINT64_MAX, &x->count) || !x->count)
			return cli_misuse("bad number of frames: --count %s", arg);
		return CLI_OK;
	}
}

static const struct option options[] = {
	{"from", required_argument, NULL, 'f'},
	{"to", required_argument, NULL, 't'},
	{"filter", required_argument, NULL, 'E'},
	{"host", required_argument, NULL, 'H'},
	{"flow", required_argument, NULL, 'W'},
	{"count", required_argument, NULL, 'c'},
	{"write", required_argument, NULL, 'w'},
	{"format", required_argument, NULL, 'F'},
	{"json", no_argument, NULL, 'j'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

/* -1 go on, else the exit status. */
static int parse(struct extract *x, int argc, char **argv, const char **format)
{
	int opt, status;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "f:t:c:w:F:jqhV", options, NULL)) != -1) {
		switch (opt) {
		case 'f':
			x->from = optarg;
			break;
		case 't':
			x->to = optarg;
			break;
		case 'E':
			x->want.expr = *optarg ? optarg : NULL;
			break;
		case 'H':
		case 'W':
		case 'c':
			status = set_option(x, opt, optarg);
			if (status)
				return status;
			break;
		case 'w':
			x->out.path = optarg;
			break;
		case 'F':
			*format = optarg;
			break;
		case 'j':
			x->json = true;
			break;
		case 'q':
			x->quiet = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("hpcap-extract");
		default:
			return CLI_USAGE;
		}
	}
	if (optind == argc)
		return cli_misuse("a file or a folder is needed");
	return -1;
}

int main(int argc, char **argv)
{
	struct extract *x = calloc(1, sizeof(*x));
	const char *format = NULL;
	int status;

	if (!x)
		return CLI_FAILED;
	x->out.fd = -1;
	x->out.path = "-";
	status = parse(x, argc, argv, &format);
	if (status < 0) {
		status = check(x, format);
		if (!status)
			status = run(x, argv + optind, argc - optind);
	}
	output_free(&x->out);
	want_free(&x->want);
	free(x);
	return status;
}
