// SPDX-License-Identifier: GPL-2.0-or-later
/* Ring: wrap, full, exact fit, floor, marks, commit. */
#include "rig.h"
#include "unit/t.h"

#define SIZE  HPCAP_RING_MIN
#define CHUNK HPCAP_CHUNK_SIZE

/* Each test has a ring of its own, of the smallest size. */
static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig_init(rig, SIZE, 4, 64, CAP_CLOCK_KTIME);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_deinit(*state);
	free(*state);
	return 0;
}

/* Write one record of @need bytes, all of them @fill. */
static bool put(struct cap_ring *r, u32 need, u8 fill)
{
	u8 *dst = cap_ring_reserve(r, need);

	if (!dst)
		return false;
	memset(dst, fill, need);
	cap_ring_write(r, need);
	return true;
}

static void sizes(void **state)
{
	(void)state;
	assert_true(cap_ring_size_valid(HPCAP_RING_MIN));
	assert_true(cap_ring_size_valid(HPCAP_RING_MIN + CHUNK));
	assert_true(cap_ring_size_valid(1ull << 40));
	assert_false(cap_ring_size_valid(0));
	assert_false(cap_ring_size_valid(HPCAP_RING_MIN - CHUNK));
	assert_false(cap_ring_size_valid(HPCAP_RING_MIN + 1));
	assert_false(cap_ring_size_valid(HPCAP_RING_MIN + CHUNK / 2));
}

static void starts_empty(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(rig->ctrl->magic, HPCAP_MAGIC);
	assert_int_equal(rig->ctrl->abi, HPCAP_ABI);
	assert_int_equal(rig->ctrl->ring_size, SIZE);
	assert_int_equal(rig->ctrl->nr_chunks, SIZE / CHUNK);
	assert_int_equal(rig->ctrl->commit, 0);
	assert_int_equal(rig->ctrl->floor, 0);
	assert_int_equal(rig->marks[0].pos, 0);
}

static void commit_publishes(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring;

	assert_true(put(r, 72, 1));
	assert_true(put(r, 13, 2));
	assert_int_equal(rig->ctrl->commit, 0);
	cap_ring_commit(r);
	assert_int_equal(rig->ctrl->commit, 85);
	assert_int_equal(rig->ctrl->seq, 2);
	cap_ring_commit(r);
	assert_int_equal(rig->ctrl->commit, 85);
}

/* More than a chunk and a record never waits: it is committed without being asked. */
static void commit_every_chunk(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring;
	u64 i;

	for (i = 0; i < 10 * SIZE / 1000; i++) {
		assert_true(put(r, 1000, i));
		assert_true(r->head - rig->ctrl->commit <= CHUNK + 1000);
		assert_true(rig->ctrl->floor * CHUNK <= rig->ctrl->commit);
	}
}

/* A tail at 0 lets exactly @size bytes in, not one more. */
static void exact_fit(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring;
	u32 i;

	cap_ring_set_tail(r, 0);
	for (i = 0; i < SIZE / CHUNK - 1; i++)
		assert_true(put(r, CHUNK, i));
	assert_true(put(r, CHUNK - 13, 1));
	assert_null(cap_ring_reserve(r, 14));
	assert_true(put(r, 13, 2));
	assert_int_equal(r->head, SIZE);
	assert_null(cap_ring_reserve(r, 1));
	assert_null(cap_ring_reserve(r, CHUNK));

	cap_ring_set_tail(r, 100);
	assert_null(cap_ring_reserve(r, 101));
	assert_true(put(r, 100, 3));
	assert_null(cap_ring_reserve(r, 1));
	cap_ring_set_tail(r, CAP_NO_TAIL);
	assert_true(put(r, CHUNK, 4));
}

/* A refused record leaves nothing behind. */
static void refusal_changes_nothing(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring, before;

	cap_ring_set_tail(r, 0);
	while (put(r, 1000, 9))
		;
	before = *r;
	assert_null(cap_ring_reserve(r, 1000));
	assert_memory_equal(&before, r, sizeof(before));
}

/* Across the end of the memory a record is in one piece, and seen in both. */
static void wrap_is_seamless(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring;
	u32 i;

	for (i = 0; i < SIZE / CHUNK - 1; i++)
		assert_true(put(r, CHUNK, 0));
	assert_true(put(r, CHUNK - 7, 0));
	assert_true(put(r, 20, 0xab));
	for (i = 0; i < 20; i++)
		assert_int_equal(rig->data[SIZE - 7 + i], 0xab);
	assert_int_equal(rig->data[12], 0xab);
	assert_int_equal(rig->data[13], 0);
	assert_int_equal(r->off, 13);
}

/* The end of a record may be the end of the memory. */
static void wrap_exactly(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring;
	u32 i;

	for (i = 0; i < 3 * SIZE / CHUNK; i++)
		assert_true(put(r, CHUNK, i));
	assert_int_equal(r->off, 0);
	assert_int_equal(r->head, 3 * SIZE);
	assert_ptr_equal(cap_ring_reserve(r, 1), rig->data);
}

/*
 * After each record: bytes overwritten so far lie below the floor; the floor's
 * chunk is committed; its mark is its first record. Checked against a list.
 */
static void check_floor(struct rig *rig, const u64 *start, u64 n)
{
	struct cap_ring *r = &rig->poll.ring;
	u64 floor = rig->ctrl->floor;
	const struct hpcap_mark *m = &rig->marks[floor % rig->ctrl->nr_chunks];
	u64 i = m->seq;

	assert_true(floor * CHUNK + SIZE >= r->head);
	assert_true(floor * CHUNK + SIZE < r->head + CHUNK || floor == 0);
	assert_true(floor * CHUNK <= rig->ctrl->commit);
	assert_true(i < n);
	assert_int_equal(m->pos, start[i]);
	assert_int_equal(m->pos / CHUNK, floor);
	if (i)
		assert_true(start[i - 1] / CHUNK < floor);
}

static void floor_and_marks(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring;
	u64 n = 0, max = 60000;
	u64 *start = calloc(max, sizeof(*start));
	unsigned int seed = 7;

	while (n < max) {
		u32 need = rand_r(&seed) % 8 ? 13 + rand_r(&seed) % 200
					     : 13 + rand_r(&seed) % (CHUNK - 13 + 1);

		start[n++] = r->head;
		assert_true(put(r, need, n));
		if (rand_r(&seed) % 16 == 0)
			cap_ring_commit(r);
		check_floor(rig, start, n);
	}
	assert_true(r->head > 20 * SIZE);
	free(start);
}

/* Records of a whole chunk: each chunk has a mark, at the same offset. */
static void chunk_sized_records(void **state)
{
	struct rig *rig = *state;
	struct cap_ring *r = &rig->poll.ring;
	u64 start[200];
	u64 n = 0;

	start[n++] = r->head;
	assert_true(put(r, 77, 0));
	while (n < 200) {
		start[n++] = r->head;
		assert_true(put(r, CHUNK, n));
		check_floor(rig, start, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test_setup_teardown(starts_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(commit_publishes, setup, teardown),
		cmocka_unit_test_setup_teardown(commit_every_chunk, setup, teardown),
		cmocka_unit_test_setup_teardown(exact_fit, setup, teardown),
		cmocka_unit_test_setup_teardown(refusal_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(wrap_is_seamless, setup, teardown),
		cmocka_unit_test_setup_teardown(wrap_exactly, setup, teardown),
		cmocka_unit_test_setup_teardown(floor_and_marks, setup, teardown),
		cmocka_unit_test_setup_teardown(chunk_sized_records, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
