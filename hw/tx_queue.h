/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A transmit queue, the same on PF and VF. The stack's frames are one piece each
 * (no offloads) and go out in standard mode only; frames that the engine forwards
 * may lie on several pages and go out in both modes. For a driver's one file that
 * knows where the queue's registers are: kernel only, no unit test includes it.
 */
#ifndef HW_TX_QUEUE_H
#define HW_TX_QUEUE_H

#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include "../core/nic_ops.h"
#include "bits.h"
#include "tx_desc.h"

/* Stop the stack when fewer are free, go on when twice as many are. */
#define HW_TX_SPARE	4

/**
 * struct hw_tx_slot - one descriptor's piece of a frame on its way out
 * @skb: the stack's frame, freed when the NIC is done; NULL for
 * @frame: a frame of the engine
 * @dma: its data
 * @len: bytes mapped
 * @last: number of its frame's last descriptor, counted as hw_tx_queue.head
 */
struct hw_tx_slot {
	struct sk_buff *skb;
	struct cap_tx_frame *frame;
	dma_addr_t dma;
	u32 len;
	u32 last;
};

/**
 * struct hw_tx_counters - of the stack's frames; written under the netdev's tx lock
 * @frames: given to the NIC
 * @bytes: of those
 * @dropped: no memory
 * @discarded: sent in capture mode, or while there was no ring
 */
struct hw_tx_counters {
	unsigned long frames;
	unsigned long bytes;
	unsigned long dropped;
	unsigned long discarded;
};

/**
 * struct hw_tx_queue - the transmit queue of both modes
 * @dev: for DMA
 * @netdev: its interface
 * @io: registers
 * @tail: offset of the queue's tail register; set before hw_tx_go()
 * @desc: @count descriptors, shared with the NIC
 * @dma: of the descriptors
 * @slot: @count
 * @count: slots, a power of two: numbers wrap
 * @head: descriptors ever queued; written under the netdev's tx lock
 * @done: descriptors ever finished; written by @napi
 * @live: frames may be queued; changes only while the tx lock keeps xmit out
 * @napi: frees what has been sent
 * @counters: for statistics
 */
struct hw_tx_queue {
	struct device *dev;
	struct net_device *netdev;
	struct hw_io *io;
	u32 tail;
	struct hw_tx_desc *desc;
	dma_addr_t dma;
	struct hw_tx_slot *slot;
	u32 count;
	u32 head;
	u32 done;
	bool live;
	struct napi_struct napi;
	struct hw_tx_counters counters;
};

/**
 * hw_tx_init() - Once, before any interrupt may come
 * @tx: zeroed
 * @dev: for DMA
 * @netdev: its interface
 * @io: registers
 * @poll: NAPI callback that calls hw_tx_clean()
 */
static inline void hw_tx_init(struct hw_tx_queue *tx, struct device *dev,
			      struct net_device *netdev, struct hw_io *io,
			      int (*poll)(struct napi_struct *napi, int budget))
{
	tx->dev = dev;
	tx->netdev = netdev;
	tx->io = io;
	netif_napi_add_tx(netdev, &tx->napi, poll);
}

/**
 * hw_tx_create() - Transmit memory
 * @tx: queue
 * @count: descriptors, a power of two
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
static inline int hw_tx_create(struct hw_tx_queue *tx, u32 count)
{
	tx->count = count;
	tx->desc = dma_alloc_coherent(tx->dev, count * sizeof(*tx->desc), &tx->dma,
				      GFP_KERNEL);
	if (!tx->desc)
		return -ENOMEM;
	tx->slot = kvcalloc(count, sizeof(*tx->slot), GFP_KERNEL);
	if (!tx->slot) {
		dma_free_coherent(tx->dev, count * sizeof(*tx->desc), tx->desc, tx->dma);
		tx->desc = NULL;
		return -ENOMEM;
	}
	return 0;
}

/**
 * hw_tx_destroy() - Undo hw_tx_create(); nothing when there is nothing
 * @tx: queue, stopped
 */
static inline void hw_tx_destroy(struct hw_tx_queue *tx)
{
	if (!tx->desc)
		return;
	kvfree(tx->slot);
	dma_free_coherent(tx->dev, tx->count * sizeof(*tx->desc), tx->desc, tx->dma);
	tx->slot = NULL;
	tx->desc = NULL;
}

