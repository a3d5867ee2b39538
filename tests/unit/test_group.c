// SPDX-License-Identifier: GPL-2.0-or-later
/* Several queues as one listener: order, silence, lateness, members that leave. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "fake_queue.h"
#include "group.h"
#include "unit/t.h"

#define SIZE   HPCAP_RING_MIN
#define QUEUES 5
#define MS     1000000ull
#define T0     1700000000000000000ull

static struct fake_queue q[QUEUES];
static struct hpcap_group *g;

static void start(uint32_t order, uint64_t window_ns, uint32_t mode, int nr)
{
	const struct hpcap_group_options opt = {.order = order, .window_ns = window_ns};
	int i;

	assert_int_equal(hpcap_group_create(&g, &opt), 0);
	for (i = 0; i < nr; i++) {
		fake_queue_create(&q[i], i, SIZE, mode);
		assert_int_equal(hpcap_group_add(g, &q[i].h), i);
	}
}

static void end(int nr)
{
	int i;

	hpcap_group_destroy(g);
	for (i = 0; i < nr; i++)
		fake_queue_destroy(&q[i]);
}

static void put(int i, uint64_t ns)
{
	uint64_t frame[8] = {ns, (uint64_t)i};

	assert_true(fake_queue_put(&q[i], T0 + ns, frame, sizeof(frame)));
	fake_queue_commit(&q[i]);
}

static struct hpcap_group_report report(void)
{
	struct hpcap_group_report rep;

	hpcap_group_get_report(g, &rep);
	return rep;
}

/* The next frame must be this one; 0 for none at all. */
static void expect(int i, uint64_t ns)
{
	struct hpcap_record rec;
	unsigned int member = 77;
	uint64_t is;

	if (!ns) {
		assert_int_equal(hpcap_group_next(g, &rec, &member), 0);
		return;
	}
	assert_int_equal(hpcap_group_next(g, &rec, &member), 1);
	memcpy(&is, rec.data, sizeof(is));
	assert_int_equal(is, ns);
	assert_int_equal(member, i);
}

static void exact_order(void **state)
{
	uint64_t ns = 1, last = 0, got = 0;
	struct hpcap_record rec;
	unsigned int member, i;
	uint64_t is[2];

	(void)state;
	srand(4);
	start(HPCAP_GROUP_ORDERED, 1000 * MS, HPCAP_STRICT, QUEUES);
	for (i = 0; i < 5000; i++) {
		put(rand() % 7 % QUEUES, ns);
		ns += (uint64_t)(rand() % 1000);
	}
	for (i = 0; i < QUEUES; i++)
		put((int)i, ns + i);
	while (hpcap_group_next(g, &rec, &member) == 1) {
		memcpy(is, rec.data, sizeof(is));
		assert_true(is[0] >= last);
		assert_int_equal(is[1], member);
		last = is[0];
		got++;
	}
	/* of the last frames each waits for the queue that showed the first */
	assert_int_equal(got, 5001);
	assert_int_equal(report().late, 0);
	assert_int_equal(report().forced, 0);
	hpcap_group_ack(g);
	for (i = 0; i < QUEUES; i++)
		assert_int_equal(q[i].cursor->ack, q[i].head - (i ? 76 : 0));
	end(QUEUES);
}

static void silent_queue_delays(void **state)
{
	const uint64_t window = 40 * MS;
	int64_t begin;
	uint64_t took;

	(void)state;
	start(HPCAP_GROUP_ORDERED, window, HPCAP_STRICT, 3);
	put(0, 10);
	put(1, 5);
	begin = group_now_ns();
	expect(0, 0);
	assert_int_equal(hpcap_group_wait(g, MS), -ETIMEDOUT);
	assert_int_equal(hpcap_group_wait(g, -1), 0);
	took = (uint64_t)(group_now_ns() - begin);
	expect(1, 5);
	expect(0, 10);
	assert_true(took >= window);
	assert_true(took < 20 * window);
	expect(0, 0);
	assert_int_equal(report().late, 0);
	assert_int_equal(report().forced, 0);
	end(3);
}

static void silence_ends(void **state)
{
	(void)state;
	start(HPCAP_GROUP_ORDERED, 1000 * MS, HPCAP_STRICT, 2);
	put(0, 10);
	expect(0, 0);
	put(1, 3);
	put(1, 20);
	assert_int_equal(hpcap_group_wait(g, -1), 0);
	expect(1, 3);
	expect(0, 10);
	expect(0, 0);
	end(2);
}

