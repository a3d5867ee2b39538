// SPDX-License-Identifier: GPL-2.0-or-later
/* Leases: how they end, what is kept, and that nothing is left behind. */
#include <stdlib.h>
#include <string.h>
#include "t.h"
#include "../pf_switch.h"
#include "../../pf-driver/pf_lease.h"

enum {
	VFS = 5
};

static struct pf_policy *p;
static struct pf_lease_book *b;
static struct pf_lease_count counts[HW_VFS_MAX];
static struct pf_lease terms;
static u64 now;

static int setup(void **state)
{
	(void)state;
	p = calloc(1, sizeof(*p));
	b = calloc(1, sizeof(*b));
	pf_policy_init(p, PF_CHIP_82576, PF_BACKEND_RULES);
	assert_int_equal(pf_policy_set_vfs(p, VFS), 0);
	for (u32 i = 0; i < VFS; i++)
		assert_int_equal(pf_policy_guest_ready(p, i, true), 0);
	pf_lease_init(b);
	memset(counts, 0, sizeof(counts));
	memset(&terms, 0, sizeof(terms));
	strcpy(terms.owner, "alice");
	strcpy(terms.reason, "INC-42");
	terms.mirror.vfs = 1 << 0;
	terms.mirror.targets = 1 << 1;
	terms.mirror.dir = PF_DIR_IN;
	now = 5000;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(b);
	free(p);
	return 0;
}

static u32 start(void)
{
	int id = pf_lease_start(b, p, &terms, counts, now);

	assert_true(id > 0);
	return id;
}

static void no_rule_is_left(void)
{
	for (u32 i = 0; i < HW_MIRROR_RULES; i++)
		assert_int_equal(p->tables.vmrctl[i] | p->tables.vmrvm[i], 0);
	for (u32 i = 0; i < PF_MIRRORS; i++)
		assert_int_equal(p->mirror[i].id, 0);
}

static void ended_by(enum pf_lease_end end)
{
	const struct pf_lease *l = pf_lease_ended(b, b->nr_ended - 1);

	assert_non_null(l);
	assert_int_equal(l->end, end);
	assert_string_equal(l->owner, "alice");
	assert_string_equal(l->reason, "INC-42");
	no_rule_is_left();
}

static void expires(void **state)
{
	(void)state;
	terms.ttl_ms = 1000;
	u32 id = start();

	assert_int_equal(p->tables.vmrctl[0], HW_VMRCTL_VPME | 1 << 8);
	assert_int_equal(pf_lease_next_ms(b, now), 1000);
	assert_int_equal(pf_lease_tick(b, p, counts, now + 999), 0);
	assert_int_equal(pf_lease_next_ms(b, now + 999), 1);
	assert_non_null(pf_lease_find(b, id));
	assert_int_equal(pf_lease_tick(b, p, counts, now + 1000), 1);
	assert_null(pf_lease_find(b, id));
	ended_by(PF_END_EXPIRED);
	assert_int_equal(pf_lease_next_ms(b, now), 0);
}

static void caps_end_it(void **state)
{
	(void)state;
	counts[1] = (struct pf_lease_count){500, 50000};
	terms.frame_cap = 10;
	start();
	counts[1].frames += 9;
	assert_int_equal(pf_lease_tick(b, p, counts, now), 0);
	assert_int_not_equal(pf_lease_next_ms(b, now), 0);
	counts[1].frames++;
	counts[1].bytes += 640;
	assert_int_equal(pf_lease_tick(b, p, counts, now), 1);
	ended_by(PF_END_CAP);
	assert_int_equal(pf_lease_ended(b, 0)->frames, 10);
	assert_int_equal(pf_lease_ended(b, 0)->bytes, 640);
	terms.frame_cap = 0;
	terms.byte_cap = 1000;
	start();
	counts[1].bytes += 1000;
	assert_int_equal(pf_lease_tick(b, p, counts, now), 1);
	ended_by(PF_END_CAP);
}

