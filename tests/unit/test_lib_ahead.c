// SPDX-License-Identifier: GPL-2.0-or-later
/* A file read ahead in pieces by several threads is that file, up to where it cannot be read. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ahead.h"
#include "unit/t.h"

enum {
	SLOT = 2 << 20,
	LARGE = 7 * SLOT + 777, /* more than all slots together hold */
};

static const size_t sizes[] = {0, 1, 4095, SLOT - 1, SLOT, SLOT + 1, 6 * SLOT, LARGE};
static uint8_t bytes[LARGE];
static uint64_t bad_at;
static bool slow;

ssize_t __real_pread(int fd, void *buf, size_t size, off_t off);
ssize_t __wrap_pread(int fd, void *buf, size_t size, off_t off);

/* A disk that has a place which cannot be read, and reads ask several times for a piece. */
ssize_t __wrap_pread(int fd, void *buf, size_t size, off_t off)
{
	const uint64_t at = (uint64_t)off;

	if (at <= bad_at && at + size > bad_at)
		size = bad_at - at;
	if (at == bad_at) {
		errno = EIO;
		return -1;
	}
	if (slow) {
		if (at / SLOT % 2)
			usleep(3000);
		size = size > 300000 ? 300000 : size;
	}
	return __real_pread(fd, buf, size, off);
}

static int make(size_t size)
{
	char path[] = "/tmp/test_lib_ahead.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, bytes, size), size);
	return fd;
}

/* Reads to the end, in pieces of any size: what comes is what lies there. */
static void follow(int fd, uint64_t from, uint64_t end, uint64_t limit, int last)
{
	static uint8_t got[SLOT];
	struct hpcap_ahead *a;
	uint64_t pos = from;
	ssize_t n;

	assert_int_equal(hpcap_ahead_create(&a, fd, from, limit), 0);
	while ((n = hpcap_ahead_read(a, got, 1 + (size_t)rand() % sizeof(got))) > 0) {
		assert_true(pos + (uint64_t)n <= end);
		assert_memory_equal(got, bytes + pos, (size_t)n);
		pos += (uint64_t)n;
	}
	assert_int_equal(n, last);
	assert_int_equal(pos, from > end ? from : end);
	assert_int_equal(hpcap_ahead_read(a, got, 1), last);
	hpcap_ahead_destroy(a);
}

static void test_all(void **state)
{
	static const uint64_t froms[] = {0, 1, 4096, 4097, SLOT - 1, SLOT + 100};
	unsigned int i, k;
	int fd;

	(void)state;
	bad_at = UINT64_MAX;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		fd = make(sizes[i]);
		for (k = 0; k < sizeof(froms) / sizeof(froms[0]); k++)
			follow(fd, froms[k], sizes[i], UINT64_MAX, 0);
		close(fd);
	}
}

static void test_limit(void **state)
{
	static const uint64_t limits[] = {0, 1, 4096, SLOT, SLOT + 1, 5 * SLOT - 3, LARGE};
	unsigned int i;
	int fd = make(LARGE);

	(void)state;
	bad_at = UINT64_MAX;
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		follow(fd, 0, limits[i], limits[i], 0);
	close(fd);
}

/* Slots are filled out of turn, by many reads each. */
static void test_slow(void **state)
{
	int fd = make(LARGE);

	(void)state;
	bad_at = UINT64_MAX;
	slow = true;
	follow(fd, 12345, LARGE, UINT64_MAX, 0);
	slow = false;
	close(fd);
}

/* All there is before a place that cannot be read, then why no more. */
static void test_bad(void **state)
{
	static const uint64_t bad[] = {0, 512, SLOT - 512, SLOT, 3 * SLOT + 4096, 6 * SLOT};
	unsigned int i;
	int fd = make(LARGE);

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		bad_at = bad[i];
		follow(fd, 0, bad_at, UINT64_MAX, -EIO);
	}
	close(fd);
}

/* Who ends early leaves no thread behind, whatever it does just then. */
static void test_early(void **state)
{
	int fd = make(LARGE), i;
	struct hpcap_ahead *a;
	uint8_t one;

	(void)state;
	bad_at = UINT64_MAX;
	for (i = 0; i < 50; i++) {
		assert_int_equal(hpcap_ahead_create(&a, fd, 0, UINT64_MAX), 0);
		if (i % 2)
			assert_int_equal(hpcap_ahead_read(a, &one, 1), 1);
		usleep((useconds_t)(i * 40));
		hpcap_ahead_destroy(a);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),   cmocka_unit_test(test_limit),
		cmocka_unit_test(test_slow),  cmocka_unit_test(test_bad),
		cmocka_unit_test(test_early),
	};
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)rand();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
