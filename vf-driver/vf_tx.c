// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transmit queue, of both modes. The stack's frames are one piece each (no
 * offloads) and go out in standard mode only; frames that the engine forwards
 * may lie on several pages and go out in both.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include "vf.h"

/* Stop the stack when fewer are free, go on when twice as many are. */
enum { TX_SPARE = 4 };

static u32 tx_free(const struct vf_txq *tx)
{
	/* one descriptor stays free: TDT == TDH means empty */
	return VF_TX_COUNT - 1 - (READ_ONCE(tx->head) - READ_ONCE(tx->done));
}

/**
 * vf_tx_create() - Transmit memory
 * @vf: the device
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
int vf_tx_create(struct vf_dev *vf)
{
	struct vf_txq *tx = &vf->tx;

	tx->desc = dma_alloc_coherent(&vf->pdev->dev,
				      VF_TX_COUNT * sizeof(*tx->desc),
				      &tx->dma, GFP_KERNEL);
	if (!tx->desc)
		return -ENOMEM;
	tx->slot = kcalloc(VF_TX_COUNT, sizeof(*tx->slot), GFP_KERNEL);
	if (!tx->slot) {
		dma_free_coherent(&vf->pdev->dev,
				  VF_TX_COUNT * sizeof(*tx->desc), tx->desc,
				  tx->dma);
		tx->desc = NULL;
		return -ENOMEM;
	}
	return 0;
}

/**
 * vf_tx_destroy() - Undo vf_tx_create(); nothing when there is nothing
 * @vf: the device, stopped
 */
void vf_tx_destroy(struct vf_dev *vf)
{
	struct vf_txq *tx = &vf->tx;

	if (!tx->desc)
		return;
	kfree(tx->slot);
	dma_free_coherent(&vf->pdev->dev, VF_TX_COUNT * sizeof(*tx->desc),
			  tx->desc, tx->dma);
	memset(tx, 0, sizeof(*tx));
}

/**
 * vf_tx_start() - Enable the queue
 * @vf: the device
 *
 * Context: process, under vf->lock; sleeps.
 * Return: 0 or the errno of vf_hw_tx_start().
 */
int vf_tx_start(struct vf_dev *vf)
{
	struct vf_txq *tx = &vf->tx;
	int err;

	memset(tx->desc, 0, VF_TX_COUNT * sizeof(*tx->desc));
	tx->head = 0;
	tx->done = 0;
	err = vf_hw_tx_start(&vf->io, tx->dma, VF_TX_COUNT);
	if (err)
		return err;
	netdev_reset_queue(vf->netdev);
	napi_enable(&vf->napi_tx);
	netif_tx_lock_bh(vf->netdev);
	tx->live = true;
	netif_tx_unlock_bh(vf->netdev);
	return 0;
}

static void unmap_slot(struct vf_dev *vf, struct vf_tx_slot *s)
{
	if (s->skb)
		dma_unmap_single(&vf->pdev->dev, s->dma, s->len, DMA_TO_DEVICE);
	else
		dma_unmap_page(&vf->pdev->dev, s->dma, s->len, DMA_TO_DEVICE);
}

/* The descriptors of the oldest frame, all of them; returns its last slot. */
static struct vf_tx_slot *finish_frame(struct vf_dev *vf, u32 *done)
{
	struct vf_txq *tx = &vf->tx;
	u32 last = tx->slot[*done % VF_TX_COUNT].last;

	for (; *done != last + 1; (*done)++)
		unmap_slot(vf, &tx->slot[*done % VF_TX_COUNT]);
	return &tx->slot[last % VF_TX_COUNT];
}

/**
 * vf_tx_stop() - Undo vf_tx_start(); frames not yet sent are dropped
 * @vf: the device; the NIC's queues are disabled
 *
 * Context: process, under vf->lock; sleeps.
 */
void vf_tx_stop(struct vf_dev *vf)
{
	struct vf_txq *tx = &vf->tx;

	netif_tx_lock_bh(vf->netdev);
	tx->live = false;
	netif_tx_unlock_bh(vf->netdev);
	napi_disable(&vf->napi_tx);
	while (tx->done != tx->head) {
		struct vf_tx_slot *s = finish_frame(vf, &tx->done);

		if (s->skb)
			dev_kfree_skb_any(s->skb);
		else
			s->frame->done(s->frame, false);
	}
}

/**
 * vf_tx_pending() - Does the NIC still have frames to send?
 * @vf: the device
 *
 * Return: true when there are, as far as we have seen.
 */
bool vf_tx_pending(const struct vf_dev *vf)
{
	return READ_ONCE(vf->tx.head) != READ_ONCE(vf->tx.done);
}

/* Descriptors before @head are filled; the NIC may have them. */
static void publish(struct vf_dev *vf, u32 head)
{
	struct vf_txq *tx = &vf->tx;

	/* pairs with the acquire in vf_tx_poll(): slots before head */
	smp_store_release(&tx->head, head);
	hw_wr32(&vf->io, VF_TDT, head % VF_TX_COUNT);
	if (tx_free(tx) >= TX_SPARE)
		return;
	netif_stop_queue(vf->netdev);
	/* pairs with smp_mb() in vf_tx_poll() */
	smp_mb();
	if (tx_free(tx) >= 2 * TX_SPARE)
		netif_start_queue(vf->netdev);
}

