// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NIC's counter wraps, runs at its own speed, and stamps frames that are
 * looked at later. It is followed as the CPU's counter is; a stamp may lie a
 * little before the last comparison or after it.
 */
#include "core_env.h"
#include "hwclock.h"

/* Counts from the last comparison to @raw, less than half a wrap either way. */
static s64 distance(const struct cap_hwclock *h, u64 raw)
{
	u64 ahead = (raw - h->base_raw) & h->mask;

	return ahead <= h->mask / 2 ? (s64)ahead : -(s64)(h->mask - ahead) - 1;
}

/**
 * cap_hwclock_init() - Start to follow a NIC's counter
 * @h: to set up
 * @bits: width of the counter, 16..64
 * @khz: its nominal frequency, from CAP_CLOCK_MIN_KHZ up
 * @raw: counter now; bits above @bits are ignored
 * @real_ns: the reference now
 */
void cap_hwclock_init(struct cap_hwclock *h, u32 bits, u32 khz, u64 raw, u64 real_ns)
{
	memset(h, 0, sizeof(*h));
	h->mask = U64_MAX >> (64 - bits);
	h->base_raw = raw & h->mask;
	/* a base in the middle: what lies before it does not go below zero */
	cap_clock_init(&h->clock, CAP_CLOCK_KTIME, khz, 1ull << 62, real_ns);
}

/**
 * cap_hwclock_sync() - Compare with the reference and correct
 * @h: clock
 * @raw: counter
 * @real_ns: the reference at the same moment
 *
 * To be called every CAP_CLOCK_SYNC_NS, and before the first frame after a
 * pause; a pause of half a wrap or more ends as a step.
 *
 * Context: poll thread only.
 * Return: true when one of the two stepped.
 */
bool cap_hwclock_sync(struct cap_hwclock *h, u64 raw, u64 real_ns)
{
	u64 cycles = h->clock.base_cycles + distance(h, raw);

	h->base_raw = raw & h->mask;
	return cap_clock_sync(&h->clock, cycles, real_ns);
}

/**
 * cap_hwclock_ns() - The time of a stamp
 * @h: clock
 * @raw: from the NIC, within half a wrap of the last comparison
 *
 * Return: nanoseconds since 1970.
 */
u64 cap_hwclock_ns(const struct cap_hwclock *h, u64 raw)
{
	s64 counts = distance(h, raw);
	u64 ns = mul_u64_u32_shr(abs(counts), h->clock.mult, CAP_CLOCK_SHIFT);

	return counts < 0 ? h->clock.base_ns - ns : h->clock.base_ns + ns;
}
