// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies: what counts as one, how long, and a table against an exact model. */
#include "dup.h"
#include "unit/t.h"

#define MSEC 1000000ull
#define NOW  (1795298400ull * 1000 * MSEC)

static struct cap_dup dup;

static struct hpcap_dup usual(void)
{
	return (struct hpcap_dup){
		.mode = HPCAP_DUP_DROP,
		.entries = HPCAP_DUP_ENTRIES,
		.levels = HPCAP_DUP_LEVELS,
		.bytes = HPCAP_DUP_BYTES,
		.window = HPCAP_DUP_WINDOW,
	};
}

static void start(const struct hpcap_dup *want)
{
	unsigned int seed = 17;
	size_t i;

	assert_null(cap_dup_bad(want));
	free(dup.table);
	for (i = 0; i < CAP_DUP_SECRET; i++)
		dup.secret[i] = (u64)rand_r(&seed) << 33 ^ (u64)rand_r(&seed) << 11 ^
				(u64)rand_r(&seed) >> 3;
	cap_dup_init(&dup, want, calloc(1, cap_dup_size(want)));
	assert_non_null(dup.table);
}

static int stop(void **state)
{
	(void)state;
	free(dup.table);
	dup.table = NULL;
	return 0;
}

static u64 print_of(const u8 *p, u32 len)
{
	/* memory of exactly that size, so that a byte too many is found */
	u8 *exact = malloc(len ? len : 1);
	struct cap_dup_frame f = {.data = exact, .have = len, .len = len};
	u64 print;

	assert_non_null(exact);
	memcpy(exact, p, len);
	print = cap_dup_print(&dup, &f);
	free(exact);
	return print;
}

static bool seen(const u8 *p, u32 len, u64 ns)
{
	u64 print = print_of(p, len);

	return cap_dup_seen(&dup, print, print, ns);
}

/* An Ethernet frame with an IPv4 packet of @len bytes, filled up to 60. */
static u32 make_ip(u8 *p, u32 tags, u32 len, u32 seed)
{
	u32 at = 12 + 4 * tags, i;

	for (i = 0; i < at + 2 + len; i++)
		p[i] = seed + i * 7;
	for (i = 0; i < tags; i++)
		memcpy(p + 12 + 4 * i, "\x81\x00\x00\x05", 4);
	memcpy(p + at, "\x08\x00\x45\x00", 4);
	p[at + 4] = len >> 8;
	p[at + 5] = len & 0xff;
	for (i = at + 2 + len; i < 60; i++)
		p[i] = 0;
	return max(at + 2 + len, 60u);
}

static void copies_and_others(void **state)
{
	struct hpcap_dup want = usual();
	u8 p[200];
	u32 i, len = make_ip(p, 0, 100, 1);

	(void)state;
	start(&want);
	assert_false(seen(p, len, NOW));
	assert_true(seen(p, len, NOW));
	assert_true(seen(p, len, NOW + 200 * MSEC));
	assert_false(seen(p, len, NOW + 401 * MSEC));
	assert_false(seen(p, len - 1, NOW + 401 * MSEC));
	for (i = 0; i < len; i++) {
		p[i] ^= 1;
		/* what lies behind the bytes compared does not count */
		assert_int_equal(seen(p, len, NOW + 402 * MSEC), i >= HPCAP_DUP_BYTES);
		p[i] ^= 1;
	}
	/* a clock that was set back does not make copies */
	assert_false(seen(p, len, NOW - 10 * MSEC));
}

/* Every length and every number of bytes: no byte read behind the frame. */
static void all_lengths(void **state)
{
	struct hpcap_dup want = usual();
	u8 p[300] = {0};
	u32 len, i;

	(void)state;
	for (want.bytes = HPCAP_DUP_BYTES_MIN; want.bytes <= HPCAP_DUP_BYTES_MAX;
	     want.bytes += 3) {
		start(&want);
		for (len = 1; len < sizeof(p); len++) {
			u32 last = min(len, want.bytes) - 1;
			u64 a = print_of(p, len);

			p[last] = 0x80;
			assert_true(print_of(p, len) != a);
			p[last] = 0;
			for (i = 0; i < len; i += 37) {
				p[i] = 1;
				assert_int_equal(print_of(p, len) != a, i < want.bytes);
				p[i] = 0;
			}
		}
	}
}

