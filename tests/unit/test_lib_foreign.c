// SPDX-License-Identifier: GPL-2.0-or-later
/* pcap and pcapng of others: every kind there is, and what is said of damage. */
#include "unit/t.h"
#include <errno.h>
#include <frames_in.h>
#include <stdio.h>
#include <string.h>
#include "ng_model.h"

static const char text[] = "twelve bytes";

static struct hpcap_in *in;
static struct hpcap_frame f;

static void open_ng(struct ng *n)
{
	assert_int_equal(hpcap_in_open_memory(&in, n->b.p, n->b.size, NULL), 0);
}

static void close_ng(struct ng *n)
{
	hpcap_in_close(in);
	bytes_free(&n->b);
}

static void expect_frame(uint32_t sec, uint32_t nsec, uint32_t caplen, uint32_t len)
{
	assert_int_equal(hpcap_in_next(in, &f), 1);
	assert_int_equal(f.rec.sec, sec);
	assert_int_equal(f.rec.nsec, nsec);
	assert_int_equal(f.rec.caplen, caplen);
	assert_int_equal(f.rec.len, len);
	assert_memory_equal(f.rec.data, text, caplen);
}

static void expect_end(int ret, const char *error)
{
	assert_int_equal(hpcap_in_next(in, &f), ret);
	assert_int_equal(hpcap_in_next(in, &f), ret);
	assert_string_equal(hpcap_in_error(in), error);
}

static void pcap_header(struct ng *n, uint32_t magic, uint16_t minor, uint32_t link)
{
	ng_num(n, magic, 4);
	ng_num(n, 2, 2);
	ng_num(n, minor, 2);
	ng_num(n, 0, 8);
	ng_num(n, 65535, 4);
	ng_num(n, link, 4);
}

static void pcap_record(struct ng *n, uint32_t fraction, uint32_t a, uint32_t b, size_t extra)
{
	ng_num(n, 1000, 4);
	ng_num(n, fraction, 4);
	ng_num(n, a, 4);
	ng_num(n, b, 4);
	bytes_zeros(&n->b, extra);
	bytes_add(&n->b, text, 12);
}

static void test_pcap_kinds(void **state)
{
	static const struct {
		uint32_t magic;
		uint32_t nsec;
		size_t extra;
	} kinds[] = {{0xa1b2c3d4, 5000, 0}, {0xa1b23c4d, 5, 0}, {0xa1b2cd34, 5000, 8}};
	size_t i;

	(void)state;
	for (i = 0; i < 6; i++) {
		struct ng n = {.big = i % 2};
		uint32_t unit = kinds[i / 2].nsec / 5;

		pcap_header(&n, kinds[i / 2].magic, 4, 113);
		pcap_record(&n, 5, 12, 100, kinds[i / 2].extra);
		pcap_record(&n, 1000000000 / unit + 7, 12, 12, kinds[i / 2].extra);
		pcap_record(&n, 0, 12, 4, kinds[i / 2].extra);
		open_ng(&n);
		expect_frame(1000, 5 * unit, 12, 100);
		assert_int_equal(f.linktype, 113);
		expect_frame(1001, 7 * unit, 12, 12);
		expect_frame(1000, 0, 12, 12);
		expect_end(0, "");
		assert_int_equal(hpcap_in_report(in)->odd_lengths, 1);
		close_ng(&n);
	}
}

static void test_pcap_old(void **state)
{
	struct ng n = {0};

	(void)state;
	pcap_header(&n, 0xa1b2c3d4, 2, 1 | 1u << 26 | 2u << 28);
	pcap_record(&n, 0, 100, 12, 0);
	open_ng(&n);
	expect_frame(1000, 0, 12, 100);
	expect_end(0, "");
	assert_int_equal(hpcap_in_iface(in, 0)->fcs_len, 4);
	close_ng(&n);
}

static void test_pcap_damage(void **state)
{
	struct ng n = {0};

	(void)state;
	pcap_header(&n, 0xa1b2c3d4, 4, 1);
	pcap_record(&n, 0, 12, 12, 0);
	pcap_record(&n, 0, 0x7f000000, 12, 0);
	open_ng(&n);
	expect_frame(1000, 0, 12, 12);
	expect_end(-EMSGSIZE,
		   "byte 52: a record of 2130706432 bytes, more than any frame: damaged here");
	close_ng(&n);

	n = (struct ng){0};
	pcap_header(&n, 0xa1b2c3d4, 4, 1);
	pcap_record(&n, 0, 12, 12, 0);
	n.b.size--;
	open_ng(&n);
	expect_end(0, "byte 24: the file ends within a record");
	assert_true(hpcap_in_report(in)->cut);
	close_ng(&n);

	n = (struct ng){0};
	pcap_header(&n, 0xa1b2c3d4, 4, 1);
	n.b.size--;
	open_ng(&n);
	expect_end(-EBADMSG, "byte 0: the file ends within pcap's header");
	close_ng(&n);

	n = (struct ng){0};
	pcap_header(&n, 0xa1b2c3d4, 4, 1);
	n.b.p[4] = 3;
	open_ng(&n);
	expect_end(-EBADMSG, "byte 0: pcap of version 3.4, known is 2");
	close_ng(&n);
}

