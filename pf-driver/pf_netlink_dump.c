// SPDX-License-Identifier: GPL-2.0-only
/* The netlink face: what it tells. */
#include "../include/uapi/hpcap_pf.h"
#include "pf_lines.h"
#include "pf_netlink.h"
#include "pf_policy_ops.h"

/* The contract with programs is the policy's own numbering. */
static_assert((int)HPCAP_PF_BACKEND_REPLICATE == (int)PF_BACKEND_REPLICATE);
static_assert((int)HPCAP_PF_DIR_BOTH == (int)PF_DIR_BOTH);
static_assert((int)HPCAP_PF_END_OPERATOR == (int)PF_END_OPERATOR);
static_assert((int)HPCAP_PF_SIDE_NO_UNTAGGED == (int)PF_CAVEATS - 1);

static int fill_pf(struct sk_buff *skb, struct pf_dev *pf)
{
	const struct pf_policy *p = pf->policy;
	bool rules = p->backend == PF_BACKEND_RULES;
	struct pf_room room;

	pf_policy_room(p, &room);
	if (nla_put_string(skb, HPCAP_PF_A_PF_DEV, pci_name(pf->pdev)) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_IFINDEX, pf->netdev->ifindex) ||
	    nla_put_string(skb, HPCAP_PF_A_PF_IFNAME, pf->netdev->name) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_BACKEND, p->backend) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_NR_VFS, p->nr_vfs) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_ADDRESSES_TOTAL, pf_policy_nr_rar(p)) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_ADDRESSES_FREE, room.addresses) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_VLANS_TOTAL, HW_VLVFS - 1) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_VLANS_FREE, room.vlans) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_RULES_TOTAL, rules ? HW_MIRROR_RULES : 0) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_RULES_FREE, room.rules) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_MIRRORS_TOTAL, PF_MIRRORS) ||
	    nla_put_u32(skb, HPCAP_PF_A_PF_MIRRORS_FREE, room.mirrors) ||
	    nla_put_u64_64bit(skb, HPCAP_PF_A_PF_ENDED, pf->faces.leases->nr_ended,
			      HPCAP_PF_A_PF_PAD))
		return -EMSGSIZE;
	return 0;
}

static int put_vf_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, HPCAP_PF_A_VF_PAD);
}

static int fill_vf_counters(struct sk_buff *skb, struct pf_dev *pf, u32 vf)
{
	const struct pf_mbox_stats *s = &pf->mbox.vf[vf].stats;
	struct pf_vf_counters c;

	pf_vf_counters(pf, vf, &c);
	if (put_vf_u64(skb, HPCAP_PF_A_VF_RX_FRAMES, c.rx_frames) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_RX_BYTES, c.rx_bytes) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_TX_FRAMES, c.tx_frames) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_TX_BYTES, c.tx_bytes) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_REQUESTS, s->requests) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_ACKED, s->acked) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_REFUSED, s->refused) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_REFUSED_PROMISC, s->refused_promisc) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_REFUSED_TRUST, s->refused_trust) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_UNKNOWN, s->unknown) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_DELAYED, s->delayed) ||
	    put_vf_u64(skb, HPCAP_PF_A_VF_MBOX_IGNORED, s->ignored))
		return -EMSGSIZE;
	return 0;
}

static int fill_vf(struct sk_buff *skb, struct pf_dev *pf, u32 vf)
{
	const struct pf_policy *p = pf->policy;

	if (nla_put_string(skb, HPCAP_PF_A_VF_DEV, pci_name(pf->pdev)) ||
	    nla_put_u32(skb, HPCAP_PF_A_VF_INDEX, vf) ||
	    nla_put(skb, HPCAP_PF_A_VF_MAC, ETH_ALEN, pf_policy_vf_current_mac(p, vf)) ||
	    nla_put_u32(skb, HPCAP_PF_A_VF_PROMISC, pf_policy_promisc(p, vf)))
		return -EMSGSIZE;
	if (p->pool[vf].ready && nla_put_flag(skb, HPCAP_PF_A_VF_READY))
		return -EMSGSIZE;
	if (pf_policy_has_flag(p, vf, PF_VF_TRUST) && nla_put_flag(skb, HPCAP_PF_A_VF_TRUST))
		return -EMSGSIZE;
	return fill_vf_counters(skb, pf, vf);
}

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, HPCAP_PF_A_MIRROR_PAD);
}

