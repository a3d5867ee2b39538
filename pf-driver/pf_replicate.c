// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mirrors, back-end "replicate": filter tables with several pools, which is
 * what QEMU's model can run. The target stands beside each source in the
 * tables. What sources send is seen because loopback offers each frame to all
 * pools before it leaves, and the target takes what nobody's address matches.
 * Ref: 82576 20.1, 20.2
 */
#include "pf_policy_ops.h"

/* The tables before any copy: copies are of what pools take by themselves. */
struct plain {
	u32 nr_rar;
	u32 rah[HW_RARS_MAX];
	u32 vlvf[HW_VLVFS];
	u32 vmolr[HW_POOLS];
};

/* VLVF entries that any of these pools is in. */
static u32 slots_with(const struct plain *was, u32 pools)
{
	u32 slots = 0, i;

	for (i = 0; i < HW_VLVFS; i++)
		if (FIELD_GET(HW_VLVF_POOLSEL, was->vlvf[i]) & pools)
			slots |= 1u << i;
	return slots;
}

/* Pools that are in any of these VLVF entries. */
static u32 pools_in(const struct plain *was, u32 slots)
{
	u32 pools = 0, i;

	for (i = 0; i < HW_VLVFS; i++)
		if (slots >> i & 1)
			pools |= FIELD_GET(HW_VLVF_POOLSEL, was->vlvf[i]);
	return pools;
}

/* What of VMOLR any of these pools has, if its frames flow. */
static u32 vmolr_of(const struct pf_policy *p, const struct plain *was, u32 pools)
{
	u32 v = 0, i;

	for (i = 0; i <= p->nr_vfs; i++)
		if (pools >> i & 1 && pf_policy_is_live(p, i))
			v |= was->vmolr[i];
	return v;
}

static void stand_beside(const struct plain *was, struct pf_tables *t, u32 pools, u32 slots,
			 u32 target)
{
	u32 i;

	for (i = 0; i < was->nr_rar; i++)
		if (FIELD_GET(HW_RAH_POOLSEL, was->rah[i]) & pools)
			t->rah[i] |= FIELD_PREP(HW_RAH_POOLSEL, BIT(target));
	for (i = 0; i < HW_VLVFS; i++)
		if (slots >> i & 1 && t->vlvf[i] & HW_VLVF_EN)
			t->vlvf[i] |= FIELD_PREP(HW_VLVF_POOLSEL, BIT(target));
}

static void copy_to(const struct pf_policy *p, const struct plain *was, struct pf_tables *t,
		    u32 target, const struct pf_copy *c)
{
	const u32 inherit = HW_VMOLR_AUPE | HW_VMOLR_BAM | HW_VMOLR_ROMPE | HW_VMOLR_ROPE;
	u32 everyone = BIT(p->nr_vfs + 1) - 1;
	u32 wired = c->uplink || c->downlink ? everyone : 0;
	u32 sources = c->in | c->out | wired;
	u32 heard = c->in | (c->uplink ? everyone : 0) | pools_in(was, c->slots);
	u32 slots = wired ? U32_MAX : slots_with(was, sources) | c->slots;

	stand_beside(was, t, heard, slots, target);
	t->vmolr[target] |= vmolr_of(p, was, sources) & inherit;
	if (c->out || wired || c->slots) {
		pf_tables_open_unicast(p, t, target);
		pf_tables_open_multicast(p, t, target);
		t->vmolr[target] |= HW_VMOLR_BAM;
	}
	if (wired)
		t->vmolr[target] |= HW_VMOLR_AUPE;
	else if (!sources)	/* copies of VLANs only: nothing untagged among them */
		t->vmolr[target] &= ~(u32)HW_VMOLR_AUPE;
	pf_mirror_prepare_target(p, t, target);
}

/**
 * pf_mirror_replicate() - Mirrors by filter tables
 * @p: policy
 * @t: tables being made, without mirrors so far
 */
void pf_mirror_replicate(const struct pf_policy *p, struct pf_tables *t)
{
	struct plain was = { .nr_rar = t->nr_rar };
	struct pf_copy c;
	u32 target;

	memcpy(was.rah, t->rah, sizeof(was.rah));
	memcpy(was.vlvf, t->vlvf, sizeof(was.vlvf));
	memcpy(was.vmolr, t->vmolr, sizeof(was.vmolr));
	for (target = 0; target < p->nr_vfs; target++) {
		pf_mirror_resolve(p, target, &c);
		if (pf_copy_any(&c) && pf_policy_is_live(p, target))
			copy_to(p, &was, t, target, &c);
	}
}
