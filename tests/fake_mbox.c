// SPDX-License-Identifier: GPL-2.0-or-later
/* The fake VF and PF of tests/fake_mbox.h. */
#include "fake_mbox.h"
#include "../hw/mbox.h"
#include "../hw/r82576_vf.h"

struct fake_pf pf;
static u8 bar[FAKE_BAR_SIZE];

/* What the PF does next; it acts while the VF sleeps. */
enum {
	IDLE,
	ASKED,
	INTERJECT,
	ANSWER
};

void fake_pf_start(void)
{
	memset(&pf, 0, sizeof(pf));
	pf.io.base = bar;
	memcpy(pf.mac, "\x02\x11\x22\x33\x44\x55", 6);
	pf.reply = FAKE_NO_WORD;
	pf.interject = FAKE_NO_WORD;
	pf.reg[VF_STATUS / 4] = VF_STATUS_LU | VF_STATUS_FD | 0x80;
}

void fake_log_clear(void)
{
	pf.nr_log = 0;
}

void fake_pf_say(u32 word)
{
	pf.mem[0] = word;
	pf.v2p |= VF_V2P_PFSTS;
}

void fake_pf_reset(void)
{
	pf.v2p |= VF_V2P_RSTI;
	pf.known = false;
	pf.step = IDLE;
}

void fake_pf_reset_done(void)
{
	pf.v2p = (pf.v2p & ~VF_V2P_RSTI) | VF_V2P_RSTD;
}

static void read_message(void)
{
	memcpy(pf.got[pf.nr_got++ % 64], pf.mem, sizeof(pf.mem));
	if (pf.nr_got == pf.reset_at) {
		fake_pf_reset();
		return;
	}
	pf.v2p |= VF_V2P_PFACK;
	if (pf.mute)
		pf.step = IDLE;
	else
		pf.step = pf.interject != FAKE_NO_WORD ? INTERJECT : ANSWER;
}

static void answer(void)
{
	u32 asked = pf.got[(pf.nr_got - 1) % 64][0];
	u32 id = asked & HW_MBOX_ID;
	bool refuse = pf.refuse >> id & 1;

	if (id == HW_MBOX_RESET) {
		bool none = !memcmp(pf.mac, "\0\0\0\0\0\0", 6);

		pf.known = true;
		asked |= none ? HW_MBOX_NACK : HW_MBOX_ACK;
		hw_mbox_put_mac(&pf.mem[1], pf.mac);
	} else if (!pf.known) {
		asked = HW_MBOX_NACK;
	} else {
		asked |= HW_MBOX_CTS | (refuse ? HW_MBOX_NACK : HW_MBOX_ACK);
	}
	fake_pf_say(pf.reply != FAKE_NO_WORD ? pf.reply : asked);
	pf.step = IDLE;
}

static void act(void)
{
	/* the last message has not been fetched yet */
	if (pf.silent || pf.vfu || pf.v2p & VF_V2P_PFSTS)
		return;
	switch (pf.step) {
	case ASKED:
		read_message();
		break;
	case INTERJECT:
		fake_pf_say(pf.interject);
		pf.step = ANSWER;
		break;
	case ANSWER:
		answer();
		break;
	}
}

void usleep_range(unsigned long least_us, unsigned long most_us)
{
	assert(least_us <= most_us);
	pf.now_us += least_us;
	act();
}

void msleep(unsigned int ms)
{
	usleep_range(ms * 1000ul, ms * 1000ul);
}

static u32 read_v2p(void)
{
	u32 v = pf.v2p;

	if (pf.vfu)
		v |= VF_V2P_VFU;
	pf.v2p &= ~VF_V2P_READ_CLEARS;
	return v;
}

static void write_v2p(u32 v)
{
	pf.vfu = v & VF_V2P_VFU && !pf.holds_buffer;
	if (v & VF_V2P_REQ)
		pf.step = ASKED;
}

u32 readl(const volatile void *addr)
{
	u32 reg = (const volatile u8 *)addr - bar;
	u32 v;

	assert(reg < FAKE_BAR_SIZE && reg % 4 == 0);
	if (pf.gone)
		return HW_ALL_ONES;
	if (pf.absent)
		return 0;
	if (reg == VF_V2PMAILBOX)
		return read_v2p();
	if (reg >= VF_VMBMEM(0) && reg <= VF_VMBMEM(15))
		return pf.mem[(reg - VF_VMBMEM(0)) / 4];
	v = pf.reg[reg / 4];
	if (pf.stuck && (reg == VF_RXDCTL || reg == VF_TXDCTL))
		v &= ~VF_XDCTL_ENABLE;
	return v;
}

void writel(u32 v, volatile void *addr)
{
	u32 reg = (volatile u8 *)addr - bar;

	assert(reg < FAKE_BAR_SIZE && reg % 4 == 0);
	if (pf.nr_log < FAKE_LOG) {
		pf.log[pf.nr_log].reg = reg;
		pf.log[pf.nr_log++].value = v;
	}
	if (reg == VF_V2PMAILBOX) {
		write_v2p(v);
	} else if (reg >= VF_VMBMEM(0) && reg <= VF_VMBMEM(15)) {
		/* the chip takes no words from a VF that holds no lock */
		assert(pf.vfu);
		pf.mem[(reg - VF_VMBMEM(0)) / 4] = v;
	} else if (reg != VF_STATUS) {
		pf.reg[reg / 4] = v;
	}
}
