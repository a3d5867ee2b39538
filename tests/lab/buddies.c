// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Workers that help each other over queues of one program, each as slow as it is
 * told: buddies PERCENT MICROSECONDS ADAPTER:QUEUE... ends at SIGINT, when all is
 * read, with a line of JSON.
 */
#include <errno.h>
#include <hpcap_buddy.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	NAP_NS = 50000000
};

/**
 * struct worker - one thread
 * @nr: its number, and that of its queue
 * @own: frames of its own queue
 * @helped: frames of others
 * @bad: chunks that are not whole
 * @thread: it
 */
struct worker {
	unsigned int nr;
	uint64_t own;
	uint64_t helped;
	uint64_t bad;
	pthread_t thread;
};

static struct hpcap_buddies *buddies;
static volatile sig_atomic_t stopped;
static unsigned int pause_us;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

static void look_at(struct worker *w, struct hpcap_chunk *c)
{
	struct hpcap_record rec;
	uint64_t n = 0;

	while (hpcap_chunk_next(c, &rec) == 1) {
		n++;
		usleep(pause_us);
	}
	*(c->queue == w->nr ? &w->own : &w->helped) += n;
	w->bad += c->read != c->bytes;
	hpcap_buddy_return(buddies, c);
}

/* After the signal what is left is taken, and no more is waited for. */
static void *work(void *arg)
{
	struct worker *w = arg;
	struct hpcap_chunk c;
	bool last = false;
	int err = 0;

	while (!err && !last) {
		last = stopped;
		while (hpcap_buddy_take(buddies, w->nr, &c) == 1)
			look_at(w, &c);
		err = hpcap_buddy_wait(buddies, w->nr, NAP_NS);
		if (err == -ETIMEDOUT || err == -EINTR)
			err = 0;
	}
	return NULL;
}

static void report(const struct worker *w, unsigned int nr)
{
	struct hpcap_buddy_report rep;
	uint64_t frames = 0, bad = 0, missed = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		hpcap_buddy_get_report(buddies, i, &rep);
		frames += w[i].own + w[i].helped;
		bad += w[i].bad;
		missed += rep.missed;
	}
	printf("{\"schema_version\": 1, \"frames\": %" PRIu64 ", \"bad\": %" PRIu64
	       ", \"missed\": %" PRIu64,
	       frames, bad, missed);
	for (i = 0; i < nr; i++)
		printf(", \"own_%u\": %" PRIu64 ", \"helped_%u\": %" PRIu64, i, w[i].own, i,
		       w[i].helped);
	printf("}\n");
}

static int open_all(struct hpcap_handle *h, char **name, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		int adapter, queue, err;

		if (sscanf(name[i], "%d:%d", &adapter, &queue) != 2)
			return -EINVAL;
		err = hpcap_open_with(&h[i], adapter, queue, NULL);
		if (!err && hpcap_map(&h[i]))
			err = -errno;
		if (err)
			return err;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct hpcap_handle h[HPCAP_BUDDY_MAX], *queue[HPCAP_BUDDY_MAX];
	struct worker w[HPCAP_BUDDY_MAX] = {0};
	struct hpcap_buddy_options opt = {0};
	unsigned int nr = (unsigned int)argc - 3, i;
	int err;

	if (argc < 4 || nr > HPCAP_BUDDY_MAX) {
		fprintf(stderr, "usage: buddies PERCENT MICROSECONDS ADAPTER:QUEUE...\n");
		return 2;
	}
	opt.threshold = (uint32_t)atoi(argv[1]);
	pause_us = (unsigned int)atoi(argv[2]);
	signal(SIGINT, stop);
	for (i = 0; i < nr; i++) {
		queue[i] = &h[i];
		w[i].nr = i;
	}
	err = open_all(h, argv + 3, nr);
	if (!err)
		err = hpcap_buddies_create(&buddies, queue, nr, &opt);
	if (err) {
		fprintf(stderr, "buddies: %s\n", hpcap_strerror(err));
		return 1;
	}
	fprintf(stderr, "buddies: listening\n");
	for (i = 0; i < nr; i++)
		pthread_create(&w[i].thread, NULL, work, &w[i]);
	for (i = 0; i < nr; i++)
		pthread_join(w[i].thread, NULL);
	report(w, nr);
	hpcap_buddies_destroy(buddies);
	for (i = 0; i < nr; i++)
		hpcap_close(&h[i]);
	return 0;
}
