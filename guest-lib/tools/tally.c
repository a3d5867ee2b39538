// SPDX-License-Identifier: GPL-2.0-or-later
/* What there is to know of a capture. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "source.h"
#include "tally.h"

static int64_t time_ns(const struct hpcap_record *rec)
{
	return rec->sec * CLI_NSEC + rec->nsec;
}

static void tally_time(struct tally *t, const struct hpcap_record *rec,
		       const struct tally_options *opt, const char *path)
{
	const int64_t now = time_ns(rec);
	int64_t step;

	if (!t->timed++) {
		t->first = *rec;
		t->min_ns = now;
		t->max_ns = now;
		return;
	}
	if (now < t->min_ns)
		t->min_ns = now;
	if (now > t->max_ns)
		t->max_ns = now;
	step = now - time_ns(&t->last);
	t->same += step == 0;
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
	if (opt->say)
		printf("%s: gap of %.9f s before %s, byte %" PRIu64 "\n", path,
		       (double)step / CLI_NSEC, cli_utc(rec->sec, rec->nsec).text, rec->pos);
}

static void tally_lengths(struct tally *t, const struct hpcap_record *rec, bool first)
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

static void keep(struct tally *t, struct hpcap_in *in)
{
	const struct hpcap_raw_report *raw = hpcap_in_raw_report(in);
	uint64_t lost = 0;
	uint32_t i;

	t->has_raw = raw;
	if (raw)
		t->raw = *raw;
	t->rep = *hpcap_in_report(in);
	t->format = hpcap_in_format(in);
	t->packing = hpcap_in_packing(in);
	t->detail = hpcap_in_detail(in);
	snprintf(t->error, sizeof(t->error), "%s", hpcap_in_error(in));
	t->iface = calloc(hpcap_in_nr_ifaces(in) + 1, sizeof(*t->iface));
	for (i = 0; t->iface && i < hpcap_in_nr_ifaces(in); i++) {
		t->iface[t->nr_ifaces++] = *hpcap_in_iface(in, i);
		lost += t->iface[i].has_dropped ? t->iface[i].dropped : 0;
	}
	/* statistics at the end tell all; the records' own numbers perhaps a part */
	if (lost > t->drops)
		t->drops = lost;
}

void tally_read(struct tally *t, const char *path, const struct tally_options *opt)
{
	struct progress progress;
	struct hpcap_frame f;
	struct hpcap_in *in;
	int ret;

	memset(t, 0, sizeof(*t));
	t->detail = "";
	t->err = hpcap_in_open(&in, path, NULL);
	if (t->err) {
		snprintf(t->error, sizeof(t->error), "%s", strerror(-t->err));
		return;
	}
	progress_init(&progress, !opt->progress);
	while ((ret = hpcap_in_next(in, &f)) > 0) {
		if (f.has_time) {
			tally_time(t, &f.rec, opt, path);
			t->last = f.rec;
		}
		tally_lengths(t, &f.rec, hpcap_in_report(in)->frames == 1);
		t->drops += f.drops;
		progress_show(&progress, hpcap_in_report(in)->frames,
			      hpcap_in_report(in)->file_bytes, hpcap_in_size(in));
	}
	progress_end(&progress);
	keep(t, in);
	/* what cannot be read is another thing than what makes no sense */
	if (ret < 0 && ret != -EBADMSG && ret != -EMSGSIZE)
		t->err = ret;
	hpcap_in_close(in);
}

void tally_free(struct tally *t)
{
	free(t->iface);
	t->iface = NULL;
}

bool tally_is_whole(const struct tally *t)
{
	if (t->err)
		return false;
	/* RAW tolerates a cut record, but not a cut packed file */
	if (t->has_raw && hpcap_raw_whole(&t->raw))
		return !*t->error || t->packing == HPCAP_PLAIN;
	return !*t->error;
}

bool tally_has_loss(const struct tally *t)
{
	return t->drops;
}

double tally_span_s(const struct tally *t)
{
	return (double)(t->max_ns - t->min_ns) / CLI_NSEC;
}
