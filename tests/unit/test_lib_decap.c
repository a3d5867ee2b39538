// SPDX-License-Identifier: GPL-2.0-or-later
/* Decapsulation: each tunnel, nested, and every kind of nonsense. */
#include "unit/t.h"
#include <decap.h>
#include <stdlib.h>
#include <string.h>
#include "raw_model.h"
#include "tunnel_model.h"

static uint8_t room[8192];
static struct hpcap_decap d;
static struct hpcap_record rec;

static void start(void)
{
	pkt_start();
	d = (struct hpcap_decap){.which = HPCAP_DECAP_ALL};
}

static bool run(void)
{
	pkt_finish();
	rec = (struct hpcap_record){
		.sec = 1, .caplen = pkt_size, .len = pkt_size, .data = pkt_bytes};
	return hpcap_decap(&d, &rec, room, sizeof(room));
}

static void expect_payload(enum hpcap_tunnel kind)
{
	assert_true(run());
	assert_int_equal(rec.len, 14 + 20 + 8 + 26);
	assert_int_equal(rec.caplen, rec.len);
	assert_int_equal(rec.data[0], 0xee);
	assert_memory_equal(rec.data + 42, "what is inside", 14);
	assert_int_equal(d.removed[kind], 1);
	assert_int_equal(d.changed, 1);
	assert_int_equal(d.malformed + d.cut + d.fragments + d.deep, 0);
}

static void test_erspan(void **state)
{
	static const uint8_t two[8] = {0x10, 1}, three[12] = {0x20},
			     three_long[20] = {0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

	(void)state;
	start();
	pkt_eth(1, 0x0800);
	pkt_ip4(47);
	pkt_gre(0, 0x88be);
	pkt_payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);

	start();
	pkt_eth(1, 0x0800);
	pkt_ip4(47);
	pkt_gre(0x1000, 0x88be);
	pkt_put(two, sizeof(two));
	pkt_payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);

	start();
	pkt_eth(1, 0x86dd);
	pkt_ip6(47);
	pkt_gre(0x1000, 0x22eb);
	pkt_put(three, sizeof(three));
	pkt_payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);

	start();
	pkt_eth(1, 0x0800);
	pkt_ip4(47);
	pkt_gre(0x1000, 0x22eb);
	pkt_put(three_long, sizeof(three_long));
	pkt_payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);
}

static void test_in_udp(void **state)
{
	static const uint8_t vxlan[8] = {8, 0, 0, 0, 0, 0, 42, 0};
	static const uint8_t geneve[16] = {2, 0, 0x65, 0x58, 0, 0, 42, 0,
					   0, 1, 2,    1,    1, 2, 3,  4};

	(void)state;
	start();
	pkt_eth(1, 0x8100);
	pkt_put16(5);
	pkt_put16(0x0800);
	pkt_ip4(17);
	pkt_udp(4789);
	pkt_put(vxlan, sizeof(vxlan));
	pkt_payload();
	expect_payload(HPCAP_TUNNEL_VXLAN);

	start();
	pkt_eth(1, 0x86dd);
	pkt_ip6(17);
	pkt_udp(6081);
	pkt_put(geneve, sizeof(geneve));
	pkt_payload();
	expect_payload(HPCAP_TUNNEL_GENEVE);

	start();
	pkt_eth(1, 0x0800);
	pkt_ip4(17);
	pkt_udp(6635);
	pkt_put("\0\1\1\100", 4);
	pkt_zeros(4);
	pkt_payload();
	expect_payload(HPCAP_TUNNEL_MPLS);
}

/* Only layers between Ethernet and IP: the Ethernet header is the outer one. */
static void expect_ip(enum hpcap_tunnel kind, unsigned int type, uint32_t head)
{
	assert_true(run());
	assert_int_equal(rec.data[0], 1);
	assert_int_equal(rec.data[head - 2] << 8 | rec.data[head - 1], type);
	assert_int_equal(rec.len, head + (type == 0x0800 ? 20 : 40) + 8 + 26);
	assert_memory_equal(rec.data + rec.len - 26, "what is inside", 14);
	assert_int_equal(d.removed[kind], 1);
	assert_int_equal(d.malformed, 0);
}

