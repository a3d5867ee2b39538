// SPDX-License-Identifier: GPL-2.0-or-later
/* Which registers of the port are written in which order: reset to traffic. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "fake_port.h"
#include "../pf-driver/pf_hw.h"

static const u8 mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

static int setup(void **state)
{
	(void)state;
	fake_port_start();
	port.reg[PF_RAL(0) / 4] = 0x12005452;
	port.reg[PF_RAH(0) / 4] = 0x80005634;
	return 0;
}

struct step {
	u32 reg;
	u32 value;
};

static void expect_writes(const struct step *s, int n)
{
	int i;

	assert_int_equal(port.nr_log, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(port.log[i].reg, s[i].reg);
		assert_int_equal(port.log[i].value, s[i].value);
	}
}

#define EXPECT(...)                                              \
	do {                                                     \
		static const struct step want[] = {__VA_ARGS__}; \
		expect_writes(want, ARRAY_SIZE(want));           \
	} while (0)

/* Ref: 82576 4.1 */
static void reset_order(void **state)
{
	(void)state;
	port.reg[PF_EEMNGCTL / 4] = BIT(18);
	port.reg[PF_EECD / 4] = PF_EECD_AUTO_RD;
	assert_int_equal(pf_hw_reset(&port.io), 0);
	EXPECT({0x0000, 0x4},			  /* no new DMA */
	       {0x00d8, 0xffffffff},		  /* no interrupts */
	       {0x1528, 0xffffffff}, {0x0100, 0}, /* no receive */
	       {0x0400, 0x8},			  /* no transmit */
	       {0x0000, 0x04000004},		  /* reset */
	       {0x00d8, 0xffffffff}, {0x1528, 0xffffffff});
	assert_true(port.log[5].at_us >= 10000);
	assert_true(port.log[6].at_us >= port.log[5].at_us + 1000);
}

/* DMA that never ends, an NVM and a PHY that say nothing: not fatal. */
static void reset_goes_on_after_timeouts(void **state)
{
	(void)state;
	port.busy_us = 10000000;
	assert_int_equal(pf_hw_reset(&port.io), 0);
	assert_true(fake_port_find(PF_CTRL, 1) > 0);
	assert_true(port.log[1].at_us >= 80000);
	assert_true(port.now_us < 500000);
}

static void reset_of_a_device_that_is_gone(void **state)
{
	(void)state;
	port.gone = true;
	assert_true(pf_hw_is_gone(&port.io));
	assert_int_equal(pf_hw_reset(&port.io), -ENODEV);
	assert_true(port.now_us < 50000);
}

static void mac_from_register_then_nvm(void **state)
{
	u8 got[6];

	(void)state;
	assert_int_equal(pf_hw_read_mac(&port.io, got), 0);
	assert_memory_equal(got, mac, 6);
	port.reg[PF_RAL(0) / 4] = 0;
	port.reg[PF_RAH(0) / 4] = 0;
	port.nvm[0] = 0x5452;
	port.nvm[1] = 0x1200;
	port.nvm[2] = 0x5634;
	memset(got, 0, 6);
	assert_int_equal(pf_hw_read_mac(&port.io, got), 0);
	assert_memory_equal(got, mac, 6);
	port.nvm[0] = 0x5453; /* multicast */
	assert_int_equal(pf_hw_read_mac(&port.io, got), -EADDRNOTAVAIL);
}

/* Ref: 82576 4.1 step 3 */
static void completion_timeout(void **state)
{
	(void)state;
	assert_false(pf_hw_completion_timeout(&port.io));
	EXPECT({0x5b00, 0x1000});
	fake_port_forget();
	port.reg[PF_GCR / 4] = PF_GCR_CAP_VER2 | PF_GCR_CMPL_RESEND;
	assert_true(pf_hw_completion_timeout(&port.io));
	EXPECT({0x5b00, PF_GCR_CAP_VER2});
	fake_port_forget();
	port.reg[PF_GCR / 4] = 0x5000;
	assert_false(pf_hw_completion_timeout(&port.io));
	EXPECT({0x5b00, 0x5000});
}

