/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receive memory and the way of a frame to the network stack, the same on PF and
 * VF. Frames for the stack are copied, so that buffers never leave the ring and
 * both modes share it. For drivers: kernel only, no unit test includes it.
 */
#ifndef HW_RX_QUEUE_H
#define HW_RX_QUEUE_H

#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include "rx_ring.h"

#define HW_RX_BUF_SIZE	2048
#define HW_RX_PER_PAGE	(PAGE_SIZE / HW_RX_BUF_SIZE)

/* Pieces that standard mode takes at once. */
#define HW_RX_STACK_BATCH	(CAP_BATCH_MAX / 2)

/**
 * struct hw_rx_mem - receive memory of one queue
 * @ring: descriptors and buffers; by the one thread that takes frames
 * @dma: of the descriptors
 *
 * Pages are mapped when the ring is made and stay with their slots.
 */
struct hw_rx_mem {
	struct hw_rx_ring ring;
	dma_addr_t dma;
};

/**
 * struct hw_rx_counters - what standard mode counts; by the queue's NAPI
 * @frames: to the stack
 * @bytes: of those
 * @errors: damaged
 * @dropped: no memory
 */
struct hw_rx_counters {
	unsigned long frames;
	unsigned long bytes;
	unsigned long errors;
	unsigned long dropped;
};

static inline void hw_rx_free_buffers(struct device *dev, struct hw_rx_mem *mem, u32 count)
{
	u32 i;

	for (i = 0; i < count; i += HW_RX_PER_PAGE) {
		dma_unmap_page(dev, mem->ring.buf[i].dma, PAGE_SIZE, DMA_FROM_DEVICE);
		free_page((unsigned long)mem->ring.buf[i].data);
	}
}

/* One page, cut into buffers, from slot @first on. */
static inline int hw_rx_make_buffers(struct device *dev, struct hw_rx_mem *mem, u32 first)
{
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
	for (i = 0; i < HW_RX_PER_PAGE && first + i < mem->ring.count; i++) {
		struct hw_rx_buf *buf = &mem->ring.buf[first + i];

		buf->dma = dma + i * HW_RX_BUF_SIZE;
		buf->data = page_address(page) + i * HW_RX_BUF_SIZE;
	}
	return 0;
}

/**
 * hw_rx_create() - Descriptors and buffers, not yet told to the NIC
 * @dev: for DMA
 * @mem: filled in
 * @count: descriptors, multiple of 8
 *
 * Context: process; sleeps.
 * Return: 0 or -ENOMEM.
 */
static inline int hw_rx_create(struct device *dev, struct hw_rx_mem *mem, u32 count)
{
	struct hw_rx_ring *ring = &mem->ring;
	u32 i;

	memset(mem, 0, sizeof(*mem));
	ring->count = count;
	ring->buf_size = HW_RX_BUF_SIZE;
	ring->desc = dma_alloc_coherent(dev, count * sizeof(*ring->desc), &mem->dma,
					GFP_KERNEL);
	if (!ring->desc)
		return -ENOMEM;
	ring->buf = kvcalloc(count, sizeof(*ring->buf), GFP_KERNEL);
	if (!ring->buf)
		goto err_desc;
	for (i = 0; i < count; i += HW_RX_PER_PAGE)
		if (hw_rx_make_buffers(dev, mem, i))
			goto err_buffers;
	return 0;

err_buffers:
	hw_rx_free_buffers(dev, mem, i);
	kvfree(ring->buf);
err_desc:
	dma_free_coherent(dev, count * sizeof(*ring->desc), ring->desc, mem->dma);
	memset(mem, 0, sizeof(*mem));
	return -ENOMEM;
}

/**
 * hw_rx_destroy() - Undo hw_rx_create(); nothing when there is nothing
 * @dev: for DMA
 * @mem: receive memory that neither the NIC nor any thread uses any more
 */
static inline void hw_rx_destroy(struct device *dev, struct hw_rx_mem *mem)
{
	if (!mem->ring.desc)
		return;
	hw_rx_free_buffers(dev, mem, mem->ring.count);
	kvfree(mem->ring.buf);
	dma_free_coherent(dev, mem->ring.count * sizeof(*mem->ring.desc), mem->ring.desc,
			  mem->dma);
	memset(mem, 0, sizeof(*mem));
}

/**
 * hw_rx_borrow() - Take whole frames off the ring
 * @dev: for DMA
 * @ring: ring
 * @f: room for @max pieces
 * @max: HW_RX_CHAIN_MAX..CAP_BATCH_MAX
 *
 * Context: the one thread that takes frames: poll thread or NAPI.
 * Return: pieces; 0 when idle.
 */
static inline int hw_rx_borrow(struct device *dev, struct hw_rx_ring *ring,
			       struct cap_frame *f, int max)
{
	u32 slot = ring->next;
	int i, n;

	n = hw_rx_ring_borrow(ring, f, max);
	for (i = 0; i < n; i++) {
		dma_sync_single_for_cpu(dev, ring->buf[slot].dma, HW_RX_BUF_SIZE,
					DMA_FROM_DEVICE);
		slot = hw_rx_ring_after(ring, slot);
	}
	return n;
}

/**
 * hw_rx_return() - The oldest borrowed buffers are the NIC's again
 * @dev: for DMA
 * @ring: ring
 * @n: pieces
 *
 * Context: as hw_rx_borrow().
 * Return: value for the queue's tail register, which the caller writes.
 */
static inline u32 hw_rx_return(struct device *dev, struct hw_rx_ring *ring, int n)
{
	u32 slot = ring->oldest;
	int i;

	for (i = 0; i < n; i++) {
		dma_sync_single_for_device(dev, ring->buf[slot].dma, HW_RX_BUF_SIZE,
					   DMA_FROM_DEVICE);
		slot = hw_rx_ring_after(ring, slot);
	}
	hw_rx_ring_return(ring, n);
	return hw_rx_ring_tail(ring);
}

/**
 * hw_rx_skb() - Copy one frame for the stack, and count it
 * @napi: of the queue
 * @c: counters
 * @f: its pieces
 * @nr: how many
 *
 * Context: softirq.
 * Return: the frame, its protocol not yet set; NULL: damaged, or no memory.
 */
static inline struct sk_buff *hw_rx_skb(struct napi_struct *napi, struct hw_rx_counters *c,
					const struct cap_frame *f, int nr)
{
	struct sk_buff *skb;
	u32 len = 0;
	int i;

	for (i = 0; i < nr; i++)
		len += f[i].len;
	if ((f->flags & CAP_FRAME_ERROR) || len < ETH_HLEN) {
		c->errors++;
		return NULL;
	}
	skb = napi_alloc_skb(napi, len);
	if (!skb) {
		c->dropped++;
		return NULL;
	}
	for (i = 0; i < nr; i++)
		skb_put_data(skb, f[i].data, f[i].len);
	if (f->flags & CAP_FRAME_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), f->vlan_tci);
	c->frames++;
	c->bytes += len;
	return skb;
}

#endif /* HW_RX_QUEUE_H */
