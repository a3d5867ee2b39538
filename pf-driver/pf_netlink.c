// SPDX-License-Identifier: GPL-2.0-only
/* The netlink face: family hpcap_pf, what it is asked to change, and events. */
#include <linux/slab.h>
#include "../include/uapi/hpcap_pf.h"
#include "pf_bits.h"
#include "pf_lines.h"
#include "pf_netlink.h"

enum {
	GROUP_EVENTS,
};

/* A week of milliseconds times a lot: no arithmetic on it overflows. */
static struct netlink_range_validation time_range = { .max = S64_MAX / 1000 };

static struct netlink_range_validation id_range = { .min = 1, .max = S32_MAX };

static const struct nla_policy dev_policy[HPCAP_PF_A_PF_DEV + 1] = {
	[HPCAP_PF_A_PF_DEV] = { .type = NLA_NUL_STRING, .len = 31 },
};

static const struct nla_policy mirror_policy[HPCAP_PF_A_MIRROR_MAX + 1] = {
	[HPCAP_PF_A_MIRROR_DEV] = { .type = NLA_NUL_STRING, .len = 31 },
	[HPCAP_PF_A_MIRROR_ID] = NLA_POLICY_FULL_RANGE(NLA_U32, &id_range),
	[HPCAP_PF_A_MIRROR_VFS] = NLA_POLICY_MASK(NLA_U32, 0x7f),
	[HPCAP_PF_A_MIRROR_PF] = NLA_POLICY_MAX(NLA_U8, 1),
	[HPCAP_PF_A_MIRROR_UPLINK] = NLA_POLICY_MAX(NLA_U8, 1),
	[HPCAP_PF_A_MIRROR_DOWNLINK] = NLA_POLICY_MAX(NLA_U8, 1),
	[HPCAP_PF_A_MIRROR_VLANS] = { .type = NLA_NUL_STRING, .len = 4095 },
	[HPCAP_PF_A_MIRROR_DIR] = NLA_POLICY_RANGE(NLA_U32, HPCAP_PF_DIR_IN, HPCAP_PF_DIR_BOTH),
	[HPCAP_PF_A_MIRROR_TARGETS] = NLA_POLICY_MASK(NLA_U32, 0x7f),
	[HPCAP_PF_A_MIRROR_OWNER] = { .type = NLA_NUL_STRING, .len = PF_LEASE_OWNER - 1 },
	[HPCAP_PF_A_MIRROR_REASON] = { .type = NLA_NUL_STRING, .len = PF_LEASE_REASON - 1 },
	[HPCAP_PF_A_MIRROR_TTL_MS] = NLA_POLICY_FULL_RANGE(NLA_U64, &time_range),
	[HPCAP_PF_A_MIRROR_FRAME_CAP] = { .type = NLA_U64 },
	[HPCAP_PF_A_MIRROR_BYTE_CAP] = { .type = NLA_U64 },
	[HPCAP_PF_A_MIRROR_GRACE_MS] = NLA_POLICY_FULL_RANGE(NLA_U64, &time_range),
	[HPCAP_PF_A_MIRROR_ENDED] = { .type = NLA_FLAG },
};

/* Between find() and put_back(): the list and the PF's lock are held. */
static struct pf_dev *find(struct genl_info *info)
{
	const struct nlattr *dev = info->attrs[HPCAP_PF_A_MIRROR_DEV];
	struct pf_dev *pf = NULL;

	if (GENL_REQ_ATTR_CHECK(info, HPCAP_PF_A_MIRROR_DEV))
		return ERR_PTR(-EINVAL);
	pf_faces_lock_list();
	while ((pf = pf_faces_next(pf)))
		if (!nla_strcmp(dev, pci_name(pf->pdev)))
			break;
	if (pf) {
		mutex_lock(&pf->lock);
		return pf;
	}
	pf_faces_unlock_list();
	NL_SET_ERR_MSG_ATTR(info->extack, dev, "no such PF");
	return ERR_PTR(-ENODEV);
}

