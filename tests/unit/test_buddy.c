// SPDX-License-Identifier: GPL-2.0-or-later
/* Chunks: where they end, who may take them, when their bytes go back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "buddy_queue.h"
#include "fake_queue.h"
#include "hpcap_buddy.h"
#include "unit/t.h"

#define SIZE HPCAP_RING_MIN
#define MAX  8

static struct fake_queue q[MAX];
static struct hpcap_buddies *b;

static void start(uint32_t threshold, uint32_t chunk, int nr)
{
	const struct hpcap_buddy_options opt = {.threshold = threshold, .chunk = chunk};
	struct hpcap_handle *h[MAX];
	int i;

	for (i = 0; i < nr; i++) {
		fake_queue_create(&q[i], i, SIZE, HPCAP_STRICT);
		h[i] = &q[i].h;
	}
	assert_int_equal(hpcap_buddies_create(&b, h, (unsigned int)nr, &opt), 0);
}

static void end(int nr)
{
	int i;

	hpcap_buddies_destroy(b);
	for (i = 0; i < nr; i++)
		fake_queue_destroy(&q[i]);
}

/* Frames of @len until @bytes more are in the ring; how many. */
static uint64_t feed(int i, uint64_t bytes, uint32_t len)
{
	const uint64_t until = q[i].head + bytes;
	static uint8_t frame[HPCAP_CAPLEN_MAX];
	uint64_t n = 0;

	for (; q[i].head + HPCAP_REC_LEN + len <= until; n++) {
		memcpy(frame, &q[i].seq, sizeof(q[i].seq));
		if (!fake_queue_put(&q[i], 1000000000 + q[i].seq, frame, len))
			break;
	}
	fake_queue_commit(&q[i]);
	return n;
}

/* All records of a chunk, in order from @seq on; the number after the last. */
static uint64_t walk(struct hpcap_chunk *c, uint64_t seq)
{
	struct hpcap_record rec;
	uint64_t n;
	int ret;

	while ((ret = hpcap_chunk_next(c, &rec)) == 1) {
		memcpy(&n, rec.data, sizeof(n));
		assert_int_equal(n, seq++);
	}
	assert_int_equal(ret, 0);
	return seq;
}

static void chunks_are_whole_records(void **state)
{
	uint64_t seq = 0, pos = 0, n;
	struct hpcap_chunk c;
	unsigned int chunks = 0;

	(void)state;
	start(100, 0, 1);
	assert_int_equal(hpcap_buddy_take(b, 0, &c), 0);
	n = feed(0, 300000, 1000);
	while (hpcap_buddy_take(b, 0, &c)) {
		assert_int_equal(c.pos, pos);
		assert_true(c.bytes <= HPCAP_CHUNK_SIZE + 1012);
		pos += c.bytes;
		seq = walk(&c, seq);
		chunks++;
		hpcap_buddy_return(b, &c);
	}
	assert_int_equal(seq, n);
	assert_int_equal(chunks, 5);
	/* all but the unit in progress is given back */
	assert_true(q[0].cursor->ack > pos - HPCAP_CHUNK_SIZE);
	assert_true(q[0].cursor->ack <= pos);
	end(1);
}

static void bytes_go_back_in_order(void **state)
{
	struct hpcap_chunk c[4];
	int i;

	(void)state;
	start(100, 0, 1);
	feed(0, 5 * HPCAP_CHUNK_SIZE, 1000);
	for (i = 0; i < 4; i++)
		assert_int_equal(hpcap_buddy_take(b, 0, &c[i]), 1);
	hpcap_buddy_return(b, &c[1]);
	hpcap_buddy_return(b, &c[3]);
	assert_int_equal(q[0].cursor->ack, 0);
	hpcap_buddy_return(b, &c[0]);
	assert_int_equal(q[0].cursor->ack, c[2].pos);
	hpcap_buddy_return(b, &c[2]);
	assert_int_equal(q[0].cursor->ack, c[3].pos + c[3].bytes);
	end(1);
}

