/* SPDX-License-Identifier: GPL-2.0-only */
/* One counter for every arrow of the picture; the poll step fills them. */
#ifndef CAP_STATS_H
#define CAP_STATS_H

#include "core_env.h"
#include <uapi/hpcap.h>

/**
 * struct cap_batch - what became of the frames of one batch
 * @captured: frames written to the ring
 * @captured_bytes: bytes of those
 * @dropped_bytes: bytes of all others
 * @nic_error: frames damaged or impossible
 * @no_client: frames that nobody wanted
 * @slow_client: frames for which strict listeners left no room
 * @filtered: frames that the filters refused
 * @flow_cut: frames behind the part of their flow that is kept
 * @cut_bytes: bytes of stored frames that were not kept
 * @duplicate: copies left out
 * @marked: copies written, of @captured
 * @hw_stamped: frames with the NIC's stamp
 */
struct cap_batch {
	u64 captured;
	u64 captured_bytes;
	u64 dropped_bytes;
	u64 nic_error;
	u64 no_client;
	u64 slow_client;
	u64 filtered;
	u64 flow_cut;
	u64 cut_bytes;
	u64 duplicate;
	u64 marked;
	u64 hw_stamped;
};

/**
 * cap_stats_add() - Add one batch to a queue's counters
 * @st: counters, guarded by the queue's lock
 * @b: batch
 */
static inline void cap_stats_add(struct hpcap_stats *st, const struct cap_batch *b)
{
	st->batches++;
	st->frames += b->captured + b->nic_error + b->no_client + b->slow_client +
		      b->filtered + b->flow_cut + b->duplicate;
	st->bytes += b->captured_bytes + b->dropped_bytes + b->cut_bytes;
	st->captured += b->captured;
	st->captured_bytes += b->captured_bytes;
	st->nic_error += b->nic_error;
	st->no_client += b->no_client;
	st->slow_client += b->slow_client;
	st->filtered += b->filtered;
	st->flow_cut += b->flow_cut;
	st->cut_bytes += b->cut_bytes;
	st->duplicate += b->duplicate;
	st->marked += b->marked;
	st->hw_stamped += b->hw_stamped;
}

#endif /* CAP_STATS_H */