static void put_back(struct pf_dev *pf)
{
	mutex_unlock(&pf->lock);
	pf_faces_unlock_list();
}

static void read_text(const struct nlattr *a, char *text, size_t size)
{
	if (!a)
		return;
	memset(text, 0, size);
	nla_strscpy(text, a, size);
}

static void read_u64(const struct nlattr *a, u64 *value)
{
	if (a)
		*value = nla_get_u64(a);
}

static void read_bool(const struct nlattr *a, bool *value)
{
	if (a)
		*value = nla_get_u8(a);
}

/* What is given takes the place of what is in @l; the rest stays. */
static int read_terms(struct genl_info *info, struct pf_lease *l)
{
	struct nlattr **a = info->attrs;
	struct pf_mirror *m = &l->mirror;
	const struct nlattr *vlans = a[HPCAP_PF_A_MIRROR_VLANS];

	if (a[HPCAP_PF_A_MIRROR_VFS])
		m->vfs = nla_get_u32(a[HPCAP_PF_A_MIRROR_VFS]);
	if (a[HPCAP_PF_A_MIRROR_TARGETS])
		m->targets = nla_get_u32(a[HPCAP_PF_A_MIRROR_TARGETS]);
	if (a[HPCAP_PF_A_MIRROR_DIR])
		m->dir = nla_get_u32(a[HPCAP_PF_A_MIRROR_DIR]);
	read_bool(a[HPCAP_PF_A_MIRROR_PF], &m->pf);
	read_bool(a[HPCAP_PF_A_MIRROR_UPLINK], &m->uplink);
	read_bool(a[HPCAP_PF_A_MIRROR_DOWNLINK], &m->downlink);
	read_text(a[HPCAP_PF_A_MIRROR_OWNER], l->owner, sizeof(l->owner));
	read_text(a[HPCAP_PF_A_MIRROR_REASON], l->reason, sizeof(l->reason));
	read_u64(a[HPCAP_PF_A_MIRROR_TTL_MS], &l->ttl_ms);
	read_u64(a[HPCAP_PF_A_MIRROR_FRAME_CAP], &l->frame_cap);
	read_u64(a[HPCAP_PF_A_MIRROR_BYTE_CAP], &l->byte_cap);
	read_u64(a[HPCAP_PF_A_MIRROR_GRACE_MS], &l->grace_ms);
	if (!vlans)
		return 0;
	memset(m->vlans, 0, sizeof(m->vlans));
	if (nla_len(vlans) > 1 &&
	    pf_line_vids(nla_data(vlans), strlen(nla_data(vlans)), m->vlans)) {
		NL_SET_ERR_MSG_ATTR(info->extack, vlans, "VLANs are a list as 2,4,18-22");
		return -EINVAL;
	}
	m->has_vlans = !pf_bits_empty(m->vlans);
	return 0;
}

/* The policy's verdict in words. */
static int explain(struct genl_info *info, int err)
{
	switch (err) {
	case -ENOENT:
		NL_SET_ERR_MSG(info->extack, "a source or target VF does not exist");
		break;
	case -EINVAL:
		NL_SET_ERR_MSG(info->extack,
			       "wanted: sources, a direction for VFs and the PF, targets that are no sources");
		break;
	case -ENOSPC:
		NL_SET_ERR_MSG(info->extack,
			       "no mirror, mirror rule or VLAN entry is free; see PF_GET");
		break;
	}
	return err;
}

static int answer(struct genl_info *info, struct pf_dev *pf, const struct pf_lease *l, u8 cmd)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *head;

	if (!skb)
		return -ENOMEM;
	head = genlmsg_put_reply(skb, info, &pf_genl_family, 0, cmd);
	if (!head || pf_netlink_fill_mirror(skb, pf, l)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	return genlmsg_reply(skb, info);
}

