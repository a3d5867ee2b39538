// SPDX-License-Identifier: GPL-2.0-only
/*
 * Standard mode: frames to and from the network stack. Received frames are
 * copied, so that buffers never leave the ring and both modes share it. No
 * offloads, hence every frame to send is one piece and one descriptor.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>
#include "vf.h"

/* Stop when fewer are free, go on when twice as many are. */
enum { TX_SPARE = 4 };

static u32 tx_free(const struct vf_txq *tx)
{
	/* one descriptor stays free: TDT == TDH means empty */
	return VF_TX_COUNT - 1 - (READ_ONCE(tx->head) - READ_ONCE(tx->done));
}

/**
 * vf_std_create() - Transmit memory
 * @vf: the device
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
int vf_std_create(struct vf_dev *vf)
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
 * vf_std_destroy() - Undo vf_std_create(); nothing when there is nothing
 * @vf: the device, stopped
 */
void vf_std_destroy(struct vf_dev *vf)
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
 * vf_std_start() - Enable both directions of the stack's data path
 * @vf: the device; the receive queue is enabled, its tail not yet moved
 *
 * Context: process, under vf->lock; sleeps.
 * Return: 0 or the errno of vf_hw_tx_start().
 */
int vf_std_start(struct vf_dev *vf)
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
	napi_enable(&vf->napi_rx);
	netif_tx_lock_bh(vf->netdev);
	tx->live = true;
	netif_tx_unlock_bh(vf->netdev);
	return 0;
}

static void unmap_slot(struct vf_dev *vf, struct vf_tx_slot *s)
{
	dma_unmap_single(&vf->pdev->dev, s->dma, s->len, DMA_TO_DEVICE);
}

/**
 * vf_std_stop() - Undo vf_std_start(); frames not yet sent are dropped
 * @vf: the device; the NIC's queues are disabled
 *
 * Context: process, under vf->lock; sleeps.
 */
void vf_std_stop(struct vf_dev *vf)
{
	struct vf_txq *tx = &vf->tx;

	netif_tx_lock_bh(vf->netdev);
	tx->live = false;
	netif_tx_unlock_bh(vf->netdev);
	napi_disable(&vf->napi_rx);
	napi_disable(&vf->napi_tx);
	while (tx->done != tx->head) {
		struct vf_tx_slot *s = &tx->slot[tx->done % VF_TX_COUNT];

		unmap_slot(vf, s);
		dev_kfree_skb_any(s->skb);
		tx->done++;
	}
}

/**
 * vf_std_xmit() - ndo_start_xmit, also of capture mode
 * @skb: frame, linear since we offer no NETIF_F_SG
 * @netdev: the interface
 *
 * In capture mode, and whenever the ring is not live, the frame is discarded.
 *
 * Context: tx lock held, softirqs off.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY if the ring is full after all.
 */
netdev_tx_t vf_std_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct vf_dev *vf = netdev_priv(netdev);
	struct device *dev = &vf->pdev->dev;
	struct vf_txq *tx = &vf->tx;
	struct vf_tx_slot *s;
	dma_addr_t dma;

	if (!tx->live) {
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
	s->skb = skb;
	s->dma = dma;
	s->len = skb->len;
	hw_tx_desc_fill(&tx->desc[tx->head % VF_TX_COUNT], dma, skb->len);
	vf->counters.tx_frames++;
	vf->counters.tx_bytes += skb->len;
	netdev_sent_queue(netdev, skb->len);
	skb_tx_timestamp(skb);
	/* pairs with the acquire in vf_std_tx_poll(): slot before head */
	smp_store_release(&tx->head, tx->head + 1);
	hw_wr32(&vf->io, VF_TDT, tx->head % VF_TX_COUNT);

	if (tx_free(tx) < TX_SPARE) {
		netif_stop_queue(netdev);
		/* pairs with smp_mb() in vf_std_tx_poll() */
		smp_mb();
		if (tx_free(tx) >= 2 * TX_SPARE)
			netif_start_queue(netdev);
	}
	return NETDEV_TX_OK;
}

/**
 * vf_std_tx_poll() - Free what has been sent
 * @napi: vector 0's
 * @budget: 0 when called by netpoll
 *
 * Context: softirq.
 * Return: 0: always finished.
 */
int vf_std_tx_poll(struct napi_struct *napi, int budget)
{
	struct vf_dev *vf = container_of(napi, struct vf_dev, napi_tx);
	u32 frames = 0, bytes = 0, done = vf->tx.done;
	struct vf_txq *tx = &vf->tx;

	/* pairs with the release in vf_std_xmit() */
	while (done != smp_load_acquire(&tx->head)) {
		struct vf_tx_slot *s = &tx->slot[done % VF_TX_COUNT];

		if (!hw_tx_desc_done(&tx->desc[done % VF_TX_COUNT]))
			break;
		frames++;
		bytes += s->len;
		unmap_slot(vf, s);
		napi_consume_skb(s->skb, budget);
		done++;
	}
	WRITE_ONCE(tx->done, done);
	netdev_completed_queue(vf->netdev, frames, bytes);
	/* pairs with smp_mb() in vf_std_xmit() */
	smp_mb();
	if (netif_queue_stopped(vf->netdev) && tx_free(tx) >= 2 * TX_SPARE &&
	    READ_ONCE(tx->live))
		netif_wake_queue(vf->netdev);
	if (napi_complete_done(napi, 0))
		hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_TX));
	return 0;
}

/* Copy one frame of @nr pieces to the stack. */
static void rx_deliver(struct vf_dev *vf, const struct cap_frame *f, int nr)
{
	struct sk_buff *skb;
	u32 len = 0;
	int i;

	for (i = 0; i < nr; i++)
		len += f[i].len;
	if ((f->flags & CAP_FRAME_ERROR) || len < ETH_HLEN) {
		vf->counters.rx_errors++;
		return;
	}
	skb = napi_alloc_skb(&vf->napi_rx, len);
	if (!skb) {
		vf->counters.rx_dropped++;
		return;
	}
	for (i = 0; i < nr; i++)
		skb_put_data(skb, f[i].data, f[i].len);
	if (f->flags & CAP_FRAME_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), f->vlan_tci);
	vf->counters.rx_frames++;
	vf->counters.rx_bytes += len;
	skb->protocol = eth_type_trans(skb, vf->netdev);
	napi_gro_receive(&vf->napi_rx, skb);
}

/**
 * vf_std_rx_poll() - One batch of received frames
 * @napi: vector 1's
 * @budget: frames; a batch of small ones may be a little larger
 *
 * Context: softirq.
 * Return: @budget when there was something, 0 when the interrupt is on again.
 */
int vf_std_rx_poll(struct napi_struct *napi, int budget)
{
	struct vf_dev *vf = container_of(napi, struct vf_dev, napi_rx);
	struct cap_frame f[CAP_BATCH_MAX / 2];
	int i, n, first = 0;

	if (!budget)
		return 0;
	n = vf_rx_borrow(vf, f, clamp(budget, HW_RX_CHAIN_MAX, CAP_BATCH_MAX / 2));
	for (i = 0; i < n; i++) {
		if (f[i].flags & CAP_FRAME_MORE)
			continue;
		rx_deliver(vf, &f[first], i + 1 - first);
		first = i + 1;
	}
	if (n > 0) {
		vf_rx_return(vf, n);
		return budget;
	}
	/* a frame that came meanwhile left its cause set: it fires now */
	if (napi_complete_done(napi, 0))
		hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_RX));
	return 0;
}
