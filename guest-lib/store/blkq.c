// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which way blocks take to the disk. */
#include <errno.h>
#include <stdlib.h>
#include "blkq.h"

struct blkq {
	const struct blkq_ops *ops;
	void *self;
};

int blkq_create(struct blkq **out, enum blkq_kind kind, unsigned int depth)
{
	struct blkq *q;
	int err = -ENOSYS;

	if (depth < 1 || depth > BLKQ_DEPTH_MAX)
		return -EINVAL;
	q = calloc(1, sizeof(*q));
	if (!q)
		return -ENOMEM;
	if (kind != BLKQ_THREADS) {
		q->ops = &blkq_uring;
		err = q->ops->create(&q->self, depth);
	}
	if (err && kind != BLKQ_URING) {
		q->ops = &blkq_threads;
		err = q->ops->create(&q->self, depth);
	}
	if (err) {
		free(q);
		return err;
	}
	*out = q;
	return 0;
}

void blkq_destroy(struct blkq *q)
{
	if (!q)
		return;
	q->ops->destroy(q->self);
	free(q);
}

const char *blkq_name(const struct blkq *q)
{
	return q->ops->name;
}

void blkq_submit(struct blkq *q, struct blkq_job *job)
{
	job->done = 0;
	job->result = 0;
	q->ops->submit(q->self, job);
}

struct blkq_job *blkq_reap(struct blkq *q)
{
	return q->ops->reap(q->self);
}

int blkq_fd(const struct blkq *q)
{
	return q->ops->fd(q->self);
}
