// SPDX-License-Identifier: GPL-2.0-or-later
/* checkraw: is a capture whole, and in order? */
#include <getopt.h>
#include <inttypes.h>
#include <store/journal.h>
#include <string.h>
#include "repair.h"
#include "report.h"
#include "source.h"
#include "tally.h"

static const char usage[] =
	"usage: checkraw [options] <file...>\n"
	"Read captures (- is the standard input) and say what was met: RAW, and pcap and\n"
	"pcapng of others; plain or packed with zstd or lz4.\n"
	"  -g, --gaps S   also tell of each time without frames longer than S seconds\n"
	"  -j, --json     JSON on the standard output\n"
	"  -q, --quiet    only files with damage\n"
	"      --repair   first cut what a crash left behind the last whole record\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all files whole, 1 a file is damaged or unreadable, 2 wrong use.\n";

enum {
	OPT_REPAIR = 256
};

struct options {
	bool repair;
	struct tally_options tally;
	bool json;
	bool quiet;
};

/**
 * struct check - one file
 * @t: what is in it
 * @said: by the journal of its volume
 * @has_line: the journal tells of it
 */
struct check {
	struct tally t;
	struct journal_said said;
	bool has_line;
};

static void ask_journal(struct check *c, const char *path)
{
	struct journal_place place;

	c->has_line = !journal_place(path, &place) && journal_find(&place, &c->said);
	if (!c->t.drops && c->has_line)
		c->t.drops = c->said.lost;
}

static bool is_other(const struct check *c)
{
	return c->has_line &&
	       (c->said.frames != c->t.rep.frames || c->said.bytes != c->t.rep.file_bytes);
}

static bool has_notes(const struct check *c)
{
	const struct tally *t = &c->t;

	return is_other(c) || (t->has_raw && report_has_notes(&t->raw)) || t->back ||
	       t->drops || t->rep.no_time || t->rep.odd_lengths;
}

static const char *verdict(const struct check *c)
{
	const struct tally *t = &c->t;

	if (t->err)
		return "unreadable";
	if (!tally_is_whole(t))
		return "damaged";
	return has_notes(c) ? "ok with notes" : "ok";
}

static void print_notes(const struct check *c)
{
	const struct tally *t = &c->t;

	if (t->has_raw)
		report_print(stdout, "  ", &t->raw);
	if (*t->error && (!t->has_raw || (t->rep.cut && hpcap_raw_whole(&t->raw) &&
					  !t->raw.count[HPCAP_RAW_CUT])))
		printf("  %s\n", t->error);
	if (t->back)
		printf("  time goes back: %" PRIu64 ", by %.9f s at most\n", t->back,
		       (double)t->back_max_ns / CLI_NSEC);
	if (t->gaps)
		printf("  gaps: %" PRIu64 ", longest %.9f s\n", t->gaps,
		       (double)t->gap_max_ns / CLI_NSEC);
	if (t->drops)
		printf("  lost while capturing, as the %s says: %" PRIu64 " frames\n",
		       c->has_line && c->said.lost == t->drops ? "journal" : "file", t->drops);
	if (is_other(c))
		printf("  not as the journal has it: %" PRIu64 " frames, %" PRIu64 " bytes\n",
		       c->said.frames, c->said.bytes);
	if (t->rep.no_time)
		printf("  frames without a time: %" PRIu64 "\n", t->rep.no_time);
	if (t->rep.odd_lengths)
		printf("  frames longer than they say: %" PRIu64 "\n", t->rep.odd_lengths);
}

static void print_text(const struct check *c, const char *path)
{
	const struct tally *t = &c->t;
	const uint64_t frames = t->rep.frames;

	if (t->err) {
		printf("%s: unreadable: %s\n", path, t->error);
		return;
	}
	printf("%s: %s, %" PRIu64 " frames, %" PRIu64 " bytes", path, verdict(c), frames,
	       t->rep.stream_bytes);
	if (t->packing)
		printf(" (%s, %" PRIu64 ")", hpcap_packing_name(t->packing), t->rep.file_bytes);
	if (!t->has_raw)
		printf(", %s", hpcap_format_name(t->format));
	if (frames) {
		printf(", %s .. %s, %.9f s, len %u..%u",
		       cli_utc(t->first.sec, t->first.nsec).text,
		       cli_utc(t->last.sec, t->last.nsec).text, tally_span_s(t), t->len_min,
		       t->len_max);
		if (t->cut)
			printf(", caplen %u..%u, %" PRIu64 " cut", t->caplen_min, t->caplen_max,
			       t->cut);
	}
	printf("\n");
	print_notes(c);
}

static void print_json_notes(const struct hpcap_raw_report *r)
{
	const char *sep = "";
	int i;

	printf("\"notes\": {");
	for (i = 0; i < HPCAP_RAW_NR_NOTES; i++) {
		if (!r->count[i])
			continue;
		printf("%s\"%s\": {\"count\": %" PRIu64 ", \"first\": %" PRIu64 "}", sep,
		       hpcap_raw_note_key((enum hpcap_raw_note)i), r->count[i], r->first[i]);
		sep = ", ";
	}
	printf("}, \"looks_like\": ");
	if (r->looks_like)
		cli_json_text(stdout, r->looks_like);
	else
		printf("null");
}

