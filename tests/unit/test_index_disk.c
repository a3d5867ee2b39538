// SPDX-License-Identifier: GPL-2.0-or-later
/* An index that was cut or damaged: never a lie. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "unit/t.h"
#include "unit/index_model.h"

static uint8_t *slurp(size_t *size)
{
	static uint8_t buf[1 << 20];
	int fd = open(model_index, O_RDONLY);
	ssize_t n = read(fd, buf, sizeof(buf));

	assert_true(n > 0);
	close(fd);
	*size = (size_t)n;
	return buf;
}

static void spill(const uint8_t *p, size_t size)
{
	int fd = open(model_index, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, p, size), size);
	close(fd);
}

/* Wherever an index ends: what it says is true as far as it goes. */
static void test_cut(void **state)
{
	struct hpcap_index_map *m;
	uint64_t last = 0;
	size_t size, cut;
	uint8_t *p;

	(void)state;
	model_make(7, 5);
	model_index_write(NULL, FRAMES, true);
	p = slurp(&size);
	for (cut = 0; cut < size; cut++) {
		spill(p, cut);
		if (cut < INDEX_HEAD) {
			assert_int_equal(hpcap_index_open(&m, model_path, model_end), -EBADMSG);
			continue;
		}
		assert_int_equal(hpcap_index_open(&m, model_path, model_end), 0);
		assert_false(hpcap_index_info(m)->whole);
		assert_int_equal(hpcap_index_info(m)->cut,
				 (cut - INDEX_HEAD) % INDEX_BLOCK_LEN != 0);
		assert_int_equal(hpcap_index_info(m)->blocks,
				 (cut - INDEX_HEAD) / INDEX_BLOCK_LEN);
		assert_true(hpcap_index_info(m)->file_end >= last);
		last = hpcap_index_info(m)->file_end;
		assert_int_equal(hpcap_index_load(m), 0);
		if (cut % 40 == 0)
			model_window(m, model[500].ns, model[900].ns, NULL, 0);
		hpcap_index_close(m);
	}
	assert_int_equal(last, model_end);
}

/* One wrong byte: it is noticed, and what is still used is true. */
static void test_damaged(void **state)
{
	const struct hpcap_index_options fine = {.every_ns = 500000000, .bloom_bytes = 64};
	struct hpcap_index_map *m;
	size_t size, at;
	uint8_t *p;
	int err;

	(void)state;
	model_make(8, 5);
	model_index_write(&fine, FRAMES, true);
	p = slurp(&size);
	for (at = 0; at < size; at++) {
		p[at] ^= 0x10;
		spill(p, size);
		p[at] ^= 0x10;
		err = hpcap_index_open(&m, model_path, model_end);
		if (err) {
			assert_true(err == -EBADMSG || err == -EPROTO);
			assert_true(at < INDEX_HEAD);
			continue;
		}
		err = hpcap_index_load(m);
		if (at < size - INDEX_BLOCK_LEN)
			assert_int_equal(err, -EBADMSG);
		else
			assert_false(hpcap_index_info(m)->whole);
		hpcap_index_close(m);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, model_setup, model_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cut),
		TEST(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
