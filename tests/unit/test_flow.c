// SPDX-License-Identifier: GPL-2.0-or-later
/* Flows of frames: behind tags, cut anywhere; and how often the filter is wrong. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "unit/t.h"
#include <flow.h>

/* A frame written by hand: MACs, then what is added. */
static uint8_t frame[256];
static size_t size;

static void add(const char *hex)
{
	unsigned int byte;

	for (; *hex; hex += 2 + (hex[2] == ' ')) {
		assert_int_equal(sscanf(hex, "%2x", &byte), 1);
		frame[size++] = (uint8_t)byte;
	}
}

static void begin(const char *hex)
{
	size = 0;
	add("020000000001 020000000002");
	add(hex);
}

#define IP4_TCP "450000280000 4000 4006 0000 0a000001 0a000002"
#define TCP	"0050 1f90 00000000 00000000 5000 0000 0000 0000"
#define IP6(next)            \
	"60000000 0020" next \
	"40 20010db8000000000000000000000001 20010db8000000000000000000000002"
#define UDP "0035 8235 0010 0000"

/* No byte behind the frame may be looked at: it is copied to the end of its memory. */
static bool parse(struct hpcap_flow *f, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);
	bool ret;

	if (!copy)
		abort();
	memcpy(copy, frame, len);
	ret = hpcap_flow_parse(f, copy, len);
	free(copy);
	return ret;
}

static void expect(int family, int proto, int a, int b)
{
	struct hpcap_flow f;
	size_t len;

	assert_true(parse(&f, size));
	assert_int_equal(f.family, family);
	assert_int_equal(f.proto, proto);
	assert_int_equal(f.has_ports, a || b);
	assert_int_equal(f.port[0], a);
	assert_int_equal(f.port[1], b);
	assert_int_equal(f.addr[0][family == 4 ? 3 : 15], 1);
	assert_int_equal(f.addr[1][family == 4 ? 3 : 15], 2);
	for (len = 0; len < size; len++)
		parse(&f, len);
}

static void test_parse(void **state)
{
	struct hpcap_flow f;

	(void)state;
	begin("0800" IP4_TCP TCP);
	expect(4, 6, 80, 8080);
	begin("8100 0001 0800" IP4_TCP TCP);
	expect(4, 6, 80, 8080);
	begin("88a8 0001 8100 0001 0800" IP4_TCP TCP);
	expect(4, 6, 80, 8080);
	begin("8847 00010040 00020140 " IP4_TCP TCP);
	expect(4, 6, 80, 8080);
	begin("8864 1100 0001 0022 0021" IP4_TCP TCP);
	expect(4, 6, 80, 8080);
	begin("86dd " IP6("11") UDP);
	expect(6, 17, 53, 0x8235);
	begin("86dd " IP6("00") "2b00 000000000000 1100 000000000000" UDP);
	expect(6, 17, 53, 0x8235);
	begin("8847 00010140 " IP6("11") UDP);
	expect(6, 17, 53, 0x8235);
	begin("0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002");
	expect(4, 0, 0, 0);
	begin("0800 45000028 0000 0010 4011 0000 0a000001 0a000002" UDP);
	expect(4, 17, 0, 0); /* a later fragment has no ports */
	begin("86dd " IP6("2c") "1100 0010 00000001" UDP);
	expect(6, 17, 0, 0);
	begin("86dd " IP6("2c") "1100 0001 00000001" UDP);
	expect(6, 17, 53, 0x8235);
	begin("0800 4f000028 0000 4000 4006 0000 0a000001 0a000002" TCP);
	expect(4, 6, 0, 0); /* options longer than the frame */

	begin("88cc 0207");
	assert_false(parse(&f, size));
	begin("0800 65000028 0000 4000 4006 0000 0a000001 0a000002");
	assert_false(parse(&f, size));
	begin("8864 1100 0001 0022 c021" IP4_TCP);
	assert_false(parse(&f, size));
}

static void test_keys(void **state)
{
	struct hpcap_flow there, back;

	(void)state;
	begin("0800" IP4_TCP TCP);
	assert_true(parse(&there, size));
	begin("0800 450000280000 4000 4006 0000 0a000002 0a000001 1f90 0050 00000000");
	assert_true(parse(&back, size));
	assert_true(hpcap_flow_key(&there) == hpcap_flow_key(&back));
	back.proto = 17;
	assert_true(hpcap_flow_key(&there) != hpcap_flow_key(&back));
	assert_true(hpcap_flow_host_key(4, there.addr[0]) !=
		    hpcap_flow_host_key(4, there.addr[1]));
	assert_true(hpcap_flow_host_key(4, there.addr[0]) !=
		    hpcap_flow_host_key(6, there.addr[0]));
}

static uint64_t host_key(uint32_t n)
{
	uint8_t addr[16] = {10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

	return hpcap_flow_host_key(4, addr);
}

/* What flow.h states, met within a quarter (and a little for the rare ones). */
static void test_bloom(void **state)
{
	static const uint32_t keys[] = {100, 1000, 4000, 6800, 10000};
	enum {
		BYTES = 8192,
		TRIES = 400000
	};
	static uint8_t bits[BYTES];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const double k = HPCAP_BLOOM_HASHES, n = keys[i];
		const double stated = pow(1 - exp(-k * n / (8.0 * BYTES)), k);
		uint32_t wrong = 0, j;

		memset(bits, 0, sizeof(bits));
		for (j = 0; j < keys[i]; j++)
			hpcap_bloom_add(bits, BYTES, host_key(j));
		for (j = 0; j < keys[i]; j++)
			assert_true(hpcap_bloom_has(bits, BYTES, host_key(j)));
		for (j = 0; j < TRIES; j++)
			wrong += hpcap_bloom_has(bits, BYTES, host_key(0x800000 + j));
		printf("%u keys: %.5f %% wrong, stated %.5f %%, %u bits\n", keys[i],
		       100.0 * wrong / TRIES, 100 * stated, hpcap_bloom_fill(bits, BYTES));
		assert_true(wrong <= 1.25 * stated * TRIES + 10);
		assert_true(wrong >= 0.75 * stated * TRIES - 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_bloom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
