// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ring memory: pages on the NIC's node, or those of a user's file (mem_user.c),
 * seen twice in a row by the kernel and by each listener.
 *
 * RLIMIT_MEMLOCK: a ring of the kernel's pages is not charged to anybody's limit. It exists once,
 * whoever listens; its size is chosen by the module parameter or by a holder
 * of CAP_NET_ADMIN, and mapping it pins nothing more. What a listener itself
 * makes us allocate is one cursor page, at most HPCAP_MAX_LISTENERS a queue.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "mem.h"

/* Blocks of 2 MiB where they can be had: fewer calls, contiguous for the cache. */
#define BLOCK_ORDER	9
/* Never try so hard that the OOM killer is asked. */
#define RING_GFP	(GFP_KERNEL | __GFP_ZERO | __GFP_NORETRY | __GFP_NOWARN)

static_assert(PAGE_SIZE == HPCAP_PAGE, "the ABI counts in pages of 4 KiB");

/* What the rest of the machine keeps, whatever is asked of us. */
static bool memory_suffices(u64 bytes)
{
	long reserve = totalram_pages() / 32;
	long available = si_mem_available() - reserve;

	return available > 0 && bytes >> PAGE_SHIFT < available;
}

static void free_pages_array(struct page **pages, unsigned long n)
{
	while (n)
		__free_page(pages[--n]);
}

/* One block of @order into @pages, as pages that live and die one by one. */
static bool alloc_block(struct page **pages, unsigned int order, int node)
{
	struct page *page = alloc_pages_node(node, RING_GFP, order);
	unsigned long i;

	if (!page)
		return false;
	if (order)
		split_page(page, order);
	for (i = 0; i < 1ul << order; i++)
		pages[i] = page + i;
	return true;
}

static int alloc_pages_array(struct page **pages, unsigned long n, int node)
{
	unsigned int order = BLOCK_ORDER;
	unsigned long done = 0;
	int err = -ENOMEM;

	while (done < n) {
		if (fatal_signal_pending(current)) {
			err = -EINTR;
			goto err_free;
		}
		while (1ul << order > n - done)
			order--;
		if (alloc_block(pages + done, order, node))
			done += 1ul << order;
		else if (order)
			order--;
		else
			goto err_free;
		cond_resched();
	}
	return 0;

err_free:
	free_pages_array(pages, done);
	return err;
}

/**
 * struct source - where a ring's pages come from
 * @file: the user's, NULL for the kernel's own
 * @offset: in it
 * @node: NUMA node to prefer
 */
struct source {
	struct file *file;
	u64 offset;
	int node;
};

static void free_own_or_pinned(struct cap_mem *mem)
{
	if (mem->kind == HPCAP_BUFFER_USER)
		cap_mem_unpin(mem);
	else
		free_pages_array(mem->pages, mem->nr_pages);
}

