// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs written for HPCAP: the loops they have, on the calls they know. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap_file.h>
#include "unit/fake_dev.h"

static struct hpcap_handle hp;

static int setup(void **state)
{
	(void)state;
	fake_dev_create(4 * HPCAP_RING_MIN);
	return hpcap_open(&hp, 0, 0) || hpcap_map(&hp);
}

static int teardown(void **state)
{
	(void)state;
	hpcap_unmap(&hp);
	hpcap_close(&hp);
	fake_dev_destroy();
	return 0;
}

static uint32_t sent;

static void send_frames(uint32_t nr)
{
	uint8_t frame[1514];

	for (; nr > 0; nr--) {
		uint32_t len = 60 + sent * 37 % 1455;

		memset(frame, (int)(sent & 0xff), len);
		memcpy(frame, &sent, sizeof(sent));
		assert_true(fake_dev_put(100 + sent, 7, frame, len, len + 3));
		sent++;
	}
	fake_dev_commit();
}

struct header {
	uint32_t sec, nsec;
	uint16_t len, caplen;
};

static void keep(void *hdr, uint32_t sec, uint32_t nsec, uint16_t len, uint16_t caplen)
{
	*(struct header *)hdr = (struct header){sec, nsec, len, caplen};
}

static void test_packet_loop(void **state)
{
	unsigned char *packet, aux[2048];
	struct header hdr;
	uint32_t got = 0, n;

	(void)state;
	sent = 0;
	while (got < 20000) {
		send_frames(500);
		assert_int_equal(hpcap_ack_wait_timeout(&hp, 1, 1000000000), HPCAP_OK);
		assert_true(hp.avail > 0);
		while (hp.acks < hp.avail) {
			uint64_t ns = hpcap_read_packet(&hp, &packet, aux, &hdr, keep);

			assert_int_equal(ns, (100 + got) * 1000000000ull + 7);
			memcpy(&n, packet, sizeof(n));
			assert_int_equal(n, got);
			assert_int_equal(hdr.caplen, 60 + got * 37 % 1455);
			assert_int_equal(hdr.len, hdr.caplen + 3);
			got++;
		}
		assert_int_equal(hpcap_read_packet(&hp, &packet, aux, &hdr, keep), 0);
		assert_int_equal(hpcap_rdoff(&hp), hpcap_wroff(&hp));
	}
}

static void test_raw_header(void **state)
{
	unsigned char *packet;
	uint16_t caplen;

	(void)state;
	sent = 0;
	send_frames(1);
	assert_int_equal(hpcap_wait(&hp, 1), HPCAP_OK);
	assert_int_equal(hpcap_read_packet(&hp, &packet, NULL, &caplen, NULL), 100000000007ull);
	assert_int_equal(caplen, 60);
	assert_int_equal(packet[0], 100);
	assert_int_equal(packet[8], 60);
	assert_int_equal(packet[10], 63);
	assert_ptr_equal(packet, hp.buf + hp.bufoff);
	assert_int_equal(hpcap_ioc_killwait(&hp), HPCAP_OK);
}

/* A program that walks the buffer by itself. */
static void test_own_walk(void **state)
{
	uint32_t round;

	(void)state;
	sent = 0;
	for (round = 0; round < 50; round++) {
		uint64_t at = hp.rdoff + hp.bufoff;

		send_frames(100);
		assert_int_equal(hpcap_ack_wait(&hp, 1), HPCAP_OK);
		assert_int_equal(hp.buf[at], (100 + sent - 100) & 0xff);
		hp.acks = hp.avail;
		assert_int_equal(hpcap_ack(&hp), HPCAP_OK);
		assert_int_equal(hp.avail, 0);
		assert_int_equal(hp.rdoff, fake_dev_committed() % hp.bufSize);
	}
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void test_waits(void **state)
{
	const struct sigaction action = {.sa_handler = on_alarm};

	(void)state;
	assert_int_equal(hpcap_ack_wait_timeout(&hp, 1, 0), HPCAP_OK);
	assert_int_equal(hpcap_ack_wait_timeout(&hp, 1, 1000000), HPCAP_OK);
	assert_int_equal(hp.avail, 0);
	sigaction(SIGALRM, &action, NULL);
	ualarm(10000, 10000);
	assert_int_equal(hpcap_wait(&hp, 1), HPCAP_ERR);
	assert_int_equal(errno, EINTR);
	assert_int_equal(hpcap_ack_wait_timeout(&hp, 1, 60000000000ull), HPCAP_OK);
	ualarm(0, 0);
	fake_dev_gone();
	assert_int_equal(hpcap_ack_wait(&hp, 1), HPCAP_ERR);
	assert_int_equal(errno, ENODEV);
	assert_int_equal(hpcap_open(&hp, 7, 7), HPCAP_ERR);
	assert_int_equal(errno, ENOENT);
}

static void test_pcap_header(void **state)
{
	struct {
		struct timeval ts;
		uint32_t caplen, len;
	} hdr;

	(void)state;
	hpcap_pcap_header(&hdr, 5, 123456789, 1514, 60);
	assert_int_equal(hdr.ts.tv_sec, 5);
	assert_int_equal(hdr.ts.tv_usec, 123456);
	assert_int_equal(hdr.caplen, 60);
	assert_int_equal(hdr.len, 1514);
}

/* The dumper's loop, with files of eight blocks: each whole, all in order. */
static void test_blocks(void **state)
{
	const uint64_t file_size = 8 * HPCAP_BS;
	uint32_t n = 0, file;

	(void)state;
	sent = 0;
	for (file = 0; file < 3; file++) {
		int fd = memfd_create("file", 0);
		uint64_t written = 0, ret;
		struct hpcap_record rec;
		struct hpcap_raw *raw;
		char path[64];

		while (written < file_size) {
			send_frames(600);
			hpcap_ack_wait_timeout(&hp, HPCAP_BS, 1000);
			ret = hpcap_write_block(&hp, fd, file_size - written);
			assert_true(ret == 0 || ret == HPCAP_BS);
			written += ret;
		}
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		assert_int_equal(hpcap_raw_open(&raw, path), 0);
		while (hpcap_raw_next(raw, &rec) > 0)
			assert_memory_equal(rec.data, &n, 4), n++;
		assert_true(hpcap_raw_whole(hpcap_raw_report(raw)));
		assert_int_equal(hpcap_raw_report(raw)->bytes, file_size);
		assert_int_equal(hpcap_raw_report(raw)->count[HPCAP_RAW_PAD_LAST], 1);
		hpcap_raw_close(raw);
		close(fd);
	}
	send_frames(1500);
	assert_int_equal(hpcap_write_block(&hp, 0, HPCAP_FILESIZE), HPCAP_BS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_packet_loop), TEST(test_raw_header),	TEST(test_own_walk),
		TEST(test_waits),	TEST(test_pcap_header), TEST(test_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
