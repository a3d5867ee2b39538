// SPDX-License-Identifier: GPL-2.0-or-later
/* What hpcapdd and hpcapdd_p share. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include "capture.h"

#define SLICE_NS    (CLI_NSEC / 4) /* longest sleep; bounds how late a stop is seen */
#define SECONDS_MAX 1000000000u

enum {
	OPT_FILE_SIZE = 256,
	OPT_BLOCK,
	OPT_DURATION,
	OPT_FILTER,
	OPT_CAPLEN,
	OPT_STATS,
	OPT_UNORDERED,
	OPT_WINDOW
};

static const struct option options[] = {
	{"file-size", required_argument, NULL, OPT_FILE_SIZE},
	{"block", required_argument, NULL, OPT_BLOCK},
	{"count", required_argument, NULL, 'c'},
	{"duration", required_argument, NULL, OPT_DURATION},
	{"stats", required_argument, NULL, OPT_STATS},
	{"filter", required_argument, NULL, OPT_FILTER},
	{"caplen", required_argument, NULL, OPT_CAPLEN},
	{"unordered", no_argument, NULL, OPT_UNORDERED},
	{"window", required_argument, NULL, OPT_WINDOW},
	{"lossy", no_argument, NULL, 'l'},
	{"name", required_argument, NULL, 'n'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static bool parse_seconds(const char *text, int64_t *out_ns)
{
	uint64_t s;

	if (!cli_number(text, SECONDS_MAX, &s) || s == 0)
		return false;
	*out_ns = (int64_t)s * CLI_NSEC;
	return true;
}

static bool parse_block(const char *text, uint32_t *out)
{
	uint64_t size;

	if (!cli_size(text, &size) || !size || size % 4096 || size > 1u << 30)
		return false;
	*out = (uint32_t)size;
	return true;
}

static bool parse_file_size(const char *text, uint64_t *out)
{
	return cli_size(text, out) && *out % 4096 == 0 && *out >= HPCAP_FILE_SIZE_MIN &&
	       *out <= INT64_MAX;
}

static bool parse_option(struct capture *c, int opt, const char *arg)
{
	switch (opt) {
	case OPT_FILE_SIZE:
		return parse_file_size(arg, &c->wopt.file_size);
	case OPT_BLOCK:
		return parse_block(arg, &c->wopt.block);
	case OPT_FILTER:
		c->from.filter = arg;
		return true;
	case OPT_CAPLEN:
		return listen_caplen(&c->from, arg);
	case OPT_DURATION:
		return parse_seconds(arg, &c->duration_ns);
	case OPT_STATS:
		return parse_seconds(arg, &c->stats_ns);
	case OPT_UNORDERED:
		c->from.order.order = HPCAP_GROUP_UNORDERED;
		return true;
	case OPT_WINDOW:
		return listen_window(&c->from, arg);
	case 'c':
		return cli_number(arg, UINT64_MAX, &c->count) && c->count;
	case 'n':
		c->hopt.name = arg;
		return strlen(arg) < HPCAP_NAME_LEN;
	case 'l':
		c->hopt.mode = HPCAP_LOSSY;
		return true;
	default:
		c->json = true;
		return true;
	}
}

static int parse_places(struct capture *c, int n, char **arg)
{
	const int used = listen_places(&c->from, n, arg);

	if (!used)
		return cli_misuse("a queue is two numbers, as in /dev/hpcap_0_0; several are "
				  "0:0,0:1 or 0:*");
	if (n != used + 1)
		return cli_misuse("what to listen to and where to are needed, no more");
	c->wopt.adapter = c->from.adapter;
	c->wopt.queue = c->from.queue;
	if (!strcmp(arg[used], "stdout"))
		c->to_stdout = true;
	else if (strcmp(arg[used], "null"))
		c->dir = arg[used];
	c->wopt.dir = c->dir;
	return -1;
}

int capture_parse(struct capture *c, int argc, char **argv, const char *usage)
{
	int opt, index = 0;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "+c:n:ljhV", options, &index)) != -1) {
		switch (opt) {
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version(c->program);
		case '?':
			return CLI_USAGE;
		default:
			if (!parse_option(c, opt, optarg))
				return cli_bad_value(options, opt, optarg);
		}
	}
	return parse_places(c, argc - optind, argv + optind);
}

