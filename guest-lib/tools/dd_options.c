// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of hpcapdd: each value checked, and all of them together. */
#include <errno.h>
#include <getopt.h>
#include <hpcap_file.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "dd.h"
#include "dd_usage.h"

#define SECONDS_MAX 1000000000u

enum {
	OPT_BLOCK = 256,
	OPT_BUFFERED,
	OPT_CAPLEN,
	OPT_COMMENT,
	OPT_COMPRESS,
	OPT_CPU,
	OPT_DECAP,
	OPT_DEPTH,
	OPT_DURATION,
	OPT_FILTER,
	OPT_IO,
	OPT_KEEP_AGE,
	OPT_KEEP_FREE,
	OPT_KEEP_SIZE,
	OPT_NODE,
	OPT_NO_INDEX,
	OPT_NULL,
	OPT_ON_FAULT,
	OPT_RING,
	OPT_ROTATE,
	OPT_STATS,
	OPT_SYNC,
	OPT_UNORDERED,
	OPT_WINDOW,
	OPT_WORKERS,
};

static const struct option options[] = {
	{"block", required_argument, NULL, OPT_BLOCK},
	{"buffered", no_argument, NULL, OPT_BUFFERED},
	{"caplen", required_argument, NULL, OPT_CAPLEN},
	{"comment", required_argument, NULL, OPT_COMMENT},
	{"compress", required_argument, NULL, OPT_COMPRESS},
	{"count", required_argument, NULL, 'c'},
	{"cpu", required_argument, NULL, OPT_CPU},
	{"decap", optional_argument, NULL, OPT_DECAP},
	{"depth", required_argument, NULL, OPT_DEPTH},
	{"duration", required_argument, NULL, OPT_DURATION},
	{"file-size", required_argument, NULL, 'C'},
	{"filter", required_argument, NULL, OPT_FILTER},
	{"format", required_argument, NULL, 'f'},
	{"help", no_argument, NULL, 'h'},
	{"io", required_argument, NULL, OPT_IO},
	{"json", no_argument, NULL, 'j'},
	{"keep-age", required_argument, NULL, OPT_KEEP_AGE},
	{"keep-files", required_argument, NULL, 'W'},
	{"keep-free", required_argument, NULL, OPT_KEEP_FREE},
	{"keep-size", required_argument, NULL, OPT_KEEP_SIZE},
	{"lossy", no_argument, NULL, 'l'},
	{"name", required_argument, NULL, 'n'},
	{"no-index", no_argument, NULL, OPT_NO_INDEX},
	{"node", required_argument, NULL, OPT_NODE},
	{"null", no_argument, NULL, OPT_NULL},
	{"on-fault", required_argument, NULL, OPT_ON_FAULT},
	{"quiet", no_argument, NULL, 'q'},
	{"ring", required_argument, NULL, OPT_RING},
	{"rotate", required_argument, NULL, OPT_ROTATE},
	{"stats", required_argument, NULL, OPT_STATS},
	{"sync", required_argument, NULL, OPT_SYNC},
	{"version", no_argument, NULL, 'V'},
	{"unordered", no_argument, NULL, OPT_UNORDERED},
	{"window", required_argument, NULL, OPT_WINDOW},
	{"write", required_argument, NULL, 'w'},
	{"workers", required_argument, NULL, OPT_WORKERS},
	{NULL, 0, NULL, 0},
};

static bool parse_ns(const char *text, int64_t *out_ns)
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

	if (!cli_size(text, &size) || !size || size % VOLUME_ALIGN || size > 1u << 30)
		return false;
	*out = (uint32_t)size;
	return true;
}

static bool parse_file_size(const char *text, uint64_t *out)
{
	return cli_size(text, out) && *out % VOLUME_ALIGN == 0 && *out >= HPCAP_FILE_SIZE_MIN &&
	       *out <= INT64_MAX;
}

static bool parse_unsigned(const char *text, uint64_t min, uint64_t max, unsigned int *out)
{
	uint64_t n;

	if (!cli_number(text, max, &n) || n < min)
		return false;
	*out = (unsigned int)n;
	return true;
}

static bool parse_cpu(const char *text, int *out)
{
	unsigned int n;

	if (!parse_unsigned(text, 0, 4095, &n))
		return false;
	*out = (int)n;
	return true;
}

