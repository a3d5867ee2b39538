// SPDX-License-Identifier: GPL-2.0-or-later
/* How fast a folder takes blocks of 1 MiB, written past the page cache. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "cli.h"
#include "storage.h"

enum {
	BLOCK = 1 << 20,
	SLICE_MS = 250,
};

/**
 * struct work - what the threads share
 * @fd: of the file
 * @blocks: that the file may have; behind the last comes the first again
 * @next: block to be written next
 * @start: time, ns
 * @end: time, ns
 * @slice: bytes whose writing ended in each slice of time
 * @err: errno of the first failure
 */
struct work {
	int fd;
	uint64_t blocks;
	atomic_ullong next;
	int64_t start;
	int64_t end;
	atomic_ullong *slice;
	atomic_int err;
};

/* Noise: neither a drive nor a file system may make it smaller. */
static void fill(uint64_t *word, size_t n, uint64_t seed)
{
	uint64_t x = seed * 0x9e3779b97f4a7c15ull + 1;

	while (n--) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		*word++ = x;
	}
}

static void *write_blocks(void *arg)
{
	struct work *w = arg;
	void *block = NULL;
	uint64_t n;
	int64_t now;

	if (posix_memalign(&block, 4096, BLOCK)) {
		atomic_store(&w->err, ENOMEM);
		return NULL;
	}
	fill(block, BLOCK / sizeof(uint64_t), atomic_load(&w->next) + (uintptr_t)block);
	while (!atomic_load(&w->err) && !cli_stopped()) {
		n = atomic_fetch_add(&w->next, 1);
		if (pwrite(w->fd, block, BLOCK, (off_t)(n % w->blocks) * BLOCK) != BLOCK) {
			atomic_store(&w->err, errno ? errno : EIO);
			break;
		}
		now = cli_now_ns();
		if (now >= w->end)
			break;
		atomic_fetch_add(&w->slice[(now - w->start) / (SLICE_MS * 1000000ll)], BLOCK);
	}
	free(block);
	return NULL;
}

/* A file without a name: nothing of it is left, however this ends. */
static int open_file(const char *dir)
{
	char path[4096];
	int fd = open(dir, O_TMPFILE | O_WRONLY | O_DIRECT | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	snprintf(path, sizeof(path), "%s/.hpcap-storage-check.%d", dir, getpid());
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_DIRECT | O_CLOEXEC, 0600);
	if (fd >= 0 || errno == EINVAL)
		unlink(path);
	return fd;
}

/* Blocks that the file may have: what was said, or nine tenths of the free space. */
static uint64_t room(int fd, const struct storage_load *load)
{
	struct statvfs st;
	uint64_t room;

	if (fstatvfs(fd, &st))
		return 0;
	room = (uint64_t)st.f_bavail * st.f_frsize / 10 * 9;
	if (load->size && load->size < room)
		room = load->size;
	return room / BLOCK;
}

static void run_threads(struct work *w, uint32_t depth)
{
	pthread_t thread[64];
	uint32_t n, i;

	for (n = 0; n < depth; n++)
		if (pthread_create(&thread[n], NULL, write_blocks, w))
			break;
	if (!n)
		atomic_store(&w->err, EAGAIN);
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
}

static void sum_up(struct work *w, size_t slices, struct storage_speed *speed)
{
	uint64_t *sum = calloc(slices, sizeof(*sum));
	size_t i;

	speed->seconds = (double)slices * SLICE_MS / 1000;
	for (i = 0; sum && i < slices; i++) {
		sum[i] = atomic_load(&w->slice[i]);
		speed->bytes += sum[i];
	}
	speed->mean = (double)speed->bytes / speed->seconds;
	if (sum)
		speed->low = storage_low(sum, slices, SLICE_MS / 1000.0);
	free(sum);
}

int storage_measure(const char *dir, const struct storage_load *load,
		    struct storage_speed *speed)
{
	const size_t slices = load->seconds * (size_t)1000 / SLICE_MS;
	struct work w = {.fd = open_file(dir)};
	int err = 0;

	memset(speed, 0, sizeof(*speed));
	if (w.fd < 0) {
		cli_error("%s: %s", dir,
			  errno == EINVAL
				  ? "this file system has no O_DIRECT; captures want XFS"
				  : strerror(errno));
		return -1;
	}
	w.blocks = room(w.fd, load);
	w.slice = calloc(slices, sizeof(*w.slice));
	if (!w.blocks || !w.slice) {
		err = w.blocks ? ENOMEM : ENOSPC;
	} else {
		w.start = cli_now_ns();
		w.end = w.start + load->seconds * CLI_NSEC;
		run_threads(&w, load->depth);
		err = atomic_load(&w.err);
	}
	if (err)
		cli_error("%s: %s", dir, strerror(err));
	else if (cli_stopped())
		cli_error("%s: interrupted, nothing is said of its speed", dir);
	else
		sum_up(&w, slices, speed);
	free(w.slice);
	close(w.fd);
	return err || cli_stopped() ? -1 : 0;
}
