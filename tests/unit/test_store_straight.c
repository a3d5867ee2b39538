// SPDX-License-Identifier: GPL-2.0-or-later
/* The writing engine: blocks that go to the disk from where they lie in the ring. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap_file.h>
#include "unit/dd_world.h"
#include "unit/fake_dev.h"

enum {
	FRAMES = 20000
};

static void check_all_stored(void)
{
	struct dd_found f = dd_look(dd.dir, ".raw");

	assert_int_equal(f.frames, dd.sent);
	assert_int_equal(f.lost, 0);
	assert_int_equal(f.files, dd_said("files"));
	assert_int_equal(dd_journal(dd.dir), f.files);
	assert_int_equal(dd_said("safe_frames"), dd.sent);
}

/* Straight from the ring: all but what ends the file, however it came in. */
static void test_straight(void **state)
{
	int i;

	(void)state;
	dd_start(false, "--block=4096", NULL);
	dd_wait_attached();
	for (i = 0; i < 60; i++) {
		dd_send(17);
		usleep(5000);
	}
	dd_stop(0);
	check_all_stored();
	if (dd_said("direct_refused") == 0)
		assert_true(dd_said("uncopied_bytes") + 4096 > dd_said("bytes"));
}

/* What the reader says of the first file's padding. */
static void check_padding(void)
{
	const struct hpcap_raw_report *rep;
	struct hpcap_record rec;
	struct hpcap_raw *r;
	char path[160];

	snprintf(path, sizeof(path), "%s/1699999200/1700000000_hpcap0_0.raw", dd.dir);
	assert_int_equal(hpcap_raw_open(&r, path), 0);
	while (hpcap_raw_next(r, &rec) > 0)
		;
	rep = hpcap_raw_report(r);
	assert_true(rep->pads > 0);
	assert_int_equal(rep->count[HPCAP_RAW_PAD_LAST], 1);
	assert_int_equal(rep->count[HPCAP_RAW_PAD_MIDDLE], 0);
	assert_true(hpcap_raw_whole(rep));
	hpcap_raw_close(r);
}

/* Also the files behind the first one: each ends where the next can begin so. */
static void test_all_straight(void **state)
{
	const uint64_t size = 256ull << 20;

	(void)state;
	fake_dev_destroy();
	fake_dev_create(16 << 20);
	dd_start(false, "--file-size=256M", NULL);
	dd_wait_attached();
	dd_send(45 * FRAMES);
	dd_stop(0);
	check_all_stored();
	assert_int_equal(dd_look(dd.dir, ".raw").largest, size);
	assert_true(dd_said("files") >= 3);
	check_padding();
	if (dd_said("direct_refused") == 0)
		assert_true(dd_said("uncopied_bytes") > dd_said("bytes") / 10 * 9);
}

/* Few frames: all but what fills no sector reaches the disk, and it goes on from there. */
static void few_frames(const char *how)
{
	const uint32_t few = 200, sector = 4096 / 60;
	int i;

	dd_start(false, "--block=64K", "--sync=1", how, NULL);
	dd_wait_attached();
	dd.may_be_cut = true;
	for (i = 0; i < 3; i++) {
		int waits = 800;

		dd_send(few);
		while (dd_look(dd.dir, ".raw").frames + sector < dd.sent && waits--)
			usleep(10000);
		assert_true(waits > 0);
	}
	/* no frame for two flushes: there is nothing left to write */
	usleep(3300000);
	dd_send(FRAMES);
	dd_stop(0);
	dd.may_be_cut = false;
	check_all_stored();
	if (dd_said("direct_refused") == 0 && strcmp(how, "--buffered"))
		assert_true(dd_said("uncopied_bytes") > dd_said("bytes") / 2);
}

static void test_few_frames(void **state)
{
	(void)state;
	few_frames("--io=uring");
}

static void test_few_frames_buffered(void **state)
{
	(void)state;
	few_frames("--buffered");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dd_setup, dd_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_straight),
		TEST(test_all_straight),
		TEST(test_few_frames),
		TEST(test_few_frames_buffered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
