// SPDX-License-Identifier: GPL-2.0-only
/* What the PF has to know about us, said again after each reset. */
#include "vf.h"

/**
 * vf_config_answer() - Draw the conclusion from a mailbox request's result
 * @vf: the device
 * @err: as returned by vf_mbox_set_mac() and its like
 *
 * A refusal is final. Any other failure means that the PF does not know us:
 * the next reset says everything again, so nothing is lost.
 *
 * Context: under vf->lock.
 * Return: 0, or -EPERM when the PF refused.
 */
int vf_config_answer(struct vf_dev *vf, int err)
{
	if (!err || err == -EPERM)
		return err;
	vf->ready = false;
	vf_service_kick(vf, VF_TODO_RESET);
	return 0;
}

/* Up to HW_MBOX_HASHES hashes; *all when the list is longer. */
static int read_hashes(struct vf_dev *vf, u16 *hash, bool *all)
{
	/* 224.0.0.1: a PF gives overflow multicast to VFs with any hash only */
	static const u8 all_hosts[ETH_ALEN] = { 1, 0, 0x5e, 0, 0, 1 };
	struct netdev_hw_addr *ha;
	int n = 0;

	netif_addr_lock_bh(vf->netdev);
	*all = netdev_mc_count(vf->netdev) > HW_MBOX_HASHES;
	netdev_for_each_mc_addr(ha, vf->netdev) {
		if (n == HW_MBOX_HASHES)
			break;
		hash[n++] = hw_mbox_hash(ha->addr);
	}
	netif_addr_unlock_bh(vf->netdev);
	if (!n && vf->capture)
		hash[n++] = hw_mbox_hash(all_hosts);
	return n;
}

static void warn_nack(struct vf_dev *vf)
{
	if (vf->told_nack)
		return;
	vf->told_nack = true;
	netdev_warn(vf->netdev,
		    "PF refuses promiscuous mode: only frames it sends this VF are seen\n");
}

static void set_promisc(struct vf_dev *vf, u32 want)
{
	int err;

	if (want == vf->promisc)
		return;
	err = vf_mbox_set_promisc(&vf->mbox, want);
	if (err == -EPERM && (want & HW_MBOX_PROMISC_UNICAST)) {
		warn_nack(vf);
		/* not asked again until the wish changes */
		vf->promisc = want;
		want &= ~HW_MBOX_PROMISC_UNICAST;
		err = vf_mbox_set_promisc(&vf->mbox, want);
		vf_config_answer(vf, err);
		return;
	}
	if (err == -EPERM)
		warn_nack(vf);
	vf->promisc = want;
	vf_config_answer(vf, err);
}

/**
 * vf_config_rx_mode_locked() - Multicast addresses and promiscuity to the PF
 * @vf: the device, ready
 *
 * Context: process, under vf->lock; sleeps.
 */
void vf_config_rx_mode_locked(struct vf_dev *vf)
{
	unsigned int flags = vf->netdev->flags;
	u16 hash[HW_MBOX_HASHES];
	u32 want = 0;
	bool all;
	int n;

	n = read_hashes(vf, hash, &all);
	if (vf_config_answer(vf, vf_mbox_set_multicast(&vf->mbox, hash, n)))
		warn_nack(vf);
	if (!vf->ready)
		return;
	if ((flags & (IFF_PROMISC | IFF_ALLMULTI)) || all)
		want |= HW_MBOX_PROMISC_MULTICAST;
	if (flags & IFF_PROMISC)
		want |= HW_MBOX_PROMISC_UNICAST;
	set_promisc(vf, want);
}

/* Our address where the PF has another or none. */
static void restore_mac(struct vf_dev *vf)
{
	const u8 *mac = vf->netdev->dev_addr;

	if (ether_addr_equal(mac, vf->pf_mac))
		return;
	if (is_valid_ether_addr(vf->pf_mac) &&
	    vf->netdev->addr_assign_type != NET_ADDR_SET) {
		vf->adopt_mac = true;
		return;
	}
	if (vf_config_answer(vf, vf_mbox_set_mac(&vf->mbox, mac)))
		netdev_warn(vf->netdev, "PF refuses address %pM\n", mac);
}

/* VID 0 last: stock PF drivers then leave the tags in the frames. */
static void restore_vlans(struct vf_dev *vf)
{
	int vid;

	for_each_set_bit(vid, vf->vlans, VLAN_N_VID) {
		if (!vid || !vf->ready)
			continue;
		if (vf_config_answer(vf, vf_mbox_set_vlan(&vf->mbox, vid, true)))
			netdev_warn(vf->netdev, "PF refuses VLAN %d\n", vid);
	}
	if (vf->ready && test_bit(0, vf->vlans))
		vf_config_answer(vf, vf_mbox_set_vlan(&vf->mbox, 0, true));
}

/**
 * vf_config_restore_locked() - Everything, after a reset
 * @vf: the device, ready
 *
 * Context: process, under vf->lock; sleeps.
 * Return: 0, or -EAGAIN when the PF was lost again meanwhile.
 */
int vf_config_restore_locked(struct vf_dev *vf)
{
	vf->promisc = 0;
	restore_mac(vf);
	if (vf->ready &&
	    vf_config_answer(vf, vf_mbox_set_lpe(&vf->mbox, vf->netdev->mtu +
						 VF_OVERHEAD + ETH_FCS_LEN)))
		netdev_warn(vf->netdev, "PF refuses frames for MTU %u\n",
			    vf->netdev->mtu);
	restore_vlans(vf);
	if (vf->ready)
		vf_config_rx_mode_locked(vf);
	return vf->ready ? 0 : -EAGAIN;
}
