// SPDX-License-Identifier: GPL-2.0-only
/* The transmit queue (hw/tx_queue.h) of a VF. */
#include "vf.h"

/**
 * vf_tx_start() - Enable the queue
 * @vf: the device
 *
 * Context: process, under vf->lock; sleeps.
 * Return: 0 or the errno of vf_hw_tx_start().
 */
int vf_tx_start(struct vf_dev *vf)
{
	struct hw_tx_queue *tx = &vf->tx;
	int err;

	hw_tx_reset(tx);
	tx->tail = VF_TDT;
	err = vf_hw_tx_start(&vf->io, tx->dma, tx->count);
	if (!err)
		hw_tx_go(tx);
	return err;
}

/**
 * vf_tx_stop() - Undo vf_tx_start(); frames not yet sent are dropped
 * @vf: the device; the NIC's queues are disabled
 *
 * Context: process, under vf->lock; sleeps.
 */
void vf_tx_stop(struct vf_dev *vf)
{
	hw_tx_halt(&vf->tx);
}

/**
 * vf_tx_xmit() - ndo_start_xmit, also of capture mode, where the frame is discarded
 * @skb: frame, linear since we offer no NETIF_F_SG
 * @netdev: the interface
 *
 * Context: tx lock held, softirqs off.
 * Return: as hw_tx_xmit().
 */
netdev_tx_t vf_tx_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct vf_dev *vf = netdev_priv(netdev);

	return hw_tx_xmit(&vf->tx, skb, READ_ONCE(vf->capture));
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
	struct vf_dev *vf = container_of(napi, struct vf_dev, tx.napi);

	if (hw_tx_clean(&vf->tx, budget))
		hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_TX));
	return 0;
}
