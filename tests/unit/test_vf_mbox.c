// SPDX-License-Identifier: GPL-2.0-or-later
/* The mailbox client against a PF that keeps to the protocol, and one that does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "fake_mbox.h"
#include "../hw/r82576_vf.h"
#include "../vf-driver/vf_mbox.h"

static struct vf_mbox mb;
static u8 mac[6];

static int setup(void **state)
{
	(void)state;
	fake_pf_start();
	vf_mbox_init(&mb, &pf.io);
	return 0;
}

/* A PF that knows us, and no messages so far. */
static int setup_known(void **state)
{
	setup(state);
	assert_int_equal(vf_mbox_reset(&mb, mac), 0);
	pf.nr_got = 0;
	memset(&mb.stats, 0, sizeof(mb.stats));
	return 0;
}

static void reset_gives_address(void **state)
{
	(void)state;
	assert_int_equal(vf_mbox_reset(&mb, mac), 0);
	assert_memory_equal(mac, pf.mac, 6);
	assert_int_equal(pf.nr_got, 1);
	assert_int_equal(pf.got[0][0], HW_MBOX_RESET);
	assert_false(mb.dead);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_QUIET);
}

static void reset_without_address_gives_zeros(void **state)
{
	u8 zero[6] = {};

	(void)state;
	memset(pf.mac, 0, 6);
	memset(mac, 0xff, 6);
	assert_int_equal(vf_mbox_reset(&mb, mac), 0);
	assert_memory_equal(mac, zero, 6);
}

static void nothing_is_sent_before_reset(void **state)
{
	(void)state;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -EIO);
	assert_int_equal(pf.nr_got, 0);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
}

static void words_are_as_the_protocol_says(void **state)
{
	u8 addr[6] = {0x02, 0xaa, 0xbb, 0xcc, 0xdd, 0xee};
	u16 hash[3] = {0x123, 0xfff, 0x001};

	(void)state;
	assert_int_equal(vf_mbox_set_mac(&mb, addr), 0);
	assert_int_equal(pf.got[0][0], 0x00000002);
	assert_int_equal(pf.got[0][1], 0xccbbaa02);
	assert_int_equal(pf.got[0][2], 0x0000eedd);
	assert_int_equal(vf_mbox_set_multicast(&mb, hash, 3), 0);
	assert_int_equal(pf.got[1][0], 0x00030003);
	assert_int_equal(pf.got[1][1], 0x0fff0123);
	assert_int_equal(pf.got[1][2], 0x00000001);
	assert_int_equal(pf.got[1][3], 0);
	assert_int_equal(vf_mbox_set_vlan(&mb, 4094, true), 0);
	assert_int_equal(pf.got[2][0], 0x00010004);
	assert_int_equal(pf.got[2][1], 4094);
	assert_int_equal(vf_mbox_set_vlan(&mb, 7, false), 0);
	assert_int_equal(pf.got[3][0], 0x00000004);
	assert_int_equal(vf_mbox_set_lpe(&mb, 9022), 0);
	assert_int_equal(pf.got[4][0], 0x00000005);
	assert_int_equal(pf.got[4][1], 9022);
	assert_int_equal(vf_mbox_set_promisc(&mb, HW_MBOX_PROMISC_MULTICAST), 0);
	assert_int_equal(pf.got[5][0], 0x00020006);
	assert_int_equal(mb.stats.sent, 6);
	assert_int_equal(mb.stats.acks, 6);
}

static void hash_is_the_table_index(void **state)
{
	u8 all_hosts[6] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01};
	u8 all_nodes[6] = {0x33, 0x33, 0x00, 0x00, 0x12, 0x34};

	(void)state;
	assert_int_equal(hw_mbox_hash(all_hosts), 0x010);
	assert_int_equal(hw_mbox_hash(all_nodes), 0x341);
}

static void too_many_hashes_are_refused_here(void **state)
{
	u16 hash[HW_MBOX_HASHES + 1] = {};

	(void)state;
	assert_int_equal(vf_mbox_set_multicast(&mb, hash, HW_MBOX_HASHES + 1), -EINVAL);
	assert_int_equal(vf_mbox_set_multicast(&mb, hash, -1), -EINVAL);
	assert_int_equal(pf.nr_got, 0);
	assert_int_equal(vf_mbox_set_multicast(&mb, hash, HW_MBOX_HASHES), 0);
}

static void refusal_is_counted_and_harmless(void **state)
{
	(void)state;
	pf.refuse = 1u << HW_MBOX_SET_PROMISC;
	assert_int_equal(vf_mbox_set_promisc(&mb, HW_MBOX_PROMISC_UNICAST), -EPERM);
	assert_int_equal(mb.stats.nacks, 1);
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), 0);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_QUIET);
}

static void silent_pf_times_out_once(void **state)
{
	u64 before;

	(void)state;
	pf.silent = true;
	before = pf.now_us;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ETIMEDOUT);
	assert_in_range(pf.now_us - before, 900000, 1100000);
	assert_int_equal(mb.stats.timeouts, 1);
	before = pf.now_us;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -EIO);
	assert_int_equal(pf.now_us, before);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
	pf.silent = false;
	assert_int_equal(vf_mbox_reset(&mb, mac), 0);
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), 0);
}

static void mute_pf_times_out(void **state)
{
	(void)state;
	pf.mute = true;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ETIMEDOUT);
	assert_true(mb.dead);
	assert_int_equal(vf_mbox_reset(&mb, mac), -ETIMEDOUT);
	assert_true(mb.dead);
}

