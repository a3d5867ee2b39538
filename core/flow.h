/* SPDX-License-Identifier: GPL-2.0-only */
/* Flows, and how much of each was kept: a table that never grows. */
#ifndef CAP_FLOW_H
#define CAP_FLOW_H

#include "core_env.h"
#include "headers.h"

#define CAP_FLOW_WAYS		4
#define CAP_FLOW_SLOTS_MIN	1024u
#define CAP_FLOW_SLOTS_MAX	16777216u

/**
 * struct cap_flow - one flow, both directions
 * @key: hash of addresses, ports and protocol; 0: free
 * @seen: step of time of its last frame
 * @bytes: bytes of frames so far; stays at U32_MAX
 */
struct cap_flow {
	u64 key;
	u32 seen;
	u32 bytes;
};

/**
 * struct cap_flows - all flows of a queue
 * @seed: nobody outside can make two flows meet on purpose
 * @nr: slots, a power of two from CAP_FLOW_SLOTS_MIN up
 * @limit: bytes of each flow that are kept
 * @idle: steps of time without a frame after which a flow is forgotten
 * @evicted: flows forgotten before, for lack of a slot
 * @slot: the caller's memory, zero at first; each CAP_FLOW_WAYS in a row are
 *	one bucket, one cache line
 *
 * Belongs to the poll thread.
 */
struct cap_flows {
	u64 seed[2];
	u32 nr;
	u32 limit;
	u32 idle;
	u64 evicted;
	struct cap_flow *slot;
};

u64 cap_flow_key(const struct cap_flows *t, const struct cap_headers *h, const u8 *frame);
u32 cap_flow_keep(struct cap_flows *t, const struct cap_headers *h, const u8 *frame, u32 len,
		  u32 now);

#endif /* CAP_FLOW_H */
