// SPDX-License-Identifier: GPL-2.0-or-later
/* Mailbox transport, cleaning after VFs, PHY, NVM and counters of the port. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "fake_port.h"
#include "../pf-driver/pf_hw.h"
#include "../pf-driver/pf_stats.h"

static int setup(void **state)
{
	(void)state;
	fake_port_start();
	return 0;
}

static void expect_write(int i, u32 reg, u32 value)
{
	assert_true(i < port.nr_log);
	assert_int_equal(port.log[i].reg, reg);
	assert_int_equal(port.log[i].value, value);
}

/* Bell, lock, words, acknowledge, answer: Ref: 82576 13.3 */
static void message_and_answer(void **state)
{
	u32 msg[HW_MBOX_WORDS];
	const u32 answer[3] = {0x80000001, 0x11223344, 0x5566};

	(void)state;
	port.reg[PF_MBVFICR / 4] = BIT(3) | BIT(4);
	port.reg[PF_VMBMEM(3, 0) / 4] = 1;
	port.reg[PF_VMBMEM(3, 15) / 4] = 0xabcd;
	assert_int_equal(pf_hw_mbox_receive(&port.io, 3, msg), 0);
	assert_int_equal(msg[0], 1);
	assert_int_equal(msg[15], 0xabcd);
	assert_int_equal(port.nr_log, 2);
	expect_write(0, PF_MBVFICR, BIT(3));
	expect_write(1, PF_P2VMAILBOX(3), PF_P2V_PFU);
	assert_int_equal(port.reg[PF_MBVFICR / 4], BIT(4));
	pf_hw_mbox_ack(&port.io, 3);
	expect_write(2, PF_P2VMAILBOX(3), PF_P2V_ACK | PF_P2V_PFU);
	pf_hw_mbox_reply(&port.io, 3, answer, 3);
	expect_write(3, PF_VMBMEM(3, 0), answer[0]);
	expect_write(5, PF_VMBMEM(3, 2), answer[2]);
	expect_write(6, PF_P2VMAILBOX(3), PF_P2V_STS);
	assert_int_equal(port.nr_log, 7);
}

static void unlock_without_answer(void **state)
{
	(void)state;
	pf_hw_mbox_reply(&port.io, 0, NULL, 0);
	assert_int_equal(port.nr_log, 1);
	expect_write(0, PF_P2VMAILBOX(0), 0);
}

/* A guest that never gives its buffer back costs a bounded time. */
static void buffer_held_by_the_guest(void **state)
{
	u32 msg[HW_MBOX_WORDS];

	(void)state;
	port.vf_holds = BIT(2);
	assert_int_equal(pf_hw_mbox_receive(&port.io, 2, msg), -EBUSY);
	assert_true(port.now_us <= 20000);
	assert_int_equal(port.log[port.nr_log - 1].value, PF_P2V_RVFU);
	assert_int_equal(pf_hw_mbox_send(&port.io, 2, 0x100), -EBUSY);
	assert_int_equal(fake_port_find(PF_VMBMEM(2, 0), 0), -1);
	port.gone = true;
	assert_int_equal(pf_hw_mbox_receive(&port.io, 2, msg), -ENODEV);
}

static void unasked_word(void **state)
{
	(void)state;
	port.reg[PF_MBVFICR / 4] = 0x00030003;
	assert_int_equal(pf_hw_mbox_send(&port.io, 1, 0x20000100), 0);
	expect_write(0, PF_P2VMAILBOX(1), PF_P2V_PFU);
	expect_write(1, PF_MBVFICR, 0x00020002);
	expect_write(2, PF_VMBMEM(1, 0), 0x20000100);
	expect_write(3, PF_P2VMAILBOX(1), PF_P2V_STS);
	assert_int_equal(port.reg[PF_MBVFICR / 4], 0x00010001);
}

static void bells_and_resets(void **state)
{
	u32 acks;

	(void)state;
	port.reg[PF_MBVFICR / 4] = 0x00410006;
	assert_int_equal(pf_hw_mbox_bells(&port.io, &acks), 0x06);
	assert_int_equal(acks, 0x41);
	/* requests are cleared when they are read, one by one */
	assert_int_equal(port.reg[PF_MBVFICR / 4], 0x06);
	port.reg[PF_VFLRE / 4] = 0x81;
	assert_int_equal(pf_hw_mbox_resets(&port.io), 0x81);
	assert_int_equal(pf_hw_mbox_resets(&port.io), 0);
	port.gone = true;
	assert_int_equal(pf_hw_mbox_resets(&port.io), 0);
	assert_int_equal(pf_hw_mbox_bells(&port.io, &acks), 0);
	assert_int_equal(acks, 0);
}

/* Ref: 82576 14.4: queues off, wait, then all that the last owner wrote */
static void vf_clear_order(void **state)
{
	int off, rest;

	(void)state;
	pf_hw_vf_clear(&port.io, &pf_82576, 2);
	expect_write(0, PF_RXDCTL(2), 0);
	expect_write(1, PF_TXDCTL(2), 0);
	expect_write(2, PF_RXDCTL(10), 0);
	expect_write(3, PF_TXDCTL(10), 0);
	off = 3;
	rest = fake_port_find(PF_SRRCTL(2), 0);
	assert_int_equal(rest, 4);
	assert_true(port.log[rest].at_us >= port.log[off].at_us + 10000);
	assert_true(fake_port_find(PF_TDWBAL(10), rest) > 0);
	assert_true(fake_port_find(PF_PSRTYPE(2), rest) > 0);
	assert_int_equal(fake_port_last(PF_IVAR(2)), 0);
}

