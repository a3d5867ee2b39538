// SPDX-License-Identifier: GPL-2.0-or-later
/* A strict listener over a device made of memory: open, read, wait, errors. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap.h>
#include "unit/fake_dev.h"

#define RING HPCAP_RING_MIN
#define MS   1000000ll

static struct hpcap_handle h;

static int setup(void **state)
{
	(void)state;
	fake_dev_create(RING);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_dev_destroy();
	return 0;
}

static void open_map(void)
{
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), 0);
	assert_int_equal(hpcap_map(&h), HPCAP_OK);
}

/* Frame n carries n in its first bytes; its length follows from n. */
static uint32_t length(uint32_t n)
{
	return 60 + n * 37 % 1455;
}

static bool put(uint32_t n)
{
	uint8_t frame[1600];

	memset(frame, (int)(n & 0xff), length(n));
	memcpy(frame, &n, sizeof(n));
	return fake_dev_put(1000 + n, n % 1000000000, frame, length(n), length(n));
}

static void check(const struct hpcap_record *rec, uint32_t n)
{
	uint32_t got;

	memcpy(&got, rec->data, sizeof(got));
	assert_int_equal(got, n);
	assert_int_equal(rec->sec, 1000 + n);
	assert_int_equal(rec->caplen, length(n));
	assert_int_equal(rec->len, length(n));
	assert_int_equal(rec->data[rec->caplen - 1], n & 0xff);
}

static void test_open_errors(void **state)
{
	const struct hpcap_options long_name = {
		.name = "a name of far more than 31 characters"};
	const struct hpcap_options bad_mode = {.mode = 7};

	(void)state;
	assert_int_equal(hpcap_open_with(&h, 0, 1, NULL), -ENOENT);
	assert_int_equal(hpcap_open_with(&h, -1, 0, NULL), -EINVAL);
	assert_int_equal(hpcap_open_with(&h, 0, 0, &long_name), -EINVAL);
	assert_int_equal(hpcap_open_with(&h, 0, 0, &bad_mode), -EINVAL);
	fake_dev_fail_attach(EUSERS);
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), -EUSERS);
	fake_dev_fail_attach(0);
	fake_dev_set_abi(HPCAP_ABI + 1);
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), -EPROTO);
	assert_int_equal(h.fd, -1);
	assert_int_equal(hpcap_close(&h), HPCAP_OK);
	assert_non_null(hpcap_strerror(-EPROTO));
	assert_non_null(hpcap_strerror(-99999));
}

static void test_wrong_magic(void **state)
{
	(void)state;
	fake_dev_set_magic(0x12345678);
	assert_int_equal(hpcap_open_with(&h, 0, 0, NULL), 0);
	assert_int_equal(hpcap_map(&h), HPCAP_ERR);
	assert_int_equal(errno, EPROTO);
	assert_null(h.buf);
	hpcap_close(&h);
}

static void test_control(void **state)
{
	const struct hpcap_options control = {.control = true};
	struct hpcap_stats stats;
	struct hpcap_info info;

	(void)state;
	assert_int_equal(hpcap_open_with(&h, 0, 0, &control), 0);
	assert_int_equal(fake_dev_listeners(), 0);
	assert_int_equal(hpcap_get_info(&h, &info), 0);
	assert_int_equal(info.ring_size, RING);
	assert_int_equal(hpcap_get_stats(&h, &stats), 0);
	hpcap_close(&h);
	assert_int_equal(hpcap_close(&h), HPCAP_OK);
}

/* Many rings' worth, in one thread: order, wrap, no system call for a frame. */
static void test_read(void **state)
{
	struct hpcap_record rec;
	uint32_t sent = 0, got = 0;
	unsigned int calls;

	(void)state;
	open_map();
	assert_int_equal(hpcap_next(&h, &rec), 0);
	calls = fake_dev_calls();
	while (got < 20000) {
		while (sent < got + 500 && put(sent))
			sent++;
		fake_dev_commit();
		while (hpcap_next(&h, &rec) > 0)
			check(&rec, got++);
		hpcap_ack(&h);
		assert_int_equal(h.acks, 0);
		assert_int_equal(h.avail, 0);
	}
	assert_int_equal(fake_dev_calls(), calls);
	assert_int_equal(fake_dev_ack(0), fake_dev_committed());
	hpcap_close(&h);
}

