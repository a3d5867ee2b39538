// SPDX-License-Identifier: GPL-2.0-or-later
/* What hpcap-forward did. */
#include <inttypes.h>
#include <string.h>
#include "forward.h"

/**
 * struct way - one direction, added up
 * @from: where frames were taken
 * @out: how they were sent
 * @nic_sent: by the interface since it exists, others' frames included
 * @nic_failed: taken by the interface and dropped
 * @missed: lost to us
 */
struct way {
	const struct forward_side *from;
	struct hpcap_out_report out;
	uint64_t nic_sent;
	uint64_t nic_failed;
	uint64_t missed;
};

static struct way look(const struct forward *f, unsigned int from)
{
	const struct forward_side *to = &f->side[!from];
	struct way w = {.from = &f->side[from]};
	struct hpcap_group_member m;
	struct hpcap_stats st;

	hpcap_out_get_report(to->out, &w.out);
	if (!hpcap_get_stats(hpcap_out_handle(to->out), &st)) {
		w.nic_sent = st.sent;
		w.nic_failed = st.send_failed;
	}
	if (!hpcap_group_get_member(f->group, from, &m))
		w.missed = m.missed;
	return w;
}

static void print_json_way(const struct way *w, const char *to)
{
	printf("{\"from\": ");
	cli_json_text(stdout, w->from->spec);
	printf(", \"to\": ");
	cli_json_text(stdout, to);
	printf(", \"taken\": %" PRIu64 ", \"taken_bytes\": %" PRIu64 ", \"missed\": %" PRIu64
	       ", \"filtered\": %" PRIu64 ", \"unsendable\": %" PRIu64 ", \"sent\": %" PRIu64
	       ", \"sent_bytes\": %" PRIu64 ", \"dropped\": %" PRIu64 ", \"calls\": %" PRIu64
	       ", \"interface_sent\": %" PRIu64 ", \"interface_failed\": %" PRIu64 "}",
	       w->from->in, w->from->in_bytes, w->missed, w->from->filtered,
	       w->from->unsendable, w->out.sent, w->out.bytes, w->out.dropped, w->out.calls,
	       w->nic_sent, w->nic_failed);
}

void forward_report(const struct forward *f, int err)
{
	const unsigned int ways = f->one_way ? 1 : 2;
	struct way w[2];
	unsigned int i;

	for (i = 0; i < ways; i++) {
		w[i] = look(f, i);
		fprintf(stderr,
			"hpcap-forward: %s -> %s: %" PRIu64 " frames taken, %" PRIu64
			" filtered, %" PRIu64 " sent, %" PRIu64 " dropped, %" PRIu64
			" missed\n",
			f->side[i].spec, f->side[!i].spec, w[i].from->in, w[i].from->filtered,
			w[i].out.sent, w[i].out.dropped + w[i].from->unsendable, w[i].missed);
	}
	if (!f->json)
		return;
	printf("{\"schema_version\": %d, \"program\": \"hpcap-forward\", \"seconds\": %.6f, "
	       "\"reason\": \"%s\", \"ways\": [",
	       CLI_SCHEMA, (double)(cli_now_ns() - f->begin_ns) / CLI_NSEC,
	       err ? "error" : f->reason);
	for (i = 0; i < ways; i++) {
		printf("%s", i ? ", " : "");
		print_json_way(&w[i], f->side[!i].spec);
	}
	printf("], \"error\": ");
	if (err)
		cli_json_text(stdout, hpcap_strerror(err));
	else
		printf("null");
	printf("}\n");
}
