// SPDX-License-Identifier: GPL-2.0-or-later
/* One step with something switched on: times, copies, and all counted. */
#include "rig.h"
#include "unit/t.h"

static struct rig rig;
static struct cap_dup_entry table[HPCAP_DUP_ENTRIES_MIN];
static u8 frame[20000], got[HPCAP_CAPLEN_MAX];

static int setup(void **state)
{
	(void)state;
	memset(table, 0, sizeof(table));
	rig_init(&rig, HPCAP_RING_MIN, 1024, 2048, CAP_CLOCK_KTIME);
	return 0;
}

static int teardown(void **state)
{
	const struct hpcap_stats *st = &rig.poll.stats;

	(void)state;
	assert_int_equal(st->frames, st->captured + st->nic_error + st->no_client +
					     st->slow_client + st->duplicate);
	assert_int_equal(rig.nic.tail, rig.nic.next);
	rig_deinit(&rig);
	return 0;
}

static void push(u64 n, u32 len, u16 flags, u16 tci)
{
	frame_make(frame, n, len);
	assert_true(fake_nic_push(&rig.nic, frame, len, flags, tci));
}

static void use_dup(u32 mode, u32 ignore)
{
	const struct hpcap_dup want = {
		.mode = mode,
		.ignore = ignore,
		.entries = HPCAP_DUP_ENTRIES_MIN,
		.levels = 1,
		.bytes = HPCAP_DUP_BYTES,
		.window = HPCAP_DUP_WINDOW,
	};

	cap_dup_init(&rig.poll.dup, &want, table);
	rig.poll.options |= CAP_OPT_DUP;
}

static void use_time(u32 policy)
{
	rig.poll.timing.policy = policy;
	rig.poll.timing.last_ns = rig.poll.clock.base_ns;
	rig.poll.timing.look_ns = rig.poll.clock.base_ns;
	rig.poll.options |= CAP_OPT_TIME;
}

/* The next record is frame @n; returns its time. */
static u64 expect(struct reader *rd, u64 n, u32 len, bool marked)
{
	struct hpcap_rec rec;

	assert_int_equal(reader_next(rd, &rec, got), len);
	assert_int_equal(rec.len, len);
	assert_int_equal(!!(rec.nsec & HPCAP_REC_DUPLICATE), marked);
	assert_true(frame_good(got, n, len));
	return rec.sec * 1000000000ull + (rec.nsec & ~HPCAP_REC_DUPLICATE);
}

static void expect_none(struct reader *rd)
{
	struct hpcap_rec rec;

	assert_int_equal(reader_next(rd, &rec, got), 0);
}

static void copies_are_dropped(void **state)
{
	struct reader rd;

	(void)state;
	use_dup(HPCAP_DUP_DROP, 0);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(1, 60, 0, 0);
	push(1, 60, 0, 0);
	push(2, 60, 0, 0);
	push(3, 9000, 0, 0);
	push(4, 60, CAP_FRAME_ERROR, 0);
	push(4, 60, 0, 0);
	push(3, 9000, 0, 0);
	push(1, 61, 0, 0);
	rig_step(&rig);
	expect(&rd, 1, 60, false);
	expect(&rd, 2, 60, false);
	expect(&rd, 3, 9000, false);
	expect(&rd, 4, 60, false);
	expect(&rd, 1, 61, false);
	expect_none(&rd);
	assert_int_equal(rig.poll.stats.duplicate, 2);
	assert_int_equal(rig.poll.stats.nic_error, 1);
	assert_int_equal(rig.poll.stats.marked, 0);
	assert_int_equal(rig.poll.stats.bytes, 60 * 5 + 61 + 18000);
	assert_int_equal(rig.poll.dup.checked, 7);
}