/**
 * vf_tx_xmit() - ndo_start_xmit, also of capture mode
 * @skb: frame, linear since we offer no NETIF_F_SG
 * @netdev: the interface
 *
 * In capture mode, and whenever the ring is not live, the frame is discarded.
 *
 * Context: tx lock held, softirqs off.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if the ring is full after all.
 */
netdev_tx_t vf_tx_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct vf_dev *vf = netdev_priv(netdev);
	struct device *dev = &vf->pdev->dev;
	struct vf_txq *tx = &vf->tx;
	struct vf_tx_slot *s;
	dma_addr_t dma;

	if (!tx->live || READ_ONCE(vf->capture)) {
		vf->counters.tx_discarded++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	if (unlikely(!tx_free(tx))) {
		netif_stop_queue(netdev);
		return NETDEV_TX_BUSY;
	}
	if (eth_skb_pad(skb)) {
		vf->counters.tx_dropped++;
		return NETDEV_TX_OK;
	}
	dma = dma_map_single(dev, skb->data, skb->len, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, dma)) {
		vf->counters.tx_dropped++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	s = &tx->slot[tx->head % VF_TX_COUNT];
	*s = (struct vf_tx_slot){
		.skb = skb, .dma = dma, .len = skb->len, .last = tx->head,
	};
	hw_tx_desc_fill(&tx->desc[tx->head % VF_TX_COUNT], dma, skb->len);
	vf->counters.tx_frames++;
	vf->counters.tx_bytes += skb->len;
	netdev_sent_queue(netdev, skb->len);
	skb_tx_timestamp(skb);
	publish(vf, tx->head + 1);
	return NETDEV_TX_OK;
}

/* Fill descriptors from @head on; false when a page cannot be mapped. */
static bool fill_frame(struct vf_dev *vf, struct cap_tx_frame *f, u32 head)
{
	struct device *dev = &vf->pdev->dev;
	struct vf_txq *tx = &vf->tx;
	u32 i;

	for (i = 0; i < f->nr; i++) {
		const struct cap_tx_piece *p = &f->piece[i];
		u32 at = (head + i) % VF_TX_COUNT;
		dma_addr_t dma = dma_map_page(dev, p->page, p->offset, p->len,
					      DMA_TO_DEVICE);

		if (dma_mapping_error(dev, dma))
			break;
		tx->slot[at] = (struct vf_tx_slot){
			.frame = f, .dma = dma, .len = p->len,
			.last = head + f->nr - 1,
		};
		hw_tx_desc_piece(&tx->desc[at], dma, p->len, f->len,
				 i + 1 == f->nr);
	}
	if (i == f->nr)
		return true;
	while (i--)
		unmap_slot(vf, &tx->slot[(head + i) % VF_TX_COUNT]);
	return false;
}

/**
 * vf_tx_send() - Queue frames that the engine forwards
 * @nicq: the device
 * @f: frames
 * @n: how many
 *
 * Context: process; takes the tx lock.
 * Return: frames taken; -ENETDOWN without a link or a running ring.
 */
int vf_tx_send(void *nicq, struct cap_tx_frame **f, int n)
{
	struct vf_dev *vf = nicq;
	struct vf_txq *tx = &vf->tx;
	int i = -ENETDOWN;
	u32 head;

	netif_tx_lock_bh(vf->netdev);
	if (tx->live && netif_carrier_ok(vf->netdev)) {
		head = tx->head;
		for (i = 0; i < n; i++) {
			u32 left = tx_free(tx) - (head - tx->head);

			if (left < f[i]->nr || !fill_frame(vf, f[i], head))
				break;
			head += f[i]->nr;
		}
		if (i)
			publish(vf, head);
	}
	netif_tx_unlock_bh(vf->netdev);
	return i;
}

/**
 * vf_tx_poll() - Free what has been sent
 * @napi: vector 0's
 * @budget: 0 when called by netpoll
 *
 * Context: softirq.
 * Return: 0: always finished.
 */
int vf_tx_poll(struct napi_struct *napi, int budget)
{
	struct vf_dev *vf = container_of(napi, struct vf_dev, napi_tx);
	u32 frames = 0, bytes = 0, done = vf->tx.done;
	struct vf_txq *tx = &vf->tx;

	/* pairs with the release in publish() */
	while (done != smp_load_acquire(&tx->head)) {
		u32 last = tx->slot[done % VF_TX_COUNT].last;
		struct vf_tx_slot *s;

		if (!hw_tx_desc_done(&tx->desc[last % VF_TX_COUNT]))
			break;
		s = finish_frame(vf, &done);
		if (s->skb) {
			frames++;
			bytes += s->len;
			napi_consume_skb(s->skb, budget);
		} else {
			s->frame->done(s->frame, true);
		}
	}
	WRITE_ONCE(tx->done, done);
	netdev_completed_queue(vf->netdev, frames, bytes);
	/* pairs with smp_mb() in publish() */
	smp_mb();
	if (netif_queue_stopped(vf->netdev) && tx_free(tx) >= 2 * TX_SPARE &&
	    READ_ONCE(tx->live))
		netif_wake_queue(vf->netdev);
	if (napi_complete_done(napi, 0))
		hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_TX));
	return 0;
}