static void ip_payload(bool v6)
{
	if (v6)
		pkt_ip6(17);
	else
		pkt_ip4(17);
	pkt_udp(9);
	pkt_put("what is inside of all this", 26);
}

static void test_ip_inside(void **state)
{
	int v6;

	(void)state;
	for (v6 = 0; v6 < 2; v6++) {
		const unsigned int type = v6 ? 0x86dd : 0x0800;

		start();
		pkt_eth(1, 0x0800);
		pkt_ip4(v6 ? 41 : 4);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_IPIP, type, 14);

		start();
		pkt_eth(1, 0x86dd);
		pkt_ip6(60);
		pkt_put(v6 ? "\x29\0\0\0\0\0\0\0" : "\4\0\0\0\0\0\0\0", 8);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_IPIP, type, 14);

		start();
		pkt_eth(1, 0x88a8);
		pkt_put16(7);
		pkt_put16(0x8847);
		pkt_put("\0\1\0\100\0\2\1\100", 8);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_MPLS, type, 18);

		start();
		pkt_eth(1, 0x0800);
		pkt_ip4(47);
		pkt_gre(0xb000, type);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_GRE, type, 14);
	}
}

/* Padding behind a short outer frame is no part of the inner one. */
static void test_padding(void **state)
{
	(void)state;
	start();
	pkt_eth(1, 0x0800);
	pkt_ip4(4);
	pkt_ip4(6);
	pkt_zeros(4);
	pkt_finish();
	pkt_zeros(20);
	assert_true(run());
	assert_int_equal(rec.len, 14 + 24);
}

static void test_nested(void **state)
{
	static const uint8_t vxlan[8] = {8};
	int n, i;

	(void)state;
	for (n = 1; n <= HPCAP_DECAP_DEPTH + 2; n++) {
		start();
		for (i = 0; i < n; i++) {
			pkt_eth((uint8_t)i, 0x0800);
			pkt_ip4(17);
			pkt_udp(8472);
			pkt_put(vxlan, 8);
		}
		pkt_payload();
		assert_true(run());
		assert_int_equal(d.removed[HPCAP_TUNNEL_VXLAN],
				 n < HPCAP_DECAP_DEPTH ? n : HPCAP_DECAP_DEPTH);
		assert_int_equal(d.deep, n > HPCAP_DECAP_DEPTH);
		assert_int_equal(rec.data[0], n > HPCAP_DECAP_DEPTH ? HPCAP_DECAP_DEPTH : 0xee);
	}
}

static void expect_same(void)
{
	assert_false(run());
	assert_ptr_equal(rec.data, pkt_bytes);
	assert_int_equal(rec.len, pkt_size);
	assert_int_equal(d.changed, 0);
}

static void test_left_alone(void **state)
{
	(void)state;
	start();
	pkt_payload();
	expect_same();
	assert_int_equal(d.malformed + d.cut, 0);

	start(); /* PPTP */
	pkt_eth(1, 0x0800);
	pkt_ip4(47);
	pkt_gre(0x2001, 0x880b);
	pkt_zeros(40);
	expect_same();
	assert_int_equal(d.malformed, 0);

	start(); /* no ERSPAN of that version */
	pkt_eth(1, 0x0800);
	pkt_ip4(47);
	pkt_gre(0x1000, 0x88be);
	pkt_put("\x70\0\0\0\0\0\0\0", 8);
	pkt_payload();
	expect_same();
	assert_int_equal(d.malformed, 1);

	start(); /* no VXLAN without its flag */
	pkt_eth(1, 0x0800);
	pkt_ip4(17);
	pkt_udp(4789);
	pkt_zeros(8);
	pkt_payload();
	expect_same();
	assert_int_equal(d.malformed, 1);
}

