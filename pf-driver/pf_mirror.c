// SPDX-License-Identifier: GPL-2.0-only
/* Mirrors: what is wanted, and back-end "rules", the chip's own. */
#include "pf_policy_ops.h"

static int check(const struct pf_policy *p, const struct pf_mirror *m)
{
	u32 exist = BIT(p->nr_vfs) - 1;

	if (!m->id || !m->targets || m->dir & ~PF_DIR_BOTH)
		return -EINVAL;
	if (m->targets & ~exist || m->vfs & ~exist)
		return -ENOENT;
	if (m->targets & m->vfs)
		return -EINVAL;
	if ((m->vfs || m->pf) && !m->dir)
		return -EINVAL;
	if (m->has_vlans != !pf_bits_empty(m->vlans))
		return -EINVAL;
	if (!m->vfs && !m->pf && !m->uplink && !m->downlink && !m->has_vlans)
		return -EINVAL;
	return 0;
}

/**
 * pf_policy_mirror_set() - Make a mirror, or change the one with this id
 * @p: policy
 * @m: what it copies
 *
 * Return: 0; -EINVAL for no source, no target, no direction, a target among the
 * sources; -ENOENT for a VF that is not there; -ENOSPC when PF_MIRRORS, the
 * chip's rules or its VLAN entries are used up.
 */
int pf_policy_mirror_set(struct pf_policy *p, const struct pf_mirror *m)
{
	struct pf_mirror *slot = NULL;
	int err = check(p, m);
	u32 i;

	if (err)
		return err;
	for (i = 0; i < PF_MIRRORS; i++) {
		if (p->mirror[i].id == m->id) {
			slot = &p->mirror[i];
			break;
		}
		if (!p->mirror[i].id && !slot)
			slot = &p->mirror[i];
	}
	if (!slot)
		return -ENOSPC;
	pf_policy_begin_mirror(p, slot);
	*slot = *m;
	return pf_policy_commit_mirror(p, slot);
}

/**
 * pf_policy_mirror_remove() - No longer copy
 * @p: policy
 * @id: of the mirror
 *
 * Return: 0, -ENOENT.
 */
int pf_policy_mirror_remove(struct pf_policy *p, u32 id)
{
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++) {
		if (!id || p->mirror[i].id != id)
			continue;
		pf_policy_begin_mirror(p, &p->mirror[i]);
		memset(&p->mirror[i], 0, sizeof(p->mirror[i]));
		return pf_policy_commit_mirror(p, &p->mirror[i]);
	}
	return -ENOENT;
}

/**
 * pf_policy_mirror_find() - A mirror by its id
 * @p: policy
 * @id: of the mirror
 *
 * Return: it, or NULL.
 */
const struct pf_mirror *pf_policy_mirror_find(const struct pf_policy *p, u32 id)
{
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++)
		if (id && p->mirror[i].id == id)
			return &p->mirror[i];
	return NULL;
}

/* VLVF entries of a mirror's VLANs. */
static u32 slots_of(const struct pf_policy *p, const struct pf_mirror *m)
{
	u32 slots = pf_bits_test(m->vlans, 0), i;

	for (i = 1; i < HW_VLVFS; i++)
		if (p->vid_slot[i] && pf_bits_test(m->vlans, p->vid_slot[i]))
			slots |= 1u << i;
	return slots;
}

/**
 * pf_mirror_resolve() - All that one target is to be given, by any mirror
 * @p: policy
 * @target: VF
 * @c: filled in
 *
 * Two mirrors that match the same frame give one copy, because a pool either
 * gets a frame or does not.
 */
