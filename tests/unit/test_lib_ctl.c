// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-ctl over a device made of memory: what is set is shown, what is wrong is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <hpcap.h>
#include "unit/fake_dev.h"
#include "unit/run_program.h"

static struct program p;

static int setup(void **state)
{
	(void)state;
	fake_dev_create(HPCAP_RING_MIN);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_dev_destroy();
	return 0;
}

/* Run with these arguments, NULL at the end; must end with @status. */
static void ctl(int status, const char *const *argv)
{
	int n = 0;

	memset(p.argv, 0, sizeof(p.argv));
	p.main = main_hpcap_ctl;
	p.argv[n++] = "hpcap-ctl";
	while (*argv)
		p.argv[n++] = *argv++;
	program_run(&p);
	if (p.status != status)
		print_message("out: %s\nerr: %s\n", p.out, p.err);
	assert_int_equal(p.status, status);
}

#define ctl(status, ...) ctl(status, (const char *const[]){__VA_ARGS__, NULL})

static void shown(const char *text)
{
	if (!strstr(p.out, text))
		print_message("no '%s' in: %s\n", text, p.out);
	assert_non_null(strstr(p.out, text));
}

static void said(const char *text)
{
	if (!strstr(p.err, text))
		print_message("no '%s' in: %s\n", text, p.err);
	assert_non_null(strstr(p.err, text));
}

static void wrong_use(void **state)
{
	(void)state;
	ctl(2, "frobnicate");
	said("frobnicate");
	ctl(2, "show", "eth0");
	said("eth0: not a queue");
	ctl(2, "show", "0_0", "colour");
	said("colour: no such option");
	ctl(2, "set", "0_0");
	ctl(2, "set", "0_0", "ring");
	said("ring: want NAME=VALUE");
	ctl(2, "set", "0_0", "ring=2M", "colour=red");
	said("colour=red: no such option");
	ctl(2, "set", "0_0", "device=x");
	said("device: can only be shown");
	ctl(2, "--frob");
	ctl(0, "show", "0_0", "ring");
	shown("ring             1M\n");
}

static void no_such_queue(void **state)
{
	(void)state;
	ctl(1, "show", "7_7");
	said("/dev/hpcap_7_7: no such capture queue");
	ctl(1, "set", "7_7", "ring=1M");
}

static void help(void **state)
{
	(void)state;
	ctl(0, "--help");
	shown("usage: hpcap-ctl");
	shown("adaptive|busy");
	ctl(0, "options");
	shown("  ring ");
	ctl(0, "--version");
	shown("hpcap-ctl (hpcap)");
}

static void ring_and_poll(void **state)
{
	(void)state;
	ctl(0, "set", "hpcap_0_0", "ring=2M", "poll=busy", "cpu=1");
	ctl(0, "show", "/dev/hpcap_0_0");
	shown("  ring             2M\n");
	shown("  poll             busy\n");
	shown("  cpu              1\n");
	shown("  sent             0\n");
	shown("  send-failed      0\n");
	ctl(0, "set", "0_0", "cpu=any");
	ctl(0, "--json", "show", "0_0", "ring", "cpu");
	shown("{\"schema_version\": 1, \"queues\": [");
	shown("{\"adapter\": 0, \"queue\": 0, \"cpu\": -1, \"ring\": 2097152}");
}

static void keep_and_filter(void **state)
{
	(void)state;
	ctl(0, "set", "0_0", "filter=udp port 53", "caplen=96", "headers=on");
	ctl(0, "set", "0_0", "flow-bytes=64K", "evict-ms=1500");
	ctl(0, "show", "0_0");
	shown("  filter           udp port 53\n");
	shown("  caplen           96\n");
	shown("  headers          on\n");
	shown("  flow-bytes       65536\n");
	shown("  evict-ms         1500\n");
	ctl(0, "-j", "show", "0_0", "filter", "headers", "ring-full-ms", "ring-stall-ms");
	shown("\"filter\": \"udp port 53\", ");
	shown("\"ring-full-ms\": -1, \"ring-stall-ms\": 2");
	ctl(0, "set", "0_0", "filter=", "headers=off");
	ctl(0, "show", "0_0", "filter", "headers");
	shown("  filter           \n");
	shown("  headers          off\n");
	ctl(1, "set", "0_0", "filter=udp portly");
	said("filter 'udp portly': ");
	ctl(1, "set", "0_0", "caplen=13");
	said("caplen=13: bad value, want 14..65524");
	ctl(1, "set", "0_0", "headers=perhaps");
	ctl(1, "set", "0_0", "evict-ms=never");
}

