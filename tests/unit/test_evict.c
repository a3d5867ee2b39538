// SPDX-License-Identifier: GPL-2.0-or-later
/* A stuck strict listener is evicted in time, and a ring replaced under listeners. */
#include "rig.h"
#include "unit/t.h"

#define MS 1000000ull

static struct rig rig;
static u8 got[HPCAP_CAPLEN_MAX];

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, HPCAP_RING_MIN, 64, 2048, CAP_CLOCK_KTIME);
	fake_nic_fill(&rig.nic, 1000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_deinit(&rig);
	return 0;
}

static u32 step_at(u64 ms)
{
	u32 wake = 0;

	rig.poll.now_ns = ms * MS;
	cap_poll_step(&rig.poll, &wake);
	return wake;
}

static void drain(struct reader *rd)
{
	struct hpcap_rec rec;

	while (reader_next(rd, &rec, got))
		;
	reader_ack(rd);
}

static void stuck_is_evicted(void **state)
{
	struct reader stuck, good;
	u64 ms, lost;
	u32 wake = 0;

	(void)state;
	rig.poll.listeners.evict_ns = 500 * MS;
	rig_attach(&rig, &stuck, HPCAP_STRICT, "stuck");
	rig_attach(&rig, &good, HPCAP_STRICT, "good");
	/* the ring is not full yet: however long, nobody is evicted */
	for (ms = 1000; ms < 1015; ms++)
		step_at(ms * 100);
	drain(&good);
	assert_int_equal(rig.poll.listeners.nr_evicted, 0);
	for (ms = 200000; ms < 200490; ms += 10) {
		wake |= step_at(ms);
		drain(&good);
	}
	assert_int_equal(stuck.cursor->state, HPCAP_LISTENER_ATTACHED);
	assert_true(stuck.cursor->lost > 0);
	lost = rig.poll.stats.slow_client;
	for (; ms < 200700; ms += 10) {
		wake |= step_at(ms);
		drain(&good);
	}
	assert_int_equal(stuck.cursor->state, HPCAP_LISTENER_EVICTED);
	assert_int_equal(good.cursor->state, HPCAP_LISTENER_ATTACHED);
	assert_true(wake & (1 << stuck.slot));
	assert_int_equal(rig.poll.stats.evicted, 1);
	assert_int_equal(rig.poll.listeners.nr_active, 1);
	/* nothing is lost any more */
	assert_in_range(rig.poll.stats.slow_client - lost, 0, 256);
	lost = rig.poll.stats.slow_client;
	for (; ms < 210000; ms += 10) {
		step_at(ms);
		drain(&good);
	}
	assert_int_equal(rig.poll.stats.slow_client, lost);
}

static void slow_is_not_stuck(void **state)
{
	struct reader rd;
	struct hpcap_rec rec;
	u64 ms;

	(void)state;
	rig.poll.listeners.evict_ns = 500 * MS;
	rig_attach(&rig, &rd, HPCAP_STRICT, "slow");
	for (ms = 1000; ms < 9000; ms += 10) {
		step_at(ms);
		/* one frame each 400 ms is given back */
		if (ms % 400 == 0 && reader_next(&rd, &rec, got))
			reader_ack(&rd);
	}
	assert_true(rig.poll.stats.slow_client > 0);
	assert_int_equal(rd.cursor->state, HPCAP_LISTENER_ATTACHED);
}

static void never_by_default(void **state)
{
	struct reader rd;
	u64 ms;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "stuck");
	for (ms = 0; ms < 100000; ms += 100)
		step_at(ms);
	assert_int_equal(rd.cursor->state, HPCAP_LISTENER_ATTACHED);
	assert_in_range(rig.poll.gauge.high, HPCAP_RING_MIN - 2048, HPCAP_RING_MIN);
}

/*
 * Replace the rig's ring by @to's memory, as the glue does between two steps;
 * what was read of the old one does not matter.
 */
static void replace(struct rig *to)
{
	struct cap_ring *r = &rig.poll.ring;
	u64 pos = r->committed, seq = r->seq;

	cap_ring_init(r, to->data, to->poll.ring.size, to->ctrl, to->marks);
	cap_ring_start_at(r, pos, seq);
	cap_poll_refresh(&rig.poll);
}

static void ring_replaced(void **state)
{
	struct cap_ring old;
	struct reader rd, lossy;
	struct hpcap_rec rec;
	struct rig other;
	u64 frames = 0, at;
	u32 i;

	(void)state;
	rig_init(&other, 3 * HPCAP_RING_MIN, 64, 2048, CAP_CLOCK_KTIME);
	rig_attach(&rig, &rd, HPCAP_STRICT, "strict");
	rig_attach(&rig, &lossy, HPCAP_LOSSY, "lossy");
	for (i = 0; i < 40; i++) {
		step_at(i);
		if (i < 35)
			drain(&rd);
	}
	assert_int_equal(rig.poll.stats.slow_client, 0);
	old = rig.poll.ring;
	replace(&other);
	/* fill the new one while the strict listener still reads the old one */
	for (i = 0; rig.poll.stats.slow_client == 0; i++)
		step_at(i);
	assert_in_range(rig.poll.ring.head - rig.poll.ring.start, 3 * HPCAP_RING_MIN - 2048,
			3 * HPCAP_RING_MIN);
	/* all of the old ring, then all of the new one, without a gap */
	at = rd.seq;
	while (rd.pos < old.committed && reader_next(&rd, &rec, got))
		frames++;
	assert_int_equal(rd.pos, old.committed);
	rd.rig = &other;
	while (reader_next(&rd, &rec, got))
		frames++;
	assert_int_equal(at + frames, rig.poll.ring.seq);
	reader_ack(&rd);
	/* goes on for many rounds; the lossy one finds a record and counts */
	for (i = 0; i < 5000; i++) {
		step_at(i);
		drain(&rd);
	}
	lossy.rig = &other;
	lossy.pos = old.committed;
	lossy.seq = old.seq;
	drain(&lossy);
	assert_int_equal(lossy.seq, rig.poll.ring.seq);
	assert_true(lossy.missed > 0);
	assert_int_equal(rd.cursor->state, HPCAP_LISTENER_ATTACHED);
	rig.poll.ring = old; /* for teardown */
	rig_deinit(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stuck_is_evicted, setup, teardown),
		cmocka_unit_test_setup_teardown(slow_is_not_stuck, setup, teardown),
		cmocka_unit_test_setup_teardown(never_by_default, setup, teardown),
		cmocka_unit_test_setup_teardown(ring_replaced, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
