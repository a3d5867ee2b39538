// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transmit queue, of both modes. The stack's frames are one piece each (no
 * offloads) and go out in standard mode only; frames that the engine forwards
 * may lie on several pages and go out in both.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include "pf.h"

/* Stop the stack when fewer are free, go on when twice as many are. */
enum { TX_SPARE = 4 };

static u32 tx_free(const struct pf_txq *tx)
{
	/* one descriptor stays free: TDT == TDH means empty */
	return tx->count - 1 - (READ_ONCE(tx->head) - READ_ONCE(tx->done));
}

/**
 * pf_tx_create() - Transmit memory
 * @pf: the device
 *
 * Context: process, under pf->lock; sleeps.
 * Return: 0 or -ENOMEM.
 */
int pf_tx_create(struct pf_dev *pf)
{
	struct pf_txq *tx = &pf->txq;

	tx->count = pf->tx_count;
	tx->desc = dma_alloc_coherent(&pf->pdev->dev,
				      tx->count * sizeof(*tx->desc), &tx->dma,
				      GFP_KERNEL);
	if (!tx->desc)
		return -ENOMEM;
	tx->slot = kvcalloc(tx->count, sizeof(*tx->slot), GFP_KERNEL);
	if (!tx->slot) {
		dma_free_coherent(&pf->pdev->dev,
				  tx->count * sizeof(*tx->desc), tx->desc,
				  tx->dma);
		tx->desc = NULL;
		return -ENOMEM;
	}
	return 0;
}

/**
 * pf_tx_destroy() - Undo pf_tx_create(); nothing when there is nothing
 * @pf: the device, stopped
 */
void pf_tx_destroy(struct pf_dev *pf)
{
	struct pf_txq *tx = &pf->txq;

	if (!tx->desc)
		return;
	kvfree(tx->slot);
	dma_free_coherent(&pf->pdev->dev, tx->count * sizeof(*tx->desc),
			  tx->desc, tx->dma);
	tx->slot = NULL;
	tx->desc = NULL;
}

/**
 * pf_tx_start() - Enable the queue
 * @pf: the device
 *
 * Context: process, under pf->lock; sleeps.
 * Return: 0 or the errno of pf_hw_tx_start().
 */
int pf_tx_start(struct pf_dev *pf)
{
	struct pf_txq *tx = &pf->txq;
	int err;

	memset(tx->desc, 0, tx->count * sizeof(*tx->desc));
	tx->head = 0;
	tx->done = 0;
	tx->hwq = pf->nr_vfs;
	err = pf_hw_tx_start(&pf->io, tx->hwq, tx->dma, tx->count);
	if (err)
		return err;
	netdev_reset_queue(pf->netdev);
	napi_enable(&tx->napi);
	netif_tx_lock_bh(pf->netdev);
	tx->live = true;
	netif_tx_unlock_bh(pf->netdev);
	return 0;
}

static void unmap_slot(struct pf_dev *pf, struct pf_tx_slot *s)
{
	if (s->skb)
		dma_unmap_single(&pf->pdev->dev, s->dma, s->len, DMA_TO_DEVICE);
	else
		dma_unmap_page(&pf->pdev->dev, s->dma, s->len, DMA_TO_DEVICE);
}

/* The descriptors of the oldest frame, all of them; returns its last slot. */
static struct pf_tx_slot *finish_frame(struct pf_dev *pf, u32 *done)
{
	struct pf_txq *tx = &pf->txq;
	u32 last = tx->slot[*done % tx->count].last;

	for (; *done != last + 1; (*done)++)
		unmap_slot(pf, &tx->slot[*done % tx->count]);
	return &tx->slot[last % tx->count];
}

/**
 * pf_tx_stop() - Undo pf_tx_start(); frames not yet sent are dropped
 * @pf: the device; the NIC's queues are disabled
 *
 * Context: process, under pf->lock; sleeps.
 */
void pf_tx_stop(struct pf_dev *pf)
{
	struct pf_txq *tx = &pf->txq;

	netif_tx_lock_bh(pf->netdev);
	tx->live = false;
	netif_tx_unlock_bh(pf->netdev);
	napi_disable(&tx->napi);
	while (tx->done != tx->head) {
		struct pf_tx_slot *s = finish_frame(pf, &tx->done);

		if (s->skb)
			dev_kfree_skb_any(s->skb);
		else
			s->frame->done(s->frame, false);
	}
}

/**
 * pf_tx_pending() - Does the NIC still have frames to send?
 * @pf: the device
 *
 * Return: true when there are, as far as we have seen.
 */
bool pf_tx_pending(const struct pf_dev *pf)
{
	return READ_ONCE(pf->txq.head) != READ_ONCE(pf->txq.done);
}

/* Descriptors before @head are filled; the NIC may have them. */
static void publish(struct pf_dev *pf, u32 head)
{
	struct pf_txq *tx = &pf->txq;

	/* pairs with the acquire in pf_tx_poll(): slots before head */
	smp_store_release(&tx->head, head);
	hw_wr32(&pf->io, PF_TDT(tx->hwq), head % tx->count);
	if (tx_free(tx) >= TX_SPARE)
		return;
	netif_stop_queue(pf->netdev);
	/* pairs with smp_mb() in pf_tx_poll() */
	smp_mb();
	if (tx_free(tx) >= 2 * TX_SPARE)
		netif_start_queue(pf->netdev);
}

