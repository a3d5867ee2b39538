/* SPDX-License-Identifier: GPL-2.0-only */
/* The readers of a ring: attach, acknowledge, hold the tail, wait, detach. */
#ifndef CAP_LISTENER_H
#define CAP_LISTENER_H

#include "core_env.h"
#include "hold.h"
#include "ring.h"
#include <uapi/hpcap.h>

/**
 * struct cap_filter - a program that looks at frames
 * @run: bytes of the frame that it wants, 0 for none; NULL: it wants all.
 *	Called by the poll thread with the queue's lock held
 * @prog: its first argument
 */
struct cap_filter {
	u32 (*run)(void *prog, const u8 *frame, u32 len);
	void *prog;
};

static inline u32 cap_filter_run(const struct cap_filter *f, const u8 *frame, u32 len)
{
	return f->run(f->prog, frame, len);
}

/**
 * struct cap_listener - one slot
 * @cursor: the listener's own page, NULL when the slot is free
 * @state: HPCAP_LISTENER_*
 * @mode: enum hpcap_listener_mode
 * @id: unique for the life of the queue
 * @pid: process that attached it
 * @start: position where it began
 * @ack: the last position given back and found valid
 * @lost: frames lost because it held the tail
 * @holds: what it sends from the ring, NULL when it never did
 * @stuck_ns: when it was charged first since it gave something back; 0: not
 * @wake_at: wake it when the ring is committed up to here, U64_MAX for never
 * @filter: frames it wants; its library looks at them once more
 * @caplen: bytes of a frame it wants, 0 for all
 * @name: zero-terminated
 */
struct cap_listener {
	struct hpcap_cursor *cursor;
	u32 state;
	u32 mode;
	u32 id;
	s32 pid;
	u64 start;
	u64 ack;
	u64 lost;
	const struct cap_holds *holds;
	u64 stuck_ns;
	u64 wake_at;
	struct cap_filter filter;
	u32 caplen;
	char name[HPCAP_NAME_LEN];
};

/**
 * struct cap_listeners - all slots of a queue
 * @slot: by number, not by age
 * @nr: slots taken
 * @nr_active: of those, not expelled
 * @next_id: id of the next listener
 * @slowest: strict slot that held the tail when it was computed last, or -1
 * @wake_at: the smallest of all wake_at
 * @evict_ns: evict a strict one that is charged for so long and gives nothing
 *	back; 0: never
 * @nr_evicted: how many were
 *
 * All of it is guarded by the queue's lock, which the poll thread holds for
 * one step at a time.
 */
struct cap_listeners {
	struct cap_listener slot[HPCAP_MAX_LISTENERS];
	u32 nr;
	u32 nr_active;
	u32 next_id;
	int slowest;
	u64 wake_at;
	u64 evict_ns;
	u64 nr_evicted;
};

void cap_listeners_init(struct cap_listeners *t);
int cap_listener_attach(struct cap_listeners *t, const struct cap_ring *r,
			struct hpcap_cursor *cursor, struct hpcap_attach *a, s32 pid);
void cap_listener_detach(struct cap_listeners *t, int slot);
void cap_listeners_gone(struct cap_listeners *t);

int cap_listener_hold(struct cap_listener *l, struct cap_holds *holds, u64 pos, u64 end,
		      u64 committed);

u64 cap_listeners_tail(struct cap_listeners *t, const struct cap_ring *r);
void cap_listeners_charge(struct cap_listeners *t, u64 frames, u64 now_ns);
bool cap_listener_ready(struct cap_listeners *t, int slot, const struct cap_ring *r);
u32 cap_listeners_wake(struct cap_listeners *t, u64 committed);
void cap_listeners_list(struct cap_listeners *t, u64 committed, struct hpcap_listeners *out);

#endif /* CAP_LISTENER_H */
