// SPDX-License-Identifier: GPL-2.0-only
/* Reset, bring-up and counters of the 82576 VF; Ref: 82576 5.3, 6.1, 14.5 */
#include "vf_hw.h"

enum {
	PF_READY_TRIES = 20,	/* 100..200 us each; the book says 1 ms in all */
	ENABLE_TRIES = 10,	/* 1 ms each */
	DMA_SETTLE_US = 10000,	/* after a queue is disabled */
	DESC_SIZE = 16,
};

/**
 * vf_hw_is_gone() - Does the device answer at all?
 * @io: registers
 *
 * Return: true after surprise removal, or while a reset hides the device.
 */
bool vf_hw_is_gone(const struct hw_io *io)
{
	return hw_rd32(io, VF_STATUS) == HW_ALL_ONES;
}

/**
 * vf_hw_bar_is_misplaced() - Recognise QEMU 10.0.0 to 10.0.5
 * @io: registers
 *
 * Those map a VF's BAR above 4 GiB to its address modulo 4 GiB: nothing
 * behind the right address, so that STATUS reads 0 and the mailbox lock does
 * not stick.
 *
 * Return: true when the registers are not there.
 * Ref: 82576 1.4
 */
bool vf_hw_bar_is_misplaced(const struct hw_io *io)
{
	u32 mine;

	if (hw_rd32(io, VF_STATUS))
		return false;
	hw_wr32(io, VF_V2PMAILBOX, VF_V2P_VFU);
	mine = hw_rd32(io, VF_V2PMAILBOX);
	hw_wr32(io, VF_V2PMAILBOX, 0);
	return !mine;
}

/* RSTD and RSTI both off; RSTD goes away by being read. */
static int wait_pf_ready(const struct hw_io *io)
{
	int i;

	for (i = 0; i < PF_READY_TRIES; i++) {
		u32 v = hw_rd32(io, VF_V2PMAILBOX);

		if (v == HW_ALL_ONES)
			return -ENODEV;
		if (!(v & (VF_V2P_RSTI | VF_V2P_RSTD)))
			return 0;
		usleep_range(100, 200);
	}
	return -EAGAIN;
}

/**
 * vf_hw_reset() - Reset the function and make itself known to the PF
 * @io: registers
 * @mb: mailbox on the same registers
 * @mac: filled in, zeros when the PF has no address for us
 *
 * Context: process; sleeps.
 * Return: 0; -EAGAIN while the PF is in reset; other negative errno when it
 * does not answer. Try again later in every case.
 * Ref: 82576 14.5
 */
int vf_hw_reset(const struct hw_io *io, struct vf_mbox *mb, u8 *mac)
{
	int err;

	hw_wr32(io, VF_CTRL, VF_CTRL_RST);
	hw_flush_posted(io, VF_STATUS);
	err = wait_pf_ready(io);
	if (err) {
		mb->dead = true;
		return err;
	}
	return vf_mbox_reset(mb, mac);
}

/**
 * vf_hw_irq_setup() - Queues and mailbox to their vectors, all masked
 * @io: registers
 *
 * Ref: 82576 7.4, 7.6, 15
 */
void vf_hw_irq_setup(const struct hw_io *io)
{
	u32 all = GENMASK(VF_VECTORS - 1, 0);
	int v;

	hw_wr32(io, VF_EIMC, all);
	hw_wr32(io, VF_IVAR,
		FIELD_PREP(VF_IVAR_RX0, VF_VECTOR_RX | VF_IVAR_VALID) |
		FIELD_PREP(VF_IVAR_TX0, VF_VECTOR_TX | VF_IVAR_VALID));
	hw_wr32(io, VF_IVAR_MISC, VF_VECTOR_MBOX | VF_IVAR_VALID);
	for (v = 0; v < VF_VECTORS; v++)
		hw_wr32(io, VF_EITR(v), 0);
	hw_wr32(io, VF_EIAC, all);
	hw_wr32(io, VF_EIAM, all);
	hw_flush_posted(io, VF_STATUS);
}

static int wait_enabled(const struct hw_io *io, u32 reg)
{
	int i;

	for (i = 0; i < ENABLE_TRIES; i++) {
		u32 v = hw_rd32(io, reg);

		if (v == HW_ALL_ONES)
			return -ENODEV;
		if (v & VF_XDCTL_ENABLE)
			return 0;
		usleep_range(1000, 2000);
	}
	return -EIO;
}

/**
 * vf_hw_rx_start() - Receive queue 0 up to, but not including, its tail
 * @io: registers
 * @dma: address of the descriptors, 128-byte aligned
 * @count: descriptors, multiple of 8
 * @buf_size: bytes of each buffer, multiple of 1024
 *
 * Context: process; sleeps.
 * Return: 0, -ENODEV, or -EIO when the queue does not come up.
 * Ref: 82576 5.3
 */