/* Few bytes at a time: a unit is back when all its pieces are. */
static void pieces_of_a_unit(void **state)
{
	struct hpcap_chunk c[700];
	uint64_t seq = 0;
	int i, n = 0, round;

	(void)state;
	start(100, 0, 1);
	srand(3);
	for (round = 0; round < 40; round++) {
		n = 0;
		while (n < 690 && q[0].head - q[0].cursor->ack < SIZE - 70000) {
			feed(0, 1600, 60 + (uint32_t)(rand() % 1400));
			for (; hpcap_buddy_take(b, 0, &c[n]); n++)
				seq = walk(&c[n], seq);
		}
		for (i = n - 1; i >= 0; i--) {
			int k = rand() % (i + 1);
			struct hpcap_chunk x = c[k];

			hpcap_buddy_return(b, &x);
			c[k] = c[i];
			assert_true(q[0].cursor->ack <= q[0].head);
		}
		assert_true(q[0].head - q[0].cursor->ack < 2 * HPCAP_CHUNK_SIZE);
	}
	assert_int_equal(q[0].lost, 0);
	assert_int_equal(seq, q[0].seq);
	end(1);
}

static void records_across_units(void **state)
{
	struct hpcap_chunk c;
	uint64_t seq = 0;
	int i;

	(void)state;
	start(100, 2 * HPCAP_CHUNK_SIZE, 1);
	for (i = 0; i < 200; i++) {
		assert_true(feed(0, 70000, i % 3 ? HPCAP_CAPLEN_MAX : 30000) > 0);
		while (hpcap_buddy_take(b, 0, &c)) {
			seq = walk(&c, seq);
			hpcap_buddy_return(b, &c);
		}
	}
	assert_int_equal(seq, q[0].seq);
	assert_int_equal(q[0].lost, 0);
	end(1);
}

static void affinity_until_the_threshold(void **state)
{
	struct hpcap_buddy_report rep;
	struct hpcap_chunk c, own;

	(void)state;
	start(60, 0, 3);
	feed(0, SIZE * 59 / 100, 1000);
	assert_int_equal(hpcap_buddy_take(b, 1, &c), 0);
	assert_int_equal(hpcap_buddy_wait(b, 1, 3000000), -ETIMEDOUT);
	feed(0, SIZE * 10 / 100, 1000);
	assert_int_equal(hpcap_buddy_wait(b, 1, -1), 0);
	assert_int_equal(hpcap_buddy_take(b, 1, &c), 1);
	assert_int_equal(c.queue, 0);
	assert_int_equal(c.pos, 0);
	assert_int_equal(hpcap_buddy_take(b, 0, &own), 1);
	assert_int_equal(own.pos, c.bytes);
	/* a helper with work of its own still helps, until it is full itself */
	feed(2, SIZE * 40 / 100, 1000);
	feed(0, 3 * HPCAP_CHUNK_SIZE, 1000);
	hpcap_buddy_return(b, &c);
	assert_int_equal(hpcap_buddy_take(b, 2, &c), 1);
	assert_int_equal(c.queue, 0);
	hpcap_buddy_return(b, &own);
	hpcap_buddy_return(b, &c);
	feed(2, SIZE * 30 / 100, 1000);
	assert_int_equal(hpcap_buddy_take(b, 2, &c), 1);
	assert_int_equal(c.queue, 2);
	assert_int_equal(hpcap_buddy_get_report(b, 2, &rep), 0);
	assert_int_equal(rep.own_chunks, 1);
	assert_int_equal(rep.helped_chunks, 1);
	assert_int_equal(hpcap_buddy_get_report(b, 3, &rep), -EINVAL);
	end(3);
}

static void basic_mode_never_helps(void **state)
{
	struct hpcap_chunk c;

	(void)state;
	start(100, 0, 2);
	feed(0, SIZE, 1000);
	assert_int_equal(hpcap_buddy_take(b, 1, &c), 0);
	end(2);
}

static void the_end(void **state)
{
	struct hpcap_chunk c;

	(void)state;
	start(60, 0, 2);
	feed(0, 5000, 1000);
	fake_queue_end(&q[0], HPCAP_LISTENER_GONE);
	assert_int_equal(hpcap_buddy_wait(b, 1, 2000000), -ETIMEDOUT);
	fake_queue_end(&q[1], HPCAP_LISTENER_EXPELLED);
	assert_int_equal(hpcap_buddy_wait(b, 0, -1), 0);
	assert_int_equal(hpcap_buddy_take(b, 0, &c), 1);
	assert_int_equal(hpcap_buddy_wait(b, 0, -1), -ENODEV);
	assert_int_equal(hpcap_buddy_wait(b, 1, -1), -ENODEV);
	end(2);
}

