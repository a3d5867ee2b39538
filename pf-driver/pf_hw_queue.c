// SPDX-License-Identifier: GPL-2.0-only
/* Queues of the PF, and what a VF leaves behind in its own. Ref: 82576 5.3, 6.1 */
#include "pf_hw.h"

enum {
	ENABLE_TRIES = 10,	/* 1..2 ms each */
	DMA_SETTLE_US = 10000,	/* after a queue is disabled */
	DESC_SIZE = 16,
	RETA_ENTRIES = 128,
	RATE_SHIFT = 14,	/* bits of fraction in RTTBCNRC */
	RATE_MEMORY = 0x14,	/* RTTBCNRM, as the drivers of this chip have it */
};

static int wait_enabled(const struct hw_io *io, u32 reg)
{
	int i;

	for (i = 0; i < ENABLE_TRIES; i++) {
		u32 v = hw_rd32(io, reg);

		if (v == HW_ALL_ONES)
			return -ENODEV;
		if (v & PF_XDCTL_ENABLE)
			return 0;
		usleep_range(1000, 2000);
	}
	return -EIO;
}

/**
 * pf_hw_rx_start() - A receive queue up to, but not including, its tail
 * @io: registers
 * @q: hardware number of the queue
 * @dma: address of the descriptors, 128-byte aligned
 * @count: descriptors, multiple of 8
 * @buf_size: bytes of each buffer, multiple of 1024
 * @stamped: put a stamp before each frame, for chips that can
 *
 * Context: process; sleeps.
 * Return: 0, -ENODEV, or -EIO when the queue does not come up.
 * Ref: 82576 5.3
 */
int pf_hw_rx_start(const struct hw_io *io, unsigned int q, u64 dma, u32 count,
		   u32 buf_size, bool stamped)
{
	hw_wr32(io, PF_RXDCTL(q), 0);
	hw_flush_posted(io, PF_STATUS);
	hw_wr32(io, PF_RDBAL(q), lower_32_bits(dma));
	hw_wr32(io, PF_RDBAH(q), upper_32_bits(dma));
	hw_wr32(io, PF_RDLEN(q), count * DESC_SIZE);
	hw_wr32(io, PF_RDH(q), 0);
	hw_wr32(io, PF_RDT(q), 0);
	hw_wr32(io, PF_SRRCTL(q),
		FIELD_PREP(PF_SRRCTL_BSIZEPKT, buf_size / 1024) |
		FIELD_PREP(PF_SRRCTL_DESCTYPE, 1) | PF_SRRCTL_DROP_EN |
		(stamped ? PF_SRRCTL_TIMESTAMP : 0));
	hw_wr32(io, PF_RXDCTL(q),
		FIELD_PREP(PF_XDCTL_PTHRESH, 8) |
		FIELD_PREP(PF_XDCTL_HTHRESH, 8) |
		FIELD_PREP(PF_XDCTL_WTHRESH, 1) | PF_XDCTL_ENABLE);
	return wait_enabled(io, PF_RXDCTL(q));
}

/**
 * pf_hw_clock_start() - Let the chip's clock run, and stamp all frames by it
 * @io: registers
 *
 * Ref: 82576 17.2
 */
void pf_hw_clock_start(const struct hw_io *io)
{
	hw_wr32(io, PF_TSAUXC, 0);
	hw_wr32(io, PF_TSYNCRXCTL, PF_TSYNCRXCTL_ALL | PF_TSYNCRXCTL_EN);
}

/**
 * pf_hw_clock_read() - The chip's clock
 * @io: registers
 * @raw: 40 bits of nanoseconds
 *
 * Context: one caller at a time: reading the rest holds the other two.
 * Return: false when the device is gone.
 * Ref: 82576 17.2
 */
bool pf_hw_clock_read(const struct hw_io *io, u64 *raw)
{
	u32 low, high;

	hw_rd32(io, PF_SYSTIMR);
	low = hw_rd32(io, PF_SYSTIML);
	high = hw_rd32(io, PF_SYSTIMH);
	*raw = (u64)(high & 0xff) << 32 | low;
	return low != HW_ALL_ONES || high != HW_ALL_ONES;
}

/**
 * pf_hw_tx_start() - A transmit queue, empty
 * @io: registers
 * @q: hardware number of the queue
 * @dma: address of the descriptors, 128-byte aligned
 * @count: descriptors, multiple of 8
 *
 * Context: process; sleeps.
 * Return: 0, -ENODEV, or -EIO when the queue does not come up.
 * Ref: 82576 6.1
 */
int pf_hw_tx_start(const struct hw_io *io, unsigned int q, u64 dma, u32 count)
{
	hw_wr32(io, PF_TXDCTL(q), 0);
	hw_flush_posted(io, PF_STATUS);
	usleep_range(DMA_SETTLE_US, 2 * DMA_SETTLE_US);
	hw_wr32(io, PF_TDLEN(q), count * DESC_SIZE);
	hw_wr32(io, PF_TDBAL(q), lower_32_bits(dma));
	hw_wr32(io, PF_TDBAH(q), upper_32_bits(dma));
	hw_wr32(io, PF_TDH(q), 0);
	hw_wr32(io, PF_TDT(q), 0);
	hw_wr32(io, PF_TDWBAL(q), 0);
	hw_wr32(io, PF_TDWBAH(q), 0);
	hw_wr32(io, PF_TXDCTL(q),
		FIELD_PREP(PF_XDCTL_PTHRESH, 8) |
		FIELD_PREP(PF_XDCTL_HTHRESH, 1) |
		FIELD_PREP(PF_XDCTL_WTHRESH, 1) | PF_XDCTL_ENABLE);
	return wait_enabled(io, PF_TXDCTL(q));
}

