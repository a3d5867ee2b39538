// SPDX-License-Identifier: GPL-2.0-only
/*
 * Listeners. The only words they write are cursor.ack and cursor.want; each
 * time one is read it is checked, and what is impossible harms its writer only.
 */
#include "core_env.h"
#include "listener.h"

static_assert(sizeof(struct hpcap_cursor) == 128);
static_assert(offsetof(struct hpcap_cursor, lost) == 64);

static bool holds_tail(const struct cap_listener *l)
{
	return l->state == HPCAP_LISTENER_ATTACHED && l->mode == HPCAP_STRICT;
}

static void count_slots(struct cap_listeners *t)
{
	u32 i;

	t->nr = 0;
	t->nr_active = 0;
	t->wake_at = U64_MAX;
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++) {
		const struct cap_listener *l = &t->slot[i];

		if (!l->cursor)
			continue;
		t->nr++;
		t->nr_active += l->state == HPCAP_LISTENER_ATTACHED;
		t->wake_at = min(t->wake_at, l->wake_at);
	}
}

/**
 * cap_listeners_init() - Nobody listens
 * @t: to set up
 */
void cap_listeners_init(struct cap_listeners *t)
{
	*t = (struct cap_listeners){
		.next_id = 1,
		.slowest = -1,
		.wake_at = U64_MAX,
	};
}

static int free_slot(const struct cap_listeners *t)
{
	int i;

	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		if (!t->slot[i].cursor)
			return i;
	return -EUSERS;
}

/**
 * cap_listener_attach() - A new reader starts at what is committed now
 * @t: listeners
 * @r: their ring
 * @cursor: zeroed page that the listener will write its position to
 * @a: in: mode and name, checked; out: id, pos, seq
 * @pid: for listings
 *
 * Context: queue's lock held, between two steps: committed is the head, a
 * record boundary. The caller must give the ring the new tail.
 * Return: slot number; -EUSERS when all are taken.
 */
int cap_listener_attach(struct cap_listeners *t, const struct cap_ring *r,
			struct hpcap_cursor *cursor, struct hpcap_attach *a, s32 pid)
{
	int slot = free_slot(t);
	struct cap_listener *l;

	if (slot < 0)
		return slot;
	l = &t->slot[slot];
	*l = (struct cap_listener){
		.cursor = cursor,
		.state = HPCAP_LISTENER_ATTACHED,
		.mode = a->mode,
		.id = t->next_id++,
		.pid = pid,
		.start = r->committed,
		.ack = r->committed,
		.wake_at = U64_MAX,
	};
	memcpy(l->name, a->name, sizeof(l->name));
	WRITE_ONCE(cursor->ack, l->ack);
	WRITE_ONCE(cursor->state, l->state);
	count_slots(t);

	a->id = l->id;
	a->pos = r->committed;
	a->seq = r->seq;
	return slot;
}

/**
 * cap_listener_detach() - The reader in a slot left or died
 * @t: listeners
 * @slot: as returned by cap_listener_attach()
 *
 * Context: queue's lock held. The caller must give the ring the new tail.
 */
void cap_listener_detach(struct cap_listeners *t, int slot)
{
	t->slot[slot] = (struct cap_listener){ 0 };
	if (t->slowest == slot)
		t->slowest = -1;
	count_slots(t);
}

/**
 * cap_listeners_gone() - The device was removed: say so to every listener
 * @t: listeners
 *
 * Context: queue's lock held; no step follows.
 */
void cap_listeners_gone(struct cap_listeners *t)
{
	u32 i;

	for (i = 0; i < HPCAP_MAX_LISTENERS; i++) {
		struct cap_listener *l = &t->slot[i];

		if (!l->cursor)
			continue;
		l->state = HPCAP_LISTENER_GONE;
		WRITE_ONCE(l->cursor->state, l->state);
	}
	count_slots(t);
}

/* It is a listener no more; it sleeps in poll(2), perhaps, and must be told. */
static void put_out(struct cap_listeners *t, struct cap_listener *l, u32 state)
{
	l->state = state;
	l->wake_at = 0;
	WRITE_ONCE(l->cursor->state, l->state);
	/* pairs with the read barrier of a strict listener between its bytes and its
	 * state: it is told before what it held is written over
	 */
	smp_wmb();
	count_slots(t);
}

/* Read the listener's position; true when it may be believed. */
static bool take_ack(struct cap_listeners *t, struct cap_listener *l, u64 committed)
{
	/* pairs with the listener's release of ack: its reads of the bytes it
	 * gives back come before we overwrite them
	 */
	u64 ack = smp_load_acquire(&l->cursor->ack);

	if (l->mode == HPCAP_LOSSY) {
		/* it holds nothing, so a wrong ack spoils its listing only */
		l->ack = min(ack, committed);
		return true;
	}
	if (ack < l->ack || ack > committed) {
		put_out(t, l, HPCAP_LISTENER_EXPELLED);
		return false;
	}
	if (ack != l->ack)
		l->stuck_ns = 0;
	l->ack = ack;
	return true;
}

/**
 * cap_listener_hold() - Keep bytes that are about to be sent
 * @l: listener
 * @holds: its positions
 * @pos: first byte, from a program: anything
 * @end: behind the last byte, more than @pos
 * @committed: of its ring, now
 *
 * Only what a strict listener still holds can be kept.
 *
 * Context: queue's lock held.
 * Return: slot in @holds; -EAGAIN all are taken; -ERANGE given back already or
 * not committed; -EPERM a lossy listener, or one that was expelled.
 */
