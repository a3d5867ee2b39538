// SPDX-License-Identifier: GPL-2.0-or-later
/* The pcap writer: each byte, and what others' programs say of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <hpcap_file.h>

static const uint8_t data[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x88, 0xb5, 0xaa};
static const struct hpcap_record rec = {
	.sec = 0x65432109,
	.nsec = 123456789,
	.caplen = sizeof(data),
	.len = 1514,
	.data = data,
};

static size_t write_one(int fd, uint32_t flags, uint8_t *out, size_t room)
{
	struct hpcap_pcap *p;

	assert_int_equal(hpcap_pcap_create(&p, fd, flags), 0);
	assert_int_equal(hpcap_pcap_put(p, &rec), 0);
	assert_int_equal(hpcap_pcap_flush(p), 0);
	hpcap_pcap_destroy(p);
	return (size_t)pread(fd, out, room, 0);
}

static void check(uint32_t flags, const uint8_t magic[4], const uint8_t fraction[4])
{
	static const uint8_t head[20] = {2, 0, 4,    0,	   0, 0, 0, 0, 0, 0,
					 0, 0, 0xff, 0xff, 0, 0, 1, 0, 0, 0};
	static const uint8_t sec[4] = {0x09, 0x21, 0x43, 0x65};
	static const uint8_t lens[8] = {sizeof(data), 0, 0, 0, 0xea, 0x05, 0, 0};
	FILE *f = tmpfile();
	uint8_t out[100];

	assert_int_equal(write_one(fileno(f), flags, out, sizeof(out)), 24 + 16 + sizeof(data));
	assert_memory_equal(out, magic, 4);
	assert_memory_equal(out + 4, head, sizeof(head));
	assert_memory_equal(out + 24, sec, 4);
	assert_memory_equal(out + 28, fraction, 4);
	assert_memory_equal(out + 32, lens, 8);
	assert_memory_equal(out + 40, data, sizeof(data));
	fclose(f);
}

static void test_bytes(void **state)
{
	static const uint8_t nsec_magic[] = {0x4d, 0x3c, 0xb2, 0xa1};
	static const uint8_t usec_magic[] = {0xd4, 0xc3, 0xb2, 0xa1};
	static const uint8_t nsec[] = {0x15, 0xcd, 0x5b, 0x07};
	static const uint8_t usec[] = {0x40, 0xe2, 0x01, 0x00};

	(void)state;
	check(0, nsec_magic, nsec);
	check(HPCAP_PCAP_USEC, usec_magic, usec);
}

static void test_large(void **state)
{
	static uint8_t big[65535];
	struct hpcap_record r = {.sec = 1, .caplen = 65535, .len = 65535, .data = big};
	FILE *f = tmpfile();
	struct hpcap_pcap *p;
	int i;

	(void)state;
	assert_int_equal(hpcap_pcap_create(&p, fileno(f), 0), 0);
	for (i = 0; i < 100; i++)
		assert_int_equal(hpcap_pcap_put(p, &r), 0);
	assert_int_equal(hpcap_pcap_flush(p), 0);
	assert_int_equal(lseek(fileno(f), 0, SEEK_END), 24 + 100 * (16 + 65535));
	r.caplen = 65536;
	assert_true(hpcap_pcap_put(p, &r) < 0);
	hpcap_pcap_destroy(p);
	fclose(f);
}

/* capinfos and tshark, if they are here, must agree. */
static void test_others_read_it(void **state)
{
	char path[] = "/tmp/test_lib_pcap.XXXXXX", command[128], line[256];
	int fd = mkstemp(path);
	uint8_t out[100];
	FILE *f;

	(void)state;
	if (system("command -v tshark capinfos >/dev/null 2>&1")) {
		print_message("tshark and capinfos are not installed\n");
		skip();
	}
	write_one(fd, 0, out, sizeof(out));
	snprintf(command, sizeof(command), "capinfos -TrtEcu %s 2>/dev/null", path);
	f = popen(command, "r");
	assert_non_null(fgets(line, sizeof(line), f));
	assert_non_null(strstr(line, "ether"));
	assert_int_equal(pclose(f), 0);
	snprintf(command, sizeof(command),
		 "tshark -r %s -T fields -e frame.time_epoch -e frame.len -e frame.cap_len "
		 "2>/dev/null",
		 path);
	f = popen(command, "r");
	assert_non_null(fgets(line, sizeof(line), f));
	assert_int_equal(pclose(f), 0);
	assert_non_null(strstr(line, "1514\t15"));
	assert_non_null(strstr(line, ".123456789"));
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_others_read_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