/* Nothing uncommitted is seen; what is not given back is not overwritten. */
static void test_full_ring(void **state)
{
	struct hpcap_record rec, first;
	uint32_t sent = 0, got = 0;

	(void)state;
	open_map();
	put(sent++);
	assert_int_equal(hpcap_next(&h, &rec), 0);
	while (put(sent))
		sent++;
	fake_dev_commit();
	assert_int_equal(hpcap_next(&h, &first), 1);
	got = 1;
	while (hpcap_next(&h, &rec) > 0)
		check(&rec, got++);
	assert_int_equal(got, sent);
	check(&first, 0);
	assert_int_equal(hpcap_missed(&h), 1);
	assert_false(put(sent));
	hpcap_ack(&h);
	assert_true(put(sent));
	assert_int_equal(hpcap_missed(&h), 2);
	hpcap_close(&h);
}

static void *produce(void *arg)
{
	uint32_t nr = *(uint32_t *)arg, n;

	for (n = 0; n < nr; n++) {
		while (!put(n))
			usleep(50);
		if (n % 17 == 0)
			fake_dev_commit();
		if (n % 5000 == 0)
			usleep(2000);
	}
	fake_dev_commit();
	return NULL;
}

static void test_threads(void **state)
{
	uint32_t nr = 100000, got = 0;
	struct hpcap_record rec;
	pthread_t t;

	(void)state;
	open_map();
	pthread_create(&t, NULL, produce, &nr);
	while (got < nr) {
		assert_int_equal(hpcap_wait_for(&h, 1, -1), 0);
		while (hpcap_next(&h, &rec) > 0)
			check(&rec, got++);
	}
	pthread_join(t, NULL);
	hpcap_close(&h);
}

