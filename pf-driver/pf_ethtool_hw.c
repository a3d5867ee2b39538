// SPDX-License-Identifier: GPL-2.0-only
/* ethtool: what looks at the chip itself: link, registers, self-test. */
#include <linux/delay.h>
#include <linux/linkmode.h>
#include <linux/net_tstamp.h>
#include "pf.h"

enum {
	NVM_WORDS = 0x40,
	NVM_SUM = 0xbaba,
	IRQ_WAIT_MS = 100,
};

/* Runs of registers that may be read without changing anything. */
static const struct {
	u32 first;
	u16 step;
	u16 nr;
} regs[] = {
	{ PF_CTRL, 4, 1 },
	{ PF_STATUS, 4, 1 },
	{ PF_EECD, 4, 1 },
	{ PF_CTRL_EXT, 4, 1 },
	{ PF_RCTL, 4, 1 },
	{ PF_TCTL, 4, 1 },
	{ PF_IMS, 4, 1 },
	{ PF_GPIE, 4, 1 },
	{ PF_EIMS, 4, 1 },
	{ PF_EIAC, 4, 2 },	/* and EIAM */
	{ PF_IVAR(0), 4, 8 },
	{ PF_IVAR_MISC, 4, 1 },
	{ PF_RXPBS, 4, 2 },	/* and QDE */
	{ PF_TXPBS, 4, 1 },
	{ PF_DTXCTL, 4, 1 },
	{ PF_RXCSUM, 4, 3 },	/* RLPML, RFCTL */
	{ PF_MRQC, 4, 2 },	/* VT_CTL */
	{ PF_DTXSWC, 4, 1 },
	{ PF_MBVFIMR, 4, 1 },
	{ PF_VFRE, 4, 2 },	/* VFTE */
	{ PF_VMVIR(0), 4, HW_POOLS },
	{ PF_VMOLR(0), 4, HW_POOLS },
	{ PF_RPLOLR, 4, 1 },
	{ PF_VLVF(0), 4, HW_VLVFS },
	{ PF_VMRCTL(0), 4, HW_MIRROR_RULES },
	{ PF_VMRVLAN(0), 4, HW_MIRROR_RULES },
	{ PF_VMRVM(0), 4, HW_MIRROR_RULES },
	{ PF_RAL(0), 4, 32 },
	{ PF_RAL_HIGH(16), 4, 16 },
	{ PF_RXDCTL(0), 0x40, 8 },
	{ PF_SRRCTL(0), 0x40, 8 },
	{ PF_RDLEN(0), 0x40, 8 },
	{ PF_RDH(0), 0x40, 8 },
	{ PF_RDT(0), 0x40, 8 },
	{ PF_TXDCTL(0), 0x40, 8 },
	{ PF_TDLEN(0), 0x40, 8 },
	{ PF_TDH(0), 0x40, 8 },
	{ PF_TDT(0), 0x40, 8 },
};

/**
 * pf_ethtool_get_regs_len() - Bytes of a register dump
 * @netdev: interface
 *
 * Return: pairs of offset and value, 8 bytes each.
 */
int pf_ethtool_get_regs_len(struct net_device *netdev)
{
	int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		n += regs[i].nr;
	return n * 2 * sizeof(u32);
}

/**
 * pf_ethtool_get_regs() - ethtool -d: offset and value of each register
 * @netdev: interface
 * @info: version is set
 * @out: pf_ethtool_get_regs_len() bytes
 */
void pf_ethtool_get_regs(struct net_device *netdev, struct ethtool_regs *info,
			 void *out)
{
	struct pf_dev *pf = netdev_priv(netdev);
	u32 *pair = out;
	int i, k;

	info->version = 1;
	mutex_lock(&pf->lock);
	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		for (k = 0; k < regs[i].nr; k++) {
			*pair++ = regs[i].first + k * regs[i].step;
			*pair = hw_rd32(&pf->io, pair[-1]);
			pair++;
		}
	}
	mutex_unlock(&pf->lock);
}

static u64 test_nvm(struct pf_dev *pf)
{
	u16 sum = 0, v;
	int i;

	for (i = 0; i < NVM_WORDS; i++) {
		if (pf_hw_nvm_read(&pf->io, i, &v))
			return 1;
		sum += v;
	}
	return sum != NVM_SUM;
}

/* Registers that nothing depends on while pause is off and no frame runs. */
static u64 test_registers(struct pf_dev *pf)
{
	static const struct {
		u32 reg;
		u32 mask;
	} pads[] = {
		{ PF_FCTTV, 0xffff },
		{ PF_RSSRK(0), HW_ALL_ONES },
		{ PF_RSSRK(9), HW_ALL_ONES },
		{ PF_MTA(127), HW_ALL_ONES },
	};
	static const u32 patterns[] = { 0x5a5a5a5a, 0xa5a5a5a5, 0, HW_ALL_ONES };
	u64 bad = 0;
	int i, k;

	for (i = 0; i < ARRAY_SIZE(pads); i++) {
		for (k = 0; k < ARRAY_SIZE(patterns); k++) {
			u32 v = patterns[k] & pads[i].mask;

			hw_wr32(&pf->io, pads[i].reg, v);
			bad += (hw_rd32(&pf->io, pads[i].reg) &
				pads[i].mask) != v;
		}
	}
	return bad;
}

