/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mailbox server: words in, policy changed, words out. Pure: the transport
 * (registers, VFLRE, order of the bells) is pf_vf.c's.
 *
 * The transport, for a request of VF n: lock, copy 16 words out, call
 * pf_mbox_request(); when it returns
 *	reply > 0	do what flags say, write that many words, ring STS
 *	reply = 0	only unlock
 *	-EAGAIN		leave the message unread (no ACK) and come again after
 *			wait_ms: the guest talks faster than it may
 */
#ifndef PF_MBOX_H
#define PF_MBOX_H

#include "../hw/mbox.h"
#include "pf_policy.h"

/* What the transport does before it replies, in this order. */
#define PF_MBOX_CLEAN	BIT(0)	/* RESET: stop and clear the VF's queues (14.4) */
#define PF_MBOX_APPLY	BIT(1)	/* write policy->tables */

/**
 * struct pf_mbox_stats - of one VF
 * @requests: messages looked at
 * @acked: granted
 * @refused: answered with NACK
 * @refused_promisc: of these, promiscuity without trust
 * @refused_trust: of these, MAC or VLAN that the host fixed
 * @unknown: of these, ids and shapes that are not in the protocol
 * @delayed: times that a guest had to wait for talking too fast
 * @ignored: echoes and strangers that got no answer
 */
struct pf_mbox_stats {
	u64 requests;
	u64 acked;
	u64 refused;
	u64 refused_promisc;
	u64 refused_trust;
	u64 unknown;
	u64 delayed;
	u64 ignored;
};

/**
 * struct pf_mbox_vf - one VF's side
 * @cts: it has said RESET and we know it
 * @tokens: messages it may send now, in thousandths
 * @refilled_ms: when @tokens was last right
 * @nacked_ms: when a stranger was last told NACK; 0: never
 * @stats: for ethtool, sysfs and netlink
 */
struct pf_mbox_vf {
	bool cts;
	u32 tokens;
	u64 refilled_ms;
	u64 nacked_ms;
	struct pf_mbox_stats stats;
};

struct pf_mbox {
	struct pf_mbox_vf vf[HW_VFS_MAX];
};

/**
 * struct pf_mbox_answer - what is to be done with a request
 * @flags: PF_MBOX_*
 * @wait_ms: with -EAGAIN: how long the message stays unread
 * @why: for a rate-limited log line when refused, else NULL
 */
struct pf_mbox_answer {
	u32 flags;
	u32 wait_ms;
	const char *why;
};

void pf_mbox_init(struct pf_mbox *mb, u64 now_ms);
int pf_mbox_request(struct pf_mbox *mb, struct pf_policy *p, u32 vf,
		    u32 msg[HW_MBOX_WORDS], u64 now_ms, struct pf_mbox_answer *a);
/* VF acknowledged something: 1: write msg[0], ring STS; 0: nothing */
int pf_mbox_acked(struct pf_mbox *mb, u32 vf, u32 *msg, u64 now_ms);
/* VFLRE: apply the tables afterwards */
void pf_mbox_flr(struct pf_mbox *mb, struct pf_policy *p, u32 vf);
/* The PF goes down or was reset: nobody is known any more */
void pf_mbox_forget_all(struct pf_mbox *mb);
/* Word 0 of PF_CONTROL for this VF: "look at the link" or "start over" */
u32 pf_mbox_control(const struct pf_mbox *mb, const struct pf_policy *p, u32 vf);

#endif /* PF_MBOX_H */
