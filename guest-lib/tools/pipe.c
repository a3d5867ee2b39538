// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a pipe to the disk. One thread does nothing but read the pipe into the
 * ring; this one writes, so that a slow disk does not hold up the sender until
 * the ring is full.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "pipe.h"

#define WAIT_US	   200
#define SHOW_NS	   (CLI_NSEC / 2)
#define GRACE_NS   (2 * CLI_NSEC) /* for the sender to end by itself after a signal */
#define FLUSH_NS   (CLI_NSEC / 5) /* packed blocks are not made smaller more often */
#define TAKE_BYTES (256 << 10)	  /* given back to the ring at once */

/**
 * struct pipe_run - one run
 * @opt: what was asked for
 * @rep: what was done; received, lost and waited are the reading thread's
 * @ring: between the threads
 * @in: the pipe
 * @sink: the output
 * @map: interface of the pipe to that of the output
 * @nr_map: how many
 * @room: for frames without their tunnels
 * @result: of the reading thread, valid once @ended
 * @ended: the reading thread puts nothing more
 * @begin_ns: of the run
 * @stop_ns: when a signal came, 0 for none
 * @show_ns: when to show the ring's fill next
 * @flush_ns: when to flush next
 * @err: the output failed
 */
struct pipe_run {
	const struct pipe_options *opt;
	struct pipe_report *rep;
	struct pipe_ring ring;
	struct hpcap_in *in;
	struct sink sink;
	uint16_t map[HPCAP_IFACES_MAX];
	uint32_t nr_map;
	uint8_t *room;
	int result;
	bool ended;
	int64_t begin_ns;
	int64_t stop_ns;
	int64_t show_ns;
	int64_t flush_ns;
	int err;
};

static void add(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}