int vf_hw_rx_start(const struct hw_io *io, u64 dma, u32 count, u32 buf_size)
{
	hw_wr32(io, VF_RXDCTL, 0);
	hw_flush_posted(io, VF_STATUS);
	hw_wr32(io, VF_RDBAL, lower_32_bits(dma));
	hw_wr32(io, VF_RDBAH, upper_32_bits(dma));
	hw_wr32(io, VF_RDLEN, count * DESC_SIZE);
	hw_wr32(io, VF_RDH, 0);
	hw_wr32(io, VF_RDT, 0);
	hw_wr32(io, VF_SRRCTL,
		FIELD_PREP(VF_SRRCTL_BSIZEPKT, buf_size / 1024) |
		FIELD_PREP(VF_SRRCTL_DESCTYPE, 1) | VF_SRRCTL_DROP_EN);
	hw_wr32(io, VF_RXDCTL,
		FIELD_PREP(VF_XDCTL_PTHRESH, 16) |
		FIELD_PREP(VF_XDCTL_HTHRESH, 8) |
		FIELD_PREP(VF_XDCTL_WTHRESH, 1) | VF_XDCTL_ENABLE);
	return wait_enabled(io, VF_RXDCTL);
}

/**
 * vf_hw_tx_start() - Transmit queue 0, empty
 * @io: registers
 * @dma: address of the descriptors, 128-byte aligned
 * @count: descriptors, multiple of 8
 *
 * Context: process; sleeps.
 * Return: 0, -ENODEV, or -EIO when the queue does not come up.
 * Ref: 82576 6.1
 */
int vf_hw_tx_start(const struct hw_io *io, u64 dma, u32 count)
{
	hw_wr32(io, VF_TXDCTL, 0);
	hw_flush_posted(io, VF_STATUS);
	usleep_range(DMA_SETTLE_US, 2 * DMA_SETTLE_US);
	hw_wr32(io, VF_TDLEN, count * DESC_SIZE);
	hw_wr32(io, VF_TDBAL, lower_32_bits(dma));
	hw_wr32(io, VF_TDBAH, upper_32_bits(dma));
	hw_wr32(io, VF_TDH, 0);
	hw_wr32(io, VF_TDT, 0);
	hw_wr32(io, VF_TDWBAL, 0);
	hw_wr32(io, VF_TDWBAH, 0);
	hw_wr32(io, VF_TXDCTL,
		FIELD_PREP(VF_XDCTL_PTHRESH, 8) |
		FIELD_PREP(VF_XDCTL_HTHRESH, 1) |
		FIELD_PREP(VF_XDCTL_WTHRESH, 1) | VF_XDCTL_ENABLE);
	return wait_enabled(io, VF_TXDCTL);
}

/**
 * vf_hw_queues_stop() - No DMA after this returns
 * @io: registers
 *
 * What the NIC has written already stays in the ring and can be taken.
 *
 * Context: process; sleeps.
 */
void vf_hw_queues_stop(const struct hw_io *io)
{
	hw_wr32(io, VF_RXDCTL, 0);
	hw_wr32(io, VF_TXDCTL, 0);
	hw_flush_posted(io, VF_STATUS);
	usleep_range(DMA_SETTLE_US, 2 * DMA_SETTLE_US);
}

static void read_counters(const struct hw_io *io, u32 *now)
{
	now[VF_HW_RX_FRAMES] = hw_rd32(io, VF_GPRC);
	now[VF_HW_TX_FRAMES] = hw_rd32(io, VF_GPTC);
	now[VF_HW_RX_BYTES] = hw_rd32(io, VF_GORC);
	now[VF_HW_TX_BYTES] = hw_rd32(io, VF_GOTC);
	now[VF_HW_RX_MULTICAST] = hw_rd32(io, VF_MPRC);
}

/**
 * vf_hw_counters_rebase() - Count from what the chip shows now
 * @io: registers
 * @c: sums stay
 *
 * A VF reset keeps the chip's counters, a PF reset does not.
 */
void vf_hw_counters_rebase(const struct hw_io *io, struct vf_hw_counters *c)
{
	read_counters(io, c->last);
}

/**
 * vf_hw_counters_add() - Add what the chip counted since the last time
 * @io: registers
 * @c: sums
 * @mb: tells whether the PF was reset
 *
 * At 1 Gb/s the byte counters wrap after 34 s: call more often. The mailbox
 * is read after the counters, so that a reset in between is not mistaken for
 * a wrap; the values are then left for vf_hw_counters_rebase().
 *
 * Ref: 82576 15
 */
void vf_hw_counters_add(const struct hw_io *io, struct vf_hw_counters *c,
			struct vf_mbox *mb)
{
	u32 now[VF_HW_COUNTERS];
	int i;

	read_counters(io, now);
	if (vf_hw_is_gone(io) ||
	    vf_mbox_peek(mb) & (VF_V2P_RSTI | VF_V2P_RSTD))
		return;
	for (i = 0; i < VF_HW_COUNTERS; i++) {
		c->sum[i] += now[i] - c->last[i];
		c->last[i] = now[i];
	}
}
