// SPDX-License-Identifier: GPL-2.0-or-later
/* Volumes that fail and come back, files that must go or must stay. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap.h>
#include "unit/dd_world.h"
#include "unit/fake_dev.h"

/* Lines of the standard error that hold a text. */
static int said(const char *text)
{
	const char *at = dd.p.err;
	int n = 0;

	while ((at = strstr(at, text))) {
		at += strlen(text);
		n++;
	}
	return n;
}

static void refuse(const char *what, const char *a, const char *b, const char *c)
{
	dd_start(false, a, b, c, NULL);
	program_wait(&dd.p);
	assert_true(dd.p.status == 2 || dd.p.status == 1);
	if (!strstr(dd.p.err, what))
		print_error("%s", dd.p.err);
	assert_non_null(strstr(dd.p.err, what));
	assert_int_equal(fake_dev_listeners(), 0);
}

static void test_wrong_use(void **state)
{
	(void)state;
	refuse("--null writes nowhere", "--null", NULL, NULL);
	refuse("--format: bad value: jpeg", "--format=jpeg", NULL, NULL);
	refuse("bad value: gzip", "--compress=gzip", NULL, NULL);
	refuse("bad value: lz4:13", "--compress=lz4:13", NULL, NULL);
	refuse("bad value: 65", "--depth=65", NULL, NULL);
	refuse("bad value: 5:4", "--keep-free=5:4", NULL, NULL);
	refuse("--keep-age: bad value: 3w", "--keep-age=3w", NULL, NULL);
	refuse("bad value: 0", "--rotate=0", NULL, NULL);
	refuse("bad value: maybe", "--on-fault=maybe", NULL, NULL);
	refuse("pcapng", "--comment=hello", NULL, NULL);
	refuse("--workers", "--workers=3", NULL, NULL);
	refuse("larger than", "--block=1M", "--file-size=512K", NULL);
	refuse("less than one file", "--keep-size=1M", "--file-size=2M", NULL);
	refuse("one of them", "--cpu=0", "--node=0", NULL);
	refuse("--cpu 4000", "--cpu=4000", NULL, NULL);
	refuse("no such node", "--node=4000", NULL, NULL);
}

static void test_unwritable(void **state)
{
	int fd = open(dd.dir, O_RDONLY);

	(void)state;
	assert_int_equal(rmdir(dd.dir), 0);
	refuse("No such file", NULL, NULL, NULL);
	close(open(dd.dir, O_CREAT | O_WRONLY, 0600));
	refuse("Not a directory", NULL, NULL, NULL);
	unlink(dd.dir);
	close(fd);
}

/* A file system of its own, of so many KiB: false when that is not allowed here. */
static bool small_volume(const char *dir, int kib)
{
	char options[64];

	snprintf(options, sizeof(options), "size=%dk", kib);
	return !mount("tmpfs", dir, "tmpfs", 0, options);
}

/* Full: the rest goes to the other volume, and nothing is lost. */
static void test_other_volume(void **state)
{
	struct dd_found a, b;

	(void)state;
	if (!small_volume(dd.dir, 2048))
		skip();
	dd_start(true, "--file-size=8M", "--block=64K", NULL);
	dd_wait_attached();
	dd_send(20000);
	dd_stop(0);
	a = dd_look(dd.dir, ".raw");
	b = dd_look(dd.other, ".raw");
	umount(dd.dir);
	assert_int_equal(a.frames + b.frames, dd.sent);
	assert_true(a.frames > 1000 && b.frames > 10000);
	assert_int_equal(dd_said("not_stored"), 0);
	assert_true(dd_said("faults") >= 1);
	assert_int_equal(said("going on without it"), 1);
}

/* The only one full: frames are counted; space returns, and they are stored again. */
static void test_full_and_back(void **state)
{
	struct dd_found f;
	char ballast[128];

	(void)state;
	if (!small_volume(dd.dir, 8192))
		skip();
	snprintf(ballast, sizeof(ballast), "%s/ballast", dd.dir);
	assert_int_equal(truncate(dd.dir, 0), -1);
	assert_int_equal(close(open(ballast, O_CREAT | O_WRONLY, 0600)), 0);
	dd_start(false, "--file-size=1M", "--block=64K", NULL);
	dd_wait_attached();
	{
		int fd = open(ballast, O_WRONLY);

		assert_int_equal(posix_fallocate(fd, 0, 6 << 20), 0);
		close(fd);
	}
	dd_send(6000);
	usleep(300000);
	unlink(ballast);
	usleep(2500000);
	dd_send(2000);
	dd_stop(1);
	f = dd_look(dd.dir, ".raw");
	umount(dd.dir);
	assert_int_equal(f.last, dd.sent - 1);
	assert_int_equal(f.lost, dd_said("not_stored"));
	assert_int_equal(f.frames + f.lost, dd.sent);
	assert_true(f.lost > 1000);
	assert_true(said("frames are lost and counted") >= 1);
	assert_true(said("takes files again, ") >= 1);
}

