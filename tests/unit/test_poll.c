// SPDX-License-Identifier: GPL-2.0-or-later
/* One step: what goes in comes out, and each frame is counted on one arrow. */
#include "rig.h"
#include "unit/t.h"

#define SIZE HPCAP_RING_MIN

static struct rig rig;
static u8 frame[HPCAP_CAPLEN_MAX + 100], got[HPCAP_CAPLEN_MAX];

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, SIZE, 1024, 2048, CAP_CLOCK_KTIME);
	return 0;
}

static int teardown(void **state)
{
	const struct hpcap_stats *st = &rig.poll.stats;

	(void)state;
	/* whatever the test did: the sum holds, and the NIC has all back */
	assert_int_equal(st->frames, st->captured + st->nic_error + st->no_client +
					     st->slow_client + st->filtered + st->flow_cut);
	assert_int_equal(rig.nic.tail, rig.nic.next);
	rig_deinit(&rig);
	return 0;
}

static void push(u64 n, u32 len, u16 flags, u16 tci)
{
	frame_make(frame, n, len);
	assert_true(fake_nic_push(&rig.nic, frame, len, flags, tci));
}

/* The next record must be frame @n of @len bytes. */
static void expect(struct reader *rd, u64 n, u32 len)
{
	struct hpcap_rec rec;

	assert_int_equal(reader_next(rd, &rec, got), len);
	assert_int_equal(rec.len, len);
	assert_true(rec.sec || rec.nsec);
	assert_true(frame_good(got, n, len));
}

static void expect_none(struct reader *rd)
{
	struct hpcap_rec rec;

	assert_int_equal(reader_next(rd, &rec, got), 0);
}

static void idle(void **state)
{
	(void)state;
	assert_int_equal(rig_step(&rig), 0);
	assert_int_equal(rig.poll.stats.batches, 0);
	rig.nic.error = -ENODEV;
	assert_int_equal(rig_step(&rig), -ENODEV);
	assert_int_equal(rig.poll.stats.batches, 0);
}

static void frames_in_order(void **state)
{
	struct reader rd;
	u64 n;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (n = 0; n < 200; n++)
		push(n, 60 + n * 7 % 1455, 0, 0);
	assert_int_equal(rig_step(&rig), 64);
	assert_int_equal(rig_step(&rig), 64);
	assert_int_equal(rig_step(&rig), 64);
	assert_int_equal(rig_step(&rig), 8);
	for (n = 0; n < 200; n++)
		expect(&rd, n, 60 + n * 7 % 1455);
	expect_none(&rd);
	assert_int_equal(rig.poll.stats.frames, 200);
	assert_int_equal(rig.poll.stats.captured, 200);
	assert_int_equal(rig.poll.stats.bytes, rig.poll.stats.captured_bytes);
	assert_int_equal(rig.poll.stats.batches, 4);
}

static void bursts_and_stalls(void **state)
{
	struct reader rd;
	u64 n, in = 0;
	int steps = 0;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (n = 0; n < 5000;) {
		while (in < n + 300)
			push(in++, 64, 0, 0);
		rig.nic.burst = 1 + steps % 64;
		if (steps++ % 5 == 0)
			rig.nic.stall = 2;
		rig_step(&rig);
		while (rd.pos < rig.ctrl->commit)
			expect(&rd, n++, 64);
		reader_ack(&rd);
	}
	assert_int_equal(rig.poll.stats.captured, n);
}

static void nobody_listens(void **state)
{
	struct reader rd;
	u64 n;

	(void)state;
	for (n = 0; n < 100; n++)
		push(n, 60, n == 7 ? CAP_FRAME_ERROR : 0, 0);
	while (rig_step(&rig) > 0)
		;
	assert_int_equal(rig.poll.stats.no_client, 99);
	assert_int_equal(rig.poll.stats.nic_error, 1);
	assert_int_equal(rig.poll.stats.bytes, 6000);
	assert_int_equal(rig.ctrl->commit, 0);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(500, 60, 0, 0);
	rig_step(&rig);
	expect(&rd, 500, 60);
}

