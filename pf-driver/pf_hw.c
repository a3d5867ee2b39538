// SPDX-License-Identifier: GPL-2.0-only
/* Reset and bring-up of the port; Ref: 82576 4, 7.2..7.4 */
#include "pf_hw.h"

enum {
	MASTER_TRIES = 800,	/* 100..200 us each */
	NVM_TRIES = 10,		/* 1..2 ms each */
	PHY_TRIES = 100,	/* 1..2 ms each */
	QUIET_US = 10000,	/* after receive and transmit are off */
	COLLISION_THRESHOLD = 15,
	COLLISION_DISTANCE = 0x40,
};

const struct pf_family pf_82576 = {
	.name = "82576",
	.vf_device = 0x10ca,
	.nr_queues = 16,
	.vf_queues = 2,
	.phy_addr = 1,
	.vlan_added = true,
	.rate_limiter = true,
	.vfta_repeat = 1,
	.txswc = PF_DTXSWC,
};

const struct pf_family pf_i350 = {
	.name = "i350",
	.vf_device = 0x1520,
	.nr_queues = 8,
	.vf_queues = 1,
	.phy_addr = 0,
	.ivar_rows = true,
	.dvmolr = true,
	.lb_tag_swapped = true,
	.rx_stamps = true,
	.vfta_repeat = 10,
	.txswc = PF_TXSWC,
};

/**
 * pf_hw_is_gone() - Does the device answer at all?
 * @io: registers
 *
 * Return: true after surprise removal, or while a reset hides the device.
 */
bool pf_hw_is_gone(const struct hw_io *io)
{
	return hw_rd32(io, PF_STATUS) == HW_ALL_ONES;
}

/**
 * pf_hw_was_reset() - Has somebody else reset an enabled port?
 * @io: registers of a port after pf_hw_enable() that answers
 *
 * A host resets the device of a guest without a word to its driver.
 *
 * Return: true when receive is not enabled any more.
 */
bool pf_hw_was_reset(const struct hw_io *io)
{
	return !(hw_rd32(io, PF_RCTL) & PF_RCTL_EN);
}

static void set_bits(const struct hw_io *io, u32 reg, u32 bits)
{
	hw_wr32(io, reg, hw_rd32(io, reg) | bits);
}

/* Until all of @bits are set, or clear. A time-out is for the caller. */
static bool wait_bits(const struct hw_io *io, u32 reg, u32 bits, bool set,
		      int tries, int us)
{
	while (tries--) {
		u32 v = hw_rd32(io, reg);

		if (v == HW_ALL_ONES)
			return false;
		if (set ? (v & bits) == bits : !(v & bits))
			return true;
		usleep_range(us, 2 * us);
	}
	return false;
}

/**
 * pf_hw_completion_timeout() - How long a read of ours may take on the bus
 * @io: registers
 *
 * Return: true when the caller has to set 16 ms in the PCIe capability.
 * Ref: 82576 4.1 step 3
 */
bool pf_hw_completion_timeout(const struct hw_io *io)
{
	u32 gcr = hw_rd32(io, PF_GCR);
	bool by_capability = false;

	if (!(gcr & PF_GCR_CMPL_TMOUT)) {
		if (gcr & PF_GCR_CAP_VER2)
			by_capability = true;
		else
			gcr |= FIELD_PREP(PF_GCR_CMPL_TMOUT, 1);
	}
	hw_wr32(io, PF_GCR, gcr & ~PF_GCR_CMPL_RESEND);
	return by_capability;
}

/**
 * pf_hw_quiesce() - No interrupts, no frames, no DMA
 * @io: registers
 *
 * Context: process; sleeps.
 * Ref: 82576 4.1 steps 2 and 4
 */
void pf_hw_quiesce(const struct hw_io *io)
{
	set_bits(io, PF_CTRL, PF_CTRL_MASTER_DISABLE);
	/* on a time-out go on: the reset ends it */
	wait_bits(io, PF_STATUS, PF_STATUS_MASTER, false, MASTER_TRIES, 100);
	hw_wr32(io, PF_IMC, HW_ALL_ONES);
	hw_wr32(io, PF_EIMC, HW_ALL_ONES);
	hw_wr32(io, PF_RCTL, 0);
	hw_wr32(io, PF_TCTL, PF_TCTL_PSP);
	hw_flush_posted(io, PF_STATUS);
	usleep_range(QUIET_US, 2 * QUIET_US);
}

/**
 * pf_hw_reset() - Reset the port
 * @io: registers
 *
 * VFs must have been warned.
 *
 * Context: process; sleeps, 50 ms at most with a sane chip.
 * Return: 0, or -ENODEV when the device does not answer afterwards.
 * Ref: 82576 4.1
 */
