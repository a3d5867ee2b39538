// SPDX-License-Identifier: GPL-2.0-or-later
/* The library before libpcap, over a device made of memory, with the real libpcap. */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <pcap/pcap.h>
#include "unit/t.h"
#include "unit/fake_dev.h"
#include <hpcap.h>

#define DEVICE "hpcap:0:0"

enum {
	SEC = 1700000000,
};

static char errbuf[PCAP_ERRBUF_SIZE];
static uint32_t got, bytes, sum;

static int setup(void **state)
{
	(void)state;
	fake_dev_create(HPCAP_RING_MIN);
	got = bytes = sum = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_dev_destroy();
	return 0;
}

/* UDP from 10.0.0.n to 10.0.0.1, 200 bytes, one each microsecond and a bit. */
static void send_frames(uint32_t from, uint32_t to)
{
	uint8_t frame[200] = {[12] = 8,	 [14] = 0x45, [17] = 186, [22] = 64,
			      [23] = 17, [26] = 10,   [30] = 10,  [33] = 1};

	for (; from < to; from++) {
		frame[29] = (uint8_t)from;
		assert_true(fake_dev_put(SEC, from * 1001, frame, sizeof(frame), 1000));
	}
	fake_dev_commit();
}

static pcap_t *open_device(const char *device, int snaplen, int timeout_ms)
{
	pcap_t *p = pcap_create(device, errbuf);

	assert_non_null(p);
	assert_int_equal(pcap_set_snaplen(p, snaplen), 0);
	assert_int_equal(pcap_set_timeout(p, timeout_ms), 0);
	assert_int_equal(pcap_set_promisc(p, 1), 0);
	assert_int_equal(pcap_set_buffer_size(p, 1 << 20), 0);
	assert_int_equal(pcap_can_set_rfmon(p), 0);
	assert_int_equal(pcap_set_rfmon(p, 1), PCAP_ERROR_RFMON_NOTSUP);
	assert_int_equal(pcap_set_tstamp_type(p, PCAP_TSTAMP_HOST), 0);
	assert_int_equal(pcap_set_immediate_mode(p, 0), 0);
	assert_int_equal(pcap_dispatch(p, 1, NULL, NULL), PCAP_ERROR_NOT_ACTIVATED);
	assert_int_equal(pcap_activate(p), 0);
	assert_int_equal(pcap_activate(p), PCAP_ERROR_ACTIVATED);
	assert_int_equal(pcap_set_snaplen(p, 1), PCAP_ERROR_ACTIVATED);
	return p;
}

static void count(u_char *user, const struct pcap_pkthdr *hdr, const u_char *data)
{
	assert_int_equal(hdr->len, 1000);
	assert_int_equal(hdr->ts.tv_sec, SEC);
	got++;
	bytes += hdr->caplen;
	sum += data[29];
	if (user && got == 10)
		pcap_breakloop((pcap_t *)user);
}

static void test_frames(void **state)
{
	pcap_t *p = open_device(DEVICE, 65535, 10);
	struct pcap_pkthdr *hdr, one;
	const u_char *data;
	struct pcap_stat st;

	(void)state;
	assert_int_equal(pcap_datalink(p), DLT_EN10MB);
	assert_int_equal(pcap_snapshot(p), 65535);
	assert_int_equal(pcap_dispatch(p, -1, count, NULL), 0); /* time-out */
	send_frames(0, 100);
	assert_int_equal(pcap_dispatch(p, 30, count, NULL), 30);
	assert_int_equal(pcap_dispatch(p, -1, count, NULL), 70);
	assert_int_equal(got, 100);
	assert_int_equal(bytes, 20000);
	assert_int_equal(sum, 4950);
	send_frames(100, 200);
	assert_int_equal(pcap_loop(p, 50, count, NULL), 0);
	assert_int_equal(got, 150);
	assert_int_equal(pcap_next_ex(p, &hdr, &data), 1);
	assert_int_equal(hdr->caplen, 200);
	assert_int_equal(hdr->ts.tv_usec, 150 * 1001 / 1000);
	assert_int_equal(data[29], 150);
	assert_non_null(pcap_next(p, &one));
	assert_int_equal(one.caplen, 200);
	assert_int_equal(pcap_stats(p, &st), 0);
	assert_int_equal(st.ps_recv, 152);
	assert_int_equal(st.ps_drop, 0);
	pcap_close(p);
}

