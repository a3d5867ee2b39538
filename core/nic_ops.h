/* SPDX-License-Identifier: GPL-2.0-only */
/* The socket a NIC plugs into: borrow frames, give them back, say when. */
#ifndef CAP_NIC_OPS_H
#define CAP_NIC_OPS_H

#include "core_env.h"

#define CAP_FRAME_MORE	BIT(0)	/* the frame goes on in the next element */
#define CAP_FRAME_ERROR	BIT(1)	/* damaged: count it, do not store it */
#define CAP_FRAME_VLAN	BIT(2)	/* the NIC took the 802.1Q tag out */
#define CAP_FRAME_HASH	BIT(3)	/* the NIC computed a hash of its flow */
#define CAP_FRAME_STAMP	BIT(4)	/* the NIC stamped it */

/* What does not change how a frame is stored. */
#define CAP_FRAME_HINTS	(CAP_FRAME_HASH | CAP_FRAME_STAMP)

/* Frame pieces one batch may hold, and thus the longest chain. */
#define CAP_BATCH_MAX	64
/* More pieces than these no NIC makes of a frame. */
#define CAP_CHAIN_MAX	16

/**
 * struct cap_frame - one frame, or one piece of a long one
 * @data: NIC buffer, borrowed until rx_return()
 * @len: bytes in this piece, without FCS
 * @flags: CAP_FRAME_*; all but MORE are valid on a frame's first piece
 * @vlan_tci: tag to put back behind the addresses when CAP_FRAME_VLAN is set
 * @hash: of the flow, when CAP_FRAME_HASH is set
 * @pad: zero
 * @stamp: the NIC's counter when it came, when CAP_FRAME_STAMP is set
 */
struct cap_frame {
	const u8 *data;
	u32 len;
	u16 flags;
	u16 vlan_tci;
	u32 hash;
	u32 pad;
	u64 stamp;
};

/* A frame of 9234 bytes lies on four pages at most; one more for its new head. */
#define CAP_TX_PIECES	5

struct page;

/**
 * struct cap_tx_piece - bytes of a frame to send, contiguous
 * @page: first page of them
 * @offset: of the first byte
 * @len: bytes
 */
struct cap_tx_piece {
	struct page *page;
	u32 offset;
	u32 len;
};

/**
 * struct cap_tx_frame - a frame to send
 * @piece: where it lies
 * @nr: pieces, 1..CAP_TX_PIECES
 * @len: bytes of all pieces, 60 or more, without FCS
 * @done: the driver calls it once for each frame that tx_send() took, when the
 *	NIC needs the pieces no more; @sent is false when the frame was dropped.
 *	Any context but hard interrupt
 */
struct cap_tx_frame {
	struct cap_tx_piece piece[CAP_TX_PIECES];
	u32 nr;
	u32 len;
	void (*done)(struct cap_tx_frame *f, bool sent);
};

/**
 * struct cap_nic_ops - what a driver gives the engine for one receive queue
 * @rx_borrow: fill up to @max elements (at most CAP_BATCH_MAX) with received
 *	pieces, whole frames only, in order; return how many, 0 when idle, a
 *	negative errno when the device is gone. May be called again before
 *	rx_return(): each call goes on where the last one ended
 * @rx_return: give back the oldest @n borrowed pieces to the NIC
 * @irq_arm: let the next frame raise an interrupt (the driver's handler calls
 *	cap_queue_kick()); true when frames have come already and the caller
 *	must not sleep
 * @irq_disarm: no more interrupts from this queue
 * @read_losses: add what the NIC dropped since the last call to
 *	@missed (packet memory) and @no_buffer (descriptors), frames
 * @read_clock: the counter that frames are stamped by, now; NULL when they are
 *	not; false when it cannot be read
 * @tx_send: queue @n frames behind those that wait; return how many were taken,
 *	from the first on, 0 when there is no room; -ENETDOWN without a link or
 *	a running ring. Process context, one caller at a time; NULL when this
 *	NIC cannot
 *
 * All but read_losses() and tx_send() are called from the queue's poll thread only;
 * read_losses() from any process context. None may sleep or take a lock that
 * its caller could hold.
 */
struct cap_nic_ops {
	int (*rx_borrow)(void *nicq, struct cap_frame *f, int max);
	void (*rx_return)(void *nicq, int n);
	bool (*irq_arm)(void *nicq);
	void (*irq_disarm)(void *nicq);
	void (*read_losses)(void *nicq, u64 *missed, u64 *no_buffer);
	bool (*read_clock)(void *nicq, u64 *raw);
	int (*tx_send)(void *nicq, struct cap_tx_frame **f, int n);
};

#endif /* CAP_NIC_OPS_H */
