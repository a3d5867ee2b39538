// SPDX-License-Identifier: GPL-2.0-only
/* The pool policy: what the PF's own interface wants. */
#include "pf_policy_ops.h"

/**
 * pf_policy_pf_mac() - The PF's own address
 * @p: policy
 * @mac: unicast
 *
 * Return: 0, -EINVAL when it is none, -EADDRINUSE when a VF has it.
 */
int pf_policy_pf_mac(struct pf_policy *p, const u8 *mac)
{
	u32 pf = p->nr_vfs;

	if (!pf_mac_is_unicast(mac))
		return -EINVAL;
	if (pf_policy_mac_taken(p, pf, mac))
		return -EADDRINUSE;
	pf_policy_begin(p, pf);
	memcpy(pf_policy_rar_own(p, pf)->mac, mac, 6);
	return pf_policy_commit(p, pf, 0);
}

/**
 * pf_policy_pf_uc() - The PF's other unicast addresses, all of them
 * @p: policy
 * @macs: addresses, 6 bytes each
 * @nr: how many
 *
 * Return: 0, -ENOSPC when they do not fit (be promiscuous instead), -EINVAL,
 * -EADDRINUSE.
 */
int pf_policy_pf_uc(struct pf_policy *p, const u8 *macs, u32 nr)
{
	u32 pf = p->nr_vfs, i;
	int err = 0;

	pf_policy_begin(p, pf);
	pf_policy_rar_drop(p, pf, PF_RAR_HOST, NULL);
	for (i = 0; i < nr && !err; i++)
		err = pf_policy_rar_add(p, pf, macs + 6 * i, PF_RAR_HOST);
	return pf_policy_commit(p, pf, err);
}

/**
 * pf_policy_pf_mc() - The PF's multicast, all of it
 * @p: policy
 * @mta: bitmap of hashes (hw_mbox_hash())
 *
 * Return: 0.
 */
int pf_policy_pf_mc(struct pf_policy *p, const u32 mta[HW_HASH_WORDS])
{
	struct pf_pool *w = &p->pool[p->nr_vfs];

	pf_policy_begin(p, p->nr_vfs);
	memcpy(w->mc, mta, sizeof(w->mc));
	w->has_mc = !pf_bits_empty(mta);
	return pf_policy_commit(p, p->nr_vfs, 0);
}

/**
 * pf_policy_pf_vlan() - The PF joins or leaves a VLAN
 * @p: policy
 * @vid: 0..4095; 0 changes nothing, priority tags are always taken
 * @add: join
 *
 * Return: 0, -EINVAL, -ENOSPC when the chip knows no more VLANs.
 */
int pf_policy_pf_vlan(struct pf_policy *p, u16 vid, bool add)
{
	struct pf_pool *w = &p->pool[p->nr_vfs];

	if (vid >= PF_VIDS)
		return -EINVAL;
	pf_policy_begin(p, p->nr_vfs);
	if (vid && add)
		pf_bits_set(w->vlans, vid);
	else if (vid)
		pf_bits_clear(w->vlans, vid);
	return pf_policy_commit(p, p->nr_vfs, 0);
}

/**
 * pf_policy_pf_promisc() - How promiscuous the PF is
 * @p: policy
 * @promisc: PF_PROMISC_*
 *
 * Return: 0, -EINVAL.
 */
int pf_policy_pf_promisc(struct pf_policy *p, u32 promisc)
{
	if (promisc & ~PF_PROMISC_ALL)
		return -EINVAL;
	pf_policy_begin(p, p->nr_vfs);
	p->pool[p->nr_vfs].promisc_host = promisc;
	return pf_policy_commit(p, p->nr_vfs, 0);
}

/**
 * pf_policy_pf_flag() - An on-off wish of the PF
 * @p: policy
 * @flag: PF_VF_STRIP, PF_VF_UNTAGGED or PF_VF_BCAST
 * @on: value
 *
 * Return: 0, -EINVAL for a flag that is for VFs only.
 */
int pf_policy_pf_flag(struct pf_policy *p, enum pf_vf_flag flag, bool on)
{
	struct pf_pool *w = &p->pool[p->nr_vfs];

	if (flag != PF_VF_STRIP && flag != PF_VF_UNTAGGED && flag != PF_VF_BCAST)
		return -EINVAL;
	pf_policy_begin(p, p->nr_vfs);
	w->flags = on ? w->flags | BIT(flag) : w->flags & ~BIT(flag);
	return pf_policy_commit(p, p->nr_vfs, 0);
}

/**
 * pf_policy_pf_vlan_filter() - Shall the PF see only the VLANs it joined
 * @p: policy
 * @on: yes
 *
 * Return: 0.
 */
int pf_policy_pf_vlan_filter(struct pf_policy *p, bool on)
{
	bool was = p->vlan_filter;
	int err;

	pf_policy_begin(p, p->nr_vfs);
	p->vlan_filter = on;
	err = pf_policy_commit(p, p->nr_vfs, 0);
	if (err)
		p->vlan_filter = was;
	return err;
}

/**
 * pf_policy_frame_max() - Longest frame that a pool takes
 * @p: policy
 * @pool: a VF, or nr_vfs for the PF
 * @bytes: with tag and FCS; what the chip cannot is cut to what it can
 *
 * Return: 0, -ENOENT, -EINVAL for less than a smallest frame.
 */
int pf_policy_frame_max(struct pf_policy *p, u32 pool, u32 bytes)
{
	if (pool > p->nr_vfs)
		return -ENOENT;
	if (bytes < 64)
		return -EINVAL;
	pf_policy_begin(p, pool);
	p->pool[pool].frame_max = min_t(u32, bytes, HW_FRAME_MAX);
	return pf_policy_commit(p, pool, 0);
}

/**
 * pf_policy_loopback() - Switch frames from pool to pool inside (VEB), or send
 * all to the wire (VEPA)
 * @p: policy
 * @on: inside
 *
 * Return: 0.
 */
int pf_policy_loopback(struct pf_policy *p, bool on)
{
	bool was = p->loopback;
	int err;

	pf_policy_begin(p, p->nr_vfs);
	p->loopback = on;
	err = pf_policy_commit(p, p->nr_vfs, 0);
	if (err)
		p->loopback = was;
	return err;
}
