// SPDX-License-Identifier: LGPL-2.1-or-later
/* CRC-32C: the instruction of x86-64 in three lanes, or four bits at a time. */
#include <pthread.h>
#include <string.h>
#include "crc32c.h"

/* The polynomial 0x82f63b78 (reflected) over each value of four bits. */
static const uint32_t nibble[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
	0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
	0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

static uint32_t crc_plain(uint32_t crc, const uint8_t *p, size_t size)
{
	while (size--) {
		crc ^= *p++;
		crc = nibble[crc & 15] ^ (crc >> 4);
		crc = nibble[crc & 15] ^ (crc >> 4);
	}
	return crc;
}

#ifdef __x86_64__
enum {
	LANE = 4096, /* bytes of each of three lanes: the instruction waits for its own result */
	AHEAD = 512, /* bytes: at the end of a page the processor's own prefetch stops */
};

/* What a lane of zeros behind it makes of a sum, byte by byte of the sum. */
static uint32_t behind[4][256];
static pthread_once_t behind_once = PTHREAD_ONCE_INIT;

__attribute__((target("sse4.2"))) static void fill_behind(void)
{
	int bit, i;

	for (bit = 0; bit < 32; bit++) {
		uint64_t c = 1ull << bit;

		for (i = 0; i < LANE / 8; i++)
			c = __builtin_ia32_crc32di(c, 0);
		for (i = 0; i < 256; i++)
			if (i & 1 << bit % 8)
				behind[bit / 8][i] ^= (uint32_t)c;
	}
}

static uint32_t add_lane(uint32_t crc, uint64_t lane)
{
	return behind[0][crc & 255] ^ behind[1][crc >> 8 & 255] ^ behind[2][crc >> 16 & 255] ^
	       behind[3][crc >> 24] ^ (uint32_t)lane;
}

static uint64_t word_at(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Past the end of what there is, a prefetch does nothing. */
static void fetch_lanes(const uint8_t *p)
{
	__builtin_prefetch(p);
	__builtin_prefetch(p + LANE);
	__builtin_prefetch(p + 2 * LANE);
}

__attribute__((target("sse4.2"))) static uint32_t crc_x86(uint32_t crc, const uint8_t *p,
							  size_t size)
{
	uint64_t a = crc, b, c;
	int i;

	if (size >= 3 * LANE)
		pthread_once(&behind_once, fill_behind);
	for (; size >= 3 * LANE; size -= 3 * LANE, p += 3 * LANE) {
		for (b = c = 0, i = 0; i < LANE; i += 8) {
			if (i % 64 == 0)
				fetch_lanes(p + i + AHEAD);
			a = __builtin_ia32_crc32di(a, word_at(p + i));
			b = __builtin_ia32_crc32di(b, word_at(p + LANE + i));
			c = __builtin_ia32_crc32di(c, word_at(p + 2 * LANE + i));
		}
		a = add_lane(add_lane((uint32_t)a, b), c);
	}
	for (; size >= 8; size -= 8, p += 8)
		a = __builtin_ia32_crc32di(a, word_at(p));
	for (; size; size--)
		a = __builtin_ia32_crc32qi((uint32_t)a, *p++);
	return (uint32_t)a;
}
#endif

uint32_t hpcap_crc32c(uint32_t crc, const void *data, size_t size)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2"))
		return ~crc_x86(~crc, data, size);
#endif
	return ~crc_plain(~crc, data, size);
}
