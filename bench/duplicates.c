// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Duplicates: how many are found and how many others are taken for one, by size
 * of the table and its levels, shaped like Table 4.7 of the thesis; and what a
 * frame costs.
 */
#include "bench.h"
#include "dup.h"
#include "dup_cost.h"
#include "dup_truth.h"

enum {
	NR_TRACES = 4,
	NR_COSTS = 8
};

static struct dup_trace trace[NR_TRACES];

static void load(void)
{
	const u32 routed = HPCAP_DUP_IGNORE_TTL | HPCAP_DUP_IGNORE_CSUM | HPCAP_DUP_IGNORE_MAC;
	const char *dir = getenv("BENCH_CAPTURES"), *bad;
	char path[4096];

	dup_trace_make(&trace[0], "A", 1000000, 2030, 0.321, 1);
	dup_trace_make(&trace[1], "B", 4000000, 9560, 0.00014, 0.5);
	snprintf(path, sizeof(path), "%s/exact.pcap", dir ? dir : "bench/captures");
	bad = dup_trace_read(&trace[2], "exact", path, 0);
	if (!bad) {
		snprintf(path, sizeof(path), "%s/routed.pcap", dir ? dir : "bench/captures");
		bad = dup_trace_read(&trace[3], "routed", path, routed);
	}
	if (bad) {
		fprintf(stderr, "duplicates: %s %s (BENCH_CAPTURES names the folder)\n", path,
			bad);
		exit(1);
	}
}

/* Rates of true and false positives of one table on one trace. */
static void judge(const struct dup_trace *t, u32 entries, u32 levels, u32 key, double *tpr,
		  double *fpr)
{
	const struct hpcap_dup want = {
		.ignore = t->ignore,
		.entries = entries,
		.levels = levels,
		.bytes = HPCAP_DUP_BYTES,
		.window = HPCAP_DUP_WINDOW,
	};
	static struct cap_dup d;
	u32 i, right = 0, wrong = 0;

	for (i = 0; i < CAP_DUP_SECRET; i++)
		d.secret[i] = (i + 3) * 0x9e3779b97f4a7c15ull;
	cap_dup_init(&d, &want, calloc(1, cap_dup_size(&want)));
	if (!d.table)
		exit(1);
	for (i = 0; i < t->nr; i++) {
		const struct capture_frame *f = &t->frame[i];
		const struct cap_dup_frame df = {f->data, f->caplen, f->len, false, 0};
		u64 print = cap_dup_print(&d, &df);
		bool is = cap_dup_seen(&d, key == HPCAP_DUP_KEY_RSS ? t->flow[i] : (u32)print,
				       print, f->ns);

		right += is && t->copy[i];
		wrong += is && !t->copy[i];
	}
	free(d.table);
	*tpr = (double)right / t->nr_copies;
	*fpr = (double)wrong / (t->nr - t->nr_copies);
}

static void row(u32 entries, u32 levels, u32 key, bool tsv)
{
	const char *kind = key == HPCAP_DUP_KEY_RSS ? "rss" : "soft";
	double tpr, fpr;
	int i;

	if (!tsv)
		printf("%3uK  %6u  %4s", entries / 1024, levels, kind);
	for (i = 0; i < NR_TRACES; i++) {
		judge(&trace[i], entries, levels, key, &tpr, &fpr);
		if (tsv)
			printf("%s/%u/%u/%s\ttpr\t\t%.5f\t%.5f\t%.5f\n"
			       "%s/%u/%u/%s\tfpr\t\t%.7f\t%.7f\t%.7f\n",
			       trace[i].name, entries, levels, kind, tpr, tpr, tpr,
			       trace[i].name, entries, levels, kind, fpr, fpr, fpr);
		else
			printf("   %.3f  %-7.4g", tpr, fpr);
	}
	if (!tsv)
		printf("\n");
}

