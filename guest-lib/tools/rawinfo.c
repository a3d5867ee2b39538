// SPDX-License-Identifier: GPL-2.0-or-later
/* rawinfo: what is in a capture. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include "source.h"
#include "tally.h"

static const char usage[] =
	"usage: rawinfo [options] <file...>\n"
	"Say what is in captures (- is the standard input): RAW, pcap or pcapng, plain or\n"
	"packed with zstd or lz4.\n"
	"  -t, --tsv      a line for each file, columns with tabs, names in the first line\n"
	"  -j, --json     JSON on the standard output\n"
	"  -q, --quiet    no progress\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all files whole, 1 a file is damaged or unreadable, 2 wrong use.\n";

enum form {
	TEXT,
	TSV,
	JSON
};

static double rate(const struct tally *t, uint64_t n)
{
	double s = tally_span_s(t);

	return s > 0 ? (double)n / s : 0;
}

static double mean(const struct tally *t)
{
	return t->rep.frames ? (double)t->rep.len_bytes / (double)t->rep.frames : 0;
}

/* Time stamps' unit as a power of ten where it is one. */
static const char *unit(const struct hpcap_iface *iface)
{
	switch (iface->ticks) {
	case 1:
		return "s";
	case 1000:
		return "ms";
	case 1000000:
		return "us";
	case 1000000000:
		return "ns";
	case 1000000000000:
		return "ps";
	default:
		return "other";
	}
}

static void print_ifaces(const struct tally *t)
{
	uint32_t i;

	for (i = 0; i < t->nr_ifaces; i++) {
		const struct hpcap_iface *f = &t->iface[i];

		printf("  interface %u: %s%slink type %u, snap length %u, time in %s, "
		       "%" PRIu64 " frames",
		       i, f->name, *f->name ? ", " : "", f->linktype, f->snaplen, unit(f),
		       f->frames);
		if (f->has_received)
			printf(", received %" PRIu64, f->received);
		if (f->has_dropped)
			printf(", dropped %" PRIu64, f->dropped);
		printf("\n");
	}
}

static void print_text(const struct tally *t, const char *path)
{
	printf("%s:\n", path);
	if (t->err) {
		printf("  unreadable: %s\n", t->error);
		return;
	}
	printf("  format: %s%s%s, %s\n", hpcap_format_name(t->format), *t->detail ? ", " : "",
	       t->detail, hpcap_packing_name(t->packing));
	printf("  bytes: %" PRIu64 " in the file, %" PRIu64 " unpacked\n", t->rep.file_bytes,
	       t->rep.stream_bytes);
	printf("  frames: %" PRIu64 ", %" PRIu64 " bytes of them kept, %" PRIu64
	       " on the wire\n",
	       t->rep.frames, t->rep.caplen_bytes, t->rep.len_bytes);
	if (t->rep.frames)
		printf("  lengths: %u..%u, mean %.2f; kept %u..%u; cut %" PRIu64 "\n",
		       t->len_min, t->len_max, mean(t), t->caplen_min, t->caplen_max, t->cut);
	if (t->timed) {
		printf("  time: %s .. %s, %.9f s\n",
		       cli_utc((uint32_t)(t->min_ns / CLI_NSEC),
			       (uint32_t)(t->min_ns % CLI_NSEC))
			       .text,
		       cli_utc((uint32_t)(t->max_ns / CLI_NSEC),
			       (uint32_t)(t->max_ns % CLI_NSEC))
			       .text,
		       tally_span_s(t));
		printf("  rates: %.2f frames/s, %.2f bit/s\n", rate(t, t->rep.frames),
		       8 * rate(t, t->rep.len_bytes));
		printf("  order: %s\n", t->back ? "time goes back" : "strict");
	}
	print_ifaces(t);
	if (*t->error)
		printf("  not whole: %s\n", t->error);
}

static void print_tsv(const struct tally *t, const char *path)
{
	const uint64_t nsec = CLI_NSEC;
	const uint64_t first = (uint64_t)t->min_ns, last = (uint64_t)t->max_ns;

	printf("%s\t%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
	       "\t%" PRIu64 ".%09" PRIu64 "\t%" PRIu64 ".%09" PRIu64 "\t%u\t%u\t%s\n",
	       path, hpcap_format_name(t->format), hpcap_packing_name(t->packing),
	       t->rep.file_bytes, t->rep.stream_bytes, t->rep.frames, t->rep.caplen_bytes,
	       t->rep.len_bytes, first / nsec, first % nsec, last / nsec, last % nsec,
	       t->len_min, t->len_max, *t->error ? t->error : "-");
}

