// SPDX-License-Identifier: GPL-2.0-only
/*
 * Three vectors. Every handler looks at the mailbox, for the model rings it on
 * vector 1 while the chip rings it on vector 2. Each vector masks itself (the
 * model does not do that: we do) until its work is done. Ref: 82576 7.6, 13.4
 */
#include "vf.h"

/* Is there something for the service work? */
static void look_at_mailbox(struct vf_dev *vf)
{
	if (vf_mbox_peek(&vf->mbox) &
	    (VF_V2P_PFSTS | VF_V2P_RSTI | VF_V2P_RSTD))
		mod_delayed_work(system_long_wq, &vf->service, 0);
}

static irqreturn_t tx_irq(int irq, void *data)
{
	struct vf_dev *vf = data;

	hw_wr32(&vf->io, VF_EIMC, vf_vector_bit(VF_VECTOR_TX));
	look_at_mailbox(vf);
	napi_schedule(&vf->tx.napi);
	return IRQ_HANDLED;
}

/* In capture mode the napi is disabled, in standard mode the queue stopped:
 * the one that is not in use ignores the call.
 */
static irqreturn_t rx_irq(int irq, void *data)
{
	struct vf_dev *vf = data;

	hw_wr32(&vf->io, VF_EIMC, vf_vector_bit(VF_VECTOR_RX));
	look_at_mailbox(vf);
	if (READ_ONCE(vf->capture))
		cap_queue_kick(vf->q);
	else
		napi_schedule(&vf->napi_rx);
	return IRQ_HANDLED;
}

static irqreturn_t mbox_irq(int irq, void *data)
{
	struct vf_dev *vf = data;

	look_at_mailbox(vf);
	hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_MBOX));
	return IRQ_HANDLED;
}

static const struct {
	irq_handler_t handler;
	const char *name;
} vectors[VF_VECTORS] = {
	[VF_VECTOR_TX] = { tx_irq, "tx" },
	[VF_VECTOR_RX] = { rx_irq, "rx" },
	[VF_VECTOR_MBOX] = { mbox_irq, "mbox" },
};

static void free_first(struct vf_dev *vf, int n)
{
	while (n--)
		pci_free_irq(vf->pdev, n, vf);
	pci_free_irq_vectors(vf->pdev);
}

/**
 * vf_irq_request() - Get all vectors; they stay masked in the device
 * @vf: the device, with its capture queue
 *
 * Return: 0 or a negative errno.
 */
int vf_irq_request(struct vf_dev *vf)
{
	int err, v;

	hw_wr32(&vf->io, VF_EIMC, GENMASK(VF_VECTORS - 1, 0));
	err = pci_alloc_irq_vectors(vf->pdev, VF_VECTORS, VF_VECTORS,
				    PCI_IRQ_MSIX);
	if (err < 0)
		return err;
	for (v = 0; v < VF_VECTORS; v++) {
		err = pci_request_irq(vf->pdev, v, vectors[v].handler, NULL,
				      vf, "hpcapvf-%s-%s", pci_name(vf->pdev),
				      vectors[v].name);
		if (err) {
			free_first(vf, v);
			return err;
		}
	}
	return 0;
}

/**
 * vf_irq_free() - No handler runs after this returns
 * @vf: the device
 */
void vf_irq_free(struct vf_dev *vf)
{
	free_first(vf, VF_VECTORS);
}
