// SPDX-License-Identifier: GPL-2.0-or-later
/* The index against a naive model: nothing that is looked for lies elsewhere. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "unit/t.h"
#include "unit/index_model.h"
#include "unit/raw_model.h"
#include <crc32c.h>

static void test_windows(void **state)
{
	static const uint32_t late[] = {0, 3, 15, 400, 3000};
	const struct hpcap_index_options fine = {.every_ns = 20000000, .bloom_bytes = 64};
	struct hpcap_index_map *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(late) / sizeof(late[0]); i++) {
		model_make((uint32_t)i + 1, late[i]);
		model_index_write(i % 2 ? NULL : &fine, FRAMES, true);
		assert_int_equal(hpcap_index_open(&m, model_path, model_end), 0);
		assert_true(hpcap_index_info(m)->whole);
		assert_int_equal(hpcap_index_info(m)->frames, FRAMES);
		assert_int_equal(hpcap_index_info(m)->file_end, model_end);
		assert_true(hpcap_index_info(m)->late_ns <= late[i] * 1000000ull + 1000000);
		assert_true(!late[i] == !hpcap_index_info(m)->late_ns);
		assert_int_equal(hpcap_index_load(m), 0);
		model_windows(m, (uint32_t)i);
		hpcap_index_close(m);
	}
}

static void test_stale(void **state)
{
	struct hpcap_index_block b;
	struct hpcap_index_map *m;
	struct hpcap_record rec;

	(void)state;
	model_make(9, 0);
	model_index_write(NULL, FRAMES, true);
	assert_int_equal(hpcap_index_open(&m, model_path, model_end - 1), -ESTALE);
	assert_int_equal(hpcap_index_open(&m, model_path, model_end + 1), 0);
	assert_false(hpcap_index_info(m)->whole);
	assert_int_equal(hpcap_index_info(m)->file_end, model_end);
	assert_int_equal(hpcap_index_load(m), 0);
	hpcap_index_block(m, 0, &b);
	rec = model_record(0);
	assert_true(hpcap_index_same(&b, &rec));
	rec.nsec -= rec.nsec % 1000;
	assert_true(hpcap_index_same(&b, &rec));
	rec.len++;
	assert_false(hpcap_index_same(&b, &rec));
	rec.len--;
	rec.sec++;
	assert_false(hpcap_index_same(&b, &rec));
	hpcap_index_close(m);
	unlink(model_index);
	assert_int_equal(hpcap_index_open(&m, model_path, 1), -ENOENT);
	mkdir(model_index, 0700);
	assert_true(hpcap_index_open(&m, model_path, 1) < 0);
	rmdir(model_index);
}

/* A file being written: its index has no end, the file may have lost its last blocks. */
static void test_unfinished(void **state)
{
	struct hpcap_index_map *m;

	(void)state;
	model_make(10, 4);
	model_index_write(NULL, 1500, false);
	assert_int_equal(hpcap_index_open(&m, model_path, model_end), 0);
	assert_false(hpcap_index_info(m)->whole);
	assert_false(hpcap_index_info(m)->cut);
	assert_in_range(hpcap_index_info(m)->frames, 1200, 1500);
	assert_true(hpcap_index_info(m)->file_end <= model[1500].off);
	model_windows(m, 1);
	hpcap_index_close(m);
	assert_int_equal(hpcap_index_open(&m, model_path, model[700].off), 0);
	assert_true(hpcap_index_info(m)->cut);
	assert_in_range(hpcap_index_info(m)->frames, 500, 700);
	assert_true(hpcap_index_info(m)->file_end <= model[700].off);
	model_windows(m, 2);
	hpcap_index_close(m);
}

