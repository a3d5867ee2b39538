// SPDX-License-Identifier: GPL-2.0-or-later
/* Forwarding: batches, an output without room, edits, and the command line. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "fake_queue.h"
#include "hpcap_out.h"
#include "unit/run_program.h"
#include "unit/t.h"

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, void *arg);

/* The engine: takes up to @room frames in all, then answers @answer. */
static struct {
	unsigned int room;
	int answer;
	unsigned int calls;
	unsigned int taken;
	uint64_t last_pos;
	uint32_t flags;
	uint8_t edited[HPCAP_OUT_EDIT_MAX];
	uint32_t edit_len;
} engine;

int __wrap_open(const char *path, int flags, ...)
{
	if (strncmp(path, "/dev/hpcap_7_", 13))
		return __real_open(path, flags, 0);
	return eventfd(0, EFD_CLOEXEC);
}

int __wrap_ioctl(int fd, unsigned long request, void *arg)
{
	const struct hpcap_send_frame *f;
	struct hpcap_send *s = arg;

	(void)fd;
	if (request == HPCAP_IOC_INFO) {
		*(struct hpcap_info *)arg = (struct hpcap_info){.abi = HPCAP_ABI};
		return 0;
	}
	assert_true(request == HPCAP_IOC_SEND);
	engine.calls++;
	engine.flags = s->flags;
	if (!engine.room) {
		errno = engine.answer;
		/* what was on its way is out by the third look */
		if (engine.calls % 3 == 0 && engine.answer == EAGAIN)
			engine.room = 10;
		return -1;
	}
	s->sent = s->count < engine.room ? s->count : engine.room;
	engine.room -= s->sent;
	engine.taken += s->sent;
	f = (const struct hpcap_send_frame *)(uintptr_t)s->frames + s->sent - 1;
	engine.last_pos = f->pos;
	engine.edit_len = f->edit_len;
	memcpy(engine.edited, (const void *)(uintptr_t)f->edit, f->edit_len);
	return 0;
}

static struct fake_queue q;
static struct hpcap_out *o;

static void start(unsigned int room, int answer, int frames)
{
	static const uint8_t frame[100];

	memset(&engine, 0, sizeof(engine));
	engine.room = room;
	engine.answer = answer;
	fake_queue_create(&q, 0, HPCAP_RING_MIN, HPCAP_STRICT);
	assert_int_equal(hpcap_out_open(&o, 7, 0), 0);
	while (frames--)
		assert_true(fake_queue_put(&q, 1000000000, frame, sizeof(frame)));
	fake_queue_commit(&q);
}

static struct hpcap_out_report end(void)
{
	struct hpcap_out_report rep;

	hpcap_out_get_report(o, &rep);
	hpcap_out_close(o);
	fake_queue_destroy(&q);
	return rep;
}

static int send_all(void)
{
	struct hpcap_record rec;
	int err = 0;

	while (!err && hpcap_next(&q.h, &rec) > 0)
		err = hpcap_out_send(o, &q.h, &rec, NULL, 0);
	return err ? err : hpcap_out_flush(o);
}

static void goes_in_batches(void **state)
{
	struct hpcap_out_report rep;

	(void)state;
	start(1000, 0, 200);
	hpcap_out_copy(o, true);
	assert_int_equal(send_all(), 0);
	assert_int_equal(engine.last_pos, 199 * 112 + HPCAP_REC_LEN);
	assert_int_equal(engine.flags, HPCAP_SEND_COPY);
	rep = end();
	assert_int_equal(rep.sent, 200);
	assert_int_equal(rep.bytes, 20000);
	assert_int_equal(rep.dropped, 0);
	assert_int_equal(rep.calls, 4);
}

static void waits_for_room(void **state)
{
	struct hpcap_out_report rep;

	(void)state;
	start(5, EAGAIN, 150);
	assert_int_equal(send_all(), 0);
	rep = end();
	assert_int_equal(rep.sent, 150);
	assert_int_equal(engine.taken, 150);
	assert_int_equal(rep.dropped, 0);
}

