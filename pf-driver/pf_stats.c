// SPDX-License-Identifier: GPL-2.0-only
/* Counters of the port and of each VF. Ref: 82576 16 */
#include "pf_stats.h"

/* Reading clears these. High register of 64-bit ones, else 0. */
static const struct {
	u32 low;
	u32 high;
} port_regs[PF_PORT_COUNTERS] = {
	[PF_PORT_RX_FRAMES] = { PF_GPRC, 0 },
	[PF_PORT_RX_BYTES] = { PF_GORCL, PF_GORCH },
	[PF_PORT_RX_BROADCAST] = { PF_BPRC, 0 },
	[PF_PORT_RX_MULTICAST] = { PF_MPRC, 0 },
	[PF_PORT_RX_ALL_FRAMES] = { PF_TPR, 0 },
	[PF_PORT_RX_MISSED] = { PF_MPC, 0 },
	[PF_PORT_RX_NO_BUFFER] = { PF_RNBC, 0 },
	[PF_PORT_RX_CRC] = { PF_CRCERRS, 0 },
	[PF_PORT_RX_ALIGN] = { PF_ALGNERRC, 0 },
	[PF_PORT_RX_SYMBOL] = { PF_RXERRC, 0 },
	[PF_PORT_RX_LENGTH] = { PF_RLEC, 0 },
	[PF_PORT_RX_SHORT] = { PF_RUC, 0 },
	[PF_PORT_RX_LONG] = { PF_ROC, 0 },
	[PF_PORT_RX_JABBER] = { PF_RJC, 0 },
	[PF_PORT_RX_XON] = { PF_XONRXC, 0 },
	[PF_PORT_RX_XOFF] = { PF_XOFFRXC, 0 },
	[PF_PORT_TX_FRAMES] = { PF_GPTC, 0 },
	[PF_PORT_TX_BYTES] = { PF_GOTCL, PF_GOTCH },
	[PF_PORT_TX_BROADCAST] = { PF_BPTC, 0 },
	[PF_PORT_TX_MULTICAST] = { PF_MPTC, 0 },
	[PF_PORT_TX_ALL_FRAMES] = { PF_TPT, 0 },
	[PF_PORT_TX_SPOOFED] = { PF_SSVPC, 0 },
};

static u64 read_port(const struct hw_io *io, int i)
{
	u64 v = hw_rd32(io, port_regs[i].low);

	/* low first: reading high clears both */
	if (port_regs[i].high)
		v |= (u64)hw_rd32(io, port_regs[i].high) << 32;
	return v;
}

static void read_vf(const struct hw_io *io, unsigned int vf, u32 *now)
{
	now[PF_SUM_VF_RX_FRAMES] = hw_rd32(io, PF_VFGPRC(vf));
	now[PF_SUM_VF_RX_BYTES] = hw_rd32(io, PF_VFGORC(vf));
	now[PF_SUM_VF_RX_MULTICAST] = hw_rd32(io, PF_VFMPRC(vf));
	now[PF_SUM_VF_TX_FRAMES] = hw_rd32(io, PF_VFGPTC(vf));
	now[PF_SUM_VF_TX_BYTES] = hw_rd32(io, PF_VFGOTC(vf));
}

/**
 * pf_stats_rebase() - Forget what the chip shows now; the sums stay
 * @io: registers, just reset
 * @s: counters
 * @nr_vfs: VFs
 */
void pf_stats_rebase(const struct hw_io *io, struct pf_stats *s,
		     unsigned int nr_vfs)
{
	unsigned int i;

	for (i = 0; i < PF_PORT_COUNTERS; i++)
		read_port(io, i);
	for (i = 0; i < nr_vfs; i++)
		read_vf(io, i, s->vf[i].last);
}

/**
 * pf_stats_add() - Add what the chip counted since the last time
 * @io: registers
 * @s: counters
 * @nr_vfs: VFs
 *
 * At 1 Gb/s a VF's byte counter wraps after 34 s, and 32-bit frame counters
 * after 48 minutes: call more often, and before each reset. A device that is
 * gone reads all ones and adds nothing.
 *
 * Context: process; pf->lock held.
 */
void pf_stats_add(const struct hw_io *io, struct pf_stats *s,
		  unsigned int nr_vfs)
{
	u64 port[PF_PORT_COUNTERS];
	u32 vf[HW_VFS_MAX][PF_VF_SUMS];
	unsigned int i, v;

	for (i = 0; i < PF_PORT_COUNTERS; i++)
		port[i] = read_port(io, i);
	for (v = 0; v < nr_vfs; v++)
		read_vf(io, v, vf[v]);
	/* last, so that all of the above is known to be true */
	if (pf_hw_is_gone(io))
		return;
	for (i = 0; i < PF_PORT_COUNTERS; i++)
		WRITE_ONCE(s->port[i], s->port[i] + port[i]);
	for (v = 0; v < nr_vfs; v++) {
		struct pf_vf_sums *c = &s->vf[v];

		for (i = 0; i < PF_VF_SUMS; i++) {
			u32 grown = vf[v][i] - c->last[i];

			WRITE_ONCE(c->sum[i], c->sum[i] + grown);
			c->last[i] = vf[v][i];
		}
	}
}

/**
 * pf_stats_forget_vfs() - New VFs begin at zero
 * @s: counters
 */
void pf_stats_forget_vfs(struct pf_stats *s)
{
	memset(s->vf, 0, sizeof(s->vf));
}