static void late_frame_is_told(void **state)
{
	(void)state;
	start(HPCAP_GROUP_ORDERED, MS, HPCAP_STRICT, 2);
	put(0, 5000);
	assert_int_equal(hpcap_group_wait(g, -1), 0);
	expect(0, 5000);
	put(1, 1200);
	put(0, 6000);
	expect(1, 1200);
	assert_int_equal(hpcap_group_wait(g, -1), 0);
	expect(0, 6000);
	assert_int_equal(report().late, 1);
	assert_int_equal(report().late_max_ns, 3800);
	assert_int_equal(report().frames, 3);
	end(2);
}

static void order_costs_no_frames(void **state)
{
	static const uint8_t frame[1500];
	struct hpcap_record rec;
	uint64_t ns = 1, n;

	(void)state;
	start(HPCAP_GROUP_ORDERED, 10000 * MS, HPCAP_STRICT, 2);
	while (q[0].head <= SIZE / 2)
		assert_true(fake_queue_put(&q[0], T0 + ns++, frame, sizeof(frame)));
	fake_queue_commit(&q[0]);
	assert_int_equal(hpcap_group_wait(g, 0), 0);
	for (n = 0; hpcap_group_next(g, &rec, NULL) == 1; n++)
		hpcap_group_ack(g);
	assert_int_equal(n, 1);
	assert_int_equal(report().forced, 1);
	assert_int_equal(q[0].cursor->ack, HPCAP_REC_LEN + sizeof(frame));
	end(2);
}

static void unordered_takes_turns(void **state)
{
	struct hpcap_record rec;
	unsigned int i, member, run = 0, before = 9;

	(void)state;
	start(HPCAP_GROUP_UNORDERED, 0, HPCAP_STRICT, 2);
	for (i = 0; i < 500; i++) {
		put(0, i + 1);
		put(1, i + 1);
	}
	for (i = 0; i < 1000; i++) {
		assert_int_equal(hpcap_group_next(g, &rec, &member), 1);
		run = member == before ? run + 1 : 1;
		before = member;
		assert_true(run <= 64 || i >= 900);
	}
	assert_int_equal(hpcap_group_next(g, &rec, &member), 0);
	assert_int_equal(hpcap_group_wait(g, 0), -ETIMEDOUT);
	put(1, 7);
	assert_int_equal(hpcap_group_wait(g, -1), 0);
	expect(1, 7);
	end(2);
}

static void a_member_goes_away(void **state)
{
	struct hpcap_group_member m;

	(void)state;
	start(HPCAP_GROUP_ORDERED, 1000 * MS, HPCAP_STRICT, 3);
	put(0, 1);
	put(1, 2);
	put(1, 3);
	put(0, 4);
	fake_queue_end(&q[1], HPCAP_LISTENER_GONE);
	fake_queue_end(&q[2], HPCAP_LISTENER_EXPELLED);
	q[2].cursor->lost = 9;
	expect(0, 1);
	expect(1, 2);
	expect(1, 3);
	expect(0, 4);
	assert_int_equal(hpcap_group_get_member(g, 1, &m), 0);
	assert_int_equal(m.state, HPCAP_MEMBER_GONE);
	assert_int_equal(m.frames, 2);
	assert_int_equal(hpcap_group_get_member(g, 2, &m), 0);
	assert_int_equal(m.state, HPCAP_MEMBER_EXPELLED);
	assert_int_equal(m.missed, 9);
	assert_int_equal(report().active, 1);
	assert_int_equal(report().missed, 9);
	put(0, 5);
	expect(0, 5);
	assert_int_equal(hpcap_group_wait(g, 0), -ETIMEDOUT);
	fake_queue_end(&q[0], HPCAP_LISTENER_GONE);
	assert_int_equal(hpcap_group_wait(g, -1), -ENODEV);
	assert_null(hpcap_group_handle(g, 0));
	end(3);
}

static void finishes_in_order(void **state)
{
	(void)state;
	start(HPCAP_GROUP_ORDERED, 10000 * MS, HPCAP_STRICT, 3);
	put(0, 10);
	put(1, 5);
	put(0, 20);
	expect(0, 0);
	hpcap_group_finish(g);
	put(1, 30);
	put(2, 1);
	expect(1, 5);
	expect(0, 10);
	expect(0, 20);
	expect(0, 0);
	assert_int_equal(hpcap_group_wait(g, -1), -ENODEV);
	assert_int_equal(report().frames, 3);
	end(3);
}

static void members_come_and_leave(void **state)
{
	static struct fake_queue more;

	(void)state;
	start(HPCAP_GROUP_ORDERED, 1000 * MS, HPCAP_STRICT, 2);
	put(0, 1);
	expect(0, 0);
	assert_int_equal(hpcap_group_remove(g, 1), 0);
	expect(0, 1);
	assert_int_equal(hpcap_group_remove(g, 1), -EINVAL);
	assert_int_equal(hpcap_group_remove(g, 2), -EINVAL);
	fake_queue_create(&more, 2, SIZE, HPCAP_STRICT);
	assert_int_equal(hpcap_group_add(g, &more.h), 2);
	put(0, 2);
	expect(0, 0);
	assert_ptr_equal(hpcap_group_handle(g, 2), &more.h);
	assert_int_equal(hpcap_group_remove(g, 2), 0);
	expect(0, 2);
	fake_queue_destroy(&more);
	end(2);
}

