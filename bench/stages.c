// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The stages of a frame's way, each alone in a loop, compiled as the engine
 * is. Their sum is more than the whole: in the whole they overlap.
 */
#include "stages.h"

#include "bench.h"
#include "record.h"

/**
 * stage_borrow() - Take frames from the NIC and give them back
 * @rig: engine, endless NIC
 * @frames: how many, a multiple of CAP_BATCH_MAX
 */
void stage_borrow(struct rig *rig, u64 frames)
{
	const struct cap_nic_ops *ops = rig->poll.ops;
	u64 done;

	for (done = 0; done < frames;) {
		int n = ops->rx_borrow(&rig->nic, rig->poll.frame, CAP_BATCH_MAX);

		bench_use(rig->poll.frame);
		ops->rx_return(&rig->nic, n);
		done += n;
	}
}

/**
 * stage_stamp() - Stamp frames
 * @rig: engine
 * @frames: how many
 */
void stage_stamp(struct rig *rig, u64 frames)
{
	u64 i;

	for (i = 0; i < frames; i++) {
		u64 stamp = cap_clock_stamp(&rig->poll.clock);

		bench_use(stamp);
	}
}

/**
 * stage_copy() - Reserve, header, copy, write; the stamp is a constant
 * @rig: engine, endless NIC
 * @frames: how many
 */
void stage_copy(struct rig *rig, u64 frames)
{
	struct cap_ring *r = &rig->poll.ring;
	u64 i;

	for (i = 0; i < frames; i++) {
		const struct cap_frame *f = &rig->nic.slot[i & (rig->nic.size - 1)];
		u8 *dst = cap_ring_reserve(r, HPCAP_REC_LEN + f->len);

		prefetch(rig->nic.slot[(i + CAP_PREFETCH) & (rig->nic.size - 1)].data);
		cap_record_head(dst, 1, f->len, f->len);
		cap_record_copy(dst + HPCAP_REC_LEN, f->data, f->len);
		cap_ring_write(r, HPCAP_REC_LEN + f->len);
	}
	cap_ring_commit(r);
}

/**
 * stage_commit() - What is done once a batch: commit, count, whom to wake
 * @rig: engine
 * @frames: how many, a multiple of CAP_BATCH_MAX
 */
void stage_commit(struct rig *rig, u64 frames)
{
	struct cap_batch b = {.captured = CAP_BATCH_MAX};
	u32 wake = 0;
	u64 done;

	for (done = 0; done < frames; done += CAP_BATCH_MAX) {
		cap_ring_write(&rig->poll.ring, 1);
		cap_ring_commit(&rig->poll.ring);
		cap_stats_add(&rig->poll.stats, &b);
		if (rig->poll.ring.committed >= rig->poll.listeners.wake_at)
			wake |= cap_listeners_wake(&rig->poll.listeners,
						   rig->poll.ring.committed);
		bench_use(wake);
	}
}

/**
 * stage_total() - The engine itself
 * @rig: engine, endless NIC
 * @frames: how many, a multiple of CAP_BATCH_MAX
 */
void stage_total(struct rig *rig, u64 frames)
{
	u64 done;

	for (done = 0; done < frames;)
		done += rig_step(rig);
}