static void test_left_in_parts(void **state)
{
	(void)state;
	start(); /* a fragment */
	pkt_eth(1, 0x0800);
	pkt_ip4(47);
	pkt_bytes[20] = 0x20;
	pkt_gre(0, 0x88be);
	pkt_payload();
	expect_same();
	assert_int_equal(d.fragments, 1);

	start(); /* labels without end */
	pkt_eth(1, 0x8847);
	pkt_zeros(100);
	expect_same();
	assert_int_equal(d.malformed, 1);

	start(); /* not asked for */
	d.which = 1u << HPCAP_TUNNEL_VXLAN;
	pkt_eth(1, 0x0800);
	pkt_ip4(47);
	pkt_gre(0, 0x88be);
	pkt_payload();
	expect_same();
	assert_int_equal(d.malformed, 0);
}

/* What the capture did not keep cannot be looked into. */
static void test_snapped(void **state)
{
	uint32_t cap;

	(void)state;
	for (cap = 1; cap < 120; cap++) {
		uint8_t *copy = malloc(cap);
		bool changed;

		start();
		pkt_eth(1, 0x0800);
		pkt_ip4(47);
		pkt_gre(0x1000, 0x88be);
		pkt_put("\x10\1\0\0\0\0\0\0", 8);
		pkt_payload();
		pkt_finish();
		if (!copy)
			abort();
		memcpy(copy, pkt_bytes, cap < pkt_size ? cap : pkt_size);
		rec = (struct hpcap_record){.caplen = cap < pkt_size ? cap : pkt_size,
					    .len = pkt_size,
					    .data = copy};
		changed = hpcap_decap(&d, &rec, room, sizeof(room));
		assert_int_equal(changed, cap >= 14 + 20 + 8 + 8 + 14);
		assert_int_equal(rec.len, changed ? 68 : pkt_size);
		assert_int_equal(d.malformed, 0);
		free(copy);
	}
}

/* Bytes changed at random: never beyond the frame (ASan looks), lengths sane. */
static void test_random(void **state)
{
	uint32_t seed = 42, i, k;

	(void)state;
	for (i = 0; i < 200000; i++) {
		uint32_t cap;
		uint8_t *copy;

		start();
		pkt_eth(1, 0x0800);
		pkt_ip4(i % 3 ? 47 : 17);
		if (i % 3)
			pkt_gre(0x1000, i % 3 == 1 ? 0x22eb : 0x6558);
		else
			pkt_udp(6081);
		pkt_put("\x20\0\x65\x58\0\0\0\0\0\0\0\0", 12);
		pkt_payload();
		pkt_finish();
		for (k = 0; k < i % 8; k++)
			pkt_bytes[model_random(&seed) % pkt_size] =
				(uint8_t)model_random(&seed);
		cap = 1 + model_random(&seed) % pkt_size;
		copy = malloc(cap);
		if (!copy)
			abort();
		memcpy(copy, pkt_bytes, cap);
		rec = (struct hpcap_record){.caplen = cap, .len = pkt_size, .data = copy};
		hpcap_decap(&d, &rec, room, sizeof(room));
		assert_true(rec.caplen && rec.caplen <= rec.len && rec.len <= pkt_size);
		free(copy);
	}
}

static void test_words(void **state)
{
	(void)state;
	assert_int_equal(hpcap_decap_parse("all"), HPCAP_DECAP_ALL);
	assert_int_equal(hpcap_decap_parse("gre,ipip"),
			 1u << HPCAP_TUNNEL_GRE | 1u << HPCAP_TUNNEL_IPIP);
	assert_int_equal(hpcap_decap_parse("gre,"), 0);
	assert_int_equal(hpcap_decap_parse("gr"), 0);
	assert_int_equal(hpcap_decap_parse(""), 0);
	assert_string_equal(hpcap_tunnel_name(HPCAP_TUNNEL_GENEVE), "geneve");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_erspan),	      cmocka_unit_test(test_in_udp),
		cmocka_unit_test(test_ip_inside),     cmocka_unit_test(test_padding),
		cmocka_unit_test(test_nested),	      cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_left_in_parts), cmocka_unit_test(test_snapped),
		cmocka_unit_test(test_random),	      cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
