// SPDX-License-Identifier: LGPL-2.1-or-later
/* The threads: pieces in, pieces out, in order. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "encode.h"
#include "index.h"

enum {
	PER_WORKER = 3,	  /* pieces in a row for each thread */
	PER_FRAME = 24,	  /* bytes that a record grows at most */
	PIECE_EXTRA = 64, /* and a piece */
	WORKERS_MAX = 64
};

/**
 * struct job - a piece on its way
 * @next: behind it
 * @p: the piece
 * @err: it could not be made
 * @begun: a thread has it
 * @done: it is made
 */
struct job {
	struct job *next;
	struct piece *p;
	int err;
	bool begun;
	bool done;
};

/**
 * struct encode - the threads and their work
 * @opt: as given
 * @lock: guards the list, its jobs' flags, @nr and @stop
 * @more: there is a job, or @stop is set
 * @first: oldest job
 * @end: where the next one is linked
 * @nr: jobs
 * @stop: the threads shall end
 * @event: counts jobs that are done
 * @nr_threads: running
 * @thread: they
 */
struct encode {
	struct encode_options opt;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct job *first;
	struct job **end;
	unsigned int nr;
	bool stop;
	int event;
	unsigned int nr_threads;
	pthread_t thread[WORKERS_MAX];
};

/* Format, then packing. The piece gets bytes of its own. */
static int make(const struct encode *e, struct hpcap_pack *pack, struct piece *p)
{
	const bool is_raw = e->opt.enc->format == HPCAP_FORMAT_RAW;
	size_t room = p->bytes + p->frames * PER_FRAME + PIECE_EXTRA, used = p->bytes;
	uint8_t *plain = is_raw ? NULL : malloc(room), *packed;
	const uint8_t *data = is_raw ? p->data : plain;
	ssize_t n = (ssize_t)p->bytes;

	if (!data)
		return -ENOMEM;
	if (!is_raw)
		n = hpcap_enc_raw(e->opt.enc, 0, p->data, &used, plain, room);
	if (n >= 0 && used != p->bytes)
		n = -EBADMSG;
	if (n >= 0 && pack) {
		p->stream = (uint64_t)n;
		room = hpcap_pack_bound(pack, (size_t)n);
		packed = malloc(room);
		n = packed ? hpcap_pack_block(pack, data, (size_t)n, packed, room) : -ENOMEM;
		free(plain);
		plain = packed;
	} else {
		p->stream = (uint64_t)n;
	}
	if (n < 0) {
		free(plain);
		return (int)n;
	}
	if (e->opt.sum)
		p->sum = encode_sum(p->data, p->bytes);
	free(p->own);
	p->own = plain;
	p->data = plain;
	p->bytes = (uint64_t)n;
	p->is_ring = false;
	return 0;
}

static struct job *next_job(struct encode *e)
{
	struct job *j;

	for (;;) {
		for (j = e->first; j && j->begun; j = j->next)
			;
		if (j || e->stop)
			return j;
		pthread_cond_wait(&e->more, &e->lock);
	}
}

static void *work(void *arg)
{
	struct encode *e = arg;
	struct hpcap_pack *pack = NULL;
	const uint64_t one = 1;
	int err = e->opt.packing ? hpcap_pack_create(&pack, e->opt.packing, e->opt.level) : 0;
	struct job *j;

	pthread_mutex_lock(&e->lock);
	while ((j = next_job(e))) {
		j->begun = true;
		pthread_mutex_unlock(&e->lock);
		j->err = err ? err : make(e, pack, j->p);
		pthread_mutex_lock(&e->lock);
		j->done = true;
		if (write(e->event, &one, sizeof(one)) < 0)
			abort(); /* an eventfd takes 2^64 - 2 jobs */
	}
	pthread_mutex_unlock(&e->lock);
	hpcap_pack_destroy(pack);
	return NULL;
}

int encode_create(struct encode **out, const struct encode_options *opt)
{
	struct encode *e = calloc(1, sizeof(*e));
	sigset_t all, old;
	int err = 0;

	if (!e)
		return -ENOMEM;
	e->opt = *opt;
	e->end = &e->first;
	pthread_mutex_init(&e->lock, NULL);
	pthread_cond_init(&e->more, NULL);
	e->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (e->event < 0)
		err = -errno;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (!err && e->nr_threads < opt->workers && e->nr_threads < WORKERS_MAX) {
		err = -pthread_create(&e->thread[e->nr_threads], NULL, work, e);
		e->nr_threads += !err;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err) {
		encode_destroy(e);
		return err;
	}
	*out = e;
	return 0;
}

void encode_destroy(struct encode *e)
{
	unsigned int i;
	struct job *j;

	if (!e)
		return;
	pthread_mutex_lock(&e->lock);
	e->stop = true;
	pthread_cond_broadcast(&e->more);
	pthread_mutex_unlock(&e->lock);
	for (i = 0; i < e->nr_threads; i++)
		pthread_join(e->thread[i], NULL);
	while ((j = e->first)) {
		e->first = j->next;
		hpcap_index_sum_destroy(j->p->sum);
		free(j->p->own);
		free(j->p);
		free(j);
	}
	if (e->event >= 0)
		close(e->event);
	pthread_cond_destroy(&e->more);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

bool encode_is_ready(const struct encode *e)
{
	return e->nr < PER_WORKER * e->nr_threads;
}

bool encode_is_busy(const struct encode *e)
{
	return e->nr > 0;
}

void encode_put(struct encode *e, struct piece *p)
{
	struct job *j = calloc(1, sizeof(*j));

	if (!j)
		abort(); /* a few bytes; nothing sensible can follow */
	j->p = p;
	pthread_mutex_lock(&e->lock);
	*e->end = j;
	e->end = &j->next;
	e->nr++;
	pthread_cond_signal(&e->more);
	pthread_mutex_unlock(&e->lock);
}

struct piece *encode_take(struct encode *e, int *err)
{
	struct piece *p = NULL;
	struct job *j;
	uint64_t n;

	pthread_mutex_lock(&e->lock);
	j = e->first;
	if (j && j->done) {
		e->first = j->next;
		if (!e->first)
			e->end = &e->first;
		e->nr--;
		p = j->p;
		*err = j->err;
		free(j);
	} else if (read(e->event, &n, sizeof(n)) < 0 && errno != EAGAIN) {
		abort();
	}
	pthread_mutex_unlock(&e->lock);
	return p;
}

int encode_fd(const struct encode *e)
{
	return e->event;
}
