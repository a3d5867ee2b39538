// SPDX-License-Identifier: LGPL-2.1-or-later
/* Blocks by io_uring: one system call hands a block over, none takes it back. */
#include <errno.h>
#include <liburing.h>
#include <stdlib.h>
#include <time.h>
#include "blkq.h"

enum {
	WRITE_MAX = 1 << 30 /* bytes of one request: a write's result is an int */
};

struct uring {
	struct io_uring ring;
};

static int uring_create(void **self, unsigned int depth)
{
	struct uring *u = calloc(1, sizeof(*u));
	int err;

	if (!u)
		return -ENOMEM;
	err = io_uring_queue_init(depth, &u->ring, 0);
	if (err) {
		free(u);
		return err;
	}
	*self = u;
	return 0;
}

static void uring_destroy(void *self)
{
	struct uring *u = self;

	io_uring_queue_exit(&u->ring);
	free(u);
}

/* The ring has a place for each job that may be on its way: there is always one. */
static void hand_over(struct uring *u, struct blkq_job *job)
{
	static const struct timespec ms = {.tv_nsec = 1000000};
	struct io_uring_sqe *sqe = io_uring_get_sqe(&u->ring);
	uint64_t left = job->size - job->done;

	io_uring_prep_write(sqe, job->fd, job->data + job->done,
			    (unsigned int)(left < WRITE_MAX ? left : WRITE_MAX),
			    job->off + job->done);
	io_uring_sqe_set_data(sqe, job);
	/* EAGAIN: the kernel has no memory for it now; as a disk that stalls */
	while (io_uring_submit(&u->ring) < 0)
		nanosleep(&ms, NULL);
}

static void uring_submit(void *self, struct blkq_job *job)
{
	hand_over(self, job);
}

static struct blkq_job *uring_reap(void *self)
{
	struct uring *u = self;
	struct io_uring_cqe *cqe;

	while (io_uring_peek_cqe(&u->ring, &cqe) == 0) {
		struct blkq_job *job = io_uring_cqe_get_data(cqe);
		int n = cqe->res;

		io_uring_cqe_seen(&u->ring, cqe);
		if (n > 0)
			job->done += (uint64_t)n;
		else if (n != -EINTR && n != -EAGAIN)
			job->result = n ? n : -EIO;
		if (job->result || job->done == job->size)
			return job;
		hand_over(u, job);
	}
	return NULL;
}

static int uring_fd(const void *self)
{
	return ((const struct uring *)self)->ring.ring_fd;
}

const struct blkq_ops blkq_uring = {
	.name = "io_uring",
	.create = uring_create,
	.destroy = uring_destroy,
	.submit = uring_submit,
	.reap = uring_reap,
	.fd = uring_fd,
};
