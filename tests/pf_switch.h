/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The switch of the chip, twice: as QEMU's model does it and as the silicon is
 * believed to do it, both from struct pf_tables alone. Written from the fact
 * sheet, section 11 and 12, knowing nothing of the policy.
 */
#ifndef TESTS_PF_SWITCH_H
#define TESTS_PF_SWITCH_H

#include "../pf-driver/pf_policy.h"

enum {
	FROM_WIRE = -1,
	UNTAGGED = -1
};

struct sw_frame {
	int from; /* pool, or FROM_WIRE */
	u8 src[6];
	u8 dst[6];
	int vid; /* as sent, or UNTAGGED */
	u32 len; /* with FCS */
};

struct sw_result {
	u32 pools;
	bool wire;
	int vid; /* as switched: a port VLAN's tag is in */
};

struct sw_result sw_qemu(const struct pf_tables *t, const struct sw_frame *f);
struct sw_result sw_chip(const struct pf_tables *t, enum pf_chip chip,
			 const struct sw_frame *f);
u32 sw_hash(const u8 *mac);
bool sw_bit(const u32 *map, u32 bit);
bool sw_is_broadcast(const u8 *mac);

#endif /* TESTS_PF_SWITCH_H */