static void test_ng_units(void **state)
{
	static const struct {
		uint8_t resolution;
		uint64_t ts;
		uint32_t nsec;
	} units[] = {
		{6, 1000ull * 1000000 + 5, 5000},
		{9, 1000ull * 1000000000 + 5, 5},
		{3, 1000ull * 1000 + 5, 5000000},
		{0, 1000, 0},
		{12, 1000ull * 1000000000000 + 5123, 5},
		{0x80 | 10, 1000ull * 1024 + 512, 500000000},
		{0x80 | 32, (1000ull << 32) + (1u << 30), 250000000},
	};
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(units) / sizeof(units[0]); i++) {
		struct ng n = {.big = i % 2};

		ng_shb(&n);
		ng_idb(&n, 1, 0, units[i / 2].resolution, "eth0");
		ng_epb(&n, 0, units[i / 2].ts, text, 12, 99);
		open_ng(&n);
		assert_int_equal(hpcap_in_start(in), 0);
		assert_int_equal(hpcap_in_nr_ifaces(in), 1);
		expect_frame(1000, units[i / 2].nsec, 12, 99);
		expect_end(0, "");
		close_ng(&n);
	}
}

/* Simple and obsolete packets, kinds unknown to us, a second section in the other order. */
static void test_ng_blocks(void **state)
{
	struct ng n = {0};

	(void)state;
	ng_shb(&n);
	ng_idb(&n, 1, 8, 6, "a");
	ng_begin(&n, 0xbad);
	bytes_zeros(&n.b, 100000);
	ng_end(&n);
	ng_begin(&n, 3);
	ng_num(&n, 50, 4);
	ng_data(&n, text, 8);
	ng_end(&n);
	ng_begin(&n, 2);
	ng_num(&n, 0, 2);
	ng_num(&n, 9, 2);
	ng_num(&n, 0, 4);
	ng_num(&n, 77000001, 4);
	ng_num(&n, 12, 4);
	ng_num(&n, 12, 4);
	ng_data(&n, text, 12);
	ng_end(&n);
	n.big = true;
	ng_shb(&n);
	ng_idb(&n, 1, 8, 6, "a");
	ng_idb(&n, 147, 0, 9, "b");
	ng_epb(&n, 1, 4000000000, text, 11, 11);
	ng_epb(&n, 0, 4000000, text, 12, 12);
	open_ng(&n);
	expect_frame(0, 0, 8, 50);
	assert_false(f.has_time);
	expect_frame(77, 1000, 12, 12);
	assert_int_equal(f.drops, 9);
	expect_frame(4, 0, 11, 11);
	assert_int_equal(f.linktype, 147);
	assert_int_equal(f.iface, 1);
	expect_frame(4, 0, 12, 12);
	assert_int_equal(f.iface, 0);
	expect_end(0, "");
	assert_int_equal(hpcap_in_nr_ifaces(in), 2);
	assert_int_equal(hpcap_in_report(in)->sections, 2);
	assert_int_equal(hpcap_in_report(in)->skipped_blocks, 1);
	close_ng(&n);
}

static void test_ng_offset(void **state)
{
	static const uint8_t nano = 9;
	struct ng n = {0};

	(void)state;
	ng_shb(&n);
	ng_begin(&n, 1);
	ng_num(&n, 1, 2);
	ng_num(&n, 0, 6);
	ng_option(&n, 9, &nano, 1);
	ng_option_u64(&n, 14, 5000);
	ng_end(&n);
	ng_epb(&n, 0, 3, text, 12, 12);
	ng_epb(&n, 0, UINT64_MAX, text, 12, 12);
	open_ng(&n);
	expect_frame(5000, 3, 12, 12);
	expect_frame(0, 0, 12, 12);
	assert_int_equal(hpcap_in_report(in)->no_time, 1);
	close_ng(&n);
}

static void damage(void (*make)(struct ng *n), int ret, const char *error)
{
	struct ng n = {0};

	ng_shb(&n);
	ng_idb(&n, 1, 0, 6, NULL);
	make(&n);
	open_ng(&n);
	expect_end(ret, error);
	close_ng(&n);
}