static void a_ring_is_replaced(void **state)
{
	struct hpcap_record rec;
	struct hpcap_chunk c, kept;

	(void)state;
	start(60, 0, 1);
	feed(0, 90000, 1000);
	assert_int_equal(hpcap_buddy_take(b, 0, &c), 1);
	hpcap_buddy_return(b, &c);
	q[0].ctrl->state |= HPCAP_STATE_MOVED;
	assert_int_equal(hpcap_buddy_wait(b, 0, -1), 0);
	assert_int_equal(hpcap_buddy_take(b, 0, &kept), 1);
	assert_int_equal(hpcap_buddy_wait(b, 0, -1), -ESTALE);
	hpcap_buddy_return(b, &kept);
	q[0].ctrl->state = HPCAP_STATE_RUNNING;
	hpcap_buddies_destroy(b);
	/* the handle goes on behind it */
	assert_int_equal(q[0].cursor->ack, q[0].head);
	assert_int_equal(hpcap_next(&q[0].h, &rec), 0);
	feed(0, 5000, 1000);
	assert_int_equal(hpcap_next(&q[0].h, &rec), 1);
	assert_int_equal(rec.pos, kept.pos + kept.bytes);
	fake_queue_destroy(&q[0]);
}

static void chunks_given_up(void **state)
{
	struct hpcap_chunk c[3];
	int i;

	(void)state;
	start(60, 0, 1);
	feed(0, 3 * HPCAP_CHUNK_SIZE, 1000);
	for (i = 0; i < 3; i++)
		assert_int_equal(hpcap_buddy_take(b, 0, &c[i]), 1);
	hpcap_buddy_return(b, &c[0]);
	hpcap_buddy_return(b, &c[2]);
	hpcap_buddies_destroy(b);
	assert_int_equal(q[0].cursor->ack, c[1].pos);
	assert_int_equal(q[0].h.ack_pos, c[1].pos);
	fake_queue_destroy(&q[0]);
}

static void bad_values(void **state)
{
	struct hpcap_buddy_options opt = {.threshold = 101};
	struct hpcap_handle none = {.fd = -1}, *h[] = {&q[0].h, &none};
	struct hpcap_chunk c = {.data = (const uint8_t *)"garbage", .bytes = 7};
	struct hpcap_record rec;

	(void)state;
	fake_queue_create(&q[0], 0, SIZE, HPCAP_LOSSY);
	assert_int_equal(hpcap_buddies_create(&b, h, 1, NULL), -EINVAL);
	q[0].h.mode = HPCAP_STRICT;
	assert_int_equal(hpcap_buddies_create(&b, h, 2, NULL), -EINVAL);
	assert_int_equal(hpcap_buddies_create(&b, h, 0, NULL), -EINVAL);
	assert_int_equal(hpcap_buddies_create(&b, h, HPCAP_BUDDY_MAX + 1, NULL), -EINVAL);
	assert_int_equal(hpcap_buddies_create(&b, h, 1, &opt), -EINVAL);
	opt = (struct hpcap_buddy_options){.chunk = 1000};
	assert_int_equal(hpcap_buddies_create(&b, h, 1, &opt), -EINVAL);
	opt.chunk = SIZE / 2;
	assert_int_equal(hpcap_buddies_create(&b, h, 1, &opt), -EINVAL);
	assert_null(b);
	assert_int_equal(hpcap_chunk_next(&c, &rec), -EBADMSG);
	hpcap_buddies_destroy(NULL);
	fake_queue_destroy(&q[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chunks_are_whole_records),
		cmocka_unit_test(bytes_go_back_in_order),
		cmocka_unit_test(pieces_of_a_unit),
		cmocka_unit_test(records_across_units),
		cmocka_unit_test(affinity_until_the_threshold),
		cmocka_unit_test(basic_mode_never_helps),
		cmocka_unit_test(the_end),
		cmocka_unit_test(a_ring_is_replaced),
		cmocka_unit_test(chunks_given_up),
		cmocka_unit_test(bad_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
