// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock behind the stamps. Between two comparisons with CLOCK_REALTIME it
 * runs on the counter alone; a comparison bends its speed so that the error
 * found melts away, and only a jump of CLOCK_REALTIME makes it jump.
 */
#include "core_env.h"
#include "stamp.h"

/* More than this, plus 0.1 % of the time gone, is a step and not drift. */
#define STEP_NS		1000000
/* After so long a silence there is nothing to bend: take the time as it is. */
#define SILENCE_NS	1000000000ull
/* A shorter interval measures the reading's noise, not the rate. */
#define MEASURE_MIN_NS	1000000ull
/* The error found melts over this time: four intervals, so noise is damped. */
#define MELT_NS		(4 * CAP_CLOCK_SYNC_NS)

static void set_second(struct cap_clock *c, u64 ns)
{
	u32 nsec;

	c->sec = div_u64_rem(ns, CAP_NSEC_PER_SEC, &nsec);
	c->sec_ns = ns - nsec;
}

/**
 * cap_clock_init() - Start a clock, or continue one on another counter
 * @c: clock; all zero, or one that has given stamps: they stay a lower bound
 * @source: the counter
 * @khz: its nominal frequency, 1000..
 * @cycles: counter now
 * @real_ns: CLOCK_REALTIME now
 *
 * Context: poll thread, or before it runs.
 */
void cap_clock_init(struct cap_clock *c, enum cap_clock_source source, u32 khz,
		    u64 cycles, u64 real_ns)
{
	c->source = source;
	c->rate = div_u64(1000000ull << CAP_CLOCK_SHIFT, khz);
	c->mult = c->rate;
	c->base_cycles = cycles;
	c->base_ns = real_ns;
	c->real_ns = real_ns;
	/* 1: a frame stamped zero would be padding to every reader of files */
	c->last_ns = max(c->last_ns, 1ull);
	set_second(c, max(c->last_ns, real_ns));
	c->last_ns = max(c->last_ns, c->sec_ns);
}

static void measure_rate(struct cap_clock *c, u64 counts, u64 real_gone)
{
	u32 rate = div64_u64(real_gone << CAP_CLOCK_SHIFT, counts);

	c->rate += ((s32)rate - (s32)c->rate) / 4;
}

/**
 * cap_clock_sync() - Compare with CLOCK_REALTIME and correct
 * @c: clock
 * @cycles: counter
 * @real_ns: CLOCK_REALTIME at the same moment
 *
 * To be called every CAP_CLOCK_SYNC_NS while frames come, and before the first
 * frame after a pause. A step backwards holds the stamps at the last one given
 * until CLOCK_REALTIME has passed it again.
 *
 * Context: poll thread only.
 * Return: true when CLOCK_REALTIME stepped.
 */
bool cap_clock_sync(struct cap_clock *c, u64 cycles, u64 real_ns)
{
	u64 now = cap_clock_ns(c, cycles);
	u64 counts = cycles - c->base_cycles;
	u64 gone = now - c->base_ns;
	s64 error = real_ns - now;
	u64 real_gone = real_ns - c->real_ns;
	/* a counter that stands or went back (a VM resumed) shows here too */
	bool step = (u64)abs(error) > STEP_NS + gone / 1024;

	if (!step && gone >= MEASURE_MIN_NS && gone <= SILENCE_NS)
		measure_rate(c, counts, real_gone);

	c->base_cycles = cycles;
	c->real_ns = real_ns;
	c->mult = c->rate;
	if (step || gone > SILENCE_NS) {
		c->base_ns = real_ns;
		c->steps += step;
		return step;
	}
	c->base_ns = now;
	c->mult += div_s64((s64)c->rate * error, MELT_NS);
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
	/* in 2106 the seconds wrap to zero, and zero-zero means padding */
	if (!c->sec && ns == c->sec_ns)
		ns++;
	c->last_ns = ns;
	return (ns - c->sec_ns) << 32 | c->sec;
}
