/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A NIC made of memory: bursts, stalls, chains, tags, damage, removal. */
#ifndef FAKE_NIC_H
#define FAKE_NIC_H

#include "core_env.h"
#include "nic_ops.h"

/**
 * struct fake_nic - one receive queue
 * @slot: descriptors, @size of them; slot n uses @buf + n * @piece
 * @buf: packet memory
 * @size: slots, a power of two
 * @piece: bytes a slot holds; longer frames become chains
 * @head: slots filled so far
 * @next: slots borrowed so far
 * @tail: slots returned so far
 * @endless: every slot is always full again: a wire that never ends
 * @chains: a frame of several pieces was pushed
 * @burst: slots one borrow gives at most; 0 for no limit
 * @stall: so many borrows to come find nothing
 * @error: negative errno that borrow returns; 0 for none
 * @armed: irq_arm() was called last, not irq_disarm()
 * @missed: losses that read_losses() will report, then forget
 * @no_buffer: the same
 */
struct fake_nic {
	struct cap_frame *slot;
	u8 *buf;
	u32 size;
	u32 piece;
	u64 head;
	u64 next;
	u64 tail;
	bool endless;
	bool chains;
	int burst;
	int stall;
	int error;
	bool armed;
	u64 missed;
	u64 no_buffer;
};

extern const struct cap_nic_ops fake_nic_ops;

int fake_nic_init(struct fake_nic *nic, u32 size, u32 piece);
void fake_nic_deinit(struct fake_nic *nic);
bool fake_nic_push(struct fake_nic *nic, const void *data, u32 len, u16 flags, u16 tci);
void fake_nic_fill(struct fake_nic *nic, u32 len);

#endif /* FAKE_NIC_H */
