// SPDX-License-Identifier: GPL-2.0-or-later
/* What raw2pcap and pcap2raw are asked for, and what they say in the end. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include "convert.h"

enum {
	OPT_COMPRESS = 256,
	OPT_DECAP,
	OPT_SKIP,
	OPT_FILE_SIZE,
	OPT_ADAPTER,
	OPT_QUEUE,
};

static void tell_decap(const struct convert *v)
{
	const struct hpcap_decap *d = &v->decap;
	int i;

	fprintf(stderr, "%s: decap: %" PRIu64 " of %" PRIu64 " frames", v->program->name,
		d->changed, d->frames);
	for (i = 0; i < HPCAP_NR_TUNNELS; i++)
		if (d->removed[i])
			fprintf(stderr, ", %s %" PRIu64,
				hpcap_tunnel_name((enum hpcap_tunnel)i), d->removed[i]);
	fprintf(stderr,
		"; left: malformed %" PRIu64 ", cut %" PRIu64 ", fragments %" PRIu64
		", too deep %" PRIu64 "\n",
		d->malformed, d->cut, d->fragments, d->deep);
}

static void print_json(const struct convert *v, int n, int status)
{
	const struct hpcap_decap *d = &v->decap;
	int i;

	printf("{\"schema_version\": %d, \"inputs\": %d, \"damaged\": %d, \"frames\": %" PRIu64
	       ", \"left_out\": %" PRIu64 ", \"format\": \"%s\", \"packing\": \"%s\", "
	       "\"bytes\": %" PRIu64 ", ",
	       CLI_SCHEMA, n, v->damaged, v->frames, v->left_out,
	       hpcap_format_name(v->is_series ? HPCAP_FORMAT_RAW : v->sink.opt.format),
	       hpcap_packing_name(v->is_series ? HPCAP_PLAIN : v->sink.opt.packing),
	       v->is_series ? hpcap_writer_report(v->writer)->bytes : v->sink.bytes);
	printf("\"decap\": {\"frames\": %" PRIu64 ", \"changed\": %" PRIu64
	       ", \"malformed\": %" PRIu64 ", \"cut\": %" PRIu64 ", \"fragments\": %" PRIu64
	       ", \"deep\": %" PRIu64,
	       d->frames, d->changed, d->malformed, d->cut, d->fragments, d->deep);
	for (i = 0; i < HPCAP_NR_TUNNELS; i++)
		printf(", \"%s\": %" PRIu64, hpcap_tunnel_name((enum hpcap_tunnel)i),
		       d->removed[i]);
	printf("}, \"ok\": %s}\n", status == CLI_OK ? "true" : "false");
}

void convert_tell(const struct convert *v, int n, int status)
{
	if (v->json)
		print_json(v, n, status);
	if (v->quiet)
		return;
	if (status == CLI_OK)
		fprintf(stderr, "%s: %" PRIu64 " frames from %d files\n", v->program->name,
			v->frames, n);
	if (v->left_out && v->skip)
		fprintf(stderr, "%s: %" PRIu64 " frames left out, RAW cannot hold them\n",
			v->program->name, v->left_out);
	if (v->decap.which)
		tell_decap(v);
}

/* Values that only a series of files has. */
static bool parse_series(struct convert *v, int opt, const char *arg)
{
	uint64_t n;

	if (opt == OPT_FILE_SIZE)
		return cli_size(arg, &v->series.file_size) && v->series.file_size % 4096 == 0 &&
		       v->series.file_size >= HPCAP_FILE_SIZE_MIN &&
		       v->series.file_size <= INT64_MAX;
	if (!cli_number(arg, 9999, &n))
		return false;
	*(opt == OPT_ADAPTER ? &v->series.adapter : &v->series.queue) = (int)n;
	return true;
}

static bool parse(struct convert *v, int opt, const char *arg)
{
	switch (opt) {
	case 'f':
		return sink_parse_format(arg, &v->out.format);
	case 'u':
		v->out.usec = true;
		return true;
	case 'q':
		v->quiet = true;
		return true;
	case 'j':
		v->json = true;
		return true;
	case OPT_COMPRESS:
		return sink_parse_packing(arg, &v->out);
	case OPT_DECAP:
		v->decap.which = arg ? hpcap_decap_parse(arg) : HPCAP_DECAP_ALL;
		return v->decap.which;
	case OPT_SKIP:
		v->skip = true;
		return true;
	default:
		return parse_series(v, opt, arg);
	}
}

static int check(struct convert *v, char **in, int n)
{
	struct stat st;

	v->is_series = !stat(v->out.path, &st) && S_ISDIR(st.st_mode);
	if (v->is_series && !v->program->series)
		return cli_misuse("%s is a directory; a file is needed", v->out.path);
	if (v->is_series && (v->out.format > HPCAP_FORMAT_RAW || v->out.packing))
		return cli_misuse("%s: files in a directory are plain RAW", v->out.path);
	if (v->out.usec && v->out.format == HPCAP_FORMAT_RAW)
		return cli_misuse("--usec is for pcap; RAW has nanoseconds");
	if (v->json && !strcmp(v->out.path, "-"))
		return cli_misuse(
			"--json and the capture cannot both go to the standard output");
	return source_check_places(in, n, v->out.path);
}

int convert_main(const struct convert_program *program, int argc, char **argv)
{
	static const struct option options[] = {
		{"format", required_argument, NULL, 'f'},
		{"compress", required_argument, NULL, OPT_COMPRESS},
		{"usec", no_argument, NULL, 'u'},
		{"decap", optional_argument, NULL, OPT_DECAP},
		{"skip", no_argument, NULL, OPT_SKIP},
		{"json", no_argument, NULL, 'j'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{"file-size", required_argument, NULL, OPT_FILE_SIZE},
		{"adapter", required_argument, NULL, OPT_ADAPTER},
		{"queue", required_argument, NULL, OPT_QUEUE},
		{NULL, 0, NULL, 0},
	};
	struct convert v = {.program = program, .out.fallback = program->fallback};
	int opt, status, n;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "f:ujqhV", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(program->usage, stdout);
			return CLI_OK;
		}
		if (opt == 'V')
			return cli_version(program->name);
		if (opt == '?' || (opt >= OPT_FILE_SIZE && !program->series))
			return opt == '?' ? CLI_USAGE
					  : cli_misuse("only pcap2raw writes a series");
		if (!parse(&v, opt, optarg))
			return cli_bad_value(options, opt, optarg);
	}
	n = argc - optind - 1;
	if (n < 1)
		return cli_misuse("an input and an output are needed");
	v.out.path = argv[argc - 1];
	status = check(&v, argv + optind, n);
	return status ? status : convert_run(&v, argv + optind, n);
}