static void print_json_ifaces(const struct tally *t)
{
	uint32_t i;

	printf("\"interfaces\": [");
	for (i = 0; i < t->nr_ifaces; i++) {
		const struct hpcap_iface *f = &t->iface[i];

		printf("%s{\"name\": ", i ? ", " : "");
		cli_json_text(stdout, f->name);
		printf(", \"description\": ");
		cli_json_text(stdout, f->text);
		printf(", \"link_type\": %u, \"snaplen\": %u, \"ticks_per_second\": %" PRIu64
		       ", \"frames\": %" PRIu64,
		       f->linktype, f->snaplen, f->ticks, f->frames);
		if (f->has_received)
			printf(", \"received\": %" PRIu64, f->received);
		if (f->has_dropped)
			printf(", \"dropped\": %" PRIu64, f->dropped);
		printf("}");
	}
	printf("]");
}

static void print_json(const struct tally *t, const char *path)
{
	printf("  {\"file\": ");
	cli_json_text(stdout, path);
	printf(", \"whole\": %s, \"error\": ", tally_is_whole(t) ? "true" : "false");
	if (*t->error)
		cli_json_text(stdout, t->error);
	else
		printf("null");
	printf(", \"format\": \"%s\", \"detail\": \"%s\", \"packing\": \"%s\", "
	       "\"file_bytes\": %" PRIu64 ", \"bytes\": %" PRIu64 ", \"frames\": %" PRIu64
	       ", \"caplen_bytes\": %" PRIu64 ", \"len_bytes\": %" PRIu64 ", ",
	       hpcap_format_name(t->format), t->detail, hpcap_packing_name(t->packing),
	       t->rep.file_bytes, t->rep.stream_bytes, t->rep.frames, t->rep.caplen_bytes,
	       t->rep.len_bytes);
	printf("\"first_ns\": %" PRId64 ", \"last_ns\": %" PRId64 ", \"seconds\": %.9f, "
	       "\"frames_per_second\": %.3f, \"bits_per_second\": %.3f, \"len_min\": %u, "
	       "\"len_max\": %u, \"len_mean\": %.3f, \"cut_frames\": %" PRIu64
	       ", \"time_back\": %" PRIu64 ", \"lost\": %" PRIu64 ", ",
	       t->min_ns, t->max_ns, tally_span_s(t), rate(t, t->rep.frames),
	       8 * rate(t, t->rep.len_bytes), t->len_min, t->len_max, mean(t), t->cut, t->back,
	       t->drops);
	print_json_ifaces(t);
	printf("}");
}

static int show_all(enum form form, bool quiet, char **path, int n)
{
	const struct tally_options opt = {.progress = !quiet};
	int status = CLI_OK, i;
	struct tally t;

	if (form == JSON)
		printf("{\"schema_version\": %d, \"files\": [\n", CLI_SCHEMA);
	if (form == TSV)
		printf("file\tformat\tpacking\tfile_bytes\tbytes\tframes\tcaplen_bytes\tlen_bytes\t"
		       "first\tlast\tlen_min\tlen_max\terror\n");
	for (i = 0; i < n; i++) {
		tally_read(&t, path[i], &opt);
		if (!tally_is_whole(&t))
			status = CLI_FAILED;
		if (form == JSON)
			print_json(&t, path[i]);
		else if (form == TSV)
			print_tsv(&t, path[i]);
		else
			print_text(&t, path[i]);
		if (form == JSON)
			printf(i + 1 < n ? ",\n" : "\n");
		tally_free(&t);
	}
	if (form == JSON)
		printf("]}\n");
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"tsv", no_argument, NULL, 't'},     {"json", no_argument, NULL, 'j'},
		{"quiet", no_argument, NULL, 'q'},   {"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0},
	};
	enum form form = TEXT;
	bool quiet = false;
	int opt;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "tjqhV", options, NULL)) != -1) {
		switch (opt) {
		case 't':
		case 'j':
			if (form != TEXT)
				return cli_misuse("--tsv and --json: one of them");
			form = opt == 'j' ? JSON : TSV;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("rawinfo");
		default:
			return CLI_USAGE;
		}
	}
	if (optind == argc)
		return cli_misuse("a file is needed");
	if (source_check_places(argv + optind, argc - optind, NULL))
		return CLI_USAGE;
	return show_all(form, quiet, argv + optind, argc - optind);
}
