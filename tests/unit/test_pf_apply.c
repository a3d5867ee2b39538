// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tables to registers: everything after a reset, differences later, and never
 * an order that opens a way before what guards it is in place.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "fake_port.h"
#include "../pf-driver/pf_apply.h"

static struct pf_tables want, have;

static int setup(void **state)
{
	(void)state;
	fake_port_start();
	memset(&want, 0, sizeof(want));
	memset(&have, 0, sizeof(have));
	want.nr_rar = 24;
	want.nr_vfs = 2;
	want.vfre = 7;
	want.vfte = 7;
	want.dtxswc = 0x80000003;
	want.ral[0] = 0x12005452;
	want.rah[0] = 0x80105634;
	want.ral[23] = 0x0a0b0c02;
	want.rah[23] = 0x80040d0e;
	want.vlvf[1] = 0x80001064;
	want.vfta[3] = 0x10;
	want.rctl = HW_RCTL_VFE | HW_RCTL_BAM;
	want.vt_ctl = 0x40000100;
	want.tx_rate[1] = 100;
	return 0;
}

static void apply(bool whole)
{
	pf_apply_tables(&port.io, &pf_82576, &want, &have, whole, 1000);
	want.nr_rar = have.nr_rar;
	assert_memory_equal(&want, &have, sizeof(want));
}

static void same(u32 reg, u32 value)
{
	assert_int_equal(port.reg[reg / 4], value);
}

/* Whatever the chip held, afterwards it holds the tables. */
static void whole_writes_everything(void **state)
{
	int i;

	(void)state;
	memset(port.reg, 0xa5, sizeof(port.reg));
	have = want; /* a reset makes that a lie */
	apply(true);
	same(PF_VFRE, 7);
	same(PF_VFTE, 7);
	same(PF_RAL(0), want.ral[0]);
	same(PF_RAH(0), want.rah[0]);
	same(PF_RAL_HIGH(23), want.ral[23]);
	same(PF_RAH_HIGH(23), want.rah[23]);
	for (i = 0; i < 128; i++) {
		same(PF_MTA(i), 0);
		same(PF_UTA(i), 0);
		same(PF_VFTA(i), want.vfta[i]);
	}
	for (i = 0; i < 32; i++)
		same(PF_VLVF(i), want.vlvf[i]);
	for (i = 0; i < 8; i++) {
		same(PF_VMOLR(i), 0);
		same(PF_VMVIR(i), 0);
	}
	same(PF_DTXSWC, want.dtxswc);
	same(PF_VT_CTL, want.vt_ctl);
	assert_int_equal(port.reg[PF_RCTL / 4] & HW_RCTL_FILTERS, want.rctl);
	/* the rest of RCTL is not ours */
	assert_int_equal(port.reg[PF_RCTL / 4] | HW_RCTL_FILTERS, 0xa5a5a5a5 | HW_RCTL_FILTERS);
}

static void whole_opens_last(void **state)
{
	(void)state;
	apply(true);
	assert_int_equal(port.log[0].reg, PF_VFTE);
	assert_int_equal(port.log[0].value, 0);
	assert_int_equal(port.log[1].reg, PF_VFRE);
	assert_int_equal(port.log[1].value, 0);
	assert_int_equal(port.log[port.nr_log - 2].reg, PF_VFRE);
	assert_int_equal(port.log[port.nr_log - 1].reg, PF_VFTE);
}

static void nothing_new_writes_nothing(void **state)
{
	(void)state;
	apply(true);
	fake_port_forget();
	apply(false);
	assert_int_equal(port.nr_log, 0);
}

static void a_pool_closes_first(void **state)
{
	(void)state;
	apply(true);
	fake_port_forget();
	want.vfre = 6;
	want.vfte = 6;
	want.dtxswc = 0x80000002;
	apply(false);
	assert_int_equal(port.log[0].reg, PF_VFTE);
	assert_int_equal(port.log[1].reg, PF_VFRE);
	assert_int_equal(port.log[2].reg, PF_DTXSWC);
	assert_int_equal(port.nr_log, 3);
}

/* Spoof check, port VLAN and filters stand before the pool may send. */
static void a_pool_opens_last(void **state)
{
	(void)state;
	want.vfre = 5;
	want.vfte = 5;
	apply(true);
	fake_port_forget();
	want.vfre = 7;
	want.vfte = 7;
	want.dtxswc = 0x80000003 | BIT(9);
	want.vmvir[1] = 0x40000064;
	want.vmolr[1] = 0x89001f00;
	apply(false);
	assert_int_equal(port.nr_log, 5);
	assert_int_equal(port.log[3].reg, PF_VFRE);
	assert_int_equal(port.log[4].reg, PF_VFTE);
}

/* Never in two entries; both halves apart. Ref: 82576 8.1, 22 */
static void an_address_moves(void **state)
{
	int off, low, high;

	(void)state;
	apply(true);
	fake_port_forget();
	want.ral[20] = want.ral[23];
	want.rah[20] = want.rah[23];
	want.ral[23] = 0;
	want.rah[23] = 0;
	apply(false);
	off = fake_port_find(PF_RAH_HIGH(23), 0);
	low = fake_port_find(PF_RAL_HIGH(20), 0);
	high = fake_port_find(PF_RAH_HIGH(20), low);
	assert_true(off >= 0 && low >= 0 && high > low && high > off);
	assert_int_equal(port.log[off].value, 0);
	assert_int_equal(port.log[high].value, want.rah[20]);
	assert_true(port.log[high].flushes > port.log[low].flushes);
}