void pf_mirror_resolve(const struct pf_policy *p, u32 target, struct pf_copy *c)
{
	u32 i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < PF_MIRRORS; i++) {
		const struct pf_mirror *m = &p->mirror[i];
		u32 pools = m->vfs | (m->pf ? BIT(p->nr_vfs) : 0);
		bool all = pf_mirror_all_vlans(m);

		if (!m->id || !(m->targets & BIT(target)))
			continue;
		if (m->dir & PF_DIR_IN)
			c->in |= pools;
		if (m->dir & PF_DIR_OUT)
			c->out |= pools;
		c->uplink |= m->uplink || all;
		c->downlink |= m->downlink || all;
		if (m->has_vlans && !all)
			c->slots |= slots_of(p, m);
	}
}

/**
 * pf_mirror_prepare_target() - Copies come in full, and with the tag in them
 * @p: policy
 * @t: tables being made
 * @target: VF; the tag is in its descriptors if it is in a port VLAN itself
 */
void pf_mirror_prepare_target(const struct pf_policy *p, struct pf_tables *t, u32 target)
{
	u32 longest = 0, i;

	for (i = 0; i <= p->nr_vfs; i++)
		if (longest < p->pool[i].frame_max)
			longest = p->pool[i].frame_max;
	t->vmolr[target] &= ~(u32)HW_VMOLR_RLPML;
	t->vmolr[target] |= FIELD_PREP(HW_VMOLR_RLPML, longest);
	if (pf_pool_has_port_vlan(&p->pool[target]))
		return;
	t->vmolr[target] &= ~(u32)HW_VMOLR_STRVLAN;
	t->dvmolr[target] &= ~(u32)HW_DVMOLR_STRVLAN;
}

/**
 * pf_mirror_rules() - Mirrors by the chip's mirror registers
 * @p: policy
 * @t: tables being made
 *
 * One rule a target, whatever it is to be given: a frame that matches two
 * reasons is copied once. What a pool sends is not told apart by the chip: the
 * target gets what any pool sends to the wire.
 *
 * Return: 0, -ENOSPC for more than HW_MIRROR_RULES targets.
 * Ref: 82576 12
 */
int pf_mirror_rules(const struct pf_policy *p, struct pf_tables *t)
{
	u32 target, rule = 0;
	struct pf_copy c;

	for (target = 0; target < p->nr_vfs; target++) {
		pf_mirror_resolve(p, target, &c);
		if (!pf_copy_any(&c))
			continue;
		if (rule == HW_MIRROR_RULES)
			return -ENOSPC;
		t->vmrvm[rule] = c.in;
		t->vmrvlan[rule] = c.slots;
		t->vmrctl[rule] = FIELD_PREP(HW_VMRCTL_MP, target) |
				  (c.in ? HW_VMRCTL_VPME : 0) |
				  (c.uplink ? HW_VMRCTL_UPME : 0) |
				  (c.downlink || c.out ? HW_VMRCTL_DPME : 0) |
				  (c.slots ? HW_VMRCTL_VLME : 0);
		pf_mirror_prepare_target(p, t, target);
		/* Nothing may be filtered away before the rules look at it. */
		if (c.uplink && pf_policy_is_live(p, target)) {
			pf_tables_open_unicast(p, t, target);
			pf_tables_open_multicast(p, t, target);
			memset(t->vfta, 0xff, sizeof(t->vfta));
		}
		rule++;
	}
	return 0;
}

/**
 * pf_policy_room() - What is free of the chip's tables
 * @p: policy
 * @room: filled in
 */
void pf_policy_room(const struct pf_policy *p, struct pf_room *room)
{
	u32 i;

	memset(room, 0, sizeof(*room));
	for (i = 0; i < pf_policy_nr_rar(p); i++)
		room->addresses += p->rar[i].kind == PF_RAR_FREE;
	for (i = 0; i < PF_MIRRORS; i++)
		room->mirrors += !p->mirror[i].id;
	for (i = 0; i < HW_MIRROR_RULES; i++)
		room->rules += p->backend == PF_BACKEND_RULES && !p->tables.vmrctl[i];
	room->vlans = pf_policy_free_vids(p);
}
