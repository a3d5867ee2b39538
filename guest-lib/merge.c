// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A group as one queue in this program's memory: the same pages as the engine's,
 * written by a thread, so that a reader cannot tell the difference.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "hpcap_group.h"
#include "priv.h"

#define RING_DEFAULT (16ull << 20)
#define SLICE_NS     20000000ll /* longest sleep; bounds how late the end is seen */
#define NAP_NS	     200000
#define COMMIT_EVERY 64

/**
 * struct hpcap_merge - the new queue and its thread
 * @h: the reader's handle
 * @g: where frames come from; the thread's
 * @ctrl: the producer's page, and the marks behind it
 * @marks: those
 * @cursor: the reader's page
 * @ring: mapped twice
 * @size: bytes of the ring
 * @head: bytes written; the thread's, like all below
 * @seq: frames written
 * @next_mark: the first record from here on gets a mark
 * @lock: guards @rep
 * @rep: of the group, as of a moment ago
 * @stop: the thread shall end
 * @finish: the thread shall take what is there, then end
 * @thread: takes and copies
 */
struct hpcap_merge {
	struct hpcap_handle *h;
	struct hpcap_group *g;
	struct hpcap_ctrl *ctrl;
	struct hpcap_mark *marks;
	struct hpcap_cursor *cursor;
	uint8_t *ring;
	uint64_t size;
	uint64_t head;
	uint64_t seq;
	uint64_t next_mark;
	pthread_mutex_t lock; /* see above */
	struct hpcap_group_report rep;
	bool stop;
	bool finish;
	pthread_t thread;
};

static uint8_t *map_twice(uint64_t size)
{
	uint8_t *at = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("hpcap_merge", MFD_CLOEXEC);
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_FIXED;
	bool good;

	good = at != MAP_FAILED && fd >= 0 && !ftruncate(fd, (off_t)size) &&
	       mmap(at, size, prot, flags, fd, 0) != MAP_FAILED &&
	       mmap(at + size, size, prot, flags, fd, 0) != MAP_FAILED;
	if (fd >= 0)
		close(fd);
	if (good)
		return at;
	if (at != MAP_FAILED)
		munmap(at, 2 * size);
	return NULL;
}

static void *map_pages(uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* What is mapped stands in the handle, so hpcap_close() undoes all of it. */
static int make_queue(struct hpcap_merge *m)
{
	const uint64_t nr = m->size / HPCAP_CHUNK_SIZE;
	const uint64_t marks = (nr * sizeof(*m->marks) + HPCAP_PAGE - 1) / HPCAP_PAGE;
	struct hpcap_handle *h = m->h;

	*h = (struct hpcap_handle){
		.fd = -1,
		.bufSize = m->size,
		.size = 2 * m->size,
		.meta_size = (1 + marks) * HPCAP_PAGE,
		.mode = HPCAP_STRICT,
	};
	m->ctrl = map_pages(h->meta_size);
	h->ctrl = m->ctrl;
	m->cursor = map_pages(HPCAP_PAGE);
	h->cursor = m->cursor;
	m->ring = map_twice(m->size);
	h->buf = m->ring;
	if (!m->ctrl || !m->cursor || !m->ring)
		return -ENOMEM;
	m->marks = (struct hpcap_mark *)((char *)m->ctrl + HPCAP_PAGE);
	h->marks = m->marks;
	m->next_mark = HPCAP_CHUNK_SIZE;
	*m->ctrl = (struct hpcap_ctrl){
		.magic = HPCAP_MAGIC,
		.abi = HPCAP_ABI,
		.ring_size = m->size,
		.nr_chunks = (uint32_t)nr,
		.state = HPCAP_STATE_RUNNING,
	};
	m->cursor->state = HPCAP_LISTENER_ATTACHED;
	return 0;
}

/* Room for the longest record? Acquire: pairs with the reader's release of ack. */
static bool has_room(const struct hpcap_merge *m)
{
	const uint64_t ack = __atomic_load_n(&m->cursor->ack, __ATOMIC_ACQUIRE);

	return m->head + HPCAP_CHUNK_SIZE - ack <= m->size;
}

static void put(struct hpcap_merge *m, const struct hpcap_record *rec)
{
	const struct rec_header hdr = {rec->sec, rec->nsec, rec->caplen, rec->len};
	uint8_t *to = m->ring + m->head % m->size;

	if (m->head >= m->next_mark) {
		const uint64_t chunk = m->head / HPCAP_CHUNK_SIZE;
		struct hpcap_mark *mark = &m->marks[chunk % m->ctrl->nr_chunks];

		__atomic_store_n(&mark->pos, m->head, __ATOMIC_RELAXED);
		__atomic_store_n(&mark->seq, m->seq, __ATOMIC_RELAXED);
		m->next_mark = (chunk + 1) * HPCAP_CHUNK_SIZE;
	}
	rec_store(to, &hdr);
	memcpy(to + HPCAP_REC_LEN, rec->data, rec->caplen);
	m->head += HPCAP_REC_LEN + rec->caplen;
	m->seq++;
}

static void commit(struct hpcap_merge *m)
{
	__atomic_store_n(&m->ctrl->seq, m->seq, __ATOMIC_RELAXED);
	/* Release: pairs with the reader's acquire of commit. */
	__atomic_store_n(&m->ctrl->commit, m->head, __ATOMIC_RELEASE);
}

static void tell(struct hpcap_merge *m)
{
	pthread_mutex_lock(&m->lock);
	hpcap_group_get_report(m->g, &m->rep);
	__atomic_store_n(&m->cursor->lost, m->rep.missed, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&m->lock);
}

/* Everything that is there and fits. Return: a negative errno ends it. */
static int pump(struct hpcap_merge *m, uint8_t *copy)
{
	struct hpcap_record rec;
	int ret = 1, n = 0;

	while (has_room(m) && n < COMMIT_EVERY) {
		ret = hpcap_group_next_copy(m->g, &rec, copy, HPCAP_CAPLEN_MAX, NULL);
		if (ret <= 0)
			break;
		put(m, &rec);
		n++;
	}
	if (n) {
		commit(m);
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
		if (!has_room(m)) {
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
	/* Release: what was committed before is seen by who sees the end. */
	__atomic_store_n(&m->ctrl->state, HPCAP_STATE_GONE, __ATOMIC_RELEASE);
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
		m->size = ring ? ring : RING_DEFAULT;
		err = make_queue(m);
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
