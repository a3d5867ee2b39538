// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network interface. It exists in both modes: link, counters, addresses
 * and VLANs are set here; only where frames go differs. All callbacks but
 * xmit, set_rx_mode and get_stats64 come under RTNL and take pf->lock inside.
 */
#include "pf.h"

static int net_open(struct net_device *netdev)
{
	struct pf_dev *pf = netdev_priv(netdev);
	int err;

	mutex_lock(&pf->lock);
	netif_carrier_off(netdev);
	err = pf_rx_resize_locked(pf, pf_nr_queues(pf));
	if (err)
		goto err_unlock;
	err = hw_tx_create(&pf->tx, pf->tx_count);
	if (err)
		goto err_rx;
	pf->want_up = true;
	netif_start_queue(netdev);
	if (pf->port_up) {
		err = pf_rings_start_locked(pf);
		if (err)
			goto err_want;
	}
	mutex_unlock(&pf->lock);
	pf_service_kick(pf, PF_TODO_RX_MODE);
	return 0;

err_want:
	netif_stop_queue(netdev);
	pf->want_up = false;
	hw_tx_destroy(&pf->tx);
err_rx:
	pf_rx_resize_locked(pf, 0);
err_unlock:
	mutex_unlock(&pf->lock);
	return err;
}

static int net_stop(struct net_device *netdev)
{
	struct pf_dev *pf = netdev_priv(netdev);

	mutex_lock(&pf->lock);
	netif_stop_queue(netdev);
	pf->want_up = false;
	pf_rings_stop_locked(pf);
	hw_tx_destroy(&pf->tx);
	pf_rx_resize_locked(pf, 0);
	mutex_unlock(&pf->lock);
	return 0;
}

static void net_set_rx_mode(struct net_device *netdev)
{
	pf_service_kick(netdev_priv(netdev), PF_TODO_RX_MODE);
}

/**
 * struct rx_mode - what the interface's lists and flags come to
 * @uc: unicast addresses beside the first
 * @nr_uc: how many
 * @mc: hashes of the multicast addresses
 * @promisc: PF_PROMISC_*
 * @vlan_filter: only the VLANs asked for
 */
struct rx_mode {
	u8 uc[HW_RARS_MAX][ETH_ALEN];
	u32 nr_uc;
	u32 mc[HW_HASH_WORDS];
	u32 promisc;
	bool vlan_filter;
};

static void read_rx_mode(struct net_device *netdev, struct rx_mode *m)
{
	struct netdev_hw_addr *ha;

	netif_addr_lock_bh(netdev);
	netdev_for_each_uc_addr(ha, netdev) {
		if (m->nr_uc == HW_RARS_MAX)
			m->promisc |= PF_PROMISC_UNICAST;
		else
			ether_addr_copy(m->uc[m->nr_uc++], ha->addr);
	}
	netdev_for_each_mc_addr(ha, netdev) {
		u16 hash = hw_mbox_hash(ha->addr);

		m->mc[hash / 32] |= BIT(hash % 32);
	}
	netif_addr_unlock_bh(netdev);
	if (netdev->flags & IFF_PROMISC)
		m->promisc |= PF_PROMISC_ALL;
	if (netdev->flags & IFF_ALLMULTI)
		m->promisc |= PF_PROMISC_MULTICAST;
	m->vlan_filter = (netdev->features & NETIF_F_HW_VLAN_CTAG_FILTER) &&
			 !(netdev->flags & IFF_PROMISC);
}

/**
 * pf_net_rx_mode_locked() - Addresses and promiscuity to the policy
 * @pf: the device
 *
 * More unicast addresses than the chip has room for: all unicast then.
 *
 * Context: process, under pf->lock; sleeps.
 */
