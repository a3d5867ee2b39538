// SPDX-License-Identifier: GPL-2.0-only
/* From the pool policy to register values: one function, a step a table. */
#include "pf_policy_ops.h"

static void addresses(const struct pf_policy *p, struct pf_tables *t)
{
	u32 i;

	t->nr_rar = pf_policy_nr_rar(p);
	for (i = 0; i < t->nr_rar; i++) {
		const struct pf_rar *r = &p->rar[i];
		u32 words[2];

		/* A VF that is away must not swallow what others send to its address. */
		if (r->kind == PF_RAR_FREE || pf_mac_is_zero(r->mac) ||
		    !pf_policy_is_live(p, r->pool))
			continue;
		hw_mbox_put_mac(words, r->mac);
		t->ral[i] = words[0];
		t->rah[i] = words[1] | HW_RAH_AV | FIELD_PREP(HW_RAH_POOLSEL, BIT(r->pool));
	}
}

/* The PF without a VLAN filter takes any; the chip only knows 31 by name. */
static bool pf_takes_any_vlan(const struct pf_policy *p)
{
	return !p->vlan_filter || pf_policy_promisc(p, p->nr_vfs) & PF_PROMISC_UNICAST;
}

static void vlans(const struct pf_policy *p, struct pf_tables *t)
{
	u32 i, pool;

	if (!p->nr_vfs) {
		memcpy(t->vfta, p->pool[0].vlans, sizeof(t->vfta));
		t->vfta[0] |= 1;
		return;
	}
	for (i = 0; i < HW_VLVFS; i++) {
		u32 vid = p->vid_slot[i], members = 0;

		if (i && !vid)
			continue;
		for (pool = 0; pool <= p->nr_vfs; pool++) {
			const struct pf_pool *w = &p->pool[pool];
			bool in = pf_pool_in_vlan(w, vid);

			if (!i && pf_pool_vlans(w))
				in = w->flags & BIT(PF_VF_UNTAGGED);
			if (pool == p->nr_vfs && pf_takes_any_vlan(p))
				in = true;
			if (in && pf_policy_is_live(p, pool))
				members |= BIT(pool);
		}
		t->vlvf[i] = HW_VLVF_EN | FIELD_PREP(HW_VLVF_POOLSEL, members) | vid;
		pf_bits_set(t->vfta, vid);
	}
	if (pf_takes_any_vlan(p))
		memset(t->vfta, 0xff, sizeof(t->vfta));
}

static void multicast(const struct pf_policy *p, struct pf_tables *t)
{
	u32 pool;

	for (pool = 0; pool <= p->nr_vfs; pool++) {
		if (!pf_policy_is_live(p, pool) || !p->pool[pool].has_mc)
			continue;
		pf_bits_or(t->mta, p->pool[pool].mc);
		t->vmolr[pool] |= HW_VMOLR_ROMPE;
	}
}

static void pools(const struct pf_policy *p, struct pf_tables *t)
{
	u32 pool;

	for (pool = 0; pool <= p->nr_vfs; pool++) {
		const struct pf_pool *w = &p->pool[pool];
		bool port = pf_pool_has_port_vlan(w);
		bool strip = port || w->flags & BIT(PF_VF_STRIP);
		u32 v = HW_VMOLR_STRCRC | HW_VMOLR_LPE | FIELD_PREP(HW_VMOLR_RLPML, w->frame_max);

		if (w->flags & BIT(PF_VF_UNTAGGED) && !port)
			v |= HW_VMOLR_AUPE;
		if (w->flags & BIT(PF_VF_BCAST))
			v |= HW_VMOLR_BAM;
		if (p->chip == PF_CHIP_I350)
			t->dvmolr[pool] = HW_DVMOLR_STRCRC | (strip ? HW_DVMOLR_STRVLAN : 0);
		else if (strip)
			v |= HW_VMOLR_STRVLAN;
		if (p->chip == PF_CHIP_I350 && pool == p->nr_vfs && pf_takes_any_vlan(p))
			v |= HW_VMOLR_VPE;
		t->vmolr[pool] = v;
		if (port)
			t->vmvir[pool] = HW_VMVIR_DEFAULT | w->port_qos << 13 | w->port_vid;
		t->tx_rate[pool] = w->tx_rate;
	}
}

