/* SPDX-License-Identifier: GPL-2.0-only */
/* Time of a frame that the NIC stamped: its counter, turned into our time. */
#ifndef CAP_HWCLOCK_H
#define CAP_HWCLOCK_H

#include "stamp.h"

/**
 * struct cap_hwclock - a NIC's counter, followed
 * @clock: what it counts against, its @base_cycles widened to 64 bits
 * @mask: the counter's bits; 0 until cap_hwclock_init()
 * @base_raw: counter at the last comparison, as the NIC gives it
 *
 * Belongs to one queue's poll thread.
 */
struct cap_hwclock {
	struct cap_clock clock;
	u64 mask;
	u64 base_raw;
};

void cap_hwclock_init(struct cap_hwclock *h, u32 bits, u32 khz, u64 raw, u64 real_ns);
bool cap_hwclock_sync(struct cap_hwclock *h, u64 raw, u64 real_ns);
u64 cap_hwclock_ns(const struct cap_hwclock *h, u64 raw);

#endif /* CAP_HWCLOCK_H */
