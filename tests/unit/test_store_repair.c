// SPDX-License-Identifier: GPL-2.0-or-later
/* What is left of files by kill -9 and by blocks that never came, and its repair. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap_file.h>
#include "../../guest-lib/tools/repair.h"
#include "unit/dd_world.h"
#include "unit/fake_dev.h"

static char path[2][256];

/* So many frames into files of 8 MiB; the program ends by that signal. */
static uint32_t world(uint32_t frames, int sig)
{
	char pattern[128];
	uint32_t n;
	glob_t g;

	dd.may_be_cut = true;
	dd_start(false, "--file-size=8M", "--block=4096", "--no-index", NULL);
	dd_wait_attached();
	dd_send(frames);
	usleep(500000);
	kill(dd.p.pid, sig);
	program_wait(&dd.p);
	snprintf(pattern, sizeof(pattern), "%s/*/*.raw", dd.dir);
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	n = (uint32_t)g.gl_pathc;
	assert_in_range(n, 1, 2);
	snprintf(path[0], sizeof(path[0]), "%s", g.gl_pathv[0]);
	snprintf(path[1], sizeof(path[1]), "%s", g.gl_pathv[n - 1]);
	globfree(&g);
	return n;
}

static off_t size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(name, &st), 0);
	return st.st_size;
}

/* All files whole but the last, which is whole up to its last block. */
static void test_killed(void **state)
{
	struct repair r = {0};
	struct dd_found f;

	(void)state;
	assert_int_equal(world(12000, SIGKILL), 2);
	assert_int_equal(dd_journal(dd.dir), 1);
	assert_int_equal(size_of(path[1]), 8 << 20);
	f = dd_look(dd.dir, ".raw");
	assert_true(f.frames > 11990);
	assert_int_equal(f.lost, 0);
	assert_int_equal(repair_file(path[0], &r), 0);
	assert_int_equal(repair_file(path[1], &r), 1);
	assert_int_equal(r.is, size_of(path[1]));
	assert_int_equal(repair_file(path[1], &r), 0);
	dd.may_be_cut = false;
	assert_int_equal(dd_look(dd.dir, ".raw").frames, f.frames);
	assert_int_equal(dd_journal(dd.dir), 2);
}

/* Blocks that never reached the disk, in front of some that did. */
static void test_holes(void **state)
{
	struct hpcap_record rec;
	struct repair r = {0};
	struct hpcap_raw *raw;
	struct dd_found f;
	int fd;

	(void)state;
	world(3000, SIGKILL);
	fd = open(path[0], O_RDWR);
	assert_int_equal(
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 1 << 20, 200 << 10),
		0);
	assert_int_equal(
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 3 << 19, 4096), 0);
	close(fd);
	assert_int_equal(repair_file(path[0], &r), 1);
	assert_in_range(r.filled, 204 << 10, 210 << 10);
	assert_int_equal(hpcap_raw_open(&raw, path[0]), 0);
	while (hpcap_raw_next(raw, &rec) > 0)
		;
	assert_true(hpcap_raw_whole(hpcap_raw_report(raw)));
	hpcap_raw_close(raw);
	dd.may_be_cut = false;
	f = dd_look(dd.dir, ".raw");
	assert_int_equal(f.frames, r.frames);
	assert_in_range(f.lost, 200, 300);
}

/* What must stay as it is. */
static void test_left_alone(void **state)
{
	struct repair r = {0};
	char name[128];
	int fd;

	(void)state;
	world(500, SIGINT);
	assert_int_equal(repair_file(path[0], &r), 0);
	assert_int_equal(r.frames, 500);
	fd = open(path[0], O_RDONLY);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(repair_file(path[0], &r), -EBUSY);
	close(fd);
	assert_int_equal(repair_file("/nonexistent", &r), -ENOENT);
	snprintf(name, sizeof(name), "%s/other", dd.dir);
	fd = open(name, O_CREAT | O_RDWR, 0600);
	assert_int_equal(repair_file(name, &r), -ENODATA);
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	assert_int_equal(repair_file(name, &r), -ENODATA);
	assert_int_equal(pwrite(fd, "PK\3\4 something else entirely", 29, 0), 29);
	assert_int_equal(repair_file(name, &r), -EMEDIUMTYPE);
	assert_int_equal(size_of(name), 1 << 20);
	close(fd);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dd_setup, dd_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_killed),
		TEST(test_holes),
		TEST(test_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
