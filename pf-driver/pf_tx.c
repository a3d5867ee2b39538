// SPDX-License-Identifier: GPL-2.0-only
/* The transmit queue (hw/tx_queue.h) of a PF. */
#include "pf.h"

/**
 * pf_tx_start() - Enable the queue
 * @pf: the device
 *
 * Context: process, under pf->lock; sleeps.
 * Return: 0 or the errno of pf_hw_tx_start().
 */
int pf_tx_start(struct pf_dev *pf)
{
	struct hw_tx_queue *tx = &pf->tx;
	unsigned int hwq = pf->nr_vfs;
	int err;

	hw_tx_reset(tx);
	tx->tail = PF_TDT(hwq);
	err = pf_hw_tx_start(&pf->io, hwq, tx->dma, tx->count);
	if (!err)
		hw_tx_go(tx);
	return err;
}

/**
 * pf_tx_stop() - Undo pf_tx_start(); frames not yet sent are dropped
 * @pf: the device; the NIC's queues are disabled
 *
 * Context: process, under pf->lock; sleeps.
 */
void pf_tx_stop(struct pf_dev *pf)
{
	hw_tx_halt(&pf->tx);
}

/**
 * pf_tx_xmit() - ndo_start_xmit, also of capture mode, where the frame is discarded
 * @skb: frame, linear since we offer no NETIF_F_SG
 * @netdev: the interface
 *
 * Context: tx lock held, softirqs off.
 * Return: as hw_tx_xmit().
 */
netdev_tx_t pf_tx_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct pf_dev *pf = netdev_priv(netdev);

	return hw_tx_xmit(&pf->tx, skb, READ_ONCE(pf->capture));
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
	struct pf_dev *pf = container_of(napi, struct pf_dev, tx.napi);

	if (hw_tx_clean(&pf->tx, budget))
		hw_wr32(&pf->io, PF_EIMS, BIT(PF_VECTOR_TX));
	return 0;
}
