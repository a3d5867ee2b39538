// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies that read the clock once a batch. All that is known of a batch is
 * that its frames came after the last look that found the NIC empty, behind the
 * frame before, in this order, and not after now.
 */
#include "core_env.h"
#include "timing.h"

/* Bytes after which half of the past is forgotten. */
#define LOAD_MEMORY	BIT(20)
/* A pause longer than this says nothing about the load. */
#define LOAD_GAP_NS	10000000u
/* Frames are not spread over a longer pause. */
#define SPREAD_MAX_NS	1000000000u

/**
 * cap_timing_init() - Each frame its own reading, until told otherwise
 * @t: to set up
 */
void cap_timing_init(struct cap_timing *t)
{
	memset(t, 0, sizeof(*t));
	t->policy = HPCAP_TIME_KPT;
	t->batch = CAP_BATCH_MAX;
}

/**
 * cap_timing_set_speed() - The link's speed is known, or known no more
 * @t: timing
 * @mbps: Mb/s; 0 unknown
 */
void cap_timing_set_speed(struct cap_timing *t, u32 mbps)
{
	t->speed = mbps;
	t->pace = mbps ? div_u64(8000ull << CAP_PACE_SHIFT, mbps) : 0;
}

static u64 wire_bytes(const struct cap_slot *s)
{
	return min_t(u32, s->len, HPCAP_CAPLEN_MAX) + CAP_WIRE_EXTRA;
}

/* The last frame came at @to; the others each one step of @weight after another. */
static void spread(struct cap_slot *s, int n, u64 from, u64 to, bool by_size)
{
	u64 sum = 0, total = 0, step;
	int i;

	for (i = 0; i < n; i++)
		total += by_size ? wire_bytes(&s[i]) : 1;
	step = div64_u64((to - from) << CAP_PACE_SHIFT, total);
	for (i = 0; i < n - 1; i++) {
		sum += by_size ? wire_bytes(&s[i]) : 1;
		s[i].ns = from + (sum * step >> CAP_PACE_SHIFT);
	}
	s[n - 1].ns = to;
}

/* One behind the other from @from on, none after @to. Returns the fraction left. */
static u64 line_up(struct cap_slot *s, int n, u64 from, u64 frac, u64 to, u64 pace)
{
	int i;

	for (i = 0; i < n; i++) {
		frac += wire_bytes(&s[i]) * pace;
		s[i].ns = min(from + (frac >> CAP_PACE_SHIFT), to);
	}
	return frac & (BIT(CAP_PACE_SHIFT) - 1);
}

/*
 * Would frames without a gap between them fit what was seen of the NIC? The line
 * may be moved for it, by less than the shortest frame: so much are looks and
 * counters allowed to disagree before it is a gap.
 */
static bool fits_the_line(const struct cap_timing *t, const struct cap_slot *s, int n,
			  u64 from, u64 to, s64 *shift)
{
	const s64 slack = CAP_WIRE_MIN * t->pace >> CAP_PACE_SHIFT;
	u64 first = wire_bytes(&s[0]) * t->pace + t->last_frac;
	s64 least, most;
	u64 bytes = 0;
	int i;

	for (i = 0; i < n; i++)
		bytes += wire_bytes(&s[i]);
	least = from + 1 - t->last_ns - (first >> CAP_PACE_SHIFT);
	most = to - t->last_ns - ((bytes * t->pace + t->last_frac) >> CAP_PACE_SHIFT);
	*shift = clamp_t(s64, 0, least, most);
	return t->pace && least <= most && abs(*shift) < slack;
}

/* The line stood mostly idle in that time: what there is came as a burst, and lately. */
static bool gathered(const struct cap_timing *t, struct cap_slot *s, int n, u64 from, u64 to)
{
	u64 bytes = 0;
	int i;

	for (i = 0; i < n; i++)
		bytes += wire_bytes(&s[i]);
	if (!t->pace || bytes * t->pace >> CAP_PACE_SHIFT > (to - from) / 2)
		return false;
	for (i = 0; i < n; i++) {
		bytes -= wire_bytes(&s[i]);
		s[i].ns = to - (bytes * t->pace >> CAP_PACE_SHIFT);
	}
	return true;
}

/* What a byte took lately, when the wire was not idle. */
static u64 recent_pace(const struct cap_timing *t)
{
	if (t->on_line || !t->load_bytes)
		return t->pace;
	return max(t->pace, div64_u64(t->load_ns << CAP_PACE_SHIFT, t->load_bytes));
}

static void learn_load(struct cap_timing *t, const struct cap_slot *s, int n)
{
	u64 gone = s[n - 1].ns - t->last_ns;
	int i;

	if (gone > LOAD_GAP_NS)
		return;
	for (i = 0; i < n; i++)
		t->load_bytes += wire_bytes(&s[i]);
	t->load_ns += gone;
	if (t->load_bytes > LOAD_MEMORY) {
		t->load_bytes /= 2;
		t->load_ns /= 2;
	}
}

/*
 * A look that takes all there is bounds the last frame: where the line without
 * gaps agrees with it, frames are lined up, and the jitter of the looks is gone.
 * Else, where the line could have carried far more, they end with the reading, as
 * each one's own would; where not, they are spread. A look that leaves some
 * behind bounds nothing: frames go on as they came lately.
 */
static void adapt(struct cap_timing *t, struct cap_slot *s, int n, u64 from, u64 to, bool more)
{
	u64 frac = 0;
	s64 shift;

	if (more && recent_pace(t)) {
		frac = line_up(s, n, from, t->last_frac, to, recent_pace(t));
	} else if (fits_the_line(t, s, n, from, to, &shift)) {
		frac = line_up(s, n, t->last_ns + shift, t->last_frac, to, t->pace);
		t->on_line = true;
	} else {
		if (!gathered(t, s, n, from, to))
			spread(s, n, from, to, true);
		t->on_line = false;
	}
	t->last_frac = frac;
	if (!more)
		learn_load(t, s, n);
}

/**
 * cap_timing_spread() - Give a batch its times
 * @t: timing; policy not HPCAP_TIME_KPT
 * @s: the batch: @len in, @ns out
 * @n: frames, at least 1
 * @look_ns: the time before the batch was borrowed
 * @now_ns: the time after
 * @more: the NIC may have had more than was taken
 *
 * Times do not decrease, lie behind the frame before, and not after @now_ns
 * unless that one does.
 *
 * Context: poll thread only.
 * Ref: thesis 4.2.1
 */
void cap_timing_spread(struct cap_timing *t, struct cap_slot *s, int n, u64 look_ns,
		       u64 now_ns, bool more)
{
	u64 from = max(t->last_ns, t->look_ns);
	u64 to;

	if (!from)
		from = look_ns;
	to = max(now_ns, from);
	if (to - from > SPREAD_MAX_NS)
		from = to - SPREAD_MAX_NS;
	if (t->policy == HPCAP_TIME_ADAPTIVE)
		adapt(t, s, n, from, to, more);
	else
		spread(s, n, from, to, t->policy == HPCAP_TIME_WDTS);
	t->last_ns = s[n - 1].ns;
	if (!more)
		t->look_ns = look_ns;
}