int pf_hw_reset(const struct hw_io *io)
{
	u32 port;

	pf_hw_quiesce(io);
	set_bits(io, PF_CTRL, PF_CTRL_RST);
	/* the chip must be left alone for 1 ms */
	usleep_range(2000, 4000);
	/* not fatal: an empty NVM, and the model, never say that it is loaded */
	wait_bits(io, PF_EECD, PF_EECD_AUTO_RD, true, NVM_TRIES, 1000);
	hw_wr32(io, PF_IMC, HW_ALL_ONES);
	hw_wr32(io, PF_EIMC, HW_ALL_ONES);
	hw_rd32(io, PF_ICR);
	if (pf_hw_is_gone(io))
		return -ENODEV;
	port = FIELD_GET(PF_STATUS_LAN, hw_rd32(io, PF_STATUS));
	/* not fatal either */
	wait_bits(io, PF_EEMNGCTL, BIT(18 + port), true, PHY_TRIES, 1000);
	return 0;
}

static bool mac_is_valid(const u8 *mac)
{
	return !(mac[0] & 1) && (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] |
				 mac[5]);
}

/**
 * pf_hw_read_mac() - The port's own address, as NVM and reset left it
 * @io: registers, just reset
 * @mac: filled in
 *
 * Return: 0, or -EADDRNOTAVAIL when neither register nor NVM has a valid one.
 * Ref: 82576 3.4
 */
int pf_hw_read_mac(const struct hw_io *io, u8 *mac)
{
	u32 word[2] = { hw_rd32(io, PF_RAL(0)), hw_rd32(io, PF_RAH(0)) };
	unsigned int i;

	hw_mbox_get_mac(word, mac);
	if (mac_is_valid(mac))
		return 0;
	for (i = 0; i < 3; i++) {
		u16 v;

		if (pf_hw_nvm_read(io, i, &v))
			return -EADDRNOTAVAIL;
		mac[2 * i] = v & 0xff;
		mac[2 * i + 1] = v >> 8;
	}
	return mac_is_valid(mac) ? 0 : -EADDRNOTAVAIL;
}

/* A capture port neither sends pause frames nor obeys them. */
static void pause_off(const struct hw_io *io)
{
	hw_wr32(io, PF_FCT, 0x8808);
	hw_wr32(io, PF_FCAH, 0x0100);
	hw_wr32(io, PF_FCAL, 0x00c28001);
	hw_wr32(io, PF_FCTTV, 0xffff);
	hw_wr32(io, PF_FCRTH, 0);
	hw_wr32(io, PF_FCRTL, 0);
}

/**
 * pf_hw_init() - From reset to just before anything is enabled
 * @io: registers, reset
 * @fam: the chip
 * @nr_vfs: pools 0..@nr_vfs - 1 are VFs, pool @nr_vfs is the PF; 0: no pools
 *
 * The tables of pools and addresses are pf_apply_tables()'s, queues and interrupts
 * have their own functions; this is the rest.
 *
 * Ref: 82576 4.2 steps 3..12
 */
void pf_hw_init(const struct hw_io *io, const struct pf_family *fam,
		unsigned int nr_vfs)
{
	u32 ctrl = hw_rd32(io, PF_CTRL);
	unsigned int q;

	/* the chip comes out of reset with queue 0 enabled and no ring in it */
	for (q = 0; q < fam->nr_queues; q++) {
		hw_wr32(io, PF_RXDCTL(q), 0);
		hw_wr32(io, PF_TXDCTL(q), 0);
	}
	ctrl &= ~(PF_CTRL_FRCSPD | PF_CTRL_FRCDPX | PF_CTRL_RFCE |
		  PF_CTRL_TFCE | PF_CTRL_VME | PF_CTRL_MASTER_DISABLE);
	hw_wr32(io, PF_CTRL, ctrl | PF_CTRL_SLU);
	pause_off(io);
	hw_wr32(io, PF_WUC, 0);
	hw_wr32(io, PF_WUFC, 0);
	set_bits(io, PF_CTRL_EXT, PF_CTRL_EXT_DRV_LOAD);
	set_bits(io, PF_RFCTL, PF_RFCTL_IPV6_EX_DIS);
	hw_wr32(io, PF_RXCSUM, PF_RXCSUM_PCSD);
	if (nr_vfs && fam->vlan_added)
		set_bits(io, PF_DTXCTL, PF_DTXCTL_VLAN_ADDED);
	hw_wr32(io, PF_MRQC, nr_vfs ? PF_MRQC_VMDQ : 0);
}

/* Entry of receive or transmit queue @q in IVAR. Ref: 82576 7.3 */
static void set_ivar(const struct hw_io *io, const struct pf_family *fam,
		     unsigned int q, bool tx, u32 entry)
{
	unsigned int i = fam->ivar_rows ? q / 2 : q & 7;
	unsigned int byte = fam->ivar_rows ? q % 2 * 2 : q / 8 * 2;
	unsigned int shift = 8 * (byte + tx);
	u32 v = hw_rd32(io, PF_IVAR(i));

	v &= ~(0xffu << shift);
	hw_wr32(io, PF_IVAR(i), v | entry << shift);
}

