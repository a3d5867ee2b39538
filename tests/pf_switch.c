// SPDX-License-Identifier: GPL-2.0-or-later
/* Who gets a frame, by the registers. */
#include "pf_switch.h"

#include <string.h>

u32 sw_hash(const u8 *mac)
{
	return (mac[5] << 4 | mac[4] >> 4) & 0xfff;
}

bool sw_bit(const u32 *map, u32 bit)
{
	return map[bit >> 5] & 1u << (bit & 31);
}

bool sw_is_broadcast(const u8 *mac)
{
	static const u8 all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

	return !memcmp(mac, all, 6);
}

static bool is_group(const u8 *mac)
{
	return mac[0] & 1;
}

/* Pools whose VMOLR has this bit. */
static u32 with(const struct pf_tables *t, u32 bit)
{
	u32 pools = 0;

	for (u32 i = 0; i < 8; i++)
		if (t->vmolr[i] & bit)
			pools |= 1u << i;
	return pools;
}

static u32 exact(const struct pf_tables *t, const u8 *mac)
{
	u32 low = mac[0] | mac[1] << 8 | mac[2] << 16 | (u32)mac[3] << 24;
	u32 high = mac[4] | mac[5] << 8;
	u32 pools = 0;

	for (u32 i = 0; i < t->nr_rar; i++)
		if (t->rah[i] >> 31 && t->ral[i] == low && (t->rah[i] & 0xffff) == high)
			pools |= t->rah[i] >> 18 & 0xff;
	return pools;
}

/* Index of the VLAN's entry, or -1. */
static int vlvf(const struct pf_tables *t, int vid)
{
	for (int i = 0; i < 32; i++)
		if (t->vlvf[i] >> 31 && (int)(t->vlvf[i] & 0xfff) == vid)
			return i;
	return -1;
}

static u32 vlan_pools(const struct pf_tables *t, int vid)
{
	int i;

	if (vid == UNTAGGED)
		return with(t, 1u << 24); /* AUPE */
	i = vlvf(t, vid);
	return i < 0 ? 0 : t->vlvf[i] >> 12 & 0xff;
}

static u32 long_enough(const struct pf_tables *t, u32 len)
{
	u32 pools = 0;

	for (u32 i = 0; i < 8; i++)
		if (len <= (t->vmolr[i] & 0x3fff))
			pools |= 1u << i;
	return pools;
}

/* Without VMDq: pool 0 takes it or nobody. */
static u32 plain(const struct pf_tables *t, const struct sw_frame *f)
{
	bool ok;

	if (f->vid != UNTAGGED && t->rctl & 1u << 18 && !sw_bit(t->vfta, f->vid))
		return 0;
	if (sw_is_broadcast(f->dst))
		ok = t->rctl & 1u << 15;
	else if (is_group(f->dst))
		ok = t->rctl & 1u << 4 || sw_bit(t->mta, sw_hash(f->dst));
	else
		ok = t->rctl & 1u << 3;
	return ok || exact(t, f->dst);
}

static u32 default_pool(const struct pf_tables *t)
{
	return t->vt_ctl & 1u << 29 ? 0 : 1u << (t->vt_ctl >> 7 & 7);
}

static u32 qemu_assign(const struct pf_tables *t, const struct sw_frame *f, int vid,
		       bool external)
{
	u32 pools;

	if (vid != UNTAGGED && t->rctl & 1u << 18 && !sw_bit(t->vfta, vid))
		return 0;
	if (sw_is_broadcast(f->dst)) {
		pools = with(t, 1u << 27);
	} else {
		pools = exact(t, f->dst);
		if (!pools && sw_bit(is_group(f->dst) ? t->mta : t->uta, sw_hash(f->dst)))
			pools = with(t, 1u << 25); /* ROMPE for both */
	}
	if (t->rctl & 1u << 18)
		pools &= vlan_pools(t, vid);
	if (!pools && external && !is_group(f->dst))
		pools = default_pool(t);
	return pools & t->vfre & long_enough(t, f->len);
}

