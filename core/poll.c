// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a frame from the NIC's buffer into the ring. Whatever happens to
 * a frame, it is given back to the NIC and counted on exactly one arrow.
 */
#include "core_env.h"
#include "poll.h"
#include "record.h"
#include "store.h"

/*
 * Looks at an empty NIC for each reading of the clock: that takes as long as the
 * look, and the sooner the next one, the truer the time of what it finds.
 */
#define LOOKS_A_READING 8

/**
 * cap_poll_init() - An engine without ring and without listeners
 * @p: to set up
 * @ops: the NIC's table
 * @nicq: its argument
 * @frame_max: bytes the NIC may deliver in one frame, 60..HPCAP_CAPLEN_MAX
 *
 * The caller goes on with cap_ring_init() and cap_clock_init().
 */
void cap_poll_init(struct cap_poll *p, const struct cap_nic_ops *ops, void *nicq,
		   u32 frame_max)
{
	memset(p, 0, sizeof(*p));
	p->ops = ops;
	p->nicq = nicq;
	p->frame_max = frame_max;
	cap_listeners_init(&p->listeners);
	cap_timing_init(&p->timing);
}

static void refresh_tail(struct cap_poll *p)
{
	u32 active = p->listeners.nr_active;
	u64 tail = cap_listeners_tail(&p->listeners, &p->ring);

	cap_ring_set_tail(&p->ring, tail);
	cap_gauge_look(&p->gauge, tail == CAP_NO_TAIL ? 0 : p->ring.head - tail);
	p->look_at = p->ring.committed + HPCAP_CHUNK_SIZE;
	if (unlikely(p->listeners.nr_active != active))
		cap_policy_refresh(&p->policy, &p->listeners);
}

/**
 * cap_poll_refresh() - Listeners or policy were changed
 * @p: engine
 *
 * Context: queue's lock held, between two steps.
 */
void cap_poll_refresh(struct cap_poll *p)
{
	refresh_tail(p);
	cap_policy_refresh(&p->policy, &p->listeners);
}

/**
 * cap_poll_sample() - Follow the ring's usage; to be called now and then
 * @p: engine
 *
 * Context: queue's lock held, between two steps.
 */
void cap_poll_sample(struct cap_poll *p)
{
	refresh_tail(p);
	cap_gauge_sample(&p->gauge, p->now_ns, p->ring.committed);
	p->stats.ring_high = max(p->stats.ring_high, p->gauge.high);
}

/**
 * cap_poll_attach() - A listener joins at the next record
 * @p: engine
 * @cursor: zeroed page, the listener's own
 * @a: in: mode and name, checked; out: id, pos, seq
 * @pid: for listings
 *
 * Context: queue's lock held, between two steps.
 * Return: its slot, or -EUSERS.
 */
int cap_poll_attach(struct cap_poll *p, struct hpcap_cursor *cursor,
		    struct hpcap_attach *a, s32 pid)
{
	int slot = cap_listener_attach(&p->listeners, &p->ring, cursor, a, pid);

	if (slot >= 0)
		cap_poll_refresh(p);
	return slot;
}

/**
 * cap_poll_detach() - A listener leaves, and what it held is free
 * @p: engine
 * @slot: from cap_poll_attach()
 *
 * Context: queue's lock held, between two steps.
 */
void cap_poll_detach(struct cap_poll *p, int slot)
{
	cap_listener_detach(&p->listeners, slot);
	cap_poll_refresh(p);
}

/* No room as far as we know; the listeners' positions are read once a batch. */
static noinline u8 *reserve_again(struct cap_poll *p, u32 need, bool *refreshed)
{
	if (*refreshed)
		return NULL;
	*refreshed = true;
	refresh_tail(p);
	return cap_ring_reserve(&p->ring, need);
}

/**
 * cap_poll_reserve() - Room for a record, looking at the listeners if need be
 * @p: engine
 * @need: bytes, header included
 * @refreshed: the listeners were looked at in this batch; in and out
 *
 * Context: poll thread, with the queue's lock.
 * Return: where to write, or NULL.
 */
u8 *cap_poll_reserve(struct cap_poll *p, u32 need, bool *refreshed)
{
	u8 *dst = cap_ring_reserve(&p->ring, need);

	return likely(dst) ? dst : reserve_again(p, need, refreshed);
}

static __always_inline u8 *reserve(struct cap_poll *p, u32 need, bool *refreshed)
{
	u8 *dst = cap_ring_reserve(&p->ring, need);

	return likely(dst) ? dst : reserve_again(p, need, refreshed);
}

/* The frame in one piece, its tag put back. */
static const u8 *in_one_piece(struct cap_poll *p, const struct cap_chain *c,
			      const struct cap_frame *f)
{
	if (c->pieces == 1 && c->len == c->rx_len)
		return f->data;
	cap_chain_copy(p->whole, c, f);
	return p->whole;
}

/**
 * cap_poll_judge() - What the policy makes of one frame
 * @p: engine, its policy active
 * @c: the frame, measured, not bad
 * @f: its first piece
 * @b: a refused frame is counted here
 * @keep: out: bytes to store
 *
 * Context: poll thread, with the queue's lock.
 * Return: the frame in one piece, good until the next call; NULL: refused.
 */
const u8 *cap_poll_judge(struct cap_poll *p, const struct cap_chain *c,
			 const struct cap_frame *f, struct cap_batch *b, u32 *keep)
{
	const u8 *whole = in_one_piece(p, c, f);

	switch (cap_policy_judge(&p->policy, &p->listeners, whole, c->len,
				 p->now_ns >> CAP_POLICY_TICK, keep)) {
	case CAP_KEEP:
		return whole;
	case CAP_FILTERED:
		b->filtered++;
		break;
	case CAP_FLOW_CUT:
		b->flow_cut++;
		break;
	}
	b->dropped_bytes += c->len;
	return NULL;
}