/* Which of the names it is: -1 none. */
static int one_of(const char *text, const char *const *names)
{
	int i;

	for (i = 0; names[i]; i++)
		if (!strcmp(text, names[i]))
			return i;
	return -1;
}

static bool parse_format(const char *text, enum hpcap_format *out)
{
	static const char *const names[] = {"unknown", "raw", "pcap", "pcapng", NULL};
	int n = one_of(text, names);

	*out = (enum hpcap_format)n;
	return n > 0;
}

/* "zstd", "lz4", each perhaps with ":LEVEL". */
static bool parse_packing(const char *text, struct store_options *o)
{
	static const char *const names[] = {"plain", "zstd", "lz4", NULL};
	char name[8] = "";
	const char *level = strchr(text, ':');
	size_t len = level ? (size_t)(level - text) : strlen(text);
	unsigned int n = 0;
	int which;

	if (len >= sizeof(name))
		return false;
	memcpy(name, text, len);
	which = one_of(name, names);
	if (which < 0 || (level && (!which || !parse_unsigned(level + 1, 1, 22, &n))))
		return false;
	o->packing = (enum hpcap_packing)which;
	o->level = (int)n;
	return which != HPCAP_LZ4 || n <= 12;
}

static bool parse_io(const char *text, enum blkq_kind *out)
{
	static const char *const names[] = {"auto", "uring", "threads", NULL};
	int n = one_of(text, names);

	*out = (enum blkq_kind)n;
	return n >= 0;
}

static bool parse_on_fault(const char *text, bool *stop)
{
	static const char *const names[] = {"continue", "stop", NULL};
	int n = one_of(text, names);

	*stop = n == 1;
	return n >= 0;
}

/* Seconds, "each" or "off". */
static bool parse_sync(const char *text, struct store_options *o)
{
	unsigned int n = 0;

	o->sync_each = !strcmp(text, "each");
	o->sync_s = -1;
	if (o->sync_each || !strcmp(text, "off"))
		return true;
	if (!parse_unsigned(text, 1, 3600, &n))
		return false;
	o->sync_s = (int)n;
	return true;
}

/* "LOW" or "LOW:HIGH", bytes. */
static bool parse_free(const char *text, struct keep_limits *l)
{
	char low[32];
	const char *high = strchr(text, ':');
	size_t len = high ? (size_t)(high - text) : strlen(text);

	if (len >= sizeof(low))
		return false;
	memcpy(low, text, len);
	low[len] = 0;
	if (!cli_size(low, &l->free_low) || !l->free_low)
		return false;
	l->free_high = l->free_low;
	return !high || (cli_size(high + 1, &l->free_high) && l->free_high >= l->free_low);
}

/* Seconds, or with m, h, d. */
static bool parse_age(const char *text, uint64_t *out)
{
	static const char units[] = "smhd";
	static const unsigned int seconds[] = {1, 60, 3600, 86400};
	char *end;
	const char *unit;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : units;
	if (errno || !unit || (*end && end[1]) || !*out || *out > SECONDS_MAX)
		return false;
	*out *= seconds[unit - units];
	return true;
}

static bool parse_keep(struct keep_limits *l, int opt, const char *arg)
{
	switch (opt) {
	case OPT_KEEP_AGE:
		return parse_age(arg, &l->age_s);
	case OPT_KEEP_FREE:
		return parse_free(arg, l);
	case OPT_KEEP_SIZE:
		return cli_size(arg, &l->bytes) && l->bytes;
	default:
		return cli_number(arg, 1000000000, &l->files) && l->files;
	}
}

static bool parse_writing(struct store_options *o, int opt, const char *arg)
{
	switch (opt) {
	case OPT_BLOCK:
		return parse_block(arg, &o->block);
	case OPT_COMPRESS:
		return parse_packing(arg, o);
	case OPT_DEPTH:
		return parse_unsigned(arg, 1, BLKQ_DEPTH_MAX, &o->depth);
	case 'C':
		return parse_file_size(arg, &o->file_size);
	case 'f':
		return parse_format(arg, &o->format);
	case OPT_IO:
		return parse_io(arg, &o->io);
	case OPT_ON_FAULT:
		return parse_on_fault(arg, &o->stop_on_fault);
	case OPT_ROTATE:
		return parse_unsigned(arg, 1, 86400, &o->rotate_s);
	case OPT_SYNC:
		return parse_sync(arg, o);
	case OPT_WORKERS:
		return parse_unsigned(arg, 1, STORE_WORKERS_MAX, &o->workers);
	default:
		return parse_keep(&o->limits, opt, arg);
	}
}

