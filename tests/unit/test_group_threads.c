// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Queues filled by threads of their own, read as one: nothing is lost, each
 * queue's frames come in their order, and what the report calls late is all
 * that is out of order.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include "fake_queue.h"
#include "group.h"
#include "unit/t.h"

#define QUEUES 4
#define FRAMES 20000

static struct fake_queue q[QUEUES];

static uint64_t stamp(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void *produce(void *arg)
{
	struct fake_queue *me = arg;
	unsigned int seed = (unsigned int)(me - q);
	uint64_t n;

	for (n = 0; n < FRAMES; n++) {
		uint64_t frame[16] = {n};

		while (!fake_queue_put(me, stamp(), frame, 60 + n % 60))
			sched_yield();
		if (rand_r(&seed) % 16 == 0) {
			fake_queue_commit(me);
			sched_yield();
		}
	}
	fake_queue_commit(me);
	fake_queue_end(me, HPCAP_LISTENER_GONE);
	return NULL;
}

static void read_all(struct hpcap_group *g, uint64_t *late)
{
	uint64_t next[QUEUES] = {0}, last = 0, n, ns;
	struct hpcap_record rec;
	unsigned int member, i, taken = 0;
	int err;

	while ((err = hpcap_group_wait(g, -1)) == 0) {
		while (hpcap_group_next(g, &rec, &member) == 1) {
			memcpy(&n, rec.data, sizeof(n));
			assert_int_equal(n, next[member]++);
			ns = rec.sec * 1000000000ull + rec.nsec;
			*late += ns < last;
			last = ns > last ? ns : last;
			if (++taken % 100 == 0)
				hpcap_group_ack(g);
		}
	}
	assert_int_equal(err, -ENODEV);
	for (i = 0; i < QUEUES; i++)
		assert_int_equal(next[i], FRAMES);
}

static void run(uint32_t order)
{
	const struct hpcap_group_options opt = {.order = order, .window_ns = 5000000};
	struct hpcap_group_report rep;
	pthread_t thread[QUEUES];
	struct hpcap_group *g;
	uint64_t late = 0;
	int i;

	assert_int_equal(hpcap_group_create(&g, &opt), 0);
	for (i = 0; i < QUEUES; i++) {
		fake_queue_create(&q[i], i, HPCAP_RING_MIN, HPCAP_STRICT);
		assert_int_equal(hpcap_group_add(g, &q[i].h), i);
	}
	for (i = 0; i < QUEUES; i++)
		pthread_create(&thread[i], NULL, produce, &q[i]);
	read_all(g, &late);
	for (i = 0; i < QUEUES; i++)
		pthread_join(thread[i], NULL);
	hpcap_group_get_report(g, &rep);
	assert_int_equal(rep.frames, QUEUES * FRAMES);
	assert_int_equal(rep.late, late);
	assert_int_equal(rep.missed, 0);
	hpcap_group_destroy(g);
	for (i = 0; i < QUEUES; i++)
		fake_queue_destroy(&q[i]);
}

static void ordered(void **state)
{
	(void)state;
	run(HPCAP_GROUP_ORDERED);
}

static void unordered(void **state)
{
	(void)state;
	run(HPCAP_GROUP_UNORDERED);
}

/* The queue whose next frame has that number; 0, which has none, when there is no such. */
static int whose(const uint64_t *next, uint64_t n)
{
	int i;

	for (i = QUEUES - 1; i > 0 && next[i] != n; i--)
		;
	assert_int_not_equal(i, 0);
	return i;
}

/* The same through a merged queue, by calls that know one queue only. */
static void merged(void **state)
{
	const struct hpcap_group_options opt = {.window_ns = 5000000};
	struct hpcap_group_report rep;
	uint64_t next[QUEUES] = {0}, late = 0, last = 0, frames = 0;
	struct hpcap_record rec;
	struct hpcap_merge *m;
	struct hpcap_handle h;
	struct hpcap_group *g;
	pthread_t thread[QUEUES];
	int i, err;

	(void)state;
	assert_int_equal(hpcap_group_create(&g, &opt), 0);
	for (i = 0; i < QUEUES; i++) {
		fake_queue_create(&q[i], i, HPCAP_RING_MIN, i ? HPCAP_STRICT : HPCAP_LOSSY);
		assert_int_equal(hpcap_group_add(g, &q[i].h), i);
	}
	assert_int_equal(hpcap_merge_open(&m, &h, g, HPCAP_RING_MIN), 0);
	assert_int_equal(hpcap_wait_for(&h, 1, 1000000), -ETIMEDOUT);
	/* a lossy member is overtaken by design, which TSan takes for a race */
	for (i = 1; i < QUEUES; i++)
		pthread_create(&thread[i], NULL, produce, &q[i]);
	fake_queue_end(&q[0], HPCAP_LISTENER_GONE);
	while ((err = hpcap_wait_for(&h, 1000, 2000000)) == 0 || err == -ETIMEDOUT)
		while (hpcap_next(&h, &rec) == 1) {
			uint64_t ns = rec.sec * 1000000000ull + rec.nsec, n;

			memcpy(&n, rec.data, sizeof(n));
			next[whose(next, n)]++;
			frames++;
			late += ns < last;
			last = ns > last ? ns : last;
		}
	assert_int_equal(err, -ENODEV);
	for (i = 1; i < QUEUES; i++)
		pthread_join(thread[i], NULL);
	hpcap_merge_get_report(m, &rep);
	assert_int_equal(frames, (QUEUES - 1) * FRAMES);
	assert_int_equal(rep.frames, frames);
	assert_int_equal(rep.late, late);
	assert_int_equal(rep.active, 0);
	hpcap_merge_close(m);
	for (i = 0; i < QUEUES; i++)
		fake_queue_destroy(&q[i]);
}

static void merged_wrongly(void **state)
{
	struct hpcap_merge *m;
	struct hpcap_handle h;
	struct hpcap_group *g;

	(void)state;
	assert_int_equal(hpcap_group_create(&g, NULL), 0);
	assert_int_equal(hpcap_merge_open(&m, &h, g, 1000000), -EINVAL);
	assert_null(m);
	hpcap_merge_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordered),
		cmocka_unit_test(unordered),
		cmocka_unit_test(merged),
		cmocka_unit_test(merged_wrongly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
