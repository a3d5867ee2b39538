// SPDX-License-Identifier: GPL-2.0-or-later
/* A NIC's counter: wraps, drifts, stamps before and after the comparison. */
#include "hwclock.h"
#include "unit/t.h"

#define SEC   1000000000ull
#define START (1795298400 * SEC)
#define BITS  40
#define WRAP  (1ull << BITS)

static s64 off(const struct cap_hwclock *h, u64 raw, u64 real)
{
	return (s64)(cap_hwclock_ns(h, raw & (WRAP - 1)) - real);
}

static void before_and_after(void **state)
{
	struct cap_hwclock h;

	(void)state;
	cap_hwclock_init(&h, BITS, 1000000, 5000, START);
	assert_int_equal(cap_hwclock_ns(&h, 5000), START);
	assert_int_equal(cap_hwclock_ns(&h, 5900), START + 900);
	assert_int_equal(cap_hwclock_ns(&h, 4000), START - 1000);
	/* the counter stood just behind a wrap: stamps of before it */
	assert_int_equal(cap_hwclock_ns(&h, WRAP - 1), START - 5001);
}

/* Eighteen minutes a wrap; three hours of them. */
static void wraps(void **state)
{
	struct cap_hwclock h;
	u64 raw = WRAP - 12345, real = START;
	int i;

	(void)state;
	cap_hwclock_init(&h, BITS, 1000000, raw, real);
	for (i = 0; i < 108000; i++) {
		raw += CAP_CLOCK_SYNC_NS;
		real += CAP_CLOCK_SYNC_NS;
		assert_false(cap_hwclock_sync(&h, raw & (WRAP - 1), real));
		assert_int_equal(off(&h, raw + 70, real + 70), 0);
		assert_int_equal(off(&h, raw - 7000, real - 7000), 0);
	}
	assert_int_equal(h.clock.steps, 0);
}

/* 50 ppm fast, then 30 ppm slow: the error melts, stamps stay close. */
static void drift(void **state)
{
	struct cap_hwclock h;
	u64 raw = 99, real = START;
	int i;

	(void)state;
	cap_hwclock_init(&h, BITS, 1000000, raw, real);
	for (i = 0; i < 1200; i++) {
		s64 ppm = i < 600 ? 50 : -30;

		raw += CAP_CLOCK_SYNC_NS + (s64)CAP_CLOCK_SYNC_NS * ppm / 1000000;
		real += CAP_CLOCK_SYNC_NS;
		assert_true(labs(off(&h, raw, real)) < 40000);
		assert_false(cap_hwclock_sync(&h, raw & (WRAP - 1), real));
	}
	assert_true(labs(off(&h, raw, real)) < 100);
}

/* Noise in the pairs stays noise in the stamps. */
static void noise(void **state)
{
	struct cap_hwclock h;
	unsigned int seed = 5;
	u64 raw = 1, real = START;
	int i;

	(void)state;
	cap_hwclock_init(&h, BITS, 1000000, raw, real);
	for (i = 0; i < 3000; i++) {
		raw += CAP_CLOCK_SYNC_NS;
		real += CAP_CLOCK_SYNC_NS;
		cap_hwclock_sync(&h, raw & (WRAP - 1), real + rand_r(&seed) % 600 - 300);
		assert_true(labs(off(&h, raw + 500, real + 500)) < 1500);
	}
}

static void steps(void **state)
{
	struct cap_hwclock h;

	(void)state;
	cap_hwclock_init(&h, BITS, 1000000, 7, START);
	assert_true(cap_hwclock_sync(&h, 7 + SEC / 10, START + 5 * SEC));
	assert_int_equal(h.clock.steps, 1);
	assert_int_equal(cap_hwclock_ns(&h, 7 + SEC / 10 + 1), START + 5 * SEC + 1);
	/* the NIC was reset: its counter begins again */
	assert_true(cap_hwclock_sync(&h, 0, START + 5 * SEC + SEC / 10));
	assert_int_equal(cap_hwclock_ns(&h, 3), START + 5 * SEC + SEC / 10 + 3);
}

static void other_widths(void **state)
{
	struct cap_hwclock h;

	(void)state;
	cap_hwclock_init(&h, 64, 1000000, U64_MAX - 4, START);
	assert_int_equal(cap_hwclock_ns(&h, 5), START + 10);
	assert_int_equal(cap_hwclock_ns(&h, U64_MAX - 14), START - 10);
	/* 125 MHz, 32 bits: a count is 8 ns */
	cap_hwclock_init(&h, 32, 125000, 0xfffffff0, START);
	assert_int_equal(cap_hwclock_ns(&h, 0), START + 128);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_and_after),
		cmocka_unit_test(wraps),
		cmocka_unit_test(drift),
		cmocka_unit_test(noise),
		cmocka_unit_test(steps),
		cmocka_unit_test(other_widths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
