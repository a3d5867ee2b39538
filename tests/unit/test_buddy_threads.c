// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Buddies under stress: a producer and a worker for each queue, one queue far
 * busier than the others, a low threshold, chunks returned late and out of
 * order. Each frame must be seen exactly once, and whole: a byte given back
 * too early would be overwritten under its reader. HPCAP_STRESS multiplies the
 * work (default 1: about a second a variant).
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include "fake_queue.h"
#include "hpcap_buddy.h"
#include "unit/t.h"

#define QUEUES 4
#define HOT    30000u /* frames of queue 0; the others have a tenth */
#define KEEP   3

static struct fake_queue q[QUEUES];
static struct hpcap_buddies *b;
static uint64_t frames[QUEUES];
static uint8_t *seen[QUEUES];
static bool over;

static uint32_t len_of(uint64_t n)
{
	return 60 + (uint32_t)(n * 37 % 1400);
}

static void *produce(void *arg)
{
	const unsigned int i = (unsigned int)(uintptr_t)arg;
	static __thread uint8_t frame[1500];
	unsigned int seed = i;
	uint64_t n;

	for (n = 0; n < frames[i]; n++) {
		memset(frame, (int)n, len_of(n));
		memcpy(frame, &n, sizeof(n));
		while (!fake_queue_put(&q[i], 1000000000 + n, frame, len_of(n))) {
			fake_queue_commit(&q[i]);
			sched_yield();
		}
		if (rand_r(&seed) % 32 == 0)
			fake_queue_commit(&q[i]);
	}
	fake_queue_commit(&q[i]);
	return NULL;
}

static uint64_t check_chunk(struct hpcap_chunk *c)
{
	struct hpcap_record rec;
	uint64_t n, bad = 0;

	while (hpcap_chunk_next(c, &rec) == 1) {
		memcpy(&n, rec.data, sizeof(n));
		if (n >= frames[c->queue] || rec.caplen != len_of(n) ||
		    rec.data[rec.caplen - 1] != (uint8_t)n ||
		    rec.data[rec.caplen / 2] != (uint8_t)n) {
			bad++;
			continue;
		}
		bad += __atomic_add_fetch(&seen[c->queue][n], 1, __ATOMIC_RELAXED) != 1;
	}
	return bad + (c->read != c->bytes);
}

static void *work(void *arg)
{
	const unsigned int me = (unsigned int)(uintptr_t)arg;
	struct hpcap_chunk kept[KEEP];
	unsigned int nr = 0, seed = me + 99;
	uint64_t bad = 0;

	while (!__atomic_load_n(&over, __ATOMIC_ACQUIRE)) {
		if (!hpcap_buddy_take(b, me, &kept[nr])) {
			/* idle: what is kept must not hold the ring for ever */
			while (nr)
				hpcap_buddy_return(b, &kept[--nr]);
			hpcap_buddy_wait(b, me, 200000);
			continue;
		}
		bad += check_chunk(&kept[nr++]);
		if (rand_r(&seed) % 8 == 0)
			sched_yield();
		while (nr == KEEP || (nr && rand_r(&seed) % 2)) {
			unsigned int k = (unsigned int)rand_r(&seed) % nr;

			hpcap_buddy_return(b, &kept[k]);
			kept[k] = kept[--nr];
		}
	}
	while (nr)
		hpcap_buddy_return(b, &kept[--nr]);
	return (void *)(uintptr_t)bad;
}

static bool all_read(void)
{
	unsigned int i;

	for (i = 0; i < QUEUES; i++)
		if (q[i].head - __atomic_load_n(&q[i].cursor->ack, __ATOMIC_ACQUIRE) >=
		    HPCAP_CHUNK_SIZE + 1500)
			return false;
	return true;
}

static void run(uint32_t threshold)
{
	const struct hpcap_buddy_options opt = {.threshold = threshold};
	pthread_t producer[QUEUES], worker[QUEUES];
	const char *stress = getenv("HPCAP_STRESS");
	struct hpcap_buddy_report rep;
	struct hpcap_handle *h[QUEUES];
	uint64_t n, helped = 0;
	unsigned int i;
	void *bad;

	over = false;
	for (i = 0; i < QUEUES; i++) {
		fake_queue_create(&q[i], (int)i, HPCAP_RING_MIN, HPCAP_STRICT);
		frames[i] = (i ? HOT / 10 : HOT) * (stress ? strtoul(stress, NULL, 10) : 1);
		seen[i] = calloc(frames[i], 1);
		h[i] = &q[i].h;
	}
	assert_int_equal(hpcap_buddies_create(&b, h, QUEUES, &opt), 0);
	for (i = 0; i < QUEUES; i++) {
		pthread_create(&worker[i], NULL, work, (void *)(uintptr_t)i);
		pthread_create(&producer[i], NULL, produce, (void *)(uintptr_t)i);
	}
	for (i = 0; i < QUEUES; i++)
		pthread_join(producer[i], NULL);
	while (!all_read())
		sched_yield();
	/* the last unit of each queue is taken when the workers look again */
	for (i = 0; i < QUEUES; i++)
		for (n = 0; n < frames[i]; n++)
			while (!__atomic_load_n(&seen[i][n], __ATOMIC_RELAXED))
				sched_yield();
	__atomic_store_n(&over, true, __ATOMIC_RELEASE);
	for (i = 0; i < QUEUES; i++) {
		pthread_join(worker[i], &bad);
		assert_null(bad);
		assert_int_equal(hpcap_buddy_get_report(b, i, &rep), 0);
		helped += rep.helped_chunks;
		assert_true(q[i].head - q[i].cursor->ack < HPCAP_CHUNK_SIZE + 1500);
	}
	if (threshold == 100)
		assert_int_equal(helped, 0);
	else
		assert_true(helped > 0);
	hpcap_buddies_destroy(b);
	for (i = 0; i < QUEUES; i++) {
		fake_queue_destroy(&q[i]);
		free(seen[i]);
	}
}

static void advanced(void **state)
{
	(void)state;
	run(5);
}

static void basic(void **state)
{
	(void)state;
	run(100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advanced),
		cmocka_unit_test(basic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
