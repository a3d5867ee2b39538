// SPDX-License-Identifier: GPL-2.0-only
/* ethtool: counters, ring sizes, link, and the switch between the modes. */
#include <linux/ethtool.h>
#include "vf.h"

enum { ENGINE, MBOX, RX_STD, TX_STD, HW };

/**
 * struct vf_stat - one line of ethtool -S
 * @name: as shown
 * @from: which structure
 * @at: byte offset in it
 */
struct vf_stat {
	char name[ETH_GSTRING_LEN];
	u16 from;
	u16 at;
};

#define ENGINE_STAT(name, field) \
	{ name, ENGINE, offsetof(struct hpcap_stats, field) }
#define MBOX_STAT(name, field) \
	{ name, MBOX, offsetof(struct vf_mbox_stats, field) }
#define RX_STAT(name, field) \
	{ name, RX_STD, offsetof(struct hw_rx_counters, field) }
#define TX_STAT(name, field) \
	{ name, TX_STD, offsetof(struct hw_tx_counters, field) }
#define HW_STAT(name, index) \
	{ name, HW, (index) * sizeof(u64) }

/* The ancestors' names where they had one. */
static const struct vf_stat stats[] = {
	ENGINE_STAT("rx_hpcap_frames", frames),
	ENGINE_STAT("rx_hpcap_bytes", bytes),
	ENGINE_STAT("rx_hpcap_captured_frames", captured),
	ENGINE_STAT("rx_hpcap_captured_bytes", captured_bytes),
	ENGINE_STAT("rx_hpcap_nic_missed", nic_missed),
	ENGINE_STAT("rx_hpcap_no_buffer", no_buffer),
	ENGINE_STAT("rx_hpcap_nic_error", nic_error),
	ENGINE_STAT("rx_hpcap_noclient_frames", no_client),
	ENGINE_STAT("rx_hpcap_client_lost_frames", slow_client),
	ENGINE_STAT("rx_hpcap_filtered", filtered),
	ENGINE_STAT("rx_hpcap_flow_cut", flow_cut),
	ENGINE_STAT("rx_hpcap_cut_bytes", cut_bytes),
	ENGINE_STAT("rx_hpcap_flow_evicted", flow_evicted),
	ENGINE_STAT("rx_hpcap_ring_high", ring_high),
	ENGINE_STAT("rx_hpcap_evicted", evicted),
	ENGINE_STAT("rx_hpcap_batches", batches),
	ENGINE_STAT("rx_hpcap_sleeps", sleeps),
	ENGINE_STAT("rx_hpcap_clock_steps", clock_steps),
	ENGINE_STAT("rx_hpcap_dup_frames", duplicate),
	ENGINE_STAT("rx_hpcap_dup_marked_frames", marked),
	ENGINE_STAT("rx_hpcap_hw_stamped_frames", hw_stamped),
	ENGINE_STAT("tx_hpcap_sent_frames", sent),
	ENGINE_STAT("tx_hpcap_send_failed", send_failed),
	RX_STAT("rx_std_frames", frames),
	RX_STAT("rx_std_bytes", bytes),
	RX_STAT("rx_std_errors", errors),
	RX_STAT("rx_std_dropped", dropped),
	TX_STAT("tx_std_frames", frames),
	TX_STAT("tx_std_bytes", bytes),
	TX_STAT("tx_std_dropped", dropped),
	TX_STAT("tx_discarded", discarded),
	HW_STAT("hw_rx_frames", VF_HW_RX_FRAMES),
	HW_STAT("hw_rx_bytes", VF_HW_RX_BYTES),
	HW_STAT("hw_rx_multicast", VF_HW_RX_MULTICAST),
	HW_STAT("hw_tx_frames", VF_HW_TX_FRAMES),
	HW_STAT("hw_tx_bytes", VF_HW_TX_BYTES),
	MBOX_STAT("mbox_sent", sent),
	MBOX_STAT("mbox_acks", acks),
	MBOX_STAT("mbox_nacks", nacks),
	MBOX_STAT("mbox_timeouts", timeouts),
	MBOX_STAT("mbox_bad_replies", bad_replies),
	MBOX_STAT("mbox_pf_messages", pf_messages),
};

/* After the table, by hand: it stands in no structure of counters. */
static const char resets_name[ETH_GSTRING_LEN] = "resets";

enum { FLAG_CAPTURE = BIT(0) };

static const char flag_names[][ETH_GSTRING_LEN] = { "capture" };

static int get_sset_count(struct net_device *netdev, int sset)
{
	switch (sset) {
	case ETH_SS_STATS:
		return ARRAY_SIZE(stats) + 1;
	case ETH_SS_PRIV_FLAGS:
		return ARRAY_SIZE(flag_names);
	default:
		return -EOPNOTSUPP;
	}
}

static void get_strings(struct net_device *netdev, u32 sset, u8 *out)
{
	int i;

	switch (sset) {
	case ETH_SS_STATS:
		for (i = 0; i < ARRAY_SIZE(stats); i++)
			memcpy(out + i * ETH_GSTRING_LEN, stats[i].name,
			       ETH_GSTRING_LEN);
		memcpy(out + i * ETH_GSTRING_LEN, resets_name,
		       ETH_GSTRING_LEN);
		break;
	case ETH_SS_PRIV_FLAGS:
		memcpy(out, flag_names, sizeof(flag_names));
		break;
	}
}

static void get_ethtool_stats(struct net_device *netdev,
			      struct ethtool_stats *request, u64 *out)
{
	struct vf_dev *vf = netdev_priv(netdev);
	struct hpcap_stats engine;
	int i;