/* 31 names of VLANs at most, or all: 0-4095. */
static int put_vlans(struct sk_buff *skb, const struct pf_mirror *m)
{
	char list[192];
	size_t n = pf_line_show_vids(m->vlans, list, sizeof(list) - 1);

	list[n] = 0;
	return n ? nla_put_string(skb, HPCAP_PF_A_MIRROR_VLANS, list) : 0;
}

static int fill_what(struct sk_buff *skb, const struct pf_lease *l)
{
	const struct pf_mirror *m = &l->mirror;

	if (nla_put_u32(skb, HPCAP_PF_A_MIRROR_ID, m->id) ||
	    nla_put_u32(skb, HPCAP_PF_A_MIRROR_VFS, m->vfs) ||
	    nla_put_u8(skb, HPCAP_PF_A_MIRROR_PF, m->pf) ||
	    nla_put_u8(skb, HPCAP_PF_A_MIRROR_UPLINK, m->uplink) ||
	    nla_put_u8(skb, HPCAP_PF_A_MIRROR_DOWNLINK, m->downlink) ||
	    put_vlans(skb, m) ||
	    nla_put_u32(skb, HPCAP_PF_A_MIRROR_DIR, m->dir) ||
	    nla_put_u32(skb, HPCAP_PF_A_MIRROR_TARGETS, m->targets) ||
	    nla_put_string(skb, HPCAP_PF_A_MIRROR_OWNER, l->owner) ||
	    nla_put_string(skb, HPCAP_PF_A_MIRROR_REASON, l->reason) ||
	    put_u64(skb, HPCAP_PF_A_MIRROR_FRAME_CAP, l->frame_cap) ||
	    put_u64(skb, HPCAP_PF_A_MIRROR_BYTE_CAP, l->byte_cap) ||
	    put_u64(skb, HPCAP_PF_A_MIRROR_GRACE_MS, l->grace_ms) ||
	    put_u64(skb, HPCAP_PF_A_MIRROR_FRAMES, l->frames) ||
	    put_u64(skb, HPCAP_PF_A_MIRROR_BYTES, l->bytes) ||
	    nla_put_u32(skb, HPCAP_PF_A_MIRROR_END, l->end))
		return -EMSGSIZE;
	return l->by_sysfs && nla_put_flag(skb, HPCAP_PF_A_MIRROR_BY_SYSFS) ? -EMSGSIZE : 0;
}

static int fill_time(struct sk_buff *skb, const struct pf_lease *l, u64 now_ms)
{
	u64 age = now_ms - l->created_ms;

	if (put_u64(skb, HPCAP_PF_A_MIRROR_AGE_MS, age))
		return -EMSGSIZE;
	if (l->end != PF_END_NONE)
		return put_u64(skb, HPCAP_PF_A_MIRROR_ENDED_AGO_MS, now_ms - l->ended_ms);
	return l->ttl_ms ? put_u64(skb, HPCAP_PF_A_MIRROR_LEFT_MS,
				   l->ttl_ms > age ? l->ttl_ms - age : 0) : 0;
}

/**
 * pf_netlink_fill_mirror() - All that is known of a mirror
 * @skb: message
 * @pf: the device
 * @l: running or ended
 *
 * Context: under pf->lock.
 * Return: 0, -EMSGSIZE.
 */
int pf_netlink_fill_mirror(struct sk_buff *skb, struct pf_dev *pf, const struct pf_lease *l)
{
	u32 live = 0, i;
	int err;

	if (nla_put_string(skb, HPCAP_PF_A_MIRROR_DEV, pci_name(pf->pdev)))
		return -EMSGSIZE;
	err = fill_what(skb, l);
	if (!err)
		err = fill_time(skb, l, pf_faces_now_ms());
	if (err || l->end != PF_END_NONE)
		return err;
	for (i = 0; i < pf->policy->nr_vfs; i++)
		if (l->mirror.targets & BIT(i) && pf_policy_is_live(pf->policy, i))
			live |= BIT(i);
	if (nla_put_u32(skb, HPCAP_PF_A_MIRROR_LIVE, live) ||
	    nla_put_u32(skb, HPCAP_PF_A_MIRROR_CAVEATS,
			pf_mirror_caveats(pf->policy, &l->mirror)))
		return -EMSGSIZE;
	return 0;
}

/* How to go through one kind of thing of one PF. */
struct walk {
	u8 cmd;
	u64 (*nr)(struct pf_dev *pf);	/* positions, some of them empty */
	int (*fill)(struct sk_buff *skb, struct pf_dev *pf, u64 at); /* -ENOENT: empty */
};