static void only_the_pools_of_an_address_change(void **state)
{
	(void)state;
	apply(true);
	fake_port_forget();
	want.rah[23] |= BIT(19);
	apply(false);
	assert_int_equal(port.nr_log, 1);
	assert_int_equal(port.log[0].reg, PF_RAH_HIGH(23));
	assert_int_equal(port.log[0].value, want.rah[23]);
}

/* A VLAN without its pools would go to the default pool. */
static void vlans_come_and_go_in_order(void **state)
{
	(void)state;
	apply(true);
	fake_port_forget();
	want.vlvf[2] = 0x80002065;
	want.vfta[3] |= 0x20;
	apply(false);
	assert_int_equal(port.log[0].reg, PF_VLVF(2));
	assert_int_equal(port.log[1].reg, PF_VFTA(3));
	fake_port_forget();
	want.vlvf[2] = 0;
	want.vfta[3] &= ~0x20u;
	apply(false);
	assert_int_equal(port.log[0].reg, PF_VFTA(3));
	assert_int_equal(port.log[1].reg, PF_VLVF(2));
}

/* One VFTA word may lose a VLAN and win another. */
static void vlans_change_in_one_word(void **state)
{
	int first, vlvf;

	(void)state;
	apply(true);
	fake_port_forget();
	want.vlvf[1] = 0x80001065;
	want.vfta[3] = 0x20;
	apply(false);
	first = fake_port_find(PF_VFTA(3), 0);
	vlvf = fake_port_find(PF_VLVF(1), 0);
	assert_int_equal(port.log[first].value, 0);
	assert_true(vlvf > first);
	assert_true(fake_port_find(PF_VFTA(3), vlvf) > vlvf);
}

static void vfta_is_said_often_on_i350(void **state)
{
	int i, n = 0;

	(void)state;
	apply(true);
	fake_port_forget();
	want.vfta[3] = 0x30;
	pf_apply_tables(&port.io, &pf_i350, &want, &have, false, 1000);
	for (i = 0; i < port.nr_log; i++)
		n += port.log[i].reg == PF_VFTA(3) && port.log[i].value == 0x30;
	assert_int_equal(n, 10);
}

/* The chip whose pools DVMOLR strips has TXSWC and not DTXSWC. */
static void i350_registers(void **state)
{
	(void)state;
	want.dvmolr[1] = 0xc0000000;
	pf_apply_tables(&port.io, &pf_i350, &want, &have, true, 1000);
	same(PF_TXSWC, want.dtxswc);
	same(PF_DVMOLR(1), want.dvmolr[1]);
	assert_int_equal(fake_port_find(PF_DTXSWC, 0), -1);
	assert_int_equal(fake_port_find(PF_RTTBCNRC, 0), -1);
}

/* Ref: 82576 12 */
static void a_mirror_rule_changes_while_it_is_off(void **state)
{
	int off, on, vm;

	(void)state;
	port.has_rules = true;
	want.vmrctl[1] = 0x101;
	want.vmrvm[1] = 1;
	apply(true);
	fake_port_forget();
	want.vmrctl[1] = 0x201;
	want.vmrvm[1] = 6;
	apply(false);
	off = fake_port_find(PF_VMRCTL(1), 0);
	vm = fake_port_find(PF_VMRVM(1), 0);
	on = fake_port_find(PF_VMRCTL(1), vm);
	assert_int_equal(port.log[off].value, 0);
	assert_true(off < vm && vm < on);
	assert_int_equal(port.log[on].value, 0x201);
}

/* The chip closed it when the VF was reset: said in any case. */
static void close_pool_is_always_written(void **state)
{
	(void)state;
	apply(true);
	port.reg[PF_VFRE / 4] = 6;
	fake_port_forget();
	pf_apply_close_pool(&port.io, &have, 0);
	same(PF_VFRE, 6);
	same(PF_VFTE, 6);
	assert_int_equal(port.nr_log, 2);
	apply(false);
	same(PF_VFRE, 7);
	same(PF_VFTE, 7);
}

static void rates_wait_for_a_link(void **state)
{
	(void)state;
	apply(true);
	assert_int_equal(fake_port_last(PF_RTTBCNRC), 0x80000000 | 10 << 14);
	fake_port_forget();
	want.tx_rate[1] = 0;
	apply(false);
	assert_int_equal(fake_port_last(PF_RTTDQSEL), 1);
	assert_int_equal(fake_port_last(PF_RTTBCNRC), 0);
}

#define T(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(whole_writes_everything),
		T(whole_opens_last),
		T(nothing_new_writes_nothing),
		T(a_pool_closes_first),
		T(a_pool_opens_last),
		T(an_address_moves),
		T(only_the_pools_of_an_address_change),
		T(vlans_come_and_go_in_order),
		T(vlans_change_in_one_word),
		T(vfta_is_said_often_on_i350),
		T(i350_registers),
		T(a_mirror_rule_changes_while_it_is_off),
		T(close_pool_is_always_written),
		T(rates_wait_for_a_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
