// SPDX-License-Identifier: GPL-2.0-or-later
/* The mailbox server: the whole protocol, and who may do what. */
#include <stdlib.h>
#include <string.h>
#include "t.h"
#include "../pf_switch.h"
#include "../../pf-driver/pf_mbox.h"

enum {
	VFS = 7,
	NOW = 100000
};

static struct pf_policy *p;
static struct pf_mbox mb;
static u32 msg[HW_MBOX_WORDS];
static struct pf_mbox_answer answer;
static u64 now;

static int setup(void **state)
{
	(void)state;
	p = calloc(1, sizeof(*p));
	assert_non_null(p);
	pf_policy_init(p, PF_CHIP_82576, PF_BACKEND_RULES);
	assert_int_equal(pf_policy_pf_mac(p, (u8[6]){2, 0, 0, 0, 0, 0xff}), 0);
	assert_int_equal(pf_policy_set_vfs(p, VFS), 0);
	now = NOW;
	pf_mbox_init(&mb, now);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(p);
	return 0;
}

static int ask(u32 vf, u32 w0, u32 w1, u32 w2)
{
	memset(msg, 0, sizeof(msg));
	msg[0] = w0;
	msg[1] = w1;
	msg[2] = w2;
	now += 20;
	return pf_mbox_request(&mb, p, vf, msg, now, &answer);
}

static int ask_mac(u32 vf, u32 info, const u8 *mac)
{
	u32 words[2];

	hw_mbox_put_mac(words, mac);
	return ask(vf, HW_MBOX_SET_MAC | info << 16, words[0], words[1]);
}

static void hello(u32 vf)
{
	assert_int_equal(ask(vf, HW_MBOX_RESET, 0, 0), 3);
	assert_int_equal(answer.flags, PF_MBOX_CLEAN | PF_MBOX_APPLY);
	assert_true(mb.vf[vf].cts);
}

static void is_acked(u32 request)
{
	assert_int_equal(msg[0], request | HW_MBOX_ACK | HW_MBOX_CTS);
	assert_int_equal(answer.flags, PF_MBOX_APPLY);
	assert_null(answer.why);
}

static void is_nacked(u32 request)
{
	assert_int_equal(msg[0], request | HW_MBOX_NACK | HW_MBOX_CTS);
	assert_int_equal(answer.flags, 0);
	assert_non_null(answer.why);
}

