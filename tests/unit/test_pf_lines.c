// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines written to sriov/: what is taken, what is refused, what they make. */
#include <stdlib.h>
#include <string.h>
#include "t.h"
#include "../pf_switch.h"
#include "../../pf-driver/pf_lines.h"

enum {
	VFS = 4
};

static struct pf_policy *p, *before;
static struct pf_lease_book *b, *b_before;
static struct pf_lease_count counts[HW_VFS_MAX];
static struct pf_line_env env;

static int setup(void **state)
{
	(void)state;
	p = calloc(1, sizeof(*p));
	before = calloc(1, sizeof(*p));
	b = calloc(1, sizeof(*b));
	b_before = calloc(1, sizeof(*b));
	pf_policy_init(p, PF_CHIP_82576, PF_BACKEND_REPLICATE);
	assert_int_equal(pf_policy_set_vfs(p, VFS), 0);
	pf_lease_init(b);
	env = (struct pf_line_env){b, p, counts, 1000};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(p);
	free(before);
	free(b);
	free(b_before);
	return 0;
}

static int number(const char *line)
{
	bool add;
	u32 v;
	int err = pf_line_add_number(line, strlen(line), 6, &add, &v);

	return err ? err : (int)(add ? v : 100 + v);
}

static void verb_and_number(void **state)
{
	(void)state;
	assert_int_equal(number("add 3\n"), 3);
	assert_int_equal(number("rem 3"), 103);
	assert_int_equal(number("ADD   3 \n"), 3);
	assert_int_equal(number("  Rem\t0"), 100);
	assert_int_equal(number("add 00006"), 6);
	assert_int_equal(number("add 7"), -ERANGE);
	assert_int_equal(number("add 4096"), -ERANGE);
	assert_int_equal(number("add 4294967296"), -ERANGE);
	assert_int_equal(number("add 99999999999999999999999999"), -ERANGE);
	static const char *const bad[] = {
		"",	  "\n",	      "add",	   "add ",     "add\n", "add  \n", "add -1",
		"add +1", "add 0x1",  "xadd 3",	   "addx 3",   "add3",	"add 3x",  "add 3 4",
		"add 3,", "add 3\n4", "add 3\n\n", "delete 3", "3",	"rem",	   "add off",
	};
	for (u32 i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(number(bad[i]), -EINVAL);
	bool add;
	u32 v;
	assert_int_equal(pf_line_add_number("add 3\0", 6, 6, &add, &v), -EINVAL);
}

static void on_and_off(void **state)
{
	bool v;

	(void)state;
	assert_int_equal(pf_line_bool("on\n", 3, &v), 0);
	assert_true(v);
	assert_int_equal(pf_line_bool(" OFF ", 5, &v), 0);
	assert_false(v);
	assert_int_equal(pf_line_bool("o", 1, &v), -EINVAL);
	assert_int_equal(pf_line_bool("", 0, &v), -EINVAL);
	assert_int_equal(pf_line_bool("1", 1, &v), -EINVAL);
	assert_int_equal(pf_line_bool("on off", 6, &v), -EINVAL);
}

static int list(const char *line, u32 *count)
{
	static u32 map[128];
	bool add;
	int err = pf_line_add_vids(line, strlen(line), &add, map);

	*count = 0;
	for (u32 i = 0; i < 4096; i++)
		*count += sw_bit(map, i);
	return err;
}

static void lists_of_vlans(void **state)
{
	char text[64];
	u32 n, map[128] = {0};

	(void)state;
	assert_int_equal(list("add 2,4,6,18-22\n", &n), 0);
	assert_int_equal(n, 8);
	assert_int_equal(list("rem 0-4095", &n), 0);
	assert_int_equal(n, 4096);
	assert_int_equal(list("add 5-5", &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(list("add 4096", &n), -ERANGE);
	assert_int_equal(list("add 0-4096", &n), -ERANGE);
	static const char *const bad[] = {
		"add 0 - 4095", "add 5-4", "add ,5",  "add 5,",	  "add 5,,6", "add -5",
		"add 5-",	"add 5;6", "add 5 6", "add 5--6", "add a",    "5",
	};
	for (u32 i = 0; i < ARRAY_SIZE(bad); i++)
		assert_int_equal(list(bad[i], &n), -EINVAL);
	assert_int_equal(pf_line_show_vids(map, text, 64), 0);
	assert_int_equal(pf_line_vids("0,2,4,18-22,4095", 16, map), 0);
	assert_int_equal(pf_line_show_vids(map, text, 64), 16);
	assert_memory_equal(text, "0,2,4,18-22,4095", 16);
	assert_int_equal(pf_line_show_vids(map, text, 5), 5);
	memset(map, 0xff, sizeof(map));
	assert_int_equal(pf_line_show_vids(map, text, 64), 6);
	assert_memory_equal(text, "0-4095", 6);
}

static void addresses(void **state)
{
	u8 mac[6], macs[PF_LINE_MACS][6];
	char line[400] = "add ";
	bool add;
	u32 n;

	(void)state;
	assert_int_equal(pf_line_mac("52:54:00:AB:cd:ef\n", 18, mac), 0);
	assert_memory_equal(mac, ((u8[6]){0x52, 0x54, 0, 0xab, 0xcd, 0xef}), 6);
	assert_int_equal(pf_line_mac("52:54:00:ab:cd:e", 16, mac), -EINVAL);
	assert_int_equal(pf_line_mac("52:54:00:ab:cd:ef0", 18, mac), -EINVAL);
	assert_int_equal(pf_line_mac("52-54-00-ab-cd-ef", 17, mac), -EINVAL);
	assert_int_equal(pf_line_mac("52:54:00:ab:cd:gg", 17, mac), -EINVAL);
	assert_int_equal(
		pf_line_add_macs("rem 52:54:00:ab:cd:ef,02:00:00:00:00:01", 39, &add, macs, &n),
		0);
	assert_false(add);
	assert_int_equal(n, 2);
	assert_int_equal(pf_line_add_macs("add 52:54:00:ab:cd:ef,", 22, &add, macs, &n),
			 -EINVAL);
	for (u32 i = 0; i < PF_LINE_MACS + 1; i++)
		strcat(line, i ? ",02:00:00:00:00:01" : "02:00:00:00:00:01");
	assert_int_equal(pf_line_add_macs(line, strlen(line), &add, macs, &n), -ENOSPC);
}

static u32 running(void)
{
	u32 n = 0;

	for (u32 i = 0; i < PF_MIRRORS; i++)
		n += !!b->running[i].mirror.id;
	return n;
}

/* The lines that TaaS writes, in its order: both directions, then the end. */
static void what_taas_writes(void **state)
{
	static u32 all[128], some[128];

	(void)state;
	memset(all, 0xff, sizeof(all));
	some[0] = 1u << 10 | 1u << 20;
	assert_int_equal(pf_line_mirror(&env, 1, PF_DIR_OUT, 3, true), 0);
	assert_int_equal(pf_line_mirror(&env, 1, PF_DIR_IN, 3, true), 0);
	assert_int_equal(running(), 1);
	assert_int_equal(b->running[0].mirror.dir, PF_DIR_BOTH);
	assert_int_equal(pf_line_targets(b, 1, PF_DIR_IN, false), 1 << 3);
	assert_int_equal(pf_line_vlan_mirror(&env, 3, all, false, false), 0);
	assert_int_equal(running(), 1); /* it leaves the mirror behind: bug 3b */
	assert_int_equal(pf_line_vlan_mirror(&env, 3, all, false, true), 0);
	assert_int_equal(running(), 0); /* unless told to know TaaS */
	assert_int_equal(pf_lease_ended(b, 0)->end, PF_END_OPERATOR);
	assert_int_equal(pf_line_vlan_mirror(&env, 3, some, true, false), 0);
	assert_int_equal(pf_line_vlan_mirror(&env, 3, some, true, false), 0);
	assert_int_equal(running(), 1);
	assert_memory_equal(pf_line_vlans(b, 3), some, sizeof(some));
	assert_int_equal(pf_line_vlan_mirror(&env, 3, all, true, false), 0);
	assert_int_equal(p->vid_slot[1], 0); /* all VLANs need no entry */
	assert_int_equal(pf_line_vlan_mirror(&env, 3, all, false, false), 0);
	assert_int_equal(pf_line_vlan_mirror(&env, 3, all, false, false), 0);
	assert_int_equal(running(), 0);
	assert_null(pf_line_vlans(b, 3));
}

static void mirrors_of_lines(void **state)
{
	(void)state;
	assert_int_equal(pf_line_mirror(&env, 0, PF_DIR_IN, 0, true), -EINVAL);
	assert_int_equal(pf_line_mirror(&env, 0, PF_DIR_IN, VFS, true), -ENOENT);
	assert_int_equal(pf_line_mirror(&env, 0, PF_DIR_IN, 1, false), 0); /* not there: done */
	assert_int_equal(running(), 0);
	assert_int_equal(pf_line_mirror(&env, 0, PF_DIR_IN, 1, true), 0);
	assert_int_equal(pf_line_mirror(&env, 0, PF_DIR_IN, 2, true), 0);
	assert_int_equal(pf_line_mirror(&env, 0, PF_DIR_IN, 2, true), 0);
	assert_int_equal(running(), 2);
	assert_int_equal(pf_line_targets(b, 0, PF_DIR_IN, false), 6);
	assert_int_equal(pf_line_targets(b, 0, PF_DIR_OUT, false), 0);
	assert_int_equal(pf_line_mirror(&env, PF_LINE_PF, PF_DIR_OUT, 2, true), 0);
	assert_int_equal(pf_line_targets(b, PF_LINE_PF, PF_DIR_OUT, false), 4);
	assert_int_equal(pf_line_mirror(&env, 0, PF_DIR_IN, 1, false), 0);
	assert_int_equal(pf_line_targets(b, 0, PF_DIR_IN, false), 4);
	assert_int_equal(running(), 2);
}

static char noise_char(void)
{
	static const char likely_chars[] = "add rem0123456789,-:\nonfADREM \tucast";

	return random() % 12 ? likely_chars[random() % (sizeof(likely_chars) - 1)]
			     : (char)random();
}

/* Random bytes in a buffer of exactly their size, for the sanitizers. */
static void noise(void **state)
{
	static const char *const words[] = {"ucast", "mcast"};

	(void)state;
	srandom(3);
	for (u32 i = 0; i < 60000; i++) {
		size_t len = random() % 24;
		char *line = calloc(1, len ? len : 1);
		u8 macs[PF_LINE_MACS][6];
		u32 vids[128], v;
		bool add;

		assert_non_null(line);
		for (size_t k = 0; k < len; k++)
			line[k] = noise_char();
		if (len > 4 && random() % 2)
			memcpy(line, random() % 2 ? "add " : "rem ", 4);
		pf_line_bool(line, len, &add);
		pf_line_mac(line, len, macs[0]);
		pf_line_add_macs(line, len, &add, macs, &v);
		pf_line_add_word(line, len, words, 2, &add, &v);
		if (!pf_line_number(line, len, 1000, &v))
			assert_in_range(v, 0, 1000);
		if (!pf_line_add_number(line, len, VFS - 1, &add, &v)) {
			assert_in_range(v, 0, VFS - 1);
			memcpy(before, p, sizeof(*p));
			memcpy(b_before, b, sizeof(*b));
			if (pf_line_mirror(&env, random() % VFS, 1 + random() % 2, v, add)) {
				assert_memory_equal(before, p,
						    offsetof(struct pf_policy, undo));
				assert_memory_equal(b_before, b, sizeof(*b));
			}
		}
		pf_line_add_vids(line, len, &add, vids);
		free(line);
	}
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(verb_and_number), test(on_and_off),       test(lists_of_vlans),
		test(addresses),       test(what_taas_writes), test(mirrors_of_lines),
		test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
