// SPDX-License-Identifier: GPL-2.0-only
/*
 * Vectors: everything but frames, transmit, and one for each receive queue.
 * Each masks itself (the model does not do that: we do) until its work is
 * done, so that guests that ring without pause cost one interrupt a round.
 * Ref: 82576 7.6
 */
#include "pf.h"

/* Reading the causes clears them; else the model never interrupts again. */
static irqreturn_t other_irq(int irq, void *data)
{
	struct pf_dev *pf = data;
	u32 causes;

	pf->other_irqs++;
	hw_wr32(&pf->io, PF_EIMC, BIT(PF_VECTOR_OTHER));
	causes = hw_rd32(&pf->io, PF_ICR);
	if (causes == HW_ALL_ONES)
		causes = 0;
	if (causes & PF_INT_DRSTA)
		set_bit(PF_TODO_RESET, &pf->todo);
	if (causes & (PF_INT_LSC | PF_INT_DRSTA))
		mod_delayed_work(pf_wq, &pf->service, 0);
	/* that work unmasks the vector, whatever the cause was */
	mod_delayed_work(pf_wq, &pf->mbox_work, 0);
	return IRQ_HANDLED;
}

static irqreturn_t tx_irq(int irq, void *data)
{
	struct pf_dev *pf = data;

	hw_wr32(&pf->io, PF_EIMC, BIT(PF_VECTOR_TX));
	napi_schedule(&pf->tx.napi);
	return IRQ_HANDLED;
}

/* In capture mode the napi is disabled, in standard mode the queue stopped:
 * the one that is not in use ignores the call.
 */
static irqreturn_t rx_irq(int irq, void *data)
{
	struct pf_rxq *rxq = data;
	struct cap_queue *q = READ_ONCE(rxq->q);

	hw_wr32(&rxq->pf->io, PF_EIMC, pf_rx_vector_bit(rxq));
	if (!READ_ONCE(rxq->pf->capture))
		napi_schedule(&rxq->napi);
	else if (q)
		cap_queue_kick(q);
	return IRQ_HANDLED;
}

static int request_one(struct pf_dev *pf, unsigned int v)
{
	const char *name = pci_name(pf->pdev);

	if (v == PF_VECTOR_OTHER)
		return pci_request_irq(pf->pdev, v, other_irq, NULL, pf,
				       "hpcap_pf-%s-other", name);
	if (v == PF_VECTOR_TX)
		return pci_request_irq(pf->pdev, v, tx_irq, NULL, pf,
				       "hpcap_pf-%s-tx", name);
	return pci_request_irq(pf->pdev, v, rx_irq, NULL,
			       &pf->rxq[v - PF_VECTOR_RX], "hpcap_pf-%s-rx%u",
			       name, v - PF_VECTOR_RX);
}

static void *owner(struct pf_dev *pf, unsigned int v)
{
	return v < PF_VECTOR_RX ? (void *)pf : &pf->rxq[v - PF_VECTOR_RX];
}

/**
 * pf_irq_request() - Get vectors; the device keeps them masked
 * @pf: the device
 *
 * One for each receive queue that there could ever be, or as many as the
 * machine has to give: @pf->nr_vectors tells.
 *
 * Return: 0 or a negative errno.
 */
int pf_irq_request(struct pf_dev *pf)
{
	int err, n;

	n = pci_alloc_irq_vectors(pf->pdev, PF_VECTOR_RX + 1,
				  PF_VECTOR_RX + PF_QUEUES_MAX, PCI_IRQ_MSIX);
	if (n < 0)
		return n;
	for (pf->nr_vectors = 0; pf->nr_vectors < n; pf->nr_vectors++) {
		err = request_one(pf, pf->nr_vectors);
		if (err) {
			pf_irq_free(pf);
			return err;
		}
	}
	return 0;
}

/**
 * pf_irq_free() - No handler runs after this returns
 * @pf: the device
 */
void pf_irq_free(struct pf_dev *pf)
{
	while (pf->nr_vectors) {
		pf->nr_vectors--;
		pci_free_irq(pf->pdev, pf->nr_vectors,
			     owner(pf, pf->nr_vectors));
	}
	pci_free_irq_vectors(pf->pdev);
}
