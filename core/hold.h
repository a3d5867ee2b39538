/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes of a ring that are being sent: nobody writes over them until then. */
#ifndef CAP_HOLD_H
#define CAP_HOLD_H

#include "core_env.h"

/* Frames of one listener that may be on their way out at once. */
#define CAP_HOLDS	256

/**
 * struct cap_holds - positions that one listener's frames keep
 * @pos: of each slot: first byte kept, U64_MAX when the slot is free
 * @next: where the search for a free slot begins; the taker's alone
 *
 * One thread takes at a time; slots are dropped from anywhere, in any order.
 */
struct cap_holds {
	u64 pos[CAP_HOLDS];
	u32 next;
};

void cap_holds_init(struct cap_holds *h);
int cap_holds_take(struct cap_holds *h, u64 pos);
void cap_holds_drop(struct cap_holds *h, int slot);
u64 cap_holds_oldest(const struct cap_holds *h);

#endif /* CAP_HOLD_H */
