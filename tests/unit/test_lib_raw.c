// SPDX-License-Identifier: GPL-2.0-or-later
/* The RAW reader: every variant, whole, cut and damaged. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "raw_model.h"

static struct hpcap_raw_report rep;

static const enum hpcap_raw_note nothing[] = {HPCAP_RAW_NR_NOTES};

static void assert_notes(const enum hpcap_raw_note *want)
{
	bool expected[HPCAP_RAW_NR_NOTES] = {false};
	int i;

	for (; *want < HPCAP_RAW_NR_NOTES; want++)
		expected[*want] = true;
	for (i = 0; i < HPCAP_RAW_NR_NOTES; i++)
		if (!!rep.count[i] != expected[i])
			fail_msg("note %s: %s", hpcap_raw_note_key((enum hpcap_raw_note)i),
				 expected[i] ? "missing" : "not expected");
}

#define NOTES(...) assert_notes((const enum hpcap_raw_note[]){__VA_ARGS__, HPCAP_RAW_NR_NOTES})

/* Read it all: frames first, first + 1, ... must come. Returns how many. */
static uint32_t read_path(const char *path, uint32_t first)
{
	struct hpcap_record rec;
	struct hpcap_raw *raw;
	uint32_t n = 0;
	int ret;

	assert_int_equal(hpcap_raw_open(&raw, path), 0);
	while ((ret = hpcap_raw_next(raw, &rec)) > 0)
		assert_true(is_frame(&rec, first + n++));
	assert_int_equal(ret, 0);
	assert_int_equal(hpcap_raw_next(raw, &rec), 0);
	rep = *hpcap_raw_report(raw);
	assert_int_equal(rep.records, n);
	hpcap_raw_close(raw);
	return n;
}

static uint32_t read_bytes(struct bytes *b, uint32_t first)
{
	struct memory_file f = memory_file(b);
	uint32_t n = read_path(f.path, first);

	close(f.fd);
	assert_true(rep.looks_like || rep.bytes == b->size);
	if (!rep.looks_like)
		assert_int_equal(rep.bytes, rep.caplen_bytes + 12 * rep.records +
						    rep.pad_bytes + rep.skipped_bytes);
	bytes_free(b);
	return n;
}

static struct bytes frames(uint32_t from, uint32_t to, uint16_t caplen)
{
	struct bytes b = {0};

	for (; from < to; from++)
		bytes_frame(&b, from, caplen, caplen);
	return b;
}

static void test_no_pad(void **state)
{
	struct bytes b = frames(0, 10, 60);

	(void)state;
	assert_int_equal(read_bytes(&b, 0), 10);
	assert_notes(nothing);
	assert_true(hpcap_raw_whole(&rep));
	assert_int_equal(rep.len_bytes, 600);
}

static void test_pad_last(void **state)
{
	struct bytes b = frames(0, 10, 60);

	(void)state;
	bytes_pad(&b, 1000);
	assert_int_equal(read_bytes(&b, 0), 10);
	NOTES(HPCAP_RAW_PAD_LAST);
	assert_int_equal(rep.pad_bytes, 1012);
	assert_int_equal(rep.first[HPCAP_RAW_PAD_LAST], 720);
}

static void test_pad_of_zero(void **state)
{
	struct bytes b = frames(0, 3, 60);

	(void)state;
	bytes_pad(&b, 0);
	assert_int_equal(read_bytes(&b, 0), 3);
	NOTES(HPCAP_RAW_PAD_LAST, HPCAP_RAW_PAD_EMPTY);
	assert_true(hpcap_raw_whole(&rep));
}

static void test_pad_first(void **state)
{
	struct bytes b = {0};
	uint32_t i;

	(void)state;
	bytes_pad(&b, 33);
	for (i = 0; i < 5; i++)
		bytes_frame(&b, i, 60, 60);
	bytes_pad(&b, 99);
	assert_int_equal(read_bytes(&b, 0), 5);
	NOTES(HPCAP_RAW_PAD_FIRST, HPCAP_RAW_PAD_LAST);
	assert_true(hpcap_raw_whole(&rep));
}

static void test_pads_anywhere(void **state)
{
	struct bytes b = {0};
	uint32_t i;

	(void)state;
	for (i = 0; i < 50; i++) {
		bytes_frame(&b, i, (uint16_t)(60 + i), (uint16_t)(60 + i));
		if (i % 7 == 3)
			bytes_pad(&b, (uint16_t)(i * 100));
	}
	assert_int_equal(read_bytes(&b, 0), 50);
	NOTES(HPCAP_RAW_PAD_MIDDLE);
	assert_int_equal(rep.count[HPCAP_RAW_PAD_MIDDLE], 7);
}

static void test_pad_lengths_differ(void **state)
{
	struct bytes b = frames(0, 1, 60);

	(void)state;
	bytes_header(&b, 0, 0, 20, 7);
	bytes_zeros(&b, 20);
	bytes_frame(&b, 1, 60, 60);
	assert_int_equal(read_bytes(&b, 0), 2);
	NOTES(HPCAP_RAW_PAD_MIDDLE, HPCAP_RAW_PAD_LENGTHS);
}

static void test_stray_tail(void **state)
{
	size_t tail;

	(void)state;
	for (tail = 1; tail < 12; tail++) {
		struct bytes b = frames(0, 4, 60);

		bytes_add(&b, "stray bytes", tail);
		assert_int_equal(read_bytes(&b, 0), 4);
		NOTES(HPCAP_RAW_TAIL);
		assert_int_equal(rep.first[HPCAP_RAW_TAIL], 4 * 72);
		assert_true(hpcap_raw_whole(&rep));
	}
}