/* The directory vanishes: the file at hand goes on, the next one has no place. */
static void test_vanished(void **state)
{
	char command[256];

	(void)state;
	dd_start(true, "--file-size=1M", NULL);
	dd_wait_attached();
	dd_send(2000);
	snprintf(command, sizeof(command), "mv '%s' '%s.gone'", dd.dir, dd.dir);
	assert_int_equal(system(command), 0);
	dd_send(10000);
	dd_stop(0);
	snprintf(command, sizeof(command), "rm -rf '%s.gone'", dd.dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(dd_said("not_stored"), 0);
	assert_int_equal(said("going on without it"), 1);
	assert_true(dd_look(dd.other, ".raw").frames > 5000);
}

/*
 * Evicted with part of a block in hand: the file ends before it, for the engine may have
 * written over the rest; one message.
 */
static void test_evicted(void **state)
{
	struct dd_found f;

	(void)state;
	dd_start(false, "--block=1M", NULL);
	dd_wait_attached();
	dd_send(300);
	usleep(2500000); /* these are flushed */
	dd_send(300);
	usleep(600000); /* these are taken, and wait for their block to fill */
	fake_dev_put_out(0, HPCAP_LISTENER_EVICTED);
	fake_dev_scribble();
	program_wait(&dd.p);
	assert_int_equal(dd.p.status, 1);
	assert_int_equal(said("evicted: this listener"), 1);
	f = dd_look(dd.dir, ".raw");
	assert_in_range(f.frames, 1, 599);
	assert_int_equal(f.frames + dd_said("not_stored"), dd_said("frames"));
	assert_true(dd_said("not_stored"));
	assert_int_equal(f.last, f.frames - 1);
	assert_int_equal(dd_journal(dd.dir), 1);
}

/* The newest three files stay, and the one that is marked. */
static void test_keep_files(void **state)
{
	struct dd_found f;
	char marked[128];

	(void)state;
	dd.per_second = 1000;
	snprintf(marked, sizeof(marked), "%s/1699999200/1700000000_hpcap0_0.raw.keep", dd.dir);
	dd_start(false, "--rotate=1", "-W", "3", NULL);
	dd_wait_attached();
	dd_send(2100);
	while (close(open(marked, O_CREAT | O_WRONLY, 0600)))
		usleep(10000);
	dd_send(7900);
	dd_stop(0);
	f = dd_look(dd.dir, ".raw");
	assert_int_equal(f.files, 3);
	assert_int_equal(f.last, dd.sent - 1);
	assert_int_equal(dd_look(dd.dir, "1700000000_hpcap0_0.raw").frames, 1000);
	assert_int_equal(dd_said("removed_files"), 7);
	assert_int_equal(dd_journal(dd.dir), 10);
}

static void test_keep_size(void **state)
{
	struct dd_found f;

	(void)state;
	dd_start(false, "--file-size=1M", "--keep-size=3M", NULL);
	dd_wait_attached();
	dd_send(20000);
	dd_stop(0);
	f = dd_look(dd.dir, ".raw");
	assert_in_range(f.files, 2, 4);
	assert_int_equal(f.last, dd.sent - 1);
	assert_int_equal(f.lost, 0);
}

/* All these files are of 2023. */
static void test_keep_age(void **state)
{
	(void)state;
	dd_start(false, "--file-size=1M", "--keep-age=300d", NULL);
	dd_wait_attached();
	dd_send(8000);
	dd_stop(0);
	assert_int_equal(dd_look(dd.dir, ".raw").files, 0);
	assert_true(dd_said("removed_files") > 3);
}

/* A volume that is too small for all: old files make room, nothing gets lost. */
static void test_keep_free(void **state)
{
	struct dd_found f;

	(void)state;
	if (!small_volume(dd.dir, 8192))
		skip();
	dd_start(false, "--file-size=1M", "--keep-free=2M:4M", NULL);
	dd_wait_attached();
	dd_send(20000);
	dd_stop(0);
	f = dd_look(dd.dir, ".raw");
	umount(dd.dir);
	assert_int_equal(dd_said("not_stored"), 0);
	assert_int_equal(f.last, dd.sent - 1);
	assert_int_equal(f.lost, 0);
	assert_true(dd_said("removed_files") > 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dd_setup, dd_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_wrong_use),	  TEST(test_unwritable), TEST(test_other_volume),
		TEST(test_full_and_back), TEST(test_vanished),	 TEST(test_keep_files),
		TEST(test_keep_size),	  TEST(test_keep_age),	 TEST(test_keep_free),
		TEST(test_evicted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