/* More than a ring: what was read is given back on the way. */
static void test_many(void **state)
{
	pcap_t *p = open_device(DEVICE, 65535, 10);
	struct pcap_pkthdr *hdr;
	const u_char *data;
	uint32_t i, round;

	(void)state;
	for (round = 0; round < 40; round++) {
		send_frames(0, 1500);
		if (round % 2)
			for (i = 0; i < 1500; i++)
				assert_int_equal(pcap_next_ex(p, &hdr, &data), 1);
		else
			assert_int_equal(pcap_loop(p, 1500, count, NULL), 0);
	}
	assert_int_equal(pcap_next_ex(p, &hdr, &data), 0);
	pcap_close(p);
}

static void test_filter(void **state)
{
	const struct bpf_insn nonsense = {.code = 0xffff};
	struct bpf_program bad = {1, (struct bpf_insn *)&nonsense}, fp;
	pcap_t *p = open_device(DEVICE, 60, 10);

	(void)state;
	assert_int_equal(pcap_compile(p, &fp, "src host 10.0.0.7", 1, 0), 0);
	assert_int_equal(pcap_setfilter(p, &fp), 0);
	pcap_freecode(&fp);
	assert_int_equal(pcap_setfilter(p, &bad), PCAP_ERROR);
	assert_non_null(strstr(pcap_geterr(p), "hpcap:0:0: this filter"));
	send_frames(0, 256 + 8);
	assert_int_equal(pcap_dispatch(p, -1, count, NULL), 2);
	assert_int_equal(bytes, 120);
	assert_int_equal(sum, 14);
	assert_int_equal(pcap_setdirection(p, PCAP_D_IN), 0);
	assert_int_equal(pcap_setdirection(p, PCAP_D_OUT), PCAP_ERROR);
	assert_int_equal(pcap_sendpacket(p, (const u_char *)"x", 1), PCAP_ERROR);
	assert_int_equal(pcap_inject(p, "x", 1), PCAP_ERROR);
	pcap_close(p);
}

static void *stop_later(void *p)
{
	usleep(50000);
	pcap_breakloop(p);
	return NULL;
}

static void test_break(void **state)
{
	pcap_t *p = open_device(DEVICE, 65535, 0);
	struct pcap_pkthdr *hdr;
	const u_char *data;
	pthread_t t;

	(void)state;
	send_frames(0, 30);
	assert_int_equal(pcap_loop(p, -1, count, (u_char *)p), PCAP_ERROR_BREAK);
	assert_int_equal(got, 10);
	assert_int_equal(pcap_dispatch(p, 20, count, NULL), 20);
	pthread_create(&t, NULL, stop_later, p);
	assert_int_equal(pcap_loop(p, -1, count, NULL), PCAP_ERROR_BREAK);
	pthread_join(t, NULL);
	pcap_breakloop(p);
	assert_int_equal(pcap_next_ex(p, &hdr, &data), PCAP_ERROR_BREAK);
	assert_int_equal(pcap_setnonblock(p, 1, errbuf), 0);
	assert_int_equal(pcap_getnonblock(p, errbuf), 1);
	assert_int_equal(pcap_dispatch(p, -1, count, NULL), 0);
	pcap_close(p);
}

static void test_select(void **state)
{
	pcap_t *p = open_device(DEVICE, 65535, 5000);
	struct pollfd fd = {.fd = pcap_get_selectable_fd(p), .events = POLLIN};

	(void)state;
	assert_int_equal(fd.fd, pcap_fileno(p));
	assert_int_equal(ppoll(&fd, 1, &(struct timespec){0, 1000}, NULL), 0);
	send_frames(0, 1);
	assert_int_equal(ppoll(&fd, 1, &(struct timespec){5, 0}, NULL), 1);
	assert_int_equal(pcap_dispatch(p, -1, count, NULL), 1);
	pcap_close(p);
}