/**
 * pf_hw_irq_setup() - Causes to vectors, all of them masked
 * @io: registers
 * @fam: the chip
 * @first_queue: hardware number of our first receive and only transmit queue
 * @nr_queues: receive queues
 *
 * GPIE comes first: the model ignores the rest without it.
 *
 * Ref: 82576 4.2 step 8, 7.6
 */
void pf_hw_irq_setup(const struct hw_io *io, const struct pf_family *fam,
		     unsigned int first_queue, unsigned int nr_queues)
{
	u32 all = GENMASK(PF_VECTOR_RX + nr_queues - 1, 0);
	unsigned int i;

	hw_wr32(io, PF_GPIE, PF_GPIE_PBA | PF_GPIE_EIAME | PF_GPIE_MSIX |
		PF_GPIE_NSICR);
	hw_wr32(io, PF_EIMC, HW_ALL_ONES);
	for (i = 0; i < 8; i++)
		hw_wr32(io, PF_IVAR(i), 0);
	for (i = 0; i < nr_queues; i++)
		set_ivar(io, fam, first_queue + i, false,
			 (PF_VECTOR_RX + i) | PF_IVAR_VALID);
	set_ivar(io, fam, first_queue, true, PF_VECTOR_TX | PF_IVAR_VALID);
	hw_wr32(io, PF_IVAR_MISC,
		FIELD_PREP(PF_IVAR_OTHER, PF_VECTOR_OTHER | PF_IVAR_VALID));
	for (i = 0; i < PF_VECTOR_RX + nr_queues; i++)
		hw_wr32(io, PF_EITR(i), 0);
	hw_wr32(io, PF_EIAC, all);
	hw_wr32(io, PF_EIAM, all);
	hw_flush_posted(io, PF_STATUS);
}

/**
 * pf_hw_irq_enable() - Link and mailbox may interrupt from now on
 * @io: registers
 * @nr_vfs: VFs
 *
 * Ref: 82576 4.2 steps 14, 15
 */
void pf_hw_irq_enable(const struct hw_io *io, unsigned int nr_vfs)
{
	hw_wr32(io, PF_EIMS, BIT(PF_VECTOR_OTHER));
	hw_wr32(io, PF_MBVFIMR, nr_vfs ? 0xff : 0);
	hw_wr32(io, PF_IMS, PF_INT_LSC | PF_INT_DOUTSYNC | PF_INT_DRSTA |
		(nr_vfs ? PF_INT_VMMB : 0));
	hw_rd32(io, PF_ICR);
}

/**
 * pf_hw_enable() - Receive and transmit, for every queue that is enabled
 * @io: registers
 *
 * The filter bits of RCTL belong to pf_apply_tables() and stay.
 *
 * Ref: 82576 4.2 steps 10, 12
 */
void pf_hw_enable(const struct hw_io *io)
{
	hw_wr32(io, PF_TCTL, FIELD_PREP(PF_TCTL_CT, COLLISION_THRESHOLD) |
		FIELD_PREP(PF_TCTL_COLD, COLLISION_DISTANCE) |
		PF_TCTL_RTLC | PF_TCTL_PSP | PF_TCTL_EN);
	set_bits(io, PF_RCTL, PF_RCTL_EN | PF_RCTL_LPE | PF_RCTL_SECRC);
}

/**
 * pf_hw_has_mirror_rules() - Is there an engine behind the mirror registers?
 * @io: registers; no mirror in use
 *
 * Return: true when a rule reads back as written; the model reads 0.
 * Ref: 82576 12
 */
bool pf_hw_has_mirror_rules(const struct hw_io *io)
{
	u32 rule = FIELD_PREP(HW_VMRCTL_MP, 7);
	bool there;

	hw_wr32(io, PF_VMRCTL(3), rule);
	there = hw_rd32(io, PF_VMRCTL(3)) == rule;
	hw_wr32(io, PF_VMRCTL(3), 0);
	return there;
}

/**
 * pf_hw_vfs_go() - Tell all VFs that the reset is over; the very last step
 * @io: registers
 *
 * The bit is taken back: each later write of it would say so again.
 *
 * Ref: 82576 4.2 step 15, 13.4
 */
void pf_hw_vfs_go(const struct hw_io *io)
{
	u32 v = hw_rd32(io, PF_CTRL_EXT);

	hw_wr32(io, PF_CTRL_EXT, v | PF_CTRL_EXT_PFRSTD);
	hw_flush_posted(io, PF_STATUS);
	hw_wr32(io, PF_CTRL_EXT, v & ~PF_CTRL_EXT_PFRSTD);
}

/**
 * pf_hw_goodbye() - Leave the port to firmware or the next driver
 * @io: registers, quiesced
 */
void pf_hw_goodbye(const struct hw_io *io)
{
	hw_wr32(io, PF_CTRL_EXT,
		hw_rd32(io, PF_CTRL_EXT) & ~PF_CTRL_EXT_DRV_LOAD);
}
