// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way of a batch when a policy of time or duplicates are switched on: first
 * all frames are measured and stamped, then each is looked up and written.
 */
#include "core_env.h"
#include "record.h"
#include "store.h"

/* Cut the batch into frames, each with a reading of the clock. Returns how many. */
static int measure(struct cap_poll *p, int n)
{
	const bool read_each = p->timing.policy == HPCAP_TIME_KPT;
	struct cap_slot *s = p->slot;
	struct cap_chain c;
	int at;

	for (at = 0; at < n; at += s->pieces, s++) {
		const struct cap_frame *f = &p->frame[at];

		s->at = at;
		if (read_each)
			s->ns = cap_clock_now(&p->clock);
		if (likely(!(f->flags & ~CAP_FRAME_HINTS) && f->len - 1 < p->frame_max)) {
			s->pieces = 1;
			s->len = f->len;
			s->bad = false;
			continue;
		}
		cap_chain_measure(&c, f, n - at, p->frame_max);
		s->pieces = c.pieces;
		s->len = c.len;
		s->bad = c.bad;
	}
	return s - p->slot;
}

/* What the NIC stamped overrides what was read or reckoned. */
static void stamp_by_nic(struct cap_poll *p, int nr, struct cap_batch *b)
{
	int i;

	for (i = 0; i < nr; i++) {
		const struct cap_frame *f = &p->frame[p->slot[i].at];

		if (!(f->flags & CAP_FRAME_STAMP))
			continue;
		p->slot[i].ns = cap_hwclock_ns(&p->hwclock, f->stamp);
		b->hw_stamped++;
	}
}

/* @now_ns: read right behind the look that found the batch. */
static void stamp(struct cap_poll *p, int n, int nr, u64 now_ns, struct cap_batch *b)
{
	struct cap_timing *t = &p->timing;
	bool more = n == t->batch || (nr < n && n + CAP_CHAIN_MAX > t->batch);

	if (t->policy != HPCAP_TIME_KPT)
		cap_timing_spread(t, p->slot, nr, p->look_ns, now_ns, more);
	if (p->options & CAP_OPT_HW_TIME)
		stamp_by_nic(p, nr, b);
}

static noinline u64 print_other(const struct cap_dup *d, const struct cap_frame *f,
				const struct cap_slot *s)
{
	struct cap_dup_frame df = { .data = f->data, .have = f->len, .len = s->len };

	if (f->flags & CAP_FRAME_VLAN) {
		df.tagged = true;
		df.tci = f->vlan_tci;
		df.len -= CAP_VLAN_LEN;
	}
	return cap_dup_print(d, &df);
}

/* Prints first, so that the table's lines are on their way when they are asked for. */
static void take_prints(struct cap_poll *p, int nr)
{
	const struct cap_dup *d = &p->dup;
	const bool rss = d->key == HPCAP_DUP_KEY_RSS;
	int i;

	for (i = 0; i < nr; i++) {
		struct cap_slot *s = &p->slot[i];
		const struct cap_frame *f = &p->frame[s->at];

		prefetch(f[CAP_PREFETCH].data);
		if (unlikely(s->bad))
			continue;
		if (likely(!d->ignore && !(f->flags & CAP_FRAME_VLAN)))
			s->print = cap_dup_mix(d, f->data, min(d->bytes, f->len), s->len);
		else
			s->print = print_other(d, f, s);
		s->place = rss && f->flags & CAP_FRAME_HASH ? f->hash : s->print;
		prefetchw(cap_dup_at(d, s->place));
	}
}

/* True: the frame is a copy and is left out. */
static bool drop_copy(struct cap_poll *p, const struct cap_slot *s, struct cap_batch *b,
		      u64 *stamp)
{
	if (!cap_dup_seen(&p->dup, s->place, s->print, p->clock.last_ns))
		return false;
	if (p->dup.mode == HPCAP_DUP_MARK) {
		b->marked++;
		*stamp |= (u64)HPCAP_REC_DUPLICATE << 32;
		return false;
	}
	b->duplicate++;
	b->dropped_bytes += s->len;
	return true;
}

/* What the policy leaves of a frame, in one piece; NULL: nothing. */
static const u8 *judge(struct cap_poll *p, const struct cap_slot *s, struct cap_batch *b,
		       u32 *keep)
{
	const struct cap_frame *f = &p->frame[s->at];
	const struct cap_chain c = {
		.pieces = s->pieces,
		.rx_len = f->flags & CAP_FRAME_VLAN ? s->len - CAP_VLAN_LEN : s->len,
		.len = s->len,
	};

	return cap_poll_judge(p, &c, f, b, keep);
}

static void write_slot(struct cap_poll *p, const struct cap_slot *s, const u8 *whole, u8 *dst,
		       u32 keep)
{
	const struct cap_frame *f = &p->frame[s->at];
	const struct cap_chain c = { .pieces = s->pieces };

	if (whole)
		cap_record_copy(dst, whole, keep);
	else if (likely(!(f->flags & ~CAP_FRAME_HINTS)))
		cap_record_copy(dst, f->data, s->len);
	else
		cap_chain_copy(dst, &c, f);
}

static void store_slot(struct cap_poll *p, const struct cap_slot *s, struct cap_batch *b,
		       bool *refreshed)
{
	const u8 *whole = NULL;
	u32 keep = s->len;
	u64 stamp;
	u8 *dst;

	if (unlikely(s->bad)) {
		b->nic_error++;
		b->dropped_bytes += s->len;
		return;
	}
	stamp = cap_clock_at(&p->clock, s->ns);
	if (p->policy.active) {
		whole = judge(p, s, b, &keep);
		if (!whole)
			return;
	}
	if (p->options & CAP_OPT_DUP && drop_copy(p, s, b, &stamp))
		return;
	dst = cap_poll_reserve(p, HPCAP_REC_LEN + keep, refreshed);
	if (unlikely(!dst)) {
		b->slow_client++;
		b->dropped_bytes += s->len;
		return;
	}
	cap_record_head(dst, stamp, keep, s->len);
	write_slot(p, s, whole, dst + HPCAP_REC_LEN, keep);
	cap_ring_write(&p->ring, HPCAP_REC_LEN + keep);
	b->cut_bytes += s->len - keep;
}

/**
 * cap_store_batch() - Stamp, look up, write and commit a batch
 * @p: engine with some of CAP_OPT_*
 * @n: pieces in p->frame
 * @b: counters of the batch
 *
 * Context: poll thread, with the queue's lock.
 */
void cap_store_batch(struct cap_poll *p, int n, struct cap_batch *b)
{
	u64 seq = p->ring.seq, head = p->ring.head;
	const u64 now_ns = p->options & CAP_OPT_TIME ? cap_clock_now(&p->clock) : 0;
	int nr = measure(p, n);
	bool refreshed = false;
	int i;

	stamp(p, n, nr, now_ns, b);
	if (p->options & CAP_OPT_DUP)
		take_prints(p, nr);
	for (i = 0; i < nr; i++)
		store_slot(p, &p->slot[i], b, &refreshed);
	b->captured = p->ring.seq - seq;
	b->captured_bytes = p->ring.head - head - b->captured * HPCAP_REC_LEN;
	cap_ring_commit(&p->ring);
}
