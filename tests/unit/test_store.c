// SPDX-License-Identifier: GPL-2.0-or-later
/* The writing engine: every format, rotation, volumes; what goes in is stored. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "unit/dd_world.h"
#include "unit/fake_dev.h"

enum {
	FRAMES = 20000
};

/* Has the first file its line? */
static bool has_line(void)
{
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "%s/hpcap.journal", dd.dir);
	return !stat(path, &st) && st.st_size > 0;
}

static void check_all_stored(const char *suffix)
{
	struct dd_found f = dd_look(dd.dir, suffix);

	assert_int_equal(f.frames, dd.sent);
	assert_int_equal(f.lost, 0);
	assert_int_equal(f.files, dd_said("files"));
	assert_int_equal(f.indexes, f.files);
	assert_int_equal(dd_journal(dd.dir), f.files);
	assert_int_equal(dd_said("frames"), dd.sent);
	assert_int_equal(dd_said("safe_frames"), dd.sent);
	assert_int_equal(dd_said("not_stored"), 0);
}

static void one_format(const char *format, const char *packing, const char *suffix)
{
	/* the frames are patterns: packed, they are next to nothing */
	const uint32_t size = strcmp(packing, "plain") ? 128 << 10 : 4 << 20;

	dd_start(false, "--format", format, "--compress", packing, "--file-size",
		 size < 1 << 20 ? "128K" : "4M", NULL);
	dd_wait_attached();
	dd_send(FRAMES);
	dd_stop(0);
	check_all_stored(suffix);
	assert_true(dd_look(dd.dir, suffix).files >= 2);
	assert_true(dd_look(dd.dir, suffix).largest <= size);
}

#define FORMAT(name, format, packing, suffix)        \
	static void test_##name(void **state)        \
	{                                            \
		(void)state;                         \
		one_format(format, packing, suffix); \
	}

FORMAT(raw, "raw", "plain", ".raw")
FORMAT(pcap, "pcap", "plain", ".pcap")
FORMAT(pcapng, "pcapng", "plain", ".pcapng")
FORMAT(raw_lz4, "raw", "lz4", ".raw.lz4")
FORMAT(pcap_zstd, "pcap", "zstd:1", ".pcap.zst")
FORMAT(pcapng_lz4, "pcapng", "lz4:1", ".pcapng.lz4")

static void one_io(const char *io, const char *depth, const char *block, const char *more)
{
	dd_start(false, "--io", io, "--depth", depth, "--block", block, "--file-size=1M", more,
		 NULL);
	dd_wait_attached();
	dd_send(FRAMES);
	dd_stop(0);
	check_all_stored(".raw");
	assert_non_null(strstr(dd.p.out, "\"format\": \"RAW\""));
	assert_true(strstr(dd.p.out, strcmp(io, "threads") ? "\"io_uring\"" : "\"threads\""));
}

static void test_io_threads(void **state)
{
	(void)state;
	one_io("threads", "4", "64K", NULL);
}

static void test_io_uring(void **state)
{
	(void)state;
	one_io("uring", "64", "4096", NULL);
}

static void test_one_at_once(void **state)
{
	(void)state;
	one_io("uring", "1", "12288", "--buffered");
}

static void test_sync_each(void **state)
{
	(void)state;
	one_io("threads", "2", "64K", "--sync=each");
}

static void test_lossy(void **state)
{
	struct dd_found f;

	(void)state;
	dd.per_second = 1000;
	dd_start(false, "--lossy", "--format=pcapng", "--compress=lz4", "--rotate=1", NULL);
	dd_wait_attached();
	dd_send(FRAMES);
	dd_stop(0);
	f = dd_look(dd.dir, ".pcapng.lz4");
	assert_int_equal(f.frames, dd_said("frames"));
	assert_int_equal(dd_said("frames") + dd_said("lost"), dd.sent);
	assert_true(dd_look(dd.dir, "1700000000_hpcap0_0.pcapng.lz4").last < 1000);
}

/* Only what matches is stored, and no more of it than was asked for. */
static void filtered(const char *format, const char *suffix)
{
	struct dd_found f;
	uint32_t n, want = 0;

	dd.keep = 100;
	dd_start(false, "--filter", "greater 1000", "--caplen=100", "--format", format, NULL);
	dd_wait_attached();
	dd_send(FRAMES);
	dd_stop(0);
	for (n = 0; n < dd.sent; n++)
		want += dd_len(n) >= 1000;
	f = dd_look(dd.dir, suffix);
	assert_int_equal(f.frames, want);
	assert_int_equal(dd_said("frames"), want);
	assert_int_equal(dd_said("lost"), 0);
}

static void test_filter_raw(void **state)
{
	(void)state;
	filtered("raw", ".raw");
}

