// SPDX-License-Identifier: GPL-2.0-or-later
/* Loss, order and copies are told apart, whatever the order of arrival. */
#include "t.h"

#include "traffic.h"

#include <stdlib.h>
#include <string.h>

static struct traffic_track t;

static void arrive(const uint64_t *seq, size_t n)
{
	memset(&t, 0, sizeof(t));
	for (size_t i = 0; i < n; i++)
		traffic_arrived(&t, seq[i]);
}

static void expect_counts(uint64_t lost, uint64_t reordered, uint64_t duplicates, uint64_t sent)
{
	assert_int_equal(traffic_lost(&t, sent), lost);
	assert_int_equal(t.reordered, reordered);
	assert_int_equal(t.duplicates, duplicates);
	assert_int_equal(t.ancient, 0);
}

static void each_fault_has_its_name(void **state)
{
	(void)state;
	arrive((const uint64_t[]){0, 1, 2, 3}, 4);
	expect_counts(0, 0, 0, 4);
	expect_counts(1, 0, 0, 5);
	arrive((const uint64_t[]){0, 2, 3}, 3);
	expect_counts(1, 0, 0, 0);
	arrive((const uint64_t[]){0, 2, 1, 3}, 4);
	expect_counts(0, 1, 0, 4);
	arrive((const uint64_t[]){0, 1, 1, 2, 0}, 5);
	expect_counts(0, 0, 2, 3);
	arrive((const uint64_t[]){5, 4, 4, 9}, 4);
	expect_counts(7, 1, 1, 10);
}

static void far_jumps_forget_nothing(void **state)
{
	const uint64_t w = TRAFFIC_WINDOW;

	(void)state;
	arrive((const uint64_t[]){3, w + 3, 2 * w + 3}, 3);
	expect_counts(2 * w + 1, 0, 0, 0);
	traffic_arrived(&t, w + 4);
	assert_int_equal(t.reordered, 1);
	traffic_arrived(&t, 3);
	assert_int_equal(t.ancient, 1);
}

/* A random wire against counting in arrays. */
static void random_wire(void **state)
{
	enum {
		FRAMES = 20000
	};
	static uint64_t order[3 * FRAMES];
	static bool came[FRAMES];

	(void)state;
	for (unsigned int seed = 1; seed < 6; seed++) {
		uint64_t lost = 0, twice = 0, late = 0, highest = 0;
		size_t n = 0;

		srand(seed);
		memset(came, 0, sizeof(came));
		for (uint64_t i = 0; i < FRAMES; i++) {
			if (rand() % 10 == 0)
				continue;
			order[n++] = i;
			if (rand() % 20 == 0)
				order[n++] = i;
		}
		for (size_t i = 0; i < n; i++) {
			size_t other = i + (size_t)rand() % 50;
			uint64_t x = order[i];

			if (rand() % 30 || other >= n)
				continue;
			order[i] = order[other];
			order[other] = x;
		}
		arrive(order, n);
		for (size_t i = 0; i < n; i++) {
			late += !came[order[i]] && i && order[i] < highest;
			twice += came[order[i]];
			came[order[i]] = true;
			highest = order[i] > highest ? order[i] : highest;
		}
		for (size_t i = 0; i < FRAMES; i++)
			lost += !came[i];
		expect_counts(lost, late, twice, FRAMES);
	}
}

static void marks_survive_the_frame(void **state)
{
	const uint8_t dst[6] = {2, 0, 0, 0, 0, 9};
	struct traffic_mark m = {.run = 0x12345678,
				 .seq = 1ull << 40,
				 .ns = 1234567890123456789ull},
			    got;
	uint8_t frame[60];

	(void)state;
	traffic_put(frame, sizeof(frame), dst, &m);
	assert_memory_equal(frame, dst, 6);
	assert_true(traffic_get(frame, sizeof(frame), &got));
	assert_int_equal(got.run, m.run);
	assert_int_equal(got.seq, m.seq);
	assert_int_equal(got.ns, m.ns);
	assert_false(traffic_get(frame, 37, &got));
	frame[14] ^= 1;
	assert_false(traffic_get(frame, sizeof(frame), &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_has_its_name),
		cmocka_unit_test(far_jumps_forget_nothing),
		cmocka_unit_test(random_wire),
		cmocka_unit_test(marks_survive_the_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