static void ignored_fields(void **state)
{
	struct hpcap_dup want = usual();
	u8 a[200], b[200];
	u32 len = make_ip(a, 0, 64, 1);

	(void)state;
	make_ip(b, 0, 64, 1);
	b[14 + 8]--; /* a router: TTL, checksum, both addresses */
	b[14 + 11] += 3;
	memcpy(b, "\x02\x01\x02\x03\x04\x05\x02\x11\x12\x13\x14\x15", 12);
	start(&want);
	assert_false(seen(a, len, NOW));
	assert_false(seen(b, len, NOW));
	want.ignore = HPCAP_DUP_IGNORE_TTL | HPCAP_DUP_IGNORE_CSUM;
	start(&want);
	assert_false(seen(a, len, NOW));
	assert_false(seen(b, len, NOW));
	want.ignore |= HPCAP_DUP_IGNORE_MAC;
	start(&want);
	assert_false(seen(a, len, NOW));
	assert_true(seen(b, len, NOW));
	b[14 + 9]++; /* another protocol is another packet */
	assert_false(seen(b, len, NOW));
}

/* The same packet with and without tags, in a frame and out of a NIC. */
static void tags(void **state)
{
	struct hpcap_dup want = usual();
	struct cap_dup_frame out = {.tagged = true, .tci = 5};
	u8 plain[200], one[200], two[200];
	u32 len, size;
	u64 print;

	(void)state;
	want.ignore = HPCAP_DUP_IGNORE_VLAN;
	for (size = 20; size < 100; size++) {
		start(&want);
		len = make_ip(one, 1, size, 9);
		make_ip(plain, 0, size, 9);
		make_ip(two, 2, size, 9);
		memcpy(plain + 14 + 4, one + 18 + 4, size - 4);
		memcpy(two + 22 + 4, one + 18 + 4, size - 4);
		assert_false(seen(one, len, NOW));
		assert_true(seen(plain, max(14 + size, 60u), NOW));
		assert_true(seen(two, max(22 + size, 60u), NOW));
	}
	/* not ignored: what the NIC took out counts as if it were there */
	want = usual();
	start(&want);
	out.data = plain;
	out.have = 14 + 99;
	out.len = 14 + 99;
	print = cap_dup_print(&dup, &out);
	assert_true(print == print_of(one, 18 + 99));
	out.tci = 6;
	assert_true(print != cap_dup_print(&dup, &out));
}

/* Damaged and strange frames with all ignored: no byte too many is read. */
static void strange(void **state)
{
	struct hpcap_dup want = usual();
	unsigned int seed = 23;
	u8 p[300] = {0};
	int round;

	(void)state;
	want.ignore = HPCAP_DUP_IGNORE_ALL;
	want.bytes = HPCAP_DUP_BYTES_MAX;
	start(&want);
	for (round = 0; round < 200000; round++) {
		u32 len = 1 + rand_r(&seed) % 299, i;

		for (i = 0; i < len; i++)
			p[i] = rand_r(&seed);
		if (len > 20 && round % 2) {
			static const u16 types[] = {0x8100, 0x88a8, 0x0800, 0x86dd};

			for (i = 12; i + 6 < len && rand_r(&seed) % 3; i += 4) {
				p[i] = types[rand_r(&seed) % 4] >> 8;
				p[i + 1] = types[round % 4] & 0xff;
			}
		}
		print_of(p, len);
	}
}

