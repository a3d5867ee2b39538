// SPDX-License-Identifier: GPL-2.0-or-later
/* The thread between a source of frames and a ring in memory. */
#include "feed.h"
#include <errno.h>
#include <frames_in.h>
#include <memq.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include "cli.h"

#define SLICE_NS (CLI_NSEC / 50) /* longest sleep; bounds how late the end is seen */
#define NAP_NS	 200000

enum {
	COMMIT_EVERY = 64
};

/**
 * struct feed - source, thread, ring
 * @opt: as given
 * @from: the queue, NULL: the standard input
 * @in: the standard input
 * @q: the ring
 * @rep: the thread's; read by others as it grows
 * @room: for frames without their tunnels
 * @copy: for frames of a lossy queue
 * @thread: it
 * @joined: it has ended
 * @stop: it shall end at once
 * @finish: it shall take what is there, then end
 * @lost: frames without room, the thread's
 * @until: end of what is there; the thread's
 * @finish_ns: when a sender that goes on is left alone
 */
struct feed {
	struct feed_options opt;
	struct hpcap_handle *from;
	struct hpcap_in *in;
	struct hpcap_memq q;
	struct feed_report rep;
	uint8_t *room;
	uint8_t copy[HPCAP_CAPLEN_MAX];
	pthread_t thread;
	bool joined;
	bool stop;
	bool finish;
	uint64_t lost;
	uint64_t until;
	int64_t finish_ns;
};

