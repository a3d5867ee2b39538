// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive queues: the socket of the capture engine (core/nic_ops.h), and the way
 * to the network stack.
 */
#include "pf.h"

/**
 * pf_rx_resize_locked() - Memory for so many queues
 * @pf: the device, no queue running
 * @nr: 0..PF_QUEUES_MAX
 *
 * What is too much is given back, what is missing is made.
 *
 * Context: process, under pf->lock; sleeps.
 * Return: 0, or -ENOMEM: there are then as many as before.
 */
int pf_rx_resize_locked(struct pf_dev *pf, unsigned int nr)
{
	struct device *dev = &pf->pdev->dev;
	unsigned int i;
	int err;

	for (i = pf->nr_rings; i < nr; i++) {
		err = hw_rx_create(dev, &pf->rxq[i].mem, pf->rx_count);
		if (err) {
			while (i-- > pf->nr_rings)
				hw_rx_destroy(dev, &pf->rxq[i].mem);
			return err;
		}
	}
	for (i = nr; i < pf->nr_rings; i++)
		hw_rx_destroy(dev, &pf->rxq[i].mem);
	pf->nr_rings = nr;
	return 0;
}

/* Take whole frames off the ring. By the one thread that takes frames. */
static int borrow(struct pf_rxq *rxq, struct cap_frame *f, int max)
{
	struct pf_dev *pf = rxq->pf;

	if (unlikely(READ_ONCE(pf->gone)))
		return -ENODEV;
	return hw_rx_borrow(&pf->pdev->dev, &rxq->mem.ring, f, max);
}

static void give_back(struct pf_rxq *rxq, int n)
{
	struct pf_dev *pf = rxq->pf;

	hw_wr32(&pf->io, PF_RDT(rxq->hwq),
		hw_rx_return(&pf->pdev->dev, &rxq->mem.ring, n));
}

static int nic_rx_borrow(void *nicq, struct cap_frame *f, int max)
{
	return borrow(nicq, f, max);
}

static void nic_rx_return(void *nicq, int n)
{
	give_back(nicq, n);
}

static bool nic_irq_arm(void *nicq)
{
	struct pf_rxq *rxq = nicq;

	hw_wr32(&rxq->pf->io, PF_EIMS, pf_rx_vector_bit(rxq));
	return READ_ONCE(rxq->pf->gone) || hw_rx_ring_pending(&rxq->mem.ring);
}

static void nic_irq_disarm(void *nicq)
{
	struct pf_rxq *rxq = nicq;

	hw_wr32(&rxq->pf->io, PF_EIMC, pf_rx_vector_bit(rxq));
}

/* Frames that found no packet memory are the port's: queue 0 answers for them. */
static void nic_read_losses(void *nicq, u64 *missed, u64 *no_buffer)
{
	struct pf_rxq *rxq = nicq;
	struct pf_dev *pf = rxq->pf;
	u32 dropped;

	if (READ_ONCE(pf->gone) || rxq->index >= READ_ONCE(pf->nr_running))
		return;
	if (!rxq->index) {
		u64 now = READ_ONCE(pf->stats.port[PF_PORT_RX_MISSED]);

		*missed += now - rxq->missed_seen;
		rxq->missed_seen = now;
	}
	dropped = hw_rd32(&pf->io, PF_RQDPC(rxq->hwq));
	if (dropped != HW_ALL_ONES)
		*no_buffer += dropped;
}

/* Several queues' threads ask, each for its own pair of halves. */
static bool nic_read_clock(void *nicq, u64 *raw)
{
	struct pf_dev *pf = ((struct pf_rxq *)nicq)->pf;
	bool good;

	if (READ_ONCE(pf->gone))
		return false;
	spin_lock(&pf->clock_lock);
	good = pf_hw_clock_read(&pf->io, raw);
	spin_unlock(&pf->clock_lock);
	return good;
}

static int nic_tx_send(void *nicq, struct cap_tx_frame **f, int n)
{
	struct pf_rxq *rxq = nicq;

	return hw_tx_send(&rxq->pf->tx, f, n);
}

const struct cap_nic_ops pf_nic_ops = {
	.rx_borrow = nic_rx_borrow,
	.rx_return = nic_rx_return,
	.irq_arm = nic_irq_arm,
	.irq_disarm = nic_irq_disarm,
	.read_losses = nic_read_losses,
	.read_clock = nic_read_clock,
	.tx_send = nic_tx_send,
};

/* The hash that chose the queue; the last descriptor of a frame tells. */
static void set_hash(const struct pf_rxq *rxq, struct sk_buff *skb, u32 slot)
{
	const struct hw_rx_desc *d = &rxq->mem.ring.desc[slot];
	u32 type = le32_to_cpu(d->wb.type) & HW_RXD_RSS_TYPE;

	if (type && rxq->pf->netdev->features & NETIF_F_RXHASH)
		skb_set_hash(skb, le32_to_cpu(d->wb.hash),
			     HW_RXD_RSS_IS_L4(type) ? PKT_HASH_TYPE_L4 :
						      PKT_HASH_TYPE_L3);
}

/* Copy one frame of @nr pieces to the stack; @slot is its last descriptor. */
static void deliver(struct pf_rxq *rxq, const struct cap_frame *f, int nr,
		    u32 slot)
{
	struct sk_buff *skb = hw_rx_skb(&rxq->napi, &rxq->counters, f, nr);

	if (!skb)
		return;
	set_hash(rxq, skb, slot);
	skb_record_rx_queue(skb, rxq->index);
	skb->protocol = eth_type_trans(skb, rxq->pf->netdev);
	napi_gro_receive(&rxq->napi, skb);
}

/**
 * pf_rx_poll() - One batch of received frames
 * @napi: of the queue
 * @budget: frames; a batch of small ones may be a little larger
 *
 * Context: softirq.
 * Return: @budget when there was something, 0 when the interrupt is on again.
 */
int pf_rx_poll(struct napi_struct *napi, int budget)
{
	struct pf_rxq *rxq = container_of(napi, struct pf_rxq, napi);
	struct hw_rx_ring *ring = &rxq->mem.ring;
	struct cap_frame f[HW_RX_STACK_BATCH];
	u32 slot = ring->next;
	int i, n, first = 0;

	if (!budget)
		return 0;
	n = borrow(rxq, f, clamp(budget, HW_RX_CHAIN_MAX, HW_RX_STACK_BATCH));
	for (i = 0; i < n; i++) {
		if (!(f[i].flags & CAP_FRAME_MORE)) {
			deliver(rxq, &f[first], i + 1 - first, slot);
			first = i + 1;
		}
		slot = hw_rx_ring_after(ring, slot);
	}
	if (n > 0) {
		give_back(rxq, n);
		return budget;
	}
	/* a frame that came meanwhile left its cause set: it fires now */
	if (napi_complete_done(napi, 0))
		hw_wr32(&rxq->pf->io, PF_EIMS, pf_rx_vector_bit(rxq));
	return 0;
}
