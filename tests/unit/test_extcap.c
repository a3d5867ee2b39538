// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-extcap over a device made of memory, and wrong uses of it and of hpcap-run. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "unit/t.h"
#include "unit/fake_dev.h"
#include "unit/run_program.h"
#include <hpcap.h>

static struct program p;
static char fifo[] = "/tmp/test_extcap.XXXXXX";

static int setup(void **state)
{
	(void)state;
	fake_dev_create(HPCAP_RING_MIN);
	memcpy(fifo + sizeof(fifo) - 7, "XXXXXX", 6);
	return close(mkstemp(fifo));
}

static int teardown(void **state)
{
	(void)state;
	fake_dev_destroy();
	return unlink(fifo);
}

static void prepare(int (*program)(int, char **), const char *const argv[])
{
	int n;

	p.main = program;
	memset(p.argv, 0, sizeof(p.argv));
	p.argv[0] = "program";
	for (n = 0; argv[n]; n++)
		p.argv[n + 1] = argv[n];
}

#define EXTCAP(...) prepare(main_hpcap_extcap, (const char *const[]){__VA_ARGS__, NULL})
#define RUN(...)    prepare(main_hpcap_run, (const char *const[]){__VA_ARGS__, NULL})
#define QUEUE	    "--extcap-interface", "hpcap0:0"

static size_t slurp(uint8_t *buf, size_t size)
{
	FILE *f = fopen(fifo, "r");
	size_t n;

	if (!f)
		abort();
	n = fread(buf, 1, size, f);
	fclose(f);
	return n;
}

/* 100 frames of 60 and of 600 bytes in turn: a filter and a caplen, ended by a signal. */
static void test_capture(void **state)
{
	static uint8_t frame[600] = {2, 0, 0, 0, 0, 1}, buf[1 << 16];
	uint32_t i;

	(void)state;
	EXTCAP(QUEUE, "--capture", "--fifo", fifo, "--caplen", "100", "--extcap-version=4.4",
	       "--extcap-capture-filter", "greater 100");
	program_start(&p);
	while (!fake_dev_listeners())
		usleep(1000);
	for (i = 0; i < 100; i++) {
		uint32_t len = i % 2 ? 600 : 60;

		assert_true(fake_dev_put(1700000000, i, frame, len, len));
	}
	fake_dev_commit();
	while (slurp(buf, sizeof(buf)) < 24 + 50 * 116)
		usleep(1000);
	kill(p.pid, SIGTERM);
	program_wait(&p);
	assert_int_equal(p.status, 0);
	assert_string_equal(p.err, "");
	assert_int_equal(slurp(buf, sizeof(buf)), 24 + 50 * 116);
	assert_memory_equal(buf, "\x4d\x3c\xb2\xa1", 4);
	assert_int_equal(buf[24 + 8], 100);
	assert_int_equal(buf[24 + 12], 600 & 255);
}

static void test_lists(void **state)
{
	(void)state;
	EXTCAP("--extcap-interfaces", "--extcap-version=4.4");
	program_run(&p);
	assert_int_equal(p.status, 0);
	assert_non_null(strstr(p.out, "extcap {version="));
	EXTCAP(QUEUE, "--extcap-dlts");
	program_run(&p);
	assert_string_equal(p.out, "dlt {number=1}{name=EN10MB}{display=Ethernet}\n");
	EXTCAP(QUEUE, "--extcap-config");
	program_run(&p);
	assert_non_null(strstr(p.out, "{call=--caplen}"));
	assert_non_null(strstr(p.out, "{call=--lossy}"));
	EXTCAP(QUEUE, "--extcap-capture-filter", "tcp port 80");
	program_run(&p);
	assert_int_equal(p.status, 0);
}

static void test_wrong_use(void **state)
{
	(void)state;
	EXTCAP("--extcap-dlts");
	program_run(&p);
	assert_int_equal(p.status, 2);
	EXTCAP("--extcap-interface", "eth0", "--extcap-dlts");
	program_run(&p);
	assert_int_equal(p.status, 2);
	assert_non_null(strstr(p.err, "eth0"));
	EXTCAP(QUEUE);
	program_run(&p);
	assert_int_equal(p.status, 2);
	EXTCAP(QUEUE, "--capture");
	program_run(&p);
	assert_int_equal(p.status, 2);
	EXTCAP(QUEUE, "--extcap-capture-filter", "tcp prt 80");
	program_run(&p);
	assert_int_equal(p.status, 2);
	assert_non_null(strstr(p.err, "tcp prt 80"));
	EXTCAP(QUEUE, "--capture", "--fifo", fifo, "--caplen", "0");
	program_run(&p);
	assert_int_equal(p.status, 2);
	EXTCAP("--extcap-interface", "hpcap9:0", "--capture", "--fifo", fifo);
	program_run(&p);
	assert_int_equal(p.status, 1);
	assert_non_null(strstr(p.err, "hpcap9:0: no such capture queue"));
	EXTCAP(QUEUE, "--capture", "--fifo", "/nonexistent/x");
	program_run(&p);
	assert_int_equal(p.status, 1);
	EXTCAP("x");
	program_run(&p);
	assert_int_equal(p.status, 2);
}

static void test_run(void **state)
{
	(void)state;
	RUN("--no-such-option");
	program_run(&p);
	assert_int_equal(p.status, 2);
	RUN("--help");
	program_run(&p);
	assert_int_equal(p.status, 0);
	RUN("--version");
	program_run(&p);
	assert_int_equal(p.status, 0);
	/* where the tests are built there is no library beside them */
	RUN("true");
	program_run(&p);
	assert_int_equal(p.status, 126);
	assert_non_null(strstr(p.err, "libhpcap-pcap.so"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_capture),
		TEST(test_lists),
		TEST(test_wrong_use),
		TEST(test_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
