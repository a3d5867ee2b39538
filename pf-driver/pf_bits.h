/* SPDX-License-Identifier: GPL-2.0-only */
/* Bitmaps of 4096 (VIDs, hashes) in 32-bit words, and what makes a MAC a MAC. */
#ifndef PF_BITS_H
#define PF_BITS_H

#include "../hw/hw_env.h"
#include "../hw/r82576_pool.h"

#define PF_BITS_ALL	(32 * HW_HASH_WORDS)

static inline bool pf_bits_test(const u32 *map, u32 bit)
{
	return map[bit / 32] >> (bit % 32) & 1;
}

static inline void pf_bits_set(u32 *map, u32 bit)
{
	map[bit / 32] |= 1u << (bit % 32);
}

static inline void pf_bits_clear(u32 *map, u32 bit)
{
	map[bit / 32] &= ~(1u << (bit % 32));
}

static inline u32 pf_bits_count(const u32 *map)
{
	u32 n = 0, i;

	for (i = 0; i < PF_BITS_ALL; i++)
		n += pf_bits_test(map, i);
	return n;
}

static inline bool pf_bits_empty(const u32 *map)
{
	u32 i;

	for (i = 0; i < HW_HASH_WORDS; i++)
		if (map[i])
			return false;
	return true;
}

static inline void pf_bits_or(u32 *map, const u32 *other)
{
	u32 i;

	for (i = 0; i < HW_HASH_WORDS; i++)
		map[i] |= other[i];
}

static inline void pf_bits_andnot(u32 *map, const u32 *other)
{
	u32 i;

	for (i = 0; i < HW_HASH_WORDS; i++)
		map[i] &= ~other[i];
}

static inline bool pf_mac_is_zero(const u8 *mac)
{
	return !(mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

/* May be somebody's own: neither zero nor multicast. */
static inline bool pf_mac_is_unicast(const u8 *mac)
{
	return !(mac[0] & 1) && !pf_mac_is_zero(mac);
}

#endif /* PF_BITS_H */
