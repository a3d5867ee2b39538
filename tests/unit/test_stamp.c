// SPDX-License-Identifier: GPL-2.0-or-later
/* Clock: never backwards, follows drift and slews, takes and counts steps. */
#include "rig.h"
#include "stamp.h"
#include "unit/t.h"

#define SEC   1000000000ull
#define MSEC  1000000ull
#define START (1795298400 * SEC)

static u64 ns_of(u64 stamp)
{
	assert_true(stamp >> 32 < SEC);
	return (stamp & U32_MAX) * SEC + (stamp >> 32);
}

static u64 now(struct cap_clock *c)
{
	return ns_of(cap_clock_stamp(c));
}

/* A counter of 1 GHz, turned by hand, and a clock that starts at START. */
static struct cap_clock fresh(u64 real)
{
	struct cap_clock c = {0};

	shim_ktime = 5000;
	cap_clock_init(&c, CAP_CLOCK_KTIME, 1000000, shim_ktime, real);
	return c;
}

static void runs_and_rolls(void **state)
{
	struct cap_clock c = fresh(START + 999999990);
	u64 i;

	(void)state;
	for (i = 0; i < 20; i++) {
		assert_int_equal(now(&c), START + 999999990 + i);
		shim_ktime++;
	}
	shim_ktime += 3 * SEC;
	assert_int_equal(now(&c), START + 999999990 + i + 3 * SEC);
}

static void counter_of_another_cpu_behind(void **state)
{
	struct cap_clock c = fresh(START);

	(void)state;
	shim_ktime += 100;
	assert_int_equal(now(&c), START + 100);
	shim_ktime -= 500;
	assert_int_equal(now(&c), START + 100);
	shim_ktime += 501;
	assert_int_equal(now(&c), START + 101);
}

/* A machine that stood still for minutes: no overflow on waking up. */
static void long_pause(void **state)
{
	struct cap_clock c = fresh(START);

	(void)state;
	shim_ktime += 3600 * SEC;
	assert_int_equal(now(&c), START + 3600 * SEC);
	shim_ktime += 1;
	assert_false(cap_clock_sync(&c, shim_ktime, START + 3600 * SEC + 40 * MSEC));
	assert_int_equal(now(&c), START + 3600 * SEC + 40 * MSEC);
}

/* The counter runs 80 ppm fast; after some seconds the error is gone. */
static void drift_is_followed(void **state)
{
	struct cap_clock c = fresh(START);
	u64 real = START, last = 0, ns;
	s64 error = 0;
	int i;

	(void)state;
	for (i = 0; i < 600; i++) {
		real += CAP_CLOCK_SYNC_NS;
		shim_ktime += CAP_CLOCK_SYNC_NS + CAP_CLOCK_SYNC_NS * 80 / 1000000;
		ns = now(&c);
		assert_true(ns >= last);
		last = ns;
		error = ns - real;
		assert_false(cap_clock_sync(&c, shim_ktime, real));
		assert_true(now(&c) >= last);
	}
	assert_true(labs(error) < 100);
	assert_int_equal(c.steps, 0);
}

/* Noise of the readings, and an uneven rhythm, stay noise. */
static void noise_is_damped(void **state)
{
	struct cap_clock c = fresh(START);
	u64 real = START, last = 0, ns;
	unsigned int seed = 3;
	int i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		u64 gap = CAP_CLOCK_SYNC_NS / 10 + rand_r(&seed) % (8 * CAP_CLOCK_SYNC_NS);

		real += gap;
		shim_ktime += gap;
		ns = now(&c);
		assert_true(ns >= last);
		assert_true(labs((s64)(ns - real)) < 2000);
		last = ns;
		assert_false(cap_clock_sync(&c, shim_ktime, real + rand_r(&seed) % 400 - 200));
	}
}

/* An adjtime() slew of 500 ppm backwards: stamps still only grow. */
static void slew_never_goes_back(void **state)
{
	struct cap_clock c = fresh(START);
	u64 real = START, last = 0, ns;
	int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		shim_ktime += CAP_CLOCK_SYNC_NS / 10;
		real += CAP_CLOCK_SYNC_NS / 10 - 5000;
		ns = now(&c);
		assert_true(ns > last);
		last = ns;
		if (i % 10 == 9)
			assert_false(cap_clock_sync(&c, shim_ktime, real));
	}
	assert_true(labs((s64)(last - real)) < 50000);
}

