// SPDX-License-Identifier: GPL-2.0-only
/* Buffer usage over time. Rates are smoothed: a burst is not a trend. */
#include "core_env.h"
#include "gauge.h"

enum {
	NS_OF_MS = 1000000,
	MS_PER_S = 1000,
};

/* Bytes a second; an interval is never shorter than CAP_GAUGE_NS. */
static s64 rate(s64 bytes, u64 ns)
{
	return div64_s64(bytes, (s64)div_u64(ns, NS_OF_MS)) * MS_PER_S;
}

/* Nanoseconds that @room bytes last at @rate bytes a second. */
static u64 lasts(u64 room, u64 rate)
{
	u64 ms;

	if (!rate)
		return HPCAP_NEVER;
	ms = div64_u64(room, max_t(u64, div_u64(rate, MS_PER_S), 1));
	return ms > HPCAP_NEVER / NS_OF_MS ? HPCAP_NEVER : ms * NS_OF_MS;
}

/**
 * cap_gauge_sample() - A look at the ring, to follow it in time
 * @g: gauge; @g->used is up to date
 * @now_ns: of a clock that does not jump
 * @committed: of the ring, now
 *
 * Context: queue's lock held; any interval, longer ones weigh alike.
 */
void cap_gauge_sample(struct cap_gauge *g, u64 now_ns, u64 committed)
{
	u64 gone = now_ns - g->since_ns;
	s64 in, fill;

	if (!g->since_ns || now_ns < g->since_ns) {
		g->since_ns = now_ns;
		g->since_commit = committed;
		g->since_used = g->used;
		return;
	}
	if (gone < CAP_GAUGE_NS)
		return;
	in = rate(committed - g->since_commit, gone);
	fill = rate((s64)(g->used - g->since_used), gone);
	g->in_rate += div64_s64(in - (s64)g->in_rate, 4);
	g->fill_rate += div64_s64(fill - g->fill_rate, 4);
	g->since_ns = now_ns;
	g->since_commit = committed;
	g->since_used = g->used;
}

/**
 * cap_gauge_report() - The gauge as HPCAP_IOC_GET_BUFFER tells it
 * @g: gauge
 * @size: bytes of the ring
 * @out: @used, @high, rates and times are filled in
 */
void cap_gauge_report(const struct cap_gauge *g, u64 size, struct hpcap_buffer *out)
{
	u64 room = size - min(g->used, size);

	out->used = g->used;
	out->high = g->high;
	out->in_rate = g->in_rate;
	out->fill_rate = g->fill_rate;
	out->full_ns = lasts(room, g->fill_rate > 0 ? g->fill_rate : 0);
	out->stall_ns = lasts(room, g->in_rate);
}