	cap_queue_get_stats(vf->q, &engine);
	mutex_lock(&vf->lock);
	if (!vf->held && !vf->gone)
		vf_hw_counters_add(&vf->io, &vf->hw, &vf->mbox);
	for (i = 0; i < ARRAY_SIZE(stats); i++) {
		u16 at = stats[i].at;

		switch (stats[i].from) {
		case ENGINE:
			out[i] = *(u64 *)((char *)&engine + at);
			break;
		case MBOX:
			out[i] = *(u64 *)((char *)&vf->mbox.stats + at);
			break;
		case RX_STD:
			out[i] = READ_ONCE(*(unsigned long *)
					   ((char *)&vf->rx_counters + at));
			break;
		case TX_STD:
			out[i] = READ_ONCE(*(unsigned long *)
					   ((char *)&vf->tx.counters + at));
			break;
		case HW:
			out[i] = *(u64 *)((char *)&vf->hw.sum + at);
			break;
		}
	}
	out[i] = vf->resets;
	mutex_unlock(&vf->lock);
}

static void get_drvinfo(struct net_device *netdev,
			struct ethtool_drvinfo *info)
{
	struct vf_dev *vf = netdev_priv(netdev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(vf->pdev), sizeof(info->bus_info));
}

static void get_ringparam(struct net_device *netdev,
			  struct ethtool_ringparam *ring,
			  struct kernel_ethtool_ringparam *kernel_ring,
			  struct netlink_ext_ack *extack)
{
	struct vf_dev *vf = netdev_priv(netdev);

	ring->rx_max_pending = VF_RX_COUNT_MAX;
	ring->rx_pending = vf->rx_count;
	ring->tx_max_pending = VF_TX_COUNT;
	ring->tx_pending = VF_TX_COUNT;
}

/* New memory first: when there is none, the old ring goes on. */
static int replace_ring(struct vf_dev *vf, u32 count)
{
	struct hw_rx_mem fresh;
	bool was_running;
	int err;

	err = hw_rx_create(&vf->pdev->dev, &fresh, count);
	if (err)
		return err;
	was_running = vf->running;
	vf_stop_locked(vf);
	hw_rx_destroy(&vf->pdev->dev, &vf->rx);
	vf->rx = fresh;
	return was_running ? vf_start_locked(vf) : 0;
}

static int set_ringparam(struct net_device *netdev,
			 struct ethtool_ringparam *ring,
			 struct kernel_ethtool_ringparam *kernel_ring,
			 struct netlink_ext_ack *extack)
{
	struct vf_dev *vf = netdev_priv(netdev);
	u32 count = ALIGN(ring->rx_pending, 8);
	int err = 0;

	if (count < VF_RX_COUNT_MIN || count > VF_RX_COUNT_MAX ||
	    ring->tx_pending != VF_TX_COUNT) {
		NL_SET_ERR_MSG_MOD(extack, "rx 80..4096, tx is fixed at 256");
		return -EINVAL;
	}
	mutex_lock(&vf->lock);
	if (vf->want_up && count != vf->rx_count)
		err = replace_ring(vf, count);
	if (!err)
		vf->rx_count = count;
	mutex_unlock(&vf->lock);
	return err;
}

static u32 get_priv_flags(struct net_device *netdev)
{
	struct vf_dev *vf = netdev_priv(netdev);

	return vf->capture ? FLAG_CAPTURE : 0;
}

static int set_priv_flags(struct net_device *netdev, u32 flags)
{
	struct vf_dev *vf = netdev_priv(netdev);
	bool capture = flags & FLAG_CAPTURE;
	bool was_running;
	int err = 0;

	mutex_lock(&vf->lock);
	if (capture != vf->capture) {
		was_running = vf->running;
		vf_stop_locked(vf);
		WRITE_ONCE(vf->capture, capture);
		if (was_running)
			err = vf_start_locked(vf);
	}
	mutex_unlock(&vf->lock);
	vf_service_kick(vf, VF_TODO_RX_MODE);
	return err;
}

static int get_link_ksettings(struct net_device *netdev,
			      struct ethtool_link_ksettings *cmd)
{
	static const u32 speeds[] = { SPEED_10, SPEED_100, SPEED_1000,
				      SPEED_1000 };
	struct vf_dev *vf = netdev_priv(netdev);
	u32 status = hw_rd32(&vf->io, VF_STATUS);

	ethtool_link_ksettings_zero_link_mode(cmd, supported);
	ethtool_link_ksettings_zero_link_mode(cmd, advertising);
	cmd->base.autoneg = AUTONEG_DISABLE;
	cmd->base.port = PORT_OTHER;
	cmd->base.speed = SPEED_UNKNOWN;
	cmd->base.duplex = DUPLEX_UNKNOWN;
	if (netif_carrier_ok(netdev) && status != HW_ALL_ONES) {
		cmd->base.speed = speeds[FIELD_GET(VF_STATUS_SPEED, status)];
		cmd->base.duplex = status & VF_STATUS_FD ? DUPLEX_FULL :
							   DUPLEX_HALF;
	}
	return 0;
}

/* In capture mode no frame meets the stack: the engine's stamps are not its. */
static int get_ts_info(struct net_device *netdev,
		       struct kernel_ethtool_ts_info *info)
{
	struct vf_dev *vf = netdev_priv(netdev);

	if (!READ_ONCE(vf->capture))
		return ethtool_op_get_ts_info(netdev, info);
	info->so_timestamping = 0;
	info->phc_index = -1;
	return 0;
}

const struct ethtool_ops vf_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = get_link_ksettings,
	.get_ringparam = get_ringparam,
	.set_ringparam = set_ringparam,
	.get_strings = get_strings,
	.get_sset_count = get_sset_count,
	.get_ethtool_stats = get_ethtool_stats,
	.get_priv_flags = get_priv_flags,
	.set_priv_flags = set_priv_flags,
	.get_ts_info = get_ts_info,
};
