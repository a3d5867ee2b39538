// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How much of a file there is to read, and a thread that reads it ahead of who takes
 * its bytes. What the page cache has comes from there; the rest comes past it, for
 * bringing in pages that are used once costs more than the disk does.
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
	SLOTS = 4,
	SLOT_SIZE = 2 << 20,
	PAGE = 4096,
	PAGES = SLOT_SIZE / PAGE,
	TAIL_MAX = 1 << 17, /* zeros that a finished file may end with */
};

/**
 * struct slot - a piece of the file
 * @data: its bytes, aligned for the disk
 * @n: how many, 0 at the end of the file, or a negative errno
 */
struct slot {
	uint8_t *data;
	ssize_t n;
};

/**
 * struct hpcap_ahead - a file read ahead
 * @fd: the caller's
 * @direct: the same file past the page cache, -1 where that cannot be; the thread's
 * @pos: the thread's place in the file
 * @limit: where it ends reading
 * @at: bytes taken of the slot at hand, the caller's
 * @lock: guards what follows
 * @more: a slot was filled or taken, or @stop is set
 * @filled: slots, ever
 * @taken: slots, ever
 * @stop: the thread shall end
 * @thread: it
 * @slot: in turn
 */
struct hpcap_ahead {
	int fd;
	int direct;
	uint64_t pos;
	uint64_t limit;
	size_t at;
	pthread_mutex_t lock;
	pthread_cond_t more;
	uint64_t filled;
	uint64_t taken;
	bool stop;
	pthread_t thread;
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

static ssize_t read_at(int fd, uint8_t *data, uint64_t off)
{
	ssize_t n;

	do
		n = pread(fd, data, SLOT_SIZE, (off_t)off);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static ssize_t read_slot(struct hpcap_ahead *a, uint8_t *data)
{
	ssize_t n = -EINVAL;

	if (a->pos >= a->limit)
		return 0;
	if (a->direct >= 0 && !is_cached(a->fd, a->pos))
		n = read_at(a->direct, data, a->pos);
	/* no O_DIRECT here, or a piece before ended within a sector */
	if (n == -EINVAL)
		n = read_at(a->fd, data, a->pos);
	if (n > 0) {
		n = (ssize_t)min_u64((uint64_t)n, a->limit - a->pos);
		a->pos += (uint64_t)n;
	}
	return n;
}

static void *work(void *arg)
{
	struct hpcap_ahead *a = arg;
	ssize_t n = 1;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && n > 0) {
		struct slot *s = &a->slot[a->filled % SLOTS];

		if (a->filled - a->taken == SLOTS) {
			pthread_cond_wait(&a->more, &a->lock);
			continue;
		}
		pthread_mutex_unlock(&a->lock);
		n = read_slot(a, s->data);
		pthread_mutex_lock(&a->lock);
		s->n = n;
		a->filled++;
		pthread_cond_signal(&a->more);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
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
	/* signals are the program's, not this thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = -pthread_create(&a->thread, NULL, work, a);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err;
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
	a->pos = from - a->at;
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
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_signal(&a->more);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	release(a);
}

/* The slot at hand, filled. */
static struct slot *at_hand(struct hpcap_ahead *a)
{
	pthread_mutex_lock(&a->lock);
	while (a->filled == a->taken)
		pthread_cond_wait(&a->more, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return &a->slot[a->taken % SLOTS];
}

ssize_t hpcap_ahead_read(struct hpcap_ahead *a, void *buf, size_t size)
{
	struct slot *s = at_hand(a);
	size_t n;

	if (s->n <= 0)
		return s->n;
	/* the file ends before the place to begin at */
	if (a->at >= (size_t)s->n)
		return 0;
	n = min_u64(size, (size_t)s->n - a->at);
	memcpy(buf, s->data + a->at, n);
	a->at += n;
	if (a->at < (size_t)s->n)
		return (ssize_t)n;
	a->at = 0;
	pthread_mutex_lock(&a->lock);
	a->taken++;
	pthread_cond_signal(&a->more);
	pthread_mutex_unlock(&a->lock);
	return (ssize_t)n;
}
