// SPDX-License-Identifier: GPL-2.0-or-later
/* Records: header bytes, copies of every length, chains, tags, damage. */
#include "record.h"
#include "rig.h"
#include "unit/t.h"

static void header_bytes(void **state)
{
	const u8 want[12] = {0x04, 0x03, 0x02, 0x01, 0x0d, 0x0c,
			     0x0b, 0x0a, 0xea, 0x05, 0xea, 0x05};
	u8 got[14] = {0};

	(void)state;
	cap_record_head(got + 1, 0x0a0b0c0d01020304ull, 1514, 1514);
	assert_memory_equal(got + 1, want, 12);
	assert_int_equal(got[0], 0);
	assert_int_equal(got[13], 0);

	cap_record_head(got + 1, 1, HPCAP_CAPLEN_MAX, HPCAP_CAPLEN_MAX);
	assert_int_equal(got[9] | got[10] << 8, HPCAP_CAPLEN_MAX);
	assert_int_equal(got[11] | got[12] << 8, HPCAP_CAPLEN_MAX);
}

/* Every short length, and some long ones: all bytes, and not one beside. */
static void copy_is_exact(void **state)
{
	static u8 dst[70000];
	u32 len;

	(void)state;
	for (len = 1; len <= HPCAP_CAPLEN_MAX; len += len < 300 ? 1 : 4999) {
		/* exactly @len bytes, so that ASan sees a read beside */
		u8 *src = malloc(len);

		frame_make(src, len, len);
		memset(dst, 0xee, sizeof(dst));
		cap_record_copy(dst + 3, src, len);
		assert_memory_equal(dst + 3, src, len);
		assert_int_equal(dst[2], 0xee);
		assert_int_equal(dst[3 + len], 0xee);
		free(src);
	}
}

static struct cap_frame piece(const u8 *data, u32 len, u16 flags)
{
	return (struct cap_frame){.data = data, .len = len, .flags = flags};
}

static void chain_is_joined(void **state)
{
	u8 whole[100], got[101];
	struct cap_frame f[4];
	struct cap_chain c;

	(void)state;
	frame_make(whole, 5, sizeof(whole));
	f[0] = piece(whole, 40, CAP_FRAME_MORE);
	f[1] = piece(whole + 40, 40, CAP_FRAME_MORE);
	f[2] = piece(whole + 80, 20, 0);
	f[3] = piece(whole, 60, 0);
	cap_chain_measure(&c, f, 4, 1514);
	assert_int_equal(c.pieces, 3);
	assert_int_equal(c.len, 100);
	assert_false(c.bad);
	got[100] = 0xee;
	cap_chain_copy(got, &c, f);
	assert_memory_equal(got, whole, 100);
	assert_int_equal(got[100], 0xee);
}

/* A tag goes behind the addresses, also when those lie in two pieces. */
static void tag_is_put_back(void **state)
{
	u8 whole[60], want[64], got[64];
	struct cap_chain c;
	u32 cut;

	(void)state;
	frame_make(whole, 9, sizeof(whole));
	memcpy(want, whole, 12);
	memcpy(want + 12, "\x81\x00\x6f\xff", 4);
	memcpy(want + 16, whole + 12, 48);
	for (cut = 1; cut <= 60; cut++) {
		struct cap_frame f[2] = {
			piece(whole, cut, CAP_FRAME_VLAN | (cut < 60 ? CAP_FRAME_MORE : 0)),
			piece(whole + cut, 60 - cut, 0),
		};

		f[0].vlan_tci = 0x6fff;
		cap_chain_measure(&c, f, 2, 60);
		assert_int_equal(c.len, 64);
		assert_int_equal(c.rx_len, 60);
		assert_false(c.bad);
		memset(got, 0xee, sizeof(got));
		cap_chain_copy(got, &c, f);
		assert_memory_equal(got, want, sizeof(want));
	}
}

static bool bad(u32 len, u16 flags, u32 frame_max)
{
	static const u8 data[1];
	struct cap_frame f = piece(data, len, flags);
	struct cap_chain c;

	cap_chain_measure(&c, &f, 1, frame_max);
	assert_int_equal(c.pieces, 1);
	return c.bad;
}

static void damage_is_seen(void **state)
{
	(void)state;
	assert_false(bad(60, 0, 1514));
	assert_false(bad(1, 0, 1514));
	assert_true(bad(0, 0, 1514));
	assert_true(bad(60, CAP_FRAME_ERROR, 1514));
	assert_false(bad(1514, 0, 1514));
	assert_true(bad(1515, 0, 1514));
	assert_false(bad(1514, CAP_FRAME_VLAN, 1514));
	assert_true(bad(11, CAP_FRAME_VLAN, 1514));
	assert_false(bad(12, CAP_FRAME_VLAN, 1514));
	assert_false(bad(HPCAP_CAPLEN_MAX, 0, HPCAP_CAPLEN_MAX));
	assert_true(bad(HPCAP_CAPLEN_MAX - 3, CAP_FRAME_VLAN, HPCAP_CAPLEN_MAX));
	assert_false(bad(HPCAP_CAPLEN_MAX - 4, CAP_FRAME_VLAN, HPCAP_CAPLEN_MAX));
	assert_true(bad(HPCAP_CAPLEN_MAX + 1, 0, U32_MAX));
	assert_true(bad(U32_MAX, CAP_FRAME_VLAN, U32_MAX));
	/* a chain whose end is not in the batch */
	assert_true(bad(60, CAP_FRAME_MORE, 1514));
}

/* Lengths whose sum does not fit 32 bits must not look small. */
static void huge_chain(void **state)
{
	struct cap_frame f[2] = {piece(NULL, U32_MAX, CAP_FRAME_MORE), piece(NULL, 61, 0)};
	struct cap_chain c;

	(void)state;
	cap_chain_measure(&c, f, 2, 1514);
	assert_int_equal(c.pieces, 2);
	assert_true(c.bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_bytes),	   cmocka_unit_test(copy_is_exact),
		cmocka_unit_test(chain_is_joined), cmocka_unit_test(tag_is_put_back),
		cmocka_unit_test(damage_is_seen),  cmocka_unit_test(huge_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
