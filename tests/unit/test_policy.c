// SPDX-License-Identifier: GPL-2.0-or-later
/* What is stored of a frame, by filters, caplen, headers and flows. */
#include "rig.h"
#include "unit/t.h"

static struct rig rig;
static u8 frame[HPCAP_CAPLEN_MAX], got[HPCAP_CAPLEN_MAX];
static struct cap_flow slots[CAP_FLOW_SLOTS_MIN] __attribute__((aligned(64)));
static struct cap_flows flows;

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, HPCAP_RING_MIN, 1024, 256, CAP_CLOCK_KTIME);
	memset(slots, 0, sizeof(slots));
	flows = (struct cap_flows){.seed = {1, 2},
				   .nr = CAP_FLOW_SLOTS_MIN,
				   .limit = 1000,
				   .idle = 60,
				   .slot = slots};
	return 0;
}

static int teardown(void **state)
{
	const struct hpcap_stats *st = &rig.poll.stats;

	(void)state;
	assert_int_equal(st->frames, st->captured + st->nic_error + st->no_client +
					     st->slow_client + st->filtered + st->flow_cut);
	assert_int_equal(rig.nic.tail, rig.nic.next);
	rig_deinit(&rig);
	return 0;
}

/* A filter for tests: wants what its argument says of frames whose byte 20 is odd. */
static u32 odd(void *prog, const u8 *data, u32 len)
{
	return len > 20 && data[20] & 1 ? *(u32 *)prog : 0;
}

static u32 even(void *prog, const u8 *data, u32 len)
{
	return len > 20 && data[20] & 1 ? 0 : *(u32 *)prog;
}

static u32 all = U32_MAX, fifty = 50;

static void push(u32 n, u32 len)
{
	memset(frame, n, len);
	assert_true(fake_nic_push(&rig.nic, frame, len, 0, 0));
}

/* An Ethernet frame of TCP or UDP over IPv4, host @a to host @b. */
static void ip(u32 len, u8 proto, u8 a, u8 b, u8 tcp_flags)
{
	const u8 head[] = {2,  0,    0, 0,	  0,   1, 2, 0, 0, 0,  0,     2, 8,
			   0,  0x45, 0, len >> 8, len, 0, 1, 0, 0, 64, proto, 0, 0,
			   10, 0,    0, a,	  10,  0, 0, b, 0, a,  0,     b};

	memset(frame, 0xee, len);
	memcpy(frame, head, sizeof(head));
	if (proto == 6) {
		frame[46] = 0x50;
		frame[47] = tcp_flags;
	}
}

static void push_ip(u32 len, u8 proto, u8 a, u8 b, u8 tcp_flags)
{
	ip(len, proto, a, b, tcp_flags);
	assert_true(fake_nic_push(&rig.nic, frame, len, 0, 0));
	rig_step(&rig);
}

/* The next record: its caplen; len must be @len. 0 when there is none. */
static u32 next(struct reader *rd, u32 len)
{
	struct hpcap_rec rec;
	u32 caplen = reader_next(rd, &rec, got);

	if (caplen)
		assert_int_equal(rec.len, len);
	return caplen;
}

static void one_filter(void **state)
{
	struct reader rd;
	u32 n;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	rig.poll.policy.filter = (struct cap_filter){odd, &all};
	cap_poll_refresh(&rig.poll);
	for (n = 0; n < 10; n++)
		push(n, 60);
	push(11, 1000); /* in several pieces */
	push(12, 1000);
	rig_step(&rig);
	for (n = 1; n < 10; n += 2) {
		assert_int_equal(next(&rd, 60), 60);
		assert_int_equal(got[20], n);
	}
	assert_int_equal(next(&rd, 1000), 1000);
	assert_int_equal(got[999], 11);
	assert_int_equal(next(&rd, 0), 0);
	assert_int_equal(rig.poll.stats.filtered, 6);
	assert_int_equal(rig.poll.stats.bytes, 10 * 60 + 2 * 1000);
	/* none again */
	rig.poll.policy.filter = (struct cap_filter){0};
	cap_poll_refresh(&rig.poll);
	assert_false(rig.poll.policy.active);
	push(2, 60);
	rig_step(&rig);
	assert_int_equal(next(&rd, 60), 60);
}

static void set_listener(const struct reader *rd, struct cap_filter f, u32 caplen)
{
	rig.poll.listeners.slot[rd->slot].filter = f;
	rig.poll.listeners.slot[rd->slot].caplen = caplen;
	cap_poll_refresh(&rig.poll);
}

