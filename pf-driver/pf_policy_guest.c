// SPDX-License-Identifier: GPL-2.0-only
/* The pool policy: what guests ask for. Nobody here is trusted by default. */
#include "pf_policy_ops.h"

/**
 * pf_policy_guest_reset() - Forget all that a guest asked for
 * @p: policy
 * @vf: 0..nr_vfs - 1
 *
 * What the host set stays, mirrors too. The VF neither receives nor sends until
 * pf_policy_guest_ready().
 *
 * Return: 0, -ENOENT.
 */
int pf_policy_guest_reset(struct pf_policy *p, u32 vf)
{
	struct pf_pool *w;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	w = &p->pool[vf];
	pf_policy_begin(p, vf);
	memcpy(pf_policy_rar_own(p, vf)->mac, w->admin_mac, 6);
	pf_policy_rar_drop(p, vf, PF_RAR_GUEST, NULL);
	w->ready = false;
	w->flags &= ~BIT(PF_VF_STRIP);
	w->promisc_guest = 0;
	w->frame_max = PF_FRAME_DEFAULT;
	w->has_mc = false;
	memset(w->mc, 0, sizeof(w->mc));
	memset(w->vlans, 0, sizeof(w->vlans));
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_guest_ready() - Let a VF's frames flow, or stop them
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @ready: flow
 *
 * Return: 0, -ENOENT.
 */
int pf_policy_guest_ready(struct pf_policy *p, u32 vf, bool ready)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	pf_policy_begin(p, vf);
	p->pool[vf].ready = ready;
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_guest_mac() - A guest chooses its address
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @mac: unicast
 *
 * Return: 0, -ENOENT, -EINVAL, -EADDRINUSE, -EPERM when the host fixed another
 * one and does not trust the guest.
 */
int pf_policy_guest_mac(struct pf_policy *p, u32 vf, const u8 *mac)
{
	const u8 *fixed;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (!pf_mac_is_unicast(mac))
		return -EINVAL;
	fixed = p->pool[vf].admin_mac;
	if (!pf_mac_is_zero(fixed) && memcmp(fixed, mac, 6) &&
	    !pf_policy_has_flag(p, vf, PF_VF_TRUST))
		return -EPERM;
	if (pf_policy_mac_taken(p, vf, mac))
		return -EADDRINUSE;
	pf_policy_begin(p, vf);
	memcpy(pf_policy_rar_own(p, vf)->mac, mac, 6);
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_guest_clear_filters() - A guest gives its other addresses back
 * @p: policy
 * @vf: 0..nr_vfs - 1
 *
 * Return: 0, -ENOENT.
 */
int pf_policy_guest_clear_filters(struct pf_policy *p, u32 vf)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	pf_policy_begin(p, vf);
	pf_policy_rar_drop(p, vf, PF_RAR_GUEST, NULL);
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_guest_mc() - A guest's multicast groups, all of them
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @hash: hw_mbox_hash() of each, below 4096
 * @nr: how many, at most HW_MBOX_HASHES by the protocol
 *
 * Return: 0, -ENOENT, -EINVAL.
 */
int pf_policy_guest_mc(struct pf_policy *p, u32 vf, const u16 *hash, u32 nr)
{
	struct pf_pool *w;
	u32 i;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	for (i = 0; i < nr; i++)
		if (hash[i] >= PF_BITS_ALL)
			return -EINVAL;
	w = &p->pool[vf];
	pf_policy_begin(p, vf);
	memset(w->mc, 0, sizeof(w->mc));
	for (i = 0; i < nr; i++)
		pf_bits_set(w->mc, hash[i]);
	w->has_mc = nr;
	return pf_policy_commit(p, vf, 0);
}

/* Every other VF that has no VLAN yet must find an entry for its first one. */
static bool is_greedy(const struct pf_policy *p, u32 vf, u32 vid)
{
	u32 poor = 0, i;

	if (pf_policy_has_vid(p, vid) || pf_policy_has_flag(p, vf, PF_VF_TRUST))
		return false;
	for (i = 0; i < p->nr_vfs; i++)
		poor += i != vf && pf_pool_vlans(&p->pool[i]) &&
			pf_bits_empty(pf_pool_vlans(&p->pool[i]));
	return pf_policy_free_vids(p) <= poor;
}

/**
 * pf_policy_guest_vlan() - A guest joins or leaves a VLAN
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @vid: 0..4095; 0 joins nothing, priority tags are taken with untagged frames
 * @add: joins
 *
 * As the stock PF does, any VLAN turns stripping on and joining VLAN 0 off.
 *
 * Return: 0, -ENOENT, -EINVAL, -EPERM when the host said which VLANs and @vid
 * is none of them, -ENOSPC.
 */
int pf_policy_guest_vlan(struct pf_policy *p, u32 vf, u32 vid, bool add)
{
	struct pf_pool *w;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (vid >= PF_VIDS)
		return -EINVAL;
	w = &p->pool[vf];
	if (!vid && !add)
		return 0;
	if (pf_pool_has_port_vlan(w))
		return -EPERM;
	if (vid && add && !pf_bits_empty(w->trunk) && !pf_bits_test(w->trunk, vid))
		return -EPERM;
	if (add && vid && pf_bits_empty(w->trunk) && is_greedy(p, vf, vid))
		return -ENOSPC;
	pf_policy_begin(p, vf);
	if (vid && add)
		pf_bits_set(w->vlans, vid);
	else if (vid)
		pf_bits_clear(w->vlans, vid);
	if (vid)
		w->flags |= BIT(PF_VF_STRIP);
	else
		w->flags &= ~BIT(PF_VF_STRIP);
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_guest_promisc() - A guest asks for more than its own
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @promisc: PF_PROMISC_*, replaces what it had
 *
 * Unicast promiscuity gives what no pool's address matches, never other pools'
 * unicast: that is what mirrors are for.
 *
 * Return: 0, -ENOENT, -EINVAL, -EPERM without the host's trust.
 */
int pf_policy_guest_promisc(struct pf_policy *p, u32 vf, u32 promisc)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (promisc & ~PF_PROMISC_ALL)
		return -EINVAL;
	if (promisc && !pf_policy_has_flag(p, vf, PF_VF_TRUST))
		return -EPERM;
	pf_policy_begin(p, vf);
	p->pool[vf].promisc_guest = promisc;
	return pf_policy_commit(p, vf, 0);
}
