// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What each kind of mirror comes to, by both back-ends, register by register as
 * the fact sheet has it (82576 12, 20): the lab's NIC has no mirror rules, so this
 * is where they are shown. And what the driver says it cannot see.
 */
#include <stdlib.h>
#include <string.h>
#include "t.h"
#include "../pf_switch.h"
#include "../../pf-driver/pf_policy.h"

enum {
	VFS = 5,
	PF = VFS,
	TARGET = 1
};

#define MP	     (TARGET << 8)
#define COPY_ALL     (HW_VMOLR_ROPE | HW_VMOLR_MPME)
#define SEES(caveat) (1u << (caveat))

static struct pf_policy *p;
static struct pf_tables plain;

static void setup(enum pf_backend backend)
{
	memset(p, 0, sizeof(*p));
	pf_policy_init(p, PF_CHIP_82576, backend);
	assert_int_equal(pf_policy_set_vfs(p, VFS), 0);
	for (u32 vf = 0; vf < VFS; vf++) {
		u8 mac[6] = {2, 0xaa, 0, 0, 0, (u8)vf};

		assert_int_equal(pf_policy_vf_mac(p, vf, mac), 0);
		assert_int_equal(pf_policy_guest_ready(p, vf, true), 0);
	}
	assert_int_equal(pf_policy_guest_vlan(p, 0, 7, true), 0);
	assert_int_equal(pf_policy_guest_vlan(p, 2, 9, true), 0);
	plain = p->tables;
}

static struct pf_mirror mirror(u32 id)
{
	return (struct pf_mirror){.id = id, .targets = 1 << TARGET};
}

static void add_vlan(struct pf_mirror *m, u32 vid)
{
	m->vlans[vid / 32] |= 1u << vid % 32;
	m->has_vlans = true;
}

static void set(const struct pf_mirror *m)
{
	assert_int_equal(pf_policy_mirror_set(p, m), 0);
}

/* The one rule there is; the others are off. */
static void rule(u32 ctl, u32 pools, u32 slots)
{
	assert_int_equal(p->tables.vmrctl[0], ctl | MP);
	assert_int_equal(p->tables.vmrvm[0], pools);
	assert_int_equal(p->tables.vmrvlan[0], slots);
	for (u32 r = 1; r < HW_MIRROR_RULES; r++)
		assert_int_equal(p->tables.vmrctl[r], 0);
	/* without these the chip makes no copies */
	assert_true(p->tables.vt_ctl & HW_VT_CTL_REPL_EN);
	assert_true(p->tables.vfre & 1 << TARGET);
	assert_true(p->tables.dtxswc & HW_DTXSWC_LOOPBACK_EN);
}

/* VLVF entry of a VLAN. */
static u32 slot(u32 vid)
{
	for (u32 i = 0; i < HW_VLVFS; i++)
		if (p->tables.vlvf[i] & HW_VLVF_EN && (p->tables.vlvf[i] & 0xfff) == vid)
			return i;
	fail();
	return 0;
}

static void undone(u32 id)
{
	assert_int_equal(pf_policy_mirror_remove(p, id), 0);
	assert_memory_equal(&p->tables, &plain, sizeof(plain));
}

static void rules_of_pools(void **state)
{
	struct pf_mirror m = mirror(1);

	(void)state;
	setup(PF_BACKEND_RULES);
	m.vfs = 1 << 0;
	m.dir = PF_DIR_IN;
	set(&m);
	rule(HW_VMRCTL_VPME, 1 << 0, 0);
	m.dir = PF_DIR_OUT; /* no rule of a pool covers what it sends */
	set(&m);
	rule(HW_VMRCTL_DPME, 0, 0);
	m.vfs = 1 << 0 | 1 << 2;
	m.dir = PF_DIR_BOTH;
	set(&m);
	rule(HW_VMRCTL_VPME | HW_VMRCTL_DPME, 1 << 0 | 1 << 2, 0);
	m.vfs = 0;
	m.pf = true;
	m.dir = PF_DIR_IN;
	set(&m);
	rule(HW_VMRCTL_VPME, 1 << PF, 0);
	undone(1);
}

