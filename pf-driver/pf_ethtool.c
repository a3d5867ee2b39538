// SPDX-License-Identifier: GPL-2.0-only
/* ethtool: counters, rings, queues, pause, and the switch between the modes. */
#include "pf.h"

/**
 * struct pf_stat - one line of ethtool -S
 * @name: as shown
 * @at: byte offset in a structure of u64
 */
struct pf_stat {
	char name[ETH_GSTRING_LEN];
	u16 at;
};

#define ENGINE_STAT(name, field) { name, offsetof(struct hpcap_stats, field) }
#define PORT_STAT(name, index)	{ name, (index) * sizeof(u64) }

/* Of all capture queues together; the ancestors' names where they had one. */
static const struct pf_stat engine_stats[] = {
	ENGINE_STAT("rx_hpcap_frames", frames),
	ENGINE_STAT("rx_hpcap_bytes", bytes),
	ENGINE_STAT("rx_hpcap_captured_frames", captured),
	ENGINE_STAT("rx_hpcap_captured_bytes", captured_bytes),
	ENGINE_STAT("rx_hpcap_nic_missed", nic_missed),
	ENGINE_STAT("rx_hpcap_no_buffer", no_buffer),
	ENGINE_STAT("rx_hpcap_nic_error", nic_error),
	ENGINE_STAT("rx_hpcap_noclient_frames", no_client),
	ENGINE_STAT("rx_hpcap_client_lost_frames", slow_client),
	ENGINE_STAT("rx_hpcap_batches", batches),
	ENGINE_STAT("rx_hpcap_sleeps", sleeps),
	ENGINE_STAT("rx_hpcap_clock_steps", clock_steps),
	ENGINE_STAT("rx_hpcap_dup_frames", duplicate),
	ENGINE_STAT("rx_hpcap_dup_marked_frames", marked),
	ENGINE_STAT("rx_hpcap_hw_stamped_frames", hw_stamped),
	ENGINE_STAT("tx_hpcap_sent_frames", sent),
	ENGINE_STAT("tx_hpcap_send_failed", send_failed),
};

static const struct pf_stat port_stats[] = {
	PORT_STAT("port_rx_frames", PF_PORT_RX_FRAMES),
	PORT_STAT("port_rx_bytes", PF_PORT_RX_BYTES),
	PORT_STAT("port_rx_broadcast", PF_PORT_RX_BROADCAST),
	PORT_STAT("port_rx_multicast", PF_PORT_RX_MULTICAST),
	PORT_STAT("port_rx_all_frames", PF_PORT_RX_ALL_FRAMES),
	PORT_STAT("port_rx_missed", PF_PORT_RX_MISSED),
	PORT_STAT("port_rx_no_buffer", PF_PORT_RX_NO_BUFFER),
	PORT_STAT("port_rx_crc_errors", PF_PORT_RX_CRC),
	PORT_STAT("port_rx_align_errors", PF_PORT_RX_ALIGN),
	PORT_STAT("port_rx_symbol_errors", PF_PORT_RX_SYMBOL),
	PORT_STAT("port_rx_length_errors", PF_PORT_RX_LENGTH),
	PORT_STAT("port_rx_short", PF_PORT_RX_SHORT),
	PORT_STAT("port_rx_long", PF_PORT_RX_LONG),
	PORT_STAT("port_rx_jabber", PF_PORT_RX_JABBER),
	PORT_STAT("port_rx_xon", PF_PORT_RX_XON),
	PORT_STAT("port_rx_xoff", PF_PORT_RX_XOFF),
	PORT_STAT("port_tx_frames", PF_PORT_TX_FRAMES),
	PORT_STAT("port_tx_bytes", PF_PORT_TX_BYTES),
	PORT_STAT("port_tx_broadcast", PF_PORT_TX_BROADCAST),
	PORT_STAT("port_tx_multicast", PF_PORT_TX_MULTICAST),
	PORT_STAT("port_tx_all_frames", PF_PORT_TX_ALL_FRAMES),
	PORT_STAT("port_tx_spoofed", PF_PORT_TX_SPOOFED),
};

