// SPDX-License-Identifier: GPL-2.0-only
/*
 * Positions kept while frames are sent from the ring. The ring's producer
 * asks for the oldest only when it looks at its listeners anew.
 */
#include "core_env.h"
#include "hold.h"

/**
 * cap_holds_init() - Nothing is kept
 * @h: to set up
 */
void cap_holds_init(struct cap_holds *h)
{
	int i;

	for (i = 0; i < CAP_HOLDS; i++)
		h->pos[i] = U64_MAX;
	h->next = 0;
}

/**
 * cap_holds_take() - Keep everything from a position on
 * @h: positions
 * @pos: ring position; the producer may not have passed it
 *
 * Context: one taker at a time, with the queue's lock, so that the producer
 * sees it before it frees more.
 * Return: the slot, or -EAGAIN when all are taken.
 */
int cap_holds_take(struct cap_holds *h, u64 pos)
{
	int i;

	for (i = 0; i < CAP_HOLDS; i++) {
		u32 slot = (h->next + i) % CAP_HOLDS;

		/* pairs with the release in cap_holds_drop() */
		if (smp_load_acquire(&h->pos[slot]) != U64_MAX)
			continue;
		WRITE_ONCE(h->pos[slot], pos);
		h->next = (slot + 1) % CAP_HOLDS;
		return slot;
	}
	return -EAGAIN;
}

/**
 * cap_holds_drop() - A frame was sent, or never will be
 * @h: positions
 * @slot: from cap_holds_take()
 *
 * Context: any.
 */
void cap_holds_drop(struct cap_holds *h, int slot)
{
	/* pairs with the acquires of taker and producer: the bytes were read
	 * before they may change
	 */
	smp_store_release(&h->pos[slot], U64_MAX);
}

/**
 * cap_holds_oldest() - Up to where may be overwritten?
 * @h: positions
 *
 * Context: the queue's lock held.
 * Return: the smallest position kept, U64_MAX when there is none.
 */
u64 cap_holds_oldest(const struct cap_holds *h)
{
	u64 oldest = U64_MAX;
	int i;

	for (i = 0; i < CAP_HOLDS; i++) {
		/* pairs with the release in cap_holds_drop() */
		u64 pos = smp_load_acquire(&h->pos[i]);

		oldest = min(oldest, pos);
	}
	return oldest;
}