static void pages_of_the_ring(void **state)
{
	(void)state;
	ctl(0, "set", "0_0", "ring=2M:4K");
	ctl(0, "show", "0_0", "ring", "ring-kind");
	shown("  ring             2M\n");
	shown("  ring-kind        file\n");
	ctl(1, "set", "0_0", "ring=2M:5K");
	said("ring=2M:5K: bad value");
	ctl(1, "set", "0_0", "ring=2M:");
	ctl(2, "set", "0_0", "ring-used=1");
}

static void time_and_copies(void **state)
{
	(void)state;
	ctl(0, "set", "0_0", "time=adaptive", "clock=ptp1", "batch=32");
	ctl(0, "set", "0_0", "dup=mark", "dup-ignore=ttl,mac", "dup-entries=2048",
	    "dup-window=1500");
	ctl(0, "show", "0_0");
	shown("  time             adaptive\n");
	shown("  clock            ptp1\n");
	shown("  batch            32\n");
	shown("  hw-stamps        off\n");
	shown("  clock-error      -12\n");
	shown("  dup              mark\n");
	shown("  dup-ignore       ttl,mac\n");
	shown("  dup-window       1500\n");
	ctl(0, "--json", "show", "0_0", "time", "clock-rate", "dup-entries", "dup-found");
	shown("\"time\": \"adaptive\", \"clock-rate\": 3400, \"dup-entries\": 2048, "
	      "\"dup-found\": 7");
	ctl(0, "set", "0_0", "dup-ignore=none", "clock=tai");
	ctl(0, "show", "0_0", "dup-ignore", "clock");
	shown("none");
	shown("tai");
	ctl(1, "set", "0_0", "time=never");
	said("time=never: bad value, want kpt|udts|wdts|adaptive");
	ctl(1, "set", "0_0", "clock=ptp9");
	ctl(1, "set", "0_0", "clock=sundial");
	said("want realtime|tai|ptpN");
	ctl(1, "set", "0_0", "hw-stamps=on");
	ctl(1, "set", "0_0", "batch=1");
	said("want 16..64");
	ctl(1, "set", "0_0", "dup-ignore=ttl,");
	ctl(1, "set", "0_0", "dup-levels=65");
	ctl(1, "set", "0_0", "dup-entries=1000");
	said("want a power of two, 1024..4194304");
	ctl(2, "set", "0_0", "dup-found=1");
}

static void bad_values(void **state)
{
	(void)state;
	ctl(1, "set", "0_0", "ring=lots");
	said("hpcap_0_0: ring=lots: bad value, want SIZE");
	ctl(1, "set", "0_0", "ring=100");
	said("ring=100: bad value");
	ctl(1, "set", "0_0", "poll=never");
	ctl(1, "set", "0_0", "cpu=-2");
	ctl(0, "show", "0_0", "ring", "poll");
	shown("ring             1M\n");
	shown("adaptive");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(wrong_use, setup, teardown),
		cmocka_unit_test_setup_teardown(no_such_queue, setup, teardown),
		cmocka_unit_test_setup_teardown(help, setup, teardown),
		cmocka_unit_test_setup_teardown(ring_and_poll, setup, teardown),
		cmocka_unit_test_setup_teardown(keep_and_filter, setup, teardown),
		cmocka_unit_test_setup_teardown(pages_of_the_ring, setup, teardown),
		cmocka_unit_test_setup_teardown(time_and_copies, setup, teardown),
		cmocka_unit_test_setup_teardown(bad_values, setup, teardown),
	};

	return cmocka_run_group_tests_name("ctl", tests, NULL, NULL);
}
