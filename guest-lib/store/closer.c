// SPDX-License-Identifier: LGPL-2.1-or-later
/* The thread that closes files and keeps the volumes tidy. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "closer.h"

enum {
	TIDY_S = 5 /* between two looks at what must go */
};

/**
 * struct task - close or flush
 * @next: behind it
 * @is_sync: only flush, the file stays open
 * @c: the file
 */
struct task {
	struct task *next;
	bool is_sync;
	struct closing c;
};

/**
 * struct closer - the thread and what it shall do
 * @opt: as given
 * @thread: it
 * @lock: guards the fields below up to @stop
 * @more: something changed there
 * @first: to do
 * @end: where the next task is linked
 * @syncing: a flush is waiting or under way
 * @stop: end when all is done
 * @safe: written by the thread only
 * @doubtful: frames whose flush failed: never safe; written by the thread only
 * @flushed: frames up to the last flush, good or bad; the thread's own
 * @removed: written by the thread only
 * @complained: retention failed and that was said; the thread's own
 */
struct closer {
	struct closer_options opt;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct task *first;
	struct task **end;
	bool syncing;
	bool stop;
	uint64_t safe;
	uint64_t doubtful;
	uint64_t flushed;
	uint64_t removed;
	bool complained;
};

static void say(struct closer *c, const char *volume, const char *path, const char *what,
		int err)
{
	char text[PATH_MAX + 256];

	snprintf(text, sizeof(text), "%s%s%s: %s: %s", volume, *path ? "/" : "", path, what,
		 strerror(err));
	c->opt.say(c->opt.say_arg, text);
}

static void tidy(struct closer *c)
{
	struct keep_report rep = {0};

	keep_apply(&c->opt.limits, c->opt.volume, c->opt.nr_volumes, (uint64_t)time(NULL), 0,
		   &rep);
	__atomic_fetch_add(&c->removed, rep.files, __ATOMIC_RELAXED);
	if (rep.failed && !c->complained)
		c->opt.say(c->opt.say_arg, "old files cannot be removed (permissions?)");
	c->complained = rep.failed;
}

static void remove_file(const struct closing *f)
{
	const struct volume v = {.path = f->volume};
	char path[PATH_MAX], index[PATH_MAX + sizeof(HPCAP_INDEX_SUFFIX)];

	if (!volume_path(&v, f->path, path, sizeof(path)))
		return;
	unlink(path);
	snprintf(index, sizeof(index), "%s" HPCAP_INDEX_SUFFIX, path);
	unlink(index);
}

/* The kernel tells of data that a flush could not write once, then takes it for written. */
static void flushed(struct closer *c, uint64_t frames, bool is_good)
{
	if (!is_good)
		__atomic_fetch_add(&c->doubtful, frames - c->flushed, __ATOMIC_RELAXED);
	c->flushed = frames;
	if (is_good)
		__atomic_store_n(&c->safe, frames - c->doubtful, __ATOMIC_RELEASE);
}

/* Data first, then the line that vouches for it. */
static void close_file(struct closer *c, struct closing *f)
{
	int err = 0;

	if (f->index && f->size && f->stream)
		hpcap_index_finish(f->index, f->size, f->stream);
	hpcap_index_destroy(f->index);
	if (!f->size) {
		remove_file(f);
		close(f->fd);
		return;
	}
	if (f->cut && ftruncate(f->fd, (off_t)f->size))
		err = errno;
	if (fdatasync(f->fd))
		err = errno;
	if (err)
		say(c, f->volume, f->path, "cannot be finished", err);
	f->line.path = f->path;
	if (!err) {
		err = -journal_append(f->volume, &f->line);
		if (err)
			say(c, f->volume, JOURNAL_NAME, "no line for a file", err);
		err = 0;
	}
	flushed(c, f->safe, !err);
	close(f->fd);
}

static void run(struct closer *c, struct task *t)
{
	if (!t->is_sync) {
		close_file(c, &t->c);
		tidy(c);
	} else {
		flushed(c, t->c.safe, !fdatasync(t->c.fd));
	}
}

/* The next task; NULL when it is time to tidy, or to end. */
static struct task *wait_for_task(struct closer *c)
{
	struct timespec until;
	struct task *t;

	if (!c->first && !c->stop) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += TIDY_S;
		if (keep_is_asked(&c->opt.limits))
			pthread_cond_timedwait(&c->more, &c->lock, &until);
		else
			pthread_cond_wait(&c->more, &c->lock);
	}
	t = c->first;
	if (!t)
		return NULL;
	c->first = t->next;
	if (!c->first)
		c->end = &c->first;
	return t;
}

static void *work(void *arg)
{
	struct closer *c = arg;

	tidy(c);
	pthread_mutex_lock(&c->lock);
	for (;;) {
		struct task *t = wait_for_task(c);
		bool was_sync = t && t->is_sync;

		if (!t && c->stop)
			break;
		pthread_mutex_unlock(&c->lock);
		if (t)
			run(c, t);
		else
			tidy(c);
		free(t);
		pthread_mutex_lock(&c->lock);
		if (was_sync)
			c->syncing = false;
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

int closer_create(struct closer **out, const struct closer_options *opt)
{
	struct closer *c = calloc(1, sizeof(*c));
	sigset_t all, old;
	int err;

	if (!c)
		return -ENOMEM;
	c->opt = *opt;
	c->end = &c->first;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = -pthread_create(&c->thread, NULL, work, c);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err) {
		free(c);
		return err;
	}
	*out = c;
	return 0;
}

void closer_stop(struct closer *c)
{
	if (c->stop)
		return;
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
	pthread_join(c->thread, NULL);
}

void closer_destroy(struct closer *c)
{
	if (!c)
		return;
	closer_stop(c);
	pthread_cond_destroy(&c->more);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static void put(struct closer *c, struct task *t)
{
	pthread_mutex_lock(&c->lock);
	t->next = NULL;
	*c->end = t;
	c->end = &t->next;
	c->syncing |= t->is_sync;
	pthread_cond_signal(&c->more);
	pthread_mutex_unlock(&c->lock);
}

void closer_close(struct closer *c, const struct closing *what)
{
	struct task *t = malloc(sizeof(*t));

	if (!t) {
		struct closing now = *what;

		close_file(c, &now);
		return;
	}
	*t = (struct task){.c = *what};
	put(c, t);
}

void closer_sync(struct closer *c, int fd, uint64_t safe)
{
	struct task *t;
	bool busy;

	pthread_mutex_lock(&c->lock);
	busy = c->syncing;
	pthread_mutex_unlock(&c->lock);
	t = busy ? NULL : malloc(sizeof(*t));
	if (!t)
		return;
	*t = (struct task){.is_sync = true, .c = {.fd = fd, .safe = safe}};
	put(c, t);
}

uint64_t closer_safe(const struct closer *c)
{
	return __atomic_load_n(&c->safe, __ATOMIC_ACQUIRE);
}

uint64_t closer_doubtful(const struct closer *c)
{
	return __atomic_load_n(&c->doubtful, __ATOMIC_RELAXED);
}

uint64_t closer_removed(const struct closer *c)
{
	return __atomic_load_n(&c->removed, __ATOMIC_RELAXED);
}