static void survives_a_reset(void **state)
{
	(void)state;
	start();
	for (u32 vf = 0; vf < 2; vf++) {
		assert_int_equal(pf_policy_guest_reset(p, vf), 0);
		assert_int_equal(pf_lease_tick(b, p, counts, now += 100000), 0);
		assert_int_equal(p->tables.vmrctl[0], HW_VMRCTL_VPME | 1 << 8);
		assert_int_equal(pf_policy_guest_ready(p, vf, true), 0);
		assert_int_equal(p->tables.vmrvm[0], 1 << 0);
	}
}

static void absence_ends_it(void **state)
{
	(void)state;
	terms.grace_ms = 3000;
	start();
	assert_int_equal(pf_policy_guest_reset(p, 1), 0);
	assert_int_equal(pf_lease_tick(b, p, counts, now += 2999), 0);
	assert_int_equal(pf_policy_guest_ready(p, 1, true), 0);
	assert_int_equal(pf_lease_tick(b, p, counts, now += 10), 0);
	assert_int_equal(pf_policy_guest_reset(p, 1), 0);
	assert_int_equal(pf_lease_tick(b, p, counts, now += 3000), 1);
	ended_by(PF_END_TARGET_GONE);
	assert_int_equal(pf_policy_guest_ready(p, 1, true), 0);
	start();
	assert_int_equal(pf_policy_guest_reset(p, 0), 0);
	assert_int_equal(pf_lease_tick(b, p, counts, now += 3000), 1);
	ended_by(PF_END_SOURCE_GONE);
	/* the wire is always there */
	terms.mirror.vfs = 0;
	terms.mirror.dir = 0;
	terms.mirror.uplink = true;
	start();
	assert_int_equal(pf_lease_tick(b, p, counts, now += 9000), 0);
}

static void changes_keep_the_count(void **state)
{
	(void)state;
	terms.ttl_ms = 1000;
	u32 id = start();

	counts[1].frames = 7;
	terms.mirror.id = id;
	terms.mirror.targets = 1 << 2 | 1 << 3;
	terms.ttl_ms = 500;
	counts[2].frames = 1000;
	assert_int_equal(pf_lease_change(b, p, &terms, counts, now += 900), 0);
	assert_int_equal(pf_lease_find(b, id)->news, PF_NEWS_STARTED);
	b->running[0].news = PF_NEWS_NONE; /* told */
	assert_int_equal(pf_lease_change(b, p, &terms, counts, now), 0);
	assert_int_equal(pf_lease_find(b, id)->news, PF_NEWS_CHANGED);
	counts[3].frames = 3;
	assert_int_equal(pf_lease_tick(b, p, counts, now += 499), 0);
	assert_int_equal(pf_lease_find(b, id)->frames, 10);
	assert_int_equal(pf_lease_tick(b, p, counts, now += 1), 1);
	terms.mirror.id = 77;
	assert_int_equal(pf_lease_change(b, p, &terms, counts, now), -ENOENT);
}

static void a_bad_change_changes_nothing(void **state)
{
	static struct pf_lease_book was;
	static struct pf_policy policy;

	(void)state;
	u32 id = start();

	was = *b;
	policy = *p;
	terms.mirror.id = id;
	terms.mirror.targets = 1 << 6;
	assert_int_equal(pf_lease_change(b, p, &terms, counts, now), -ENOENT);
	terms.mirror.targets = 1 << 0; /* its own source */
	assert_int_equal(pf_lease_change(b, p, &terms, counts, now), -EINVAL);
	assert_int_equal(pf_lease_start(b, p, &terms, counts, now), -EINVAL);
	terms.mirror.targets = 0;
	assert_int_equal(pf_lease_start(b, p, &terms, counts, now), -EINVAL);
	assert_memory_equal(&was, b, sizeof(was));
	assert_memory_equal(&policy, p, offsetof(struct pf_policy, undo));
}

static void five_targets_are_too_many_for_four_rules(void **state)
{
	(void)state;
	assert_int_equal(pf_policy_set_vfs(p, 7), 0);
	for (u32 t = 1; t < 5; t++) {
		terms.mirror.targets = 1 << t;
		start();
	}
	terms.mirror.targets = 1 << 5;
	assert_int_equal(pf_lease_start(b, p, &terms, counts, now), -ENOSPC);
	terms.mirror.targets = 1 << 4; /* a second reason to the same target is free */
	terms.mirror.vfs = 1 << 6;
	start();
	assert_int_equal(p->tables.vmrvm[3], 1 << 6 | 1 << 0);
	assert_int_equal(pf_lease_stop_all(b, p, PF_END_UNLOAD, now), 5);
	ended_by(PF_END_UNLOAD);
}

