// SPDX-License-Identifier: GPL-2.0-only
/* The socket of the capture engine (core/nic_ops.h). */
#include "vf.h"

/**
 * vf_rx_borrow() - Take whole frames off the ring
 * @vf: the device, running
 * @f: room for @max pieces
 * @max: HW_RX_CHAIN_MAX..CAP_BATCH_MAX
 *
 * Context: the one thread that takes frames: poll thread or rx NAPI.
 * Return: pieces; 0 when idle; -ENODEV when the device is gone.
 */
int vf_rx_borrow(struct vf_dev *vf, struct cap_frame *f, int max)
{
	if (unlikely(READ_ONCE(vf->gone)))
		return -ENODEV;
	return hw_rx_borrow(&vf->pdev->dev, &vf->rx.ring, f, max);
}

/**
 * vf_rx_return() - Give the oldest borrowed buffers back to the NIC
 * @vf: the device
 * @n: pieces
 *
 * Context: as vf_rx_borrow().
 */
void vf_rx_return(struct vf_dev *vf, int n)
{
	hw_wr32(&vf->io, VF_RDT, hw_rx_return(&vf->pdev->dev, &vf->rx.ring, n));
}

static int nic_rx_borrow(void *nicq, struct cap_frame *f, int max)
{
	return vf_rx_borrow(nicq, f, max);
}

static void nic_rx_return(void *nicq, int n)
{
	vf_rx_return(nicq, n);
}

static bool nic_irq_arm(void *nicq)
{
	struct vf_dev *vf = nicq;

	hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_RX));
	return READ_ONCE(vf->gone) || hw_rx_ring_pending(&vf->rx.ring);
}

static void nic_irq_disarm(void *nicq)
{
	struct vf_dev *vf = nicq;

	hw_wr32(&vf->io, VF_EIMC, vf_vector_bit(VF_VECTOR_RX));
}

/* A VF has no window on the port's packet memory: nothing to say on missed. */
static void nic_read_losses(void *nicq, u64 *missed, u64 *no_buffer)
{
	struct vf_dev *vf = nicq;
	u32 dropped;

	if (READ_ONCE(vf->gone))
		return;
	dropped = hw_rd32(&vf->io, VF_RQDPC);
	if (dropped != HW_ALL_ONES)
		*no_buffer += dropped;
}

static int nic_tx_send(void *nicq, struct cap_tx_frame **f, int n)
{
	struct vf_dev *vf = nicq;

	return hw_tx_send(&vf->tx, f, n);
}

const struct cap_nic_ops vf_nic_ops = {
	.rx_borrow = nic_rx_borrow,
	.rx_return = nic_rx_return,
	.irq_arm = nic_irq_arm,
	.irq_disarm = nic_irq_disarm,
	.read_losses = nic_read_losses,
	.tx_send = nic_tx_send,
};