/* Ref: 82576 4.2: nothing is enabled by it, pause is off, pools only with VFs */
static void init_enables_nothing(void **state)
{
	(void)state;
	pf_hw_init(&port.io, &pf_82576, 0);
	assert_int_equal(fake_port_find(PF_RCTL, 0), -1);
	assert_int_equal(fake_port_find(PF_TCTL, 0), -1);
	assert_int_equal(fake_port_find(PF_EIMS, 0), -1);
	assert_int_equal(fake_port_find(PF_DTXCTL, 0), -1);
	assert_int_equal(fake_port_last(PF_RXDCTL(0)), 0);
	assert_int_equal(fake_port_last(PF_TXDCTL(15)), 0);
	assert_int_equal(fake_port_last(PF_FCRTL), 0);
	assert_int_equal(fake_port_last(PF_FCRTH), 0);
	assert_int_equal(fake_port_last(PF_CTRL) & (PF_CTRL_TFCE | PF_CTRL_RFCE), 0);
	assert_true(fake_port_last(PF_CTRL) & PF_CTRL_SLU);
	assert_true(fake_port_last(PF_CTRL_EXT) & PF_CTRL_EXT_DRV_LOAD);
	assert_int_equal(fake_port_last(PF_MRQC), 0);
	pf_hw_init(&port.io, &pf_82576, 7);
	assert_int_equal(fake_port_last(PF_MRQC), PF_MRQC_VMDQ);
	assert_int_equal(fake_port_last(PF_DTXCTL), PF_DTXCTL_VLAN_ADDED);
	fake_port_forget();
	pf_hw_init(&port.io, &pf_i350, 7);
	assert_int_equal(fake_port_find(PF_DTXCTL, 0), -1);
	assert_int_equal(fake_port_find(PF_RXDCTL(8), 0), -1);
}

/* Ref: 82576 7.6: GPIE first; 7.3: IVAR by columns, by rows on i350 */
static void irq_setup_order(void **state)
{
	(void)state;
	pf_hw_irq_setup(&port.io, &pf_82576, 0, 8);
	assert_int_equal(port.log[0].reg, PF_GPIE);
	assert_int_equal(port.log[0].value, 0xc0000011);
	assert_true(fake_port_find(PF_EIAC, 0) > fake_port_find(PF_GPIE, 0));
	assert_int_equal(port.reg[PF_IVAR(0) / 4], 0x8182);
	assert_int_equal(port.reg[PF_IVAR(7) / 4], 0x89);
	assert_int_equal(fake_port_last(PF_IVAR_MISC), 0x8000);
	assert_int_equal(fake_port_last(PF_EIAC), 0x3ff);
	assert_int_equal(fake_port_last(PF_EIAM), 0x3ff);
	assert_int_equal(fake_port_find(PF_EIMS, 0), -1);
}

static void irq_setup_behind_vfs(void **state)
{
	(void)state;
	pf_hw_irq_setup(&port.io, &pf_82576, 7, 1);
	assert_int_equal(port.reg[PF_IVAR(0) / 4], 0);
	assert_int_equal(port.reg[PF_IVAR(7) / 4], 0x8182);
	assert_int_equal(fake_port_last(PF_EIAC), 0x7);
	pf_hw_irq_setup(&port.io, &pf_i350, 5, 1);
	assert_int_equal(port.reg[PF_IVAR(2) / 4], 0x81820000);
}

/* Ref: 82576 4.2 steps 14, 15 */
static void irq_enable(void **state)
{
	(void)state;
	pf_hw_irq_enable(&port.io, 2);
	EXPECT({0x1524, 1}, {0x0c84, 0xff}, {0x00d0, 0x50000104});
	fake_port_forget();
	pf_hw_irq_enable(&port.io, 0);
	EXPECT({0x1524, 1}, {0x0c84, 0}, {0x00d0, 0x50000004});
}

static void enable_keeps_the_filters(void **state)
{
	(void)state;
	port.reg[PF_RCTL / 4] = HW_RCTL_VFE;
	pf_hw_enable(&port.io);
	EXPECT({0x0400, 0x010400fa}, {0x0100, 0x04040022});
}

static void a_reset_by_others_is_seen(void **state)
{
	(void)state;
	assert_true(pf_hw_was_reset(&port.io));
	pf_hw_enable(&port.io);
	assert_false(pf_hw_was_reset(&port.io));
	port.reg[PF_RCTL / 4] = 0; /* as a function-level reset leaves it */
	assert_true(pf_hw_was_reset(&port.io));
}

/* Each later write of CTRL_EXT would say it again: Ref: 82576 13.4 */
static void vfs_go_says_it_once(void **state)
{
	(void)state;
	port.reg[PF_CTRL_EXT / 4] = PF_CTRL_EXT_DRV_LOAD;
	pf_hw_vfs_go(&port.io);
	EXPECT({0x0018, 0x10004000}, {0x0018, 0x10000000});
	assert_int_equal(port.log[1].flushes, 1);
}

