/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole engine on memory: fake NIC, ring mapped twice, listeners' pages. */
#ifndef RIG_H
#define RIG_H

#include "core_env.h"
#include "fake_nic.h"
#include "poll.h"

/* One page for each slot, and one more for the listener that finds none. */
#define RIG_CURSORS (HPCAP_MAX_LISTENERS + 1)

/**
 * struct rig - an engine and what surrounds it
 * @poll: the engine
 * @nic: where its frames come from
 * @data: the ring, mapped twice
 * @ctrl: the producer's page
 * @marks: one for each chunk
 * @cursor: the listeners' pages, by slot
 */
struct rig {
	struct cap_poll poll;
	struct fake_nic nic;
	u8 *data;
	struct hpcap_ctrl *ctrl;
	struct hpcap_mark *marks;
	struct hpcap_cursor *cursor;
};

/**
 * struct reader - a listener, written from the contract in uapi/hpcap.h alone
 * @rig: what it reads
 * @cursor: its page
 * @slot: its slot
 * @lossy: it looks for being overtaken
 * @pos: position of the next record
 * @seq: number of the next record, counted from the ring's first
 * @missed: frames it was overtaken by
 */
struct reader {
	struct rig *rig;
	struct hpcap_cursor *cursor;
	int slot;
	bool lossy;
	u64 pos;
	u64 seq;
	u64 missed;
};

void rig_init(struct rig *rig, u64 ring_size, u32 nic_slots, u32 piece,
	      enum cap_clock_source source);
void rig_deinit(struct rig *rig);
int rig_step(struct rig *rig);
int rig_attach(struct rig *rig, struct reader *rd, u32 mode, const char *name);
void rig_detach(struct reader *rd);

u32 reader_next(struct reader *rd, struct hpcap_rec *rec, u8 *frame);
void reader_ack(struct reader *rd);

void frame_make(u8 *frame, u64 n, u32 len);
bool frame_good(const u8 *frame, u64 n, u32 len);
u32 cap_khz(void);
u64 real_ns(void);

#endif /* RIG_H */