static void make_no_iface(struct ng *n)
{
	ng_epb(n, 5, 0, text, 12, 12);
}

static void make_lengths(struct ng *n)
{
	ng_epb(n, 0, 0, text, 12, 12);
	n->b.p[n->b.size - 4] += 4;
}

static void make_odd(struct ng *n)
{
	ng_epb(n, 0, 0, text, 12, 12);
	n->b.p[n->from + 4] = 47;
}

static void make_caplen(struct ng *n)
{
	ng_epb(n, 0, 0, text, 12, 12);
	n->b.p[n->from + 20] = 13;
}

static void make_large(struct ng *n)
{
	ng_epb(n, 0, 0, text, 12, 12);
	n->b.p[n->from + 7] = 8;
}

static void make_unit(struct ng *n)
{
	ng_idb(n, 1, 0, 77, NULL);
}

static void test_ng_damage(void **state)
{
	(void)state;
	damage(make_no_iface, -EBADMSG,
	       "byte 60: a packet of interface 5, which no block describes");
	damage(make_lengths, -EBADMSG, "byte 60: a block whose two lengths differ (44 and 48)");
	damage(make_odd, -EBADMSG, "byte 60: a block of kind 6 with length 47: damaged here");
	damage(make_caplen, -EBADMSG, "byte 60: a packet of 13 bytes in a block of 44");
	damage(make_large, -EMSGSIZE,
	       "byte 60: a packet block of 134217772 bytes: damaged here");
	damage(make_unit, -EBADMSG,
	       "byte 60: an interface with time stamps of an unknown unit (77)");
}

static void test_no_capture(void **state)
{
	static const char words[] = "just some text that is no capture at all, nor was it ever";
	static const uint8_t gzip[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 9};
	const struct hpcap_in_options only = {.only = HPCAP_FORMAT_PCAP};

	(void)state;
	assert_int_equal(hpcap_in_open_memory(&in, words, sizeof(words), NULL), 0);
	expect_end(-EBADMSG, "byte 0: no capture (RAW, pcap or pcapng, plain, zstd or lz4)");
	hpcap_in_close(in);
	assert_int_equal(hpcap_in_open_memory(&in, gzip, sizeof(gzip), NULL), 0);
	expect_end(-EBADMSG,
		   "byte 0: no capture, it looks like gzip (unpack or convert it first)");
	hpcap_in_close(in);
	assert_int_equal(hpcap_in_open_memory(&in, words, sizeof(words), &only), 0);
	expect_end(-EBADMSG, "byte 0: this is RAW, wanted is pcap");
	hpcap_in_close(in);
	assert_int_equal(hpcap_in_open_memory(&in, words, 0, NULL), 0);
	expect_end(0, "byte 0: file is empty");
	hpcap_in_close(in);
	assert_int_equal(hpcap_in_open(&in, "/nonexistent/x.raw", NULL), -ENOENT);
	assert_null(in);
	assert_int_equal(hpcap_in_open(&in, "/", NULL), -EISDIR);
}

/* What a packed file's bytes say when they are not what they promise. */
static void test_packing_damage(void **state)
{
	static const uint8_t zstd[64] = {0x28, 0xb5, 0x2f, 0xfd, 0x08, 1, 2, 3, 4, 5, 6, 7};
	static const uint8_t lz4[64] = {0x04, 0x22, 0x4d, 0x18, 0xff, 1, 2, 3, 4, 5, 6, 7};

	(void)state;
	assert_int_equal(hpcap_in_open_memory(&in, zstd, sizeof(zstd), NULL), 0);
	assert_int_equal(hpcap_in_next(in, &f), -EBADMSG);
	assert_non_null(strstr(hpcap_in_error(in), "zstd data damaged"));
	hpcap_in_close(in);
	assert_int_equal(hpcap_in_open_memory(&in, lz4, sizeof(lz4), NULL), 0);
	assert_int_equal(hpcap_in_next(in, &f), -EBADMSG);
	assert_non_null(strstr(hpcap_in_error(in), "lz4 data damaged"));
	hpcap_in_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap_kinds),     cmocka_unit_test(test_pcap_old),
		cmocka_unit_test(test_pcap_damage),    cmocka_unit_test(test_ng_units),
		cmocka_unit_test(test_ng_blocks),      cmocka_unit_test(test_ng_offset),
		cmocka_unit_test(test_ng_damage),      cmocka_unit_test(test_no_capture),
		cmocka_unit_test(test_packing_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