/* Raise the cause of the mailbox vector; its work takes the mask away again. */
static u64 test_interrupt(struct pf_dev *pf)
{
	unsigned long before = READ_ONCE(pf->other_irqs);
	int i;

	hw_wr32(&pf->io, PF_EIMS, BIT(PF_VECTOR_OTHER));
	hw_wr32(&pf->io, PF_EICS, BIT(PF_VECTOR_OTHER));
	for (i = 0; i < IRQ_WAIT_MS; i++) {
		if (READ_ONCE(pf->other_irqs) != before)
			return 0;
		usleep_range(1000, 2000);
	}
	return 1;
}

/**
 * pf_ethtool_self_test() - ethtool -t
 * @netdev: interface
 * @test: offline: registers and interrupts too; the port is reset afterwards,
 *	which VFs survive as they do any reset
 * @result: PF_TESTS, 0: passed
 */
void pf_ethtool_self_test(struct net_device *netdev, struct ethtool_test *test,
			  u64 *result)
{
	struct pf_dev *pf = netdev_priv(netdev);
	int i;

	memset(result, 0, PF_TESTS * sizeof(*result));
	mutex_lock(&pf->lock);
	result[PF_TEST_LINK] = !(hw_rd32(&pf->io, PF_STATUS) & PF_STATUS_LU);
	result[PF_TEST_NVM] = test_nvm(pf);
	if (test->flags & ETH_TEST_FL_OFFLINE && pf->port_up && !pf->gone) {
		result[PF_TEST_INTERRUPT] = test_interrupt(pf);
		pf_port_stop_locked(pf);
		pf_hw_quiesce(&pf->io);
		result[PF_TEST_REGISTERS] = test_registers(pf);
		if (pf_port_reset_locked(pf))
			pf_service_kick(pf, PF_TODO_RESET);
	}
	for (i = 0; i < PF_TESTS; i++)
		if (result[i])
			test->flags |= ETH_TEST_FL_FAILED;
	mutex_unlock(&pf->lock);
}

/**
 * pf_ethtool_get_ts_info() - ethtool -T
 * @netdev: interface
 * @info: filled in
 *
 * In capture mode no frame meets the stack; there the chip stamps each, if it
 * can, and the engine takes the stamps when it is told to.
 *
 * Return: 0.
 */
int pf_ethtool_get_ts_info(struct net_device *netdev,
			   struct kernel_ethtool_ts_info *info)
{
	struct pf_dev *pf = netdev_priv(netdev);

	if (!READ_ONCE(pf->capture))
		return ethtool_op_get_ts_info(netdev, info);
	info->phc_index = -1;
	info->so_timestamping = 0;
	if (pf->fam->rx_stamps) {
		info->so_timestamping = SOF_TIMESTAMPING_RX_HARDWARE |
					SOF_TIMESTAMPING_RAW_HARDWARE;
		info->rx_filters = BIT(HWTSTAMP_FILTER_ALL);
	}
	return 0;
}

/**
 * pf_ethtool_get_link() - Speed of the port
 * @netdev: interface
 * @cmd: filled in
 *
 * Return: 0.
 */
int pf_ethtool_get_link(struct net_device *netdev,
			struct ethtool_link_ksettings *cmd)
{
	static const int modes[] = {
		ETHTOOL_LINK_MODE_TP_BIT,
		ETHTOOL_LINK_MODE_Autoneg_BIT,
		ETHTOOL_LINK_MODE_10baseT_Half_BIT,
		ETHTOOL_LINK_MODE_10baseT_Full_BIT,
		ETHTOOL_LINK_MODE_100baseT_Half_BIT,
		ETHTOOL_LINK_MODE_100baseT_Full_BIT,
		ETHTOOL_LINK_MODE_1000baseT_Full_BIT,
	};
	struct pf_dev *pf = netdev_priv(netdev);
	bool full = hw_rd32(&pf->io, PF_STATUS) & PF_STATUS_FD;

	linkmode_zero(cmd->link_modes.supported);
	linkmode_set_bit_array(modes, ARRAY_SIZE(modes),
			       cmd->link_modes.supported);
	linkmode_copy(cmd->link_modes.advertising, cmd->link_modes.supported);
	cmd->base.port = PORT_TP;
	cmd->base.phy_address = pf->fam->phy_addr;
	cmd->base.autoneg = AUTONEG_ENABLE;
	cmd->base.speed = pf->link ? pf->link_mbps : SPEED_UNKNOWN;
	cmd->base.duplex = !pf->link ? DUPLEX_UNKNOWN :
			   full ? DUPLEX_FULL : DUPLEX_HALF;
	return 0;
}

/**
 * pf_ethtool_nway_reset() - ethtool -r: negotiate again
 * @netdev: interface
 *
 * Return: 0 or the errno of pf_hw_link_start().
 */
int pf_ethtool_nway_reset(struct net_device *netdev)
{
	struct pf_dev *pf = netdev_priv(netdev);
	int err;

	mutex_lock(&pf->lock);
	err = pf->port_up ? pf_hw_link_start(&pf->io, pf->fam) : -ENETDOWN;
	mutex_unlock(&pf->lock);
	return err;
}
