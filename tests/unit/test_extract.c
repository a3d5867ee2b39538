// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-extract and hpcap-index over files of all kinds, against a naive look. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "unit/t.h"
#include "unit/extract_model.h"
#include "unit/raw_model.h"
#include "unit/run_program.h"

static struct program p;
static char in[80], out[96];

static int setup(void **state)
{
	int err = extract_setup(state);

	snprintf(in, sizeof(in), "%s/in", extract_dir);
	snprintf(out, sizeof(out), "%s/out.pcapng", extract_dir);
	return err;
}

static void run(int (*program)(int, char **), const char *const argv[])
{
	int n = 0;

	p.main = program;
	memset(p.argv, 0, sizeof(p.argv));
	p.argv[n++] = "program";
	while (argv[n - 1]) {
		p.argv[n] = argv[n - 1];
		n++;
	}
	program_run(&p);
}

#define EXTRACT(...) run(main_hpcap_extract, (const char *const[]){__VA_ARGS__, NULL})
#define INDEX(...)   run(main_hpcap_index, (const char *const[]){__VA_ARGS__, NULL})

static const char *moment(uint64_t ns)
{
	static char text[2][40];
	static int turn;

	turn = !turn;
	snprintf(text[turn], sizeof(text[0]), "%llu.%09llu",
		 (unsigned long long)ns / 1000000000, (unsigned long long)ns % 1000000000);
	return text[turn];
}

static void random_windows(uint32_t seed, int rounds)
{
	for (; rounds; rounds--) {
		uint64_t from = MODEL_START + model_random(&seed) % 2000 * MODEL_STEP_NS;
		uint64_t to = from + (1 + model_random(&seed) % 200) * MODEL_STEP_NS;
		uint32_t file = model_random(&seed) % MODEL_FILES;
		uint32_t host = 100 * file + model_random(&seed) % 30;
		char addr[32];

		EXTRACT("-q", "--from", moment(from), "--to", moment(to), "-w", out, in);
		assert_string_equal(p.err, "");
		assert_int_equal(p.status, 0);
		extract_compare(out, from, to, UINT32_MAX);
		snprintf(addr, sizeof(addr), "10.0.%u.%u", host >> 8, host & 255);
		EXTRACT("-q", "--host", addr, "-w", out, in);
		assert_int_equal(p.status, 0);
		assert_int_equal(extract_compare(out, 0, UINT64_MAX, host), 20);
	}
}

static void test_windows(void **state)
{
	static const uint32_t late[] = {0, 7, 900};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(late) / sizeof(late[0]); i++) {
		extract_write((uint32_t)i + 1, late[i]);
		random_windows(1, 4); /* without an index */
		INDEX("-q", "-f", "--every", "4K", "--every-ms", "10", i ? "--flows=64" : "-q",
		      in);
		assert_string_equal(p.err, "");
		assert_int_equal(p.status, 0);
		INDEX("--check", in);
		assert_int_equal(p.status, 0);
		random_windows(2, 12);
		EXTRACT("-q", "-w", out, in);
		assert_int_equal(extract_compare(out, 0, UINT64_MAX, UINT32_MAX),
				 MODEL_FILES * MODEL_FRAMES);
	}
}

/* Without disorder in the files there is none in the output. */
static void test_order(void **state)
{
	struct hpcap_frame f;
	struct hpcap_in *file;
	uint64_t last = 0;

	(void)state;
	extract_write(1, 0);
	EXTRACT("-q", "-w", out, in, in, extract_path(3));
	assert_int_equal(extract_compare(out, 0, UINT64_MAX, UINT32_MAX),
			 MODEL_FILES * MODEL_FRAMES);
	assert_int_equal(hpcap_in_open(&file, out, NULL), 0);
	while (hpcap_in_next(file, &f) > 0) {
		uint64_t t = f.rec.sec * 1000000000ull + f.rec.nsec;

		assert_true(t >= last);
		last = t;
	}
	hpcap_in_close(file);
}

static uint64_t number(const char *key)
{
	char pattern[40];
	const char *at;

	snprintf(pattern, sizeof(pattern), "\"%s\": ", key);
	at = strstr(p.out, pattern);
	assert_non_null(at);
	return strtoull(at + strlen(pattern), NULL, 10);
}

/* What is not in question is not touched. */
static void test_touched(void **state)
{
	const uint64_t from = MODEL_START + 100 * MODEL_STEP_NS;

	(void)state;
	extract_write(1, 0);
	INDEX("-q", "--flows", in);
	EXTRACT("--json", "--from", moment(from), "--to", "+0.01s", "-w", out, in);
	assert_int_equal(p.status, 0);
	assert_int_equal(number("frames"), 20);
	assert_int_equal(number("files"), MODEL_FILES);
	assert_int_equal(number("files_read"), 2);
	assert_int_equal(number("files_skipped"), MODEL_FILES - 2);
	assert_int_equal(number("files_without_index"), 0);
	extract_compare(out, from, from + 10 * MODEL_STEP_NS, UINT32_MAX);
	EXTRACT("--json", "--filter", "src host 10.0.0.5", "-w", out, in);
	assert_int_equal(number("frames"), 20);
	EXTRACT("--json", "--flow", "udp,10.0.0.250,0,10.0.0.5,0", "-w", out, in);
	assert_int_equal(number("frames"), 20);
	EXTRACT("--json", "--count", "7", "-F", "raw", "-w", out, in);
	assert_int_equal(number("frames"), 7);
	EXTRACT("-q", "--count", "1", "-F", "pcap-usec", in);
	assert_memory_equal(p.out, "\xd4\xc3\xb2\xa1", 4);
	EXTRACT("--json", "--to", "1", "-w", out, in);
	assert_int_equal(number("frames"), 0);
	assert_int_equal(p.status, 0);
}