static void accuracy(bool tsv)
{
	u32 size, levels;
	int i;

	if (!tsv) {
		printf("%-18s", "table");
		for (i = 0; i < NR_TRACES; i++)
			printf("   %-14s", trace[i].name);
		printf("\nsize  levels   key");
		for (i = 0; i < NR_TRACES; i++)
			printf("   TPR    FPR    ");
		printf("\n");
	}
	for (size = 1; size <= 32; size *= 2)
		for (levels = 1; levels <= size; levels *= 2)
			row(size * 1024, levels, HPCAP_DUP_KEY_SOFT, tsv);
	row(1024, 1, HPCAP_DUP_KEY_RSS, tsv);
	row(32768, 1, HPCAP_DUP_KEY_RSS, tsv);
	row(32768, 32, HPCAP_DUP_KEY_RSS, tsv);
	if (tsv)
		return;
	for (i = 0; i < NR_TRACES; i++)
		printf("%s: %u frames, %u copies (%.4f %%)\n", trace[i].name, trace[i].nr,
		       trace[i].nr_copies, 100.0 * trace[i].nr_copies / trace[i].nr);
	printf("A and B are generated with the thesis' rates and ratios; a copy comes after 1 and "
	       "0.5 ms on\naverage, one in 300 anywhere in the window. exact, routed: real "
	       "captures. Thesis, one level:\n1K .957/.935, 4K .999/.995, 32K 1.000/1.000, FPR "
	       "0. Its levels shared one hash of the flow, as\nkey rss here: frames of one flow "
	       "push each other out. Our own hash is of the frame, so levels help.\n\n");
}

static void costs(const struct bench_opts *o)
{
	static const struct {
		u32 entries, levels, ignore;
	} table[NR_COSTS] = {
		{1024, 1, 0},	 {4096, 1, 0},
		{16384, 1, 0},	 {32768, 1, 0},
		{32768, 4, 0},	 {32768, 32, 0},
		{1048576, 1, 0}, {32768, 1, HPCAP_DUP_IGNORE_ALL},
	};
	char name[64];
	int i;

	dup_cost_init();
	if (!o->tsv)
		printf("60 bytes, no copies: ns a frame%*sengine alone%*sadded by the table\n",
		       8, "", 12, "");
	for (i = 0; i < NR_COSTS; i++) {
		struct bench_series without = {0}, added = {0};
		struct bench_summary w, a;

		dup_cost_measure(table[i].entries, table[i].levels, table[i].ignore, o->repeats,
				 &without, &added);
		snprintf(name, sizeof(name), "%uK x %u%s", table[i].entries / 1024,
			 table[i].levels, table[i].ignore ? ", ignoring all" : "");
		if (o->tsv) {
			bench_row(name, "alone", "ns", &without);
			bench_row(name, "added", "ns", &added);
			continue;
		}
		w = bench_summarise(&without);
		a = bench_summarise(&added);
		printf("%-36s %6.2f (%5.2f..%6.2f)  %6.2f (%5.2f..%6.2f)%s\n", name, w.median,
		       w.min, w.max, a.median, a.min, a.max,
		       table[i].entries == 32768 && table[i].levels == 1 && !table[i].ignore
			       ? (a.median <= 20 ? "  wanted at most 20: met"
						 : "  wanted at most 20: missed")
			       : "");
	}
	if (!o->tsv)
		printf("HPCAP added about 55 ns.\n\n");
}

/* A pcap file of so many frames of 60 bytes, none twice. */
static int write_unique(const char *number, const char *path)
{
	const u32 head[6] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1};
	FILE *f = fopen(path, "wb");
	u32 nr = strtoul(number, NULL, 10), i;
	u32 record[4 + 15] = {1795298400, 0, 60, 60};

	if (!f || fwrite(head, sizeof(head), 1, f) != 1) {
		perror(path);
		return 1;
	}
	for (i = 0; i < nr; i++) {
		record[0] = 1795298400 + i / 1000000;
		record[1] = i % 1000000;
		record[10] = i;
		if (fwrite(record, sizeof(record), 1, f) != 1)
			break;
	}
	return fclose(f) || i != nr;
}

int main(int argc, char **argv)
{
	struct bench_opts opts;

	if (argc == 4 && !strcmp(argv[1], "--unique"))
		return write_unique(argv[2], argv[3]);
	bench_options(&opts, argc, argv,
		      "Measure duplicates: what a table finds and what a frame costs.");
	bench_pin(0);
	load();
	accuracy(opts.tsv);
	costs(&opts);
	return 0;
}
