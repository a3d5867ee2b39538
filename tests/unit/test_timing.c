// SPDX-License-Identifier: GPL-2.0-or-later
/* Policies that read the clock once a batch, against their formulas. */
#include "timing.h"
#include "unit/t.h"

#define START 1795298400000000000ull
#define MAX   CAP_BATCH_MAX

static struct cap_slot slot[MAX];

static struct cap_timing fresh(u32 policy, u32 mbps)
{
	struct cap_timing t;

	cap_timing_init(&t);
	cap_timing_set_speed(&t, mbps);
	t.policy = policy;
	t.last_ns = START;
	t.look_ns = START;
	return t;
}

static void set(const u32 *len, int n)
{
	int i;

	for (i = 0; i < n; i++)
		slot[i] = (struct cap_slot){.len = len[i]};
}

static void near(u64 is, u64 want)
{
	if (is - want + 1 > 2)
		fail_msg("%llu, wanted %llu", (unsigned long long)is, (unsigned long long)want);
}

static void first_is_kpt(void **state)
{
	struct cap_timing t;

	(void)state;
	cap_timing_init(&t);
	assert_int_equal(t.policy, HPCAP_TIME_KPT);
	assert_int_equal(t.batch, CAP_BATCH_MAX);
}

/* Thesis, equation 4.3. */
static void evenly(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_UDTS, 0);
	const u32 len[] = {60, 1514, 60, 1514, 60};
	int i;

	(void)state;
	set(len, 5);
	cap_timing_spread(&t, slot, 5, START + 900, START + 1000, false);
	for (i = 0; i < 5; i++)
		near(slot[i].ns, START + 200 * (i + 1));
	/* the next batch begins where this one ended */
	set(len, 2);
	cap_timing_spread(&t, slot, 2, START + 1800, START + 2000, false);
	near(slot[0].ns, START + 1500);
	near(slot[1].ns, START + 2000);
}

/* Thesis, equation 4.4, with what a frame takes on the wire as its size. */
static void by_size(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_WDTS, 0);
	const u32 len[] = {76, 276, 576};

	(void)state;
	set(len, 3);
	cap_timing_spread(&t, slot, 3, START, START + 2000, false);
	near(slot[0].ns, START + 200);
	near(slot[1].ns, START + 800);
	near(slot[2].ns, START + 2000);
}

/* The NIC was empty a while after the last frame: nothing came before that. */
static void after_the_empty_look(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_UDTS, 0);
	const u32 len[] = {60, 60};

	(void)state;
	t.look_ns = START + 5000;
	set(len, 2);
	cap_timing_spread(&t, slot, 2, START + 5050, START + 5100, false);
	near(slot[0].ns, START + 5050);
	near(slot[1].ns, START + 5100);
}

/* Adaptive, shallow, no line known: one frame has its own reading. */
static void adaptive_alone(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_ADAPTIVE, 0);
	const u32 len[] = {60};

	(void)state;
	t.look_ns = START + 5000;
	set(len, 1);
	cap_timing_spread(&t, slot, 1, START + 5040, START + 5100, false);
	assert_int_equal(slot[0].ns, START + 5100);
}

/* A full line, looked at with jitter: the stamps have none. */
static void adaptive_full_line(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_ADAPTIVE, 10000);
	unsigned int seed = 7;
	u64 wire = START * 10, look = START, worst = 0, last = 0;
	int i, n = 0;

	(void)state;
	for (i = 0; i < 200000; i++) {
		u64 now;

		look += 60 + rand_r(&seed) % 60;
		now = look + 20;
		for (n = 0; wire + 12304 <= look * 10; wire += 12304)
			slot[n++] = (struct cap_slot){.len = 1514};
		if (!n) {
			t.look_ns = look;
			continue;
		}
		cap_timing_spread(&t, slot, n, look, now, false);
		if (last && i > 1000) {
			s64 e = (s64)(slot[0].ns - last) - 1230;

			worst = max(worst, (u64)labs(e));
		}
		last = slot[n - 1].ns;
	}
	assert_true(worst <= 1);
}