static void step_forward_is_taken(void **state)
{
	struct cap_clock c = fresh(START);

	(void)state;
	shim_ktime += CAP_CLOCK_SYNC_NS;
	assert_true(cap_clock_sync(&c, shim_ktime, START + 50 * SEC));
	assert_int_equal(c.steps, 1);
	assert_int_equal(now(&c), START + 50 * SEC);
}

/* Backwards: hold, until real time has come by again; count it. */
static void step_backward_holds(void **state)
{
	struct cap_clock c = fresh(START);
	u64 last, real = START - 2 * SEC;

	(void)state;
	shim_ktime += CAP_CLOCK_SYNC_NS;
	last = now(&c);
	assert_true(cap_clock_sync(&c, shim_ktime, real));
	assert_int_equal(c.steps, 1);
	assert_int_equal(now(&c), last);
	shim_ktime += SEC;
	assert_int_equal(now(&c), last);
	shim_ktime += 2 * SEC;
	assert_int_equal(now(&c), real + 3 * SEC);
}

/* Another counter, as when the TSC is found unstable: no way back in time. */
static void source_changes(void **state)
{
	struct cap_clock c = fresh(START);
	u64 last;

	(void)state;
	shim_ktime += 12345;
	last = now(&c);
	shim_ktime = 77;
	cap_clock_init(&c, CAP_CLOCK_KTIME, CAP_CLOCK_MIN_KHZ, shim_ktime, last - 1000);
	assert_int_equal(now(&c), last);
	shim_ktime += CAP_CLOCK_MIN_KHZ;
	assert_true(labs((s64)(now(&c) - (last - 1000 + MSEC))) < 10);
}

/* A counter that was reset (resume from disk) does not freeze the clock. */
static void counter_reset(void **state)
{
	struct cap_clock c = fresh(START);

	(void)state;
	shim_ktime += SEC;
	assert_int_equal(now(&c), START + SEC);
	shim_ktime = 10;
	assert_true(cap_clock_sync(&c, shim_ktime, START + 60 * SEC));
	assert_int_equal(now(&c), START + 60 * SEC);
	shim_ktime += 5;
	assert_int_equal(now(&c), START + 60 * SEC + 5);
}

/* No frame is ever stamped zero: not in 1970, not when seconds wrap in 2106. */
static void never_zero(void **state)
{
	struct cap_clock c = fresh(0);

	(void)state;
	assert_int_not_equal(cap_clock_stamp(&c), 0);
	c = fresh((1ull << 32) * SEC - 1);
	assert_int_equal(now(&c), (1ull << 32) * SEC - 1);
	shim_ktime += 1;
	assert_int_not_equal(cap_clock_stamp(&c), 0);
	assert_int_not_equal(cap_clock_stamp(&c), 0);
	c = fresh((1ull << 32) * SEC);
	assert_int_not_equal(cap_clock_stamp(&c), 0);
}

/* The real counter against the real clock, for a moment. */
static void real_counter(void **state)
{
	struct cap_clock c = {0};
	u64 before, ns, after, end;

	(void)state;
	cap_clock_init(&c, CAP_CLOCK_TSC, cap_khz(), cap_cycles(CAP_CLOCK_TSC), real_ns());
	end = real_ns() + 20 * MSEC;
	do {
		before = real_ns();
		ns = now(&c);
		after = real_ns();
		assert_true(ns + 100000 > before && ns < after + 100000);
	} while (after < end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_and_rolls),
		cmocka_unit_test(counter_of_another_cpu_behind),
		cmocka_unit_test(long_pause),
		cmocka_unit_test(drift_is_followed),
		cmocka_unit_test(noise_is_damped),
		cmocka_unit_test(slew_never_goes_back),
		cmocka_unit_test(step_forward_is_taken),
		cmocka_unit_test(step_backward_holds),
		cmocka_unit_test(source_changes),
		cmocka_unit_test(counter_reset),
		cmocka_unit_test(never_zero),
		cmocka_unit_test(real_counter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