static int alloc_ring(struct cap_mem *mem, const struct source *src)
{
	unsigned long n = mem->nr_pages;
	int err;

	mem->pages = kvmalloc_array(2 * n, sizeof(*mem->pages),
				    GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
	if (!mem->pages)
		return -ENOMEM;
	if (src->file)
		err = cap_mem_pin(mem, src->file, src->offset, src->node);
	else
		err = alloc_pages_array(mem->pages, n, src->node);
	if (err)
		goto err_array;
	memcpy(mem->pages + n, mem->pages, n * sizeof(*mem->pages));

	err = -ENOMEM;
	mem->data = vmap(mem->pages, 2 * n, VM_MAP, PAGE_KERNEL);
	if (!mem->data)
		goto err_pages;
	return 0;

err_pages:
	free_own_or_pinned(mem);
err_array:
	kvfree(mem->pages);
	return err;
}

static void free_ring(struct cap_mem *mem)
{
	vunmap(mem->data);
	free_own_or_pinned(mem);
	kvfree(mem->pages);
}

static int alloc_meta(struct cap_mem *mem, int node)
{
	u64 marks = mem->size / HPCAP_CHUNK_SIZE * sizeof(struct hpcap_mark);
	int err;

	mem->nr_meta = 1 + DIV_ROUND_UP(marks, PAGE_SIZE);
	mem->meta_pages = kvmalloc_array(mem->nr_meta, sizeof(*mem->meta_pages),
					 GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);
	if (!mem->meta_pages)
		return -ENOMEM;
	err = alloc_pages_array(mem->meta_pages, mem->nr_meta, node);
	if (err)
		goto err_array;

	err = -ENOMEM;
	mem->ctrl = vmap(mem->meta_pages, mem->nr_meta, VM_MAP, PAGE_KERNEL);
	if (!mem->ctrl)
		goto err_pages;
	return 0;

err_pages:
	free_pages_array(mem->meta_pages, mem->nr_meta);
err_array:
	kvfree(mem->meta_pages);
	return err;
}

static void free_meta(struct cap_mem *mem)
{
	vunmap(mem->ctrl);
	free_pages_array(mem->meta_pages, mem->nr_meta);
	kvfree(mem->meta_pages);
}

static struct cap_mem *create(u64 size, const struct source *src)
{
	struct cap_mem *mem = kzalloc(sizeof(*mem), GFP_KERNEL);
	int err;

	if (!mem)
		return ERR_PTR(-ENOMEM);
	kref_init(&mem->ref);
	mem->size = size;
	mem->page_size = PAGE_SIZE;
	mem->nr_pages = size >> PAGE_SHIFT;

	err = alloc_ring(mem, src);
	if (err)
		goto err_mem;
	err = alloc_meta(mem, src->node);
	if (err)
		goto err_ring;
	return mem;

err_ring:
	free_ring(mem);
err_mem:
	kfree(mem);
	return ERR_PTR(err);
}

/**
 * cap_mem_create() - Memory for a ring, all zero
 * @size: bytes, see cap_ring_size_valid()
 * @node: NUMA node to prefer, or NUMA_NO_NODE
 *
 * Context: may sleep.
 * Return: the memory, to be given up by cap_mem_put(); -ENOMEM when the
 * machine cannot spare it, -EINTR when the caller is being killed.
 */
struct cap_mem *cap_mem_create(u64 size, int node)
{
	const struct source src = { .node = node };

	if (!memory_suffices(size))
		return ERR_PTR(-ENOMEM);
	return create(size, &src);
}

/**
 * cap_mem_create_from() - A user's file as memory for a ring
 * @file: of hugetlbfs or tmpfs
 * @offset: where in it the ring begins, a multiple of its page size
 * @size: bytes, see cap_ring_size_valid()
 * @node: NUMA node wanted, or NUMA_NO_NODE
 *
 * Context: the user's process, no locks held; may sleep long.
 * Return: as cap_mem_create(), and as cap_mem_pin().
 */
struct cap_mem *cap_mem_create_from(struct file *file, u64 offset, u64 size, int node)
{
	const struct source src = { .file = file, .offset = offset, .node = node };

	/* the arrays that describe it are taken from the kernel's memory */
	if (size > (u64)totalram_pages() << PAGE_SHIFT)
		return ERR_PTR(-ENOMEM);
	return create(size, &src);
}

static void release_mem(struct kref *ref)
{
	struct cap_mem *mem = container_of(ref, struct cap_mem, ref);

	free_meta(mem);
	free_ring(mem);
	kfree(mem);
}

/**
 * cap_mem_get() - Keep ring memory
 * @mem: memory
 */
void cap_mem_get(struct cap_mem *mem)
{
	kref_get(&mem->ref);
}

/**
 * cap_mem_put() - Give up ring memory
 * @mem: memory
 *
 * Pages that a process still maps stay until it unmaps them.
 *
 * Context: may sleep.
 */
void cap_mem_put(struct cap_mem *mem)
{
	kref_put(&mem->ref, release_mem);
}

/**
 * cap_mem_marks() - Where the marks lie
 * @mem: memory
 *
 * Return: size / HPCAP_CHUNK_SIZE marks, in the second page of META and on.
 */
struct hpcap_mark *cap_mem_marks(const struct cap_mem *mem)
{
	return (struct hpcap_mark *)((u8 *)mem->ctrl + HPCAP_PAGE);
}

static int map_pages(struct vm_area_struct *vma, struct page **pages, unsigned long n)
{
	if (vma_pages(vma) != n)
		return -EINVAL;
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return vm_insert_pages(vma, vma->vm_start, pages, &n);
}

static int map_read_only(struct vm_area_struct *vma, struct page **pages, unsigned long n)
{
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	vm_flags_clear(vma, VM_MAYWRITE);
	return map_pages(vma, pages, n);
}

static int map_data(struct cap_mem *mem, struct vm_area_struct *vma)
{
	if (mem->kind != HPCAP_BUFFER_USER)
		return map_read_only(vma, mem->pages, 2 * mem->nr_pages);
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;
	if (vma_pages(vma) != 2 * mem->nr_pages)
		return -EINVAL;
	vm_flags_clear(vma, VM_MAYWRITE);
	return cap_mem_map_pinned(mem, vma);
}

/**
 * cap_mem_map() - mmap(2) of one of the three areas
 * @mem: ring the caller is attached to
 * @cursor: the caller's own position page
 * @vma: from mmap(2): offset names the area, its length must be exact
 *
 * All pages are entered at once, so the mapping outlives ring, queue and module:
 * ours with a reference each, a file's with one to the ring.
 *
 * Context: mmap lock held for writing.
 * Return: 0; -EINVAL wrong offset or length, or not MAP_SHARED; -EACCES
 * writable where only the kernel writes, or executable; -ENOMEM.
 */
int cap_mem_map(struct cap_mem *mem, struct page *cursor, struct vm_area_struct *vma)
{
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_EXEC)
		return -EACCES;
	vm_flags_clear(vma, VM_MAYEXEC);

	switch (offset) {
	case HPCAP_MMAP_META:
		return map_read_only(vma, mem->meta_pages, mem->nr_meta);
	case HPCAP_MMAP_CURSOR:
		return map_pages(vma, &cursor, 1);
	case HPCAP_MMAP_DATA:
		return map_data(mem, vma);
	default:
		return -EINVAL;
	}
}