/* Port-wide registers, with VFs. */
static void switching(const struct pf_policy *p, struct pf_tables *t)
{
	u32 pool, live = 0;

	for (pool = 0; pool <= p->nr_vfs; pool++) {
		const struct pf_pool *w = &p->pool[pool];

		if (pf_policy_is_live(p, pool))
			live |= BIT(pool);
		if (w->flags & BIT(PF_VF_SPOOF_MAC))
			t->dtxswc |= FIELD_PREP(HW_DTXSWC_MAC_SPOOF, BIT(pool));
		if (w->flags & BIT(PF_VF_SPOOF_VLAN))
			t->dtxswc |= FIELD_PREP(HW_DTXSWC_VLAN_SPOOF, BIT(pool));
		/* A guest in a port VLAN must not see the tag on copies either. */
		if (pf_pool_has_port_vlan(w) && p->chip == PF_CHIP_82576)
			t->rplolr |= HW_RPLOLR_STRVLAN;
	}
	if (p->loopback)
		t->dtxswc |= HW_DTXSWC_LOOPBACK_EN;
	t->vt_ctl = HW_VT_CTL_REPL_EN | FIELD_PREP(HW_VT_CTL_DEF_PL, p->nr_vfs);
	if (!pf_takes_any_vlan(p))
		t->vt_ctl |= HW_VT_CTL_DIS_DEF_POOL;
	t->qde = p->chip == PF_CHIP_I350 ? 0xff : 0xffff;
	t->vfre = live;
	t->vfte = live;
	t->rctl |= HW_RCTL_VFE;
}

/**
 * pf_tables_open_unicast() - Give a pool the unicast that nobody's address matches
 * @p: policy
 * @t: tables being made
 * @pool: which
 *
 * Ref: 82576 20.2
 */
void pf_tables_open_unicast(const struct pf_policy *p, struct pf_tables *t, u32 pool)
{
	if (p->chip == PF_CHIP_I350 && p->backend == PF_BACKEND_RULES) {
		t->vmolr[pool] |= HW_VMOLR_UPE;
		return;
	}
	memset(t->uta, 0xff, sizeof(t->uta));
	t->vmolr[pool] |= HW_VMOLR_ROPE;
	/* The model looks at ROMPE for UTA hits too. */
	if (p->backend == PF_BACKEND_REPLICATE)
		t->vmolr[pool] |= HW_VMOLR_ROMPE;
}

/**
 * pf_tables_open_multicast() - Give a pool all multicast
 * @p: policy
 * @t: tables being made
 * @pool: which
 *
 * Ref: 82576 20.2
 */
void pf_tables_open_multicast(const struct pf_policy *p, struct pf_tables *t, u32 pool)
{
	t->vmolr[pool] |= HW_VMOLR_MPME;
	/* The model knows no MPME. */
	if (p->backend == PF_BACKEND_REPLICATE) {
		memset(t->mta, 0xff, sizeof(t->mta));
		t->vmolr[pool] |= HW_VMOLR_ROMPE;
	}
}

static void promiscuity(const struct pf_policy *p, struct pf_tables *t)
{
	u32 pool, promisc = pf_policy_promisc(p, p->nr_vfs);

	if (promisc & PF_PROMISC_UNICAST)
		t->rctl |= HW_RCTL_UPE;
	if (promisc & PF_PROMISC_MULTICAST)
		t->rctl |= HW_RCTL_MPE;
	for (pool = 0; p->nr_vfs && pool <= p->nr_vfs; pool++) {
		if (!pf_policy_is_live(p, pool))
			continue;
		promisc = pf_policy_promisc(p, pool);
		if (promisc & PF_PROMISC_UNICAST)
			pf_tables_open_unicast(p, t, pool);
		if (promisc & PF_PROMISC_MULTICAST)
			pf_tables_open_multicast(p, t, pool);
	}
}

/**
 * pf_policy_compute() - All tables that the policy comes to
 * @p: policy
 * @t: filled in, every field
 *
 * Return: 0, -ENOSPC when the mirrors need more rules than the chip has.
 * Ref: 82576 8, 10, 20
 */
int pf_policy_compute(const struct pf_policy *p, struct pf_tables *t)
{
	memset(t, 0, sizeof(*t));
	t->nr_vfs = p->nr_vfs;
	t->rplolr = HW_RPLOLR_STRCRC;
	addresses(p, t);
	pools(p, t);
	vlans(p, t);
	multicast(p, t);
	promiscuity(p, t);
	if (p->pool[p->nr_vfs].flags & BIT(PF_VF_BCAST))
		t->rctl |= HW_RCTL_BAM;
	if (!p->nr_vfs) {
		t->vme = pf_policy_has_flag(p, 0, PF_VF_STRIP);
		t->vfre = 0xff;
		t->vfte = 0xff;
		if (!pf_takes_any_vlan(p))
			t->rctl |= HW_RCTL_VFE;
		return 0;
	}
	switching(p, t);
	if (p->backend == PF_BACKEND_RULES)
		return pf_mirror_rules(p, t);
	pf_mirror_replicate(p, t);
	return 0;
}