/**
 * hw_tx_reset() - An empty ring, before the NIC's queue is enabled
 * @tx: queue, stopped
 */
static inline void hw_tx_reset(struct hw_tx_queue *tx)
{
	memset(tx->desc, 0, tx->count * sizeof(*tx->desc));
	tx->head = 0;
	tx->done = 0;
}

/**
 * hw_tx_go() - Take frames; the NIC's queue is enabled
 * @tx: queue, reset
 *
 * Context: process; sleeps.
 */
static inline void hw_tx_go(struct hw_tx_queue *tx)
{
	netdev_reset_queue(tx->netdev);
	napi_enable(&tx->napi);
	netif_tx_lock_bh(tx->netdev);
	tx->live = true;
	netif_tx_unlock_bh(tx->netdev);
}

/* Where descriptor number @n lies; numbers wrap, so the count is a power of two. */
static inline u32 hw_tx_at(const struct hw_tx_queue *tx, u32 n)
{
	return n & (tx->count - 1);
}

static inline void hw_tx_unmap(struct hw_tx_queue *tx, struct hw_tx_slot *s)
{
	if (s->skb)
		dma_unmap_single(tx->dev, s->dma, s->len, DMA_TO_DEVICE);
	else
		dma_unmap_page(tx->dev, s->dma, s->len, DMA_TO_DEVICE);
}

/* The descriptors of the oldest frame, all of them; returns its last slot. */
static inline struct hw_tx_slot *hw_tx_finish(struct hw_tx_queue *tx, u32 *done)
{
	u32 last = tx->slot[hw_tx_at(tx, *done)].last;

	for (; *done != last + 1; (*done)++)
		hw_tx_unmap(tx, &tx->slot[hw_tx_at(tx, *done)]);
	return &tx->slot[hw_tx_at(tx, last)];
}

/**
 * hw_tx_halt() - Undo hw_tx_go(); frames not yet sent are dropped
 * @tx: queue; the NIC's is disabled
 *
 * Context: process; sleeps.
 */
static inline void hw_tx_halt(struct hw_tx_queue *tx)
{
	netif_tx_lock_bh(tx->netdev);
	tx->live = false;
	netif_tx_unlock_bh(tx->netdev);
	napi_disable(&tx->napi);
	while (tx->done != tx->head) {
		struct hw_tx_slot *s = hw_tx_finish(tx, &tx->done);

		if (s->skb)
			dev_kfree_skb_any(s->skb);
		else
			s->frame->done(s->frame, false);
	}
}

/* Does the NIC still have frames to send, as far as we have seen? */
static inline bool hw_tx_pending(const struct hw_tx_queue *tx)
{
	return READ_ONCE(tx->head) != READ_ONCE(tx->done);
}

/* One descriptor stays free: tail == head means empty. */
static inline u32 hw_tx_free(const struct hw_tx_queue *tx)
{
	return tx->count - 1 - (READ_ONCE(tx->head) - READ_ONCE(tx->done));
}

/* Descriptors before @head are filled; the NIC may have them. */
static inline void hw_tx_publish(struct hw_tx_queue *tx, u32 head)
{
	/* pairs with the acquire in hw_tx_clean(): slots before head */
	smp_store_release(&tx->head, head);
	hw_wr32(tx->io, tx->tail, hw_tx_at(tx, head));
	if (hw_tx_free(tx) >= HW_TX_SPARE)
		return;
	netif_stop_queue(tx->netdev);
	/* pairs with smp_mb() in hw_tx_clean() */
	smp_mb();
	if (hw_tx_free(tx) >= 2 * HW_TX_SPARE)
		netif_start_queue(tx->netdev);
}

/**
 * hw_tx_xmit() - A frame of the stack
 * @tx: queue
 * @skb: frame, linear since we offer no NETIF_F_SG
 * @discard: capture mode: the stack has nothing to say
 *
 * Whenever the ring is not live the frame is discarded, too.
 *
 * Context: tx lock held, softirqs off.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if the ring is full after all.
 */