static uint64_t get(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* --- the reading thread -------------------------------------------------- */

static void wait_for_room(struct pipe_run *r)
{
	usleep(WAIT_US);
	__atomic_store_n(&r->rep->waited_ns, r->rep->waited_ns + WAIT_US * 1000,
			 __ATOMIC_RELAXED);
}

static void pass(struct pipe_run *r, const struct hpcap_frame *f)
{
	add(&r->rep->received, 1);
	add(&r->rep->received_bytes, f->rec.caplen);
	if (pipe_ring_need(f) > r->ring.size / 2) {
		add(&r->rep->lost, 1);
		return;
	}
	while (!pipe_ring_put(&r->ring, f)) {
		if (r->opt->lossy) {
			add(&r->rep->lost, 1);
			return;
		}
		wait_for_room(r);
	}
}

static void *read_pipe(void *arg)
{
	struct pipe_run *r = arg;
	struct hpcap_frame f;
	uint32_t known = 0;
	int ret;

	while ((ret = hpcap_in_next(r->in, &f)) > 0) {
		for (; known <= f.iface; known++)
			while (!pipe_ring_put_iface(&r->ring, hpcap_in_iface(r->in, known)))
				wait_for_room(r);
		pass(r, &f);
		if (r->opt->count && r->rep->received == r->opt->count) {
			r->rep->reason = "count";
			break;
		}
	}
	r->result = ret < 0 ? ret : 0;
	/* release: all that was put, and the result; pairs with is_ended() */
	__atomic_store_n(&r->ended, true, __ATOMIC_RELEASE);
	return NULL;
}

static bool is_ended(const struct pipe_run *r)
{
	return __atomic_load_n(&r->ended, __ATOMIC_ACQUIRE);
}

/* --- the writing thread -------------------------------------------------- */

static int put_iface(struct pipe_run *r, const struct hpcap_iface *iface)
{
	int n = 0;

	if (r->nr_map == HPCAP_IFACES_MAX)
		return -EMSGSIZE;
	if (r->sink.opt.format != HPCAP_FORMAT_RAW)
		n = sink_iface(&r->sink, iface);
	if (n < 0)
		return n;
	r->map[r->nr_map++] = (uint16_t)n;
	return 0;
}

static int put(struct pipe_run *r, struct hpcap_frame *f)
{
	int err = -EINVAL;

	if (r->opt->decap && f->linktype == HPCAP_LINK_ETHERNET)
		hpcap_decap(&r->rep->decap, &f->rec, r->room, HPCAP_FRAME_MAX);
	f->iface = r->map[f->iface];
	if (r->sink.opt.format != HPCAP_FORMAT_RAW || f->linktype == HPCAP_LINK_ETHERNET)
		err = sink_put(&r->sink, f);
	if (err == -EINVAL) {
		r->rep->refused++;
		return 0;
	}
	r->rep->written += !err;
	return err;
}

/* Take what is there, at most some: bytes, or a negative errno. */
static int64_t take(struct pipe_run *r)
{
	uint64_t from = r->ring.taken;
	struct hpcap_iface iface;
	struct hpcap_frame f;
	int kind, err = 0;

	while (!err && r->ring.taken - from < TAKE_BYTES) {
		kind = pipe_ring_get(&r->ring, &f, &iface);
		if (!kind)
			break;
		err = kind == 1 ? put(r, &f) : put_iface(r, &iface);
	}
	pipe_ring_give_back(&r->ring);
	return err ? err : (int64_t)(r->ring.taken - from);
}

static void show(struct pipe_run *r, int64_t now)
{
	const double size = (double)r->ring.size;

	if (r->opt->quiet || !isatty(STDERR_FILENO) || now < r->show_ns)
		return;
	r->show_ns = now + SHOW_NS;
	fprintf(stderr,
		"\rhpcapdd: ring %.0f %% full, at most %.0f %%; received %" PRIu64
		", written %" PRIu64 ", lost %" PRIu64 " frames \033[K",
		100 * (double)pipe_ring_used(&r->ring) / size,
		100 * (double)pipe_ring_high(&r->ring) / size, get(&r->rep->received),
		r->rep->written, get(&r->rep->lost));
}

/* Nothing is there: a reader of our output shall see what came so far. */
static int idle(struct pipe_run *r, int64_t now)
{
	int err = 0;

	if (!r->sink.opt.packing || now >= r->flush_ns) {
		err = sink_flush(&r->sink);
		r->flush_ns = now + FLUSH_NS;
	}
	usleep(WAIT_US);
	return err;
}

/* Time to end although the pipe did not? */
static bool is_over(struct pipe_run *r, int64_t now)
{
	if (r->opt->duration_ns && now - r->begin_ns >= r->opt->duration_ns) {
		r->rep->reason = "duration";
		return true;
	}
	if (!cli_stopped())
		return false;
	if (!r->stop_ns)
		r->stop_ns = now;
	r->rep->reason = "signal";
	return now - r->stop_ns >= GRACE_NS;
}

static int write_all(struct pipe_run *r)
{
	bool last = false;
	int64_t n, now;

	for (;;) {
		/* first asked, then looked: nothing is put in between */
		last = last || is_ended(r);
		n = take(r);
		now = cli_now_ns();
		show(r, now);
		if (n < 0)
			return (int)n;
		if (!n && last)
			return 0;
		if (!n) {
			n = idle(r, now);
			if (n)
				return (int)n;
		}
		if (!last && is_over(r, now))
			return 0;
	}
}

static int drain(struct pipe_run *r)
{
	int64_t n;

	do
		n = take(r);
	while (n > 0);
	return (int)n;
}

/* --- both ---------------------------------------------------------------- */

static int close_output(struct pipe_run *r, int err)
{
	int last = 0;

	r->sink.dropped = r->rep->lost;
	if (!err)
		last = sink_finish(&r->sink);
	r->rep->bytes = r->sink.bytes;
	r->rep->files = r->sink.files;
	sink_deinit(&r->sink);
	return err ? err : last;
}

/* The pipe's own words, once nobody reads it any more. */
static int end_input(struct pipe_run *r)
{
	if (!r->ended)
		return 0;
	if (*hpcap_in_error(r->in))
		cli_error("standard input: %s", hpcap_in_error(r->in));
	return r->result ? r->result : hpcap_in_report(r->in)->cut ? -EBADMSG : 0;
}

static int run_threads(struct pipe_run *r)
{
	pthread_t reader;
	int err, last;

	err = -pthread_create(&reader, NULL, read_pipe, r);
	if (err)
		return err;
	err = write_all(r);
	if (!is_ended(r))
		pthread_cancel(reader);
	pthread_join(reader, NULL);
	if (!err)
		err = drain(r);
	if (!r->opt->quiet && isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	last = end_input(r);
	return err ? err : last;
}

int pipe_run(const struct pipe_options *opt, struct pipe_report *rep)
{
	struct pipe_run *r = aligned_alloc(_Alignof(struct pipe_run), sizeof(*r));
	int err = -ENOMEM;

	if (r) {
		memset(r, 0, sizeof(*r));
		err = pipe_ring_init(&r->ring, opt->ring);
	}
	*rep = (struct pipe_report){.reason = "end", .decap.which = opt->decap};
	if (!err && opt->decap && !(r->room = malloc(HPCAP_FRAME_MAX)))
		err = -ENOMEM;
	if (!err)
		err = hpcap_in_open(&r->in, "-", NULL);
	if (err) {
		cli_error("cannot begin: %s", hpcap_strerror(err));
	} else {
		r->opt = opt;
		r->rep = rep;
		r->begin_ns = cli_now_ns();
		rep->ring = r->ring.size;
		err = sink_init(&r->sink, &opt->out);
		if (!err)
			err = close_output(r, run_threads(r));
		rep->high = pipe_ring_high(&r->ring);
		/* what came, was not written and was not refused, is lost */
		rep->lost = rep->received - rep->written - rep->refused;
	}
	if (err)
		rep->reason = "error";
	if (r) {
		hpcap_in_close(r->in);
		pipe_ring_deinit(&r->ring);
		free(r->room);
	}
	free(r);
	return err;
}
