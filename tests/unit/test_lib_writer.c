// SPDX-License-Identifier: GPL-2.0-or-later
/* The RAW writer: every file whole, of its exact size, records in order. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "raw_model.h"

static char dir[64];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/test_lib_writer.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int drop_dir(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static struct hpcap_writer *writer(uint64_t file_size, uint32_t block, uint32_t flags)
{
	const struct hpcap_writer_options opt = {
		.dir = dir,
		.adapter = 3,
		.queue = 1,
		.file_size = file_size,
		.block = block,
		.flags = flags,
	};
	struct hpcap_writer *w;

	assert_int_equal(hpcap_writer_create(&w, &opt), 0);
	return w;
}

/* The model's frame n as a record. */
static struct hpcap_record frame(struct bytes *b, uint32_t n, uint16_t len)
{
	b->size = 0;
	bytes_frame(b, n, len, len);
	return (struct hpcap_record){
		.sec = MODEL_SEC + n / 1000,
		.nsec = n % 1000 * 1000000 + 1,
		.caplen = len,
		.len = len,
		.data = b->p + 12,
	};
}

/* Frames of a file, from *n on; its size; its report. */
static off_t check_file(const char *path, uint32_t *n, struct hpcap_raw_report *rep)
{
	char full[256];
	struct hpcap_record rec;
	struct hpcap_raw *raw;
	struct stat st;

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	assert_int_equal(stat(full, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(hpcap_raw_open(&raw, full), 0);
	while (hpcap_raw_next(raw, &rec) > 0) {
		assert_true(is_frame(&rec, *n));
		(*n)++;
	}
	*rep = *hpcap_raw_report(raw);
	hpcap_raw_close(raw);
	return st.st_size;
}

static void assert_zero_filler(const char *path, uint64_t pad_at, uint64_t size)
{
	uint8_t buf[65535 + 12];
	char full[256];
	uint64_t i;
	int fd;

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	fd = open(full, O_RDONLY);
	assert_true(size - pad_at <= sizeof(buf));
	assert_int_equal(pread(fd, buf, size - pad_at, (off_t)pad_at), size - pad_at);
	close(fd);
	assert_int_equal(buf[8] | buf[9] << 8, size - pad_at - 12);
	assert_int_equal(buf[10] | buf[11] << 8, size - pad_at - 12);
	for (i = 12; i < size - pad_at; i++)
		assert_int_equal(buf[i], 0);
}

/* Write random frames until some files are full; then every law must hold. */
static void one_round(uint32_t seed, uint64_t file_size, uint32_t block, uint32_t flags,
		      uint32_t len_max)
{
	struct hpcap_writer *w = writer(file_size, block, flags);
	char paths[16][96];
	uint32_t nr = 0, n = 0, files = 0, i;
	struct bytes b = {0};
	uint64_t total = 0;

	while (hpcap_writer_report(w)->files < 6) {
		uint16_t len = (uint16_t)(1 + model_random(&seed) % len_max);
		struct hpcap_record rec = frame(&b, nr++, len);

		assert_int_equal(hpcap_writer_put(w, &rec), 0);
		if (files != hpcap_writer_report(w)->files)
			strcpy(paths[files++], hpcap_writer_report(w)->path);
	}
	assert_int_equal(hpcap_writer_finish(w), 0);
	for (i = 0; i < files; i++) {
		struct hpcap_raw_report rep;
		off_t size = check_file(paths[i], &n, &rep);

		total += (uint64_t)size;
		assert_true(hpcap_raw_whole(&rep));
		assert_true(rep.records > 0);
		if (i == files - 1 || flags & HPCAP_WRITER_NO_PAD) {
			assert_int_equal(rep.pads, 0);
			assert_true((uint64_t)size <= file_size);
			continue;
		}
		assert_int_equal(size, file_size);
		assert_int_equal(rep.pads, 1);
		assert_int_equal(rep.count[HPCAP_RAW_PAD_LAST], 1);
		assert_zero_filler(paths[i], rep.first[HPCAP_RAW_PAD_LAST], file_size);
	}
	assert_int_equal(n, nr);
	assert_int_equal(hpcap_writer_report(w)->bytes, total);
	hpcap_writer_destroy(w);
	bytes_free(&b);
}

static void test_layout(void **state)
{
	static const uint32_t blocks[] = {4096, 8192, 12288, 1 << 20};
	uint32_t round;

	(void)state;
	for (round = 0; round < 24; round++) {
		uint32_t flags = round % 2 ? HPCAP_WRITER_DIRECT : 0;
		uint64_t size = HPCAP_FILE_SIZE_MIN + 4096 * (round % 5);

		if (round % 6 == 5)
			flags |= HPCAP_WRITER_NO_PAD;
		one_round(round + 1, size, blocks[round % 4], flags,
			  round % 3 ? 3000 : HPCAP_CAPLEN_MAX);
	}
}

/* The record that leaves exactly a pad header, one less, one more. */
static void test_exact_end(void **state)
{
	int over;

	(void)state;
	for (over = -1; over <= 1; over++) {
		struct hpcap_writer *w = writer(HPCAP_FILE_SIZE_MIN, 4096, 0);
		struct hpcap_raw_report rep;
		struct hpcap_record rec;
		struct bytes b = {0};
		char first[96];
		uint32_t n = 0;

		rec = frame(&b, 0, 60000);
		assert_int_equal(hpcap_writer_put(w, &rec), 0);
		strcpy(first, hpcap_writer_report(w)->path);
		rec = frame(&b, 1, 60000);
		assert_int_equal(hpcap_writer_put(w, &rec), 0);
		rec = frame(&b, 2, (uint16_t)(hpcap_writer_room(w) - 12 + over));
		assert_int_equal(hpcap_writer_put(w, &rec), 0);
		rec = frame(&b, 3, 60);
		assert_int_equal(hpcap_writer_put(w, &rec), 0);
		assert_int_equal(hpcap_writer_finish(w), 0);
		assert_int_equal(check_file(first, &n, &rep), HPCAP_FILE_SIZE_MIN);
		assert_int_equal(n, over > 0 ? 2 : 3);
		assert_int_equal(rep.count[HPCAP_RAW_PAD_EMPTY], over == 0);
		hpcap_writer_destroy(w);
		bytes_free(&b);
	}
}

/* Many whole records at a time, from any alignment. */
static void test_append(void **state)
{
	struct hpcap_writer *w = writer(4 << 20, 65536, HPCAP_WRITER_DIRECT);
	uint8_t *aligned = aligned_alloc(4096, 2 << 20);
	struct bytes b = {0};
	uint32_t i;
	size_t shift;

	(void)state;
	for (i = 0; b.size < 1 << 20; i++)
		bytes_frame(&b, i, 1000, 1000);
	for (shift = 0; shift < 3; shift++) {
		uint32_t sec = MODEL_SEC;

		memcpy(aligned + shift, b.p, b.size);
		memcpy(aligned + shift, &sec, 4);
		assert_int_equal(hpcap_writer_append(w, aligned + shift, b.size), 0);
	}
	assert_int_equal(hpcap_writer_append(w, aligned, 3 << 20), -EMSGSIZE);
	assert_int_equal(hpcap_writer_append(w, aligned, 5), -EINVAL);
	assert_int_equal(hpcap_writer_append(w, aligned, 0), 0);
	assert_true(hpcap_writer_report(w)->direct_bytes >= 1 << 20);
	assert_int_equal(hpcap_writer_finish(w), 0);
	assert_int_equal(hpcap_writer_report(w)->bytes, 3 * b.size);
	hpcap_writer_destroy(w);
	free(aligned);
	bytes_free(&b);
}

/* Names: floor of 1800 s, the first frame's second, never an old file. */
static void test_names(void **state)
{
	struct hpcap_writer *w;
	struct hpcap_record rec;
	struct bytes b = {0};
	char want[96];
	struct stat st;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		w = writer(0, 0, 0);
		assert_int_equal(hpcap_writer_finish(w), 0);
		assert_int_equal(hpcap_writer_report(w)->files, 0);
		rec = frame(&b, 5000000, 60);
		assert_int_equal(hpcap_writer_put(w, &rec), 0);
		assert_int_equal(hpcap_writer_finish(w), 0);
		snprintf(want, sizeof(want),
			 i ? "%u/%u_hpcap3_1n%04d.raw" : "%u/%u_hpcap3_1.raw",
			 (MODEL_SEC + 5000) / 1800 * 1800, MODEL_SEC + 5000, i);
		assert_string_equal(hpcap_writer_report(w)->path, want);
		hpcap_writer_destroy(w);
	}
	snprintf(want, sizeof(want), "%s/%u", dir, (MODEL_SEC + 5000) / 1800 * 1800);
	assert_int_equal(stat(want, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0750);
	bytes_free(&b);
}

/* No space left, here by a limit: one error, whole records only on the disk. */
static void test_disk_full(void **state)
{
	const struct rlimit no_limit = {RLIM_INFINITY, RLIM_INFINITY};
	const struct rlimit limit = {100000, RLIM_INFINITY};
	struct hpcap_writer *w = writer(1 << 20, 65536, 0);
	struct hpcap_raw_report rep;
	struct hpcap_record rec;
	struct bytes b = {0};
	uint32_t n = 0, i;
	int err = 0;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	for (i = 0; !err; i++) {
		rec = frame(&b, i, 1000);
		err = hpcap_writer_put(w, &rec);
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &no_limit), 0);
	assert_int_equal(err, -EFBIG);
	assert_int_equal(hpcap_writer_put(w, &rec), -EFBIG);
	assert_int_equal(hpcap_writer_finish(w), -EFBIG);
	assert_int_equal(check_file(hpcap_writer_report(w)->path, &n, &rep),
			 100000 / 1012 * 1012);
	assert_int_equal(n, 100000 / 1012);
	assert_false(rep.count[HPCAP_RAW_CUT]);
	hpcap_writer_destroy(w);
	bytes_free(&b);
}

static void test_bad_use(void **state)
{
	struct hpcap_writer_options opt = {.dir = "/nonexistent"};
	struct hpcap_record rec = {.sec = 1, .caplen = 60, .len = 60};
	static const uint8_t data[70];
	struct hpcap_writer *w;

	(void)state;
	assert_int_equal(hpcap_writer_create(&w, &opt), -ENOENT);
	opt = (struct hpcap_writer_options){.dir = dir, .file_size = 4096};
	assert_int_equal(hpcap_writer_create(&w, &opt), -EINVAL);
	opt = (struct hpcap_writer_options){.dir = dir, .block = 1000};
	assert_int_equal(hpcap_writer_create(&w, &opt), -EINVAL);
	w = writer(0, 0, 0);
	rec.data = data;
	rec.sec = 0;
	assert_int_equal(hpcap_writer_put(w, &rec), -EINVAL);
	rec.sec = 1;
	rec.caplen = 61;
	assert_int_equal(hpcap_writer_put(w, &rec), -EINVAL);
	rec.caplen = 0;
	assert_int_equal(hpcap_writer_put(w, &rec), -EINVAL);
	hpcap_writer_destroy(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_layout, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(test_exact_end, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(test_append, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(test_names, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(test_disk_full, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(test_bad_use, make_dir, drop_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
