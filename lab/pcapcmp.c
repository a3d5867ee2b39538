// SPDX-License-Identifier: GPL-2.0-or-later
// pcapcmp - compares what was sent with what was captured, frame by frame.
#include "pcapcmp.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage_text[] =
	"usage: pcapcmp [--as-sent] [--show N] [--json] SENT CAPTURED\n"
	"\n"
	"Same frames, same bytes, same lengths, same order? Time stamps may differ.\n"
	"  --as-sent  SENT is a capture that was replayed: see its frames as a NIC sends\n"
	"             them, what is captured of each, padded to 60 bytes\n"
	"  --show N   print the first N differences (10)\n"
	"Exit status 0 identical, 1 not, 2 wrong use or unreadable.\n";

struct options {
	bool as_sent, json;
	unsigned long show;
};

static bool equal(const struct wire_frame *x, const struct wire_frame *y)
{
	return x->caplen == y->caplen && x->len == y->len &&
	       !memcmp(x->data, y->data, x->caplen);
}

/*
 * Side by side as long as they agree: no memory is needed for that. At the
 * first difference the rest of both is remembered and aligned.
 */
static int compare(struct cmp_side *a, struct cmp_side *b, struct cmp_result *res)
{
	for (;;) {
		int ra = cmp_side_next(a), rb = cmp_side_next(b);

		if (ra < 0 || rb < 0)
			return -1;
		if (!ra && !rb)
			return 0;
		if (ra && rb && equal(&a->now, &b->now)) {
			res->same++;
			continue;
		}
		if (ra)
			cmp_side_keep(a);
		if (rb)
			cmp_side_keep(b);
		if (cmp_side_load(a) || cmp_side_load(b))
			return -1;
		return cmp_align(a, b, res);
	}
}

static void show_corrupted(const struct cmp_side *a, size_t i, const struct cmp_side *b)
{
	const struct cmp_entry *x = &a->entry[i], *y = &b->entry[x->match];
	uint32_t n = x->caplen < y->caplen ? x->caplen : y->caplen, k = 0;

	printf("sent frame %llu is captured frame %llu, corrupted: ",
	       (unsigned long long)(a->base + i + 1),
	       (unsigned long long)(b->base + x->match + 1));
	if (x->caplen != y->caplen || x->len != y->len)
		printf("%u of %u bytes became %u of %u; ", x->caplen, x->len, y->caplen,
		       y->len);
	while (k < n && k < CMP_HEAD && a->heads[x->head + k] == b->heads[y->head + k])
		k++;
	if (k < n && k < CMP_HEAD)
		printf("byte %u is %02x, was %02x\n", k, b->heads[y->head + k],
		       a->heads[x->head + k]);
	else
		printf("the first %u bytes agree\n", k);
}

static void show_differences(const struct cmp_side *a, const struct cmp_side *b,
			     unsigned long show)
{
	for (size_t i = 0; i < a->nr && show; i++) {
		const struct cmp_entry *x = &a->entry[i];

		if (x->fate == CMP_IN_ORDER)
			continue;
		show--;
		if (x->fate == CMP_MISSING)
			printf("sent frame %llu, %u bytes: lost\n",
			       (unsigned long long)(a->base + i + 1), x->len);
		else if (x->fate == CMP_REORDERED)
			printf("sent frame %llu: out of order, captured as frame %llu\n",
			       (unsigned long long)(a->base + i + 1),
			       (unsigned long long)(b->base + x->match + 1));
		else
			show_corrupted(a, i, b);
	}
	for (size_t j = 0; j < b->nr && show; j++) {
		if (b->entry[j].fate != CMP_MISSING)
			continue;
		show--;
		printf("captured frame %llu, %u bytes: extra, never sent\n",
		       (unsigned long long)(b->base + j + 1), b->entry[j].len);
	}
}

static void report(const struct cmp_side *a, const struct cmp_side *b,
		   const struct cmp_result *res, bool identical, bool json)
{
	const char *form =
		json ? "{\"schema\":1,\"sent\":%llu,\"captured\":%llu,\"lost\":%llu,\"extra\":%llu,"
		       "\"reordered\":%llu,\"corrupted\":%llu,\"identical\":%s,\"time_back\":%llu,"
		       "\"first_ns\":%llu,\"last_ns\":%llu}\n"
		     : "pcapcmp: sent %llu captured %llu lost %llu extra %llu reordered %llu "
		       "corrupted %llu identical %s\n";

	printf(form, (unsigned long long)a->frames, (unsigned long long)b->frames,
	       (unsigned long long)res->lost, (unsigned long long)res->extra,
	       (unsigned long long)res->reordered, (unsigned long long)res->corrupted,
	       json ? (identical ? "true" : "false") : (identical ? "yes" : "no"),
	       (unsigned long long)b->time_back, (unsigned long long)b->first_ns,
	       (unsigned long long)b->last_ns);
}

static int run(const struct options *o, const char *sent, const char *captured)
{
	struct cmp_side a = {.as_sent = o->as_sent}, b = {0};
	struct cmp_result res = {0};
	bool identical = false;
	int rc = 2;

	if (wire_reader_open(&a.reader, sent))
		fprintf(stderr, "pcapcmp: %s\n", a.reader.error);
	else if (wire_reader_open(&b.reader, captured))
		fprintf(stderr, "pcapcmp: %s\n", b.reader.error);
	else if (!compare(&a, &b, &res)) {
		identical = res.same == a.frames && res.same == b.frames;
		if (!o->json)
			show_differences(&a, &b, o->show);
		report(&a, &b, &res, identical, o->json);
		rc = identical ? 0 : 1;
	}
	cmp_side_close(&a);
	cmp_side_close(&b);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"as-sent", no_argument, NULL, 's'},
		{"show", required_argument, NULL, 'n'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct options o = {.show = 10};
	char *end;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			o.as_sent = true;
		else if (c == 'j')
			o.json = true;
		else if (c == 'n') {
			o.show = strtoul(optarg, &end, 10);
			if (*end || end == optarg) {
				fprintf(stderr, "pcapcmp: --show: wanted a number\n");
				return 2;
			}
		} else {
			fputs(usage_text, c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (argc - optind != 2) {
		fputs(usage_text, stderr);
		return 2;
	}
	return run(&o, argv[optind], argv[optind + 1]);
}
