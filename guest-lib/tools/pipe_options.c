// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapdd - : its command line and its last words. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "pipe.h"

#define RING_DEFAULT (64ull << 20)
#define RING_MIN     (1ull << 20)
#define RING_MAX     (1ull << 40)

enum {
	OPT_RING = 256,
	OPT_DURATION,
	OPT_COMPRESS,
	OPT_DECAP,
};

static const char usage[] =
	"usage: hpcapdd [options] - [out|-]\n"
	"Store what comes through the standard input (pcap, pcapng or RAW), by way of a\n"
	"ring in memory, in a file, or pass it on. (Into directories, with all that there is\n"
	"to say of files: hpcapdd --help.)\n"
	"  -f, --format F        pcap, pcapng or raw; else by the ending of out, else pcap\n"
	"      --compress C      zstd or lz4, perhaps with :LEVEL; else by the ending of out\n"
	"  -u, --usec            microseconds in the pcap\n"
	"  -C, --file-size SIZE  then the next file begins: out, out1, out2\n"
	"  -W, --keep-files N    with -C: N files in turn, out00 to outN, written over\n"
	"      --decap[=LIST]    take tunnels off: erspan,gre,vxlan,geneve,mpls,ipip (all)\n"
	"      --ring SIZE       bytes of the ring (64M)\n"
	"  -l, --lossy           lose frames when the ring is full; else the sender waits\n"
	"  -c, --count N         stop after N frames\n"
	"      --duration S      stop after S seconds\n"
	"  -j, --json            a summary as JSON on the standard output\n"
	"  -q, --quiet           no display, no summary\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all was stored, 1 an error or frames were lost, 2 wrong use.\n";

bool pipe_is_asked(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(argv[i], "-") && strcmp(argv[i - 1], "-w") &&
		    strcmp(argv[i - 1], "--write"))
			return true;
	return false;
}

static bool parse_number(const char *text, uint64_t max, uint64_t *out)
{
	return cli_number(text, max, out) && *out;
}

static bool parse(struct pipe_options *o, int opt, const char *arg)
{
	uint64_t n;

	switch (opt) {
	case 'f':
		return sink_parse_format(arg, &o->out.format);
	case OPT_COMPRESS:
		return sink_parse_packing(arg, &o->out);
	case 'C':
		return cli_size(arg, &o->out.file_size) &&
		       o->out.file_size >= HPCAP_FILE_SIZE_MIN && o->out.file_size <= INT64_MAX;
	case 'W':
		if (!parse_number(arg, 1000000, &n))
			return false;
		o->out.keep = (unsigned int)n;
		return true;
	case OPT_DECAP:
		o->decap = arg ? hpcap_decap_parse(arg) : HPCAP_DECAP_ALL;
		return o->decap;
	case OPT_RING:
		return cli_size(arg, &o->ring) && o->ring >= RING_MIN && o->ring <= RING_MAX;
	case 'c':
		return parse_number(arg, UINT64_MAX, &o->count);
	default:
		if (!parse_number(arg, 1000000000, &n))
			return false;
		o->duration_ns = (int64_t)n * CLI_NSEC;
		return true;
	}
}

static bool set_flag(struct pipe_options *o, int opt)
{
	switch (opt) {
	case 'u':
		o->out.usec = true;
		return true;
	case 'l':
		o->lossy = true;
		return true;
	case 'j':
		o->json = true;
		return true;
	case 'q':
		o->quiet = true;
		return true;
	default:
		return false;
	}
}

/* Can the output be made? Asked before anything is read. */
static int check_place(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX] = ".";

	if (!access(path, F_OK))
		return access(path, W_OK) ? errno : 0;
	if (slash)
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path + 1), path);
	return access(dir, W_OK | X_OK) ? errno : 0;
}

static int check(struct pipe_options *o)
{
	const bool is_stdout = !strcmp(o->out.path, "-");
	const int err = is_stdout ? 0 : check_place(o->out.path);

	if (isatty(STDIN_FILENO))
		return cli_misuse("the standard input is a terminal");
	if (is_stdout && isatty(STDOUT_FILENO))
		return cli_misuse("the standard output is a terminal");
	if (is_stdout && o->json)
		return cli_misuse(
			"--json and the capture cannot both go to the standard output");
	if (is_stdout && o->out.file_size)
		return cli_misuse("-C needs a file");
	if (o->out.keep && !o->out.file_size)
		return cli_misuse("-W needs -C");
	if (o->out.usec && o->out.format == HPCAP_FORMAT_RAW)
		return cli_misuse("--usec is for pcap; RAW has nanoseconds");
	if (err) {
		cli_error("%s: %s: another place for the output is wanted", o->out.path,
			  strerror(err));
		return CLI_FAILED;
	}
	return -1;
}