static void listeners_together(void **state)
{
	struct reader a, b;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	rig_attach(&rig, &b, HPCAP_LOSSY, "b");
	set_listener(&a, (struct cap_filter){odd, &all}, 100);
	/* b wants all: nothing is dropped or cut */
	assert_false(rig.poll.policy.active);
	set_listener(&b, (struct cap_filter){odd, &fifty}, 0);
	assert_true(rig.poll.policy.narrow);
	push(1, 200);
	push(2, 200);
	rig_step(&rig);
	assert_int_equal(next(&a, 200), 100); /* the greediest decides */
	assert_int_equal(next(&a, 200), 0);
	assert_int_equal(rig.poll.stats.filtered, 1);
	assert_int_equal(rig.poll.stats.cut_bytes, 100);
	set_listener(&b, (struct cap_filter){even, &fifty}, 0);
	push(1, 200);
	push(2, 200);
	rig_step(&rig);
	assert_int_equal(next(&a, 200), 100);
	assert_int_equal(next(&a, 200), 50);
	assert_int_equal(rig.poll.stats.filtered, 1);
	/* who leaves wants nothing any more; who comes wants all */
	rig_detach(&b);
	push(2, 200);
	rig_step(&rig);
	assert_int_equal(rig.poll.stats.filtered, 2);
	rig_attach(&rig, &b, HPCAP_LOSSY, "b");
	push(2, 200);
	rig_step(&rig);
	assert_int_equal(next(&a, 200), 200);
	/* one that is expelled wants nothing either */
	a.cursor->ack = ~0ull;
	cap_poll_refresh(&rig.poll);
	set_listener(&b, (struct cap_filter){even, &all}, 0);
	assert_true(rig.poll.policy.narrow);
}

static void swap_loses_nothing(void **state)
{
	struct reader rd;
	u32 n, seen = 0;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	for (n = 0; n < 2000; n++) {
		/* both accept frames of 77; the filters take turns */
		static u32 limits[] = {60, 61};

		rig.poll.policy.filter = (struct cap_filter){odd, &limits[n & 1]};
		cap_poll_refresh(&rig.poll);
		push(77, 60);
		rig_step(&rig);
		while (next(&rd, 60))
			seen++;
		reader_ack(&rd);
	}
	assert_int_equal(seen, 2000);
	assert_int_equal(rig.poll.stats.filtered, 0);
}

static void caplen_and_headers(void **state)
{
	struct reader rd;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	rig.poll.policy.caplen = 64;
	cap_poll_refresh(&rig.poll);
	push(1, 60);
	push(1, 2000);
	rig_step(&rig);
	assert_int_equal(next(&rd, 60), 60);
	assert_int_equal(next(&rd, 2000), 64);
	assert_int_equal(rig.poll.stats.cut_bytes, 1936);
	assert_int_equal(rig.poll.stats.captured_bytes, 124);
	assert_int_equal(rig.poll.stats.bytes, 2060);
	rig.poll.policy.headers = true;
	cap_poll_refresh(&rig.poll);
	push_ip(1000, 6, 1, 2, 0x10);
	assert_int_equal(next(&rd, 1000), 54);
	rig.poll.policy.caplen = 20;
	push_ip(1000, 6, 1, 2, 0x10);
	assert_int_equal(next(&rd, 1000), 20);
}

static void a_tag_put_back_is_seen(void **state)
{
	struct reader rd;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	rig.poll.policy.headers = true;
	cap_poll_refresh(&rig.poll);
	ip(100, 17, 1, 2, 0);
	assert_true(fake_nic_push(&rig.nic, frame, 100, CAP_FRAME_VLAN, 0x1007));
	rig_step(&rig);
	assert_int_equal(next(&rd, 104), 46);
	assert_memory_equal(got + 12, "\x81\0\x10\x07\x08\0", 6);
}