int cap_listener_hold(struct cap_listener *l, struct cap_holds *holds, u64 pos, u64 end,
		      u64 committed)
{
	if (!holds_tail(l))
		return -EPERM;
	/* the producer goes by l->ack, not by what the cursor says since */
	if (pos < l->ack || end <= pos || end > committed)
		return -ERANGE;
	l->holds = holds;
	return cap_holds_take(holds, pos);
}

/**
 * cap_listeners_tail() - read all positions
 * @t: listeners
 * @r: their ring
 *
 * A strict listener outside [its last ack, committed] is expelled. One that
 * still reads the ring before this one holds this one from its start.
 *
 * Context: queue's lock held.
 * Return: the smallest position that a strict listener still needs, for itself
 * or for what it sends; CAP_NO_TAIL when there is none.
 */
u64 cap_listeners_tail(struct cap_listeners *t, const struct cap_ring *r)
{
	u64 tail = CAP_NO_TAIL;
	int i;

	t->slowest = -1;
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++) {
		struct cap_listener *l = &t->slot[i];
		u64 needs;

		if (!holds_tail(l) || !take_ack(t, l, r->committed))
			continue;
		needs = l->ack;
		if (unlikely(l->holds))
			needs = min(needs, cap_holds_oldest(l->holds));
		needs = max(needs, r->start);
		if (needs < tail) {
			tail = needs;
			t->slowest = i;
		}
	}
	return tail;
}

/**
 * cap_listeners_charge() - Frames were lost on the slowest one's account
 * @t: listeners
 * @frames: how many
 * @now_ns: of a clock that does not jump
 *
 * Once it has been charged for t->evict_ns without giving anything back, it is
 * evicted; the caller must give the ring the new tail.
 *
 * Context: queue's lock held, after cap_listeners_tail().
 */
void cap_listeners_charge(struct cap_listeners *t, u64 frames, u64 now_ns)
{
	struct cap_listener *l;

	if (WARN_ON_ONCE(t->slowest < 0))
		return;
	l = &t->slot[t->slowest];
	l->lost += frames;
	WRITE_ONCE(l->cursor->lost, l->lost);
	if (!l->stuck_ns || now_ns < l->stuck_ns) {
		l->stuck_ns = max_t(u64, now_ns, 1);
	} else if (t->evict_ns && now_ns - l->stuck_ns >= t->evict_ns) {
		t->nr_evicted++;
		put_out(t, l, HPCAP_LISTENER_EVICTED);
	}
}

/**
 * cap_listener_ready() - Has a listener as much to read as it wants?
 * @t: listeners
 * @slot: its slot
 * @r: its ring
 *
 * Also arms its wake-up, ready or not: for the next commit that brings what it
 * wants, so that edge-triggered epoll works as well.
 *
 * Context: queue's lock held.
 * Return: true when it should not sleep.
 */
bool cap_listener_ready(struct cap_listeners *t, int slot, const struct cap_ring *r)
{
	struct cap_listener *l = &t->slot[slot];
	u64 want = READ_ONCE(l->cursor->want);
	u64 target;

	if (l->state != HPCAP_LISTENER_ATTACHED || !take_ack(t, l, r->committed))
		return true;
	want = min(max(want, 1ull), r->size / 2);
	target = l->ack + want;
	l->wake_at = max(target, r->committed + 1);
	t->wake_at = min(t->wake_at, l->wake_at);
	return r->committed >= target;
}

/**
 * cap_listeners_wake() - Whose wake-up is due?
 * @t: listeners
 * @committed: of their ring, now
 *
 * Worth calling only when @committed has reached t->wake_at.
 *
 * Context: queue's lock held.
 * Return: bit n for slot n; their wake-ups are spent.
 */
u32 cap_listeners_wake(struct cap_listeners *t, u64 committed)
{
	u32 due = 0;
	u32 i;

	for (i = 0; i < HPCAP_MAX_LISTENERS; i++) {
		struct cap_listener *l = &t->slot[i];

		if (!l->cursor || l->wake_at > committed)
			continue;
		l->wake_at = U64_MAX;
		due |= 1u << i;
	}
	count_slots(t);
	return due;
}

static void fill_row(struct hpcap_listener *row, const struct cap_listener *l, u64 committed)
{
	*row = (struct hpcap_listener){
		.id = l->id,
		.mode = l->mode,
		.state = l->state,
		.pid = l->pid,
		.start = l->start,
		.ack = l->ack,
		.lag = committed - l->ack,
		.lost = l->lost,
	};
	memcpy(row->name, l->name, sizeof(row->name));
}

/**
 * cap_listeners_list() - Rows for HPCAP_IOC_LISTENERS, oldest first
 * @t: listeners; their positions are read anew
 * @committed: of their ring, now
 * @out: filled in, whole
 *
 * Context: queue's lock held.
 */
void cap_listeners_list(struct cap_listeners *t, u64 committed, struct hpcap_listeners *out)
{
	u32 i, at;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++) {
		struct cap_listener *l = &t->slot[i];

		if (!l->cursor)
			continue;
		if (l->state == HPCAP_LISTENER_ATTACHED)
			take_ack(t, l, committed);
		for (at = out->count; at > 0 && out->row[at - 1].id > l->id; at--)
			out->row[at] = out->row[at - 1];
		fill_row(&out->row[at], l, committed);
		out->count++;
	}
}