/* Not plain: of several pieces, without its tag, damaged, or to be looked at. */
static noinline int store_other(struct cap_poll *p, int at, int n, struct cap_batch *b,
				bool *refreshed)
{
	const struct cap_frame *f = &p->frame[at];
	const u8 *whole = NULL;
	struct cap_chain c;
	u32 keep;
	u64 stamp;
	u8 *dst;

	cap_chain_measure(&c, f, n - at, p->frame_max);
	if (c.bad) {
		b->nic_error++;
		b->dropped_bytes += c.len;
		return c.pieces;
	}
	stamp = cap_clock_stamp(&p->clock);
	keep = c.len;
	if (p->policy.active) {
		whole = cap_poll_judge(p, &c, f, b, &keep);
		if (!whole)
			return c.pieces;
	}
	dst = reserve(p, HPCAP_REC_LEN + keep, refreshed);
	if (!dst) {
		b->slow_client++;
		b->dropped_bytes += c.len;
		return c.pieces;
	}
	cap_record_head(dst, stamp, keep, c.len);
	if (whole)
		cap_record_copy(dst + HPCAP_REC_LEN, whole, keep);
	else
		cap_chain_copy(dst + HPCAP_REC_LEN, &c, f);
	cap_ring_write(&p->ring, HPCAP_REC_LEN + keep);
	b->cut_bytes += c.len - keep;
	return c.pieces;
}

static void store_batch(struct cap_poll *p, int n, struct cap_batch *b)
{
	/* with a policy no frame is plain */
	const u32 plain_max = p->policy.active ? 0 : p->frame_max;
	struct cap_ring *r = &p->ring;
	u64 seq = r->seq;
	u64 head = r->head;
	bool refreshed = false;
	int i = 0;

	while (i < n) {
		const struct cap_frame *f = &p->frame[i];
		u32 len = f->len;
		u64 stamp;
		u8 *dst;

		prefetch(f[CAP_PREFETCH].data);
		if (unlikely(f->flags & ~CAP_FRAME_HINTS || len - 1 >= plain_max)) {
			i += store_other(p, i, n, b, &refreshed);
			continue;
		}
		i++;
		stamp = cap_clock_stamp(&p->clock);
		dst = reserve(p, HPCAP_REC_LEN + len, &refreshed);
		if (unlikely(!dst)) {
			b->slow_client++;
			b->dropped_bytes += len;
			continue;
		}
		cap_record_head(dst, stamp, len, len);
		cap_record_copy(dst + HPCAP_REC_LEN, f->data, len);
		cap_ring_write(r, HPCAP_REC_LEN + len);
	}
	b->captured = r->seq - seq;
	b->captured_bytes = r->head - head - b->captured * HPCAP_REC_LEN;
	cap_ring_commit(r);
}

/* Nobody listens: the NIC's ring is drained all the same, and all counted. */
static void discard_batch(struct cap_poll *p, int n, struct cap_batch *b)
{
	struct cap_chain c;
	int i;

	for (i = 0; i < n; i += c.pieces) {
		cap_chain_measure(&c, &p->frame[i], n - i, p->frame_max);
		b->dropped_bytes += c.len;
		if (c.bad)
			b->nic_error++;
		else
			b->no_client++;
	}
}

/* Somebody pays for what was lost; being evicted for it frees what it held. */
static noinline void charge(struct cap_poll *p, u64 frames)
{
	u64 evicted = p->listeners.nr_evicted;

	cap_listeners_charge(&p->listeners, frames, p->now_ns);
	if (p->listeners.nr_evicted != evicted) {
		p->stats.evicted = p->listeners.nr_evicted;
		cap_poll_refresh(p);
	}
}

/**
 * cap_poll_step() - Bring one batch from the NIC into the ring
 * @p: engine
 * @wake: bit n is set when the listener in slot n must be woken
 *
 * Context: poll thread, with the queue's lock; does not sleep.
 * Return: pieces handled, 0 when the NIC has none, or the NIC's negative errno.
 */
int cap_poll_step(struct cap_poll *p, u32 *wake)
{
	struct cap_batch b = { 0 };
	int n;

	if (unlikely(p->options & CAP_OPT_TIME) && p->idle++ % LOOKS_A_READING == 0)
		p->look_ns = cap_clock_now(&p->clock);
	n = p->ops->rx_borrow(p->nicq, p->frame, p->timing.batch);
	if (n <= 0) {
		p->timing.look_ns = p->look_ns;
		return n;
	}
	p->idle = 0;
	if (unlikely(!p->listeners.nr_active)) {
		discard_batch(p, n, &b);
		p->timing.look_ns = p->look_ns;
	} else if (likely(!p->options)) {
		store_batch(p, n, &b);
	} else {
		cap_store_batch(p, n, &b);
	}
	p->ops->rx_return(p->nicq, n);

	cap_stats_add(&p->stats, &b);
	if (unlikely(b.slow_client))
		charge(p, b.slow_client);
	if (p->ring.committed >= p->look_at)
		refresh_tail(p);
	if (p->ring.committed >= p->listeners.wake_at)
		*wake |= cap_listeners_wake(&p->listeners, p->ring.committed);
	return n;
}

/**
 * cap_poll_woken() - The thread slept until the NIC interrupted it
 * @p: engine
 *
 * What it finds now came a moment ago and not in all the time it slept.
 *
 * Context: poll thread.
 */
void cap_poll_woken(struct cap_poll *p)
{
	p->idle = 0;
	if (p->options & CAP_OPT_TIME)
		p->timing.look_ns = cap_clock_now(&p->clock);
}
