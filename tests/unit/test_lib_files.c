// SPDX-License-Identifier: GPL-2.0-or-later
/* raw2pcap and checkraw on good and bad files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <signal.h>
#include <sys/resource.h>
#include <cmocka.h>
#include "unit/raw_model.h"
#include "unit/run_program.h"

static char dir[64], out[128];
static struct program p;

static int setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/test_lib_files.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(out, sizeof(out), "%s/out.pcap", dir);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static const char *save(const char *name, struct bytes *b)
{
	static char path[4][128];
	static int turn;
	char *to = path[turn++ % 4];
	FILE *f;

	snprintf(to, sizeof(path[0]), "%s/%s", dir, name);
	f = fopen(to, "w");
	if (b->size)
		assert_int_equal(fwrite(b->p, 1, b->size, f), b->size);
	fclose(f);
	bytes_free(b);
	return to;
}

static void run(int (*program)(int, char **), const char *a1, const char *a2, const char *a3,
		const char *a4)
{
	p.main = program;
	memset(p.argv, 0, sizeof(p.argv));
	p.argv[0] = "program";
	p.argv[1] = a1;
	p.argv[2] = a2;
	p.argv[3] = a3;
	p.argv[4] = a4;
	program_run(&p);
}

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : st.st_size;
}

static struct bytes frames(uint32_t from, uint32_t to)
{
	struct bytes b = {0};

	for (; from < to; from++)
		bytes_frame(&b, from, 100, 200);
	return b;
}

/* Each way a file may be: what checkraw says, what raw2pcap makes of it. */
static void expect(struct bytes b, int status, const char *word, int nr_frames)
{
	const char *in = save("in.raw", &b);

	unlink(out);
	run(main_checkraw, in, NULL, NULL, NULL);
	assert_int_equal(p.status, status);
	assert_non_null(strstr(p.out, word));
	run(main_checkraw, "--json", in, NULL, NULL);
	assert_int_equal(p.status, status);
	assert_non_null(strstr(p.out, "\"schema_version\": 1"));
	run(main_raw2pcap, in, out, NULL, NULL);
	assert_int_equal(p.status, status);
	if (status)
		assert_non_null(strstr(p.err, in));
	assert_int_equal(size_of(out), nr_frames < 0 ? -1 : 24 + nr_frames * 116);
}

static void test_verdicts(void **state)
{
	static const uint8_t pcap[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4};
	static const uint8_t gzip[24] = {0x1f, 0x8b, 8, 0, 1, 2, 3, 0x99, 5, 0, 4};
	struct bytes b;

	(void)state;
	expect(frames(0, 9), 0, "ok, 9 frames", 9);
	b = frames(0, 9);
	bytes_pad(&b, 100);
	expect(b, 0, "ok, 9 frames", 9);
	b = frames(0, 9);
	bytes_pad(&b, 0);
	expect(b, 0, "padding of zero bytes", 9);
	b = (struct bytes){0};
	bytes_pad(&b, 100);
	bytes_frame(&b, 0, 100, 200);
	expect(b, 0, "padding at the start", 1);
	b = frames(0, 9);
	bytes_add(&b, "stray", 5);
	expect(b, 0, "stray bytes", 9);
	b = frames(0, 9);
	b.size -= 50;
	expect(b, 0, "ends within a record", 8);
	b = frames(0, 9);
	b.size = 8;
	expect(b, 1, "damaged", -1);
	expect((struct bytes){0}, 1, "file is empty", -1);
	b = (struct bytes){0};
	bytes_add(&b, pcap, sizeof(pcap));
	expect(b, 0, "ok, 0 frames, 24 bytes, pcap", 0);
	b = (struct bytes){0};
	bytes_add(&b, gzip, sizeof(gzip));
	expect(b, 1, "not a RAW file, it looks like gzip", -1);
	b = frames(0, 5);
	bytes_header(&b, MODEL_SEC, 1, 500, 60);
	bytes_frame(&b, 5, 100, 200);
	bytes_frame(&b, 6, 100, 200);
	bytes_frame(&b, 7, 100, 200);
	expect(b, 1, "impossible length", 8);
	b = frames(5, 6);
	bytes_frame(&b, 4, 100, 200);
	expect(b, 0, "time goes back: 1, by 0.001000000 s", 2);
}

static void test_several(void **state)
{
	struct bytes b = frames(0, 10);
	const char *one = save("one.raw", &b), *two;

	(void)state;
	bytes_pad(&b, 50);
	bytes_frame(&b, 10, 100, 200);
	two = save("two.raw", &b);
	run(main_raw2pcap, "--usec", one, two, out);
	assert_int_equal(p.status, 0);
	assert_int_equal(size_of(out), 24 + 11 * 116);
	assert_non_null(strstr(p.err, "11 frames from 2 files"));
	run(main_raw2pcap, "-q", one, "-", NULL);
	assert_int_equal(p.status, 0);
	assert_string_equal(p.err, "");
	assert_memory_equal(p.out, "\x4d\x3c\xb2\xa1", 4);
	run(main_checkraw, "--gaps", "1", one, two);
	assert_int_equal(p.status, 0);
}

