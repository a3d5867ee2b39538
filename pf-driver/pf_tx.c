// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit queue of standard mode. No offloads, hence every frame to send is
 * one piece and one descriptor. In capture mode frames sent are discarded.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include "pf.h"

/* Stop when fewer are free, go on when twice as many are. */
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
 * @pf: the device, in standard mode
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
	dma_unmap_single(&pf->pdev->dev, s->dma, s->len, DMA_TO_DEVICE);
}

/**
 * pf_tx_stop() - Undo pf_tx_start(); frames not yet sent are dropped
 * @pf: the device; the NIC's queue is disabled
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
		struct pf_tx_slot *s = &tx->slot[tx->done % tx->count];

		unmap_slot(pf, s);
		dev_kfree_skb_any(s->skb);
		tx->done++;
	}
}

static void queue_frame(struct pf_dev *pf, struct sk_buff *skb, dma_addr_t dma)
{
	struct pf_txq *tx = &pf->txq;
	u32 i = tx->head % tx->count;

	tx->slot[i].skb = skb;
	tx->slot[i].dma = dma;
	tx->slot[i].len = skb->len;
	hw_tx_desc_fill(&tx->desc[i], dma, skb->len);
	tx->counters.frames++;
	tx->counters.bytes += skb->len;
	netdev_sent_queue(pf->netdev, skb->len);
	skb_tx_timestamp(skb);
	/* pairs with the acquire in pf_tx_poll(): slot before head */
	smp_store_release(&tx->head, tx->head + 1);
	hw_wr32(&pf->io, PF_TDT(tx->hwq), tx->head % tx->count);
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
	dma_addr_t dma;

	if (!tx->live) {
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
	queue_frame(pf, skb, dma);
	if (tx_free(tx) < TX_SPARE) {
		netif_stop_queue(netdev);
		/* pairs with smp_mb() in pf_tx_poll() */
		smp_mb();
		if (tx_free(tx) >= 2 * TX_SPARE)
			netif_start_queue(netdev);
	}
	return NETDEV_TX_OK;
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

	/* pairs with the release in queue_frame() */
	while (done != smp_load_acquire(&tx->head)) {
		struct pf_tx_slot *s = &tx->slot[done % tx->count];

		if (!hw_tx_desc_done(&tx->desc[done % tx->count]))
			break;
		frames++;
		bytes += s->len;
		unmap_slot(pf, s);
		napi_consume_skb(s->skb, budget);
		done++;
	}
	WRITE_ONCE(tx->done, done);
	netdev_completed_queue(pf->netdev, frames, bytes);
	/* pairs with smp_mb() in pf_tx_xmit() */
	smp_mb();
	if (netif_queue_stopped(pf->netdev) && tx_free(tx) >= 2 * TX_SPARE &&
	    READ_ONCE(tx->live))
		netif_wake_queue(pf->netdev);
	if (napi_complete_done(napi, 0))
		hw_wr32(&pf->io, PF_EIMS, BIT(PF_VECTOR_TX));
	return 0;
}
