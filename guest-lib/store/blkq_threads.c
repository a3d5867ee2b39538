// SPDX-License-Identifier: LGPL-2.1-or-later
/* Blocks by threads that call pwrite(2), for kernels that refuse io_uring. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "blkq.h"

struct list {
	struct blkq_job *first;
	struct blkq_job **end;
};

/**
 * struct threads - a queue of jobs and who works on it
 * @lock: guards @todo, @done and @stop
 * @more: something was put into @todo, or @stop is set
 * @todo: jobs nobody has begun
 * @done: jobs that have ended
 * @stop: the threads shall end
 * @event: counts the jobs in @done, for poll(2)
 * @nr: threads
 * @thread: they
 */
struct threads {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct list todo;
	struct list done;
	bool stop;
	int event;
	unsigned int nr;
	pthread_t thread[BLKQ_DEPTH_MAX];
};

static void push(struct list *l, struct blkq_job *job)
{
	job->next = NULL;
	*l->end = job;
	l->end = &job->next;
}

static struct blkq_job *pop(struct list *l)
{
	struct blkq_job *job = l->first;

	if (!job)
		return NULL;
	l->first = job->next;
	if (!l->first)
		l->end = &l->first;
	return job;
}

static void work_on(struct blkq_job *job)
{
	while (job->done < job->size) {
		ssize_t n = pwrite(job->fd, job->data + job->done, job->size - job->done,
				   (off_t)(job->off + job->done));

		if (n > 0) {
			job->done += (uint64_t)n;
		} else if (n == 0 || errno != EINTR) {
			job->result = n ? -errno : -EIO;
			return;
		}
	}
}

static void *work(void *arg)
{
	struct threads *t = arg;
	const uint64_t one = 1;
	struct blkq_job *job;

	pthread_mutex_lock(&t->lock);
	for (;;) {
		job = pop(&t->todo);
		if (!job && t->stop)
			break;
		if (!job) {
			pthread_cond_wait(&t->more, &t->lock);
			continue;
		}
		pthread_mutex_unlock(&t->lock);
		work_on(job);
		pthread_mutex_lock(&t->lock);
		push(&t->done, job);
		if (write(t->event, &one, sizeof(one)) < 0)
			abort(); /* an eventfd takes 2^64 - 2 jobs */
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

static void threads_destroy(void *self)
{
	struct threads *t = self;
	unsigned int i;

	pthread_mutex_lock(&t->lock);
	t->stop = true;
	pthread_cond_broadcast(&t->more);
	pthread_mutex_unlock(&t->lock);
	for (i = 0; i < t->nr; i++)
		pthread_join(t->thread[i], NULL);
	if (t->event >= 0)
		close(t->event);
	pthread_cond_destroy(&t->more);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static int threads_create(void **self, unsigned int depth)
{
	struct threads *t = calloc(1, sizeof(*t));
	sigset_t all, old;
	int err = 0;

	if (!t)
		return -ENOMEM;
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->more, NULL);
	t->todo.end = &t->todo.first;
	t->done.end = &t->done.first;
	t->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->event < 0)
		err = -errno;
	/* signals are the program's, not these threads' */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (!err && t->nr < depth) {
		err = -pthread_create(&t->thread[t->nr], NULL, work, t);
		t->nr += !err;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err) {
		threads_destroy(t);
		return err;
	}
	*self = t;
	return 0;
}

static void threads_submit(void *self, struct blkq_job *job)
{
	struct threads *t = self;

	pthread_mutex_lock(&t->lock);
	push(&t->todo, job);
	pthread_cond_signal(&t->more);
	pthread_mutex_unlock(&t->lock);
}

static struct blkq_job *threads_reap(void *self)
{
	struct threads *t = self;
	struct blkq_job *job;
	uint64_t n;

	pthread_mutex_lock(&t->lock);
	job = pop(&t->done);
	if (!t->done.first && read(t->event, &n, sizeof(n)) < 0 && errno != EAGAIN)
		abort();
	pthread_mutex_unlock(&t->lock);
	return job;
}

static int threads_fd(const void *self)
{
	return ((const struct threads *)self)->event;
}

const struct blkq_ops blkq_threads = {
	.name = "threads",
	.create = threads_create,
	.destroy = threads_destroy,
	.submit = threads_submit,
	.reap = threads_reap,
	.fd = threads_fd,
};
