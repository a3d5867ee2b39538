// SPDX-License-Identifier: GPL-2.0-or-later
/* Where headers end, whatever a frame claims. */
#include "rig.h"
#include "flow.h"
#include "unit/t.h"

static u8 frame[256];
static const struct cap_flows flows = {.seed = {1, 2}, .nr = CAP_FLOW_SLOTS_MIN};

/* An Ethernet frame of TCP or UDP over IPv4, host @a to host @b. */
static void ip(u32 len, u8 proto, u8 a, u8 b, u8 tcp_flags)
{
	const u8 head[] = {2,  0,    0, 0,	  0,   1, 2, 0, 0, 0,  0,     2, 8,
			   0,  0x45, 0, len >> 8, len, 0, 1, 0, 0, 64, proto, 0, 0,
			   10, 0,    0, a,	  10,  0, 0, b, 0, a,  0,     b};

	memset(frame, 0xee, len);
	memcpy(frame, head, sizeof(head));
	if (proto == 6) {
		frame[46] = 0x50;
		frame[47] = tcp_flags;
	}
}

static void headers_of_all_kinds(void **state)
{
	struct cap_headers h;
	u32 len;

	(void)state;
	ip(200, 6, 1, 2, 0x02);
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 54);
	assert_int_equal(h.ip, 4);
	assert_int_equal(h.src, 26);
	assert_int_equal(h.ports, 34);
	assert_true(h.begins);
	frame[46] = 0x80; /* 12 bytes of options */
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 66);
	ip(200, 17, 1, 2, 0);
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 42);
	frame[21] = 1; /* a later fragment */
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 34);
	assert_int_equal(h.ports, 0);
	/* two tags in front */
	ip(200, 17, 1, 2, 0);
	memmove(frame + 20, frame + 12, 180);
	memcpy(frame + 12, "\x88\xa8\0\1\x81\0\0\2", 8);
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 50);
	assert_int_equal(h.src, 34);
	/* not IP */
	memset(frame, 0xff, 60);
	cap_headers_parse(&h, frame, 60);
	assert_int_equal(h.len, 14);
	assert_int_equal(h.ip, 0);
	/* whatever is cut off, nothing behind the end is read */
	ip(200, 6, 1, 2, 0x02);
	for (len = 0; len < 60; len++) {
		u8 *part = malloc(len + 1);

		assert_non_null(part);
		memcpy(part, frame, len);
		cap_headers_parse(&h, part, len);
		assert_true(h.len <= len);
		free(part);
	}
}

static void ipv6_headers(void **state)
{
	struct cap_headers h;

	(void)state;
	memset(frame, 0, 200);
	memcpy(frame + 12, "\x86\xdd\x60", 3);
	frame[20] = 17;
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 62);
	assert_int_equal(h.ip, 16);
	assert_int_equal(h.src, 22);
	assert_int_equal(h.ports, 54);
	/* hop-by-hop of 16 bytes, then TCP */
	frame[20] = 0;
	frame[54] = 6;
	frame[55] = 1;
	frame[70 + 12] = 0x50;
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 90);
	assert_int_equal(h.ports, 70);
	/* a later fragment has no ports */
	frame[20] = 44;
	frame[54] = 6;
	frame[56] = 1;
	cap_headers_parse(&h, frame, 200);
	assert_int_equal(h.len, 62);
	assert_int_equal(h.ports, 0);
	/* extensions without end */
	memset(frame + 54, 0, 146);
	frame[20] = 0;
	cap_headers_parse(&h, frame, 200);
	assert_true(h.len <= 200);
}

static void headers_of_noise(void **state)
{
	struct cap_headers h;
	unsigned int seed = 7;
	u32 i, n;

	(void)state;
	for (n = 0; n < 200000; n++) {
		u32 len = rand_r(&seed) % 128;
		u8 *part = malloc(len + 1);

		assert_non_null(part);
		for (i = 0; i < len; i++)
			part[i] = rand_r(&seed);
		if (len > 24) {
			memcpy(part + 12, n & 1 ? "\x86\xdd\x60" : "\x08\0\x45", 3);
			part[n & 1 ? 20 : 23] =
				(const u8[]){0, 6, 17, 43, 44, 60, 132, 1}[n / 2 % 8];
		}
		cap_headers_parse(&h, part, len);
		assert_true(h.len <= len);
		if (h.ip) {
			assert_true(h.src + 2 * h.ip <= len);
			cap_flow_key(&flows, &h, part);
		}
		if (h.ports)
			assert_true(h.ports + 4 <= len);
		free(part);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_all_kinds),
		cmocka_unit_test(ipv6_headers),
		cmocka_unit_test(headers_of_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
