/* SPDX-License-Identifier: GPL-2.0-only */
/* Register access: the only way from driver code to a BAR. */
#ifndef HW_BITS_H
#define HW_BITS_H

#include "hw_env.h"

/* What every register reads when the device does not answer. */
#define HW_ALL_ONES	0xffffffffu

/**
 * struct hw_io - a register window
 * @base: first byte of BAR 0; in a unit test, of an array
 */
struct hw_io {
	u8 __iomem *base;
};

static inline u32 hw_rd32(const struct hw_io *io, u32 reg)
{
	return readl(io->base + reg);
}

static inline void hw_wr32(const struct hw_io *io, u32 reg, u32 v)
{
	writel(v, io->base + reg);
}

/* A PCI read pushes all earlier posted writes to the device. */
static inline void hw_flush_posted(const struct hw_io *io, u32 harmless_reg)
{
	hw_rd32(io, harmless_reg);
}

#endif /* HW_BITS_H */