/**
 * pf_tx_xmit() - ndo_start_xmit, also of capture mode
 * @skb: frame, linear since we offer no NETIF_F_SG
 * @netdev: the interface
 *
 * In capture mode, and whenever the ring is not live, the frame is discarded.
 *
 * Context: tx lock held, softirqs off.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if the ring is full after all.
 */
netdev_tx_t pf_tx_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct pf_dev *pf = netdev_priv(netdev);
	struct device *dev = &pf->pdev->dev;
	struct pf_txq *tx = &pf->txq;
	struct pf_tx_slot *s;
	dma_addr_t dma;

	if (!tx->live || READ_ONCE(pf->capture)) {
		tx->counters.discarded++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	if (unlikely(!tx_free(tx))) {
		netif_stop_queue(netdev);
		return NETDEV_TX_BUSY;
	}
	if (eth_skb_pad(skb)) {
		tx->counters.dropped++;
		return NETDEV_TX_OK;
	}
	dma = dma_map_single(dev, skb->data, skb->len, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, dma)) {
		tx->counters.dropped++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	s = &tx->slot[tx->head % tx->count];
	*s = (struct pf_tx_slot){
		.skb = skb, .dma = dma, .len = skb->len, .last = tx->head,
	};
	hw_tx_desc_fill(&tx->desc[tx->head % tx->count], dma, skb->len);
	tx->counters.frames++;
	tx->counters.bytes += skb->len;
	netdev_sent_queue(netdev, skb->len);
	skb_tx_timestamp(skb);
	publish(pf, tx->head + 1);
	return NETDEV_TX_OK;
}

/* Fill descriptors from @head on; false when a page cannot be mapped. */
static bool fill_frame(struct pf_dev *pf, struct cap_tx_frame *f, u32 head)
{
	struct device *dev = &pf->pdev->dev;
	struct pf_txq *tx = &pf->txq;
	u32 i;

	for (i = 0; i < f->nr; i++) {
		const struct cap_tx_piece *p = &f->piece[i];
		u32 at = (head + i) % tx->count;
		dma_addr_t dma = dma_map_page(dev, p->page, p->offset, p->len,
					      DMA_TO_DEVICE);

		if (dma_mapping_error(dev, dma))
			break;
		tx->slot[at] = (struct pf_tx_slot){
			.frame = f, .dma = dma, .len = p->len,
			.last = head + f->nr - 1,
		};
		hw_tx_desc_piece(&tx->desc[at], dma, p->len, f->len,
				 i + 1 == f->nr);
	}
	if (i == f->nr)
		return true;
	while (i--)
		unmap_slot(pf, &tx->slot[(head + i) % tx->count]);
	return false;
}

/**
 * pf_tx_send() - Queue frames that the engine forwards
 * @pf: the device
 * @f: frames
 * @n: how many
 *
 * Context: process; takes the tx lock.
 * Return: frames taken; -ENETDOWN without a link or a running ring.
 */
int pf_tx_send(struct pf_dev *pf, struct cap_tx_frame **f, int n)
{
	struct pf_txq *tx = &pf->txq;
	int i = -ENETDOWN;
	u32 head;

	netif_tx_lock_bh(pf->netdev);
	if (tx->live && netif_carrier_ok(pf->netdev)) {
		head = tx->head;
		for (i = 0; i < n; i++) {
			u32 left = tx_free(tx) - (head - tx->head);

			if (left < f[i]->nr || !fill_frame(pf, f[i], head))
				break;
			head += f[i]->nr;
		}
		if (i)
			publish(pf, head);
	}
	netif_tx_unlock_bh(pf->netdev);
	return i;
}

/**
 * pf_tx_poll() - Free what has been sent
 * @napi: of the transmit queue
 * @budget: 0 when called by netpoll
 *
 * Context: softirq.
 * Return: 0: always finished.
 */
int pf_tx_poll(struct napi_struct *napi, int budget)
{
	struct pf_txq *tx = container_of(napi, struct pf_txq, napi);
	struct pf_dev *pf = container_of(tx, struct pf_dev, txq);
	u32 frames = 0, bytes = 0, done = tx->done;

	/* pairs with the release in publish() */
	while (done != smp_load_acquire(&tx->head)) {
		u32 last = tx->slot[done % tx->count].last;
		struct pf_tx_slot *s;

		if (!hw_tx_desc_done(&tx->desc[last % tx->count]))
			break;
		s = finish_frame(pf, &done);
		if (s->skb) {
			frames++;
			bytes += s->len;
			napi_consume_skb(s->skb, budget);
		} else {
			s->frame->done(s->frame, true);
		}
	}
	WRITE_ONCE(tx->done, done);
	netdev_completed_queue(pf->netdev, frames, bytes);
	/* pairs with smp_mb() in publish() */
	smp_mb();
	if (netif_queue_stopped(pf->netdev) && tx_free(tx) >= 2 * TX_SPARE &&
	    READ_ONCE(tx->live))
		netif_wake_queue(pf->netdev);
	if (napi_complete_done(napi, 0))
		hw_wr32(&pf->io, PF_EIMS, BIT(PF_VECTOR_TX));
	return 0;
}
