// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Chunks of one queue, taken and returned by any thread without locks. Every
 * position only grows, so compare-and-swap on it can not be fooled.
 */
#include <errno.h>
#include <stdlib.h>
#include "buddy_queue.h"

#define LAP_SHIFT 32
#define BACK_MASK ((1ull << LAP_SHIFT) - 1)

int buddy_queue_init(struct buddy_queue *q, const struct hpcap_handle *h, uint64_t unit_size)
{
	const uint64_t start = __atomic_load_n(&h->cursor->ack, __ATOMIC_RELAXED);

	*q = (struct buddy_queue){
		.ring = h->buf,
		.size = h->bufSize,
		.ctrl = h->ctrl,
		.marks = h->marks,
		.cursor = h->cursor,
		.unit_size = unit_size,
		/* a ring that is no multiple has one more, and a gap in none */
		.nr_units = (h->bufSize + unit_size - 1) / unit_size + 1,
		.next = start,
		.done = start,
	};
	q->unit = calloc(q->nr_units, sizeof(*q->unit));
	return q->unit ? 0 : -ENOMEM;
}

void buddy_queue_deinit(struct buddy_queue *q)
{
	free(q->unit);
	q->unit = NULL;
}

/* Acquire: pairs with the engine's release store of commit. */
static uint64_t load_commit(const struct buddy_queue *q)
{
	return __atomic_load_n(&q->ctrl->commit, __ATOMIC_ACQUIRE);
}

/* Bytes that nobody has taken; a moment's truth. */
uint64_t buddy_queue_unread(const struct buddy_queue *q)
{
	const uint64_t next = __atomic_load_n(&q->next, __ATOMIC_RELAXED);
	const uint64_t commit = load_commit(q);

	return commit > next ? commit - next : 0;
}

/*
 * Where a chunk that begins at @pos ends: at the first record of the next
 * unit, or at what is committed. Garbage when @pos was taken meanwhile, and
 * then the taker's compare-and-swap fails: until it is taken, nothing from @pos on
 * can be overwritten, its marks neither.
 */
static uint64_t chunk_end(const struct buddy_queue *q, uint64_t pos, uint64_t commit)
{
	const uint64_t border = (pos / q->unit_size + 1) * q->unit_size;
	const struct hpcap_mark *m;
	uint64_t at;

	if (commit <= border)
		return commit;
	m = &q->marks[border / HPCAP_CHUNK_SIZE % q->ctrl->nr_chunks];
	at = __atomic_load_n(&m->pos, __ATOMIC_RELAXED);
	/* a mark at commit itself may not be written yet: it says the same */
	return at >= border && at < commit ? at : commit;
}

/* Take the oldest chunk that nobody has: false when there is none. */
bool buddy_queue_take(struct buddy_queue *q, uint64_t *pos, uint64_t *bytes)
{
	/* Acquire: pairs with the taker before, so that end is not older than pos. */
	uint64_t start = __atomic_load_n(&q->next, __ATOMIC_ACQUIRE);
	struct buddy_unit *u;
	uint64_t commit, end;

	do {
		commit = load_commit(q);
		if (commit <= start)
			return false;
		end = chunk_end(q, start, commit);
	} while (!__atomic_compare_exchange_n(&q->next, &start, end, false, __ATOMIC_SEQ_CST,
					      __ATOMIC_ACQUIRE));
	/* this chunk closes its unit: before it can come back, say where it ends */
	if (end / q->unit_size != start / q->unit_size) {
		u = &q->unit[start / q->unit_size % q->nr_units];
		__atomic_store_n(&u->end, end, __ATOMIC_SEQ_CST);
	}
	*pos = start;
	*bytes = end - start;
	return true;
}

static uint64_t lap_of(const struct buddy_queue *q, uint64_t unit)
{
	return unit / q->nr_units & BACK_MASK;
}

/* Note bytes of a unit that came back; the first of a new lap starts from zero. */
static void add_back(struct buddy_queue *q, uint64_t unit, uint64_t bytes)
{
	struct buddy_unit *u = &q->unit[unit % q->nr_units];
	const uint64_t lap = lap_of(q, unit);
	uint64_t was = __atomic_load_n(&u->back, __ATOMIC_RELAXED), is;

	do {
		is = was >> LAP_SHIFT == lap ? was + bytes : lap << LAP_SHIFT | bytes;
	} while (!__atomic_compare_exchange_n(&u->back, &was, is, false, __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
}

/* Is all of the unit that begins at @pos back? Then @end is where it ends. */
static bool is_whole(const struct buddy_queue *q, uint64_t pos, uint64_t *end)
{
	const uint64_t unit = pos / q->unit_size;
	const struct buddy_unit *u = &q->unit[unit % q->nr_units];
	uint64_t back;

	*end = __atomic_load_n(&u->end, __ATOMIC_SEQ_CST);
	if (*end / q->unit_size != unit + 1)
		return false;
	back = __atomic_load_n(&u->back, __ATOMIC_SEQ_CST);
	return back >> LAP_SHIFT == lap_of(q, unit) && (back & BACK_MASK) == *end - pos;
}

/* The engine expels a listener whose ack goes back: it only grows here too. */
static void give_back(struct buddy_queue *q, uint64_t pos)
{
	uint64_t ack = __atomic_load_n(&q->cursor->ack, __ATOMIC_RELAXED);

	/* Release: pairs with the engine's acquire load of ack. */
	while (ack < pos && !__atomic_compare_exchange_n(&q->cursor->ack, &ack, pos, false,
							 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
}

/*
 * A chunk comes back. Whoever completes the oldest unit moves on over all that
 * are whole. Sequentially consistent: of two that return the last chunks of
 * neighbouring units at once, one at least sees the other's.
 */
void buddy_queue_return(struct buddy_queue *q, uint64_t pos, uint64_t bytes)
{
	uint64_t done, end;

	add_back(q, pos / q->unit_size, bytes);
	done = __atomic_load_n(&q->done, __ATOMIC_SEQ_CST);
	while (is_whole(q, done, &end)) {
		if (!__atomic_compare_exchange_n(&q->done, &done, end, false, __ATOMIC_SEQ_CST,
						 __ATOMIC_SEQ_CST))
			continue;
		give_back(q, end);
		done = end;
	}
}

/*
 * Nobody takes or returns any more: where the next reader begins. Behind what was
 * taken, when all of it is back; else at the oldest unit that is not.
 */
uint64_t buddy_queue_end(struct buddy_queue *q)
{
	const uint64_t unit = q->done / q->unit_size;
	const struct buddy_unit *u = &q->unit[unit % q->nr_units];
	const uint64_t back = u->back >> LAP_SHIFT == lap_of(q, unit) ? u->back & BACK_MASK : 0;
	const uint64_t end = back == q->next - q->done ? q->next : q->done;

	give_back(q, end);
	return end;
}