/* Blocks summed up elsewhere, places of a packed file, one without frames. */
static void test_append(void **state)
{
	struct hpcap_index_sum *s = hpcap_index_sum_create(128);
	const struct hpcap_index_options opt = {.bloom_bytes = 128, .aside = true};
	struct hpcap_index_block b;
	struct hpcap_index_map *m;
	struct hpcap_index *x;
	uint32_t i, j;

	(void)state;
	model_make(11, 6);
	assert_int_equal(hpcap_index_create(&x, AT_FDCWD, model_path, &opt), 0);
	for (i = 0; i < 10; i++) {
		hpcap_index_sum_reset(s);
		for (j = 0; j < 100 && i != 4; j++) {
			struct hpcap_record rec = model_record(100 * i + j);

			hpcap_index_sum_frame(s, &rec);
		}
		hpcap_index_append(x, s, 1000 * (i + 1), 5000 * (i + 1));
	}
	assert_int_equal(access(model_index, F_OK), -1);
	hpcap_index_linear(x);
	assert_int_equal(hpcap_index_finish(x, 10010, 50050), 0);
	hpcap_index_destroy(x);
	hpcap_index_sum_destroy(s);
	assert_int_equal(hpcap_index_open(&m, model_path, 10010), 0);
	assert_true(hpcap_index_info(m)->whole);
	assert_true(hpcap_index_info(m)->linear);
	assert_int_equal(hpcap_index_info(m)->blocks, 9);
	assert_int_equal(hpcap_index_info(m)->data_end, 50050);
	assert_int_equal(hpcap_index_load(m), 0);
	hpcap_index_block(m, 4, &b);
	assert_int_equal(b.file_off, 4000);
	assert_int_equal(b.file_end, 6000);
	assert_int_equal(b.data_off, 20000);
	assert_int_equal(b.first_ns, model[500].ns);
	hpcap_index_close(m);
}

static void test_feed(void **state)
{
	struct hpcap_index_map *m;
	struct hpcap_index *x;
	struct bytes b = {0};
	uint32_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		bytes_frame(&b, i, 100, 200);
	bytes_pad(&b, 500);
	assert_int_equal(hpcap_index_create(&x, AT_FDCWD, model_path, NULL), 0);
	hpcap_index_feed(x, b.p, 112 * 400, 0);
	hpcap_index_feed(x, b.p + 112 * 400, b.size - 112 * 400, 112 * 400);
	assert_int_equal(hpcap_index_finish(x, b.size, b.size), 0);
	hpcap_index_destroy(x);
	assert_int_equal(hpcap_index_open(&m, model_path, b.size), 0);
	assert_int_equal(hpcap_index_info(m)->frames, 1000);
	assert_int_equal(hpcap_index_info(m)->blocks, 10);
	hpcap_index_close(m);

	assert_int_equal(hpcap_index_create(&x, AT_FDCWD, model_path, NULL), 0);
	assert_int_equal(hpcap_index_finish(x, 0, 0), 0);
	hpcap_index_destroy(x);
	assert_int_equal(hpcap_index_open(&m, model_path, 0), 0);
	assert_int_equal(hpcap_index_info(m)->frames, 0);
	assert_true(hpcap_index_info(m)->whole);
	assert_int_equal(hpcap_index_load(m), 0);
	assert_int_equal(model_window(m, 0, UINT64_MAX, NULL, 0), 0);
	hpcap_index_close(m);
	bytes_free(&b);
}

static void test_wrong_use(void **state)
{
	static const uint32_t bad[] = {1, 32, 100, HPCAP_INDEX_BLOOM_MAX * 2};
	struct hpcap_index *x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct hpcap_index_options opt = {.bloom_bytes = bad[i]};

		assert_int_equal(hpcap_index_create(&x, AT_FDCWD, model_path, &opt), -EINVAL);
	}
	assert_int_equal(hpcap_index_create(&x, AT_FDCWD, "/nonexistent/x", NULL), -ENOENT);
	assert_int_equal(access(model_index, F_OK), -1);
}

static void test_sum(void **state)
{
	static uint8_t run[50000];
	uint32_t sum = 0;
	size_t i;

	(void)state;
	assert_int_equal(hpcap_crc32c(0, "123456789", 9), 0xe3069283u);
	assert_int_equal(hpcap_crc32c(hpcap_crc32c(0, "12345", 5), "6789", 4), 0xe3069283u);
	assert_int_equal(hpcap_crc32c(0, "", 0), 0);
	/* long runs take another way than short ones */
	for (i = 0; i < sizeof(run); i++)
		run[i] = (uint8_t)(i * 7 + i / 251);
	for (i = 0; i < sizeof(run); i += 100)
		sum = hpcap_crc32c(sum, run + i, sizeof(run) - i < 100 ? sizeof(run) - i : 100);
	assert_int_equal(hpcap_crc32c(0, run, sizeof(run)), sum);
	assert_int_equal(
		hpcap_crc32c(hpcap_crc32c(0, run, 12289), run + 12289, sizeof(run) - 12289),
		sum);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_windows), TEST(test_stale), TEST(test_unfinished),
		TEST(test_append),  TEST(test_feed),  TEST(test_wrong_use),
		TEST(test_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