static void damage_is_not_stored(void **state)
{
	struct reader rd;

	(void)state;
	rig.poll.frame_max = 1514;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(0, 60, 0, 0);
	push(1, 60, CAP_FRAME_ERROR, 0);
	push(2, 1514, 0, 0);
	push(3, 1515, 0, 0);
	push(4, 0, 0, 0);
	push(5, 9000, 0, 0);
	push(6, 5000, CAP_FRAME_ERROR, 0);
	push(7, 61, 0, 0);
	rig_step(&rig);
	expect(&rd, 0, 60);
	expect(&rd, 2, 1514);
	expect(&rd, 7, 61);
	expect_none(&rd);
	assert_int_equal(rig.poll.stats.nic_error, 5);
	assert_int_equal(rig.poll.stats.captured, 3);
	assert_int_equal(rig.poll.stats.bytes, 60 + 60 + 1514 + 1515 + 9000 + 5000 + 61);
}

static void tag_comes_back(void **state)
{
	struct hpcap_rec rec;
	struct reader rd;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(3, 60, CAP_FRAME_VLAN, 0x2064);
	push(4, 9000, CAP_FRAME_VLAN, 0x0001);
	rig_step(&rig);
	assert_int_equal(reader_next(&rd, &rec, got), 64);
	assert_memory_equal(got + 12, "\x81\x00\x20\x64", 4);
	memmove(got + 12, got + 16, 48);
	assert_true(frame_good(got, 3, 60));
	assert_int_equal(reader_next(&rd, &rec, got), 9004);
	assert_memory_equal(got + 12, "\x81\x00\x00\x01", 4);
	memmove(got + 12, got + 16, 9004 - 16);
	assert_true(frame_good(got, 4, 9000));
	assert_int_equal(rig.poll.stats.bytes, 64 + 9004);
}

/* Chains that do not fit the rest of a batch come whole with the next. */
static void jumbo_across_batches(void **state)
{
	struct reader rd;
	u64 n = 0, in = 0;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	while (n < 3000) {
		while (in < n + 50) {
			push(in, in % 3 ? 9000 - in % 1000 : 60, 0, 0);
			in++;
		}
		assert_true(rig_step(&rig) > 0);
		while (rd.pos < rig.ctrl->commit) {
			expect(&rd, n, n % 3 ? 9000 - n % 1000 : 60);
			n++;
		}
		reader_ack(&rd);
	}
}

static void longest_frame(void **state)
{
	struct reader rd;
	u64 n;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (n = 0; n < 100; n++) {
		push(n, HPCAP_CAPLEN_MAX - n % 2, 0, 0);
		assert_int_equal(rig_step(&rig), 32);
		expect(&rd, n, HPCAP_CAPLEN_MAX - n % 2);
		reader_ack(&rd);
	}
	push(n, HPCAP_CAPLEN_MAX + 1, 0, 0);
	rig_step(&rig);
	expect_none(&rd);
	assert_int_equal(rig.poll.stats.nic_error, 1);
}

/* A driver that cuts a chain: all its pieces are damage, nothing is stored. */
static void cut_chain(void **state)
{
	struct reader rd;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	push(0, 60, 0, 0);
	push(1, 60, CAP_FRAME_MORE, 0);
	rig_step(&rig);
	expect(&rd, 0, 60);
	expect_none(&rd);
	assert_int_equal(rig.poll.stats.nic_error, 1);
}

/* The ring is full: the NIC is drained, the loss is counted and named. */
static void slow_listener(void **state)
{
	struct reader fast, slow;
	u64 n, kept, in = 0;

	(void)state;
	rig_attach(&rig, &fast, HPCAP_STRICT, "fast");
	rig_attach(&rig, &slow, HPCAP_STRICT, "slow");
	while (in < 2000) {
		push(in++, 1000, 0, 0);
		rig_step(&rig);
		fast.pos = rig.ctrl->commit;
		reader_ack(&fast);
	}
	kept = SIZE / 1012;
	assert_int_equal(rig.poll.stats.captured, kept);
	assert_int_equal(rig.poll.stats.slow_client, 2000 - kept);
	assert_int_equal(slow.cursor->lost, 2000 - kept);
	assert_int_equal(fast.cursor->lost, 0);
	assert_int_equal(rig.nic.no_buffer, 0);
	for (n = 0; n < kept; n++)
		expect(&slow, n, 1000);
	expect_none(&slow);
	reader_ack(&slow);
	push(7777, 1000, 0, 0);
	rig_step(&rig);
	expect(&slow, 7777, 1000);
}

