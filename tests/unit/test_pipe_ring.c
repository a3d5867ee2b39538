// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring between pipe and disk: every frame once, in order, between two threads. */
#include "unit/t.h"
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <tools/pipe_ring.h>
#include "raw_model.h"

enum {
	FRAMES = 100000
};

static struct pipe_ring ring;

static struct hpcap_frame frame_of(uint32_t n, uint8_t *data)
{
	uint32_t seed = n + 1;
	struct hpcap_frame f = {.has_time = true, .iface = n % 3, .linktype = 1, .drops = n};

	f.rec.caplen = model_random(&seed) % 2000;
	f.rec.len = f.rec.caplen + n % 2;
	f.rec.sec = n;
	f.rec.nsec = n % 1000;
	f.rec.data = data;
	memset(data, (int)(n & 0xff), f.rec.caplen);
	if (n % 5 == 0) {
		f.comment = "five";
		f.comment_len = 4;
	}
	return f;
}

static void assert_frame(const struct hpcap_frame *f, uint32_t n)
{
	uint8_t data[2048];
	struct hpcap_frame want = frame_of(n, data);

	assert_int_equal(f->rec.sec, n);
	assert_int_equal(f->rec.nsec, want.rec.nsec);
	assert_int_equal(f->rec.caplen, want.rec.caplen);
	assert_int_equal(f->rec.len, want.rec.len);
	assert_int_equal(f->iface, want.iface);
	assert_int_equal(f->drops, n);
	if (want.rec.caplen)
		assert_memory_equal(f->rec.data, data, want.rec.caplen);
	assert_int_equal(f->comment_len, want.comment_len);
	if (want.comment_len)
		assert_memory_equal(f->comment, "five", 4);
}

static void *put_all(void *arg)
{
	uint8_t data[2048];
	uint32_t n;

	(void)arg;
	for (n = 0; n < FRAMES; n++) {
		struct hpcap_frame f = frame_of(n, data);

		while (!pipe_ring_put(&ring, &f))
			sched_yield();
	}
	return NULL;
}

static void test_threads(void **state)
{
	struct hpcap_iface iface;
	struct hpcap_frame f;
	pthread_t thread;
	uint32_t n = 0;

	(void)state;
	assert_int_equal(pipe_ring_init(&ring, 100000), 0);
	assert_int_equal(ring.size, 1 << 17);
	assert_int_equal(pthread_create(&thread, NULL, put_all, NULL), 0);
	while (n < FRAMES) {
		int kind = pipe_ring_get(&ring, &f, &iface);

		if (!kind) {
			sched_yield();
			continue;
		}
		assert_int_equal(kind, 1);
		assert_frame(&f, n++);
		if (n % 7 == 0)
			pipe_ring_give_back(&ring);
	}
	pipe_ring_give_back(&ring);
	pthread_join(thread, NULL);
	assert_int_equal(pipe_ring_get(&ring, &f, &iface), 0);
	assert_int_equal(pipe_ring_used(&ring), 0);
	assert_true(pipe_ring_high(&ring) > 2000 && pipe_ring_high(&ring) <= ring.size);
	pipe_ring_deinit(&ring);
}

/* Full is full: what was put comes out, what did not fit was refused. */
static void test_full(void **state)
{
	struct hpcap_iface eth = {.linktype = 1, .name = "eth7"}, iface;
	uint8_t data[2048];
	struct hpcap_frame f;
	uint32_t in = 0, out = 0, turn;

	(void)state;
	assert_int_equal(pipe_ring_init(&ring, 1), 0);
	assert_true(pipe_ring_put_iface(&ring, &eth));
	assert_int_equal(pipe_ring_get(&ring, &f, &iface), 2);
	assert_string_equal(iface.name, "eth7");
	pipe_ring_give_back(&ring);
	for (turn = 0; turn < 300; turn++) {
		uint32_t first = in;

		for (;;) {
			f = frame_of(in, data);
			if (!pipe_ring_put(&ring, &f))
				break;
			in++;
		}
		assert_true(in > first);
		assert_true(pipe_ring_used(&ring) + 4200 > ring.size);
		while (out < in - turn % 3) {
			assert_int_equal(pipe_ring_get(&ring, &f, &iface), 1);
			assert_frame(&f, out++);
		}
		pipe_ring_give_back(&ring);
	}
	pipe_ring_deinit(&ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
