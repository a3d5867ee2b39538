// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapdd and hpcapdd_p over a device made of memory: what goes in is stored. */
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap_file.h>
#include "unit/fake_dev.h"
#include "unit/run_program.h"

static char dir[64];
static struct program p;
static uint32_t sent;

static int setup(void **state)
{
	(void)state;
	sent = 0;
	fake_dev_create(HPCAP_RING_MIN);
	snprintf(dir, sizeof(dir), "/tmp/test_lib_capture.XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	fake_dev_destroy();
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static void start(int (*program)(int, char **), const char *to, const char *o1, const char *o2,
		  const char *o3)
{
	const char *options[] = {o1, o2, o3};
	int n = 0, i;

	memset(p.argv, 0, sizeof(p.argv));
	p.main = program;
	p.argv[n++] = "program";
	for (i = 0; i < 3; i++)
		if (options[i])
			p.argv[n++] = options[i];
	p.argv[n++] = "0";
	p.argv[n++] = "0";
	p.argv[n++] = to;
	program_start(&p);
}

static void wait_attached(void)
{
	while (!fake_dev_listeners())
		usleep(1000);
}

/* All frames are sent: wait until a strict listener could take them. */
static void send_frames(uint32_t nr)
{
	uint8_t frame[1514];

	for (; nr > 0; nr--) {
		uint32_t len = 60 + sent * 37 % 1455;

		memset(frame, (int)(sent & 0xff), len);
		memcpy(frame, &sent, sizeof(sent));
		while (!fake_dev_has_room(len)) {
			fake_dev_commit();
			usleep(200);
		}
		fake_dev_put(1700000000 + sent / 50000, sent, frame, len, len);
		sent++;
	}
	fake_dev_commit();
}

/* Frames in all files of the directory: names sort in the order of the frames. */
static uint32_t stored(uint32_t *files, uint32_t *full, uint64_t full_size)
{
	char pattern[128];
	glob_t g;
	uint32_t n = 0;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/*/*.raw", dir);
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	*files = (uint32_t)g.gl_pathc;
	*full = 0;
	for (i = 0; i < g.gl_pathc; i++) {
		struct hpcap_record rec;
		struct hpcap_raw *raw;
		uint32_t got;

		assert_int_equal(hpcap_raw_open(&raw, g.gl_pathv[i]), 0);
		while (hpcap_raw_next(raw, &rec) > 0) {
			memcpy(&got, rec.data, sizeof(got));
			assert_int_equal(got, n);
			assert_int_equal(rec.nsec, n);
			n++;
		}
		assert_true(hpcap_raw_whole(hpcap_raw_report(raw)));
		assert_false(hpcap_raw_report(raw)->count[HPCAP_RAW_CUT]);
		*full += hpcap_raw_report(raw)->bytes == full_size;
		hpcap_raw_close(raw);
	}
	globfree(&g);
	return n;
}

static void check_block_dump(const char *option, const char *value)
{
	uint32_t files, full;

	start(main_hpcapdd, dir, "--file-size=8M", option, value);
	wait_attached();
	send_frames(60000);
	kill(p.pid, SIGINT);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_non_null(strstr(p.err, "60000 frames"));
	assert_non_null(strstr(p.err, " 0 lost"));
	assert_int_equal(stored(&files, &full, 8 << 20), 60000);
	assert_true(files > 5);
	assert_int_equal(full, files - 1);
}

static void test_block_dump(void **state)
{
	(void)state;
	check_block_dump(NULL, NULL);
}

static void test_small_blocks(void **state)
{
	(void)state;
	check_block_dump("--block", "4096");
}

static void test_count_json(void **state)
{
	uint32_t files, full;

	(void)state;
	start(main_hpcapdd, dir, "--count=12345", "--json", "--block=64K");
	wait_attached();
	send_frames(13000);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_non_null(strstr(p.out, "\"frames\": 12345, "));
	assert_non_null(strstr(p.out, "\"lost\": 0, \"files\": 1"));
	assert_non_null(strstr(p.out, "\"reason\": \"count\""));
	assert_non_null(strstr(p.out, "\"error\": null}"));
	assert_int_equal(stored(&files, &full, 0), 12345);
}

static void test_duration_null(void **state)
{
	(void)state;
	start(main_hpcapdd, "null", "--duration=1", "--json", "--stats=1");
	wait_attached();
	send_frames(5000);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_non_null(strstr(p.out, "\"frames\": 5000, "));
	assert_non_null(strstr(p.out, "\"reason\": \"duration\""));
}

static void test_lossy(void **state)
{
	unsigned long long frames, bytes, lost;

	(void)state;
	start(main_hpcapdd, dir, "--lossy", "--json", "--file-size=8M");
	wait_attached();
	send_frames(200000);
	kill(p.pid, SIGTERM);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_int_equal(sscanf(strstr(p.out, "\"frames\""),
				"\"frames\": %llu, \"bytes\": %llu, \"lost\": %llu", &frames,
				&bytes, &lost),
			 3);
	assert_int_equal(frames + lost, 200000);
}

static void test_device_gone(void **state)
{
	uint32_t files, full;

	(void)state;
	start(main_hpcapdd, dir, "--json", NULL, NULL);
	wait_attached();
	send_frames(100);
	fake_dev_gone();
	program_wait(&p);
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, "the device is gone"));
	assert_int_equal(stored(&files, &full, 0), 100);
}

/* All that is sent fits the ring: nobody waits for a program that ended. */
static void test_disk_full(void **state)
{
	const struct rlimit limit = {500000, RLIM_INFINITY};
	struct rlimit old;
	uint32_t files, full, n;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	setrlimit(RLIMIT_FSIZE, &limit);
	start(main_hpcapdd, dir, "--block=64K", "--on-fault=stop", NULL);
	setrlimit(RLIMIT_FSIZE, &old);
	wait_attached();
	send_frames(1200);
	program_wait(&p);
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, "File too large"));
	n = stored(&files, &full, 0);
	assert_true(n > 500 && n < 700);
	assert_int_equal(files, 1);
}

static void test_frames(void **state)
{
	uint32_t files, full;

	(void)state;
	start(main_hpcapdd_p, dir, "--file-size=1M", NULL, NULL);
	wait_attached();
	send_frames(20000);
	kill(p.pid, SIGHUP);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_int_equal(stored(&files, &full, 0), 20000);
	assert_true(files > 10);
}

static void test_frames_stdout(void **state)
{
	(void)state;
	start(main_hpcapdd_p, "stdout", "--count=3", NULL, NULL);
	wait_attached();
	send_frames(10);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_memory_equal(p.out, "\x4d\x3c\xb2\xa1", 4);
	assert_int_equal((unsigned char)p.out[24 + 8], 60);
	assert_int_equal((unsigned char)p.out[24 + 16 + 60 + 8], 60 + 37);
}

static void refuse(int (*program)(int, char **), const char *to, const char *o1, int status)
{
	start(program, to, o1, NULL, NULL);
	program_wait(&p);
	assert_int_equal(p.status, status);
	assert_true(strlen(p.err) > 10);
}

/* The storing program as the head of a pipe. */
static void test_write_stdout(void **state)
{
	(void)state;
	start(main_hpcapdd, NULL, "--write=-", "--count=3", NULL);
	wait_attached();
	send_frames(10);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_memory_equal(p.out, "\x4d\x3c\xb2\xa1", 4);
	assert_int_equal((unsigned char)p.out[24 + 8], 60);
	assert_int_equal((unsigned char)p.out[24 + 16 + 60 + 8], 60 + 37);
	assert_non_null(strstr(p.err, "hpcapdd: 3 frames, 0 lost"));
	refuse(main_hpcapdd, dir, "--write=-", 2);
	refuse(main_hpcapdd, dir, "--write=x", 2);
	start(main_hpcapdd, NULL, "--write=-", "--json", NULL);
	program_wait(&p);
	assert_int_equal(p.status, 2);
}

static void test_wrong_use(void **state)
{
	(void)state;
	refuse(main_hpcapdd, "stdout", NULL, 2);
	refuse(main_hpcapdd, dir, "--file-size=1000", 2);
	refuse(main_hpcapdd, dir, "--file-size=9999999T", 2);
	refuse(main_hpcapdd, dir, "--block=0", 2);
	refuse(main_hpcapdd, dir, "--count=-1", 2);
	refuse(main_hpcapdd, dir, "--duration=0", 2);
	refuse(main_hpcapdd, dir, "--name=012345678901234567890123456789012", 2);
	refuse(main_hpcapdd, dir, "--bogus", 2);
	refuse(main_hpcapdd, dir, "0", 1);
	refuse(main_hpcapdd_p, "stdout", "--json", 2);
	refuse(main_hpcapdd_p, "null", "--window=0", 2);
	refuse(main_hpcapdd, dir, "--window=10001", 2);
	refuse(main_hpcapdd, dir, "--caplen=13", 2);
	refuse(main_hpcapdd, "/nonexistent/dir", NULL, 1);
	fake_dev_set_abi(99);
	refuse(main_hpcapdd, dir, NULL, 1);
	assert_non_null(strstr(p.err, "version"));
	assert_int_equal(fake_dev_listeners(), 0);
	fake_dev_set_abi(HPCAP_ABI);
	refuse(main_hpcapdd, dir, "--filter=tcp prt 80", 1);
	assert_non_null(strstr(p.err, "tcp prt 80"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_block_dump),	  TEST(test_small_blocks), TEST(test_count_json),
		TEST(test_duration_null), TEST(test_lossy),	   TEST(test_device_gone),
		TEST(test_disk_full),	  TEST(test_frames),	   TEST(test_frames_stdout),
		TEST(test_write_stdout),  TEST(test_wrong_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
