// SPDX-License-Identifier: GPL-2.0-or-later
/* The fake port of tests/fake_port.h. */
#include "fake_port.h"

struct fake_port port;
static u8 bar[FAKE_BAR_SIZE];
static u64 master_off_us;

void fake_port_start(void)
{
	memset(&port, 0, sizeof(port));
	port.io.base = bar;
	port.phy_addr = 1;
	port.reg[PF_STATUS / 4] = PF_STATUS_MASTER | PF_STATUS_LU | 0x80;
}

void fake_port_forget(void)
{
	port.nr_log = 0;
	port.flushes = 0;
}

/* Index of the first write of @reg from log entry @from on, -1: none. */
int fake_port_find(u32 reg, int from)
{
	for (; from < port.nr_log; from++)
		if (port.log[from].reg == reg)
			return from;
	return -1;
}

/* Value that was written to @reg last; it must have been. */
u32 fake_port_last(u32 reg)
{
	int i;

	for (i = port.nr_log - 1; i >= 0; i--)
		if (port.log[i].reg == reg)
			return port.log[i].value;
	assert(!"never written");
	return 0;
}

void usleep_range(unsigned long least_us, unsigned long most_us)
{
	assert(least_us <= most_us);
	port.now_us += least_us;
}

void msleep(unsigned int ms)
{
	usleep_range(ms * 1000ul, ms * 1000ul);
}

static u32 *at(u32 reg)
{
	return &port.reg[reg / 4];
}

static u32 read_status(void)
{
	bool disabled = *at(PF_CTRL) & PF_CTRL_MASTER_DISABLE;
	u32 v = *at(PF_STATUS);

	port.flushes++;
	if (disabled && port.now_us >= master_off_us + port.busy_us)
		v &= ~PF_STATUS_MASTER;
	return v;
}

static bool clears_on_read(u32 reg)
{
	return reg == PF_ICR || (reg >= PF_CRCERRS && reg <= PF_SSVPC);
}

u32 readl(const volatile void *addr)
{
	u32 reg = (const volatile u8 *)addr - bar;
	u32 v;

	assert(reg < FAKE_BAR_SIZE && reg % 4 == 0);
	if (port.gone)
		return HW_ALL_ONES;
	if (reg == PF_STATUS)
		return read_status();
	v = *at(reg);
	if (reg == PF_SWSM)
		*at(reg) |= PF_SWSM_SMBI;
	if (clears_on_read(reg))
		*at(reg) = 0;
	return v;
}

static u32 mdic(u32 v)
{
	u32 reg = FIELD_GET(PF_MDIC_REG, v);

	if (FIELD_GET(PF_MDIC_PHY, v) != port.phy_addr)
		return v | PF_MDIC_ERROR;
	if (v & PF_MDIC_WRITE)
		port.phy[reg] = v & PF_MDIC_DATA;
	return (v & ~PF_MDIC_DATA) | port.phy[reg] | PF_MDIC_READY;
}

static u32 mailbox(u32 reg, u32 v)
{
	u32 vf = (reg - PF_P2VMAILBOX(0)) / 4;

	return v & PF_P2V_PFU && !(port.vf_holds >> vf & 1) ? PF_P2V_PFU : 0;
}

static u32 stored(u32 reg, u32 v)
{
	if (reg == PF_CTRL)
		return v & ~PF_CTRL_RST;
	if (reg == PF_MDIC)
		return mdic(v);
	if (reg == PF_EERD)
		return PF_EERD_DONE |
		       FIELD_PREP(PF_EERD_DATA, port.nvm[FIELD_GET(PF_EERD_ADDR, v) % 64]);
	if (reg == PF_MBVFICR || reg == PF_VFLRE)
		return *at(reg) & ~v;
	if (reg >= PF_P2VMAILBOX(0) && reg <= PF_P2VMAILBOX(7))
		return mailbox(reg, v);
	if (reg >= PF_VMRCTL(0) && reg <= PF_VMRVM(3) && !port.has_rules)
		return 0;
	if (reg >= PF_RDBAL(0) && reg <= PF_TDWBAH(15) && reg % 0x40 == 0x28 && port.stuck)
		return v & ~PF_XDCTL_ENABLE;
	if (reg == PF_SW_FW_SYNC && port.phy_held)
		return v | 0x20000;
	return v;
}

void writel(u32 v, volatile void *addr)
{
	u32 reg = (volatile u8 *)addr - bar;

	assert(reg < FAKE_BAR_SIZE && reg % 4 == 0);
	assert(port.nr_log < FAKE_LOG);
	port.log[port.nr_log++] = (struct fake_write){reg, v, port.now_us, port.flushes};
	if (reg == PF_CTRL && v & PF_CTRL_MASTER_DISABLE)
		master_off_us = port.now_us;
	*at(reg) = stored(reg, v);
}
