/* SPDX-License-Identifier: GPL-2.0-only */
/* Register sequences of the port, in the order the chip wants them. */
#ifndef PF_HW_H
#define PF_HW_H

#include "../hw/bits.h"
#include "../hw/mbox.h"
#include "../hw/r82576_pf.h"
#include "../hw/r82576_pool.h"

/**
 * struct pf_family - what differs between the chips
 * @name: for people
 * @vf_device: PCI id of its VFs
 * @nr_queues: receive queues, and as many for transmit
 * @vf_queues: of each VF; VF v has queue v and, if two, v + 8
 * @phy_addr: in MDIC
 * @ivar_rows: IVAR[q / 2] instead of IVAR[q & 7]
 * @vlan_added: DTXCTL has to be told that pools get tags put in
 * @rate_limiter: RTTBCNRC exists
 * @dvmolr: DVMOLR exists
 * @lb_tag_swapped: a tag taken out of a looped frame is big-endian (erratum)
 * @rx_stamps: puts a stamp before each frame
 * @vfta_repeat: times a VFTA register is written (erratum of i350)
 * @txswc: register of loopback and anti-spoof
 *
 * Ref: 82576 18
 */
struct pf_family {
	const char *name;
	u16 vf_device;
	u8 nr_queues;
	u8 vf_queues;
	u8 phy_addr;
	bool ivar_rows;
	bool vlan_added;
	bool rate_limiter;
	bool dvmolr;
	bool lb_tag_swapped;
	bool rx_stamps;
	u8 vfta_repeat;
	u32 txswc;
};

extern const struct pf_family pf_82576;
extern const struct pf_family pf_i350;

/*
 * Vectors, the same whatever the number of VFs: 7 VFs leave 0..3 to the PF.
 * Ref: 82576 7.4
 */
enum pf_vector {
	PF_VECTOR_OTHER,	/* link, mailbox */
	PF_VECTOR_TX,
	PF_VECTOR_RX,		/* receive queue i has PF_VECTOR_RX + i */
};

/* pf_hw.c */
bool pf_hw_is_gone(const struct hw_io *io);
bool pf_hw_was_reset(const struct hw_io *io);
bool pf_hw_completion_timeout(const struct hw_io *io);
void pf_hw_quiesce(const struct hw_io *io);
int pf_hw_reset(const struct hw_io *io);
int pf_hw_read_mac(const struct hw_io *io, u8 *mac);
void pf_hw_init(const struct hw_io *io, const struct pf_family *fam,
		unsigned int nr_vfs);
void pf_hw_irq_setup(const struct hw_io *io, const struct pf_family *fam,
		     unsigned int first_queue, unsigned int nr_queues);
void pf_hw_irq_enable(const struct hw_io *io, unsigned int nr_vfs);
void pf_hw_enable(const struct hw_io *io);
bool pf_hw_has_mirror_rules(const struct hw_io *io);
void pf_hw_vfs_go(const struct hw_io *io);
void pf_hw_goodbye(const struct hw_io *io);

/* pf_hw_queue.c */
int pf_hw_rx_start(const struct hw_io *io, unsigned int q, u64 dma, u32 count,
		   u32 buf_size, bool stamped);
void pf_hw_clock_start(const struct hw_io *io);
bool pf_hw_clock_read(const struct hw_io *io, u64 *raw);
int pf_hw_tx_start(const struct hw_io *io, unsigned int q, u64 dma, u32 count);
void pf_hw_queues_stop(const struct hw_io *io, unsigned int first,
		       unsigned int nr);
void pf_hw_rss(const struct hw_io *io, const u8 *key, unsigned int nr_queues);
void pf_hw_vf_clear(const struct hw_io *io, const struct pf_family *fam,
		    unsigned int vf);
void pf_hw_vf_rate(const struct hw_io *io, const struct pf_family *fam,
		   unsigned int vf, u32 rate_mbps, u32 link_mbps);

/* pf_hw_phy.c */
int pf_hw_phy_read(const struct hw_io *io, const struct pf_family *fam,
		   unsigned int reg, u16 *value);
int pf_hw_phy_write(const struct hw_io *io, const struct pf_family *fam,
		    unsigned int reg, u16 value);
int pf_hw_link_start(const struct hw_io *io, const struct pf_family *fam);
int pf_hw_nvm_read(const struct hw_io *io, unsigned int word, u16 *value);

/* pf_hw_mbox.c */
u32 pf_hw_mbox_bells(const struct hw_io *io, u32 *acks);
u32 pf_hw_mbox_resets(const struct hw_io *io);
int pf_hw_mbox_receive(const struct hw_io *io, unsigned int vf, u32 *msg);
void pf_hw_mbox_ack(const struct hw_io *io, unsigned int vf);
void pf_hw_mbox_reply(const struct hw_io *io, unsigned int vf, const u32 *msg,
		      unsigned int words);
int pf_hw_mbox_send(const struct hw_io *io, unsigned int vf, u32 word);

#endif /* PF_HW_H */
