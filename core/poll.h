/* SPDX-License-Identifier: GPL-2.0-only */
/* One step of the poll thread: borrow, stamp, write, commit, return. */
#ifndef CAP_POLL_H
#define CAP_POLL_H

#include "core_env.h"
#include "dup.h"
#include "gauge.h"
#include "hwclock.h"
#include "listener.h"
#include "nic_ops.h"
#include "policy.h"
#include "record.h"
#include "ring.h"
#include "stamp.h"
#include "stats.h"
#include "timing.h"

/* Frames ahead whose bytes are fetched into the cache. */
#define CAP_PREFETCH	4

/* cap_poll.options: what is switched on; none of them costs nothing */
#define CAP_OPT_TIME	BIT(0)	/* a policy other than HPCAP_TIME_KPT */
#define CAP_OPT_HW_TIME	BIT(1)	/* the NIC's stamps are taken */
#define CAP_OPT_DUP	BIT(2)	/* copies are looked for */

/**
 * struct cap_poll - the engine of one queue
 * @ops: the NIC's table
 * @nicq: its argument
 * @frame_max: bytes the NIC may deliver in one frame, 60..HPCAP_CAPLEN_MAX
 * @ring: where records go
 * @clock: what they are stamped by
 * @listeners: who reads them
 * @policy: what of a frame is stored
 * @gauge: how full the ring is
 * @look_at: committed bytes from which on the listeners are looked at again
 * @now_ns: a clock that does not jump; the caller sets it before each step,
 *	good to some milliseconds
 * @stats: what became of them
 * @options: CAP_OPT_*
 * @timing: policy of time
 * @hwclock: of the NIC, when CAP_OPT_HW_TIME
 * @look_ns: a time before the batch in hand was borrowed, behind the batch before,
 *	when CAP_OPT_TIME
 * @idle: looks since then that found nothing; 0 asks for a new reading
 * @dup: table of copies, when CAP_OPT_DUP
 * @slot: the batch in hand, by frames
 * @frame: the batch in hand; the last CAP_PREFETCH elements stay NULL
 * @whole: a frame of several pieces, put together for @policy to look at
 *
 * Guarded by the queue's lock, which the caller of each function holds; the
 * clocks and the batch belong to the poll thread alone.
 */
struct cap_poll {
	const struct cap_nic_ops *ops;
	void *nicq;
	u32 frame_max;
	struct cap_ring ring;
	struct cap_clock clock;
	struct cap_listeners listeners;
	struct cap_policy policy;
	struct cap_gauge gauge;
	u64 look_at;
	u64 now_ns;
	struct hpcap_stats stats;
	u32 options;
	u32 idle;
	u64 look_ns;
	struct cap_timing timing;
	struct cap_hwclock hwclock;
	struct cap_dup dup;
	struct cap_slot slot[CAP_BATCH_MAX];
	struct cap_frame frame[CAP_BATCH_MAX + CAP_PREFETCH];
	u8 whole[HPCAP_CAPLEN_MAX];
};

void cap_poll_init(struct cap_poll *p, const struct cap_nic_ops *ops, void *nicq,
		   u32 frame_max);
int cap_poll_attach(struct cap_poll *p, struct hpcap_cursor *cursor,
		    struct hpcap_attach *a, s32 pid);
void cap_poll_detach(struct cap_poll *p, int slot);
void cap_poll_refresh(struct cap_poll *p);
void cap_poll_sample(struct cap_poll *p);
const u8 *cap_poll_judge(struct cap_poll *p, const struct cap_chain *c,
			 const struct cap_frame *f, struct cap_batch *b, u32 *keep);
int cap_poll_step(struct cap_poll *p, u32 *wake);
void cap_poll_woken(struct cap_poll *p);

#endif /* CAP_POLL_H */