static void copies_are_marked(void **state)
{
	struct reader rd;

	(void)state;
	use_dup(HPCAP_DUP_MARK, 0);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(1, 60, 0, 0);
	push(1, 60, 0, 0);
	push(2, 60, 0, 0);
	rig_step(&rig);
	expect(&rd, 1, 60, false);
	expect(&rd, 1, 60, true);
	expect(&rd, 2, 60, false);
	assert_int_equal(rig.poll.stats.marked, 1);
	assert_int_equal(rig.poll.stats.duplicate, 0);
	assert_int_equal(rig.poll.stats.captured, 3);
}

/* A tag that the NIC took out counts, unless it is to be ignored. */
static void tags_count(void **state)
{
	struct reader rd;

	(void)state;
	use_dup(HPCAP_DUP_DROP, 0);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(1, 60, CAP_FRAME_VLAN, 5);
	push(1, 60, CAP_FRAME_VLAN, 6);
	push(1, 60, 0, 0);
	rig_step(&rig);
	assert_int_equal(rig.poll.stats.duplicate, 0);
	use_dup(HPCAP_DUP_DROP, HPCAP_DUP_IGNORE_VLAN);
	memset(table, 0, sizeof(table));
	push(1, 60, CAP_FRAME_VLAN, 5);
	push(1, 60, CAP_FRAME_VLAN, 6);
	push(1, 60, 0, 0);
	rig_step(&rig);
	assert_int_equal(rig.poll.stats.duplicate, 2);
}

/* The NIC's hash says where to look, for frames that have one. */
static void hash_as_key(void **state)
{
	struct reader rd;
	int i;

	(void)state;
	use_dup(HPCAP_DUP_DROP, 0);
	rig.poll.dup.key = HPCAP_DUP_KEY_RSS;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (i = 0; i < 3; i++) {
		push(i % 2, 60, CAP_FRAME_HASH, 0);
		rig.nic.slot[(rig.nic.head - 1) & (rig.nic.size - 1)].hash = 77;
	}
	rig_step(&rig);
	/* one flow, one place: the second frame took it from the first */
	assert_int_equal(rig.poll.stats.duplicate, 0);
	assert_int_equal(table[77].ns, rig.poll.clock.last_ns);
	push(9, 60, 0, 0);
	push(9, 60, 0, 0);
	rig_step(&rig);
	assert_int_equal(rig.poll.stats.duplicate, 1);
	assert_int_equal(rig.poll.stats.captured, 4);
}

static void batch_is_spread(void **state)
{
	struct reader rd;
	u64 start = rig.poll.clock.base_ns;
	int i;

	(void)state;
	use_time(HPCAP_TIME_UDTS);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (i = 0; i < 4; i++)
		push(i, 60, 0, 0);
	shim_ktime += 4000;
	rig_step(&rig);
	for (i = 0; i < 4; i++)
		assert_true(labs((s64)(expect(&rd, i, 60, false) - start) - 1000 * (i + 1)) <=
			    1);
	/* nothing for a while, then two: they came after the last empty look */
	shim_ktime += 100000;
	rig_step(&rig);
	shim_ktime += 200;
	push(5, 60, 0, 0);
	push(6, 60, 0, 0);
	rig_step(&rig);
	assert_true(labs((s64)(expect(&rd, 5, 60, false) - start) - 104100) <= 1);
	assert_true(labs((s64)(expect(&rd, 6, 60, false) - start) - 104200) <= 1);
}

/* Nobody listened for long, or the thread slept: not spread over that. */
static void pauses_are_known(void **state)
{
	struct reader rd;
	u64 start = rig.poll.clock.base_ns;

	(void)state;
	use_time(HPCAP_TIME_WDTS);
	shim_ktime += 500000000;
	push(1, 60, 0, 0);
	rig_step(&rig);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(2, 60, 0, 0);
	push(3, 60, 0, 0);
	shim_ktime += 100;
	rig_step(&rig);
	assert_true(expect(&rd, 2, 60, false) >= start + 500000000);
	expect(&rd, 3, 60, false);
	shim_ktime += 900000000;
	cap_poll_woken(&rig.poll);
	push(4, 60, 0, 0);
	push(5, 60, 0, 0);
	shim_ktime += 100;
	rig_step(&rig);
	assert_true(expect(&rd, 4, 60, false) >= start + 1400000100);
	assert_int_equal(expect(&rd, 5, 60, false), start + 1400000200);
}