static inline netdev_tx_t hw_tx_xmit(struct hw_tx_queue *tx, struct sk_buff *skb,
				     bool discard)
{
	dma_addr_t dma;
	u32 at;

	if (!tx->live || discard) {
		tx->counters.discarded++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	if (unlikely(!hw_tx_free(tx))) {
		netif_stop_queue(tx->netdev);
		return NETDEV_TX_BUSY;
	}
	if (eth_skb_pad(skb)) {
		tx->counters.dropped++;
		return NETDEV_TX_OK;
	}
	dma = dma_map_single(tx->dev, skb->data, skb->len, DMA_TO_DEVICE);
	if (dma_mapping_error(tx->dev, dma)) {
		tx->counters.dropped++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	at = hw_tx_at(tx, tx->head);
	tx->slot[at] = (struct hw_tx_slot){
		.skb = skb, .dma = dma, .len = skb->len, .last = tx->head,
	};
	hw_tx_desc_fill(&tx->desc[at], dma, skb->len);
	tx->counters.frames++;
	tx->counters.bytes += skb->len;
	netdev_sent_queue(tx->netdev, skb->len);
	skb_tx_timestamp(skb);
	hw_tx_publish(tx, tx->head + 1);
	return NETDEV_TX_OK;
}

/* Fill descriptors from @head on; false when a page cannot be mapped. */
static inline bool hw_tx_fill(struct hw_tx_queue *tx, struct cap_tx_frame *f, u32 head)
{
	u32 i;

	for (i = 0; i < f->nr; i++) {
		const struct cap_tx_piece *p = &f->piece[i];
		u32 at = hw_tx_at(tx, head + i);
		dma_addr_t dma = dma_map_page(tx->dev, p->page, p->offset, p->len,
					      DMA_TO_DEVICE);

		if (dma_mapping_error(tx->dev, dma))
			break;
		tx->slot[at] = (struct hw_tx_slot){
			.frame = f, .dma = dma, .len = p->len,
			.last = head + f->nr - 1,
		};
		hw_tx_desc_piece(&tx->desc[at], dma, p->len, f->len, i + 1 == f->nr);
	}
	if (i == f->nr)
		return true;
	while (i--)
		hw_tx_unmap(tx, &tx->slot[hw_tx_at(tx, head + i)]);
	return false;
}

/**
 * hw_tx_send() - Queue frames that the engine forwards
 * @tx: queue
 * @f: frames
 * @n: how many
 *
 * Context: process; takes the tx lock.
 * Return: frames taken; -ENETDOWN without a link or a running ring.
 */
static inline int hw_tx_send(struct hw_tx_queue *tx, struct cap_tx_frame **f, int n)
{
	int i = -ENETDOWN;
	u32 head;

	netif_tx_lock_bh(tx->netdev);
	if (tx->live && netif_carrier_ok(tx->netdev)) {
		head = tx->head;
		for (i = 0; i < n; i++) {
			u32 left = hw_tx_free(tx) - (head - tx->head);

			if (left < f[i]->nr || !hw_tx_fill(tx, f[i], head))
				break;
			head += f[i]->nr;
		}
		if (i)
			hw_tx_publish(tx, head);
	}
	netif_tx_unlock_bh(tx->netdev);
	return i;
}

/**
 * hw_tx_clean() - Free what has been sent
 * @tx: queue
 * @budget: of the NAPI poll; 0 when called by netpoll
 *
 * Context: softirq.
 * Return: true: the driver lets the queue's interrupt come again.
 */
static inline bool hw_tx_clean(struct hw_tx_queue *tx, int budget)
{
	u32 frames = 0, bytes = 0, done = tx->done;

	/* pairs with the release in hw_tx_publish() */
	while (done != smp_load_acquire(&tx->head)) {
		u32 last = tx->slot[hw_tx_at(tx, done)].last;
		struct hw_tx_slot *s;

		if (!hw_tx_desc_done(&tx->desc[hw_tx_at(tx, last)]))
			break;
		s = hw_tx_finish(tx, &done);
		if (s->skb) {
			frames++;
			bytes += s->len;
			napi_consume_skb(s->skb, budget);
		} else {
			s->frame->done(s->frame, true);
		}
	}
	WRITE_ONCE(tx->done, done);
	netdev_completed_queue(tx->netdev, frames, bytes);
	/* pairs with smp_mb() in hw_tx_publish() */
	smp_mb();
	if (netif_queue_stopped(tx->netdev) && hw_tx_free(tx) >= 2 * HW_TX_SPARE &&
	    READ_ONCE(tx->live))
		netif_wake_queue(tx->netdev);
	return napi_complete_done(&tx->napi, 0);
}

#endif /* HW_TX_QUEUE_H */