static int put_one(struct sk_buff *skb, struct netlink_callback *cb, struct pf_dev *pf,
		   const struct walk *w, u64 at)
{
	void *head = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
				 &pf_genl_family, NLM_F_MULTI, w->cmd);
	int err;

	if (!head)
		return -EMSGSIZE;
	err = w->fill(skb, pf, at);
	if (err)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return err == -ENOENT ? 0 : err;
}

/* cb->args: 0: PFs done, 1: positions done of the next. DEV is attribute 1 of all. */
static int dump(struct sk_buff *skb, struct netlink_callback *cb, const struct walk *w)
{
	const struct nlattr *dev = genl_info_dump(cb)->attrs[HPCAP_PF_A_PF_DEV];
	struct pf_dev *pf = NULL;
	unsigned long index = 0;
	int err = 0;

	pf_faces_lock_list();
	while (!err && (pf = pf_faces_next(pf))) {
		if (index++ < cb->args[0])
			continue;
		mutex_lock(&pf->lock);
		if (!dev || !nla_strcmp(dev, pci_name(pf->pdev))) {
			for (; !err && cb->args[1] < w->nr(pf); cb->args[1] += !err)
				err = put_one(skb, cb, pf, w, cb->args[1]);
		}
		mutex_unlock(&pf->lock);
		if (!err) {
			cb->args[0] = index;
			cb->args[1] = 0;
		}
	}
	pf_faces_unlock_list();
	return err && !skb->len ? err : skb->len;
}

static u64 one(struct pf_dev *pf)
{
	return 1;
}

static int fill_this_pf(struct sk_buff *skb, struct pf_dev *pf, u64 at)
{
	return fill_pf(skb, pf);
}

static u64 nr_vfs(struct pf_dev *pf)
{
	return pf->policy->nr_vfs;
}

static int fill_this_vf(struct sk_buff *skb, struct pf_dev *pf, u64 at)
{
	return fill_vf(skb, pf, at);
}

static u64 nr_running(struct pf_dev *pf)
{
	return PF_MIRRORS;
}

static int fill_running(struct sk_buff *skb, struct pf_dev *pf, u64 at)
{
	const struct pf_lease *l = &pf->faces.leases->running[at];

	return l->mirror.id ? pf_netlink_fill_mirror(skb, pf, l) : -ENOENT;
}

static u64 nr_kept(struct pf_dev *pf)
{
	return min_t(u64, pf->faces.leases->nr_ended, PF_LEASE_HISTORY);
}

static int fill_ended(struct sk_buff *skb, struct pf_dev *pf, u64 at)
{
	const struct pf_lease_book *b = pf->faces.leases;
	const struct pf_lease *l = pf_lease_ended(b, b->nr_ended - nr_kept(pf) + at);

	return l ? pf_netlink_fill_mirror(skb, pf, l) : -ENOENT;
}

/**
 * pf_netlink_dump_pfs() - HPCAP_PF_CMD_PF_GET
 * @skb: answer
 * @cb: where it stands
 *
 * Return: bytes, 0 at the end, or negative errno.
 */
int pf_netlink_dump_pfs(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, &(struct walk){ HPCAP_PF_CMD_PF_GET, one, fill_this_pf });
}

/**
 * pf_netlink_dump_vfs() - HPCAP_PF_CMD_VF_GET
 * @skb: answer
 * @cb: where it stands
 *
 * Return: bytes, 0 at the end, or negative errno.
 */
int pf_netlink_dump_vfs(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump(skb, cb, &(struct walk){ HPCAP_PF_CMD_VF_GET, nr_vfs, fill_this_vf });
}

/**
 * pf_netlink_dump_mirrors() - HPCAP_PF_CMD_MIRROR_GET
 * @skb: answer
 * @cb: where it stands
 *
 * Return: bytes, 0 at the end, or negative errno.
 */
int pf_netlink_dump_mirrors(struct sk_buff *skb, struct netlink_callback *cb)
{
	if (genl_info_dump(cb)->attrs[HPCAP_PF_A_MIRROR_ENDED])
		return dump(skb, cb, &(struct walk){ HPCAP_PF_CMD_MIRROR_GET, nr_kept,
						     fill_ended });
	return dump(skb, cb, &(struct walk){ HPCAP_PF_CMD_MIRROR_GET, nr_running,
					     fill_running });
}