/* One queue a VF, and its neighbour's vectors stay: Ref: 82576 18 */
static void vf_clear_on_i350(void **state)
{
	(void)state;
	port.reg[PF_IVAR(1) / 4] = 0x81828384;
	pf_hw_vf_clear(&port.io, &pf_i350, 3);
	assert_int_equal(fake_port_find(PF_RXDCTL(11), 0), -1);
	assert_int_equal(port.reg[PF_IVAR(1) / 4], 0x8384);
}

/* Ref: 82576 2.4 */
static void rates(void **state)
{
	(void)state;
	pf_hw_vf_rate(&port.io, &pf_82576, 5, 300, 1000);
	expect_write(0, PF_RTTDQSEL, 5);
	expect_write(1, PF_RTTBCNRM, 0x14);
	/* 1000 / 300 with 14 bits of fraction */
	expect_write(2, PF_RTTBCNRC, 0x80000000 | 54613);
	pf_hw_vf_rate(&port.io, &pf_82576, 5, 0, 1000);
	assert_int_equal(fake_port_last(PF_RTTBCNRC), 0);
	pf_hw_vf_rate(&port.io, &pf_82576, 5, 300, 100);
	assert_int_equal(fake_port_last(PF_RTTBCNRC), 0);
	fake_port_forget();
	pf_hw_vf_rate(&port.io, &pf_i350, 5, 300, 1000);
	assert_int_equal(port.nr_log, 0);
}

/* Ref: 82576 3.5, 3.6 */
static void link_start_takes_and_gives_the_phy(void **state)
{
	(void)state;
	assert_int_equal(pf_hw_link_start(&port.io, &pf_82576), 0);
	assert_int_equal(port.phy[0], 0x1200);
	assert_int_equal(port.reg[PF_SW_FW_SYNC / 4], 0);
	assert_int_equal(port.reg[PF_SWSM / 4] & 3, 0);
	assert_true(fake_port_find(PF_MDIC, 0) > fake_port_find(PF_SW_FW_SYNC, 0));
}

static void phy_errors(void **state)
{
	u16 v;

	(void)state;
	port.phy[2] = 0x02a8;
	assert_int_equal(pf_hw_phy_read(&port.io, &pf_82576, PF_PHY_ID1, &v), 0);
	assert_int_equal(v, 0x02a8);
	port.phy_addr = 2;
	assert_int_equal(pf_hw_phy_read(&port.io, &pf_82576, 2, &v), -EIO);
	assert_int_equal(port.reg[PF_SW_FW_SYNC / 4], 0);
	port.reg[PF_SW_FW_SYNC / 4] = 0x20000;
	port.phy_held = true;
	fake_port_forget();
	assert_int_equal(pf_hw_phy_read(&port.io, &pf_82576, 2, &v), -EBUSY);
	assert_int_equal(fake_port_find(PF_MDIC, 0), -1);
	port.gone = true;
	assert_int_equal(pf_hw_phy_read(&port.io, &pf_82576, 2, &v), -ENODEV);
}

/* A driver that died with the semaphore is outlived. */
static void stuck_semaphore_is_broken(void **state)
{
	(void)state;
	port.reg[PF_SWSM / 4] = PF_SWSM_SMBI;
	assert_int_equal(pf_hw_link_start(&port.io, &pf_82576), 0);
	assert_int_equal(port.reg[PF_SWSM / 4] & 3, 0);
}

static void counters_add_up(void **state)
{
	struct pf_stats s = {};

	(void)state;
	port.reg[PF_GPRC / 4] = 5;
	port.reg[PF_VFGORC(1) / 4] = 0xfffffff0;
	pf_stats_rebase(&port.io, &s, 2);
	assert_int_equal(s.port[PF_PORT_RX_FRAMES], 0);
	port.reg[PF_GPRC / 4] = 7;
	port.reg[PF_GORCL / 4] = 0x10;
	port.reg[PF_GORCH / 4] = 2;
	port.reg[PF_VFGORC(1) / 4] = 0x10;
	pf_stats_add(&port.io, &s, 2);
	pf_stats_add(&port.io, &s, 2);
	assert_int_equal(s.port[PF_PORT_RX_FRAMES], 7);
	assert_int_equal(s.port[PF_PORT_RX_BYTES], 0x200000010ull);
	assert_int_equal(s.vf[1].sum[PF_SUM_VF_RX_BYTES], 0x20);
}

/* The chip begins at 0 again; what was counted before stays. */
static void counters_survive_a_reset(void **state)
{
	struct pf_stats s = {};

	(void)state;
	port.reg[PF_VFGPTC(0) / 4] = 1000;
	pf_stats_add(&port.io, &s, 1);
	port.reg[PF_VFGPTC(0) / 4] = 0;
	pf_stats_rebase(&port.io, &s, 1);
	port.reg[PF_VFGPTC(0) / 4] = 5;
	pf_stats_add(&port.io, &s, 1);
	assert_int_equal(s.vf[0].sum[PF_SUM_VF_TX_FRAMES], 1005);
	port.gone = true;
	pf_stats_add(&port.io, &s, 1);
	assert_int_equal(s.vf[0].sum[PF_SUM_VF_TX_FRAMES], 1005);
	assert_int_equal(s.port[PF_PORT_RX_FRAMES], 0);
	pf_stats_forget_vfs(&s);
	assert_int_equal(s.vf[0].sum[PF_SUM_VF_TX_FRAMES], 0);
}

#define T(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(message_and_answer),
		T(unlock_without_answer),
		T(buffer_held_by_the_guest),
		T(unasked_word),
		T(bells_and_resets),
		T(vf_clear_order),
		T(vf_clear_on_i350),
		T(rates),
		T(link_start_takes_and_gives_the_phy),
		T(phy_errors),
		T(stuck_semaphore_is_broken),
		T(counters_add_up),
		T(counters_survive_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
