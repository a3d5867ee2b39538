/* SPDX-License-Identifier: GPL-2.0-only */
/* The way of a batch when something is switched on; poll.c has the plain one. */
#ifndef CAP_STORE_H
#define CAP_STORE_H

#include "poll.h"

u8 *cap_poll_reserve(struct cap_poll *p, u32 need, bool *refreshed);
void cap_store_batch(struct cap_poll *p, int n, struct cap_batch *b);

#endif /* CAP_STORE_H */