static int tag_of(const struct pf_tables *t, const struct sw_frame *f)
{
	if (f->from >= 0 && t->vmvir[f->from] >> 30 == 1)
		return t->vmvir[f->from] & 0xfff;
	return f->vid;
}

struct sw_result sw_qemu(const struct pf_tables *t, const struct sw_frame *f)
{
	struct sw_result r = {.vid = tag_of(t, f)};

	if (!t->nr_vfs) {
		r.pools = f->from == FROM_WIRE ? plain(t, f) : 0;
		r.wire = f->from != FROM_WIRE;
		return r;
	}
	if (f->from == FROM_WIRE) {
		r.pools = qemu_assign(t, f, r.vid, true);
		return r;
	}
	if (!(t->vfte >> f->from & 1))
		return r;
	r.wire = true;
	if (!(t->dtxswc >> 31))
		return r;
	r.pools = qemu_assign(t, f, r.vid, false);
	if (!is_group(f->dst) && exact(t, f->dst))
		r.wire = false;
	return r;
}

static u32 chip_assign(const struct pf_tables *t, enum pf_chip chip, const struct sw_frame *f,
		       int vid)
{
	u32 pools, any_vlan = chip == PF_CHIP_I350 ? with(t, 1u << 23) : 0;

	if (sw_is_broadcast(f->dst)) {
		pools = with(t, 1u << 27);
	} else if (is_group(f->dst)) {
		pools = exact(t, f->dst);
		if (!pools && sw_bit(t->mta, sw_hash(f->dst)))
			pools = with(t, 1u << 25);
		pools |= with(t, 1u << 28);
	} else {
		pools = exact(t, f->dst);
		if (!pools && sw_bit(t->uta, sw_hash(f->dst)))
			pools = with(t, 1u << 26);
		if (chip == PF_CHIP_I350 && !exact(t, f->dst))
			pools |= with(t, 1u << 29);
	}
	return pools & (vlan_pools(t, vid) | (vid == UNTAGGED ? 0 : any_vlan));
}

/* Copies by rules, whatever the filters of the pool that gets them. */
static u32 rules(const struct pf_tables *t, const struct sw_frame *f, const struct sw_result *r)
{
	int entry = r->vid == UNTAGGED ? -1 : vlvf(t, r->vid);
	u32 copies = 0;

	for (u32 i = 0; i < 4; i++) {
		u32 c = t->vmrctl[i];

		if ((c & 1 && r->pools & t->vmrvm[i]) || (c & 2 && f->from == FROM_WIRE) ||
		    (c & 4 && r->wire) || (c & 8 && entry >= 0 && t->vmrvlan[i] >> entry & 1))
			copies |= 1u << (c >> 8 & 7);
	}
	return copies;
}

struct sw_result sw_chip(const struct pf_tables *t, enum pf_chip chip, const struct sw_frame *f)
{
	struct sw_result r = {.vid = tag_of(t, f)};
	bool outside = f->from == FROM_WIRE;

	if (!t->nr_vfs)
		return sw_qemu(t, f);
	if (outside && r.vid != UNTAGGED && t->rctl & 1u << 18 && !sw_bit(t->vfta, r.vid))
		return r;
	if (!outside) {
		if (!(t->vfte >> f->from & 1))
			return r;
		if (t->dtxswc >> f->from & 1 && !(exact(t, f->src) >> f->from & 1))
			return r;
		if (t->dtxswc >> 8 >> f->from & 1 && r.vid != UNTAGGED &&
		    !(vlan_pools(t, r.vid) >> f->from & 1))
			return r;
		r.wire = !(t->dtxswc >> 31) || is_group(f->dst) || !exact(t, f->dst);
	}
	if (outside || t->dtxswc >> 31)
		r.pools = chip_assign(t, chip, f, r.vid);
	if (outside && !r.pools && !is_group(f->dst))
		r.pools = default_pool(t);
	if (!outside)
		r.pools &= ~(1u << f->from);
	r.pools &= t->vfre;
	r.pools |= rules(t, f, &r);
	r.pools &= t->vfre & long_enough(t, f->len);
	return r;
}
