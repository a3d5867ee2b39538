// SPDX-License-Identifier: GPL-2.0-or-later
/* The RAW reader on random files, random bytes, and a pipe. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include "raw_model.h"

static struct hpcap_raw_report rep;

/* Read it all: frames 0, 1, ... must come. Returns how many. */
static uint32_t read_path(const char *path)
{
	struct hpcap_record rec;
	struct hpcap_raw *raw;
	uint32_t n = 0;
	int ret;

	assert_int_equal(hpcap_raw_open(&raw, path), 0);
	while ((ret = hpcap_raw_next(raw, &rec)) > 0)
		assert_true(is_frame(&rec, n++));
	assert_int_equal(ret, 0);
	assert_int_equal(hpcap_raw_next(raw, &rec), 0);
	rep = *hpcap_raw_report(raw);
	assert_int_equal(rep.records, n);
	hpcap_raw_close(raw);
	return n;
}

static uint32_t read_bytes(struct bytes *b)
{
	struct memory_file f = memory_file(b);
	uint32_t n = read_path(f.path);

	close(f.fd);
	assert_true(rep.looks_like || rep.bytes == b->size);
	if (!rep.looks_like)
		assert_int_equal(rep.bytes, rep.caplen_bytes + 12 * rep.records +
						    rep.pad_bytes + rep.skipped_bytes);
	bytes_free(b);
	return n;
}

/* Random files in the layouts of HPCAP4 and hpcap40g, cut at random. */
static void test_random_layouts(void **state)
{
	uint32_t seed = 1, round;

	(void)state;
	for (round = 0; round < 400; round++) {
		uint32_t nr = model_random(&seed) % 300, n = 0, whole = 0;
		uint32_t layout = model_random(&seed) % 4;
		struct bytes b = {0};
		size_t cut;

		if (layout & 1)
			bytes_pad(&b, (uint16_t)(model_random(&seed) % 1500));
		for (n = 0; n < nr; n++) {
			uint16_t len = (uint16_t)(1 + model_random(&seed) % 3000);
			uint16_t cap = model_random(&seed) % 4 ? len : (uint16_t)(1 + len / 2);

			bytes_frame(&b, n, cap, len);
		}
		if (layout & 2)
			bytes_pad(&b, (uint16_t)(model_random(&seed) % 1500));
		cut = model_random(&seed) % 2 ? model_random(&seed) % (b.size + 1) : 0;
		b.size -= cut;
		whole = read_bytes(&b);
		assert_true(whole <= nr);
		if (!cut)
			assert_int_equal(whole, nr);
		assert_int_equal(hpcap_raw_whole(&rep), rep.bytes >= 12);
	}
}

/* Whatever the bytes are, it ends, and each byte is accounted for. */
static void test_random_bytes(void **state)
{
	uint32_t seed = 99, round;

	(void)state;
	for (round = 0; round < 200; round++) {
		uint32_t size = model_random(&seed) % 20000, i;
		uint8_t mask = round % 3 ? 0xff : 0x03;
		struct hpcap_record rec;
		struct hpcap_raw *raw;
		struct memory_file f;
		struct bytes b = {0};

		for (i = 0; i < size; i++) {
			uint8_t byte = (uint8_t)model_random(&seed) & mask;

			bytes_add(&b, &byte, 1);
		}
		f = memory_file(&b);
		assert_int_equal(hpcap_raw_open(&raw, f.path), 0);
		while (hpcap_raw_next(raw, &rec) > 0)
			assert_true(rec.caplen && rec.caplen <= rec.len);
		rep = *hpcap_raw_report(raw);
		assert_int_equal(rep.bytes, rep.caplen_bytes + 12 * rep.records +
						    rep.pad_bytes + rep.skipped_bytes);
		hpcap_raw_close(raw);
		close(f.fd);
		bytes_free(&b);
	}
}

struct feed {
	int fd;
	const struct bytes *b;
};

static void *feed(void *arg)
{
	struct feed *f = arg;
	uint32_t seed = 3;
	size_t done = 0;

	while (done < f->b->size) {
		size_t n = 1 + model_random(&seed) % 5000;

		if (n > f->b->size - done)
			n = f->b->size - done;
		assert_int_equal(write(f->fd, f->b->p + done, n), n);
		done += n;
	}
	close(f->fd);
	return NULL;
}

static void test_pipe(void **state)
{
	struct bytes b = {0};
	struct feed f;
	char path[32];
	pthread_t t;
	uint32_t n;
	int fd[2];

	(void)state;
	for (n = 0; n < 3000; n++)
		bytes_frame(&b, n, 700, 700);
	assert_int_equal(pipe(fd), 0);
	f = (struct feed){fd[1], &b};
	pthread_create(&t, NULL, feed, &f);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd[0]);
	assert_int_equal(read_path(path), 3000);
	pthread_join(t, NULL);
	close(fd[0]);
	bytes_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_layouts),
		cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
