// SPDX-License-Identifier: GPL-2.0-or-later
// The loop of a wire end: send when due, take what comes back, end when told.
#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define MAKE_UP_NS    10000000ull  // lateness that is made up; more is let go
#define PROGRESS_NS   500000000ull // between two lines on a terminal
#define LOOK_AGAIN_NS 20000000ull  // between two tries to reach the peer
#define RX_BATCH      64

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

struct run {
	const struct wire_opts *o;
	struct wire_stats *st;
	struct wire_sock sock;
	struct wire_source source;
	struct wire_writer sent, record;
	uint64_t end_ns;   // by --time, 0 never
	uint64_t due_ns;   // of the frame in source.buf
	uint64_t stall_ns; // when the peer stopped taking frames, 0 it takes them
	uint64_t progress_ns;
	uint32_t len; // of the frame in source.buf, 0 none
	bool drained; // nothing more to send
	uint8_t rx[WIRE_FRAME_MAX + 1];
	char error[1024];
};

static uint64_t seconds_ns(double s)
{
	return (uint64_t)(s * 1e9);
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = {.tv_sec = (time_t)(ns / WIRE_NS_PER_S),
			     .tv_nsec = (long)(ns % WIRE_NS_PER_S)};

	nanosleep(&t, NULL);
}

static int run_connect(struct run *r)
{
	uint64_t give_up = wire_clock_ns(CLOCK_MONOTONIC) + seconds_ns(r->o->wait);
	int rc;

	while ((rc = wire_sock_connect(&r->sock)) == 1 && !stopped) {
		if (wire_clock_ns(CLOCK_MONOTONIC) > give_up) {
			snprintf(
				r->error, sizeof(r->error),
				"%s: nobody there after %.0f s (is the lab up? lab/lab status)",
				r->o->peer, r->o->wait);
			return -1;
		}
		sleep_ns(LOOK_AGAIN_NS);
	}
	if (rc < 0)
		memcpy(r->error, r->sock.error, sizeof(r->sock.error));
	return rc < 0 ? -1 : 0;
}

static int run_open(struct run *r)
{
	const struct wire_opts *o = r->o;

	if (wire_source_open(&r->source, o)) {
		memcpy(r->error, r->source.error, sizeof(r->source.error));
		return -1;
	}
	if (o->record && wire_writer_open(&r->record, o->record, r->error, sizeof(r->error)))
		return -1;
	if (o->sent && wire_writer_open(&r->sent, o->sent, r->error, sizeof(r->error)))
		return -1;
	if (wire_sock_open(&r->sock, o->local, o->peer)) {
		memcpy(r->error, r->sock.error, sizeof(r->sock.error));
		return -1;
	}
	return o->peer ? run_connect(r) : 0;
}

static int run_close(struct run *r, int rc)
{
	wire_sock_close(&r->sock);
	wire_source_close(&r->source);
	if (wire_writer_close(&r->sent) && !rc) {
		snprintf(r->error, sizeof(r->error), "%s: cannot write all of it", r->o->sent);
		rc = -1;
	}
	if (wire_writer_close(&r->record) && !rc) {
		snprintf(r->error, sizeof(r->error), "%s: cannot write all of it",
			 r->o->record);
		rc = -1;
	}
	return rc;
}

// Time between the frame just sent, of @len bytes, and the one in source.buf.
static uint64_t run_gap(const struct run *r, uint32_t len)
{
	switch (r->o->pace) {
	case WIRE_PACE_PPS:
		return (uint64_t)(1e9 / r->o->rate);
	case WIRE_PACE_MBPS:
		return (uint64_t)(len * 8e3 / r->o->rate);
	case WIRE_PACE_ORIGINAL:
		return (uint64_t)((double)r->source.gap_ns / r->o->rate);
	default:
		return 0;
	}
}

// Bring the next frame into source.buf; drained when there is none.
static int run_fetch(struct run *r)
{
	uint32_t before = r->len;
	int rc;

	r->len = 0;
	if (r->o->count && r->st->sent >= r->o->count) {
		r->drained = true;
		return 0;
	}
	rc = wire_source_next(&r->source, r->st, &r->len);
	if (rc < 0) {
		memcpy(r->error, r->source.error, sizeof(r->source.error));
		return -1;
	}
	r->drained = rc == 0;
	if (!r->drained && before)
		r->due_ns += run_gap(r, before);
	return 0;
}

static int run_stalled(struct run *r, uint64_t now)
{
	if (!r->stall_ns) {
		r->stall_ns = now;
		r->st->stalls++;
	}
	if (now - r->stall_ns < seconds_ns(r->o->stall))
		return 0;
	snprintf(
		r->error, sizeof(r->error),
		"%s: took no frame for %.0f s, %llu sent (no receive buffers? NIC or machine stopped?)",
		r->o->peer, r->o->stall, (unsigned long long)r->st->sent);
	return -1;
}

