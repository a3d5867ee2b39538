// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A peer that bench/run measures beside: reads queue 0 of an interface by AF_XDP, in
 * copy mode, walks every frame, throws it away. Its BPF program goes when it ends.
 */
#include "reader.h"

#include <errno.h>
#include <linux/if_xdp.h>
#include <poll.h>
#include <stdio.h>

#include "xsk.h"

enum {
	SLOTS = 4096,
};

static void say(const struct xsk *x, struct reader_counts *c)
{
	c->dropped = xsk_drops(x);
	reader_say(c);
}

/* What has come; every slot goes back at once. Return: false when nothing had. */
static bool walk(struct xsk *x, struct reader_counts *c)
{
	uint32_t at = *x->rx.consumer, end = __atomic_load_n(x->rx.producer, __ATOMIC_ACQUIRE);
	uint32_t back = *x->fill.producer;

	if (at == end)
		return false;
	for (; at != end; at++, back++) {
		const struct xdp_desc *d = (struct xdp_desc *)x->rx.slots + (at & (SLOTS - 1));

		__asm__ volatile("" : : "r"(x->area[d->addr]) : "memory");
		c->frames++;
		c->bytes += d->len;
		((uint64_t *)x->fill.slots)[back & (SLOTS - 1)] =
			d->addr & ~(uint64_t)(XSK_SLOT - 1);
	}
	__atomic_store_n(x->rx.consumer, at, __ATOMIC_RELEASE);
	__atomic_store_n(x->fill.producer, back, __ATOMIC_RELEASE);
	return true;
}

static void read_all(struct xsk *x)
{
	struct pollfd p = {.fd = x->fd, .events = POLLIN};
	struct reader_counts c = {0};

	while (!reader_stopped()) {
		if (reader_asked())
			say(x, &c);
		if (walk(x, &c))
			continue;
		if (poll(&p, 1, 100) < 0 && errno != EINTR)
			reader_die("xdp: poll");
	}
	say(x, &c);
}

int main(int argc, char **argv)
{
	const char *failed;
	struct xsk x;

	if (argc != 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: xdp INTERFACE    until SIGINT; SIGUSR1: how far?\n");
		return 2;
	}
	reader_start();
	reader_promiscuous(argv[1]);
	failed = xsk_open(&x, argv[1], SLOTS);
	if (failed) {
		fputs("xdp: ", stderr);
		reader_die(failed);
	}
	printf("program in the %s\ncapturing\n", x.way);
	fflush(stdout);
	read_all(&x);
	return 0;
}
