// SPDX-License-Identifier: GPL-2.0-only
/*
 * What "bridge link" says of the port's switch: VEB, frames from pool to pool
 * stay inside; VEPA, all that is sent goes to the wire, and mirrors see
 * nothing of it.
 */
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>
#include "pf.h"

static int set_mode(struct pf_dev *pf, u16 mode)
{
	int err;

	mutex_lock(&pf->lock);
	err = pf_policy_loopback(pf->policy, mode == BRIDGE_MODE_VEB);
	if (!err)
		pf_apply(pf);
	mutex_unlock(&pf->lock);
	return err;
}

/**
 * pf_ndo_bridge_setlink() - bridge link set dev PF hwmode veb|vepa
 * @netdev: the PF's
 * @nlh: message
 * @flags: of it
 * @extack: what is wrong, in words
 *
 * Context: RTNL; sleeps.
 * Return: 0, -EINVAL, -EOPNOTSUPP for other settings of a bridge port.
 */
int pf_ndo_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *spec = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	const struct nlattr *attr = spec ? nla_find_nested(spec, IFLA_BRIDGE_MODE) : NULL;
	u16 mode;

	if (!attr || nla_len(attr) < sizeof(mode)) {
		NL_SET_ERR_MSG(extack, "only hwmode can be set");
		return -EOPNOTSUPP;
	}
	mode = nla_get_u16(attr);
	if (mode != BRIDGE_MODE_VEB && mode != BRIDGE_MODE_VEPA) {
		NL_SET_ERR_MSG(extack, "hwmode is veb or vepa");
		return -EINVAL;
	}
	return set_mode(netdev_priv(netdev), mode);
}

/**
 * pf_ndo_bridge_getlink() - bridge link show dev PF
 * @skb: answer
 * @pid: of who asks
 * @seq: of the question
 * @netdev: the PF's
 * @mask: what is asked for
 * @nlflags: of the answer
 *
 * Context: RTNL.
 * Return: 0, -EMSGSIZE.
 */
int pf_ndo_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			  u32 mask, int nlflags)
{
	struct pf_dev *pf = netdev_priv(netdev);
	u16 mode = READ_ONCE(pf->policy->loopback) ? BRIDGE_MODE_VEB : BRIDGE_MODE_VEPA;

	return ndo_dflt_bridge_getlink(skb, pid, seq, netdev, mode, 0, 0, nlflags, mask, NULL);
}