static void test_filter_pcapng(void **state)
{
	(void)state;
	filtered("pcapng", ".pcapng");
}

/* A ring full of what is not wanted is given back all the same. */
static void test_filter_nothing(void **state)
{
	(void)state;
	dd_start(false, "--filter", "less 20", NULL);
	dd_wait_attached();
	dd_send(FRAMES);
	dd_stop(0);
	assert_int_equal(dd_said("frames"), 0);
	assert_int_equal(dd_said("lost"), 0);
}

/* Nothing comes any more: the clock ends the file, while the capture goes on. */
static void test_rotate_idle(void **state)
{
	int i;

	(void)state;
	dd_start(false, "--rotate=1", NULL);
	dd_wait_attached();
	dd_send(10);
	for (i = 0; i < 600 && !has_line(); i++)
		usleep(50000);
	assert_int_equal(dd_journal(dd.dir), 1);
	assert_int_equal(dd_look(dd.dir, ".raw").frames, 10);
	dd_send(10);
	dd_stop(0);
	check_all_stored(".raw");
	assert_int_equal(dd_said("files"), 2);
}

/* Each file has the frames of its own two seconds. */
static void test_rotate(void **state)
{
	struct dd_found f;

	(void)state;
	dd.per_second = 1000;
	dd_start(false, "--rotate=2", NULL);
	dd_wait_attached();
	dd_send(11000);
	dd_stop(0);
	check_all_stored(".raw");
	f = dd_look(dd.dir, ".raw");
	assert_int_equal(f.files, 6);
	assert_int_equal(dd_look(dd.dir, "1700000002_hpcap0_0.raw").frames, 2000);
	assert_int_equal(dd_look(dd.dir, "1700000010_hpcap0_0.raw").frames, 1000);
}

/* A clock that is set back begins a file: none has times of before and after. */
static void test_clock_back(void **state)
{
	(void)state;
	dd.per_second = 1000;
	dd.back_at = 5000;
	dd.back_s = 100;
	dd_start(false, "--rotate=2", NULL);
	dd_wait_attached();
	dd_send(8000);
	dd_stop(0);
	assert_int_equal(dd_said("frames"), 8000);
	assert_int_equal(dd_said("files"), 5);
	assert_int_equal(dd_look(dd.dir, "1700000004_hpcap0_0.raw").frames, 1000);
	assert_int_equal(dd_look(dd.dir, "1699999905_hpcap0_0.raw").frames, 1000);
	assert_int_equal(dd_look(dd.dir, "1699999906_hpcap0_0.raw").frames, 2000);
}

/* A name that is taken stays whose it is. */
static void test_name_taken(void **state)
{
	char path[128];
	struct stat st;
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/1699999200", dd.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/1700000000_hpcap0_0.raw");
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "taken", 5), 5);
	dd_start(false, NULL);
	dd_wait_attached();
	dd_send(10);
	dd_stop(0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 5);
	close(fd);
	unlink(path);
	assert_int_equal(dd_look(dd.dir, "1700000000_hpcap0_0n0001.raw").frames, 10);
}

static void test_volumes_in_turn(void **state)
{
	struct dd_found a, b;

	(void)state;
	dd_start(true, "--file-size=1M", NULL);
	dd_wait_attached();
	dd_send(FRAMES);
	dd_stop(0);
	a = dd_look(dd.dir, ".raw");
	b = dd_look(dd.other, ".raw");
	assert_int_equal(a.frames + b.frames, dd.sent);
	assert_true(a.files == b.files || a.files == b.files + 1);
	assert_int_equal(dd_journal(dd.dir) + dd_journal(dd.other), a.files + b.files);
}

/* What is read and not yet on its way to the disk is not given back. */
static void test_ring_is_held(void **state)
{
	(void)state;
	dd_start(false, "--block=64K", NULL);
	dd_wait_attached();
	dd_send(20);
	usleep(600000);
	assert_true(fake_dev_ack(0) < fake_dev_committed());
	dd_stop(0);
	check_all_stored(".raw");
	assert_int_equal(fake_dev_ack(0), fake_dev_committed());
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dd_setup, dd_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_raw),
		TEST(test_pcap),
		TEST(test_pcapng),
		TEST(test_raw_lz4),
		TEST(test_pcap_zstd),
		TEST(test_pcapng_lz4),
		TEST(test_io_threads),
		TEST(test_io_uring),
		TEST(test_one_at_once),
		TEST(test_sync_each),
		TEST(test_lossy),
		TEST(test_filter_raw),
		TEST(test_filter_pcapng),
		TEST(test_filter_nothing),
		TEST(test_rotate),
		TEST(test_rotate_idle),
		TEST(test_clock_back),
		TEST(test_name_taken),
		TEST(test_volumes_in_turn),
		TEST(test_ring_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