static void mirror_rules_are_probed(void **state)
{
	(void)state;
	assert_false(pf_hw_has_mirror_rules(&port.io));
	EXPECT({0x5d8c, 0x700}, {0x5d8c, 0});
	port.has_rules = true;
	assert_true(pf_hw_has_mirror_rules(&port.io));
	assert_int_equal(port.reg[PF_VMRCTL(3) / 4], 0);
}

/* Ref: 82576 5.3 */
static void rx_start_order(void **state)
{
	(void)state;
	assert_int_equal(pf_hw_rx_start(&port.io, 2, 0x123456780ull, 4096, 2048, false), 0);
	EXPECT({0xc0a8, 0}, {0xc080, 0x23456780}, {0xc084, 0x1}, {0xc088, 65536}, {0xc090, 0},
	       {0xc098, 0}, {0xc08c, 0x82000002}, /* DROP_EN, one buffer, 2 KiB */
	       {0xc0a8, 0x02010808});
	port.stuck = true;
	assert_int_equal(pf_hw_rx_start(&port.io, 2, 0, 80, 2048, false), -EIO);
	port.gone = true;
	assert_int_equal(pf_hw_rx_start(&port.io, 2, 0, 80, 2048, false), -ENODEV);
}

/* Ref: 82576 17.2: the i350 stamps all frames, before their first byte */
static void stamps_of_the_i350(void **state)
{
	u64 raw;

	(void)state;
	assert_true(pf_i350.rx_stamps && !pf_82576.rx_stamps);
	pf_hw_clock_start(&port.io);
	EXPECT({0xb640, 0}, {0xb620, 0x18});
	fake_port_start();
	assert_int_equal(pf_hw_rx_start(&port.io, 0, 0, 80, 2048, true), 0);
	assert_int_equal(port.reg[PF_SRRCTL(0) / 4], 0xc2000002);
	port.reg[PF_SYSTIML / 4] = 0x89abcdef;
	port.reg[PF_SYSTIMH / 4] = 0xffffff12;
	assert_true(pf_hw_clock_read(&port.io, &raw));
	assert_true(raw == 0x1289abcdefull);
	port.gone = true;
	assert_false(pf_hw_clock_read(&port.io, &raw));
}

/* Ref: 82576 6.1 */
static void tx_start_order(void **state)
{
	(void)state;
	assert_int_equal(pf_hw_tx_start(&port.io, 7, 0x200001000ull, 256), 0);
	EXPECT({0xe1e8, 0}, {0xe1c8, 4096}, {0xe1c0, 0x00001000}, {0xe1c4, 0x2}, {0xe1d0, 0},
	       {0xe1d8, 0}, {0xe1f8, 0}, {0xe1fc, 0}, {0xe1e8, 0x02010108});
	assert_true(port.log[1].at_us >= 10000);
	port.stuck = true;
	assert_int_equal(pf_hw_tx_start(&port.io, 7, 0, 80), -EIO);
}

static void queues_stop_waits_for_dma(void **state)
{
	(void)state;
	pf_hw_queues_stop(&port.io, 3, 2);
	EXPECT({0xc0e8, 0}, {0xc128, 0}, {0xe0e8, 0});
	assert_true(port.now_us >= 10000);
}

/* Ref: 82576 9 */
static void rss_spreads(void **state)
{
	u8 key[40];
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		key[i] = i;
	pf_hw_rss(&port.io, key, 3);
	assert_int_equal(port.reg[PF_RSSRK(0) / 4], 0x03020100);
	assert_int_equal(port.reg[PF_RSSRK(9) / 4], 0x27262524);
	assert_int_equal(port.reg[PF_RETA(0) / 4], 0x00020100);
	assert_int_equal(port.reg[PF_RETA(1) / 4], 0x01000201);
	assert_int_equal(port.log[port.nr_log - 1].reg, PF_MRQC);
	assert_int_equal(port.log[port.nr_log - 1].value, 0x007f0002);
}

#define T(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reset_order),
		T(reset_goes_on_after_timeouts),
		T(reset_of_a_device_that_is_gone),
		T(mac_from_register_then_nvm),
		T(completion_timeout),
		T(init_enables_nothing),
		T(irq_setup_order),
		T(irq_setup_behind_vfs),
		T(irq_enable),
		T(enable_keeps_the_filters),
		T(a_reset_by_others_is_seen),
		T(vfs_go_says_it_once),
		T(mirror_rules_are_probed),
		T(rx_start_order),
		T(stamps_of_the_i350),
		T(tx_start_order),
		T(queues_stop_waits_for_dma),
		T(rss_spreads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