static const u8 mac_a[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
static const u8 mac_b[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x57};
static const u8 mac_0[6];

static void reset_tells_the_address(void **state)
{
	u8 mac[6];

	(void)state;
	hello(1);
	assert_int_equal(msg[0], HW_MBOX_RESET | HW_MBOX_NACK);
	assert_int_equal(msg[1] | msg[2], 0);
	assert_int_equal(pf_policy_vf_mac(p, 1, mac_a), 0);
	hello(1);
	assert_int_equal(msg[0], HW_MBOX_RESET | HW_MBOX_ACK);
	hw_mbox_get_mac(&msg[1], mac);
	assert_memory_equal(mac, mac_a, 6);
	assert_true(p->tables.vfre & 2);
	assert_true(p->tables.vfte & 2);
	assert_true(p->tables.rah[22] & HW_RAH_AV);
}

static void strangers_are_told_seldom(void **state)
{
	(void)state;
	assert_int_equal(ask(0, HW_MBOX_SET_LPE, 1522, 0), 1);
	assert_int_equal(msg[0], HW_MBOX_SET_LPE | HW_MBOX_NACK);
	assert_int_equal(ask(0, HW_MBOX_SET_LPE, 1522, 0), 0);
	now += 2000;
	assert_int_equal(pf_mbox_acked(&mb, 0, msg, now), 1);
	assert_int_equal(msg[0], HW_MBOX_NACK);
	assert_int_equal(pf_mbox_acked(&mb, 0, msg, now), 0);
	hello(0);
	assert_int_equal(pf_mbox_acked(&mb, 0, msg, now + 9999), 0);
	assert_int_equal(ask(VFS, HW_MBOX_RESET, 0, 0), 0);
}

static void echoes_are_ignored(void **state)
{
	(void)state;
	hello(0);
	assert_int_equal(ask(0, HW_MBOX_SET_LPE | HW_MBOX_ACK, 1522, 0), 0);
	assert_int_equal(ask(0, HW_MBOX_SET_LPE | HW_MBOX_NACK, 1522, 0), 0);
	assert_int_equal(mb.vf[0].stats.ignored, 2);
}

static void guest_sets_its_address(void **state)
{
	(void)state;
	hello(0);
	hello(1);
	assert_int_equal(ask_mac(0, 0, mac_a), 1);
	is_acked(HW_MBOX_SET_MAC);
	assert_memory_equal(pf_policy_vf_current_mac(p, 0), mac_a, 6);
	ask_mac(1, 0, mac_a); /* another's */
	is_nacked(HW_MBOX_SET_MAC);
	ask_mac(1, 0, mac_0);
	is_nacked(HW_MBOX_SET_MAC);
	ask_mac(1, 0, (u8[6]){1, 2, 3, 4, 5, 6});
	is_nacked(HW_MBOX_SET_MAC);
	ask_mac(1, 0, (u8[6]){2, 0, 0, 0, 0, 0xff}); /* the PF's */
	is_nacked(HW_MBOX_SET_MAC);
	ask_mac(1, 3, mac_b);
	is_nacked(HW_MBOX_SET_MAC | 3 << 16);
	assert_int_equal(mb.vf[1].stats.unknown, 1);
}

static void a_fixed_address_stays_fixed(void **state)
{
	(void)state;
	assert_int_equal(pf_policy_vf_mac(p, 0, mac_a), 0);
	hello(0);
	ask_mac(0, 0, mac_a); /* the same is no change */
	is_acked(HW_MBOX_SET_MAC);
	ask_mac(0, 0, mac_b);
	is_nacked(HW_MBOX_SET_MAC);
	ask_mac(0, 2, mac_b);
	is_nacked(HW_MBOX_SET_MAC | 2 << 16);
	assert_int_equal(mb.vf[0].stats.refused_trust, 2);
	assert_int_equal(pf_policy_vf_flag(p, 0, PF_VF_TRUST, true), 0);
	ask_mac(0, 0, mac_b);
	is_acked(HW_MBOX_SET_MAC);
	/* nobody gets the fixed one meanwhile, and a reset brings it back */
	assert_int_equal(pf_policy_vf_mac(p, 1, mac_a), -EADDRINUSE);
	hello(0);
	assert_memory_equal(pf_policy_vf_current_mac(p, 0), mac_a, 6);
}

static void filters_are_three(void **state)
{
	u8 mac[6] = {2, 0, 0, 0, 1, 0};

	(void)state;
	hello(0);
	for (u32 i = 0; i < 3; i++) {
		mac[5] = i;
		ask_mac(0, 2, mac);
		is_acked(HW_MBOX_SET_MAC | 2 << 16);
	}
	mac[5] = 0; /* there already */
	ask_mac(0, 2, mac);
	is_acked(HW_MBOX_SET_MAC | 2 << 16);
	mac[5] = 3;
	ask_mac(0, 2, mac);
	is_nacked(HW_MBOX_SET_MAC | 2 << 16);
	ask_mac(0, 1, mac_0); /* stock igbvf clears with no address */
	is_acked(HW_MBOX_SET_MAC | 1 << 16);
	ask_mac(0, 2, mac);
	is_acked(HW_MBOX_SET_MAC | 2 << 16);
}

static void multicast_is_hashes(void **state)
{
	(void)state;
	hello(2);
	assert_int_equal(ask(2, HW_MBOX_SET_MULTICAST | 3 << 16, 0x0456 << 16 | 0x0123, 0xfff),
			 1);
	is_acked(HW_MBOX_SET_MULTICAST | 3 << 16);
	assert_true(sw_bit(p->tables.mta, 0x123));
	assert_true(sw_bit(p->tables.mta, 0x456));
	assert_true(sw_bit(p->tables.mta, 0xfff));
	assert_true(p->tables.vmolr[2] & HW_VMOLR_ROMPE);
	ask(2, HW_MBOX_SET_MULTICAST | 1 << 16, 0x1000, 0); /* no such hash */
	is_nacked(HW_MBOX_SET_MULTICAST | 1 << 16);
	ask(2, HW_MBOX_SET_MULTICAST | 31 << 16, 0, 0); /* all of it: needs trust */
	is_nacked(HW_MBOX_SET_MULTICAST | 31 << 16);
	assert_int_equal(mb.vf[2].stats.refused_promisc, 1);
	ask(2, HW_MBOX_SET_MULTICAST, 0, 0);
	is_acked(HW_MBOX_SET_MULTICAST);
	assert_false(sw_bit(p->tables.mta, 0x123));
	assert_false(p->tables.vmolr[2] & HW_VMOLR_ROMPE);
}

static void vlans_come_and_go(void **state)
{
	(void)state;
	hello(0);
	ask(0, HW_MBOX_SET_VLAN | 1 << 16, 100, 0);
	is_acked(HW_MBOX_SET_VLAN | 1 << 16);
	assert_true(sw_bit(p->tables.vfta, 100));
	assert_true(p->tables.vmolr[0] & HW_VMOLR_STRVLAN);
	ask(0, HW_MBOX_SET_VLAN | 1 << 16, 0, 0);
	is_acked(HW_MBOX_SET_VLAN | 1 << 16);
	assert_false(p->tables.vmolr[0] & HW_VMOLR_STRVLAN);
	ask(0, HW_MBOX_SET_VLAN, 0, 0); /* acknowledged and ignored */
	is_acked(HW_MBOX_SET_VLAN);
	ask(0, HW_MBOX_SET_VLAN | 1 << 16, 4096, 0);
	is_nacked(HW_MBOX_SET_VLAN | 1 << 16);
	ask(0, HW_MBOX_SET_VLAN | 2 << 16, 5, 0);
	is_nacked(HW_MBOX_SET_VLAN | 2 << 16);
	assert_int_equal(pf_policy_vf_port_vlan(p, 0, 7, 0), 0);
	ask(0, HW_MBOX_SET_VLAN | 1 << 16, 5, 0);
	is_nacked(HW_MBOX_SET_VLAN | 1 << 16);
	assert_int_equal(mb.vf[0].stats.refused_trust, 1);
}

static void no_guest_takes_the_last_vlans(void **state)
{
	u32 n = 0;

	(void)state;
	hello(0);
	for (u32 v = 1; v < 60; v++) {
		ask(0, HW_MBOX_SET_VLAN | 1 << 16, v, 0);
		n += !!(msg[0] & HW_MBOX_ACK);
	}
	assert_int_equal(n, 31 - (VFS - 1));
	for (u32 vf = 1; vf < VFS; vf++) {
		hello(vf);
		ask(vf, HW_MBOX_SET_VLAN | 1 << 16, 1000 + vf, 0);
		is_acked(HW_MBOX_SET_VLAN | 1 << 16);
	}
}

static void frames_have_a_length(void **state)
{
	(void)state;
	hello(0);
	ask(0, HW_MBOX_SET_LPE, 9000, 0);
	is_acked(HW_MBOX_SET_LPE);
	assert_int_equal(p->tables.vmolr[0] & HW_VMOLR_RLPML, 9000);
	ask(0, HW_MBOX_SET_LPE, 0xffffffff, 0);
	is_acked(HW_MBOX_SET_LPE);
	assert_int_equal(p->tables.vmolr[0] & HW_VMOLR_RLPML, HW_FRAME_MAX);
	ask(0, HW_MBOX_SET_LPE, 63, 0);
	is_nacked(HW_MBOX_SET_LPE);
	hello(0);
	assert_int_equal(p->tables.vmolr[0] & HW_VMOLR_RLPML, PF_FRAME_DEFAULT);
}

static void promiscuity_needs_trust(void **state)
{
	u32 both = HW_MBOX_SET_PROMISC | 3 << 16;

	(void)state;
	hello(0);
	ask(0, both, 0, 0);
	is_nacked(both);
	assert_int_equal(mb.vf[0].stats.refused_promisc, 1);
	ask(0, HW_MBOX_SET_PROMISC, 0, 0); /* asking for none needs nothing */
	is_acked(HW_MBOX_SET_PROMISC);
	assert_int_equal(pf_policy_vf_flag(p, 0, PF_VF_TRUST, true), 0);
	ask(0, both, 0, 0);
	is_acked(both);
	assert_true(p->tables.vmolr[0] & HW_VMOLR_MPME);
	assert_true(p->tables.vmolr[0] & HW_VMOLR_ROPE);
	assert_int_equal(p->tables.uta[77], 0xffffffff);
	ask(0, HW_MBOX_SET_PROMISC | 4 << 16, 0, 0);
	is_nacked(HW_MBOX_SET_PROMISC | 4 << 16);
	assert_int_equal(pf_policy_vf_flag(p, 0, PF_VF_TRUST, false), 0);
	assert_false(p->tables.vmolr[0] & HW_VMOLR_MPME);
}

static void who_talks_too_fast_waits(void **state)
{
	int n = 0, words;

	(void)state;
	memset(msg, 0, sizeof(msg));
	do {
		msg[0] = HW_MBOX_RESET;
		words = pf_mbox_request(&mb, p, 0, msg, now, &answer);
		n += words > 0;
	} while (words > 0 && n < 1000);
	assert_int_equal(words, -EAGAIN);
	assert_int_equal(n, 128);
	assert_in_range(answer.wait_ms, 1, 10);
	now += answer.wait_ms;
	assert_int_equal(pf_mbox_request(&mb, p, 0, msg, now, &answer), 3);
	msg[0] = HW_MBOX_RESET;
	assert_int_equal(pf_mbox_request(&mb, p, 1, msg, now, &answer), 3);
	assert_int_equal(mb.vf[0].stats.delayed, 1);
	/* a clock that stands still or jumps does no harm */
	assert_int_equal(pf_mbox_request(&mb, p, 0, msg, now - 50, &answer), -EAGAIN);
	assert_int_not_equal(pf_mbox_request(&mb, p, 0, msg, now + (1ull << 60), &answer),
			     -EAGAIN);
}

static void a_cut_link_shows(void **state)
{
	(void)state;
	hello(0);
	assert_int_equal(pf_mbox_control(&mb, p, 0), HW_MBOX_PF_CONTROL | HW_MBOX_CTS);
	assert_int_equal(pf_policy_vf_link(p, 0, PF_LINK_DISABLE), 0);
	assert_int_equal(pf_mbox_control(&mb, p, 0), HW_MBOX_PF_CONTROL);
	ask(0, HW_MBOX_SET_LPE, 1522, 0);
	assert_int_equal(msg[0], HW_MBOX_SET_LPE | HW_MBOX_ACK);
	assert_false(p->tables.vfre & 1);
	pf_mbox_forget_all(&mb);
	assert_int_equal(pf_policy_vf_link(p, 0, PF_LINK_AUTO), 0);
	assert_int_equal(pf_mbox_control(&mb, p, 0), HW_MBOX_PF_CONTROL);
}

static void a_reset_forgets_the_guest_only(void **state)
{
	(void)state;
	assert_int_equal(pf_policy_vf_flag(p, 0, PF_VF_TRUST, true), 0);
	hello(0);
	ask_mac(0, 0, mac_a);
	ask_mac(0, 2, mac_b);
	ask(0, HW_MBOX_SET_VLAN | 1 << 16, 9, 0);
	ask(0, HW_MBOX_SET_PROMISC | 3 << 16, 0, 0);
	ask(0, HW_MBOX_SET_MULTICAST | 1 << 16, 5, 0);
	pf_mbox_flr(&mb, p, 0);
	assert_false(mb.vf[0].cts);
	assert_false(p->tables.vfre & 1);
	assert_int_equal(p->tables.uta[0] | p->tables.mta[0], 0);
	assert_int_equal(p->vid_slot[1], 0);
	assert_true(pf_policy_has_flag(p, 0, PF_VF_TRUST));
	hello(0);
	assert_int_equal(msg[0], HW_MBOX_RESET | HW_MBOX_NACK);
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(reset_tells_the_address),
		test(strangers_are_told_seldom),
		test(echoes_are_ignored),
		test(guest_sets_its_address),
		test(a_fixed_address_stays_fixed),
		test(filters_are_three),
		test(multicast_is_hashes),
		test(vlans_come_and_go),
		test(no_guest_takes_the_last_vlans),
		test(frames_have_a_length),
		test(promiscuity_needs_trust),
		test(who_talks_too_fast_waits),
		test(a_cut_link_shows),
		test(a_reset_forgets_the_guest_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
