// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Producer and readers in threads of their own: each frame checks itself. Run
 * under TSan this shows that the barriers are where they must be.
 */
#include <pthread.h>
#include <sched.h>

#include "rig.h"
#include "unit/t.h"

#define FRAMES 60000

static struct rig rig;
static bool done;

/**
 * struct result - what a reader saw
 * @read: frames read
 * @bad: frames that were not what their number says
 * @rd: its reader
 * @nap: sleep between looks, so that a lossy one is overtaken
 */
struct result {
	u64 read;
	u64 bad;
	struct reader rd;
	bool nap;
};

static u32 len_of(u64 n)
{
	return 60 + n * 31 % 1455;
}

/* A reader of its own accord: frames carry the number of their place. */
static void *read_all(void *arg)
{
	static __thread u8 frame[HPCAP_CAPLEN_MAX];
	struct result *res = arg;
	struct hpcap_rec rec;

	for (;;) {
		bool last = __atomic_load_n(&done, __ATOMIC_ACQUIRE);

		while (reader_next(&res->rd, &rec, frame)) {
			u64 n = res->rd.seq - 1;

			res->read++;
			res->bad +=
				rec.caplen != len_of(n) || !frame_good(frame, n, rec.caplen);
			if (res->read % 16 == 0)
				reader_ack(&res->rd);
			if (res->nap && res->read % 1000 == 0)
				nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
		}
		reader_ack(&res->rd);
		if (last)
			return NULL;
		sched_yield();
	}
}

/* Room for a whole batch is waited for: then each frame's place is its number. */
static void wait_for_room(u32 bytes)
{
	for (;;) {
		u64 tail = cap_listeners_tail(&rig.poll.listeners, &rig.poll.ring);

		if (tail == CAP_NO_TAIL ||
		    tail + rig.poll.ring.size - rig.poll.ring.head > bytes)
			return;
		sched_yield();
	}
}

static void produce(void)
{
	static u8 frame[2048];
	u64 n = 0;

	while (n < FRAMES) {
		int i;

		for (i = 0; i < 8; i++, n++) {
			frame_make(frame, n, len_of(n));
			assert_true(fake_nic_push(&rig.nic, frame, len_of(n), 0, 0));
		}
		wait_for_room(8 * 2048);
		assert_int_equal(rig_step(&rig), 8);
	}
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
}

static void run(struct result *res, int n)
{
	pthread_t thread[4];
	int i;

	done = false;
	for (i = 0; i < n; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, read_all, &res[i]), 0);
	produce();
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
}

static void strict_and_lossy(void **state)
{
	struct result res[3] = {{.nap = false}, {.nap = true}, {.nap = false}};
	int i;

	(void)state;
	rig_init(&rig, HPCAP_RING_MIN, 64, 2048, CAP_CLOCK_TSC);
	rig_attach(&rig, &res[0].rd, HPCAP_STRICT, "strict");
	rig_attach(&rig, &res[1].rd, HPCAP_LOSSY, "sleepy");
	rig_attach(&rig, &res[2].rd, HPCAP_LOSSY, "lossy");
	run(res, 3);
	for (i = 0; i < 3; i++) {
		assert_int_equal(res[i].bad, 0);
		assert_int_equal(res[i].read + res[i].rd.missed, rig.poll.ring.seq);
	}
	assert_int_equal(res[0].rd.missed, 0);
	assert_int_equal(res[0].rd.cursor->state, HPCAP_LISTENER_ATTACHED);
	rig_deinit(&rig);
}

/* Without a strict one nobody slows the producer down. */
static void lossy_only(void **state)
{
	struct result res[2] = {{.nap = true}, {.nap = false}};

	(void)state;
	rig_init(&rig, HPCAP_RING_MIN, 64, 2048, CAP_CLOCK_TSC);
	rig_attach(&rig, &res[0].rd, HPCAP_LOSSY, "sleepy");
	rig_attach(&rig, &res[1].rd, HPCAP_LOSSY, "lossy");
	run(res, 2);
	assert_int_equal(res[0].bad, 0);
	assert_int_equal(res[1].bad, 0);
	assert_int_equal(res[0].read + res[0].rd.missed, rig.poll.ring.seq);
	assert_int_equal(res[1].read + res[1].rd.missed, rig.poll.ring.seq);
	assert_int_equal(rig.poll.stats.slow_client, 0);
	rig_deinit(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strict_and_lossy),
		cmocka_unit_test(lossy_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
