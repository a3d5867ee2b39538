/* SPDX-License-Identifier: GPL-2.0-only */
/* Mailbox client: what the VF asks of its PF. */
#ifndef VF_MBOX_H
#define VF_MBOX_H

#include "../hw/bits.h"
#include "../hw/mbox.h"

/**
 * struct vf_mbox_stats - what happened to our messages
 * @sent: messages handed to the PF
 * @acks: granted
 * @nacks: refused
 * @timeouts: neither read nor answered in time, or the buffer stayed locked
 * @bad_replies: answers that fit no question
 * @pf_messages: unasked messages from the PF
 */
struct vf_mbox_stats {
	u64 sent;
	u64 acks;
	u64 nacks;
	u64 timeouts;
	u64 bad_replies;
	u64 pf_messages;
};

/**
 * struct vf_mbox - one VF's end of the mailbox
 * @io: registers
 * @seen: read-to-clear bits met and not used yet, by whoever reads first
 * @dead: no answer in time; nothing more is sent until a reset succeeds
 * @lost: the PF said that it does not know us any more
 * @stats: for ethtool
 *
 * All but vf_mbox_peek() need the owner's mutex; that one may run anywhere.
 */
struct vf_mbox {
	const struct hw_io *io;
	atomic_t seen;
	bool dead;
	bool lost;
	struct vf_mbox_stats stats;
};

enum vf_mbox_event {
	VF_MBOX_QUIET,	/* nothing new */
	VF_MBOX_LINK,	/* the PF lives and says: look at the link */
	VF_MBOX_RESET,	/* start over with vf_mbox_reset() */
};

void vf_mbox_init(struct vf_mbox *mb, const struct hw_io *io);
u32 vf_mbox_peek(struct vf_mbox *mb);
enum vf_mbox_event vf_mbox_check(struct vf_mbox *mb);
int vf_mbox_reset(struct vf_mbox *mb, u8 *mac);
int vf_mbox_set_mac(struct vf_mbox *mb, const u8 *mac);
int vf_mbox_set_multicast(struct vf_mbox *mb, const u16 *hash, int n);
int vf_mbox_set_vlan(struct vf_mbox *mb, u16 vid, bool add);
int vf_mbox_set_lpe(struct vf_mbox *mb, u32 frame_max);
int vf_mbox_set_promisc(struct vf_mbox *mb, u32 flags);

#endif /* VF_MBOX_H */