static void flow_cut(void **state)
{
	struct reader rd;

	(void)state;
	rig_attach(&rig, &rd, HPCAP_STRICT, "a");
	rig.poll.policy.flows = &flows; /* 1000 bytes of each */
	cap_poll_refresh(&rig.poll);
	push_ip(600, 6, 1, 2, 0x02);
	push_ip(300, 6, 2, 1, 0x12); /* the other direction is the same flow */
	push_ip(300, 6, 1, 2, 0x10);
	push_ip(300, 6, 1, 2, 0x10);
	push_ip(60, 6, 3, 4, 0x10); /* another flow */
	assert_int_equal(next(&rd, 600), 600);
	assert_int_equal(next(&rd, 300), 300);
	assert_int_equal(next(&rd, 300), 100);
	assert_int_equal(next(&rd, 60), 60);
	assert_int_equal(next(&rd, 0), 0);
	assert_int_equal(rig.poll.stats.flow_cut, 1);
	/* the ports are used again: a new connection */
	push_ip(300, 6, 1, 2, 0x02);
	assert_int_equal(next(&rd, 300), 300);
	/* not IP: always whole */
	push(0xff, 60);
	rig_step(&rig);
	assert_int_equal(next(&rd, 60), 60);
	/* headers of what is cut */
	rig.poll.policy.headers = true;
	push_ip(900, 6, 1, 2, 0x10);
	push_ip(900, 6, 1, 2, 0x10);
	assert_int_equal(next(&rd, 900), 700);
	assert_int_equal(next(&rd, 900), 54);
}

static void flows_age_and_give_way(void **state)
{
	struct cap_headers h;
	u32 n, kept = 0;

	(void)state;
	ip(600, 17, 1, 2, 0);
	cap_headers_parse(&h, frame, 600);
	assert_int_equal(cap_flow_keep(&flows, &h, frame, 600, 100), 600);
	assert_int_equal(cap_flow_keep(&flows, &h, frame, 600, 101), 400);
	assert_int_equal(cap_flow_keep(&flows, &h, frame, 600, 160), 0);
	assert_int_equal(cap_flow_keep(&flows, &h, frame, 600, 221), 600);
	/* the limit falls into the headers: they stay whole */
	flows.limit = 610;
	assert_int_equal(cap_flow_keep(&flows, &h, frame, 600, 222), 42);
	/* many more flows than slots: those seen longest ago give way */
	for (n = 0; n < 4 * CAP_FLOW_SLOTS_MIN; n++) {
		frame[27] = n >> 8;
		frame[28] = n;
		kept += cap_flow_keep(&flows, &h, frame, 600, 222) == 600;
	}
	/* all of them new but the first */
	assert_int_equal(kept, n - 1);
	assert_true(flows.evicted > 2 * CAP_FLOW_SLOTS_MIN);
	assert_true(flows.evicted < 4 * CAP_FLOW_SLOTS_MIN);
}

static void gauge_follows(void **state)
{
	struct cap_gauge g = {0};
	struct hpcap_buffer out = {0};
	u64 ns = 1000000000, committed = 0;
	int i;

	(void)state;
	cap_gauge_report(&g, 1 << 20, &out);
	assert_int_equal(out.full_ns, HPCAP_NEVER);
	for (i = 0; i < 100; i++) {
		cap_gauge_look(&g, i * 1000);
		cap_gauge_sample(&g, ns, committed);
		ns += 500000000;
		committed += 2000000;
	}
	cap_gauge_report(&g, 1099000, &out);
	assert_int_equal(out.used, 99000);
	assert_int_equal(out.high, 99000);
	assert_in_range(out.in_rate, 3990000, 4000000);
	assert_in_range(out.fill_rate, 1980, 2000);
	assert_in_range(out.full_ns / 1000000000, 480, 1000);
	assert_in_range(out.stall_ns / 1000000, 240, 260);
	cap_gauge_look(&g, 0);
	for (i = 0; i < 50; i++, ns += 500000000)
		cap_gauge_sample(&g, ns, committed);
	cap_gauge_report(&g, 1 << 20, &out);
	assert_int_equal(out.full_ns, HPCAP_NEVER);
	assert_int_equal(out.high, 99000);
	/* a ring held beyond its size, clocks that stand still */
	cap_gauge_look(&g, 2 << 20);
	cap_gauge_sample(&g, ns - 1000000000000, committed);
	cap_gauge_report(&g, 1 << 20, &out);
	assert_true(out.stall_ns == 0 || out.stall_ns == HPCAP_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_filter, setup, teardown),
		cmocka_unit_test_setup_teardown(listeners_together, setup, teardown),
		cmocka_unit_test_setup_teardown(swap_loses_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(caplen_and_headers, setup, teardown),
		cmocka_unit_test_setup_teardown(a_tag_put_back_is_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(flow_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(flows_age_and_give_way, setup, teardown),
		cmocka_unit_test(gauge_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