static void test_lossy(void **state)
{
	pcap_t *p = open_device(DEVICE ":lossy", 65535, 10);
	struct pcap_stat st;
	uint32_t round;

	(void)state;
	for (round = 0; round < 10; round++)
		send_frames(0, 1500);
	while (pcap_dispatch(p, -1, count, NULL) > 0)
		;
	assert_int_equal(pcap_stats(p, &st), 0);
	assert_int_equal(got + st.ps_drop, 15000);
	assert_true(st.ps_drop > 5000);
	pcap_close(p);
}

static void test_gone(void **state)
{
	pcap_t *p = open_device(DEVICE, 65535, 0);

	(void)state;
	send_frames(0, 5);
	fake_dev_gone();
	assert_int_equal(pcap_loop(p, -1, count, NULL), PCAP_ERROR);
	assert_int_equal(got, 5);
	assert_string_equal(pcap_geterr(p), "hpcap:0:0: the device went away");
	pcap_close(p);
}

/* What is written from our device is a file that the real libpcap reads. */
static void test_dump(void **state)
{
	char path[] = "/tmp/test_preload.XXXXXX";
	pcap_t *p = pcap_create(DEVICE, errbuf), *file;
	struct pcap_pkthdr *hdr;
	const u_char *data;
	pcap_dumper_t *d;

	(void)state;
	assert_true(close(mkstemp(path)) == 0);
	assert_int_equal(pcap_set_tstamp_precision(p, 17), PCAP_ERROR_TSTAMP_PRECISION_NOTSUP);
	assert_int_equal(pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO), 0);
	assert_int_equal(pcap_get_tstamp_precision(p), PCAP_TSTAMP_PRECISION_NANO);
	assert_int_equal(pcap_set_snaplen(p, 100), 0);
	assert_int_equal(pcap_activate(p), 0);
	assert_null(pcap_dump_open(p, "/nonexistent/x"));
	assert_non_null(strstr(pcap_geterr(p), "/nonexistent/x"));
	d = pcap_dump_open(p, path);
	assert_non_null(d);
	send_frames(0, 20);
	assert_int_equal(pcap_dispatch(p, -1, pcap_dump, (u_char *)d), 20);
	pcap_dump_close(d);
	pcap_close(p);
	file = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO,
						       errbuf);
	assert_non_null(file);
	assert_int_equal(pcap_snapshot(file), 100);
	for (got = 0; pcap_next_ex(file, &hdr, &data) == 1; got++) {
		assert_int_equal(hdr->caplen, 100);
		assert_int_equal(hdr->ts.tv_usec, got * 1001);
		assert_int_equal(data[29], got);
	}
	assert_int_equal(got, 20);
	pcap_close(file);
	unlink(path);
}

static void test_other_devices(void **state)
{
	static const char *const names[] = {
		"hpcap:",     "hpcap:0",    "hpcap:0:", "hpcap:0:0x",
		"hpcap:-1:0", "hpcap:0:0:", "hpcap0:0", "lo0:1"};
	bpf_u_int32 net = 1, mask = 1;
	pcap_if_t *all;
	pcap_t *p;
	size_t i;

	(void)state;
	p = pcap_create("hpcap:9:9", errbuf);
	assert_int_equal(pcap_activate(p), PCAP_ERROR_NO_SUCH_DEVICE);
	assert_non_null(strstr(pcap_geterr(p), "hpcap:9:9: "));
	pcap_close(p);
	assert_null(pcap_open_live("hpcap:9:9", 100, 1, 10, errbuf));
	assert_non_null(strstr(errbuf, "hpcap:9:9: "));
	p = pcap_open_live(DEVICE, 0, 1, 10, errbuf);
	assert_non_null(p);
	assert_int_equal(pcap_snapshot(p), 262144);
	pcap_close(p);
	assert_int_equal(pcap_lookupnet(DEVICE, &net, &mask, errbuf), 0);
	assert_int_equal(net | mask, 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		p = pcap_create(names[i], errbuf);
		assert_non_null(p);
		assert_true(pcap_activate(p) < 0);
		pcap_close(p);
		assert_int_equal(pcap_lookupnet(names[i], &net, &mask, errbuf), -1);
	}
	if (!pcap_findalldevs(&all, errbuf))
		pcap_freealldevs(all);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_frames), TEST(test_many),   TEST(test_filter),
		TEST(test_break),  TEST(test_select), TEST(test_lossy),
		TEST(test_gone),   TEST(test_dump),   TEST(test_other_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