static void stamped_by_nic(void **state)
{
	struct reader rd;
	u64 start = rig.poll.clock.base_ns;

	(void)state;
	cap_hwclock_init(&rig.poll.hwclock, 40, 1000000, 1000, start);
	rig.poll.options |= CAP_OPT_HW_TIME;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(1, 60, CAP_FRAME_STAMP, 0);
	rig.nic.slot[0].stamp = 1500;
	push(2, 60, CAP_FRAME_STAMP, 0);
	rig.nic.slot[1].stamp = 1567;
	push(3, 60, 0, 0);
	shim_ktime += 3000;
	rig_step(&rig);
	assert_int_equal(expect(&rd, 1, 60, false), start + 500);
	assert_int_equal(expect(&rd, 2, 60, false), start + 567);
	assert_int_equal(expect(&rd, 3, 60, false), start + 3000);
	assert_int_equal(rig.poll.stats.hw_stamped, 2);
}

/* All at once, with bursts, chains and damage: the sum holds, order holds. */
static void everything(void **state)
{
	unsigned int seed = 3;
	struct reader rd;
	struct hpcap_rec rec;
	u64 last = 0, ns;
	int i;

	(void)state;
	use_time(HPCAP_TIME_ADAPTIVE);
	use_dup(HPCAP_DUP_DROP, HPCAP_DUP_IGNORE_ALL);
	cap_timing_set_speed(&rig.poll.timing, 1000);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (i = 0; i < 20000; i++) {
		rig.nic.burst = rand_r(&seed) % 70;
		push(rand_r(&seed) % 500, 12 + rand_r(&seed) % (i % 50 ? 1500 : 9000),
		     rand_r(&seed) % 90 ? (rand_r(&seed) % 4 ? 0 : CAP_FRAME_VLAN)
					: CAP_FRAME_ERROR,
		     7);
		shim_ktime += rand_r(&seed) % 3000;
		if (i % 8 == 0)
			rig_step(&rig);
		while (i % 64 == 0 && reader_next(&rd, &rec, got)) {
			ns = rec.sec * 1000000000ull + rec.nsec;
			assert_true(ns >= last);
			last = ns;
		}
		reader_ack(&rd);
	}
	assert_true(rig.poll.stats.captured > 1000);
	assert_true(rig.poll.stats.duplicate > 10);
}

/* The clock is not read at each look at an empty NIC, but again when the thread slept. */
static void idle_looks(void **state)
{
	struct reader rd;
	u64 start;
	int i;

	(void)state;
	use_time(HPCAP_TIME_UDTS);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	start = rig.poll.clock.base_ns;
	for (i = 0; i < 11; i++) {
		shim_ktime += 1000;
		rig_step(&rig);
	}
	assert_int_equal(rig.poll.timing.look_ns, start + 9000);
	shim_ktime += 1000;
	push(1, 60, 0, 0);
	rig_step(&rig);
	assert_int_equal(expect(&rd, 1, 60, false), start + 12000);
	shim_ktime += 1000;
	rig_step(&rig);
	assert_int_equal(rig.poll.timing.look_ns, start + 13000);
	shim_ktime += 1000;
	cap_poll_woken(&rig.poll);
	rig_step(&rig);
	assert_int_equal(rig.poll.timing.look_ns, start + 14000);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(copies_are_dropped), T(copies_are_marked), T(tags_count),
		T(hash_as_key),	       T(batch_is_spread),   T(pauses_are_known),
		T(stamped_by_nic),     T(everything),	     T(idle_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
