// SPDX-License-Identifier: GPL-2.0-or-later
/* Listeners: join, leave, hold the tail, nonsense in the page, wake-ups. */
#include "rig.h"
#include "unit/t.h"

#define SIZE HPCAP_RING_MIN

static struct rig rig;
static u8 frame[2048];

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, SIZE, 1024, 2048, CAP_CLOCK_KTIME);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_deinit(&rig);
	return 0;
}

/* @n frames of @len bytes through the engine. */
static void feed(u32 n, u32 len)
{
	while (n--) {
		assert_true(fake_nic_push(&rig.nic, frame, len, 0, 0));
		assert_int_equal(rig_step(&rig), 1);
	}
}

static struct cap_listener *slot(const struct reader *rd)
{
	return &rig.poll.listeners.slot[rd->slot];
}

static u64 tail(void)
{
	return cap_listeners_tail(&rig.poll.listeners, &rig.poll.ring);
}

static void starts_at_commit(void **state)
{
	struct reader a, b;

	(void)state;
	assert_int_equal(rig_attach(&rig, &a, HPCAP_STRICT, "a"), 0);
	assert_int_equal(a.pos, 0);
	feed(10, 60);
	assert_int_equal(rig_attach(&rig, &b, HPCAP_STRICT, "b"), 1);
	assert_int_equal(b.pos, 720);
	assert_int_equal(b.seq, 10);
	assert_int_equal(b.cursor->ack, 720);
	assert_int_equal(b.cursor->state, HPCAP_LISTENER_ATTACHED);
	assert_int_equal(tail(), 0);
	assert_int_equal(rig.poll.listeners.slowest, 0);
}

static void ninth_finds_no_slot(void **state)
{
	struct reader rd[9], again;
	int i;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_int_equal(rig_attach(&rig, &rd[i], i & 1, "x"), i);
	assert_int_equal(rig_attach(&rig, &rd[8], HPCAP_STRICT, "x"), -EUSERS);
	assert_int_equal(rig.poll.listeners.nr, 8);
	rig_detach(&rd[3]);
	assert_int_equal(rig.poll.listeners.nr, 7);
	assert_int_equal(rig_attach(&rig, &again, HPCAP_STRICT, "x"), 3);
	/* ids are never used twice */
	assert_int_equal(slot(&again)->id, 9);
}

static void slowest_holds(void **state)
{
	struct reader a, b, c;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	rig_attach(&rig, &b, HPCAP_STRICT, "b");
	rig_attach(&rig, &c, HPCAP_LOSSY, "c");
	feed(100, 60);
	a.cursor->ack = 7200;
	b.cursor->ack = 720;
	assert_int_equal(tail(), 720);
	assert_int_equal(rig.poll.listeners.slowest, b.slot);
	rig_detach(&b);
	assert_int_equal(tail(), 7200);
	rig_detach(&a);
	assert_int_equal(tail(), CAP_NO_TAIL);
	assert_int_equal(rig.poll.listeners.slowest, -1);
}

/* What no honest reader writes: backwards, beyond what is there, all ones. */
static void nonsense_expels(void **state)
{
	const u64 bad[] = {719, 0, 7201, 7200 + SIZE, 1ull << 63, U64_MAX};
	u32 i;

	(void)state;
	for (i = 0; i < 6; i++) {
		struct reader good, evil;
		u64 base = rig.poll.ring.committed;

		rig_attach(&rig, &good, HPCAP_STRICT, "good");
		rig_attach(&rig, &evil, HPCAP_STRICT, "evil");
		feed(100, 60);
		evil.cursor->ack = base + 720;
		good.cursor->ack = base + 7200;
		assert_int_equal(tail(), base + 720);
		evil.cursor->ack = base + bad[i];
		assert_int_equal(tail(), base + 7200);
		assert_int_equal(evil.cursor->state, HPCAP_LISTENER_EXPELLED);
		assert_int_equal(rig.poll.listeners.nr, 2);
		assert_int_equal(rig.poll.listeners.nr_active, 1);
		/* no way back in */
		evil.cursor->ack = base + 720;
		evil.cursor->state = HPCAP_LISTENER_ATTACHED;
		assert_int_equal(tail(), base + 7200);
		assert_int_equal(good.cursor->state, HPCAP_LISTENER_ATTACHED);
		rig_detach(&evil);
		rig_detach(&good);
	}
}

/* An expelled holder frees a full ring; the loss until then is its own. */
static void expelled_frees_the_ring(void **state)
{
	struct reader a;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	feed(SIZE / 1012 + 100, 1000);
	assert_true(slot(&a)->lost > 0);
	assert_int_equal(a.cursor->lost, slot(&a)->lost);
	assert_int_equal(rig.poll.stats.slow_client, slot(&a)->lost);
	a.cursor->ack = U64_MAX;
	feed(10, 1000);
	assert_int_equal(a.cursor->state, HPCAP_LISTENER_EXPELLED);
	/* the one that found out was stored, then nobody was left */
	assert_int_equal(rig.poll.stats.no_client, 9);
}

