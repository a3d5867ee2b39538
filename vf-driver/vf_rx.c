// SPDX-License-Identifier: GPL-2.0-only
/* Receive memory, and the socket of the capture engine (core/nic_ops.h). */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "vf.h"

enum { BUFS_PER_PAGE = PAGE_SIZE / VF_RX_BUF_SIZE };

static void free_buffers(struct vf_dev *vf, struct vf_rxq *rx, u32 count)
{
	u32 i;

	for (i = 0; i < count; i += BUFS_PER_PAGE) {
		dma_unmap_page(&vf->pdev->dev, rx->ring.buf[i].dma, PAGE_SIZE,
			       DMA_FROM_DEVICE);
		free_page((unsigned long)rx->ring.buf[i].data);
	}
}

/* One page, cut into buffers, from slot @first on. */
static int make_buffers(struct vf_dev *vf, struct vf_rxq *rx, u32 first)
{
	struct device *dev = &vf->pdev->dev;
	struct page *page;
	dma_addr_t dma;
	u32 i;

	page = alloc_pages_node(dev_to_node(dev), GFP_KERNEL | __GFP_ZERO, 0);
	if (!page)
		return -ENOMEM;
	dma = dma_map_page(dev, page, 0, PAGE_SIZE, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, dma)) {
		__free_page(page);
		return -ENOMEM;
	}
	for (i = 0; i < BUFS_PER_PAGE && first + i < rx->ring.count; i++) {
		struct hw_rx_buf *buf = &rx->ring.buf[first + i];

		buf->dma = dma + i * VF_RX_BUF_SIZE;
		buf->data = page_address(page) + i * VF_RX_BUF_SIZE;
	}
	return 0;
}

/**
 * vf_rx_create() - Descriptors and buffers, not yet told to the NIC
 * @vf: the device
 * @rx: filled in
 * @count: descriptors, multiple of 8
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
int vf_rx_create(struct vf_dev *vf, struct vf_rxq *rx, u32 count)
{
	struct device *dev = &vf->pdev->dev;
	u32 i;

	memset(rx, 0, sizeof(*rx));
	rx->ring.count = count;
	rx->ring.buf_size = VF_RX_BUF_SIZE;
	rx->ring.desc = dma_alloc_coherent(dev, count * sizeof(*rx->ring.desc),
					   &rx->dma, GFP_KERNEL);
	if (!rx->ring.desc)
		return -ENOMEM;
	rx->ring.buf = kvcalloc(count, sizeof(*rx->ring.buf), GFP_KERNEL);
	if (!rx->ring.buf)
		goto err_desc;
	for (i = 0; i < count; i += BUFS_PER_PAGE)
		if (make_buffers(vf, rx, i))
			goto err_buffers;
	return 0;

err_buffers:
	free_buffers(vf, rx, i);
	kvfree(rx->ring.buf);
err_desc:
	dma_free_coherent(dev, count * sizeof(*rx->ring.desc), rx->ring.desc,
			  rx->dma);
	memset(rx, 0, sizeof(*rx));
	return -ENOMEM;
}

/**
 * vf_rx_destroy() - Undo vf_rx_create(); nothing when there is nothing
 * @vf: the device
 * @rx: receive memory that neither the NIC nor any thread uses any more
 */
void vf_rx_destroy(struct vf_dev *vf, struct vf_rxq *rx)
{
	if (!rx->ring.desc)
		return;
	free_buffers(vf, rx, rx->ring.count);
	kvfree(rx->ring.buf);
	dma_free_coherent(&vf->pdev->dev,
			  rx->ring.count * sizeof(*rx->ring.desc),
			  rx->ring.desc, rx->dma);
	memset(rx, 0, sizeof(*rx));
}

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
	struct hw_rx_ring *ring = &vf->rx.ring;
	u32 slot = ring->next;
	int i, n;

	if (unlikely(READ_ONCE(vf->gone)))
		return -ENODEV;
	n = hw_rx_ring_borrow(ring, f, max);
	for (i = 0; i < n; i++) {
		dma_sync_single_for_cpu(&vf->pdev->dev, ring->buf[slot].dma,
					VF_RX_BUF_SIZE, DMA_FROM_DEVICE);
		slot = hw_rx_ring_after(ring, slot);
	}
	return n;
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
	struct hw_rx_ring *ring = &vf->rx.ring;
	u32 slot = ring->oldest;
	int i;

	for (i = 0; i < n; i++) {
		dma_sync_single_for_device(&vf->pdev->dev, ring->buf[slot].dma,
					   VF_RX_BUF_SIZE, DMA_FROM_DEVICE);
		slot = hw_rx_ring_after(ring, slot);
	}
	hw_rx_ring_return(ring, n);
	hw_wr32(&vf->io, VF_RDT, hw_rx_ring_tail(ring));
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

const struct cap_nic_ops vf_nic_ops = {
	.rx_borrow = nic_rx_borrow,
	.rx_return = nic_rx_return,
	.irq_arm = nic_irq_arm,
	.irq_disarm = nic_irq_disarm,
	.read_losses = nic_read_losses,
	.tx_send = vf_tx_send,
};