void pf_net_rx_mode_locked(struct pf_dev *pf)
{
	struct rx_mode *m = kzalloc(sizeof(*m), GFP_KERNEL);
	struct pf_policy *p = pf->policy;
	int err;

	if (!m) {
		set_bit(PF_TODO_RX_MODE, &pf->todo);
		return;
	}
	read_rx_mode(pf->netdev, m);
	if (pf_policy_pf_uc(p, m->uc[0], m->nr_uc)) {
		pf_policy_pf_uc(p, NULL, 0);
		m->promisc |= PF_PROMISC_UNICAST;
	}
	err = pf_policy_pf_mc(p, m->mc);
	if (!err)
		err = pf_policy_pf_vlan_filter(p, m->vlan_filter);
	if (!err)
		err = pf_policy_pf_promisc(p, m->promisc);
	if (err)
		netdev_warn(pf->netdev, "receive filters not set (%d)\n", err);
	pf_apply(pf);
	kfree(m);
}

static int net_set_mac(struct net_device *netdev, void *addr)
{
	struct pf_dev *pf = netdev_priv(netdev);
	const struct sockaddr *sa = addr;
	int err;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;
	mutex_lock(&pf->lock);
	err = pf_policy_pf_mac(pf->policy, sa->sa_data);
	if (!err) {
		pf_apply(pf);
		eth_hw_addr_set(netdev, sa->sa_data);
	}
	mutex_unlock(&pf->lock);
	return err;
}

/* Buffers are chained for long frames: the rings need not change. */
static int net_change_mtu(struct net_device *netdev, int mtu)
{
	struct pf_dev *pf = netdev_priv(netdev);
	unsigned int i;
	int err;

	mutex_lock(&pf->lock);
	err = pf_policy_frame_max(pf->policy, pf->nr_vfs,
				  mtu + PF_OVERHEAD + ETH_FCS_LEN);
	if (!err) {
		pf_apply(pf);
		WRITE_ONCE(netdev->mtu, mtu);
		for (i = 0; i < pf->nr_queues; i++)
			cap_queue_set_frame_max(pf->rxq[i].q,
						mtu + PF_OVERHEAD);
	}
	mutex_unlock(&pf->lock);
	return err;
}

static int set_vlan(struct net_device *netdev, u16 vid, bool add)
{
	struct pf_dev *pf = netdev_priv(netdev);
	int err;

	mutex_lock(&pf->lock);
	err = pf_policy_pf_vlan(pf->policy, vid, add);
	if (!err)
		pf_apply(pf);
	mutex_unlock(&pf->lock);
	return err;
}

static int net_vlan_add(struct net_device *netdev, __be16 proto, u16 vid)
{
	return set_vlan(netdev, vid, true);
}

static int net_vlan_kill(struct net_device *netdev, __be16 proto, u16 vid)
{
	return set_vlan(netdev, vid, false);
}

/* What is captured is stored as it was on the wire. */
static netdev_features_t net_fix_features(struct net_device *netdev,
					  netdev_features_t features)
{
	struct pf_dev *pf = netdev_priv(netdev);

	if (pf->capture)
		features &= ~(NETIF_F_HW_VLAN_CTAG_RX |
			      NETIF_F_HW_VLAN_CTAG_FILTER);
	return features;
}

static int net_set_features(struct net_device *netdev,
			    netdev_features_t features)
{
	struct pf_dev *pf = netdev_priv(netdev);
	int err;

	mutex_lock(&pf->lock);
	err = pf_policy_pf_flag(pf->policy, PF_VF_STRIP,
				features & NETIF_F_HW_VLAN_CTAG_RX);
	if (!err)
		pf_apply(pf);
	mutex_unlock(&pf->lock);
	/* the filter: when netdev->features is what it will be */
	pf_service_kick(pf, PF_TODO_RX_MODE);
	return err;
}

static void net_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	pf_service_kick(netdev_priv(netdev), PF_TODO_RESET);
}

/* A queue that ethtool -L takes away is freed behind an RCU grace period. */
static void add_queue(struct pf_rxq *rxq, struct rtnl_link_stats64 *s)
{
	const struct hw_rx_counters *c = &rxq->counters;
	struct hpcap_stats cap = {};
	struct cap_queue *q;

	rcu_read_lock();
	q = READ_ONCE(rxq->q);
	if (q)
		cap_queue_get_stats(q, &cap);
	rcu_read_unlock();
	s->rx_packets += READ_ONCE(c->frames) + cap.frames;
	s->rx_bytes += READ_ONCE(c->bytes) + cap.bytes;
	s->rx_errors += READ_ONCE(c->errors) + cap.nic_error;
	s->rx_dropped += READ_ONCE(c->dropped) + cap.slow_client +
			 cap.no_client;
}