static void drops_without_a_link(void **state)
{
	struct hpcap_out_report rep;

	(void)state;
	start(7, ENETDOWN, 20);
	assert_int_equal(send_all(), 0);
	rep = end();
	assert_int_equal(rep.sent, 7);
	assert_int_equal(rep.dropped, 13);
}

static void tells_errors(void **state)
{
	(void)state;
	start(0, EPERM, 3);
	assert_int_equal(send_all(), -EPERM);
	assert_int_equal(end().dropped, 3);
	start(0, EOPNOTSUPP, 3);
	assert_int_equal(send_all(), -EOPNOTSUPP);
	end();
	assert_int_equal(hpcap_out_open(&o, 8, 0), -ENOENT);
	assert_null(o);
	hpcap_out_close(NULL);
}

static void edits_the_front(void **state)
{
	struct hpcap_record rec;

	(void)state;
	start(10, 0, 2);
	assert_int_equal(hpcap_next(&q.h, &rec), 1);
	assert_int_equal(hpcap_out_send(o, &q.h, &rec, "other front", 11), 0);
	assert_int_equal(hpcap_out_flush(o), 0);
	assert_int_equal(engine.edit_len, 11);
	assert_memory_equal(engine.edited, "other front", 11);
	assert_int_equal(hpcap_out_send(o, &q.h, &rec, rec.data, HPCAP_OUT_EDIT_MAX + 1),
			 -EINVAL);
	assert_int_equal(hpcap_out_send(o, &q.h, &rec, rec.data, 101), -EINVAL);
	rec.len = 101;
	assert_int_equal(hpcap_out_send(o, &q.h, &rec, NULL, 0), -EMSGSIZE);
	rec.len = 13;
	rec.caplen = 13;
	assert_int_equal(hpcap_out_send(o, &q.h, &rec, NULL, 0), -EINVAL);
	end();
}

static struct program p;

static void forward(const char *a, const char *b, const char *c, const char *d)
{
	memset(&p, 0, sizeof(p));
	p.main = main_hpcap_forward;
	p.argv[0] = "hpcap-forward";
	p.argv[1] = a;
	p.argv[2] = b;
	p.argv[3] = c;
	p.argv[4] = d;
	program_run(&p);
}

static void command_line(void **state)
{
	(void)state;
	forward("--help", NULL, NULL, NULL);
	assert_int_equal(p.status, 0);
	assert_non_null(strstr(p.out, "usage: hpcap-forward"));
	forward("0:0", NULL, NULL, NULL);
	assert_int_equal(p.status, 2);
	forward("0:0", "0:1", NULL, NULL);
	assert_int_equal(p.status, 2);
	assert_non_null(strstr(p.err, "frames would go round"));
	forward("0:0", "1", NULL, NULL);
	assert_int_equal(p.status, 2);
	assert_non_null(strstr(p.err, "a queue is adapter:queue"));
	forward("--filter", "no such words", "0:0", "1:0");
	assert_int_equal(p.status, 2);
	assert_non_null(strstr(p.err, "filter \"no such words\""));
	forward("--set-dst", "52:54:00:00:01", "0:0", "1:0");
	assert_int_equal(p.status, 2);
	forward("--set-src", "52:54:00:00:01:0g", "0:0", "1:0");
	assert_int_equal(p.status, 2);
	forward("--count", "0", "0:0", "1:0");
	assert_int_equal(p.status, 2);
	forward("--filter", "udp", "9998:0", "9999:0");
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, "9998:0: no such capture queue"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_in_batches),	cmocka_unit_test(waits_for_room),
		cmocka_unit_test(drops_without_a_link), cmocka_unit_test(tells_errors),
		cmocka_unit_test(edits_the_front),	cmocka_unit_test(command_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