/* An index that is stale, broken or cut: said, and nothing is lost. */
static void test_bad_index(void **state)
{
	const uint64_t from = MODEL_START + 100 * MODEL_STEP_NS;
	char index[200], command[512];
	struct stat st;

	(void)state;
	extract_write(1, 0);
	INDEX("-q", "--every", "4K", in);
	snprintf(index, sizeof(index), "%s.idx", extract_path(0));
	assert_int_equal(stat(index, &st), 0);
	assert_int_equal(truncate(index, st.st_size / 2), 0);
	EXTRACT("--from", moment(from), "--to", "+0.3s", "-w", out, in);
	assert_int_equal(p.status, 0);
	extract_compare(out, from, from + 300 * MODEL_STEP_NS, UINT32_MAX);
	INDEX("--check", in);
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.out, "partial"));
	assert_int_equal(truncate(index, 10), 0);
	EXTRACT("--from", moment(from), "--to", "+0.3s", "-w", out, in);
	assert_non_null(strstr(p.err, "its index is damaged"));
	extract_compare(out, from, from + 300 * MODEL_STEP_NS, UINT32_MAX);
	snprintf(command, sizeof(command), "cp %s.idx %s", extract_path(6), index);
	assert_int_equal(system(command), 0);
	EXTRACT("--from", moment(from + 1200000000), "--to", "+0.3s", "-w", out, in);
	assert_non_null(strstr(p.err, "is not of this file any more"));
	INDEX("--json", in);
	assert_int_equal(p.status, 0);
	assert_non_null(strstr(p.out, "\"was\": \"stale\", \"result\": \"made\""));
	INDEX("--json", in);
	assert_null(strstr(p.out, "made"));
}

static void test_wrong_use(void **state)
{
	static const char *const bad[][2] = {
		{"--from", "yesterday"},
		{"--to", "2026-02-31"},
		{"--from", "+1s"},
		{"--to", "+1s"},
		{"--to", "0"},
		{"--host", "10.0.0"},
		{"--flow", "tcp,1.1.1.1"},
		{"--filter", "tcp prt 1"},
		{"--count", "0"},
		{"--format", "cap"},
		{"--from", "2026-01-01T25:00:00Z"},
		{"--flow", "tcp,1.1.1.1,80,::1,80"},
		{"--from", "12:00"},
		{"--from", "-1w"},
	};
	size_t i;

	(void)state;
	extract_write(1, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXTRACT(bad[i][0], bad[i][1], "-w", out, in);
		assert_int_equal(p.status, 2);
		assert_non_null(strstr(p.err, bad[i][0] + 2));
		assert_int_equal(access(out, F_OK), -1);
	}
	EXTRACT("-w", out);
	assert_int_equal(p.status, 2);
	EXTRACT("--json", in);
	assert_int_equal(p.status, 2);
	EXTRACT("-w", out, "/nonexistent");
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, "/nonexistent: "));
	EXTRACT("-w", "/nonexistent/x", in);
	assert_int_equal(p.status, 1);
	EXTRACT("-w", "/dev/full", in);
	assert_int_equal(p.status, 1);
	EXTRACT("-w", extract_path(0), in);
	assert_int_equal(p.status, 2);
	EXTRACT("-w", out, "/proc/self/exe");
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, "/proc/self/exe: byte 0"));
	INDEX("--every", "1", in);
	assert_int_equal(p.status, 2);
	INDEX("--flows=100", in);
	assert_int_equal(p.status, 2);
	INDEX("--check", "--force", in);
	assert_int_equal(p.status, 2);
}

/* The same moment in each way that it may be said. */
static void test_moments(void **state)
{
	static const char *const same[] = {
		"1700000000.1", "2023-11-14T22:13:20.1Z", "2023-11-14 22:13:20.100",
		"2023-11-14T23:13:20.1+01:00", "2023-11-14T20:43:20,1-01:30"};
	size_t i;

	(void)state;
	extract_write(1, 0);
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		EXTRACT("--json", "--from", same[i], "--to", "+5ms", "-w", out, in);
		assert_int_equal(p.status, 0);
		assert_int_equal(number("frames"), 10);
		assert_int_equal(number("first_ns"), MODEL_START + 100 * MODEL_STEP_NS);
	}
	EXTRACT("--json", "--from", "-5m", "--to", "now", "-w", out, in);
	assert_int_equal(number("frames"), 0);
	EXTRACT("--json", "--from", "-300000d", "--to", "now", "-w", out, in);
	assert_int_equal(p.status, 2);
	EXTRACT("--json", "--from", "-1000d", "--to", "-1h", "-w", out, in);
	assert_int_equal(p.status, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, extract_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_windows),   TEST(test_order),	    TEST(test_touched),
		TEST(test_bad_index), TEST(test_wrong_use), TEST(test_moments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