/* After the last number comes the first that is free. */
static void ids_go_round(void **state)
{
	(void)state;
	assert_int_equal(start(), 1);
	b->next_id = S32_MAX;
	assert_int_equal(start(), S32_MAX);
	assert_int_equal(start(), 2);
}

static void history_is_bounded(void **state)
{
	(void)state;
	for (u32 i = 0; i < PF_LEASE_HISTORY + 10; i++)
		assert_int_equal(pf_lease_stop(b, p, start(), PF_END_OPERATOR, now), 0);
	assert_int_equal(b->nr_ended, PF_LEASE_HISTORY + 10);
	assert_null(pf_lease_ended(b, 9));
	assert_int_equal(pf_lease_ended(b, 10)->mirror.id, 11);
	assert_null(pf_lease_ended(b, b->nr_ended));
	assert_int_equal(pf_lease_stop(b, p, 1, PF_END_OPERATOR, now), -ENOENT);
	assert_int_equal(pf_lease_stop(b, p, 0, PF_END_OPERATOR, now), -ENOENT);
	for (u32 e = PF_END_NONE; e <= PF_END_OPERATOR; e++)
		assert_true(strlen(pf_lease_end_text(e)) > 2);
}

static void random_terms(void)
{
	memset(&terms.mirror, 0, sizeof(terms.mirror));
	terms.mirror.vfs = random() % 32;
	terms.mirror.targets = 1 << random() % VFS;
	terms.mirror.dir = random() % 4;
	terms.mirror.uplink = random() % 2;
	terms.ttl_ms = random() % 2 ? random() % 3000 : 0;
	terms.frame_cap = random() % 2 ? random() % 200 : 0;
	terms.grace_ms = random() % 4 ? 0 : random() % 2000;
}

static void book_and_policy_agree(void)
{
	for (u32 i = 0, n = 0, m = 0; i < PF_MIRRORS; i++) {
		u32 id = b->running[i].mirror.id;

		n += !!id;
		m += !!p->mirror[i].id;
		if (id)
			assert_memory_equal(pf_policy_mirror_find(p, id), &b->running[i].mirror,
					    sizeof(struct pf_mirror));
		if (i == PF_MIRRORS - 1)
			assert_int_equal(n, m);
	}
}

/* Thousands of operations: nothing is lost, nothing is left behind. */
static void storm(void **state)
{
	u64 started = 0;

	(void)state;
	srandom(5);
	for (u32 i = 0; i < 20000; i++) {
		u32 vf = random() % VFS, id = started ? 1 + random() % started : 1;

		now += random() % 100;
		counts[random() % HW_VFS_MAX].frames += random() % 5;
		random_terms();
		switch (random() % 6) {
		case 0:
			started += pf_lease_start(b, p, &terms, counts, now) > 0;
			break;
		case 1:
			terms.mirror.id = id;
			pf_lease_change(b, p, &terms, counts, now);
			break;
		case 2:
			pf_lease_stop(b, p, id, PF_END_OPERATOR, now);
			break;
		case 3:
			assert_int_equal(pf_policy_guest_reset(p, vf), 0);
			break;
		case 4:
			assert_int_equal(pf_policy_guest_ready(p, vf, true), 0);
			break;
		default:
			pf_lease_tick(b, p, counts, now);
		}
		book_and_policy_agree();
	}
	assert_true(started > 100);
	pf_lease_stop_all(b, p, PF_END_UNLOAD, now);
	assert_int_equal(b->nr_ended, started);
	no_rule_is_left();
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(expires),
		test(caps_end_it),
		test(survives_a_reset),
		test(absence_ends_it),
		test(changes_keep_the_count),
		test(a_bad_change_changes_nothing),
		test(five_targets_are_too_many_for_four_rules),
		test(ids_go_round),
		test(history_is_bounded),
		test(storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
