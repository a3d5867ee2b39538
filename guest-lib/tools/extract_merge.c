// SPDX-License-Identifier: GPL-2.0-or-later
/* Many files as one, by time. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>
#include "cli.h"
#include "extract.h"

enum {
	PROGRESS_FRAMES = 1 << 14,
};

/**
 * struct item - a source in the heap
 * @ns: time of its frame, or of none before which it has one
 * @order: of the file, for equal times
 * @s: source; it has a frame in hand once it is open
 */
struct item {
	uint64_t ns;
	size_t order;
	struct source *s;
};

static bool is_before(const struct item *a, const struct item *b)
{
	return a->ns != b->ns ? a->ns < b->ns : a->order < b->order;
}

/* The first item may be too late where it stands: let it sink. */
static void sink(struct item *heap, size_t n, size_t at)
{
	const struct item it = heap[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child < n && child + 1 < n && is_before(&heap[child + 1], &heap[child]))
			child++;
		if (child >= n || !is_before(&heap[child], &it))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = it;
}

static uint64_t frame_ns(const struct source *s)
{
	return s->f.rec.sec * (uint64_t)CLI_NSEC + s->f.rec.nsec;
}

static void show_progress(const struct totals *t, size_t left)
{
	static int64_t next_ns;
	int64_t now;

	if (t->frames % PROGRESS_FRAMES || !isatty(STDERR_FILENO))
		return;
	now = cli_now_ns();
	if (now < next_ns)
		return;
	next_ns = now + CLI_NSEC / 2;
	fprintf(stderr, "\rhpcap-extract: %" PRIu64 " frames, up to %s, %zu files left ",
		t->frames, cli_utc((uint32_t)(t->last_ns / CLI_NSEC), 0).text, left);
}

/* The source's next frame: 1 it has one, 0 it has ended. */
static int advance(struct item *it, struct want *w, struct totals *t)
{
	int ret = source_next(it->s, w, t);

	if (ret > 0)
		it->ns = frame_ns(it->s);
	else
		source_close(it->s, t);
	return ret > 0;
}

static int put(struct item *it, struct output *o, struct totals *t)
{
	int err = output_put(o, it->s);

	if (err)
		return err;
	if (!t->frames++) {
		t->first_ns = it->ns;
		t->found_ns = cli_now_ns() - t->found_ns;
	}
	t->last_ns = it->ns;
	t->bytes += it->s->f.rec.caplen;
	return 0;
}

int extract_merge(struct source *s, size_t n, struct want *w, struct output *o, uint64_t count,
		  struct totals *t)
{
	struct item *heap = calloc(n ? n : 1, sizeof(*heap));
	const size_t all = n;
	size_t i;
	int err = 0;

	if (!heap)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		heap[i] = (struct item){.ns = s[i].low_ns, .order = i, .s = &s[i]};
	for (i = n / 2; i-- > 0;)
		sink(heap, n, i);
	while (!err && n && !cli_stopped() && (!count || t->frames < count)) {
		const bool has_frame = heap[0].s->in;

		if (has_frame)
			err = put(&heap[0], o, t);
		if (!err && !advance(&heap[0], w, t))
			heap[0] = heap[--n];
		sink(heap, n, 0);
		show_progress(t, n);
	}
	for (i = 0; i < all; i++)
		source_close(&s[i], t);
	free(heap);
	return err;
}