// Send what is due. Return: 0, or -1 with r->error.
static int run_send(struct run *r, uint64_t now)
{
	while (r->len && !stopped && (r->due_ns <= now || r->o->pace == WIRE_PACE_TOP)) {
		uint64_t real_ns = wire_clock_ns(CLOCK_REALTIME);

		switch (wire_sock_send(&r->sock, r->source.buf, r->len)) {
		case WIRE_SENT:
			break;
		case WIRE_FULL:
			return run_stalled(r, now);
		case WIRE_NOBODY:
			snprintf(r->error, sizeof(r->error),
				 "%s: the other end went away, %llu sent", r->o->peer,
				 (unsigned long long)r->st->sent);
			return -1;
		case WIRE_BROKEN:
			memcpy(r->error, r->sock.error, sizeof(r->sock.error));
			return -1;
		}
		r->stall_ns = 0;
		r->st->sent++;
		r->st->sent_bytes += r->len;
		if (r->o->sent)
			wire_writer_put(&r->sent, real_ns, r->source.buf, r->len);
		if (run_fetch(r))
			return -1;
		if (r->o->pace == WIRE_PACE_TOP && (r->st->sent & 31) == 0)
			return 0;
	}
	if (r->len && r->due_ns + MAKE_UP_NS < now && r->o->pace != WIRE_PACE_TOP) {
		r->st->late_ns += now - r->due_ns - MAKE_UP_NS;
		r->due_ns = now - MAKE_UP_NS;
	}
	return 0;
}

static void run_receive(struct run *r)
{
	for (int i = 0; i < RX_BATCH; i++) {
		int n = wire_sock_recv(&r->sock, r->rx, sizeof(r->rx));

		if (!n)
			return;
		r->st->received++;
		r->st->received_bytes += (uint64_t)n;
		if (r->o->record)
			wire_writer_put(&r->record, wire_clock_ns(CLOCK_REALTIME), r->rx,
					(uint32_t)n);
	}
}

static void run_wait(struct run *r, uint64_t now)
{
	struct pollfd p = {.fd = r->sock.fd, .events = POLLIN};
	uint64_t ns = LOOK_AGAIN_NS;
	struct timespec t;

	if (r->len && r->stall_ns)
		p.events |= POLLOUT;
	else if (r->len && r->o->pace == WIRE_PACE_TOP)
		ns = 0;
	else if (r->len)
		ns = r->due_ns <= now ? 0 : r->due_ns - now;
	if (ns > LOOK_AGAIN_NS)
		ns = LOOK_AGAIN_NS;
	t = (struct timespec){.tv_nsec = (long)ns};
	ppoll(&p, 1, &t, NULL);
}

static void run_progress(struct run *r, uint64_t now, bool last)
{
	double s = (double)(now - r->st->start_ns) / 1e9;

	if (r->o->quiet || !isatty(2) || (!last && now < r->progress_ns))
		return;
	r->progress_ns = now + PROGRESS_NS;
	fprintf(stderr, "\rwire: %llu sent, %.0f a second, %llu came back, %.1f s %s",
		(unsigned long long)r->st->sent, s > 0 ? (double)r->st->sent / s : 0.0,
		(unsigned long long)r->st->received, s, last ? "\n" : "");
}

static int run_loop(struct run *r)
{
	uint64_t now = wire_clock_ns(CLOCK_MONOTONIC), linger_end = 0;
	bool listens = !r->o->pcap && !r->o->pattern;

	r->st->start_ns = now;
	r->due_ns = now;
	r->end_ns = r->o->seconds > 0 ? now + seconds_ns(r->o->seconds) : 0;
	if (run_fetch(r))
		return -1;
	while (!stopped && !(r->end_ns && now >= r->end_ns)) {
		if (run_send(r, now))
			return -1;
		run_receive(r);
		now = wire_clock_ns(CLOCK_MONOTONIC);
		if (r->drained && !listens) {
			if (!linger_end) {
				r->st->end_ns = now;
				linger_end = now + seconds_ns(r->o->linger);
			}
			if (now >= linger_end)
				break;
		}
		run_wait(r, now);
		run_progress(r, now, false);
		now = wire_clock_ns(CLOCK_MONOTONIC);
	}
	if (!r->st->end_ns)
		r->st->end_ns = now;
	// An endless source is complete whenever it is told to stop.
	r->st->complete = r->drained || (!r->o->count && !r->o->pcap);
	run_progress(r, r->st->end_ns, true);
	return 0;
}

/**
 * wire_run() - Send and record until done, told to stop, or in trouble
 * @o: what to do
 * @st: filled in, also on failure
 *
 * Context: main thread; takes SIGINT, SIGTERM and SIGHUP.
 * Return: 0, or -1 after one line on stderr.
 */
int wire_run(const struct wire_opts *o, struct wire_stats *st)
{
	static struct run r; // 128 KiB of buffers: not on the stack
	struct sigaction sa = {.sa_handler = on_signal};
	int rc;

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	prctl(PR_SET_TIMERSLACK, 1000ul);
	r.o = o;
	r.st = st;
	r.sock.fd = -1;
	rc = run_open(&r);
	if (!rc)
		rc = run_loop(&r);
	rc = run_close(&r, rc);
	if (rc)
		fprintf(stderr, "wire: %s\n", r.error);
	return rc;
}
