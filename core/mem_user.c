// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ring in a user's file: hugetlbfs or tmpfs, a memfd for example. The file is
 * mapped into the caller for the moment, and its pages are pinned. From then on
 * they are ours whatever happens to the file. The engine never reads what it
 * wrote there, so whoever else maps the file can spoil the frames, and nothing
 * but the frames. Ref: decision 0008
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>

#include "mem.h"

/* Pages pinned by one call. */
#define PIN_BATCH 512ul

static int account(struct cap_mem *mem)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	struct user_struct *user = current_user();
	unsigned long pages = mem->nr_pages;
	long was, will;

	if (capable(CAP_IPC_LOCK))
		return 0;
	was = atomic_long_read(&user->locked_vm);
	do {
		will = was + pages;
		if (will > limit)
			return -ENOMEM;
	} while (!atomic_long_try_cmpxchg(&user->locked_vm, &was, will));
	mem->user = get_uid(user);
	return 0;
}

static void unaccount(struct cap_mem *mem)
{
	if (!mem->user)
		return;
	atomic_long_sub(mem->nr_pages, &mem->user->locked_vm);
	free_uid(mem->user);
	mem->user = NULL;
}

/* What the file must be before it is touched; its length in @len. */
static int check_file(struct cap_mem *mem, struct file *file, u64 offset, u64 *len)
{
	const struct super_block *sb = file_inode(file)->i_sb;
	u64 end;

	if ((file->f_mode & (FMODE_READ | FMODE_WRITE)) != (FMODE_READ | FMODE_WRITE))
		return -EBADF;
	if (sb->s_magic != HUGETLBFS_MAGIC && sb->s_magic != TMPFS_MAGIC)
		return -EINVAL;
	if (!S_ISREG(file_inode(file)->i_mode))
		return -EINVAL;
	mem->page_size = sb->s_blocksize;
	*len = ALIGN(mem->size, mem->page_size);
	if (!IS_ALIGNED(offset, mem->page_size) || check_add_overflow(offset, *len, &end) ||
	    end > (u64)i_size_read(file_inode(file)))
		return -EINVAL;
	return 0;
}

/* Another thread may have put other pages there meanwhile, or cut the file. */
static bool belongs(struct page *page, const struct file *file)
{
	return page_folio(page)->mapping == file->f_mapping;
}

static int pin_pages(struct cap_mem *mem, const struct file *file, unsigned long at, int node)
{
	unsigned long done = 0;
	int err = -EFAULT;

	while (done < mem->nr_pages) {
		int n, i;

		if (fatal_signal_pending(current)) {
			err = -EINTR;
			goto err_unpin;
		}
		n = pin_user_pages_fast(at + done * PAGE_SIZE, min(mem->nr_pages - done, PIN_BATCH),
					FOLL_WRITE | FOLL_LONGTERM, mem->pages + done);
		if (n <= 0) {
			err = n == -ENOMEM ? -ENOMEM : -EINVAL;
			goto err_unpin;
		}
		for (i = 0; i < n; i++) {
			struct page *page = mem->pages[done + i];

			if (!belongs(page, file)) {
				done += n;
				err = -EINVAL;
				goto err_unpin;
			}
			if (node != NUMA_NO_NODE && page_to_nid(page) != node)
				mem->foreign += PAGE_SIZE;
		}
		done += n;
		cond_resched();
	}
	return 0;

err_unpin:
	unpin_user_pages(mem->pages, done);
	return err;
}

/**
 * cap_mem_pin() - Take a file's pages for a ring
 * @mem: @size and @nr_pages are set; @pages[] is filled in
 * @file: from the user
 * @offset: in it
 * @node: NUMA node wanted; pages elsewhere are counted
 *
 * Context: the user's process, no locks held; may sleep long.
 * Return: 0; -EBADF, -EINVAL, -EPERM, -ENOMEM as struct hpcap_buffer_req says.
 */
int cap_mem_pin(struct cap_mem *mem, struct file *file, u64 offset, int node)
{
	unsigned long at;
	u64 len;
	int err = check_file(mem, file, offset, &len);

	if (err)
		return err;
	err = account(mem);
	if (err)
		return err;
	at = vm_mmap(file, 0, len, PROT_READ | PROT_WRITE, MAP_SHARED, offset);
	if (IS_ERR_VALUE(at)) {
		err = (long)at;
		goto err_account;
	}
	err = pin_pages(mem, file, at, node);
	vm_munmap(at, len);
	if (err)
		goto err_account;
	mem->kind = HPCAP_BUFFER_USER;
	return 0;

err_account:
	unaccount(mem);
	return err;
}

/**
 * cap_mem_unpin() - Give a file's pages back
 * @mem: from cap_mem_pin(), mapped by nobody
 *
 * Context: may sleep.
 */
void cap_mem_unpin(struct cap_mem *mem)
{
	unpin_user_pages_dirty_lock(mem->pages, mem->nr_pages, true);
	unaccount(mem);
}

static void pinned_open(struct vm_area_struct *vma)
{
	cap_mem_get(vma->vm_private_data);
}

static void pinned_close(struct vm_area_struct *vma)
{
	cap_mem_put(vma->vm_private_data);
}

static const struct vm_operations_struct pinned_ops = {
	.open = pinned_open,
	.close = pinned_close,
};

/* Pages in a row, from @pages[0] on. */
static unsigned long run_of(struct page **pages, unsigned long max)
{
	unsigned long n = 1;

	while (n < max && page_to_pfn(pages[n]) == page_to_pfn(pages[0]) + n)
		n++;
	return n;
}

/**
 * cap_mem_map_pinned() - Map a ring whose pages are a file's
 * @mem: from cap_mem_pin(); the mapping holds a reference
 * @vma: of exactly 2 * @nr_pages pages, not writable
 *
 * By page numbers and not by pages: the file must be able to drop them without
 * meeting a mapping that it knows nothing of.
 *
 * Context: mmap lock held for writing.
 * Return: 0, or a negative errno of remap_pfn_range().
 */
int cap_mem_map_pinned(struct cap_mem *mem, struct vm_area_struct *vma)
{
	unsigned long total = 2 * mem->nr_pages, i, n;
	int err;

	for (i = 0; i < total; i += n) {
		n = run_of(mem->pages + i, total - i);
		err = remap_pfn_range(vma, vma->vm_start + i * PAGE_SIZE,
				      page_to_pfn(mem->pages[i]), n * PAGE_SIZE,
				      vma->vm_page_prot);
		if (err)
			return err;
	}
	cap_mem_get(mem);
	vma->vm_private_data = mem;
	vma->vm_ops = &pinned_ops;
	return 0;
}
