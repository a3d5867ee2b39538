// SPDX-License-Identifier: GPL-2.0-or-later
/* Decapsulation: each tunnel, nested, and every kind of nonsense. */
#include "unit/t.h"
#include <decap.h>
#include <stdlib.h>
#include <string.h>
#include "raw_model.h"

static uint8_t packet[4096], room[8192];
static uint32_t size;
static struct hpcap_decap d;
static struct hpcap_record rec;

static void start(void)
{
	size = 0;
	d = (struct hpcap_decap){.which = HPCAP_DECAP_ALL};
}

static void put(const void *p, uint32_t n)
{
	memcpy(packet + size, p, n);
	size += n;
}

static void put16(unsigned int v)
{
	const uint8_t b[2] = {(uint8_t)(v >> 8), (uint8_t)v};

	put(b, 2);
}

static void zeros(uint32_t n)
{
	memset(packet + size, 0, n);
	size += n;
}

static void eth(uint8_t mac, unsigned int type)
{
	memset(packet + size, mac, 12);
	size += 12;
	put16(type);
}

/* Lengths are set by finish(), from the inside out. */
static uint32_t ip_at[16], udp_at[16], nr_ip, nr_udp;

static void ip4(uint8_t proto)
{
	const uint8_t h[20] = {0x45, 0, 0,  0, 0, 0, 0,	 0, 64, proto,
			       0,    0, 10, 0, 0, 1, 10, 0, 0,	2};

	ip_at[nr_ip++] = size;
	put(h, sizeof(h));
}

static void ip6(uint8_t proto)
{
	const uint8_t h[40] = {0x60, 0, 0, 0, 0, 0, proto, 64};

	ip_at[nr_ip++] = size;
	put(h, sizeof(h));
}

static void udp(unsigned int port)
{
	udp_at[nr_udp++] = size;
	put16(12345);
	put16(port);
	zeros(4);
}

static void finish(void)
{
	while (nr_udp) {
		uint32_t at = udp_at[--nr_udp];

		packet[at + 4] = (uint8_t)((size - at) >> 8);
		packet[at + 5] = (uint8_t)(size - at);
	}
	while (nr_ip) {
		uint32_t at = ip_at[--nr_ip];
		bool v6 = packet[at] >> 4 == 6;
		uint32_t len = size - at - (v6 ? 40 : 0);

		packet[at + (v6 ? 4 : 2)] = (uint8_t)(len >> 8);
		packet[at + (v6 ? 5 : 3)] = (uint8_t)len;
	}
}

/* What every tunnel here carries in the end: Ethernet, IPv4, 26 bytes. */
static void payload(void)
{
	eth(0xee, 0x0800);
	ip4(17);
	udp(9);
	put("what is inside of all this", 26);
}

static bool run(void)
{
	finish();
	rec = (struct hpcap_record){.sec = 1, .caplen = size, .len = size, .data = packet};
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

static void gre(unsigned int flags, unsigned int type)
{
	put16(flags);
	put16(type);
	zeros(4 * (!!(flags & 0x8000) + !!(flags & 0x2000) + !!(flags & 0x1000)));
}

static void test_erspan(void **state)
{
	static const uint8_t two[8] = {0x10, 1}, three[12] = {0x20},
			     three_long[20] = {0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

	(void)state;
	start();
	eth(1, 0x0800);
	ip4(47);
	gre(0, 0x88be);
	payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);

	start();
	eth(1, 0x0800);
	ip4(47);
	gre(0x1000, 0x88be);
	put(two, sizeof(two));
	payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);

	start();
	eth(1, 0x86dd);
	ip6(47);
	gre(0x1000, 0x22eb);
	put(three, sizeof(three));
	payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);

	start();
	eth(1, 0x0800);
	ip4(47);
	gre(0x1000, 0x22eb);
	put(three_long, sizeof(three_long));
	payload();
	expect_payload(HPCAP_TUNNEL_ERSPAN);
}

static void test_in_udp(void **state)
{
	static const uint8_t vxlan[8] = {8, 0, 0, 0, 0, 0, 42, 0};
	static const uint8_t geneve[16] = {2, 0, 0x65, 0x58, 0, 0, 42, 0,
					   0, 1, 2,    1,    1, 2, 3,  4};

	(void)state;
	start();
	eth(1, 0x8100);
	put16(5);
	put16(0x0800);
	ip4(17);
	udp(4789);
	put(vxlan, sizeof(vxlan));
	payload();
	expect_payload(HPCAP_TUNNEL_VXLAN);

	start();
	eth(1, 0x86dd);
	ip6(17);
	udp(6081);
	put(geneve, sizeof(geneve));
	payload();
	expect_payload(HPCAP_TUNNEL_GENEVE);

	start();
	eth(1, 0x0800);
	ip4(17);
	udp(6635);
	put("\0\1\1\100", 4);
	zeros(4);
	payload();
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
		ip6(17);
	else
		ip4(17);
	udp(9);
	put("what is inside of all this", 26);
}