static void test_wrong_use(void **state)
{
	struct bytes b = frames(0, 10);
	const char *one = save("one.raw", &b);
	off_t size = size_of(one);

	(void)state;
	run(main_raw2pcap, one, NULL, NULL, NULL);
	assert_int_equal(p.status, 2);
	run(main_raw2pcap, one, one, NULL, NULL);
	assert_int_equal(p.status, 2);
	assert_int_equal(size_of(one), size);
	run(main_raw2pcap, "-", "-", out, NULL);
	assert_int_equal(p.status, 2);
	run(main_raw2pcap, "/nonexistent/x", out, NULL, NULL);
	assert_int_equal(p.status, 1);
	assert_int_equal(size_of(out), -1);
	run(main_raw2pcap, one, "/nonexistent/x", NULL, NULL);
	assert_int_equal(p.status, 1);
	run(main_raw2pcap, one, "/dev/full", NULL, NULL);
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, "no space"));
	run(main_raw2pcap, "--no-such-option", NULL, NULL, NULL);
	assert_int_equal(p.status, 2);
	run(main_checkraw, NULL, NULL, NULL, NULL);
	assert_int_equal(p.status, 2);
	run(main_checkraw, "--gaps", "x", one, NULL);
	assert_int_equal(p.status, 2);
	run(main_checkraw, "/nonexistent/x", one, NULL, NULL);
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.out, "unreadable"));
	run(main_checkraw, "--version", NULL, NULL, NULL);
	assert_int_equal(p.status, 0);
	run(main_raw2pcap, "--help", NULL, NULL, NULL);
	assert_int_equal(p.status, 0);
	assert_non_null(strstr(p.out, "usage:"));
}

static struct bytes load(const char *path)
{
	struct bytes b = {0};
	off_t size = size_of(path);
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	bytes_zeros(&b, (size_t)size);
	assert_int_equal(fread(b.p, 1, b.size, f), b.size);
	fclose(f);
	return b;
}

static void same(const char *a, const char *b)
{
	struct bytes x = load(a), y = load(b);

	assert_int_equal(x.size, y.size);
	assert_memory_equal(x.p, y.p, x.size);
	bytes_free(&x);
	bytes_free(&y);
}

/* As large as is read ahead and written past the page cache: not a byte differs. */
static void test_large(void **state)
{
	static const char *const ends[] = {"a.raw", "a.pcap", "a.pcapng", "a.raw.lz4"};
	char there[128], back[128];
	struct bytes b = {0};
	const char *in;
	uint32_t i;

	(void)state;
	for (i = 0; i < 16000; i++)
		bytes_frame(&b, i, (uint16_t)(60 + i % 1400), 1500);
	in = save("in.raw", &b);
	snprintf(back, sizeof(back), "%s/back.raw", dir);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(there, sizeof(there), "%s/%s", dir, ends[i]);
		run(main_raw2pcap, "-q", in, there, NULL);
		assert_int_equal(p.status, 0);
		run(main_raw2pcap, "-q", there, back, NULL);
		assert_int_equal(p.status, 0);
		same(in, back);
	}
}

/* A frame that no block takes, in the midst of others. */
static void test_large_frame(void **state)
{
	const uint32_t head[6] = {0xa1b23c4d, 0x40002, 0, 0, 262144, 1};
	const uint32_t large = 3 << 20, small = 1000;
	struct bytes b = {0};
	const char *in;
	uint32_t i;

	(void)state;
	bytes_add(&b, head, sizeof(head));
	for (i = 0; i < 9000; i++) {
		const uint32_t len = i == 4000 ? large : small;
		const uint32_t rec[4] = {MODEL_SEC, i, len, len};

		bytes_add(&b, rec, sizeof(rec));
		bytes_zeros(&b, len);
	}
	in = save("in.pcap", &b);
	run(main_raw2pcap, "-q", in, out, NULL);
	assert_int_equal(p.status, 0);
	same(in, out);
}

/* The file may not grow: one error, and what is there are whole blocks. */
static void test_no_room(void **state)
{
	const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
	struct rlimit few = {5 << 20, RLIM_INFINITY};
	struct bytes b = {0};
	const char *in;
	uint32_t i;

	(void)state;
	for (i = 0; i < 9000; i++)
		bytes_frame(&b, i, 1000, 1500);
	in = save("in.raw", &b);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
	run(main_raw2pcap, "-q", in, out, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, out));
	assert_in_range(size_of(out), 1 << 20, 5 << 20);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_verdicts), TEST(test_several),     TEST(test_wrong_use),
		TEST(test_large),    TEST(test_large_frame), TEST(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
