/* SPDX-License-Identifier: GPL-2.0-only */
/* Register sequences of the 82576 VF, in the order the chip wants them. */
#ifndef VF_HW_H
#define VF_HW_H

#include "../hw/bits.h"
#include "../hw/r82576_vf.h"
#include "vf_mbox.h"

/*
 * Vectors, written once and never moved: the model ORs a second value of
 * VF_IVAR into the first, and rings the mailbox on the wrong vector, so every
 * handler looks at the mailbox. Ref: 82576 13.4, 15
 */
enum vf_vector {
	VF_VECTOR_TX,
	VF_VECTOR_RX,
	VF_VECTOR_MBOX,
	VF_VECTORS,
};

/* Mask of one vector in EIMS, EIMC. */
static inline u32 vf_vector_bit(enum vf_vector v)
{
	return BIT(v);
}

enum vf_hw_counter {
	VF_HW_RX_FRAMES,
	VF_HW_TX_FRAMES,
	VF_HW_RX_BYTES,
	VF_HW_TX_BYTES,
	VF_HW_RX_MULTICAST,
	VF_HW_COUNTERS,
};

/**
 * struct vf_hw_counters - the chip's own counters, made 64 bits wide
 * @last: value read last, wraps
 * @sum: what was added since probe
 */
struct vf_hw_counters {
	u32 last[VF_HW_COUNTERS];
	u64 sum[VF_HW_COUNTERS];
};

bool vf_hw_is_gone(const struct hw_io *io);
bool vf_hw_bar_is_misplaced(const struct hw_io *io);
int vf_hw_reset(const struct hw_io *io, struct vf_mbox *mb, u8 *mac);
void vf_hw_irq_setup(const struct hw_io *io);
int vf_hw_rx_start(const struct hw_io *io, u64 dma, u32 count, u32 buf_size);
int vf_hw_tx_start(const struct hw_io *io, u64 dma, u32 count);
void vf_hw_queues_stop(const struct hw_io *io);
void vf_hw_counters_rebase(const struct hw_io *io, struct vf_hw_counters *c);
void vf_hw_counters_add(const struct hw_io *io, struct vf_hw_counters *c,
			struct vf_mbox *mb);

#endif /* VF_HW_H */