static const char own_stats[][ETH_GSTRING_LEN] = {
	"rx_std_frames",
	"rx_std_bytes",
	"rx_std_errors",
	"rx_std_dropped",
	"tx_std_frames",
	"tx_std_bytes",
	"tx_std_dropped",
	"tx_discarded",
	"resets",
	"vfs",
};

static const char flag_names[][ETH_GSTRING_LEN] = { "capture" };
static const char test_names[][ETH_GSTRING_LEN] = {
	[PF_TEST_LINK] = "link        (online)",
	[PF_TEST_NVM] = "nvm checksum (online)",
	[PF_TEST_REGISTERS] = "registers  (offline)",
	[PF_TEST_INTERRUPT] = "interrupt  (offline)",
};

enum { FLAG_CAPTURE = BIT(0) };

static int get_sset_count(struct net_device *netdev, int sset)
{
	switch (sset) {
	case ETH_SS_STATS:
		return ARRAY_SIZE(engine_stats) + ARRAY_SIZE(own_stats) +
		       ARRAY_SIZE(port_stats);
	case ETH_SS_PRIV_FLAGS:
		return ARRAY_SIZE(flag_names);
	case ETH_SS_TEST:
		return ARRAY_SIZE(test_names);
	default:
		return -EOPNOTSUPP;
	}
}

static u8 *put_names(u8 *out, const struct pf_stat *s, int n)
{
	for (; n--; s++, out += ETH_GSTRING_LEN)
		memcpy(out, s->name, ETH_GSTRING_LEN);
	return out;
}

static void get_strings(struct net_device *netdev, u32 sset, u8 *out)
{
	switch (sset) {
	case ETH_SS_STATS:
		out = put_names(out, engine_stats, ARRAY_SIZE(engine_stats));
		memcpy(out, own_stats, sizeof(own_stats));
		put_names(out + sizeof(own_stats), port_stats,
			  ARRAY_SIZE(port_stats));
		break;
	case ETH_SS_PRIV_FLAGS:
		memcpy(out, flag_names, sizeof(flag_names));
		break;
	case ETH_SS_TEST:
		memcpy(out, test_names, sizeof(test_names));
		break;
	}
}

static u64 *put_engine(struct pf_dev *pf, u64 *out)
{
	struct hpcap_stats st;
	unsigned int i, k;

	memset(out, 0, sizeof(*out) * ARRAY_SIZE(engine_stats));
	for (i = 0; i < pf->nr_queues; i++) {
		cap_queue_get_stats(pf->rxq[i].q, &st);
		for (k = 0; k < ARRAY_SIZE(engine_stats); k++)
			out[k] += *(u64 *)((char *)&st + engine_stats[k].at);
	}
	return out + ARRAY_SIZE(engine_stats);
}

/* In the order of own_stats. */
static u64 *put_own(struct pf_dev *pf, u64 *out)
{
	const struct hw_tx_counters *tx = &pf->tx.counters;
	int i;

	memset(out, 0, sizeof(*out) * ARRAY_SIZE(own_stats));
	for (i = 0; i < PF_QUEUES_MAX; i++) {
		const struct hw_rx_counters *c = &pf->rxq[i].counters;

		out[0] += READ_ONCE(c->frames);
		out[1] += READ_ONCE(c->bytes);
		out[2] += READ_ONCE(c->errors);
		out[3] += READ_ONCE(c->dropped);
	}
	out[4] = READ_ONCE(tx->frames);
	out[5] = READ_ONCE(tx->bytes);
	out[6] = READ_ONCE(tx->dropped);
	out[7] = READ_ONCE(tx->discarded);
	out[8] = pf->resets;
	out[9] = pf->nr_vfs;
	return out + ARRAY_SIZE(own_stats);
}

static void get_ethtool_stats(struct net_device *netdev,
			      struct ethtool_stats *request, u64 *out)
{
	struct pf_dev *pf = netdev_priv(netdev);
	int i;