static int mirror_get(struct sk_buff *skb, struct genl_info *info)
{
	const struct pf_lease *l;
	struct pf_dev *pf;
	int err = -ENOENT;

	if (GENL_REQ_ATTR_CHECK(info, HPCAP_PF_A_MIRROR_ID))
		return -EINVAL;
	pf = find(info);
	if (IS_ERR(pf))
		return PTR_ERR(pf);
	l = pf_lease_find(pf->faces.leases, nla_get_u32(info->attrs[HPCAP_PF_A_MIRROR_ID]));
	if (l) {
		struct pf_face_change c;

		pf_faces_begin(pf, &c);
		pf_lease_tick(pf->faces.leases, pf->policy, c.counts, c.now_ms);
		pf_faces_settle(pf, &c);
		if (l->mirror.id)
			err = answer(info, pf, l, HPCAP_PF_CMD_MIRROR_GET);
	}
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "no such mirror");
	put_back(pf);
	return err;
}

static int mirror_new(struct sk_buff *skb, struct genl_info *info)
{
	struct pf_face_change c;
	struct pf_lease *terms;
	struct pf_dev *pf;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, HPCAP_PF_A_MIRROR_TARGETS))
		return -EINVAL;
	terms = kzalloc(sizeof(*terms), GFP_KERNEL);
	if (!terms)
		return -ENOMEM;
	err = read_terms(info, terms);
	if (err)
		goto out;
	pf = find(info);
	err = PTR_ERR_OR_ZERO(pf);
	if (err)
		goto out;
	if (!pf->faces.open) {
		err = explain(info, -ENOENT);
		goto out_put;
	}
	pf_faces_begin(pf, &c);
	err = explain(info, pf_lease_start(pf->faces.leases, pf->policy, terms, c.counts,
					   c.now_ms));
	if (err > 0) {
		const struct pf_lease *l = pf_lease_find(pf->faces.leases, err);

		pf_faces_settle(pf, &c);
		err = answer(info, pf, l, HPCAP_PF_CMD_MIRROR_NEW);
	}
out_put:
	put_back(pf);
out:
	kfree(terms);
	return err;
}

static int set(struct pf_dev *pf, struct genl_info *info, struct pf_lease *terms)
{
	struct pf_lease_book *b = pf->faces.leases;
	const struct pf_lease *l;
	struct pf_face_change c;
	u64 age;
	int err;

	l = pf_lease_find(b, nla_get_u32(info->attrs[HPCAP_PF_A_MIRROR_ID]));
	if (!l) {
		NL_SET_ERR_MSG(info->extack, "no such mirror");
		return -ENOENT;
	}
	pf_faces_begin(pf, &c);
	*terms = *l;
	age = c.now_ms - l->created_ms;
	if (l->ttl_ms)		/* what is left, unless another one is given */
		terms->ttl_ms = l->ttl_ms > age ? l->ttl_ms - age : 1;
	err = read_terms(info, terms);
	if (!err)
		err = explain(info, pf_lease_change(b, pf->policy, terms, c.counts, c.now_ms));
	if (err)
		return err;
	pf_faces_settle(pf, &c);
	return 0;
}

static int mirror_set(struct sk_buff *skb, struct genl_info *info)
{
	struct pf_lease *terms;
	struct pf_dev *pf;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, HPCAP_PF_A_MIRROR_ID))
		return -EINVAL;
	terms = kzalloc(sizeof(*terms), GFP_KERNEL);
	if (!terms)
		return -ENOMEM;
	pf = find(info);
	err = PTR_ERR_OR_ZERO(pf);
	if (!err) {
		err = set(pf, info, terms);
		put_back(pf);
	}
	kfree(terms);
	return err;
}

