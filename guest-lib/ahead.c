// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How much of a file there is to read, and threads that read it ahead of who takes
 * its bytes. What the page cache has comes from there; the rest comes past it, for
 * bringing in pages that are used once costs more than the disk does. Several pieces
 * at once: a disk that writes at the same time gives one alone less than its half.
 */
#include "ahead.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "priv.h"
#include "stream.h"

enum {
	READERS = 3,
	SLOTS = 6,
	SLOT_SIZE = 2 << 20,
	PAGE = 4096,
	PAGES = SLOT_SIZE / PAGE,
	TAIL_MAX = 1 << 17, /* zeros that a finished file may end with */
};

/**
 * struct slot - a piece of the file
 * @data: its bytes, aligned for the disk
 * @full: read, and not taken yet
 * @n: how many; less than a slot holds is the last that can be read
 * @err: why no more, a negative errno, or 0 at the end of the file
 */
struct slot {
	uint8_t *data;
	bool full;
	size_t n;
	int err;
};

/**
 * struct hpcap_ahead - a file read ahead
 * @fd: the caller's
 * @direct: the same file past the page cache, -1 where that cannot be
 * @begin: where the first slot begins
 * @limit: where reading ends
 * @at: bytes taken of the slot at hand, the caller's
 * @lock: guards what follows, but no bytes of a slot
 * @more: a slot was filled or taken, or @stop is set
 * @claimed: slots that a thread reads or has read, ever
 * @taken: slots, ever
 * @ended: no slot is claimed any more: one had the end, or an error
 * @stop: the threads shall end
 * @thread: they
 * @readers: how many
 * @slot: in turn
 */
struct hpcap_ahead {
	int fd;
	int direct;
	uint64_t begin;
	uint64_t limit;
	size_t at;
	pthread_mutex_t lock;
	pthread_cond_t more;
	uint64_t claimed;
	uint64_t taken;
	bool ended;
	bool stop;
	pthread_t thread[READERS];
	int readers;
	struct slot slot[SLOTS];
};

/*
 * A file that is being written, or was left by a crash, has its full size from the
 * start: behind what was written a hole reaches to its end. A finished file has no
 * such hole longer than a record and its padding, even if it was copied sparsely.
 */
uint64_t hpcap_stream_written(int fd, uint64_t size)
{
	off_t here = lseek(fd, 0, SEEK_CUR), hole = 0, data;

	for (;;) {
		hole = lseek(fd, hole, SEEK_HOLE);
		data = hole < 0 ? -1 : lseek(fd, hole, SEEK_DATA);
		if (data < 0)
			break;
		hole = data;
	}
	lseek(fd, here, SEEK_SET);
	return hole >= 0 && size > TAIL_MAX && (uint64_t)hole < size - TAIL_MAX ? (uint64_t)hole
										: size;
}

/* Is most of it in the page cache? Where the kernel does not tell, it says so. */
static bool is_cached(int fd, uint64_t off)
{
	unsigned char there[PAGES];
	unsigned int n = 0, i;
	void *map = mmap(NULL, SLOT_SIZE, PROT_READ, MAP_SHARED, fd, (off_t)off);
	int err;

	if (map == MAP_FAILED)
		return true;
	err = mincore(map, SLOT_SIZE, there);
	munmap(map, SLOT_SIZE);
	for (i = 0; !err && i < PAGES; i++)
		n += there[i] & 1;
	return err || n > PAGES / 2;
}

