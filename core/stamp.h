/* SPDX-License-Identifier: GPL-2.0-only */
/* Time of a frame: one cheap clock reading, no division. */
#ifndef CAP_STAMP_H
#define CAP_STAMP_H

#include "core_env.h"

#define CAP_NSEC_PER_SEC	1000000000u
#define CAP_CLOCK_SHIFT		28
/* Slower counters do not fit the multiplier, and would be too coarse. */
#define CAP_CLOCK_MIN_KHZ	100000
/* A clock is to be compared with its reference this often. */
#define CAP_CLOCK_SYNC_NS	100000000ull

/**
 * struct cap_clock - a reference clock followed by a cheap counter
 * @source: what cap_cycles() reads for this clock
 * @mult: nanoseconds a count, << CAP_CLOCK_SHIFT, in use
 * @rate: the same as measured, without the correction that @mult carries
 * @base_cycles: counter at the last comparison
 * @base_ns: our time at the last comparison
 * @anchor_cycles: counter when the measurement of @rate began
 * @anchor_real_ns: the reference at that moment
 * @last_ns: the last stamp given: none is earlier
 * @sec_ns: when the second of @last_ns began
 * @sec: that second
 * @steps: how often the reference jumped
 * @nominal: @rate as the counter's nominal frequency gives it
 * @error: reference - our time, ns, at the last comparison
 *
 * Belongs to one queue's poll thread. Times are nanoseconds since 1970.
 */
struct cap_clock {
	enum cap_clock_source source;
	u32 mult;
	u32 rate;
	u32 sec;
	u64 base_cycles;
	u64 base_ns;
	u64 last_ns;
	u64 sec_ns;
	u64 anchor_cycles;
	u64 anchor_real_ns;
	u64 steps;
	u32 nominal;
	s64 error;
};

void cap_clock_init(struct cap_clock *c, enum cap_clock_source source, u32 khz,
		    u64 cycles, u64 real_ns);
bool cap_clock_sync(struct cap_clock *c, u64 cycles, u64 real_ns);
u64 cap_clock_roll(struct cap_clock *c, u64 ns);

/* Nanoseconds since 1970 at a counter value not before the last comparison. */
static __always_inline u64 cap_clock_ns(const struct cap_clock *c, u64 cycles)
{
	s64 gone = cycles - c->base_cycles;

	/* another CPU's counter may be a few counts behind */
	if (unlikely(gone < 0))
		gone = 0;
	return c->base_ns + mul_u64_u32_shr(gone, c->mult, CAP_CLOCK_SHIFT);
}

/* The time now; two calls may give the same, or go back by a few counts. */
static __always_inline u64 cap_clock_now(const struct cap_clock *c)
{
	return cap_clock_ns(c, cap_cycles(c->source));
}

/**
 * cap_clock_at() - The stamp of a moment
 * @c: clock
 * @ns: since 1970
 *
 * Never before the stamp given last, and never zero.
 *
 * Context: poll thread only.
 * Return: seconds in the low half, nanoseconds in the high half, as
 * cap_record_head() wants them.
 */
static __always_inline u64 cap_clock_at(struct cap_clock *c, u64 ns)
{
	u64 at = max(ns, c->last_ns);
	u64 nsec = at - c->sec_ns;

	if (unlikely(nsec >= CAP_NSEC_PER_SEC))
		return cap_clock_roll(c, at);
	c->last_ns = at;
	return nsec << 32 | c->sec;
}

/**
 * cap_clock_stamp() - The time now, for one frame
 * @c: clock
 *
 * Context: poll thread only.
 * Return: as cap_clock_at().
 */
static __always_inline u64 cap_clock_stamp(struct cap_clock *c)
{
	return cap_clock_at(c, cap_clock_now(c));
}

#endif /* CAP_STAMP_H */
