// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bytes kept while frames are sent from the ring: what may be kept, that the
 * producer stays away from them whatever the listener says, and a NIC that is
 * done in any order, in a thread of its own.
 */
#include <pthread.h>
#include <sched.h>

#include "hold.h"
#include "rig.h"
#include "unit/t.h"

#define SIZE   HPCAP_RING_MIN
#define FRAMES 20000

static struct rig rig;
static struct cap_holds holds;
static u8 frame[2048];

static int setup(void **state)
{
	(void)state;
	rig_init(&rig, SIZE, 1024, 2048, CAP_CLOCK_KTIME);
	cap_holds_init(&holds);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rig_deinit(&rig);
	return 0;
}

static void feed(u32 n, u32 len)
{
	while (n--) {
		assert_true(fake_nic_push(&rig.nic, frame, len, 0, 0));
		assert_int_equal(rig_step(&rig), 1);
	}
}

static int take(struct reader *rd, u64 pos, u64 end)
{
	return cap_listener_hold(&rig.poll.listeners.slot[rd->slot], &holds, pos, end,
				 rig.poll.ring.committed);
}

static u64 tail(void)
{
	return cap_listeners_tail(&rig.poll.listeners, &rig.poll.ring);
}

static void keeps_the_oldest(void **state)
{
	int a, b, c;

	(void)state;
	assert_int_equal(cap_holds_oldest(&holds), U64_MAX);
	a = cap_holds_take(&holds, 700);
	b = cap_holds_take(&holds, 100);
	c = cap_holds_take(&holds, 300);
	assert_int_equal(cap_holds_oldest(&holds), 100);
	cap_holds_drop(&holds, b);
	assert_int_equal(cap_holds_oldest(&holds), 300);
	cap_holds_drop(&holds, a);
	assert_int_equal(cap_holds_oldest(&holds), 300);
	cap_holds_drop(&holds, c);
	assert_int_equal(cap_holds_oldest(&holds), U64_MAX);
}

static void has_so_many_slots(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < CAP_HOLDS; i++)
		assert_int_equal(cap_holds_take(&holds, i), i);
	assert_int_equal(cap_holds_take(&holds, 1), -EAGAIN);
	cap_holds_drop(&holds, 77);
	assert_int_equal(cap_holds_take(&holds, 5000), 77);
	assert_int_equal(cap_holds_take(&holds, 1), -EAGAIN);
}

static void only_what_is_held(void **state)
{
	struct reader a, lossy;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	rig_attach(&rig, &lossy, HPCAP_LOSSY, "b");
	feed(10, 60);
	assert_true(take(&a, 0, 72) >= 0);
	assert_true(take(&a, 648, 720) >= 0);
	assert_int_equal(take(&a, 648, 721), -ERANGE);
	assert_int_equal(take(&a, 720, 721), -ERANGE);
	assert_int_equal(take(&a, 100, 100), -ERANGE);
	assert_int_equal(take(&a, U64_MAX - 10, 20), -ERANGE);
	assert_int_equal(take(&lossy, 0, 72), -EPERM);

	a.pos = 360;
	reader_ack(&a);
	tail();
	assert_int_equal(take(&a, 348, 420), -ERANGE);
	assert_true(take(&a, 360, 420) >= 0);
	a.cursor->ack = 12345678;
	tail();
	assert_int_equal(take(&a, 360, 420), -EPERM);
}

static void holds_the_ring(void **state)
{
	struct reader a;
	int slot;

	(void)state;
	rig_attach(&rig, &a, HPCAP_STRICT, "a");
	feed(10, 60);
	slot = take(&a, 72, 144);
	assert_true(slot >= 0);
	a.pos = rig.ctrl->commit;
	reader_ack(&a);
	assert_int_equal(tail(), 72);

	feed(2000, 1514);
	assert_true(rig.poll.stats.slow_client > 0);
	assert_true(rig.ctrl->commit <= SIZE + 72);
	cap_holds_drop(&holds, slot);
	a.pos = rig.ctrl->commit;
	reader_ack(&a);
	assert_int_equal(tail(), rig.ctrl->commit);
	feed(1, 60);

	rig_detach(&a);
	assert_int_equal(tail(), CAP_NO_TAIL);
}

/* ---- a NIC in a thread of its own ---- */

static int queue[CAP_HOLDS];
static u64 queued, finished;
static u64 at[CAP_HOLDS];
static u8 word[CAP_HOLDS * 4];

/* Reads the bytes, then lets them go: a little out of order. */
static void *nic(void *arg)
{
	u64 n = 0, bad = 0;

	(void)arg;
	while (n < FRAMES) {
		u64 have = smp_load_acquire(&queued);

		if (have - n < 2 && have < FRAMES) {
			sched_yield();
			continue;
		}
		for (; n + 1 < have; n += 2) {
			int first = queue[(n + 1) % CAP_HOLDS], second = queue[n % CAP_HOLDS];

			bad += word[at[first] % sizeof(word)] != (u8)at[first];
			cap_holds_drop(&holds, first);
			bad += word[at[second] % sizeof(word)] != (u8)at[second];
			cap_holds_drop(&holds, second);
		}
		smp_store_release(&finished, n);
	}
	return (void *)bad;
}

/* The producer of bytes: never writes over what is kept. */
static void any_order(void **state)
{
	pthread_t thread;
	void *bad;
	u64 n;

	(void)state;
	queued = 0;
	finished = 0;
	pthread_create(&thread, NULL, nic, NULL);
	for (n = 0; n < FRAMES; n++) {
		int slot;

		while (cap_holds_oldest(&holds) + sizeof(word) <= n &&
		       cap_holds_oldest(&holds) != U64_MAX)
			sched_yield();
		word[n % sizeof(word)] = (u8)n;
		while ((slot = cap_holds_take(&holds, n)) < 0 ||
		       n - smp_load_acquire(&finished) >= CAP_HOLDS) {
			if (slot >= 0)
				cap_holds_drop(&holds, slot);
			sched_yield();
		}
		at[slot] = n;
		queue[n % CAP_HOLDS] = slot;
		smp_store_release(&queued, n + 1);
	}
	pthread_join(thread, &bad);
	assert_null(bad);
	assert_int_equal(cap_holds_oldest(&holds), U64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keeps_the_oldest, setup, teardown),
		cmocka_unit_test_setup_teardown(has_so_many_slots, setup, teardown),
		cmocka_unit_test_setup_teardown(only_what_is_held, setup, teardown),
		cmocka_unit_test_setup_teardown(holds_the_ring, setup, teardown),
		cmocka_unit_test_setup_teardown(any_order, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