static void ipv6(void **state)
{
	struct hpcap_dup want = usual();
	u8 a[100] = {0};

	(void)state;
	memcpy(a + 12, "\x86\xdd\x60\0\0\0\0\x10\x11\x40", 10);
	want.ignore = HPCAP_DUP_IGNORE_TTL;
	start(&want);
	assert_false(seen(a, 14 + 40 + 16, NOW));
	a[14 + 7]--;
	assert_true(seen(a, 14 + 40 + 16, NOW));
	a[14 + 6]++;
	assert_false(seen(a, 14 + 40 + 16, NOW));
}

/* Against a list that forgets nothing: never a false copy, few missed. */
static void against_a_list(void **state)
{
	struct hpcap_dup want = usual();
	static u64 when[4096];
	unsigned int seed = 31;
	u64 now = NOW, copies = 0, found = 0;
	int i;

	(void)state;
	start(&want);
	for (i = 0; i < 300000; i++) {
		u32 n = rand_r(&seed) % 4096;
		u8 p[64] = {0};
		bool truth, is;

		now += rand_r(&seed) % 200000;
		memcpy(p + 20, &n, sizeof(n));
		truth = now - when[n] <= want.window;
		when[n] = now;
		is = seen(p, sizeof(p), now);
		assert_true(truth || !is);
		copies += truth;
		found += is;
	}
	assert_int_equal(dup.checked, 300000);
	assert_int_equal(dup.found, found);
	assert_true(found * 100 > copies * 85);
}

/* More levels for one place: two flows that share it do not evict each other. */
static void levels(void **state)
{
	struct hpcap_dup want = usual();

	(void)state;
	start(&want);
	assert_false(cap_dup_seen(&dup, 1, 100, NOW));
	assert_false(cap_dup_seen(&dup, 1, 200, NOW + 1));
	assert_false(cap_dup_seen(&dup, 1, 100, NOW + 2));
	want.levels = 2;
	start(&want);
	assert_int_equal(dup.mask, HPCAP_DUP_ENTRIES / 2 - 1);
	assert_false(cap_dup_seen(&dup, 1, 100, NOW));
	assert_false(cap_dup_seen(&dup, 1, 200, NOW + 1));
	assert_true(cap_dup_seen(&dup, 1, 100, NOW + 2));
	assert_false(cap_dup_seen(&dup, 1, 300, NOW + 3)); /* the oldest: 200 */
	assert_true(cap_dup_seen(&dup, 1, 100, NOW + 4));
	assert_false(cap_dup_seen(&dup, 1, 200, NOW + 5));
}

static void bad_rules(void **state)
{
	const struct hpcap_dup good = usual();
	struct hpcap_dup w;

#define BAD(field, value, name)                                         \
	(w = good, w.field = (value), assert_non_null(cap_dup_bad(&w)), \
	 assert_memory_equal(cap_dup_bad(&w), name, strlen(name)))
	(void)state;
	assert_null(cap_dup_bad(&good));
	BAD(mode, 3, "mode");
	BAD(key, 2, "key");
	BAD(ignore, 16, "ignore");
	BAD(entries, 0, "entries");
	BAD(entries, 512, "entries");
	BAD(entries, 1025, "entries");
	BAD(entries, 1u << 23, "entries");
	BAD(levels, 0, "levels");
	BAD(levels, 3, "levels");
	BAD(levels, 128, "levels");
	BAD(bytes, 15, "bytes");
	BAD(bytes, 257, "bytes");
	BAD(window, 0, "window");
	BAD(window, HPCAP_DUP_WINDOW_MAX + 1, "window");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(copies_and_others, stop),
		cmocka_unit_test_teardown(all_lengths, stop),
		cmocka_unit_test_teardown(ignored_fields, stop),
		cmocka_unit_test_teardown(tags, stop),
		cmocka_unit_test_teardown(strange, stop),
		cmocka_unit_test_teardown(ipv6, stop),
		cmocka_unit_test_teardown(against_a_list, stop),
		cmocka_unit_test_teardown(levels, stop),
		cmocka_unit_test(bad_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
