// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network interface. It exists in both modes: link, counters, addresses
 * and VLANs are set here; only where frames go differs. All callbacks but
 * xmit and set_rx_mode come under RTNL and take vf->lock inside it.
 */
#include "vf.h"

static int net_open(struct net_device *netdev)
{
	struct vf_dev *vf = netdev_priv(netdev);
	int err;

	mutex_lock(&vf->lock);
	netif_carrier_off(netdev);
	vf->link = false;
	err = hw_rx_create(&vf->pdev->dev, &vf->rx, vf->rx_count);
	if (err)
		goto err_unlock;
	err = hw_tx_create(&vf->tx, VF_TX_COUNT);
	if (err)
		goto err_rx;
	vf->want_up = true;
	netif_start_queue(netdev);
	if (vf->ready && !vf->held) {
		err = vf_start_locked(vf);
		if (err)
			goto err_want;
	}
	mutex_unlock(&vf->lock);
	vf_service_kick(vf, VF_TODO_RX_MODE);
	return 0;

err_want:
	netif_stop_queue(netdev);
	vf->want_up = false;
	hw_tx_destroy(&vf->tx);
err_rx:
	hw_rx_destroy(&vf->pdev->dev, &vf->rx);
err_unlock:
	mutex_unlock(&vf->lock);
	return err;
}

static int net_stop(struct net_device *netdev)
{
	struct vf_dev *vf = netdev_priv(netdev);

	mutex_lock(&vf->lock);
	netif_stop_queue(netdev);
	vf->want_up = false;
	vf_stop_locked(vf);
	hw_tx_destroy(&vf->tx);
	hw_rx_destroy(&vf->pdev->dev, &vf->rx);
	mutex_unlock(&vf->lock);
	return 0;
}

static void net_set_rx_mode(struct net_device *netdev)
{
	vf_service_kick(netdev_priv(netdev), VF_TODO_RX_MODE);
}

static int net_set_mac(struct net_device *netdev, void *p)
{
	struct vf_dev *vf = netdev_priv(netdev);
	const struct sockaddr *sa = p;
	const u8 *mac = sa->sa_data;
	int err = 0;

	if (!is_valid_ether_addr(mac))
		return -EADDRNOTAVAIL;
	mutex_lock(&vf->lock);
	if (vf->ready)
		err = vf_config_answer(vf, vf_mbox_set_mac(&vf->mbox, mac));
	if (!err)
		eth_hw_addr_set(netdev, mac);
	mutex_unlock(&vf->lock);
	return err;
}

/* Buffers are chained for long frames: the rings need not change. */
static int net_change_mtu(struct net_device *netdev, int mtu)
{
	struct vf_dev *vf = netdev_priv(netdev);
	int err = 0;

	mutex_lock(&vf->lock);
	if (vf->ready)
		err = vf_config_answer(vf, vf_mbox_set_lpe(&vf->mbox,
							   mtu + VF_OVERHEAD +
							   ETH_FCS_LEN));
	if (!err) {
		WRITE_ONCE(netdev->mtu, mtu);
		cap_queue_set_frame_max(vf->q, mtu + VF_OVERHEAD);
	}
	mutex_unlock(&vf->lock);
	return err;
}

static int net_vlan_add(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct vf_dev *vf = netdev_priv(netdev);
	int err = 0;

	mutex_lock(&vf->lock);
	if (vf->ready)
		err = vf_config_answer(vf, vf_mbox_set_vlan(&vf->mbox, vid,
							    true));
	/* every interface has VID 0; untagged frames pass without it */
	if (!err || !vid)
		set_bit(vid, vf->vlans);
	mutex_unlock(&vf->lock);
	return vid ? err : 0;
}

static int net_vlan_kill(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct vf_dev *vf = netdev_priv(netdev);

	mutex_lock(&vf->lock);
	clear_bit(vid, vf->vlans);
	if (vf->ready)
		vf_config_answer(vf, vf_mbox_set_vlan(&vf->mbox, vid, false));
	mutex_unlock(&vf->lock);
	return 0;
}