static void net_get_stats64(struct net_device *netdev,
			    struct rtnl_link_stats64 *s)
{
	struct pf_dev *pf = netdev_priv(netdev);
	const struct hw_tx_counters *tx = &pf->tx.counters;
	const u64 *port = pf->stats.port;
	int i;

	for (i = 0; i < PF_QUEUES_MAX; i++)
		add_queue(&pf->rxq[i], s);
	s->tx_packets = READ_ONCE(tx->frames);
	s->tx_bytes = READ_ONCE(tx->bytes);
	s->tx_dropped = READ_ONCE(tx->dropped) + READ_ONCE(tx->discarded);
	s->multicast = READ_ONCE(port[PF_PORT_RX_MULTICAST]);
	s->rx_crc_errors = READ_ONCE(port[PF_PORT_RX_CRC]);
	s->rx_length_errors = READ_ONCE(port[PF_PORT_RX_SHORT]) +
			      READ_ONCE(port[PF_PORT_RX_LONG]);
	s->rx_missed_errors = READ_ONCE(port[PF_PORT_RX_MISSED]) +
			      READ_ONCE(port[PF_PORT_RX_NO_BUFFER]);
	s->rx_errors += s->rx_crc_errors;
}

static const struct net_device_ops net_ops = {
	.ndo_open = net_open,
	.ndo_stop = net_stop,
	.ndo_start_xmit = pf_tx_xmit,
	.ndo_set_rx_mode = net_set_rx_mode,
	.ndo_set_mac_address = net_set_mac,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_change_mtu = net_change_mtu,
	.ndo_vlan_rx_add_vid = net_vlan_add,
	.ndo_vlan_rx_kill_vid = net_vlan_kill,
	.ndo_fix_features = net_fix_features,
	.ndo_set_features = net_set_features,
	.ndo_tx_timeout = net_tx_timeout,
	.ndo_get_stats64 = net_get_stats64,
	.ndo_get_vf_config = pf_ndo_get_vf_config,
	.ndo_get_vf_stats = pf_ndo_get_vf_stats,
	.ndo_set_vf_mac = pf_ndo_set_vf_mac,
	.ndo_set_vf_vlan = pf_ndo_set_vf_vlan,
	.ndo_set_vf_spoofchk = pf_ndo_set_vf_spoofchk,
	.ndo_set_vf_trust = pf_ndo_set_vf_trust,
	.ndo_set_vf_link_state = pf_ndo_set_vf_link_state,
	.ndo_set_vf_rate = pf_ndo_set_vf_rate,
	.ndo_bridge_setlink = pf_ndo_bridge_setlink,
	.ndo_bridge_getlink = pf_ndo_bridge_getlink,
};

/**
 * pf_net_init() - Fill in the interface before it is registered
 * @pf: the device; @pf->perm_mac tells the address
 */
void pf_net_init(struct pf_dev *pf)
{
	struct net_device *netdev = pf->netdev;
	int i;

	netdev->netdev_ops = &net_ops;
	netdev->ethtool_ops = &pf_ethtool_ops;
	netdev->hw_features = NETIF_F_HW_VLAN_CTAG_FILTER | NETIF_F_RXHASH;
	if (!pf->fam->lb_tag_swapped)
		netdev->hw_features |= NETIF_F_HW_VLAN_CTAG_RX;
	netdev->features = NETIF_F_HIGHDMA | netdev->hw_features;
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_UNICAST_FLT;
	netdev->watchdog_timeo = 5 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = PF_MTU_MAX;
	eth_hw_addr_set(netdev, pf->perm_mac);
	ether_addr_copy(netdev->perm_addr, pf->perm_mac);
	for (i = 0; i < PF_QUEUES_MAX; i++)
		netif_napi_add(netdev, &pf->rxq[i].napi, pf_rx_poll);
	hw_tx_init(&pf->tx, &pf->pdev->dev, netdev, &pf->io, pf_tx_poll);
}
