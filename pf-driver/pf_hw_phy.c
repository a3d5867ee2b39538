// SPDX-License-Identifier: GPL-2.0-only
/* PHY and NVM, which firmware and the other port use too. Ref: 82576 3.4..3.6 */
#include "pf_hw.h"

enum {
	SEM_TRIES = 200,	/* 50..100 us each */
	SYNC_TRIES = 200,	/* 1..2 ms each */
	MDIC_TRIES = 640,	/* 50..100 us each */
	EERD_TRIES = 20000,	/* 5..10 us each */
	FIRMWARE_SHIFT = 16,	/* its bits of SW_FW_SYNC */
};

/* SW_FW_SYNC bits of the PHYs of ports 0..3 */
static const u8 phy_bit[] = { 0x02, 0x04, 0x20, 0x40 };

/* Both semaphores, against the other port's driver and against firmware. */
static bool take_swsm(const struct hw_io *io)
{
	int i;

	for (i = 0; i < SEM_TRIES; i++) {
		if (!(hw_rd32(io, PF_SWSM) & PF_SWSM_SMBI))
			break;
		usleep_range(50, 100);
	}
	/* held for so long: by a driver that died with it */
	if (i == SEM_TRIES)
		hw_wr32(io, PF_SWSM, 0);
	for (i = 0; i < SEM_TRIES; i++) {
		hw_wr32(io, PF_SWSM, hw_rd32(io, PF_SWSM) | PF_SWSM_SWESMBI);
		if (hw_rd32(io, PF_SWSM) & PF_SWSM_SWESMBI)
			return true;
		usleep_range(50, 100);
	}
	hw_wr32(io, PF_SWSM, 0);
	return false;
}

static void give_swsm(const struct hw_io *io)
{
	hw_wr32(io, PF_SWSM, hw_rd32(io, PF_SWSM) &
		~(PF_SWSM_SMBI | PF_SWSM_SWESMBI));
}

static int take_phy(const struct hw_io *io)
{
	u32 bit = phy_bit[FIELD_GET(PF_STATUS_LAN, hw_rd32(io, PF_STATUS))];
	int i;

	for (i = 0; i < SYNC_TRIES; i++) {
		u32 v;

		if (pf_hw_is_gone(io))
			return -ENODEV;
		if (!take_swsm(io))
			return -EBUSY;
		v = hw_rd32(io, PF_SW_FW_SYNC);
		if (!(v & (bit | bit << FIRMWARE_SHIFT))) {
			hw_wr32(io, PF_SW_FW_SYNC, v | bit);
			give_swsm(io);
			return 0;
		}
		give_swsm(io);
		usleep_range(1000, 2000);
	}
	return -EBUSY;
}

static void give_phy(const struct hw_io *io)
{
	u32 bit = phy_bit[FIELD_GET(PF_STATUS_LAN, hw_rd32(io, PF_STATUS))];
	bool taken = take_swsm(io);

	hw_wr32(io, PF_SW_FW_SYNC, hw_rd32(io, PF_SW_FW_SYNC) & ~bit);
	if (taken)
		give_swsm(io);
}

static int mdic(const struct hw_io *io, u32 command, u16 *value)
{
	int i;

	hw_wr32(io, PF_MDIC, command);
	for (i = 0; i < MDIC_TRIES; i++) {
		u32 v = hw_rd32(io, PF_MDIC);

		if (v == HW_ALL_ONES)
			return -ENODEV;
		if (v & PF_MDIC_ERROR)
			return -EIO;
		if (v & PF_MDIC_READY) {
			*value = FIELD_GET(PF_MDIC_DATA, v);
			return 0;
		}
		usleep_range(50, 100);
	}
	return -ETIMEDOUT;
}

/**
 * pf_hw_phy_read() - Read a register of the port's PHY
 * @io: registers
 * @fam: the chip
 * @reg: PHY register, 0..31
 * @value: filled in
 *
 * Context: process; sleeps.
 * Return: 0; -EBUSY others keep it; -EIO no such register; -ETIMEDOUT, -ENODEV.
 * Ref: 82576 3.6
 */
int pf_hw_phy_read(const struct hw_io *io, const struct pf_family *fam,
		   unsigned int reg, u16 *value)
{
	int err = take_phy(io);

	if (err)
		return err;
	err = mdic(io, FIELD_PREP(PF_MDIC_REG, reg) |
		   FIELD_PREP(PF_MDIC_PHY, fam->phy_addr) | PF_MDIC_READ,
		   value);
	give_phy(io);
	return err;
}

/**
 * pf_hw_phy_write() - Write a register of the port's PHY
 * @io: registers
 * @fam: the chip
 * @reg: PHY register, 0..31
 * @value: new value
 *
 * Context: process; sleeps.
 * Return: as pf_hw_phy_read().
 * Ref: 82576 3.6
 */
int pf_hw_phy_write(const struct hw_io *io, const struct pf_family *fam,
		    unsigned int reg, u16 value)
{
	int err = take_phy(io);
	u16 ignored;

	if (err)
		return err;
	err = mdic(io, FIELD_PREP(PF_MDIC_DATA, value) |
		   FIELD_PREP(PF_MDIC_REG, reg) |
		   FIELD_PREP(PF_MDIC_PHY, fam->phy_addr) | PF_MDIC_WRITE,
		   &ignored);
	give_phy(io);
	return err;
}

/**
 * pf_hw_link_start() - Negotiate with the other end
 * @io: registers
 * @fam: the chip
 *
 * The link comes up some time later and says so by PF_INT_LSC. In the model
 * there is no link until this has been done.
 *
 * Context: process; sleeps.
 * Return: as pf_hw_phy_read().
 * Ref: 82576 3.6, 4.2 step 3
 */
int pf_hw_link_start(const struct hw_io *io, const struct pf_family *fam)
{
	return pf_hw_phy_write(io, fam, PF_PHY_BMCR,
			       PF_BMCR_ANENABLE | PF_BMCR_ANRESTART);
}

/**
 * pf_hw_nvm_read() - One word of the card's memory
 * @io: registers
 * @word: its address
 * @value: filled in
 *
 * Context: process; sleeps.
 * Return: 0 or -ETIMEDOUT.
 * Ref: 82576 3.4
 */
int pf_hw_nvm_read(const struct hw_io *io, unsigned int word, u16 *value)
{
	int i;

	hw_wr32(io, PF_EERD, FIELD_PREP(PF_EERD_ADDR, word) | PF_EERD_START);
	for (i = 0; i < EERD_TRIES; i++) {
		u32 v = hw_rd32(io, PF_EERD);

		if (v & PF_EERD_DONE) {
			*value = FIELD_GET(PF_EERD_DATA, v);
			return 0;
		}
		usleep_range(5, 10);
	}
	return -ETIMEDOUT;
}
