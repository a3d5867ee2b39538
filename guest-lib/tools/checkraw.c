// SPDX-License-Identifier: GPL-2.0-or-later
/* checkraw: is a RAW file whole, and in order? */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include "cli.h"
#include "repair.h"
#include "report.h"

static const char usage[] =
	"usage: checkraw [options] <file.raw...>\n"
	"Read RAW files (- is the standard input) and say what was met.\n"
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
	int64_t gap_ns;
	bool json;
	bool quiet;
};

/**
 * struct tally - what is known of one file
 * @rep: the reader's report
 * @first: the first frame
 * @last: the last one
 * @back_max_ns: how much older than the one before a frame is at most
 * @gap_max_ns: longest time without a frame
 * @back: times that a frame is older than the one before
 * @gaps: times without a frame longer than options.gap_ns
 * @cut: frames with caplen less than len
 * @caplen_min: bytes
 * @caplen_max: bytes
 * @len_min: bytes
 * @len_max: bytes
 * @err: why it could not be read, 0 if it could
 */
struct tally {
	struct hpcap_raw_report rep;
	struct hpcap_record first;
	struct hpcap_record last;
	int64_t back_max_ns;
	int64_t gap_max_ns;
	uint64_t back;
	uint64_t gaps;
	uint64_t cut;
	uint32_t caplen_min, caplen_max;
	uint32_t len_min, len_max;
	int err;
};

static int64_t time_ns(const struct hpcap_record *rec)
{
	return rec->sec * CLI_NSEC + rec->nsec;
}

static void tally_time(struct tally *t, const struct hpcap_record *rec,
		       const struct options *opt, const char *path)
{
	int64_t step = time_ns(rec) - time_ns(&t->last);

	if (step < 0) {
		t->back++;
		if (-step > t->back_max_ns)
			t->back_max_ns = -step;
	}
	if (step > t->gap_max_ns)
		t->gap_max_ns = step;
	if (!opt->gap_ns || step <= opt->gap_ns)
		return;
	t->gaps++;
	if (!opt->json)
		printf("%s: gap of %.9f s before %s, byte %" PRIu64 "\n", path,
		       (double)step / CLI_NSEC, cli_utc(rec->sec, rec->nsec).text, rec->pos);
}

static void tally_frame(struct tally *t, const struct hpcap_record *rec, bool first)
{
	if (first || rec->caplen < t->caplen_min)
		t->caplen_min = rec->caplen;
	if (rec->caplen > t->caplen_max)
		t->caplen_max = rec->caplen;
	if (first || rec->len < t->len_min)
		t->len_min = rec->len;
	if (rec->len > t->len_max)
		t->len_max = rec->len;
	t->cut += rec->caplen < rec->len;
}

static void read_file(struct tally *t, const char *path, const struct options *opt)
{
	struct hpcap_record rec;
	struct hpcap_raw *raw;
	bool first = true;

	memset(t, 0, sizeof(*t));
	t->err = hpcap_raw_open(&raw, path);
	if (t->err)
		return;
	while ((t->err = hpcap_raw_next(raw, &rec)) > 0) {
		if (first)
			t->first = rec;
		else
			tally_time(t, &rec, opt, path);
		tally_frame(t, &rec, first);
		t->last = rec;
		first = false;
	}
	t->rep = *hpcap_raw_report(raw);
	hpcap_raw_close(raw);
}

static bool is_whole(const struct tally *t)
{
	return !t->err && hpcap_raw_whole(&t->rep);
}

static const char *verdict(const struct tally *t)
{
	if (t->err)
		return "unreadable";
	if (!is_whole(t))
		return "damaged";
	return report_has_notes(&t->rep) || t->back ? "ok with notes" : "ok";
}

static double span_s(const struct tally *t)
{
	return (double)(time_ns(&t->last) - time_ns(&t->first)) / CLI_NSEC;
}

static void print_text(const struct tally *t, const char *path)
{
	const struct hpcap_raw_report *r = &t->rep;

	if (t->err) {
		printf("%s: unreadable: %s\n", path, strerror(-t->err));
		return;
	}
	printf("%s: %s, %" PRIu64 " frames, %" PRIu64 " bytes", path, verdict(t), r->records,
	       r->bytes);
	if (r->records) {
		printf(", %s .. %s, %.9f s, len %u..%u",
		       cli_utc(t->first.sec, t->first.nsec).text,
		       cli_utc(t->last.sec, t->last.nsec).text, span_s(t), t->len_min,
		       t->len_max);
		if (t->cut)
			printf(", caplen %u..%u, %" PRIu64 " cut", t->caplen_min, t->caplen_max,
			       t->cut);
	}
	printf("\n");
	report_print(stdout, "  ", r);
	if (t->back)
		printf("  time goes back: %" PRIu64 ", by %.9f s at most\n", t->back,
		       (double)t->back_max_ns / CLI_NSEC);
	if (t->gaps)
		printf("  gaps: %" PRIu64 ", longest %.9f s\n", t->gaps,
		       (double)t->gap_max_ns / CLI_NSEC);
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

static void print_json(const struct tally *t, const char *path)
{
	const struct hpcap_raw_report *r = &t->rep;

	printf("  {\"file\": ");
	cli_json_text(stdout, path);
	printf(", \"verdict\": \"%s\", \"error\": ", verdict(t));
	if (t->err)
		cli_json_text(stdout, strerror(-t->err));
	else
		printf("null");
	printf(", \"bytes\": %" PRIu64 ", \"frames\": %" PRIu64 ", \"caplen_bytes\": %" PRIu64
	       ", \"len_bytes\": %" PRIu64 ", \"pads\": %" PRIu64 ", \"pad_bytes\": %" PRIu64
	       ", \"skipped_bytes\": %" PRIu64 ", ",
	       r->bytes, r->records, r->caplen_bytes, r->len_bytes, r->pads, r->pad_bytes,
	       r->skipped_bytes);
	if (r->records)
		printf("\"first\": \"%s\", \"last\": \"%s\", ",
		       cli_utc(t->first.sec, t->first.nsec).text,
		       cli_utc(t->last.sec, t->last.nsec).text);
	printf("\"caplen_min\": %u, \"caplen_max\": %u, \"len_min\": %u, \"len_max\": %u, "
	       "\"cut_frames\": %" PRIu64 ", ",
	       t->caplen_min, t->caplen_max, t->len_min, t->len_max, t->cut);
	printf("\"time_back\": %" PRIu64 ", \"time_back_max_ns\": %" PRId64
	       ", \"gaps\": %" PRIu64 ", \"gap_max_ns\": %" PRId64 ", ",
	       t->back, t->back_max_ns, t->gaps, t->gap_max_ns);
	print_json_notes(r);
	printf("}");
}

static int check_all(const struct options *opt, char **path, int n)
{
	int status = CLI_OK, i;
	struct tally t;

	if (opt->json)
		printf("{\"schema_version\": %d, \"files\": [\n", CLI_SCHEMA);
	for (i = 0; i < n; i++) {
		read_file(&t, path[i], opt);
		if (!is_whole(&t))
			status = CLI_FAILED;
		if (opt->json)
			print_json(&t, path[i]);
		else if (!opt->quiet || !is_whole(&t))
			print_text(&t, path[i]);
		if (opt->json)
			printf(i + 1 < n ? ",\n" : "\n");
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
			o.gap_ns = (int64_t)seconds * CLI_NSEC;
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
	if (o.repair && repair_all(argv + optind, argc - optind, o.quiet) != CLI_OK)
		return CLI_FAILED;
	return check_all(&o, argv + optind, argc - optind);
}