static void test_cut_anywhere(void **state)
{
	size_t size;

	(void)state;
	for (size = 0; size <= 3 * 72; size++) {
		struct bytes b = frames(0, 3, 60);
		size_t rest = size % 72;

		b.size = size;
		assert_int_equal(read_bytes(&b, 0), size / 72);
		if (size == 0)
			NOTES(HPCAP_RAW_EMPTY);
		else if (size < 12)
			NOTES(HPCAP_RAW_ONLY_TAIL);
		else if (rest == 0)
			assert_notes(nothing);
		else if (rest < 12)
			NOTES(HPCAP_RAW_TAIL);
		else
			NOTES(HPCAP_RAW_CUT);
		assert_int_equal(hpcap_raw_whole(&rep), size >= 12);
	}
}

static void test_cut_pad(void **state)
{
	struct bytes b = frames(0, 2, 60);

	(void)state;
	bytes_pad(&b, 500);
	b.size -= 100;
	assert_int_equal(read_bytes(&b, 0), 2);
	NOTES(HPCAP_RAW_PAD_CUT);
	assert_true(hpcap_raw_whole(&rep));
}

static void test_zeros(void **state)
{
	struct bytes b = frames(0, 2, 60);

	(void)state;
	bytes_zeros(&b, 1000003);
	assert_int_equal(read_bytes(&b, 0), 2);
	assert_true(rep.count[HPCAP_RAW_PAD_EMPTY] > 80000);
}

/* One header that cannot be, its record otherwise in place. */
static void test_bad_header(void **state)
{
	static const struct {
		uint32_t nsec;
		uint16_t caplen, len;
		enum hpcap_raw_note note;
	} bad[] = {
		{5, 61, 60, HPCAP_RAW_BAD_CAPLEN},
		{5, 0, 60, HPCAP_RAW_BAD_CAPLEN},
		{5, 0, 0, HPCAP_RAW_BAD_CAPLEN},
		{5, 65535, 60, HPCAP_RAW_BAD_CAPLEN},
		{1000000000, 60, 60, HPCAP_RAW_BAD_NSEC},
		{UINT32_MAX, 60, 60, HPCAP_RAW_BAD_NSEC},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bytes b = {0};
		uint32_t n, at = (uint32_t)i % 3;

		for (n = 0; n < 10; n++) {
			if (n == at) {
				bytes_header(&b, MODEL_SEC, bad[i].nsec, bad[i].caplen,
					     bad[i].len);
				if (bad[i].caplen != 65535)
					bytes_zeros(&b, bad[i].caplen);
			}
			bytes_frame(&b, n, 60, 60);
		}
		assert_int_equal(read_bytes(&b, 0), 10);
		assert_int_equal(rep.count[bad[i].note], 1);
		assert_false(hpcap_raw_whole(&rep));
	}
}

/* hpcap40g: padding at the start with a wrong length, framing lost. */
static void test_bad_pad(void **state)
{
	struct bytes b = {0};
	uint32_t i;

	(void)state;
	bytes_header(&b, 0, 0, 30011, 30011);
	bytes_zeros(&b, 5);
	for (i = 0; i < 1000; i++)
		bytes_frame(&b, i, 60, 60);
	assert_int_equal(read_bytes(&b, 0), 1000);
	NOTES(HPCAP_RAW_BAD_PAD, HPCAP_RAW_RESYNC);
	assert_int_equal(rep.skipped_bytes, 17);
}

static void test_hole(void **state)
{
	struct bytes b = frames(0, 100, 200);
	uint32_t seed = 7, n;
	int i;

	(void)state;
	for (i = 0; i < 300000; i++) {
		uint8_t byte = (uint8_t)(model_random(&seed) | 1);

		bytes_add(&b, &byte, 1);
	}
	for (n = 100; n < 200; n++)
		bytes_frame(&b, n, 200, 200);
	assert_int_equal(read_bytes(&b, 0), 200);
	assert_int_equal(rep.count[HPCAP_RAW_RESYNC], 1);
	assert_int_equal(rep.skipped_bytes, 300000);
}

static void test_other_formats(void **state)
{
	static const uint8_t pcap[24] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4};
	struct bytes b = {0};

	(void)state;
	bytes_add(&b, pcap, sizeof(pcap));
	assert_int_equal(read_bytes(&b, 0), 0);
	NOTES(HPCAP_RAW_NOT_RAW);
	assert_string_equal(rep.looks_like, "pcap");

	bytes_add(&b, "just some text that is no capture at all, nor was it ever", 57);
	assert_int_equal(read_bytes(&b, 0), 0);
	NOTES(HPCAP_RAW_NOT_RAW);
	assert_null(rep.looks_like);
}

static void test_open_errors(void **state)
{
	struct hpcap_raw *raw;

	(void)state;
	assert_int_equal(hpcap_raw_open(&raw, "/nonexistent/x.raw"), -ENOENT);
	assert_int_equal(hpcap_raw_open(&raw, "/"), -EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_pad),	      cmocka_unit_test(test_pad_last),
		cmocka_unit_test(test_pad_of_zero),   cmocka_unit_test(test_pad_first),
		cmocka_unit_test(test_pads_anywhere), cmocka_unit_test(test_pad_lengths_differ),
		cmocka_unit_test(test_stray_tail),    cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_cut_pad),	      cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_bad_header),    cmocka_unit_test(test_bad_pad),
		cmocka_unit_test(test_hole),	      cmocka_unit_test(test_other_formats),
		cmocka_unit_test(test_open_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
