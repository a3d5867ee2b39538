// SPDX-License-Identifier: GPL-2.0-only
/* The pool policy: what the host wants of a VF. */
#include "pf_policy_ops.h"

/**
 * pf_policy_vf_mac() - The host fixes a VF's address, or lets go of it
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @mac: unicast; all zero: the guest may choose from now on
 *
 * Return: 0, -ENOENT, -EINVAL, -EADDRINUSE when another pool has it.
 */
int pf_policy_vf_mac(struct pf_policy *p, u32 vf, const u8 *mac)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (!pf_mac_is_zero(mac)) {
		if (!pf_mac_is_unicast(mac))
			return -EINVAL;
		if (pf_policy_mac_taken(p, vf, mac))
			return -EADDRINUSE;
	}
	pf_policy_begin(p, vf);
	memcpy(p->pool[vf].admin_mac, mac, 6);
	memcpy(pf_policy_rar_own(p, vf)->mac, mac, 6);
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_vf_port_vlan() - Put a VF into one VLAN without telling it
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @vid: 0..4094
 * @qos: priority, 0..7; with @vid 0: no port VLAN any more
 *
 * Takes the place of a trunk.
 *
 * Return: 0, -ENOENT, -EINVAL, -ENOSPC.
 */
int pf_policy_vf_port_vlan(struct pf_policy *p, u32 vf, u32 vid, u32 qos)
{
	struct pf_pool *w;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (vid >= PF_VIDS - 1 || qos > 7)
		return -EINVAL;
	w = &p->pool[vf];
	pf_policy_begin(p, vf);
	if ((vid || qos) && !pf_bits_empty(w->trunk)) {
		memset(w->trunk, 0, sizeof(w->trunk));
		w->flags |= BIT(PF_VF_UNTAGGED);
	}
	w->port_vid = vid;
	w->port_qos = qos;
	return pf_policy_commit(p, vf, 0);
}

/* What a guest got by being trusted it loses with the trust. */
static void distrust(struct pf_policy *p, u32 vf)
{
	struct pf_pool *w = &p->pool[vf];

	w->promisc_guest = 0;
	if (!pf_mac_is_zero(w->admin_mac)) {
		memcpy(pf_policy_rar_own(p, vf)->mac, w->admin_mac, 6);
		pf_policy_rar_drop(p, vf, PF_RAR_GUEST, NULL);
	}
}

/**
 * pf_policy_vf_flag() - An on-off wish for a VF
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @flag: which
 * @on: value
 *
 * Return: 0, -ENOENT, -EINVAL.
 */