/* Looks and line disagree by less than the shortest frame: the line goes on, moved. */
static void adaptive_line_moved(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_ADAPTIVE, 10000);
	const u32 len[] = {1514, 60};

	(void)state;
	set(len, 2);
	cap_timing_spread(&t, slot, 2, START + 1200, START + 1290, false);
	near(slot[0].ns, START + 1223);
	near(slot[1].ns, START + 1290);
	t.look_ns = slot[1].ns + 1250;
	set(len, 1);
	cap_timing_spread(&t, slot, 1, t.look_ns + 50, t.look_ns + 150, false);
	near(slot[0].ns, START + 1290 + 1251);
	/* by more: a gap */
	t.look_ns = slot[0].ns + 1300;
	cap_timing_spread(&t, slot, 1, t.look_ns + 50, t.look_ns + 150, false);
	assert_int_equal(slot[0].ns, t.look_ns + 150 - 50);
}

/* Away for long, and few frames since: a burst just before the look. */
static void adaptive_burst(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_ADAPTIVE, 10000);
	const u32 len[] = {60, 1514, 60};

	(void)state;
	t.look_ns = START + 1000;
	set(len, 3);
	cap_timing_spread(&t, slot, 3, START + 90000, START + 90050, false);
	near(slot[0].ns, START + 90050 - 67 - 1230);
	near(slot[1].ns, START + 90050 - 67);
	near(slot[2].ns, START + 90050);
}

/* Stopped for longer than the batch holds: frames go on at the line's pace. */
static void adaptive_backlog(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_ADAPTIVE, 10000);
	u64 now = START + 400000, prev = START;
	int k, i;

	(void)state;
	for (k = 0; k < 4; k++) {
		for (i = 0; i < 64; i++)
			slot[i] = (struct cap_slot){.len = 1514};
		now += 5000;
		cap_timing_spread(&t, slot, 64, now - 100, now, true);
		for (i = 0; i < 64; i++) {
			assert_in_range(slot[i].ns - prev, 1229, 1232);
			prev = slot[i].ns;
		}
	}
}

/* Whatever comes: in order, behind the last one, never after now. */
static void always_in_order(void **state)
{
	unsigned int seed = 11;
	int policy, round, i;

	(void)state;
	for (policy = HPCAP_TIME_UDTS; policy <= HPCAP_TIME_ADAPTIVE; policy++) {
		struct cap_timing t = fresh(policy, (u32[]){0, 10, 1000, 100000}[policy]);
		u64 now = START, last = START;

		for (round = 0; round < 100000; round++) {
			int n = 1 + rand_r(&seed) % MAX;
			u64 look = now + rand_r(&seed) % 100;

			now = look + rand_r(&seed) % (round % 97 ? 3000 : 2000000000);
			if (round % 1000 == 0)
				now -= 50000; /* another CPU's counter */
			for (i = 0; i < n; i++)
				slot[i] = (struct cap_slot){.len = rand_r(&seed) % 70000};
			cap_timing_spread(&t, slot, n, look, now, rand_r(&seed) % 2);
			for (i = 0; i < n; i++) {
				assert_true(slot[i].ns >= last);
				last = slot[i].ns;
			}
			assert_true(last <= max(now, max(t.last_ns, t.look_ns)));
		}
	}
}

/* A queue that nobody fed for hours: no overflow, no spread over hours. */
static void long_pause(void **state)
{
	struct cap_timing t = fresh(HPCAP_TIME_WDTS, 0);
	const u32 len[] = {60, 60};
	u64 now = START + 36000000000000ull;

	(void)state;
	set(len, 2);
	cap_timing_spread(&t, slot, 2, now - 10, now, false);
	assert_true(slot[0].ns > now - 1000000000);
	assert_int_equal(slot[1].ns, now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_is_kpt),
		cmocka_unit_test(evenly),
		cmocka_unit_test(by_size),
		cmocka_unit_test(after_the_empty_look),
		cmocka_unit_test(adaptive_alone),
		cmocka_unit_test(adaptive_full_line),
		cmocka_unit_test(adaptive_line_moved),
		cmocka_unit_test(adaptive_backlog),
		cmocka_unit_test(adaptive_burst),
		cmocka_unit_test(always_in_order),
		cmocka_unit_test(long_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
