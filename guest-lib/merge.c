// SPDX-License-Identifier: LGPL-2.1-or-later
/* A group as one queue in this program's memory, written by a thread. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include "hpcap_group.h"
#include "memq.h"
#include "priv.h"

#define RING_DEFAULT (16ull << 20)
#define SLICE_NS     20000000ll /* longest sleep; bounds how late the end is seen */
#define NAP_NS	     200000
#define COMMIT_EVERY 64

/**
 * struct hpcap_merge - the queue and its thread
 * @h: the reader's handle
 * @g: where frames come from; the thread's
 * @q: the new queue; the thread's
 * @lock: guards @rep
 * @rep: of the group, as of a moment ago
 * @stop: the thread shall end
 * @finish: the thread shall take what is there, then end
 * @thread: takes and copies
 */
struct hpcap_merge {
	struct hpcap_handle *h;
	struct hpcap_group *g;
	struct hpcap_memq q;
	pthread_mutex_t lock; /* see above */
	struct hpcap_group_report rep;
	bool stop;
	bool finish;
	pthread_t thread;
};

static void tell(struct hpcap_merge *m)
{
	pthread_mutex_lock(&m->lock);
	hpcap_group_get_report(m->g, &m->rep);
	hpcap_memq_set_lost(&m->q, m->rep.missed);
	pthread_mutex_unlock(&m->lock);
}

/* Everything that is there and fits. Return: a negative errno ends it. */
static int pump(struct hpcap_merge *m, uint8_t *copy)
{
	struct hpcap_record rec;
	int ret = 1, n = 0;

	while (hpcap_memq_has_room(&m->q) && n < COMMIT_EVERY) {
		ret = hpcap_group_next_copy(m->g, &rec, copy, HPCAP_CAPLEN_MAX, NULL);
		if (ret <= 0)
			break;
		hpcap_memq_put(&m->q, &rec);
		n++;
	}
	if (n) {
		hpcap_memq_commit(&m->q);
		hpcap_group_ack(m->g);
	}
	return ret < 0 ? ret : 0;
}

static void *run(void *arg)
{
	const struct timespec nap = {0, NAP_NS};
	static __thread uint8_t copy[HPCAP_CAPLEN_MAX];
	struct hpcap_merge *m = arg;
	bool finishing = false;
	int err = 0;

	while (!__atomic_load_n(&m->stop, __ATOMIC_RELAXED)) {
		if (!hpcap_memq_has_room(&m->q)) {
			nanosleep(&nap, NULL);
			continue;
		}
		if (!finishing && __atomic_load_n(&m->finish, __ATOMIC_RELAXED)) {
			finishing = true;
			hpcap_group_finish(m->g);
		}
		err = hpcap_group_wait(m->g, SLICE_NS);
		if (!err)
			err = pump(m, copy);
		tell(m);
		if (err && err != -ETIMEDOUT && err != -EINTR)
			break;
	}
	hpcap_memq_end(&m->q);
	return NULL;
}

static bool size_fits(uint64_t size)
{
	return size >= HPCAP_RING_MIN && size % HPCAP_CHUNK_SIZE == 0 && size <= INT64_MAX / 4;
}

int hpcap_merge_open(struct hpcap_merge **out, struct hpcap_handle *h, struct hpcap_group *g,
		     uint64_t ring)
{
	struct hpcap_merge *m = calloc(1, sizeof(*m));
	int err = m ? 0 : -ENOMEM;

	*out = NULL;
	*h = (struct hpcap_handle){.fd = -1};
	if (!err && ring && !size_fits(ring))
		err = -EINVAL;
	if (!err) {
		m->h = h;
		m->g = g;
		err = hpcap_memq_init(&m->q, h, ring ? ring : RING_DEFAULT);
	}
	if (!err) {
		pthread_mutex_init(&m->lock, NULL);
		err = -pthread_create(&m->thread, NULL, run, m);
	}
	if (err) {
		hpcap_group_destroy(g);
		hpcap_close(h);
		free(m);
		return err;
	}
	*out = m;
	return 0;
}

void hpcap_merge_finish(struct hpcap_merge *m)
{
	__atomic_store_n(&m->finish, true, __ATOMIC_RELAXED);
}

void hpcap_merge_get_report(struct hpcap_merge *m, struct hpcap_group_report *rep)
{
	pthread_mutex_lock(&m->lock);
	*rep = m->rep;
	pthread_mutex_unlock(&m->lock);
}

void hpcap_merge_close(struct hpcap_merge *m)
{
	if (!m)
		return;
	__atomic_store_n(&m->stop, true, __ATOMIC_RELAXED);
	pthread_join(m->thread, NULL);
	hpcap_group_destroy(m->g);
	hpcap_close(m->h);
	pthread_mutex_destroy(&m->lock);
	free(m);
}