static void test_ip_inside(void **state)
{
	int v6;

	(void)state;
	for (v6 = 0; v6 < 2; v6++) {
		const unsigned int type = v6 ? 0x86dd : 0x0800;

		start();
		eth(1, 0x0800);
		ip4(v6 ? 41 : 4);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_IPIP, type, 14);

		start();
		eth(1, 0x86dd);
		ip6(60);
		put(v6 ? "\x29\0\0\0\0\0\0\0" : "\4\0\0\0\0\0\0\0", 8);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_IPIP, type, 14);

		start();
		eth(1, 0x88a8);
		put16(7);
		put16(0x8847);
		put("\0\1\0\100\0\2\1\100", 8);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_MPLS, type, 18);

		start();
		eth(1, 0x0800);
		ip4(47);
		gre(0xb000, type);
		ip_payload(v6);
		expect_ip(HPCAP_TUNNEL_GRE, type, 14);
	}
}

/* Padding behind a short outer frame is no part of the inner one. */
static void test_padding(void **state)
{
	(void)state;
	start();
	eth(1, 0x0800);
	ip4(4);
	ip4(6);
	zeros(4);
	finish();
	zeros(20);
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
			eth((uint8_t)i, 0x0800);
			ip4(17);
			udp(8472);
			put(vxlan, 8);
		}
		payload();
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
	assert_ptr_equal(rec.data, packet);
	assert_int_equal(rec.len, size);
	assert_int_equal(d.changed, 0);
}

static void test_left_alone(void **state)
{
	(void)state;
	start();
	payload();
	expect_same();
	assert_int_equal(d.malformed + d.cut, 0);

	start(); /* PPTP */
	eth(1, 0x0800);
	ip4(47);
	gre(0x2001, 0x880b);
	zeros(40);
	expect_same();
	assert_int_equal(d.malformed, 0);

	start(); /* no ERSPAN of that version */
	eth(1, 0x0800);
	ip4(47);
	gre(0x1000, 0x88be);
	put("\x70\0\0\0\0\0\0\0", 8);
	payload();
	expect_same();
	assert_int_equal(d.malformed, 1);

	start(); /* no VXLAN without its flag */
	eth(1, 0x0800);
	ip4(17);
	udp(4789);
	zeros(8);
	payload();
	expect_same();
	assert_int_equal(d.malformed, 1);

	start(); /* a fragment */
	eth(1, 0x0800);
	ip4(47);
	packet[20] = 0x20;
	gre(0, 0x88be);
	payload();
	expect_same();
	assert_int_equal(d.fragments, 1);

	start(); /* labels without end */
	eth(1, 0x8847);
	zeros(100);
	expect_same();
	assert_int_equal(d.malformed, 1);

	start(); /* not asked for */
	d.which = 1u << HPCAP_TUNNEL_VXLAN;
	eth(1, 0x0800);
	ip4(47);
	gre(0, 0x88be);
	payload();
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
		eth(1, 0x0800);
		ip4(47);
		gre(0x1000, 0x88be);
		put("\x10\1\0\0\0\0\0\0", 8);
		payload();
		finish();
		memcpy(copy, packet, cap < size ? cap : size);
		rec = (struct hpcap_record){
			.caplen = cap < size ? cap : size, .len = size, .data = copy};
		changed = hpcap_decap(&d, &rec, room, sizeof(room));
		assert_int_equal(changed, cap >= 14 + 20 + 8 + 8 + 14);
		assert_int_equal(rec.len, changed ? 68 : size);
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
		eth(1, 0x0800);
		ip4(i % 3 ? 47 : 17);
		if (i % 3)
			gre(0x1000, i % 3 == 1 ? 0x22eb : 0x6558);
		else
			udp(6081);
		put("\x20\0\x65\x58\0\0\0\0\0\0\0\0", 12);
		payload();
		finish();
		for (k = 0; k < i % 8; k++)
			packet[model_random(&seed) % size] = (uint8_t)model_random(&seed);
		cap = 1 + model_random(&seed) % size;
		copy = malloc(cap);
		memcpy(copy, packet, cap);
		rec = (struct hpcap_record){.caplen = cap, .len = size, .data = copy};
		hpcap_decap(&d, &rec, room, sizeof(room));
		assert_true(rec.caplen && rec.caplen <= rec.len && rec.len <= size);
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
		cmocka_unit_test(test_erspan),	  cmocka_unit_test(test_in_udp),
		cmocka_unit_test(test_ip_inside), cmocka_unit_test(test_padding),
		cmocka_unit_test(test_nested),	  cmocka_unit_test(test_left_alone),
		cmocka_unit_test(test_snapped),	  cmocka_unit_test(test_random),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
