// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's wishes for a VF as `ip link set PF vf N ...` and libvirt utter
 * them. Each is an operation of the policy, then the tables are written.
 */
#include "pf.h"

/* Takes pf->lock unless there is no such VF. */
static int lock_vf(struct pf_dev *pf, int vf)
{
	mutex_lock(&pf->lock);
	if (vf >= 0 && vf < pf->nr_vfs)
		return 0;
	mutex_unlock(&pf->lock);
	return -EINVAL;
}

/* Writes the tables when the policy agreed, gives the lock back. */
static int finish(struct pf_dev *pf, int err)
{
	if (!err)
		err = pf_apply(pf);
	mutex_unlock(&pf->lock);
	return err;
}

/**
 * pf_ndo_get_vf_config() - What the host has set for a VF
 * @netdev: interface of the PF
 * @vf: its number
 * @info: filled in; the address is the one that the host fixed, zeros: none
 *
 * Return: 0, or -EINVAL when there is no such VF.
 */
int pf_ndo_get_vf_config(struct net_device *netdev, int vf,
			 struct ifla_vf_info *info)
{
	struct pf_dev *pf = netdev_priv(netdev);
	const struct pf_policy *p = pf->policy;
	const struct pf_pool *pool;

	if (lock_vf(pf, vf))
		return -EINVAL;
	pool = &p->pool[vf];
	info->vf = vf;
	ether_addr_copy(info->mac, pool->admin_mac);
	info->vlan = pool->port_vid;
	info->qos = pool->port_qos;
	info->vlan_proto = htons(ETH_P_8021Q);
	info->spoofchk = pf_policy_has_flag(p, vf, PF_VF_SPOOF_MAC);
	info->trusted = pf_policy_has_flag(p, vf, PF_VF_TRUST);
	info->linkstate = pool->link == PF_LINK_DISABLE ?
			  IFLA_VF_LINK_STATE_DISABLE : IFLA_VF_LINK_STATE_AUTO;
	info->max_tx_rate = pool->tx_rate;
	info->min_tx_rate = 0;
	mutex_unlock(&pf->lock);
	return 0;
}

/**
 * pf_ndo_get_vf_stats() - Counters of a VF, wherever it is
 * @netdev: interface of the PF
 * @vf: its number
 * @stats: filled in
 *
 * Return: 0, or -EINVAL when there is no such VF.
 */
int pf_ndo_get_vf_stats(struct net_device *netdev, int vf,
			struct ifla_vf_stats *stats)
{
	struct pf_dev *pf = netdev_priv(netdev);
	struct pf_vf_counters c;

	if (lock_vf(pf, vf))
		return -EINVAL;
	pf_vf_counters(pf, vf, &c);
	mutex_unlock(&pf->lock);
	memset(stats, 0, sizeof(*stats));
	stats->rx_packets = c.rx_frames;
	stats->rx_bytes = c.rx_bytes;
	stats->multicast = c.rx_multicast;
	stats->rx_dropped = c.rx_dropped;
	stats->tx_packets = c.tx_frames;
	stats->tx_bytes = c.tx_bytes;
	stats->tx_dropped = c.tx_dropped;
	return 0;
}

/**
 * pf_ndo_set_vf_mac() - Fix a VF's address
 * @netdev: interface of the PF
 * @vf: its number
 * @mac: address; zeros: the guest may choose again
 *
 * A guest that runs goes on with the old one until it resets its VF.
 *
 * Return: 0; -EINVAL no such VF, or no address of a station; others of
 * pf_policy_vf_mac().
 */
int pf_ndo_set_vf_mac(struct net_device *netdev, int vf, u8 *mac)
{
	struct pf_dev *pf = netdev_priv(netdev);

	if (lock_vf(pf, vf))
		return -EINVAL;
	return finish(pf, pf_policy_vf_mac(pf->policy, vf, mac));
}