static void rules_of_the_wire(void **state)
{
	struct pf_mirror m = mirror(1);

	(void)state;
	setup(PF_BACKEND_RULES);
	m.downlink = true;
	set(&m);
	rule(HW_VMRCTL_DPME, 0, 0);
	assert_int_equal(p->tables.vmolr[TARGET] & COPY_ALL, 0);
	undone(1);
	m.downlink = false;
	m.uplink = true;
	set(&m);
	rule(HW_VMRCTL_UPME, 0, 0);
	/* frames for nobody must pass the filters before the rule sees them */
	assert_int_equal(p->tables.vmolr[TARGET] & COPY_ALL, COPY_ALL);
	assert_int_equal(p->tables.uta[77], 0xffffffff);
	assert_int_equal(p->tables.vfta[77], 0xffffffff);
	undone(1);
}

static void rules_of_vlans(void **state)
{
	struct pf_mirror m = mirror(1);

	(void)state;
	setup(PF_BACKEND_RULES);
	add_vlan(&m, 7);
	add_vlan(&m, 9);
	set(&m);
	rule(HW_VMRCTL_VLME, 0, 1u << slot(7) | 1u << slot(9));
	assert_int_equal(p->tables.vmolr[TARGET] & HW_VMOLR_STRVLAN, 0);
	undone(1);
	memset(m.vlans, 0xff, sizeof(m.vlans)); /* all of them: no entry is needed */
	set(&m);
	rule(HW_VMRCTL_UPME | HW_VMRCTL_DPME, 0, 0);
	undone(1);
}

/* Several reasons, one rule: the chip copies a frame once. */
static void reasons_share_a_rule(void **state)
{
	struct pf_mirror a = mirror(1), b = mirror(2), c = mirror(3);

	(void)state;
	setup(PF_BACKEND_RULES);
	a.vfs = 1 << 0;
	a.dir = PF_DIR_IN;
	b.vfs = 1 << 0 | 1 << 3;
	b.dir = PF_DIR_IN;
	c.uplink = true;
	set(&a);
	set(&b);
	set(&c);
	rule(HW_VMRCTL_VPME | HW_VMRCTL_UPME, 1 << 0 | 1 << 3, 0);
	assert_int_equal(pf_policy_mirror_remove(p, 3), 0);
	assert_int_equal(pf_policy_mirror_remove(p, 2), 0);
	rule(HW_VMRCTL_VPME, 1 << 0, 0);
	undone(1);
}

static u32 rah_with(u32 pool)
{
	u32 entries = 0;

	for (u32 i = 0; i < p->tables.nr_rar; i++)
		if (FIELD_GET(HW_RAH_POOLSEL, p->tables.rah[i]) >> pool & 1)
			entries |= 1u << i;
	return entries;
}

static void replicate_in_touches_the_target_only(void **state)
{
	struct pf_mirror m = mirror(1);
	u32 own, of_a;

	(void)state;
	setup(PF_BACKEND_REPLICATE);
	own = rah_with(TARGET);
	of_a = rah_with(0);
	m.vfs = 1 << 0;
	m.dir = PF_DIR_IN;
	set(&m);
	assert_int_equal(rah_with(TARGET), own | of_a);
	assert_int_equal(p->tables.uta[0], plain.uta[0]);
	assert_memory_equal(p->tables.mta, plain.mta, sizeof(plain.mta));
	for (u32 pool = 0; pool <= PF; pool++)
		if (pool != TARGET)
			assert_int_equal(p->tables.vmolr[pool], plain.vmolr[pool]);
	/* a's VLAN is b's as well, and b sees the tag */
	assert_true(FIELD_GET(HW_VLVF_POOLSEL, p->tables.vlvf[slot(7)]) & 1 << TARGET);
	assert_false(FIELD_GET(HW_VLVF_POOLSEL, p->tables.vlvf[slot(9)]) & 1 << TARGET);
	undone(1);
}