static void buffer_never_free_times_out(void **state)
{
	(void)state;
	pf.holds_buffer = true;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ETIMEDOUT);
	assert_true(mb.dead);
	assert_int_equal(pf.nr_got, 0);
}

static void lies_kill_the_mailbox(void **state)
{
	static const u32 lies[] = {
		HW_MBOX_SET_MAC | HW_MBOX_CTS | HW_MBOX_ACK, /* another question's */
		HW_MBOX_SET_LPE | HW_MBOX_CTS,		     /* neither yes nor no */
		HW_MBOX_SET_LPE | HW_MBOX_CTS | HW_MBOX_ACK | HW_MBOX_NACK,
		0x0badcafe,
		0,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		setup_known(state);
		pf.reply = lies[i];
		assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -EPROTO);
		assert_int_equal(mb.stats.bad_replies, 1);
		assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
		pf.reply = FAKE_NO_WORD;
		assert_int_equal(vf_mbox_reset(&mb, mac), 0);
		assert_int_equal(vf_mbox_set_lpe(&mb, 1522), 0);
	}
}

static void reset_reply_is_checked(void **state)
{
	static const u32 lies[] = {
		HW_MBOX_RESET,
		HW_MBOX_RESET | HW_MBOX_ACK | HW_MBOX_NACK,
		0x00010000 | HW_MBOX_RESET | HW_MBOX_ACK,
		0x5,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		setup(state);
		pf.reply = lies[i];
		assert_int_equal(vf_mbox_reset(&mb, mac), -EPROTO);
		assert_true(mb.dead);
	}
}

static void lost_cts_asks_for_reset(void **state)
{
	(void)state;
	pf.known = false;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ECONNRESET);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
	assert_int_equal(vf_mbox_reset(&mb, mac), 0);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_QUIET);
}

static void refusal_without_cts_is_no_refusal(void **state)
{
	(void)state;
	pf.reply = HW_MBOX_SET_LPE | HW_MBOX_NACK;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ECONNRESET);
	assert_int_equal(mb.stats.nacks, 0);
}

static void pf_reset_in_between_is_seen(void **state)
{
	u64 before = pf.now_us;

	(void)state;
	pf.reset_at = 1;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ECONNRESET);
	assert_true(pf.now_us - before < 10000);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
	fake_pf_reset_done();
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
	assert_int_equal(vf_mbox_reset(&mb, mac), 0);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_QUIET);
}

/* RSTD vanishes when read; whoever reads it first must not swallow it. */
static void reset_done_read_by_a_handler_is_kept(void **state)
{
	(void)state;
	fake_pf_reset();
	fake_pf_reset_done();
	assert_true(vf_mbox_peek(&mb) & VF_V2P_RSTD);
	assert_false(pf.v2p & VF_V2P_RSTD);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
}

static void message_read_by_a_handler_is_kept(void **state)
{
	(void)state;
	fake_pf_say(HW_MBOX_PF_CONTROL | HW_MBOX_CTS);
	assert_true(vf_mbox_peek(&mb) & VF_V2P_PFSTS);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_LINK);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_QUIET);
	assert_int_equal(mb.stats.pf_messages, 1);
}

static void pf_that_goes_down_says_so(void **state)
{
	(void)state;
	fake_pf_say(HW_MBOX_PF_CONTROL);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ECONNRESET);
}

static void interjection_does_not_disturb_an_answer(void **state)
{
	(void)state;
	pf.interject = HW_MBOX_PF_CONTROL | HW_MBOX_CTS;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), 0);
	assert_int_equal(mb.stats.pf_messages, 1);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_QUIET);
}

static void farewell_during_an_answer_is_heard(void **state)
{
	(void)state;
	pf.interject = HW_MBOX_PF_CONTROL;
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), 0);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
}

static void farewell_before_a_question_is_heard(void **state)
{
	(void)state;
	fake_pf_say(HW_MBOX_PF_CONTROL);
	vf_mbox_set_lpe(&mb, 1522);
	assert_int_equal(vf_mbox_check(&mb), VF_MBOX_RESET);
}

static void gone_device_ends_in_time(void **state)
{
	(void)state;
	pf.gone = true;
	assert_int_equal(vf_mbox_peek(&mb), 0);
	assert_int_equal(vf_mbox_set_lpe(&mb, 1522), -ETIMEDOUT);
	assert_true(mb.dead);
}

#define T(name)	    cmocka_unit_test_setup(name, setup)
#define KNOWN(name) cmocka_unit_test_setup(name, setup_known)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reset_gives_address),
		T(reset_without_address_gives_zeros),
		T(nothing_is_sent_before_reset),
		KNOWN(words_are_as_the_protocol_says),
		T(hash_is_the_table_index),
		KNOWN(too_many_hashes_are_refused_here),
		KNOWN(refusal_is_counted_and_harmless),
		KNOWN(silent_pf_times_out_once),
		KNOWN(mute_pf_times_out),
		KNOWN(buffer_never_free_times_out),
		KNOWN(lies_kill_the_mailbox),
		T(reset_reply_is_checked),
		KNOWN(lost_cts_asks_for_reset),
		KNOWN(refusal_without_cts_is_no_refusal),
		KNOWN(pf_reset_in_between_is_seen),
		KNOWN(reset_done_read_by_a_handler_is_kept),
		KNOWN(message_read_by_a_handler_is_kept),
		KNOWN(pf_that_goes_down_says_so),
		KNOWN(interjection_does_not_disturb_an_answer),
		KNOWN(farewell_during_an_answer_is_heard),
		KNOWN(farewell_before_a_question_is_heard),
		KNOWN(gone_device_ends_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