static void print_json_times(const struct tally *t)
{
	if (t->timed)
		printf("\"first\": \"%s\", \"last\": \"%s\", ",
		       cli_utc(t->first.sec, t->first.nsec).text,
		       cli_utc(t->last.sec, t->last.nsec).text);
	printf("\"caplen_min\": %u, \"caplen_max\": %u, \"len_min\": %u, \"len_max\": %u, "
	       "\"cut_frames\": %" PRIu64 ", ",
	       t->caplen_min, t->caplen_max, t->len_min, t->len_max, t->cut);
	printf("\"time_back\": %" PRIu64 ", \"time_back_max_ns\": %" PRId64
	       ", \"time_same\": %" PRIu64 ", \"gaps\": %" PRIu64 ", \"gap_max_ns\": %" PRId64
	       ", \"no_time\": %" PRIu64 ", \"odd_lengths\": %" PRIu64 ", \"lost\": %" PRIu64
	       ", ",
	       t->back, t->back_max_ns, t->same, t->gaps, t->gap_max_ns, t->rep.no_time,
	       t->rep.odd_lengths, t->drops);
}

static void print_json_journal(const struct check *c)
{
	if (c->has_line)
		printf("\"journal\": {\"frames\": %" PRIu64 ", \"bytes\": %" PRIu64
		       ", \"lost\": %" PRIu64 "}, ",
		       c->said.frames, c->said.bytes, c->said.lost);
	else
		printf("\"journal\": null, ");
}

static void print_json(const struct check *c, const char *path)
{
	const struct tally *t = &c->t;
	const struct hpcap_raw_report *r = &t->raw;

	printf("  {\"file\": ");
	cli_json_text(stdout, path);
	printf(", \"verdict\": \"%s\", \"error\": ", verdict(c));
	if (*t->error)
		cli_json_text(stdout, t->error);
	else
		printf("null");
	printf(", \"format\": \"%s\", \"packing\": \"%s\", \"file_bytes\": %" PRIu64,
	       hpcap_format_name(t->format), hpcap_packing_name(t->packing), t->rep.file_bytes);
	printf(", \"bytes\": %" PRIu64 ", \"frames\": %" PRIu64 ", \"caplen_bytes\": %" PRIu64
	       ", \"len_bytes\": %" PRIu64 ", \"pads\": %" PRIu64 ", \"pad_bytes\": %" PRIu64
	       ", \"skipped_bytes\": %" PRIu64 ", ",
	       t->rep.stream_bytes, t->rep.frames, t->rep.caplen_bytes, t->rep.len_bytes,
	       r->pads, r->pad_bytes, r->skipped_bytes);
	print_json_times(t);
	print_json_journal(c);
	print_json_notes(r);
	printf("}");
}

static int check_all(const struct options *opt, char **path, int n)
{
	int status = CLI_OK, i;
	static struct check c;

	if (opt->json)
		printf("{\"schema_version\": %d, \"files\": [\n", CLI_SCHEMA);
	for (i = 0; i < n; i++) {
		tally_read(&c.t, path[i], &opt->tally);
		ask_journal(&c, path[i]);
		if (!tally_is_whole(&c.t))
			status = CLI_FAILED;
		if (opt->json)
			print_json(&c, path[i]);
		else if (!opt->quiet || !tally_is_whole(&c.t))
			print_text(&c, path[i]);
		if (opt->json)
			printf(i + 1 < n ? ",\n" : "\n");
		tally_free(&c.t);
	}
	if (opt->json)
		printf("], \"verdict\": \"%s\"}\n", status == CLI_OK ? "ok" : "damaged");
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"gaps", required_argument, NULL, 'g'},
		{"json", no_argument, NULL, 'j'},
		{"quiet", no_argument, NULL, 'q'},
		{"repair", no_argument, NULL, OPT_REPAIR},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct options o = {0};
	uint64_t seconds;
	int opt;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "g:jqhV", options, NULL)) != -1) {
		switch (opt) {
		case 'g':
			if (!cli_number(optarg, UINT32_MAX, &seconds) || !seconds)
				return cli_misuse("bad number of seconds: %s", optarg);
			o.tally.gap_ns = (int64_t)seconds * CLI_NSEC;
			break;
		case 'j':
			o.json = true;
			break;
		case 'q':
			o.quiet = true;
			break;
		case OPT_REPAIR:
			o.repair = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("checkraw");
		default:
			return CLI_USAGE;
		}
	}
	if (optind == argc)
		return cli_misuse("a file is needed");
	o.tally.say = !o.json;
	o.tally.progress = !o.quiet;
	if (source_check_places(argv + optind, argc - optind, NULL))
		return CLI_USAGE;
	if (o.repair && repair_all(argv + optind, argc - optind, o.quiet) != CLI_OK)
		return CLI_FAILED;
	return check_all(&o, argv + optind, argc - optind);
}
