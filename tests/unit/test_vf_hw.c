// SPDX-License-Identifier: GPL-2.0-or-later
/* Which registers are written in which order, compared with the fact sheet. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "fake_mbox.h"
#include "../vf-driver/vf_hw.h"

static struct vf_mbox mb;
static u8 mac[6];

static int setup(void **state)
{
	(void)state;
	fake_pf_start();
	vf_mbox_init(&mb, &pf.io);
	return 0;
}

struct step {
	u32 reg;
	u32 value;
};

static void expect_writes(const struct step *s, int n)
{
	int i;

	assert_int_equal(pf.nr_log, n);
	for (i = 0; i < n; i++) {
		assert_int_equal(pf.log[i].reg, s[i].reg);
		assert_int_equal(pf.log[i].value, s[i].value);
	}
}

#define EXPECT(...)                                              \
	do {                                                     \
		static const struct step want[] = {__VA_ARGS__}; \
		expect_writes(want, ARRAY_SIZE(want));           \
	} while (0)

/* Ref: 82576 5.3 */
static void rx_start_order(void **state)
{
	(void)state;
	assert_int_equal(vf_hw_rx_start(&pf.io, 0x123456780ull, 4096, 2048), 0);
	EXPECT({0x2828, 0}, {0x2800, 0x23456780}, {0x2804, 0x1}, {0x2808, 65536}, {0x2810, 0},
	       {0x2818, 0}, {0x280c, 0x82000002}, /* DROP_EN, one buffer, 2 KiB */
	       {0x2828, 0x02010810});
}

/* Ref: 82576 6.1 */
static void tx_start_order(void **state)
{
	(void)state;
	assert_int_equal(vf_hw_tx_start(&pf.io, 0x200001000ull, 256), 0);
	EXPECT({0x3828, 0}, {0x3808, 4096}, {0x3800, 0x00001000}, {0x3804, 0x2}, {0x3810, 0},
	       {0x3818, 0}, {0x3838, 0}, {0x383c, 0}, {0x3828, 0x02010108});
	assert_true(pf.now_us >= 10000);
}

/* Ref: 82576 15: the one safe choice of vectors, masked first */
static void irq_setup_order(void **state)
{
	(void)state;
	vf_hw_irq_setup(&pf.io);
	EXPECT({0x1528, 7}, {0x1700, 0x00008081}, {0x1740, 0x82}, {0x1680, 0}, {0x1684, 0},
	       {0x1688, 0}, {0x152c, 7}, {0x1530, 7});
}

static void queues_stop_waits_for_dma(void **state)
{
	(void)state;
	vf_hw_queues_stop(&pf.io);
	EXPECT({0x2828, 0}, {0x3828, 0});
	assert_true(pf.now_us >= 10000);
}

/* Ref: 82576 14.5: reset, then the mailbox, and nothing before that */
static void reset_order(void **state)
{
	(void)state;
	assert_int_equal(vf_hw_reset(&pf.io, &mb, mac), 0);
	assert_memory_equal(mac, pf.mac, 6);
	assert_int_equal(pf.log[0].reg, 0x0000);
	assert_int_equal(pf.log[0].value, 1u << 26);
	assert_int_equal(pf.log[1].reg, 0x0c40);
	assert_int_equal(pf.log[1].value, VF_V2P_VFU);
	assert_int_equal(pf.log[2].reg, 0x0800);
	assert_int_equal(pf.log[2].value, HW_MBOX_RESET);
	assert_int_equal(pf.log[3].reg, 0x0c40);
	assert_int_equal(pf.log[3].value, VF_V2P_REQ);
}

static void reset_waits_for_the_pf(void **state)
{
	(void)state;
	fake_pf_reset();
	assert_int_equal(vf_hw_reset(&pf.io, &mb, mac), -EAGAIN);
	assert_int_equal(pf.nr_got, 0);
	assert_true(pf.now_us < 10000);
	assert_true(mb.dead);
	fake_pf_reset_done();
	assert_int_equal(vf_hw_reset(&pf.io, &mb, mac), 0);
}

static void gone_device_is_told_from_a_sleeping_pf(void **state)
{
	(void)state;
	pf.gone = true;
	assert_true(vf_hw_is_gone(&pf.io));
	assert_int_equal(vf_hw_reset(&pf.io, &mb, mac), -ENODEV);
	assert_int_equal(vf_hw_rx_start(&pf.io, 0, 80, 2048), -ENODEV);
	assert_int_equal(vf_hw_tx_start(&pf.io, 0, 80), -ENODEV);
}

static void queue_that_never_comes_up_is_an_error(void **state)
{
	(void)state;
	pf.stuck = true;
	assert_int_equal(vf_hw_rx_start(&pf.io, 0, 80, 2048), -EIO);
	assert_int_equal(vf_hw_tx_start(&pf.io, 0, 80), -EIO);
}

/* QEMU 10.0.0 to 10.0.5: everything reads 0, nothing sticks. */
static void misplaced_bar_is_recognised(void **state)
{
	(void)state;
	assert_false(vf_hw_bar_is_misplaced(&pf.io));
	pf.reg[VF_STATUS / 4] = 0;
	assert_false(vf_hw_bar_is_misplaced(&pf.io));
	assert_false(pf.vfu);
	pf.absent = true;
	assert_true(vf_hw_bar_is_misplaced(&pf.io));
}

static void counters_wrap(void **state)
{
	struct vf_hw_counters c = {};

	(void)state;
	pf.reg[VF_GORC / 4] = 0xfffffff0;
	vf_hw_counters_rebase(&pf.io, &c);
	pf.reg[VF_GORC / 4] = 0x10;
	vf_hw_counters_add(&pf.io, &c, &mb);
	assert_int_equal(c.sum[VF_HW_RX_BYTES], 0x20);
	pf.reg[VF_GORC / 4] = 0x30;
	vf_hw_counters_add(&pf.io, &c, &mb);
	assert_int_equal(c.sum[VF_HW_RX_BYTES], 0x40);
	assert_int_equal(c.sum[VF_HW_RX_FRAMES], 0);
}

/* A PF reset sets them to 0: that is no wrap of nearly 4 GiB. */
static void counters_survive_a_pf_reset(void **state)
{
	struct vf_hw_counters c = {};

	(void)state;
	pf.reg[VF_GORC / 4] = 1000;
	vf_hw_counters_add(&pf.io, &c, &mb);
	fake_pf_reset();
	pf.reg[VF_GORC / 4] = 0;
	vf_hw_counters_add(&pf.io, &c, &mb);
	assert_int_equal(c.sum[VF_HW_RX_BYTES], 1000);
	pf.v2p = 0;
	vf_hw_counters_rebase(&pf.io, &c);
	pf.reg[VF_GORC / 4] = 5;
	vf_hw_counters_add(&pf.io, &c, &mb);
	assert_int_equal(c.sum[VF_HW_RX_BYTES], 1005);
	pf.gone = true;
	vf_hw_counters_add(&pf.io, &c, &mb);
	assert_int_equal(c.sum[VF_HW_RX_BYTES], 1005);
}

#define T(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(rx_start_order),
		T(tx_start_order),
		T(irq_setup_order),
		T(queues_stop_waits_for_dma),
		T(reset_order),
		T(reset_waits_for_the_pf),
		T(gone_device_is_told_from_a_sleeping_pf),
		T(queue_that_never_comes_up_is_an_error),
		T(misplaced_bar_is_recognised),
		T(counters_wrap),
		T(counters_survive_a_pf_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
