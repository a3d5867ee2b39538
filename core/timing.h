/* SPDX-License-Identifier: GPL-2.0-only */
/* When a frame came, where not each one gets a clock reading of its own. */
#ifndef CAP_TIMING_H
#define CAP_TIMING_H

#include "core_env.h"
#include "nic_ops.h"
#include <uapi/hpcap.h>

/* Preamble, FCS and gap: what a frame takes on the wire beside its bytes. */
#define CAP_WIRE_EXTRA	24
/* The shortest frame with all of that. */
#define CAP_WIRE_MIN	84

/**
 * struct cap_slot - one frame of the batch in hand
 * @ns: its time, since 1970
 * @print: of what is compared with other frames
 * @place: where in the table of duplicates
 * @at: its first piece
 * @pieces: how many
 * @len: bytes as on the wire
 * @bad: damaged, cut or impossible
 */
struct cap_slot {
	u64 ns;
	u64 print;
	u32 place;
	u32 len;
	u16 at;
	u16 pieces;
	bool bad;
};

/**
 * struct cap_timing - how a queue's frames get their time
 * @policy: enum hpcap_time_policy
 * @batch: pieces borrowed at once
 * @speed: Mb/s of the link, 0 unknown
 * @pace: ns that a byte takes on the wire, << CAP_PACE_SHIFT; 0 unknown
 * @last_ns: time of the last frame
 * @last_frac: what is missing in it, ns << CAP_PACE_SHIFT, when lined up
 * @on_line: the last frames came without a gap between them
 * @look_ns: when a look at the NIC began behind which nothing was left
 * @load_bytes: wire bytes of the recent past
 * @load_ns: time they took
 *
 * Belongs to one queue's poll thread.
 */
struct cap_timing {
	u32 policy;
	u32 batch;
	u32 speed;
	u64 pace;
	u64 last_ns;
	u64 last_frac;
	bool on_line;
	u64 look_ns;
	u64 load_bytes;
	u64 load_ns;
};

#define CAP_PACE_SHIFT	20

void cap_timing_init(struct cap_timing *t);
void cap_timing_set_speed(struct cap_timing *t, u32 mbps);
void cap_timing_spread(struct cap_timing *t, struct cap_slot *s, int n, u64 look_ns,
		       u64 now_ns, bool more);

#endif /* CAP_TIMING_H */