static void net_tx_timeout(struct net_device *netdev, unsigned int txqueue)
{
	vf_service_kick(netdev_priv(netdev), VF_TODO_RESET);
}

static void net_get_stats64(struct net_device *netdev,
			    struct rtnl_link_stats64 *s)
{
	struct vf_dev *vf = netdev_priv(netdev);
	const struct hw_rx_counters *rx = &vf->rx_counters;
	const struct hw_tx_counters *tx = &vf->tx.counters;
	struct hpcap_stats cap;

	cap_queue_get_stats(vf->q, &cap);
	s->rx_packets = READ_ONCE(rx->frames) + cap.frames;
	s->rx_bytes = READ_ONCE(rx->bytes) + cap.bytes;
	s->rx_errors = READ_ONCE(rx->errors) + cap.nic_error;
	s->rx_dropped = READ_ONCE(rx->dropped) + cap.slow_client +
			cap.no_client;
	s->rx_missed_errors = cap.nic_missed + cap.no_buffer;
	s->tx_packets = READ_ONCE(tx->frames);
	s->tx_bytes = READ_ONCE(tx->bytes);
	s->tx_dropped = READ_ONCE(tx->dropped) + READ_ONCE(tx->discarded);
}

static const struct net_device_ops net_ops = {
	.ndo_open = net_open,
	.ndo_stop = net_stop,
	.ndo_start_xmit = vf_tx_xmit,
	.ndo_set_rx_mode = net_set_rx_mode,
	.ndo_set_mac_address = net_set_mac,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_change_mtu = net_change_mtu,
	.ndo_vlan_rx_add_vid = net_vlan_add,
	.ndo_vlan_rx_kill_vid = net_vlan_kill,
	.ndo_tx_timeout = net_tx_timeout,
	.ndo_get_stats64 = net_get_stats64,
};

/**
 * vf_net_init() - Fill in the interface, before any interrupt may come
 * @vf: the device
 */
void vf_net_init(struct vf_dev *vf)
{
	struct net_device *netdev = vf->netdev;

	netdev->netdev_ops = &net_ops;
	netdev->ethtool_ops = &vf_ethtool_ops;
	netdev->features = NETIF_F_HIGHDMA | NETIF_F_HW_VLAN_CTAG_RX |
			   NETIF_F_HW_VLAN_CTAG_FILTER;
	netdev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	netdev->watchdog_timeo = 5 * HZ;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = VF_MTU_MAX;
	netif_carrier_off(netdev);
	netif_napi_add(netdev, &vf->napi_rx, vf_std_rx_poll);
	hw_tx_init(&vf->tx, &vf->pdev->dev, netdev, &vf->io, vf_tx_poll);
}

/**
 * vf_net_first_mac() - An address before the interface is registered
 * @vf: the device; when the PF has given none, it is a random one
 */
void vf_net_first_mac(struct vf_dev *vf)
{
	if (is_valid_ether_addr(vf->pf_mac))
		eth_hw_addr_set(vf->netdev, vf->pf_mac);
	else
		eth_hw_addr_random(vf->netdev);
}

/**
 * vf_net_adopt_mac() - Take the address that the PF holds for us
 * @vf: the device
 *
 * An address that the user set is never replaced.
 *
 * Context: process; takes RTNL, then vf->lock.
 */
void vf_net_adopt_mac(struct vf_dev *vf)
{
	struct net_device *netdev = vf->netdev;
	bool take;

	rtnl_lock();
	mutex_lock(&vf->lock);
	take = netdev->reg_state == NETREG_REGISTERED &&
	       is_valid_ether_addr(vf->pf_mac) &&
	       netdev->addr_assign_type != NET_ADDR_SET;
	if (take) {
		eth_hw_addr_set(netdev, vf->pf_mac);
		netdev->addr_assign_type = NET_ADDR_PERM;
	}
	mutex_unlock(&vf->lock);
	/* those who are told may call us back */
	if (take)
		call_netdevice_notifiers(NETDEV_CHANGEADDR, netdev);
	rtnl_unlock();
}