/**
 * pf_hw_queues_stop() - No DMA of these queues after this returns
 * @io: registers
 * @first: hardware number of the first receive queue and the transmit queue
 * @nr: receive queues
 *
 * What the NIC has written already stays in the rings and can be taken.
 *
 * Context: process; sleeps.
 */
void pf_hw_queues_stop(const struct hw_io *io, unsigned int first,
		       unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		hw_wr32(io, PF_RXDCTL(first + i), 0);
	hw_wr32(io, PF_TXDCTL(first), 0);
	hw_flush_posted(io, PF_STATUS);
	usleep_range(DMA_SETTLE_US, 2 * DMA_SETTLE_US);
}

/**
 * pf_hw_rss() - Spread frames over queues 0..@nr_queues - 1 by their hash
 * @io: registers; no pools
 * @key: 40 bytes
 * @nr_queues: 1..8; with 1 the hash is still made
 *
 * Ref: 82576 9
 */
void pf_hw_rss(const struct hw_io *io, const u8 *key, unsigned int nr_queues)
{
	unsigned int i;

	for (i = 0; i < 10; i++, key += 4)
		hw_wr32(io, PF_RSSRK(i), key[0] | key[1] << 8 | key[2] << 16 |
			(u32)key[3] << 24);
	for (i = 0; i < RETA_ENTRIES; i += 4)
		hw_wr32(io, PF_RETA(i / 4), i % nr_queues |
			(i + 1) % nr_queues << 8 |
			(i + 2) % nr_queues << 16 |
			(i + 3) % nr_queues << 24);
	hw_wr32(io, PF_MRQC, PF_MRQC_RSS | PF_MRQC_FIELDS);
}

/**
 * pf_hw_vf_clear() - What a VF's reset does not: its queues' configuration
 * @io: registers
 * @fam: the chip
 * @vf: its number; its pool is closed
 *
 * Before the VF may receive again, nothing of its former owner may be left: a
 * reset of the function keeps the rings. The vectors go too: the model ORs a
 * VF's new ones into the old.
 *
 * Context: process; sleeps.
 * Ref: 82576 14.4, 15
 */
void pf_hw_vf_clear(const struct hw_io *io, const struct pf_family *fam,
		    unsigned int vf)
{
	unsigned int q, end = vf + 8 * fam->vf_queues;
	u32 own;

	for (q = vf; q < end; q += 8) {
		hw_wr32(io, PF_RXDCTL(q), 0);
		hw_wr32(io, PF_TXDCTL(q), 0);
	}
	hw_flush_posted(io, PF_STATUS);
	usleep_range(DMA_SETTLE_US, 2 * DMA_SETTLE_US);
	for (q = vf; q < end; q += 8) {
		hw_wr32(io, PF_SRRCTL(q), 0);
		hw_wr32(io, PF_RXCTL(q), 0);
		hw_wr32(io, PF_TXCTL(q), 0);
		hw_wr32(io, PF_TDWBAL(q), 0);
		hw_wr32(io, PF_TDWBAH(q), 0);
	}
	hw_wr32(io, PF_PSRTYPE(vf), 0);
	if (fam->ivar_rows) {
		own = vf % 2 ? GENMASK(31, 16) : GENMASK(15, 0);
		hw_wr32(io, PF_IVAR(vf / 2),
			hw_rd32(io, PF_IVAR(vf / 2)) & ~own);
	} else {
		/* all four bytes are this VF's: queues vf and vf + 8 */
		hw_wr32(io, PF_IVAR(vf), 0);
	}
}

/**
 * pf_hw_vf_rate() - Limit what a VF sends
 * @io: registers
 * @fam: the chip, with a rate limiter
 * @vf: its number
 * @rate_mbps: 0: no limit
 * @link_mbps: speed of the port; 0: unknown, no limit
 *
 * Ref: 82576 2.4
 */
void pf_hw_vf_rate(const struct hw_io *io, const struct pf_family *fam,
		   unsigned int vf, u32 rate_mbps, u32 link_mbps)
{
	u32 limit = 0;

	if (!fam->rate_limiter)
		return;
	if (rate_mbps && rate_mbps < link_mbps)
		limit = PF_RTTBCNRC_ENA |
			FIELD_PREP(PF_RTTBCNRC_FACTOR,
				   (link_mbps << RATE_SHIFT) / rate_mbps);
	hw_wr32(io, PF_RTTDQSEL, vf);
	hw_wr32(io, PF_RTTBCNRM, RATE_MEMORY);
	hw_wr32(io, PF_RTTBCNRC, limit);
}