int capture_begin(struct capture *c)
{
	int err = hpcap_writer_create(&c->w, &c->wopt);

	if (err) {
		cli_error("%s: %s", c->dir ? c->dir : "writer", strerror(-err));
		return CLI_FAILED;
	}
	cli_catch_signals();
	err = listen_open(&c->from, &c->h, &c->hopt);
	if (err) {
		hpcap_writer_destroy(c->w);
		return err;
	}
	c->begin_ns = cli_now_ns();
	c->next_stats_ns = c->begin_ns + c->stats_ns;
	fprintf(stderr, "%s: capturing %s to %s, ring of %" PRIu64 " MiB\n", c->program,
		listen_name(&c->from),
		c->to_stdout ? "stdout"
		: c->dir     ? c->dir
			     : "null",
		c->h.bufSize >> 20);
	return 0;
}

static uint64_t lost(const struct capture *c)
{
	return hpcap_missed(&c->h) + c->torn;
}

static void show_stats(struct capture *c, int64_t now)
{
	double seconds = (double)c->stats_ns / CLI_NSEC;

	if (!c->stats_ns || now < c->next_stats_ns)
		return;
	fprintf(stderr,
		"%s: %" PRIu64 " frames (%.0f/s), %" PRIu64 " bytes, %" PRIu64
		" files, %" PRIu64 " lost\n",
		c->program, c->frames, (double)(c->frames - c->shown_frames) / seconds,
		hpcap_writer_report(c->w)->bytes, hpcap_writer_report(c->w)->files, lost(c));
	c->shown_frames = c->frames;
	c->next_stats_ns += c->stats_ns;
}

bool capture_is_full(struct capture *c)
{
	if (!c->count || c->frames < c->count)
		return false;
	c->reason = "count";
	return true;
}

int capture_wait(struct capture *c, uint64_t bytes, bool *last)
{
	int64_t now = cli_now_ns(), slice = SLICE_NS;
	int err;

	show_stats(c, now);
	if (cli_stopped())
		c->reason = "signal";
	else if (c->duration_ns && now - c->begin_ns >= c->duration_ns)
		c->reason = "duration";
	if (c->duration_ns && c->begin_ns + c->duration_ns - now < slice)
		slice = c->begin_ns + c->duration_ns - now;
	*last = c->reason && !listen_finish(&c->from);
	err = hpcap_wait_for(&c->h, bytes, *last ? 0 : slice);
	if (err == -ENODEV && c->reason) {
		*last = true;
		return 0;
	}
	if (err == -ENODEV)
		c->reason = "gone";
	return err == -ETIMEDOUT || err == -EINTR ? 0 : err;
}

static void print_json(const struct capture *c, int err)
{
	const struct hpcap_writer_report *rep = hpcap_writer_report(c->w);

	printf("{\"schema_version\": %d, \"program\": \"%s\", \"adapter\": %d, \"queue\": %d, ",
	       CLI_SCHEMA, c->program, c->wopt.adapter, c->wopt.queue);
	printf("\"mode\": \"%s\", \"frames\": %" PRIu64 ", \"bytes\": %" PRIu64
	       ", \"lost\": %" PRIu64 ", \"files\": %" PRIu64 ", ",
	       c->hopt.mode == HPCAP_LOSSY ? "lossy" : "strict", c->frames, rep->bytes, lost(c),
	       rep->files);
	listen_json(&c->from, stdout);
	printf(", \"uncopied_bytes\": %" PRIu64 ", \"direct_refused\": %" PRIu64 ", ",
	       rep->direct_bytes, rep->fallbacks);
	printf("\"seconds\": %.6f, \"reason\": \"%s\", \"dir\": ",
	       (double)(cli_now_ns() - c->begin_ns) / CLI_NSEC, err ? "error" : c->reason);
	cli_json_text(stdout, c->dir ? c->dir : "");
	printf(", \"last_file\": ");
	cli_json_text(stdout, rep->path);
	printf(", \"error\": ");
	if (err)
		cli_json_text(stdout, hpcap_strerror(err));
	else
		printf("null");
	printf("}\n");
}

int capture_end(struct capture *c, int err)
{
	const struct hpcap_writer_report *rep = hpcap_writer_report(c->w);
	int end = hpcap_writer_finish(c->w);

	if (!err)
		err = end;
	if (err)
		cli_error("%s%s%s", err == end && c->dir ? c->dir : "",
			  err == end && c->dir ? ": " : "", hpcap_strerror(err));
	fprintf(stderr,
		"%s: %" PRIu64 " frames, %" PRIu64 " bytes in %" PRIu64 " files, %" PRIu64
		" lost\n",
		c->program, c->frames, rep->bytes, rep->files, lost(c));
	if (c->json)
		print_json(c, err);
	listen_close(&c->from, &c->h);
	hpcap_writer_destroy(c->w);
	return err ? CLI_FAILED : CLI_OK;
}