int pf_policy_vf_flag(struct pf_policy *p, u32 vf, enum pf_vf_flag flag, bool on)
{
	struct pf_pool *w;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	if ((u32)flag >= PF_VF_FLAGS)
		return -EINVAL;
	w = &p->pool[vf];
	pf_policy_begin(p, vf);
	w->flags = on ? w->flags | BIT(flag) : w->flags & ~BIT(flag);
	if (flag == PF_VF_TRUST && !on)
		distrust(p, vf);
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_vf_spoofchk() - Both spoof checks of a VF
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @on: value
 *
 * Return: 0, -ENOENT.
 */
int pf_policy_vf_spoofchk(struct pf_policy *p, u32 vf, bool on)
{
	u8 both = BIT(PF_VF_SPOOF_MAC) | BIT(PF_VF_SPOOF_VLAN);

	if (vf >= p->nr_vfs)
		return -ENOENT;
	pf_policy_begin(p, vf);
	p->pool[vf].flags = on ? p->pool[vf].flags | both : p->pool[vf].flags & ~both;
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_vf_link() - Let a VF follow the port's link, or cut it off
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @link: enum pf_vf_link
 *
 * The guest learns it from pf_vf_announce(), to be called afterwards.
 *
 * Return: 0, -ENOENT, -EOPNOTSUPP for a link that is up without the port's.
 */
int pf_policy_vf_link(struct pf_policy *p, u32 vf, enum pf_vf_link link)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (link != PF_LINK_AUTO && link != PF_LINK_DISABLE)
		return -EOPNOTSUPP;
	pf_policy_begin(p, vf);
	p->pool[vf].link = link;
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_vf_rate() - Limit what a VF sends
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @mbit: Mbit/s, 0: no limit
 *
 * Return: 0, -ENOENT, -EINVAL above the port's 1000, -EOPNOTSUPP on a chip
 * without a limiter.
 */
int pf_policy_vf_rate(struct pf_policy *p, u32 vf, u32 mbit)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (mbit > 1000)
		return -EINVAL;
	if (mbit && p->chip != PF_CHIP_82576)
		return -EOPNOTSUPP;
	pf_policy_begin(p, vf);
	p->pool[vf].tx_rate = mbit;
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_vf_promisc() - Promiscuity by the host's will
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @promisc: PF_PROMISC_*, replaces what the host had set
 *
 * Return: 0, -ENOENT, -EINVAL.
 */
int pf_policy_vf_promisc(struct pf_policy *p, u32 vf, u32 promisc)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (promisc & ~PF_PROMISC_ALL)
		return -EINVAL;
	pf_policy_begin(p, vf);
	p->pool[vf].promisc_host = promisc;
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_vf_trunk() - Say which VLANs a VF is in, whatever its guest asks
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @vids: bitmap
 * @add: to those there; else take these away
 *
 * The first VLAN closes the VF for untagged frames, taking the last one opens
 * it again. Takes the place of a port VLAN.
 *
 * Return: 0, -ENOENT, -ENOSPC.
 */
int pf_policy_vf_trunk(struct pf_policy *p, u32 vf, const u32 vids[HW_HASH_WORDS], bool add)
{
	struct pf_pool *w;
	bool was_empty;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	w = &p->pool[vf];
	pf_policy_begin(p, vf);
	was_empty = pf_bits_empty(w->trunk);
	if (add)
		pf_bits_or(w->trunk, vids);
	else
		pf_bits_andnot(w->trunk, vids);
	if (was_empty && !pf_bits_empty(w->trunk)) {
		w->flags &= ~BIT(PF_VF_UNTAGGED);
		w->port_vid = 0;
		w->port_qos = 0;
	} else if (!was_empty && pf_bits_empty(w->trunk)) {
		w->flags |= BIT(PF_VF_UNTAGGED);
	}
	return pf_policy_commit(p, vf, 0);
}

static u32 nr_filters(const struct pf_policy *p, u32 vf)
{
	u32 n = 0, i;

	for (i = 0; i < pf_policy_nr_rar(p); i++)
		n += p->rar[i].pool == vf &&
		     (p->rar[i].kind == PF_RAR_HOST || p->rar[i].kind == PF_RAR_GUEST);
	return n;
}

static int filters_add(struct pf_policy *p, u32 vf, const u8 *macs, u32 nr,
		       enum pf_rar_kind kind)
{
	int err = 0;
	u32 i;

	pf_policy_begin(p, vf);
	for (i = 0; i < nr && !err; i++)
		err = pf_policy_rar_add(p, vf, macs + 6 * i, kind);
	if (!err && nr_filters(p, vf) > PF_VF_FILTERS)
		err = -ENOSPC;
	return pf_policy_commit(p, vf, err);
}

/**
 * pf_policy_vf_filters() - More addresses for a VF, or fewer, by the host
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @macs: unicast, 6 bytes each
 * @nr: how many; all of them, or none
 * @add: more
 *
 * Return: 0 (also when it was so), -ENOENT, -EINVAL, -EADDRINUSE, -ENOSPC above
 * PF_VF_FILTERS or when the chip has no room.
 */
int pf_policy_vf_filters(struct pf_policy *p, u32 vf, const u8 *macs, u32 nr, bool add)
{
	u32 i;

	if (vf >= p->nr_vfs)
		return -ENOENT;
	for (i = 0; i < nr; i++)
		if (!pf_mac_is_unicast(macs + 6 * i))
			return -EINVAL;
	if (add)
		return filters_add(p, vf, macs, nr, PF_RAR_HOST);
	pf_policy_begin(p, vf);
	for (i = 0; i < nr; i++)
		pf_policy_rar_drop(p, vf, PF_RAR_HOST, macs + 6 * i);
	return pf_policy_commit(p, vf, 0);
}

/**
 * pf_policy_guest_filter() - One more address for a VF, by its guest
 * @p: policy
 * @vf: 0..nr_vfs - 1
 * @mac: unicast
 *
 * Return: as pf_policy_vf_filters(), -EPERM when the host fixed its address and
 * does not trust it.
 */
int pf_policy_guest_filter(struct pf_policy *p, u32 vf, const u8 *mac)
{
	if (vf >= p->nr_vfs)
		return -ENOENT;
	if (!pf_mac_is_zero(p->pool[vf].admin_mac) && !pf_policy_has_flag(p, vf, PF_VF_TRUST))
		return -EPERM;
	return filters_add(p, vf, mac, 1, PF_RAR_GUEST);
}