static void add(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

/* The ring is full: the source waits. */
static void nap(struct feed *f)
{
	const struct timespec t = {0, NAP_NS};

	nanosleep(&t, NULL);
	__atomic_store_n(&f->rep.waited_ns, f->rep.waited_ns + NAP_NS, __ATOMIC_RELAXED);
}

static void put(struct feed *f, struct hpcap_record *rec)
{
	if (f->opt.decap)
		hpcap_decap(&f->rep.decap, rec, f->room, HPCAP_FRAME_MAX);
	hpcap_memq_put(&f->q, rec);
}

/* --- from a queue ---------------------------------------------------------------- */

/* What is there and fits. Return: frames, or a negative errno. */
static int pump(struct feed *f)
{
	const bool lossy = f->from->mode == HPCAP_LOSSY;
	struct hpcap_record rec;
	int ret = 1, n = 0;

	while (n < COMMIT_EVERY && hpcap_memq_has_room(&f->q)) {
		ret = lossy ? hpcap_next_copy(f->from, &rec, f->copy, sizeof(f->copy))
			    : hpcap_next(f->from, &rec);
		if (ret <= 0)
			break;
		add(&f->rep.received, 1);
		add(&f->rep.received_bytes, rec.caplen);
		put(f, &rec);
		n++;
	}
	if (n) {
		hpcap_memq_commit(&f->q);
		hpcap_ack(f->from);
	}
	return ret < 0 ? ret : n;
}

/* Of a queue that goes on, what was there when the end was wanted. */
static bool is_finished(struct feed *f, int taken)
{
	const uint64_t pos = f->from->ack_pos + f->from->acks;

	if (!is_set(&f->finish))
		return false;
	if (!f->until) {
		f->until = __atomic_load_n(&f->from->ctrl->commit, __ATOMIC_ACQUIRE) + 1;
		taken = 1;
	}
	return taken <= 0 || pos + 1 >= f->until;
}

static void run_queue(struct feed *f)
{
	int err = 0, n = 0;

	while (!is_set(&f->stop) && !is_finished(f, n)) {
		if (!hpcap_memq_has_room(&f->q)) {
			nap(f);
			n = 1;
			continue;
		}
		err = hpcap_wait_for(f->from, 1, SLICE_NS);
		n = err ? 0 : pump(f);
		if (n < 0)
			err = n;
		hpcap_memq_set_lost(&f->q, hpcap_missed(f->from));
		if (err && err != -ETIMEDOUT && err != -EINTR)
			break;
		err = 0;
	}
	f->rep.err = err == -ENODEV ? 0 : err;
}

/* --- from the standard input ----------------------------------------------------- */

static bool fits_raw(const struct hpcap_frame *f)
{
	const struct hpcap_record *r = &f->rec;

	return f->linktype == HPCAP_LINK_ETHERNET && r->caplen &&
	       r->caplen <= HPCAP_CAPLEN_MAX && r->caplen <= r->len && r->len <= UINT16_MAX &&
	       (r->sec || r->nsec);
}

static bool wait_for_room(struct feed *f)
{
	while (!hpcap_memq_has_room(&f->q)) {
		if (f->opt.lossy || is_set(&f->stop))
			return false;
		nap(f);
	}
	return true;
}

static void run_input(struct feed *f)
{
	struct hpcap_frame frame;
	int ret = 0;

	while (!is_set(&f->stop) && (ret = hpcap_in_next(f->in, &frame)) > 0) {
		add(&f->rep.received, 1);
		add(&f->rep.received_bytes, frame.rec.caplen);
		if (!fits_raw(&frame)) {
			add(&f->rep.refused, 1);
		} else if (wait_for_room(f)) {
			put(f, &frame.rec);
			hpcap_memq_commit(&f->q);
		} else {
			hpcap_memq_set_lost(&f->q, ++f->lost);
		}
		__atomic_store_n(&f->rep.used, hpcap_memq_used(&f->q), __ATOMIC_RELAXED);
	}
	f->rep.err = ret < 0 ? ret : 0;
	f->rep.cut = !ret && hpcap_in_report(f->in)->cut;
}

/* --- both ------------------------------------------------------------------------ */

static void *run(void *arg)
{
	struct feed *f = arg;

	if (f->from)
		run_queue(f);
	else
		run_input(f);
	hpcap_memq_end(&f->q);
	return NULL;
}

static int start_thread(struct feed *f)
{
	sigset_t all, old;
	int err;

	/* signals are the program's, not this thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = -pthread_create(&f->thread, NULL, run, f);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err;
}

static void destroy(struct feed *f)
{
	hpcap_in_close(f->in);
	free(f->room);
	free(f);
}

int feed_start(struct feed **out, struct hpcap_handle *h, struct hpcap_handle *from,
	       const struct feed_options *opt)
{
	const uint64_t ring = (opt->ring + HPCAP_CHUNK_SIZE - 1) / HPCAP_CHUNK_SIZE;
	struct feed *f = calloc(1, sizeof(*f));
	int err = 0;

	if (!f)
		return -ENOMEM;
	f->opt = *opt;
	f->from = from;
	f->rep.decap.which = opt->decap;
	f->room = malloc(HPCAP_FRAME_MAX);
	if (!f->room)
		err = -ENOMEM;
	if (!err && !from)
		err = hpcap_in_open(&f->in, "-", NULL);
	if (!err) {
		err = hpcap_memq_init(&f->q, h, ring * HPCAP_CHUNK_SIZE);
		if (!err)
			err = start_thread(f);
		if (err)
			hpcap_close(h);
	}
	if (err) {
		destroy(f);
		return err;
	}
	*out = f;
	return 0;
}

void feed_finish(struct feed *f, int64_t grace_ns)
{
	f->finish_ns = cli_now_ns() + grace_ns;
	__atomic_store_n(&f->finish, true, __ATOMIC_RELEASE);
}

/* Afterwards what came, was not put and not refused, is lost: also what it held just now. */
static void join(struct feed *f)
{
	if (f->joined)
		return;
	pthread_join(f->thread, NULL);
	f->joined = true;
	if (!f->from)
		hpcap_memq_set_lost(&f->q, f->rep.received - f->rep.refused - f->q.seq);
}

/* Who reads the standard input may sleep there for ever: it is cancelled there. */
void feed_press(struct feed *f)
{
	if (f->from || f->joined || cli_now_ns() < f->finish_ns)
		return;
	pthread_cancel(f->thread);
	join(f);
	hpcap_memq_end(&f->q);
}

const struct feed_report *feed_report(const struct feed *f)
{
	return &f->rep;
}

const char *feed_error(const struct feed *f)
{
	return f->in ? hpcap_in_error(f->in) : "";
}

void feed_end(struct feed *f)
{
	__atomic_store_n(&f->stop, true, __ATOMIC_RELEASE);
	if (!f->from && !f->joined)
		pthread_cancel(f->thread);
	join(f);
}

void feed_stop(struct feed *f)
{
	feed_end(f);
	destroy(f);
}
