// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock behind the stamps. Between two comparisons with its reference
 * (CLOCK_REALTIME, TAI, a PTP clock) it runs on the counter alone; a comparison
 * bends its speed so that the error found melts away, and only a jump of the
 * reference makes it jump.
 */
#include "core_env.h"
#include "stamp.h"

/* More than this, plus 0.1 % of the time gone, is a step and not drift. */
#define STEP_NS		1000000
/* After so long a silence there is nothing to bend: take the time as it is. */
#define SILENCE_NS	1000000000ull
/* The rate is measured over this much: shorter is noise, longer overflows. */
#define MEASURE_MIN_NS	1000000000ull
#define MEASURE_MAX_NS	64000000000ull
/* The error found melts over this time: four intervals, so noise is damped. */
#define MELT_NS		(4 * CAP_CLOCK_SYNC_NS)

/* @ns begins to count in its second; no stamp of that second may be 0, 0. */
static void set_second(struct cap_clock *c, u64 ns)
{
	u32 nsec;

	c->sec = div_u64_rem(ns, CAP_NSEC_PER_SEC, &nsec);
	c->sec_ns = ns - nsec;
	c->last_ns = max(c->last_ns, c->sec_ns + !c->sec);
}

static void set_anchor(struct cap_clock *c, u64 cycles, u64 real_ns)
{
	c->anchor_cycles = cycles;
	c->anchor_real_ns = real_ns;
}

/**
 * cap_clock_init() - Start a clock, or continue one on another counter
 * @c: clock; all zero, or one that has given stamps: they stay a lower bound
 * @source: the counter
 * @khz: its nominal frequency, from CAP_CLOCK_MIN_KHZ up
 * @cycles: counter now
 * @real_ns: the reference now
 *
 * Context: poll thread, or before it runs.
 */
void cap_clock_init(struct cap_clock *c, enum cap_clock_source source, u32 khz,
		    u64 cycles, u64 real_ns)
{
	c->source = source;
	c->rate = div_u64(1000000ull << CAP_CLOCK_SHIFT, khz);
	c->nominal = c->rate;
	c->mult = c->rate;
	c->error = 0;
	c->base_cycles = cycles;
	c->base_ns = real_ns;
	set_anchor(c, cycles, real_ns);
	set_second(c, max(c->last_ns, real_ns));
}

static void measure_rate(struct cap_clock *c, u64 cycles, u64 real_ns)
{
	u64 gone = real_ns - c->anchor_real_ns;
	u64 counts = cycles - c->anchor_cycles;

	if (gone < MEASURE_MIN_NS)
		return;
	if (gone < MEASURE_MAX_NS && counts)
		c->rate = div64_u64(gone << CAP_CLOCK_SHIFT, counts);
	set_anchor(c, cycles, real_ns);
}

/**
 * cap_clock_sync() - Compare with the reference and correct
 * @c: clock
 * @cycles: counter
 * @real_ns: the reference at the same moment
 *
 * To be called every CAP_CLOCK_SYNC_NS while frames come, and before the first
 * frame after a pause. A step backwards holds the stamps at the last one given
 * until the reference has passed it again.
 *
 * Context: poll thread only.
 * Return: true when the reference stepped, by @c->error.
 */
bool cap_clock_sync(struct cap_clock *c, u64 cycles, u64 real_ns)
{
	u64 now = cap_clock_ns(c, cycles);
	u64 gone = now - c->base_ns;
	s64 error = real_ns - now;
	/* a counter that stands or went back (a VM resumed) shows here too */
	bool step = (u64)abs(error) > STEP_NS + gone / 1024;

	c->error = error;
	if (step)
		set_anchor(c, cycles, real_ns);
	else
		measure_rate(c, cycles, real_ns);

	c->base_cycles = cycles;
	c->mult = c->rate;
	if (step || gone > SILENCE_NS) {
		c->base_ns = real_ns;
		c->steps += step;
		return step;
	}
	c->base_ns = now;
	c->mult += div64_s64((s64)c->rate * error, max(MELT_NS, 2 * gone));
	return false;
}

/**
 * cap_clock_roll() - Slow half of cap_clock_stamp(): another second
 * @c: clock
 * @ns: the time to give, not before the last one given
 *
 * Context: poll thread only.
 * Return: as cap_clock_stamp().
 */
u64 cap_clock_roll(struct cap_clock *c, u64 ns)
{
	set_second(c, ns);
	c->last_ns = max(c->last_ns, ns);
	return (c->last_ns - c->sec_ns) << 32 | c->sec;
}
