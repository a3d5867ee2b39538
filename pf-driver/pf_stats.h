/* SPDX-License-Identifier: GPL-2.0-only */
/* The chip's own counters, made 64 bits wide and kept over resets. */
#ifndef PF_STATS_H
#define PF_STATS_H

#include "../hw/r82576_pool.h"
#include "pf_hw.h"

/* Of the port, over all pools */
enum pf_port_counter {
	PF_PORT_RX_FRAMES,
	PF_PORT_RX_BYTES,
	PF_PORT_RX_BROADCAST,
	PF_PORT_RX_MULTICAST,
	PF_PORT_RX_ALL_FRAMES,
	PF_PORT_RX_MISSED,
	PF_PORT_RX_NO_BUFFER,
	PF_PORT_RX_CRC,
	PF_PORT_RX_ALIGN,
	PF_PORT_RX_SYMBOL,
	PF_PORT_RX_LENGTH,
	PF_PORT_RX_SHORT,
	PF_PORT_RX_LONG,
	PF_PORT_RX_JABBER,
	PF_PORT_RX_XON,
	PF_PORT_RX_XOFF,
	PF_PORT_TX_FRAMES,
	PF_PORT_TX_BYTES,
	PF_PORT_TX_BROADCAST,
	PF_PORT_TX_MULTICAST,
	PF_PORT_TX_ALL_FRAMES,
	PF_PORT_TX_SPOOFED,
	PF_PORT_COUNTERS,
};

/* Of one VF */
enum pf_vf_sum {
	PF_SUM_VF_RX_FRAMES,
	PF_SUM_VF_RX_BYTES,
	PF_SUM_VF_RX_MULTICAST,
	PF_SUM_VF_TX_FRAMES,
	PF_SUM_VF_TX_BYTES,
	PF_VF_SUMS,
};

/**
 * struct pf_vf_sums - of one VF
 * @last: value read last, wraps
 * @sum: what was added since the VF was made
 */
struct pf_vf_sums {
	u32 last[PF_VF_SUMS];
	u64 sum[PF_VF_SUMS];
};

/**
 * struct pf_stats - all of them; sums are read without the lock
 * @port: since probe
 * @vf: since the VFs were made
 */
struct pf_stats {
	u64 port[PF_PORT_COUNTERS];
	struct pf_vf_sums vf[HW_VFS_MAX];
};

void pf_stats_rebase(const struct hw_io *io, struct pf_stats *s,
		     unsigned int nr_vfs);
void pf_stats_add(const struct hw_io *io, struct pf_stats *s,
		  unsigned int nr_vfs);
void pf_stats_forget_vfs(struct pf_stats *s);

#endif /* PF_STATS_H */