/**
 * pf_ndo_set_vf_vlan() - Put a VF into a VLAN that its guest does not see
 * @netdev: interface of the PF
 * @vf: its number
 * @vid: 0: none
 * @qos: priority of its frames
 * @proto: only 802.1Q
 *
 * Return: 0; -EPROTONOSUPPORT for QinQ; -EINVAL; others of
 * pf_policy_vf_port_vlan().
 */
int pf_ndo_set_vf_vlan(struct net_device *netdev, int vf, u16 vid, u8 qos,
		       __be16 proto)
{
	struct pf_dev *pf = netdev_priv(netdev);

	if (proto != htons(ETH_P_8021Q)) {
		netdev_info(netdev, "VF %d: this chip puts in 802.1Q tags only\n",
			    vf);
		return -EPROTONOSUPPORT;
	}
	if (lock_vf(pf, vf))
		return -EINVAL;
	return finish(pf, pf_policy_vf_port_vlan(pf->policy, vf, vid, qos));
}

/**
 * pf_ndo_set_vf_spoofchk() - Drop what a VF sends under a foreign address
 * @netdev: interface of the PF
 * @vf: its number
 * @on: drop
 *
 * Return: 0 or -EINVAL.
 */
int pf_ndo_set_vf_spoofchk(struct net_device *netdev, int vf, bool on)
{
	struct pf_dev *pf = netdev_priv(netdev);

	if (lock_vf(pf, vf))
		return -EINVAL;
	return finish(pf, pf_policy_vf_spoofchk(pf->policy, vf, on));
}

/**
 * pf_ndo_set_vf_trust() - Let a guest ask for promiscuity and other addresses
 * @netdev: interface of the PF
 * @vf: its number
 * @on: let it
 *
 * Return: 0 or -EINVAL.
 */
int pf_ndo_set_vf_trust(struct net_device *netdev, int vf, bool on)
{
	struct pf_dev *pf = netdev_priv(netdev);

	if (lock_vf(pf, vf))
		return -EINVAL;
	return finish(pf, pf_policy_vf_flag(pf->policy, vf, PF_VF_TRUST, on));
}

/**
 * pf_ndo_set_vf_link_state() - Take a VF's link away, or give it back
 * @netdev: interface of the PF
 * @vf: its number
 * @state: IFLA_VF_LINK_STATE_*
 *
 * Return: 0; -EOPNOTSUPP for "enable", as every VF sees the port's own link;
 * -EINVAL.
 */
int pf_ndo_set_vf_link_state(struct net_device *netdev, int vf, int state)
{
	struct pf_dev *pf = netdev_priv(netdev);
	enum pf_vf_link link = state == IFLA_VF_LINK_STATE_DISABLE ?
			       PF_LINK_DISABLE : PF_LINK_AUTO;
	int err;

	if (state == IFLA_VF_LINK_STATE_ENABLE) {
		netdev_info(netdev, "VF %d: this chip shows a VF the port's link, use auto\n",
			    vf);
		return -EOPNOTSUPP;
	}
	if (lock_vf(pf, vf))
		return -EINVAL;
	err = pf_policy_vf_link(pf->policy, vf, link);
	if (!err)
		pf_vf_announce(pf, vf);
	return finish(pf, err);
}

/**
 * pf_ndo_set_vf_rate() - Limit what a VF sends
 * @netdev: interface of the PF
 * @vf: its number
 * @min: Mbit/s, only 0
 * @max: Mbit/s, 0: no limit
 *
 * Return: 0; -EOPNOTSUPP the chip has no rate limiter; -EINVAL.
 */
int pf_ndo_set_vf_rate(struct net_device *netdev, int vf, int min, int max)
{
	struct pf_dev *pf = netdev_priv(netdev);

	if (min || max < 0)
		return -EINVAL;
	if (!pf->fam->rate_limiter && max)
		return -EOPNOTSUPP;
	if (lock_vf(pf, vf))
		return -EINVAL;
	return finish(pf, pf_policy_vf_rate(pf->policy, vf, max));
}
