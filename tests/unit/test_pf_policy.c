// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pool policy under random operations: after each, random frames go where
 * they were wanted and nowhere else, by a model of the switch; and whatever is
 * refused leaves everything as it was.
 */
#include <stdlib.h>
#include <string.h>
#include "t.h"
#include "../pf_want.h"

enum {
	OPS = 6000,
	FRAMES = 12
};

static struct pf_policy *p, *before;
static struct want *w;

/* All but the scratch space. */
static bool same(const struct pf_policy *a, const struct pf_policy *b)
{
	return !memcmp(a, b, offsetof(struct pf_policy, undo));
}

static void recompute_is_the_same(void)
{
	static struct pf_tables t;

	memset(&t, 0xa5, sizeof(t));
	assert_int_equal(pf_policy_compute(p, &t), 0);
	assert_memory_equal(&t, &p->tables, offsetof(struct pf_tables, vme));
	assert_int_equal(t.vme, p->tables.vme);
}

static void storm(enum pf_chip chip, enum pf_backend backend, u64 seed)
{
	struct sw_frame f;
	u32 refused = 0;

	rnd_state = seed;
	memset(p, 0, sizeof(*p));
	pf_policy_init(p, chip, backend);
	want_init(w, chip, backend);
	for (u32 i = 0; i < OPS; i++) {
		memcpy(before, p, sizeof(*p));
		if (!want_random_op(w, p)) {
			refused++;
			assert_true(same(before, p));
		}
		recompute_is_the_same();
		for (u32 n = 0; n < FRAMES; n++) {
			want_random_frame(w, &f);
			expect_frame(w, p, &f);
		}
	}
	assert_in_range(refused, OPS / 100, OPS / 2);
}

static void rules_82576(void **state)
{
	(void)state;
	storm(PF_CHIP_82576, PF_BACKEND_RULES, 11);
}

static void replicate_82576(void **state)
{
	(void)state;
	storm(PF_CHIP_82576, PF_BACKEND_REPLICATE, 22);
}

static void rules_i350(void **state)
{
	(void)state;
	storm(PF_CHIP_I350, PF_BACKEND_RULES, 33);
}

static void many_seeds(void **state)
{
	u64 seed = getenv("PF_SEED") ? strtoull(getenv("PF_SEED"), NULL, 0) : 0;

	(void)state;
	if (!seed)
		skip();
	for (u64 i = seed; i < seed + 20; i++) {
		storm(PF_CHIP_82576, PF_BACKEND_RULES, i * 7919);
		storm(PF_CHIP_82576, PF_BACKEND_REPLICATE, i * 7919);
		storm(PF_CHIP_I350, PF_BACKEND_RULES, i * 7919);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_82576),
		cmocka_unit_test(replicate_82576),
		cmocka_unit_test(rules_i350),
		cmocka_unit_test(many_seeds),
	};
	int rc;

	p = malloc(sizeof(*p));
	before = malloc(sizeof(*before));
	w = malloc(sizeof(*w));
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(w);
	free(before);
	free(p);
	return rc;
}
