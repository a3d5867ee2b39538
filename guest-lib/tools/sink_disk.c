// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blocks of a file on their way to the disk. Space is reserved ahead of them, with the
 * file's size: writes within it need not wait for each other. What a killed program
 * leaves behind the last block is a hole, where readers of hpcap(5) stop.
 */
#include "sink_disk.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <store/blkq.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DEPTH = 8,
	BLOCKS = DEPTH + 1, /* one is being filled */
};

#define RESERVE (256ull << 20)

/**
 * struct disk_block - one write
 * @job: for the queue; first, so that a job is a block
 * @buf: aligned memory
 * @flying: it is on its way
 * @again: it was refused once
 */
struct disk_block {
	struct blkq_job job;
	uint8_t *buf;
	bool flying;
	bool again;
};

/**
 * struct sink_disk - a file past the page cache
 * @fd: the caller's
 * @q: blocks on their way
 * @off: bytes handed over
 * @good: of these, before the first that could not be written
 * @reserved: bytes of the file that have their space
 * @flying: blocks
 * @err: what writing one said
 * @at_hand: being filled
 * @block: all of them
 */
struct sink_disk {
	int fd;
	struct blkq *q;
	uint64_t off;
	uint64_t good;
	uint64_t reserved;
	unsigned int flying;
	int err;
	struct disk_block *at_hand;
	struct disk_block block[BLOCKS];
};

static int set_direct(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return -errno;
	return fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) ? -errno : 0;
}

int sink_disk_create(struct sink_disk **out, int fd, size_t block)
{
	struct sink_disk *d;
	struct stat st;
	int err, i;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size)
		return -EINVAL;
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->fd = fd;
	d->good = UINT64_MAX;
	err = blkq_create(&d->q, BLKQ_AUTO, DEPTH);
	for (i = 0; i < BLOCKS && !err; i++)
		err = -posix_memalign((void **)&d->block[i].buf, SINK_SECTOR, block);
	if (!err)
		err = set_direct(fd, true);
	if (err) {
		sink_disk_destroy(d);
		return err;
	}
	d->at_hand = &d->block[0];
	*out = d;
	return 0;
}

void sink_disk_destroy(struct sink_disk *d)
{
	int i;

	for (i = 0; i < BLOCKS; i++)
		free(d->block[i].buf);
	blkq_destroy(d->q);
	free(d);
}

uint8_t *sink_disk_block(const struct sink_disk *d)
{
	return d->at_hand->buf;
}

static void fly(struct sink_disk *d, struct disk_block *b)
{
	b->flying = true;
	d->flying++;
	blkq_submit(d->q, &b->job);
}

static void land(struct sink_disk *d, struct disk_block *b)
{
	b->flying = false;
	d->flying--;
	if (!b->job.result)
		return;
	/* the file system took the flag, but not the writes */
	if (b->job.result == -EINVAL && !b->again && !set_direct(d->fd, false)) {
		b->again = true;
		fly(d, b);
		return;
	}
	if (!d->err)
		d->err = b->job.result;
	if (b->job.off < d->good)
		d->good = b->job.off;
}

static void reap(struct sink_disk *d)
{
	struct pollfd pfd = {.fd = blkq_fd(d->q), .events = POLLIN};
	struct blkq_job *job = blkq_reap(d->q);

	if (!job)
		poll(&pfd, 1, -1);
	for (; job; job = blkq_reap(d->q))
		land(d, (struct disk_block *)job);
}

static struct disk_block *free_block(struct sink_disk *d)
{
	int i;

	for (;;) {
		for (i = 0; i < BLOCKS; i++)
			if (!d->block[i].flying && &d->block[i] != d->at_hand)
				return &d->block[i];
		reap(d);
	}
}

/* Without such space writing goes on, one after the other. */
static void reserve(struct sink_disk *d, uint64_t end)
{
	if (end <= d->reserved)
		return;
	if (fallocate(d->fd, 0, (off_t)d->reserved, RESERVE))
		d->reserved = UINT64_MAX;
	else
		d->reserved += RESERVE;
}

int sink_disk_next(struct sink_disk *d, size_t *fill)
{
	const size_t rest = *fill % SINK_SECTOR, whole = *fill - rest;
	struct disk_block *b = d->at_hand, *next;

	if (!whole)
		return d->err;
	next = free_block(d);
	memcpy(next->buf, b->buf + whole, rest);
	reserve(d, d->off + whole);
	b->job = (struct blkq_job){.fd = d->fd, .data = b->buf, .size = whole, .off = d->off};
	b->again = false;
	fly(d, b);
	d->off += whole;
	d->at_hand = next;
	*fill = rest;
	return d->err;
}

int sink_disk_finish(struct sink_disk *d)
{
	uint64_t end;
	int err;

	while (d->flying)
		reap(d);
	end = d->off < d->good ? d->off : d->good;
	err = set_direct(d->fd, false);
	if (!err && (ftruncate(d->fd, (off_t)end) || lseek(d->fd, (off_t)end, SEEK_SET) < 0))
		err = -errno;
	return d->err ? d->err : err;
}