static void lossy_harms_nobody(void **state)
{
	struct hpcap_listeners list;
	struct reader a;

	(void)state;
	rig_attach(&rig, &a, HPCAP_LOSSY, "a");
	feed(100, 60);
	a.cursor->ack = U64_MAX;
	cap_listeners_list(&rig.poll.listeners, rig.poll.ring.committed, &list);
	assert_int_equal(list.row[0].lag, 0);
	assert_int_equal(list.row[0].state, HPCAP_LISTENER_ATTACHED);
	a.cursor->ack = 72;
	cap_listeners_list(&rig.poll.listeners, rig.poll.ring.committed, &list);
	assert_int_equal(list.row[0].lag, 7128);
	feed(2 * SIZE / 1012, 1000);
	assert_int_equal(rig.poll.stats.slow_client, 0);
}

/* What a program writes into the kernel's words is overwritten, never read. */
static void kernel_words_are_kernels(void **state)
{
	struct reader a;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	feed(SIZE / 1012, 1000);
	a.cursor->lost = 123456;
	a.cursor->state = 77;
	feed(5, 1000);
	assert_int_equal(a.cursor->lost, 5);
	assert_int_equal(slot(&a)->state, HPCAP_LISTENER_ATTACHED);
}

static void list_is_by_age(void **state)
{
	struct hpcap_listeners list;
	struct reader rd[4];
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		rig_attach(&rig, &rd[i], HPCAP_STRICT, "old");
	rig_detach(&rd[0]);
	rig_attach(&rig, &rd[3], HPCAP_LOSSY, "new");
	assert_int_equal(rd[3].slot, 0);
	feed(3, 60);
	memset(&list, 0xff, sizeof(list));
	cap_listeners_list(&rig.poll.listeners, rig.poll.ring.committed, &list);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.pad, 0);
	assert_int_equal(list.row[0].id, 2);
	assert_int_equal(list.row[1].id, 3);
	assert_int_equal(list.row[2].id, 4);
	assert_string_equal(list.row[2].name, "new");
	assert_int_equal(list.row[2].mode, HPCAP_LOSSY);
	assert_int_equal(list.row[2].pid, 4242);
	assert_int_equal(list.row[2].lag, 3 * 72);
	assert_int_equal(list.row[3].id, 0);
}

static bool ready(const struct reader *rd)
{
	return cap_listener_ready(&rig.poll.listeners, rd->slot, &rig.poll.ring);
}

/* Commit 72 bytes; which slots must be woken? */
static u32 feed_and_wake(void)
{
	u32 wake = 0;

	assert_true(fake_nic_push(&rig.nic, frame, 60, 0, 0));
	assert_int_equal(cap_poll_step(&rig.poll, &wake), 1);
	return wake;
}

static void wakes_once_when_due(void **state)
{
	struct reader a, b;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	rig_attach(&rig, &b, HPCAP_LOSSY, "b");
	assert_int_equal(feed_and_wake(), 0);
	a.cursor->want = 0;
	assert_true(ready(&a));
	reader_ack(&a);
	a.cursor->ack = 72;
	a.cursor->want = 145;
	b.cursor->ack = 72;
	assert_false(ready(&a));
	assert_false(ready(&b));
	assert_int_equal(feed_and_wake(), BIT(1));
	assert_int_equal(feed_and_wake(), 0);
	assert_int_equal(feed_and_wake(), BIT(0));
	assert_int_equal(feed_and_wake(), 0);
	assert_true(ready(&a));
	/* asked while ready: armed for the next commit, for edge-triggered epoll */
	assert_int_equal(feed_and_wake(), BIT(0));
	assert_int_equal(rig.poll.listeners.wake_at, U64_MAX);
}

/* Wanting more than can ever be there is wanting half the ring. */
static void want_is_clamped(void **state)
{
	struct reader a;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	a.cursor->want = U64_MAX;
	feed(SIZE / 2 / 1012, 1000);
	assert_false(ready(&a));
	feed(1, 1000);
	assert_true(ready(&a));
}

static void waiting_and_leaving(void **state)
{
	struct reader a;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	assert_false(ready(&a));
	rig_detach(&a);
	assert_int_equal(rig.poll.listeners.wake_at, U64_MAX);
	assert_int_equal(feed_and_wake(), 0);
}

static void expelled_and_gone_do_not_sleep(void **state)
{
	struct reader a, b;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	rig_attach(&rig, &b, HPCAP_STRICT, "b");
	a.cursor->ack = 1;
	assert_true(ready(&a));
	assert_int_equal(a.cursor->state, HPCAP_LISTENER_EXPELLED);
	assert_false(ready(&b));
	cap_listeners_gone(&rig.poll.listeners);
	assert_true(ready(&b));
	assert_int_equal(b.cursor->state, HPCAP_LISTENER_GONE);
	assert_int_equal(rig.poll.listeners.nr_active, 0);
	assert_int_equal(tail(), CAP_NO_TAIL);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(starts_at_commit),
		T(ninth_finds_no_slot),
		T(slowest_holds),
		T(nonsense_expels),
		T(expelled_frees_the_ring),
		T(lossy_harms_nobody),
		T(kernel_words_are_kernels),
		T(list_is_by_age),
		T(wakes_once_when_due),
		T(want_is_clamped),
		T(waiting_and_leaving),
		T(expelled_and_gone_do_not_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
