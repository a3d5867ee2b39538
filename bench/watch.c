// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader notes its own clock at each turn of its loop. A turn that took far
 * longer than its work was interrupted: what came then was stamped by a reader
 * that did not run, whatever the policy. The rule is the same for all of them.
 */
#include "watch.h"

#include <math.h>

/* A turn may take so long, as a frame of the player may be late, and for each frame more. */
#define TURN_NS	 200
#define FRAME_NS 500
/* For so long after a frame that the player brought late nothing is measured. */
#define LATE_US 160

/**
 * watch_init() - Make room for frames
 * @w: to set up
 * @nr: frames at most
 */
void watch_init(struct watch *w, u32 nr)
{
	*w = (struct watch){.held = calloc(nr, sizeof(bool)), .skip = calloc(nr, sizeof(bool))};
	if (!w->held || !w->skip) {
		fprintf(stderr, "bench: no memory\n");
		exit(1);
	}
}

/**
 * watch_start() - The reader begins
 * @w: watch
 * @p: what it reads
 */
void watch_start(struct watch *w, const struct play *p)
{
	w->p = p;
	w->next = 0;
	w->from = U64_MAX;
	memset(w->held, 0, p->nr * sizeof(*w->held));
	w->last = cap_cycles(CAP_CLOCK_TSC);
}

static void mark(struct watch *w, u64 to)
{
	while (w->from < to)
		w->held[w->from++] = true;
	w->from = U64_MAX;
}

/**
 * watch_turn() - The reader looked for frames once more
 * @w: watch
 * @batch: frames that it waits for; when fewer are there it has caught up
 *
 * It may be held up while it waits: frames that it would not have taken yet take no
 * harm.
 */
void watch_turn(struct watch *w, u32 batch)
{
	u64 now = cap_cycles(CAP_CLOCK_TSC), head = smp_load_acquire(&w->p->head);
	u64 next = w->p->next, taken = next - w->next;
	u64 ns = TURN_NS + taken * FRAME_NS;

	if (w->from == U64_MAX && now - w->last > ns * w->p->khz / 1000000 &&
	    (taken || head - next >= batch))
		w->from = w->next;
	if (w->from != U64_MAX && head - next < batch)
		mark(w, next);
	w->last = now;
	w->next = next;
}

/**
 * watch_stop() - All frames came: what is left out?
 * @w: watch
 * @nr: frames
 *
 * A real wire does not stop where the player was held up.
 */
void watch_stop(struct watch *w, u32 nr)
{
	const struct play *p = w->p;
	u64 until = 0, pause = (u64)LATE_US * p->khz / 1000;
	u32 i, player = 0, reader = 0;

	if (w->from != U64_MAX)
		mark(w, nr);
	for (i = 0; i < nr; i++) {
		if (p->late[i])
			until = p->when[i] + pause;
		w->skip[i] = p->when[i] < until || (i + 1 < nr && p->late[i + 1]);
		player += w->skip[i];
		reader += w->held[i] && !w->skip[i];
		w->skip[i] |= w->held[i];
	}
	w->by_player = 100.0 * player / nr;
	w->by_reader = 100.0 * reader / nr;
}

/**
 * watch_error() - How wrong is the time between two frames?
 * @w: watch, stopped
 * @stamp: of each frame, ns
 * @nr: frames
 * @ns_per_count: of the wire's counter
 * @all: leave nothing out
 * @e: filled in
 *
 * Return: false when less than a quarter could be measured.
 */
bool watch_error(const struct watch *w, const u64 *stamp, u32 nr, double ns_per_count, bool all,
		 struct watch_error *e)
{
	const u64 *when = w->p->when;
	double sum = 0, squares = 0;
	u32 i, n = 0;

	for (i = 1; i < nr; i++) {
		double is = (double)(s64)(stamp[i] - stamp[i - 1]) -
			    (double)(s64)(when[i] - when[i - 1]) * ns_per_count;

		if (!all && (w->skip[i] || w->skip[i - 1]))
			continue;
		sum += is;
		squares += is * is;
		n++;
	}
	if (n < nr / 4)
		return false;
	e->mean = sum / n;
	e->deviation = sqrt(squares / n - e->mean * e->mean);
	return true;
}