/* Its last listener leaving frees a full ring at once. */
static void holder_leaves(void **state)
{
	struct reader slow, lossy;
	u64 n;

	(void)state;
	rig_attach(&rig, &slow, HPCAP_STRICT, "slow");
	rig_attach(&rig, &lossy, HPCAP_LOSSY, "lossy");
	for (n = 0; n < 1200; n++) {
		push(n, 1000, 0, 0);
		rig_step(&rig);
	}
	assert_true(rig.poll.stats.slow_client > 0);
	rig_detach(&slow);
	n = rig.poll.stats.slow_client;
	push(1, 1000, 0, 0);
	rig_step(&rig);
	assert_int_equal(rig.poll.stats.slow_client, n);
}

/* A batch of jumbo frames larger than the ring: what fits is kept whole. */
static void batch_larger_than_ring(void **state)
{
	struct reader rd;
	u64 n;

	(void)state;
	rig_deinit(&rig);
	rig_init(&rig, SIZE, 64, HPCAP_CAPLEN_MAX, CAP_CLOCK_KTIME);
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (n = 0; n < 64; n++)
		push(n, 60000, 0, 0);
	assert_int_equal(rig_step(&rig), 64);
	assert_int_equal(rig.poll.stats.captured, SIZE / 60012);
	for (n = 0; n < SIZE / 60012; n++)
		expect(&rd, n, 60000);
	expect_none(&rd);
}

/* An overtaken reader learns exactly how many frames it missed. */
static void overtaken(void **state)
{
	struct hpcap_rec rec;
	struct reader rd;
	u64 n = 0, read = 0;
	int round;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_LOSSY, "sleepy");
	for (round = 1; round < 40; round++) {
		u64 until = n + round * 200;

		for (; n < until; n++) {
			push(n, 60 + n * 13 % 1400, 0, 0);
			rig_step(&rig);
		}
		while (reader_next(&rd, &rec, got)) {
			u64 at = rd.seq - 1;

			assert_int_equal(rec.caplen, 60 + at * 13 % 1400);
			assert_true(frame_good(got, at, rec.caplen));
			read++;
		}
		assert_int_equal(read + rd.missed, n);
	}
	assert_true(rd.missed > 0 && read > 0);
	assert_int_equal(rig.poll.stats.captured, n);
	assert_int_equal(rig.poll.stats.slow_client, 0);
}

static void stamps_never_decrease(void **state)
{
	struct hpcap_rec rec;
	struct reader rd;
	u64 n, last = 0, real = real_ns();

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (n = 0; n < 900; n++) {
		shim_ktime += n % 50 * 30000;
		if (n % 100 == 0)
			cap_clock_sync(&rig.poll.clock, shim_ktime,
				       real + (n % 200 ? 0 : 5000000000));
		push(n, 60, 0, 0);
		rig_step(&rig);
		reader_next(&rd, &rec, got);
		assert_true(rec.nsec < 1000000000);
		assert_true(rec.sec * 1000000000ull + rec.nsec >= last);
		last = rec.sec * 1000000000ull + rec.nsec;
	}
	assert_true(rig.poll.clock.steps > 5);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(idle),	   T(frames_in_order),	     T(bursts_and_stalls),
		T(nobody_listens), T(slow_listener),	     T(damage_is_not_stored),
		T(tag_comes_back), T(jumbo_across_batches),  T(longest_frame),
		T(cut_chain),	   T(holder_leaves),	     T(batch_larger_than_ring),
		T(overtaken),	   T(stamps_never_decrease),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
