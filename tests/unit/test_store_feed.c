// SPDX-License-Identifier: GPL-2.0-or-later
/* What comes to the writing engine by way of a feed: a queue without its tunnels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap.h>
#include "unit/dd_world.h"
#include "unit/fake_dev.h"
#include "unit/tunnel_model.h"

enum {
	FRAMES = 20000,
	INSIDE = 14 + 20 + 8 + 26 /* bytes of what pkt_payload() makes */
};

static void check_all_stored(void)
{
	struct dd_found f = dd_look(dd.dir, ".raw");

	assert_int_equal(f.frames, dd.sent);
	assert_int_equal(f.lost, 0);
	assert_int_equal(dd_journal(dd.dir), f.files);
	assert_int_equal(dd_said("frames"), dd.sent);
	assert_int_equal(dd_said("lost"), 0);
}

/* Frames without a tunnel pass as they are; all that came before the signal is there. */
static void test_plain(void **state)
{
	(void)state;
	dd_start(false, "--decap", "--ring=1M", "--file-size=1M", NULL);
	dd_wait_attached();
	dd_send(FRAMES);
	dd_stop(0);
	check_all_stored();
	assert_int_equal(dd_said("changed"), 0);
}

static void test_gone(void **state)
{
	(void)state;
	dd_start(false, "--decap=vxlan,gre", NULL);
	dd_wait_attached();
	dd_send(100);
	fake_dev_gone();
	program_wait(&dd.p);
	assert_int_equal(dd.p.status, 1);
	assert_non_null(strstr(dd.p.out, "\"reason\": \"error\""));
	check_all_stored();
}

static void test_count(void **state)
{
	(void)state;
	dd_start(false, "--decap", "--count=50", NULL);
	dd_wait_attached();
	dd_send(100);
	program_wait(&dd.p);
	assert_int_equal(dd.p.status, 0);
	assert_int_equal(dd_said("frames"), 50);
	assert_int_equal(dd_look(dd.dir, ".raw").frames, 50);
}

static void test_tunnels(void **state)
{
	static const uint8_t vni[8] = {8, 0, 0, 0, 0, 0, 7};
	uint32_t i;

	(void)state;
	pkt_start();
	pkt_eth(1, 0x0800);
	pkt_ip4(17);
	pkt_udp(4789);
	pkt_put(vni, sizeof(vni));
	pkt_payload();
	pkt_finish();
	dd_start(false, "--decap", NULL);
	dd_wait_attached();
	for (i = 0; i < 100; i++)
		fake_dev_put(1700000000, i, pkt_bytes, pkt_size, pkt_size);
	fake_dev_commit();
	dd_stop(0);
	assert_int_equal(dd_said("frames"), 100);
	assert_int_equal(dd_said("changed"), 100);
	assert_int_equal(dd_said("vxlan"), 100);
	assert_int_equal(dd_said("bytes"), 100 * (sizeof(struct hpcap_rec) + INSIDE));
}

static void test_wrong_use(void **state)
{
	(void)state;
	dd_start(false, "--ring=4M", NULL);
	program_wait(&dd.p);
	assert_int_equal(dd.p.status, 2);
	assert_non_null(strstr(dd.p.err, "--decap or a pipe only"));
	dd_start(false, "--decap=ipsec", NULL);
	program_wait(&dd.p);
	assert_int_equal(dd.p.status, 2);
	assert_int_equal(dd_look(dd.dir, ".raw").files, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, dd_setup, dd_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plain),   TEST(test_gone),	  TEST(test_count),
		TEST(test_tunnels), TEST(test_wrong_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
