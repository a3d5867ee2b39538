// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Noise in the mailbox: all 16-bit ids with random words, from guests that are
 * trusted, not trusted, and pinned down. What is refused has changed nothing.
 */
#include <stdlib.h>
#include <string.h>
#include "t.h"
#include "../../pf-driver/pf_mbox.h"

enum {
	VFS = 7
};

static struct pf_policy *p, *before;
static struct pf_mbox mb;
static u32 msg[HW_MBOX_WORDS];
static struct pf_mbox_answer answer;
static u64 now = 100000;

static int send(u32 vf)
{
	now += 20;
	return pf_mbox_request(&mb, p, vf, msg, now, &answer);
}

static void start(enum pf_chip chip, enum pf_backend backend)
{
	static const u8 mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

	pf_policy_init(p, chip, backend);
	assert_int_equal(pf_policy_set_vfs(p, VFS), 0);
	pf_mbox_init(&mb, now);
	for (u32 vf = 0; vf < VFS; vf++) {
		msg[0] = HW_MBOX_RESET;
		assert_int_equal(send(vf), 3);
	}
	assert_int_equal(pf_policy_vf_flag(p, 3, PF_VF_TRUST, true), 0);
	assert_int_equal(pf_policy_vf_mac(p, 4, mac), 0);
	assert_int_equal(pf_policy_vf_port_vlan(p, 5, 100, 3), 0);
}

static void fill(u32 id)
{
	static const u32 infos[] = {0, 1, 2, 3, 5, 30, 31, 255};

	msg[0] = id | infos[random() % 8] << 16;
	if (!(random() % 16))
		msg[0] |= random() & 0x3f000000;
	for (u32 i = 1; i < HW_MBOX_WORDS; i++)
		msg[i] = random() % 3 ? random() & 0x0fff0fff : (u32)random();
}

static void every_id(void)
{
	for (u32 id = 0; id < 0x10000; id++) {
		u32 vf = id % VFS, w0;
		int words;

		fill(id);
		w0 = msg[0];
		memcpy(before, p, sizeof(*p));
		words = send(vf);
		assert_in_range(words, 0, 3);
		if ((id > HW_MBOX_SET_PROMISC || w0 >> 24) && w0 != HW_MBOX_RESET)
			assert_int_equal(answer.flags, 0);
		if (!(answer.flags & PF_MBOX_APPLY))
			assert_memory_equal(before, p, offsetof(struct pf_policy, undo));
	}
}

/* The protocol's own ids only, many times, so that states pile up. */
static void known_ids(void)
{
	for (u32 i = 0; i < 20000; i++) {
		u32 vf = random() % VFS;
		int words;

		fill(1 + random() % HW_MBOX_SET_PROMISC);
		if (random() % 2)
			msg[1] &= 63;
		memcpy(before, p, sizeof(*p));
		words = send(vf);
		assert_in_range(words, 0, 3);
		if (words == 1 && msg[0] & HW_MBOX_NACK)
			assert_memory_equal(before, p, offsetof(struct pf_policy, undo));
	}
}

static void noise_82576(void **state)
{
	(void)state;
	start(PF_CHIP_82576, PF_BACKEND_RULES);
	every_id();
	known_ids();
}

static void noise_i350(void **state)
{
	(void)state;
	start(PF_CHIP_I350, PF_BACKEND_RULES);
	known_ids();
}

static void noise_model(void **state)
{
	(void)state;
	start(PF_CHIP_82576, PF_BACKEND_REPLICATE);
	known_ids();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_82576),
		cmocka_unit_test(noise_i350),
		cmocka_unit_test(noise_model),
	};
	int rc;

	srandom(7);
	p = calloc(1, sizeof(*p));
	before = calloc(1, sizeof(*before));
	rc = p && before ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
	free(before);
	free(p);
	return rc;
}