static void overtaken_member(void **state)
{
	static uint8_t frame[1500], copy[HPCAP_CAPLEN_MAX];
	uint64_t n, next = 0, got = 0;
	struct hpcap_record rec;

	(void)state;
	start(HPCAP_GROUP_ORDERED, MS, HPCAP_LOSSY, 1);
	for (n = 0; n < 3000; n++) {
		memcpy(frame, &n, sizeof(n));
		assert_true(fake_queue_put(&q[0], T0 + n, frame, sizeof(frame)));
		fake_queue_commit(&q[0]);
		if (n == 5)
			assert_int_equal(hpcap_group_wait(g, 0), 0); /* it shows a head */
	}
	while (hpcap_group_next_copy(g, &rec, copy, sizeof(copy), NULL) == 1) {
		memcpy(&n, copy, sizeof(n));
		assert_true(n >= next);
		next = n + 1;
		got++;
	}
	assert_int_equal(next, 3000);
	assert_true(got < 3000);
	assert_int_equal(got + report().missed, 3000);
	end(1);
}

static void bad_values(void **state)
{
	struct hpcap_group_options opt = {.order = 2};
	struct hpcap_handle h = {.fd = -1};
	char where[32];

	(void)state;
	assert_int_equal(hpcap_group_create(&g, &opt), -EINVAL);
	opt = (struct hpcap_group_options){.window_ns = 10000 * MS + 1};
	assert_int_equal(hpcap_group_create(&g, &opt), -EINVAL);
	assert_null(g);
	assert_int_equal(hpcap_group_create(&g, NULL), 0);
	assert_int_equal(hpcap_group_add(g, &h), -EINVAL);
	assert_int_equal(hpcap_group_wait(g, 0), -ENODEV);
	hpcap_group_destroy(g);
	assert_int_equal(hpcap_group_open(&g, "9999:9999", NULL, NULL, where), -ENOENT);
	assert_string_equal(where, "9999:9999");
	assert_null(g);
	hpcap_group_destroy(NULL);
}

static void names(void **state)
{
	static const char *const wrong[] = {
		"",	   "0",	   "0:",      ":1",	 "0:1,",
		",0:1",	   "0:1 ", "a:b",     "0:1:2",	 "-1:0",
		"0:99999", "*:1",  "0:1,0:1", "0:1,0:*", "00000000000000000000000000000000:1"};
	char dir[] = "/tmp/groupXXXXXX", path[64], where[32];
	struct group_queue list[HPCAP_GROUP_MAX];
	unsigned int nr, i;

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (i = 0; i < 4; i++) {
		static const char *const name[] = {"hpcap_0_1", "hpcap_0_0", "hpcap_12_3",
						   "hpcap_0_1x"};

		snprintf(path, sizeof(path), "%s/%s", dir, name[i]);
		fclose(fopen(path, "w"));
	}
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(group_parse(wrong[i], dir, list, &nr, where), -EINVAL);
	assert_int_equal(group_parse("5:*", dir, list, &nr, where), -ENOENT);
	assert_string_equal(where, "5:*");
	assert_int_equal(group_parse("3:7,1:2", dir, list, &nr, where), 0);
	assert_int_equal(nr, 2);
	assert_int_equal(list[0].adapter, 3);
	assert_int_equal(list[0].queue, 7);
	assert_int_equal(group_parse("4:4,0:*", dir, list, &nr, where), 0);
	assert_int_equal(nr, 3);
	assert_int_equal(list[1].queue, 0);
	assert_int_equal(list[2].queue, 1);
	assert_int_equal(group_parse("*", dir, list, &nr, where), 0);
	assert_int_equal(nr, 3);
	assert_int_equal(list[2].adapter, 12);
	snprintf(path, sizeof(path), "rm -r %s", dir);
	assert_int_equal(system(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_order),
		cmocka_unit_test(silent_queue_delays),
		cmocka_unit_test(silence_ends),
		cmocka_unit_test(late_frame_is_told),
		cmocka_unit_test(order_costs_no_frames),
		cmocka_unit_test(unordered_takes_turns),
		cmocka_unit_test(a_member_goes_away),
		cmocka_unit_test(finishes_in_order),
		cmocka_unit_test(members_come_and_leave),
		cmocka_unit_test(overtaken_member),
		cmocka_unit_test(bad_values),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