static ssize_t read_at(int fd, uint8_t *data, size_t size, uint64_t off)
{
	ssize_t n;

	do
		n = pread(fd, data, size, (off_t)off);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static void read_slot(const struct hpcap_ahead *a, struct slot *s, uint64_t off)
{
	const uint64_t size = off < a->limit ? min_u64(SLOT_SIZE, a->limit - off) : 0;
	const bool past_cache = size && a->direct >= 0 && !is_cached(a->fd, off);
	ssize_t n = 1;

	for (s->n = 0; s->n < size && n > 0; s->n += n > 0 ? (size_t)n : 0) {
		uint8_t *data = s->data + s->n;

		n = -EINVAL;
		/* a piece before may have ended within a sector */
		if (past_cache && s->n % PAGE == 0)
			n = read_at(a->direct, data, SLOT_SIZE - s->n, off + s->n);
		if (n == -EINVAL)
			n = read_at(a->fd, data, SLOT_SIZE - s->n, off + s->n);
	}
	s->n = min_u64(s->n, size);
	s->err = n < 0 ? (int)n : 0;
}

static void *work(void *arg)
{
	struct hpcap_ahead *a = arg;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && !a->ended) {
		const uint64_t off = a->begin + a->claimed * SLOT_SIZE;
		struct slot *s = &a->slot[a->claimed % SLOTS];

		if (a->claimed - a->taken == SLOTS) {
			pthread_cond_wait(&a->more, &a->lock);
			continue;
		}
		a->claimed++;
		pthread_mutex_unlock(&a->lock);
		read_slot(a, s, off);
		pthread_mutex_lock(&a->lock);
		s->full = true;
		a->ended |= s->n < SLOT_SIZE;
		pthread_cond_broadcast(&a->more);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

static void halt(struct hpcap_ahead *a)
{
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_broadcast(&a->more);
	pthread_mutex_unlock(&a->lock);
	while (a->readers)
		pthread_join(a->thread[--a->readers], NULL);
}

static void release(struct hpcap_ahead *a)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		free(a->slot[i].data);
	if (a->direct >= 0)
		close(a->direct);
	pthread_cond_destroy(&a->more);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

static int start(struct hpcap_ahead *a)
{
	sigset_t all, old;
	int err = 0, i;

	for (i = 0; i < SLOTS && !err; i++)
		err = -posix_memalign((void **)&a->slot[i].data, PAGE, SLOT_SIZE);
	if (err)
		return err;
	/* signals are the program's, not these threads' */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (a->readers < READERS && !err) {
		err = -pthread_create(&a->thread[a->readers], NULL, work, a);
		a->readers += !err;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return a->readers ? 0 : err;
}

int hpcap_ahead_create(struct hpcap_ahead **out, int fd, uint64_t from, uint64_t limit)
{
	struct hpcap_ahead *a = calloc(1, sizeof(*a));
	char path[64];
	int err;

	if (!a)
		return -ENOMEM;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	a->fd = fd;
	a->direct = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	a->at = from % PAGE;
	a->begin = from - a->at;
	a->limit = limit;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->more, NULL);
	err = start(a);
	if (err) {
		release(a);
		return err;
	}
	*out = a;
	return 0;
}

void hpcap_ahead_destroy(struct hpcap_ahead *a)
{
	if (!a)
		return;
	halt(a);
	release(a);
}

/* The slot at hand, filled. The last one stays it. */
static struct slot *at_hand(struct hpcap_ahead *a)
{
	struct slot *s = &a->slot[a->taken % SLOTS];

	pthread_mutex_lock(&a->lock);
	while (!s->full)
		pthread_cond_wait(&a->more, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return s;
}

static void take_slot(struct hpcap_ahead *a, struct slot *s)
{
	pthread_mutex_lock(&a->lock);
	s->full = false;
	a->taken++;
	pthread_cond_broadcast(&a->more);
	pthread_mutex_unlock(&a->lock);
}

ssize_t hpcap_ahead_read(struct hpcap_ahead *a, void *buf, size_t size)
{
	struct slot *s = at_hand(a);
	size_t n;

	if (a->at >= s->n)
		return s->err;
	n = min_u64(size, s->n - a->at);
	memcpy(buf, s->data + a->at, n);
	a->at += n;
	if (a->at == SLOT_SIZE) {
		a->at = 0;
		take_slot(a, s);
	}
	return (ssize_t)n;
}
