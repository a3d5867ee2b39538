// SPDX-License-Identifier: GPL-2.0-only
/* Standard mode: received frames to the network stack. */
#include "vf.h"

/**
 * vf_std_start() - Take frames for the stack
 * @vf: the device; the receive queue is enabled, its tail not yet moved
 *
 * Context: process, under vf->lock; sleeps.
 */
void vf_std_start(struct vf_dev *vf)
{
	napi_enable(&vf->napi_rx);
}

/**
 * vf_std_stop() - Undo vf_std_start()
 * @vf: the device; the NIC's queues are disabled
 *
 * Context: process, under vf->lock; sleeps.
 */
void vf_std_stop(struct vf_dev *vf)
{
	napi_disable(&vf->napi_rx);
}

/* Copy one frame of @nr pieces to the stack. */
static void rx_deliver(struct vf_dev *vf, const struct cap_frame *f, int nr)
{
	struct sk_buff *skb = hw_rx_skb(&vf->napi_rx, &vf->rx_counters, f, nr);

	if (!skb)
		return;
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
	struct cap_frame f[HW_RX_STACK_BATCH];
	int i, n, first = 0;

	if (!budget)
		return 0;
	n = vf_rx_borrow(vf, f, clamp(budget, HW_RX_CHAIN_MAX, HW_RX_STACK_BATCH));
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