static void replicate_out_opens_the_target(void **state)
{
	struct pf_mirror m = mirror(1);

	(void)state;
	setup(PF_BACKEND_REPLICATE);
	m.vfs = 1 << 0;
	m.dir = PF_DIR_OUT;
	set(&m);
	assert_int_equal(p->tables.uta[0], 0xffffffff);
	assert_int_equal(p->tables.mta[127], 0xffffffff);
	assert_int_equal(p->tables.vmolr[TARGET] & (COPY_ALL | HW_VMOLR_ROMPE),
			 COPY_ALL | HW_VMOLR_ROMPE);
	for (u32 pool = 0; pool <= PF; pool++)
		if (pool != TARGET)
			assert_int_equal(p->tables.vmolr[pool], plain.vmolr[pool]);
	/* what it sends to a neighbour is for that one alone */
	assert_int_equal(rah_with(TARGET) & rah_with(2), 0);
	undone(1);
}

static void caveats_of_rules(void **state)
{
	struct pf_mirror m = mirror(1);
	u32 always = SEES(PF_BLIND_DROPPED);

	(void)state;
	setup(PF_BACKEND_RULES);
	m.vfs = 1;
	m.dir = PF_DIR_IN;
	assert_int_equal(pf_mirror_caveats(p, &m), always);
	m.dir = PF_DIR_BOTH;
	assert_int_equal(pf_mirror_caveats(p, &m),
			 always | SEES(PF_BLIND_TX_LOCAL) | SEES(PF_EXTRA_OTHER_TX));
	m = mirror(1);
	m.uplink = true;
	assert_int_equal(pf_mirror_caveats(p, &m), always | SEES(PF_EXTRA_ECHO));
	m = mirror(1);
	m.downlink = true;
	assert_int_equal(pf_mirror_caveats(p, &m), always);
}

static void caveats_of_replicate(void **state)
{
	struct pf_mirror m = mirror(1);
	u32 always = SEES(PF_BLIND_DROPPED) | SEES(PF_EXTRA_MULTICAST) | SEES(PF_EXTRA_ECHO);
	u32 opened = always | SEES(PF_EXTRA_UNKNOWN) | SEES(PF_SIDE_FLOOD);

	(void)state;
	setup(PF_BACKEND_REPLICATE);
	m.vfs = 1;
	m.dir = PF_DIR_IN;
	assert_int_equal(pf_mirror_caveats(p, &m), always);
	m.dir = PF_DIR_OUT;
	assert_int_equal(pf_mirror_caveats(p, &m),
			 opened | SEES(PF_BLIND_TX_LOCAL) | SEES(PF_EXTRA_OTHER_TX));
	assert_int_equal(pf_policy_loopback(p, false), 0);
	assert_true(pf_mirror_caveats(p, &m) & SEES(PF_BLIND_TX_NO_LOOPBACK));
	assert_int_equal(pf_policy_loopback(p, true), 0);
	m = mirror(1);
	m.uplink = true;
	assert_int_equal(pf_mirror_caveats(p, &m), opened | SEES(PF_BLIND_FOREIGN_VLAN) |
							   SEES(PF_EXTRA_LOCAL) |
							   SEES(PF_EXTRA_OTHER_TX));
	m = mirror(1);
	add_vlan(&m, 7);
	assert_int_equal(pf_mirror_caveats(p, &m), opened | SEES(PF_SIDE_NO_UNTAGGED));
	m = mirror(1);
	m.pf = true;
	m.dir = PF_DIR_IN;
	assert_int_equal(pf_mirror_caveats(p, &m), always | SEES(PF_BLIND_DEFAULT));
	for (u32 c = 0; c < PF_CAVEATS; c++)
		assert_true(strlen(pf_mirror_text(c)) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_of_pools),
		cmocka_unit_test(rules_of_the_wire),
		cmocka_unit_test(rules_of_vlans),
		cmocka_unit_test(reasons_share_a_rule),
		cmocka_unit_test(replicate_in_touches_the_target_only),
		cmocka_unit_test(replicate_out_opens_the_target),
		cmocka_unit_test(caveats_of_rules),
		cmocka_unit_test(caveats_of_replicate),
	};
	int rc;

	p = malloc(sizeof(*p));
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(p);
	return rc;
}