static int mirror_del(struct sk_buff *skb, struct genl_info *info)
{
	struct pf_face_change c;
	struct pf_dev *pf;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, HPCAP_PF_A_MIRROR_ID))
		return -EINVAL;
	pf = find(info);
	if (IS_ERR(pf))
		return PTR_ERR(pf);
	pf_faces_begin(pf, &c);
	pf_lease_tick(pf->faces.leases, pf->policy, c.counts, c.now_ms);
	err = pf_lease_stop(pf->faces.leases, pf->policy,
			    nla_get_u32(info->attrs[HPCAP_PF_A_MIRROR_ID]), PF_END_OPERATOR,
			    c.now_ms);
	if (err)
		NL_SET_ERR_MSG(info->extack, "no such mirror");
	pf_faces_settle(pf, &c);
	put_back(pf);
	return err;
}

static const struct genl_ops ops[] = {
	{
		.cmd = HPCAP_PF_CMD_PF_GET,
		.dumpit = pf_netlink_dump_pfs,
		.policy = dev_policy,
		.maxattr = ARRAY_SIZE(dev_policy) - 1,
	},
	{
		.cmd = HPCAP_PF_CMD_VF_GET,
		.dumpit = pf_netlink_dump_vfs,
		.policy = dev_policy,
		.maxattr = ARRAY_SIZE(dev_policy) - 1,
	},
	{
		.cmd = HPCAP_PF_CMD_MIRROR_GET,
		.doit = mirror_get,
		.dumpit = pf_netlink_dump_mirrors,
		.policy = mirror_policy,
		.maxattr = ARRAY_SIZE(mirror_policy) - 1,
	},
	{
		.cmd = HPCAP_PF_CMD_MIRROR_NEW,
		.doit = mirror_new,
		.flags = GENL_ADMIN_PERM,
		.policy = mirror_policy,
		.maxattr = ARRAY_SIZE(mirror_policy) - 1,
	},
	{
		.cmd = HPCAP_PF_CMD_MIRROR_SET,
		.doit = mirror_set,
		.flags = GENL_ADMIN_PERM,
		.policy = mirror_policy,
		.maxattr = ARRAY_SIZE(mirror_policy) - 1,
	},
	{
		.cmd = HPCAP_PF_CMD_MIRROR_DEL,
		.doit = mirror_del,
		.flags = GENL_ADMIN_PERM,
		.policy = mirror_policy,
		.maxattr = ARRAY_SIZE(mirror_policy) - 1,
	},
};

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENTS] = { .name = HPCAP_PF_MCGRP_EVENTS },
};

struct genl_family pf_genl_family = {
	.name = HPCAP_PF_FAMILY_NAME,
	.version = HPCAP_PF_FAMILY_VERSION,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = HPCAP_PF_CMD_PF_GET,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * pf_netlink_event() - Tell those who listen
 * @pf: the device
 * @l: running or ended
 * @event: what happened
 *
 * Context: under pf->lock; sleeps. Without memory nobody is told; a dump tells.
 */
void pf_netlink_event(struct pf_dev *pf, const struct pf_lease *l, enum pf_face_event event)
{
	struct sk_buff *skb;
	void *head;

	if (!genl_has_listeners(&pf_genl_family, &init_net, GROUP_EVENTS))
		return;
	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return;
	head = genlmsg_put(skb, 0, 0, &pf_genl_family, 0,
			   HPCAP_PF_CMD_MIRROR_STARTED_NTF + event);
	if (!head || pf_netlink_fill_mirror(skb, pf, l)) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, head);
	genlmsg_multicast(&pf_genl_family, skb, 0, GROUP_EVENTS, GFP_KERNEL);
}

/**
 * pf_netlink_init() - The family comes
 *
 * Return: 0 or what the kernel says.
 */
int pf_netlink_init(void)
{
	return genl_register_family(&pf_genl_family);
}

/**
 * pf_netlink_exit() - The family goes
 */
void pf_netlink_exit(void)
{
	genl_unregister_family(&pf_genl_family);
}