	mutex_lock(&pf->lock);
	if (pf->port_up && !pf->gone)
		pf_stats_add(&pf->io, &pf->stats, pf->nr_vfs);
	out = put_own(pf, put_engine(pf, out));
	for (i = 0; i < ARRAY_SIZE(port_stats); i++)
		out[i] = *(u64 *)((char *)pf->stats.port + port_stats[i].at);
	mutex_unlock(&pf->lock);
}

static void get_drvinfo(struct net_device *netdev,
			struct ethtool_drvinfo *info)
{
	struct pf_dev *pf = netdev_priv(netdev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(pf->pdev), sizeof(info->bus_info));
	info->n_priv_flags = ARRAY_SIZE(flag_names);
}

static void get_ringparam(struct net_device *netdev,
			  struct ethtool_ringparam *ring,
			  struct kernel_ethtool_ringparam *kernel_ring,
			  struct netlink_ext_ack *extack)
{
	struct pf_dev *pf = netdev_priv(netdev);

	ring->rx_max_pending = PF_RX_COUNT_MAX;
	ring->rx_pending = pf->rx_count;
	ring->tx_max_pending = PF_TX_COUNT_MAX;
	ring->tx_pending = pf->tx_count;
}

/* All rings anew, of the sizes in @pf. */
static int make_rings(struct pf_dev *pf)
{
	int err;

	err = pf_rx_resize_locked(pf, pf_nr_queues(pf));
	if (err)
		return err;
	err = hw_tx_create(&pf->tx, pf->tx_count);
	if (err)
		pf_rx_resize_locked(pf, 0);
	return err;
}

/* When there is no memory for the new sizes, the old ones have just been freed. */
static int replace_rings(struct pf_dev *pf, u32 rx, u32 tx)
{
	u32 old_rx = pf->rx_count, old_tx = pf->tx_count;
	int err;

	pf_rings_stop_locked(pf);
	hw_tx_destroy(&pf->tx);
	pf_rx_resize_locked(pf, 0);
	pf->rx_count = rx;
	pf->tx_count = tx;
	err = make_rings(pf);
	if (err) {
		pf->rx_count = old_rx;
		pf->tx_count = old_tx;
		if (make_rings(pf)) {
			netdev_err(pf->netdev, "no memory for rings, set the interface down and up\n");
			pf->want_up = false;
			return err;
		}
	}
	if (pf->port_up && pf_rings_start_locked(pf))
		pf_service_kick(pf, PF_TODO_RESET);
	return err;
}

static bool ring_size_valid(u32 count, u32 min, u32 max)
{
	return count >= min && count <= max;
}

static int set_ringparam(struct net_device *netdev,
			 struct ethtool_ringparam *ring,
			 struct kernel_ethtool_ringparam *kernel_ring,
			 struct netlink_ext_ack *extack)
{
	struct pf_dev *pf = netdev_priv(netdev);
	u32 rx = ALIGN(ring->rx_pending, 8), tx = ring->tx_pending;
	int err = 0;

	if (!ring_size_valid(rx, PF_RX_COUNT_MIN, PF_RX_COUNT_MAX) ||
	    !ring_size_valid(tx, PF_TX_COUNT_MIN, PF_TX_COUNT_MAX)) {
		NL_SET_ERR_MSG_MOD(extack, "rx and tx 80..4096");
		return -EINVAL;
	}
	tx = roundup_pow_of_two(tx);
	mutex_lock(&pf->lock);
	if (pf->want_up && (rx != pf->rx_count || tx != pf->tx_count)) {
		err = replace_rings(pf, rx, tx);
	} else {
		pf->rx_count = rx;
		pf->tx_count = tx;
	}
	mutex_unlock(&pf->lock);
	return err;
}

static void get_channels(struct net_device *netdev,
			 struct ethtool_channels *ch)
{
	struct pf_dev *pf = netdev_priv(netdev);