static void tell(const struct pipe_report *r)
{
	fprintf(stderr,
		"hpcapdd: received %" PRIu64 " frames, written %" PRIu64 ", lost %" PRIu64
		"; %" PRIu64 " bytes in %" PRIu64 " files; ring at most %.1f %% of %" PRIu64
		" MiB full\n",
		r->received, r->written, r->lost, r->bytes, r->files,
		100 * (double)r->high / (double)r->ring, r->ring >> 20);
	if (r->refused)
		fprintf(stderr, "hpcapdd: %" PRIu64 " frames that this format cannot hold\n",
			r->refused);
	if (r->waited_ns)
		fprintf(stderr, "hpcapdd: the sender waited about %.1f s for the ring\n",
			(double)r->waited_ns / CLI_NSEC);
	if (r->decap.which)
		fprintf(stderr,
			"hpcapdd: tunnels taken off %" PRIu64
			" frames; left: malformed %" PRIu64 ", cut %" PRIu64
			", fragments %" PRIu64 ", too deep %" PRIu64 "\n",
			r->decap.changed, r->decap.malformed, r->decap.cut, r->decap.fragments,
			r->decap.deep);
}

static void print_json(const struct pipe_report *r)
{
	printf("{\"schema_version\": %d, \"received\": %" PRIu64
	       ", \"received_bytes\": %" PRIu64 ", \"written\": %" PRIu64 ", \"lost\": %" PRIu64
	       ", \"refused\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"files\": %" PRIu64
	       ", \"ring\": %" PRIu64 ", \"ring_high\": %" PRIu64 ", \"waited_ns\": %" PRId64
	       ", \"decap_changed\": %" PRIu64 ", \"decap_malformed\": %" PRIu64
	       ", \"reason\": \"%s\"}\n",
	       CLI_SCHEMA, r->received, r->received_bytes, r->written, r->lost, r->refused,
	       r->bytes, r->files, r->ring, r->high, r->waited_ns, r->decap.changed,
	       r->decap.malformed, r->reason);
}

static int run(const struct pipe_options *o)
{
	struct pipe_report rep;
	int err;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	cli_catch_signals();
	err = pipe_run(o, &rep);
	if (!o->quiet && rep.ring)
		tell(&rep);
	if (o->json)
		print_json(&rep);
	return err || rep.lost || rep.refused ? CLI_FAILED : CLI_OK;
}

int pipe_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"format", required_argument, NULL, 'f'},
		{"compress", required_argument, NULL, OPT_COMPRESS},
		{"usec", no_argument, NULL, 'u'},
		{"file-size", required_argument, NULL, 'C'},
		{"keep-files", required_argument, NULL, 'W'},
		{"decap", optional_argument, NULL, OPT_DECAP},
		{"ring", required_argument, NULL, OPT_RING},
		{"lossy", no_argument, NULL, 'l'},
		{"count", required_argument, NULL, 'c'},
		{"duration", required_argument, NULL, OPT_DURATION},
		{"json", no_argument, NULL, 'j'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct pipe_options o = {.ring = RING_DEFAULT, .out.fallback = HPCAP_FORMAT_PCAP};
	int opt, status;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "f:uC:W:lc:jqhV", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(usage, stdout);
			return CLI_OK;
		}
		if (opt == 'V')
			return cli_version("hpcapdd");
		if (opt == '?')
			return CLI_USAGE;
		if (!set_flag(&o, opt) && !parse(&o, opt, optarg))
			return cli_bad_value(options, opt, optarg);
	}
	if (argc - optind > 2 || strcmp(argv[optind], "-"))
		return cli_misuse("after - at most one output is taken");
	o.out.path = argc - optind == 2 ? argv[optind + 1] : "-";
	status = check(&o);
	return status < 0 ? run(&o) : status;
}