static bool parse_option(struct dd_options *o, int opt, const char *arg)
{
	switch (opt) {
	case 'c':
		return cli_number(arg, UINT64_MAX, &o->count) && o->count;
	case OPT_DURATION:
		return parse_ns(arg, &o->duration_ns);
	case OPT_STATS:
		return parse_ns(arg, &o->stats_ns);
	case 'n':
		o->join.name = arg;
		return strlen(arg) < HPCAP_NAME_LEN;
	case 'w':
		o->to_stdout = !strcmp(arg, "-");
		return o->to_stdout;
	case OPT_WINDOW:
		return listen_window(&o->from, arg);
	case OPT_FILTER:
		o->from.filter = arg;
		return true;
	case OPT_CAPLEN:
		return listen_caplen(&o->from, arg);
	case OPT_COMMENT:
		o->store.comment = arg;
		return strlen(arg) < STORE_COMMENT_MAX;
	case OPT_CPU:
		return parse_cpu(arg, &o->cpu);
	case OPT_DECAP:
		return dd_parse_decap(o, arg);
	case OPT_RING:
		return dd_parse_ring(o, arg);
	case OPT_NODE:
		return parse_cpu(arg, &o->node);
	default:
		return parse_writing(&o->store, opt, arg);
	}
}

/* Options without a value. False: it has one. */
static bool set_flag(struct dd_options *o, int opt)
{
	switch (opt) {
	case 'l':
		o->join.mode = HPCAP_LOSSY;
		return true;
	case 'j':
		o->json = true;
		return true;
	case 'q':
		o->quiet = true;
		return true;
	case OPT_NULL:
		o->null = true;
		return true;
	case OPT_NO_INDEX:
		o->store.no_index = true;
		return true;
	case OPT_BUFFERED:
		o->store.buffered = true;
		return true;
	case OPT_UNORDERED:
		o->from.order.order = HPCAP_GROUP_UNORDERED;
		return true;
	default:
		return false;
	}
}

/* Options that contradict each other. */
static int check_all(const struct dd_options *o)
{
	const struct store_options *s = &o->store;
	const uint64_t size = s->file_size ? s->file_size : HPCAP_FILESIZE;

	if (o->null && keep_is_asked(&s->limits))
		return cli_misuse("--null and --keep-...: there is nothing to keep");
	if (o->null && (s->packing || s->format))
		return cli_misuse("--null and --format or --compress: nothing is written");
	if (o->to_stdout && (o->null || keep_is_asked(&s->limits) || s->packing ||
			     s->rotate_s || s->file_size || o->json))
		return cli_misuse(
			"--write -: no files are made, and the standard output carries "
			"the frames (no --null, --json, --compress, sizes, keeping)");
	if (s->comment && s->format != HPCAP_FORMAT_PCAPNG)
		return cli_misuse("--comment needs --format pcapng");
	if (s->workers && !s->packing && s->format <= HPCAP_FORMAT_RAW)
		return cli_misuse("--workers: plain RAW needs none");
	if (s->block > size)
		return cli_misuse("--block is larger than --file-size");
	if (s->limits.bytes && s->limits.bytes < size)
		return cli_misuse("--keep-size is less than one file of --file-size");
	if (o->cpu >= 0 && o->node >= 0)
		return cli_misuse("--cpu and --node: one of them");
	return dd_check_source(o);
}

int dd_parse(struct dd_options *o, int argc, char **argv)
{
	int opt, status;

	*o = (struct dd_options){.cpu = -1, .node = -1};
	optind = 0;
	while ((opt = getopt_long(argc, argv, "+c:f:n:w:C:W:ljqhV", options, NULL)) != -1) {
		switch (opt) {
		case 'h':
			fputs(dd_usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("hpcapdd");
		case '?':
			return CLI_USAGE;
		default:
			if (!set_flag(o, opt) && !parse_option(o, opt, optarg))
				return cli_bad_value(options, opt, optarg);
		}
	}
	status = dd_places(o, argc - optind, argv + optind);
	return status < 0 ? check_all(o) : status;
}