	ch->max_rx = min_t(u32, pf->nr_vectors - PF_VECTOR_RX, PF_QUEUES_MAX);
	ch->rx_count = pf_nr_queues(pf);
	ch->max_tx = 1;
	ch->tx_count = 1;
}

/* Rings and capture devices for @nr queues, no port reset: the link stays. */
static int set_queues(struct pf_dev *pf, unsigned int nr)
{
	unsigned int old = pf->nr_queues;
	int err;

	pf_rings_stop_locked(pf);
	err = pf_queues_resize(pf, nr);
	if (!err && pf->want_up) {
		err = pf_rx_resize_locked(pf, nr);
		if (err)
			pf_queues_resize(pf, old);
	}
	if (!pf->port_up)
		return err;
	pf_hw_irq_setup(&pf->io, pf->fam, 0, pf->nr_queues);
	pf_hw_rss(&pf->io, pf->rss_key, pf->nr_queues);
	if (pf->want_up && pf_rings_start_locked(pf))
		pf_service_kick(pf, PF_TODO_RESET);
	pf_hw_irq_enable(&pf->io, 0);
	return err;
}

static int set_channels(struct net_device *netdev,
			struct ethtool_channels *ch)
{
	struct pf_dev *pf = netdev_priv(netdev);
	int err = 0;

	if (ch->tx_count != 1 || !ch->rx_count)
		return -EINVAL;
	mutex_lock(&pf->lock);
	if (pf->nr_vfs)
		err = -EBUSY;	/* with VFs the PF's pool has one queue */
	else if (ch->rx_count != pf->nr_queues)
		err = set_queues(pf, ch->rx_count);
	mutex_unlock(&pf->lock);
	if (!err)
		netif_set_real_num_rx_queues(netdev, pf_nr_queues(pf));
	return err;
}

static u32 get_priv_flags(struct net_device *netdev)
{
	struct pf_dev *pf = netdev_priv(netdev);

	return pf->capture ? FLAG_CAPTURE : 0;
}

static int set_priv_flags(struct net_device *netdev, u32 flags)
{
	struct pf_dev *pf = netdev_priv(netdev);
	bool capture = flags & FLAG_CAPTURE;
	bool was_running;
	int err = 0;

	mutex_lock(&pf->lock);
	if (capture != pf->capture) {
		was_running = pf->nr_running;
		pf_rings_stop_locked(pf);
		WRITE_ONCE(pf->capture, capture);
		if (was_running)
			err = pf_rings_start_locked(pf);
	}
	mutex_unlock(&pf->lock);
	netdev_update_features(netdev);
	return err;
}

/* Off for good: a capture port neither sends nor obeys pause frames. */
static void get_pauseparam(struct net_device *netdev,
			   struct ethtool_pauseparam *pause)
{
	pause->autoneg = AUTONEG_DISABLE;
	pause->rx_pause = 0;
	pause->tx_pause = 0;
}

static int set_pauseparam(struct net_device *netdev,
			  struct ethtool_pauseparam *pause)
{
	return pause->autoneg || pause->rx_pause || pause->tx_pause ?
	       -EOPNOTSUPP : 0;
}

const struct ethtool_ops pf_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = pf_ethtool_get_link,
	.get_ts_info = pf_ethtool_get_ts_info,
	.nway_reset = pf_ethtool_nway_reset,
	.get_regs_len = pf_ethtool_get_regs_len,
	.get_regs = pf_ethtool_get_regs,
	.get_ringparam = get_ringparam,
	.set_ringparam = set_ringparam,
	.get_channels = get_channels,
	.set_channels = set_channels,
	.get_pauseparam = get_pauseparam,
	.set_pauseparam = set_pauseparam,
	.get_strings = get_strings,
	.get_sset_count = get_sset_count,
	.get_ethtool_stats = get_ethtool_stats,
	.get_priv_flags = get_priv_flags,
	.set_priv_flags = set_priv_flags,
	.self_test = pf_ethtool_self_test,
};