/* Spans carry the same bytes and count the same frames as hpcap_next(). */
static void test_spans(void **state)
{
	uint64_t limits[] = {100, 5000, 65535, 65536, 200000, UINT64_MAX / 2};
	uint32_t sent = 0, got = 0, round;
	struct hpcap_span span;

	(void)state;
	open_map();
	for (round = 0; round < 3000; round++) {
		uint64_t max = limits[round % 6], max_frames = round % 4 ? 0 : 1 + round % 900;
		uint64_t at = 0;
		int ret;

		while (sent < got + 700 && put(sent))
			sent++;
		fake_dev_commit();
		ret = hpcap_next_span(&h, max, max_frames, &span);
		if (ret == -EMSGSIZE) {
			assert_true(max < 12 + length(got));
			continue;
		}
		assert_int_equal(ret, 1);
		assert_true(span.bytes && span.bytes <= max);
		assert_true(!max_frames || span.frames <= max_frames);
		while (at < span.bytes) {
			uint32_t n;

			memcpy(&n, span.data + at + 12, sizeof(n));
			assert_int_equal(n, got++);
			at += 12 + length(n);
			span.frames--;
		}
		assert_int_equal(at, span.bytes);
		assert_int_equal(span.frames, 0);
		if (got < sent && max_frames == 0)
			assert_true(at + 12 + length(got) > max);
		hpcap_ack(&h);
	}
	hpcap_close(&h);
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void test_waits(void **state)
{
	const struct sigaction action = {.sa_handler = on_alarm};
	struct hpcap_record rec;
	int64_t begin;

	(void)state;
	open_map();
	begin = now();
	assert_int_equal(hpcap_wait_for(&h, 1, 0), -ETIMEDOUT);
	assert_true(now() - begin < 1000 * MS);
	begin = now();
	assert_int_equal(hpcap_wait_for(&h, 1, 30 * MS), -ETIMEDOUT);
	assert_true(now() - begin >= 30 * MS);
	sigaction(SIGALRM, &action, NULL);
	ualarm(20000, 20000);
	assert_int_equal(hpcap_wait_for(&h, 1, -1), -EINTR);
	ualarm(0, 0);

	put(0);
	fake_dev_commit();
	assert_int_equal(hpcap_wait_for(&h, 1, -1), 0);
	assert_int_equal(hpcap_wait_for(&h, 1000000, 10 * MS), -ETIMEDOUT);
	assert_int_equal(hpcap_next(&h, &rec), 1);
	check(&rec, 0);
	assert_int_equal(hpcap_wait_for(&h, 1, 0), -ETIMEDOUT);

	/* More than half the ring is half the ring. */
	while (fake_dev_committed() - fake_dev_ack(0) < RING / 2) {
		put(1);
		fake_dev_commit();
	}
	assert_int_equal(hpcap_wait_for(&h, 100 * RING, -1), 0);
	hpcap_close(&h);
}

/* The device goes: what was committed can still be read, then ENODEV. */
static void test_gone(void **state)
{
	struct hpcap_record rec;

	(void)state;
	open_map();
	put(0);
	fake_dev_commit();
	fake_dev_gone();
	assert_int_equal(hpcap_wait_for(&h, 1000000, -1), 0);
	assert_int_equal(hpcap_next(&h, &rec), 1);
	assert_int_equal(hpcap_wait_for(&h, 1, -1), -ENODEV);
	hpcap_close(&h);
}

static void test_expelled(void **state)
{
	(void)state;
	open_map();
	fake_dev_put_out(0, HPCAP_LISTENER_EXPELLED);
	assert_int_equal(hpcap_wait_for(&h, 1, -1), -ECANCELED);
	hpcap_close(&h);
}

/* Evicted in the middle of what it has seen: told so before it reads on. */
static void test_evicted(void **state)
{
	struct hpcap_record rec;
	struct hpcap_span span;
	uint8_t copy[1600];

	(void)state;
	open_map();
	for (uint32_t n = 0; n < 4; n++)
		put(n);
	fake_dev_commit();
	assert_int_equal(hpcap_next(&h, &rec), 1);
	assert_true(hpcap_valid(&h, rec.pos));
	fake_dev_put_out(0, HPCAP_LISTENER_EVICTED);
	assert_false(hpcap_valid(&h, rec.pos));
	assert_int_equal(hpcap_next(&h, &rec), -ETIME);
	assert_int_equal(hpcap_next_copy(&h, &rec, copy, sizeof(copy)), -ETIME);
	assert_int_equal(hpcap_next_span(&h, RING, 0, &span), -ETIME);
	assert_int_equal(hpcap_wait_for(&h, 1, -1), -ETIME);
	hpcap_close(&h);
}

/* A ring with nonsense in it: an error, no endless loop, nothing read beyond. */
static void test_damaged_ring(void **state)
{
	struct hpcap_record rec;
	struct hpcap_span span;
	uint8_t frame[100] = {0};

	(void)state;
	open_map();
	fake_dev_put(1, 1, frame, 60, 59);
	fake_dev_commit();
	assert_int_equal(hpcap_next(&h, &rec), -EBADMSG);
	assert_int_equal(hpcap_next_span(&h, RING, 0, &span), -EBADMSG);
	hpcap_close(&h);
}

static void test_all_places(void **state)
{
	struct hpcap_handle many[HPCAP_MAX_LISTENERS], ninth;
	int i;

	(void)state;
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		assert_int_equal(hpcap_open_with(&many[i], 0, 0, NULL), 0);
	assert_int_equal(hpcap_open_with(&ninth, 0, 0, NULL), -EUSERS);
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		hpcap_close(&many[i]);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_open_errors), TEST(test_wrong_magic), TEST(test_control),
		TEST(test_read),	TEST(test_full_ring),	TEST(test_threads),
		TEST(test_spans),	TEST(test_waits),	TEST(test_gone),
		TEST(test_expelled),	TEST(test_evicted),	TEST(test_damaged_ring),
		TEST(test_all_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
