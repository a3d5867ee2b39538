/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a ring: the kernel's pages or a file's. */
#ifndef CAP_MEM_H
#define CAP_MEM_H

#include <linux/kref.h>
#include <linux/mm_types.h>
#include <uapi/hpcap.h>

struct file;
struct user_struct;

/**
 * struct cap_mem - memory of one ring
 * @ref: the queue's, one for each attached file, and one for each mapping of a
 *	file's pages
 * @size: bytes of the ring
 * @kind: enum hpcap_buffer_kind
 * @page_size: bytes of a page that it is made of
 * @foreign: bytes on other NUMA nodes than was asked for
 * @user: whose RLIMIT_MEMLOCK it counts for, NULL for nobody's
 * @nr_pages: pages of the ring, once
 * @pages: 2 * @nr_pages: the ring's pages, then the same again
 * @nr_meta: pages of the control page and the marks
 * @meta_pages: those
 * @data: kernel mapping of @pages
 * @ctrl: kernel mapping of @meta_pages; the marks start one page further on
 */
struct cap_mem {
	struct kref ref;
	u64 size;
	u32 kind;
	u64 page_size;
	u64 foreign;
	struct user_struct *user;
	unsigned long nr_pages;
	struct page **pages;
	unsigned long nr_meta;
	struct page **meta_pages;
	u8 *data;
	struct hpcap_ctrl *ctrl;
};

struct cap_mem *cap_mem_create(u64 size, int node);
struct cap_mem *cap_mem_create_from(struct file *file, u64 offset, u64 size, int node);
void cap_mem_get(struct cap_mem *mem);
void cap_mem_put(struct cap_mem *mem);
struct hpcap_mark *cap_mem_marks(const struct cap_mem *mem);
int cap_mem_map(struct cap_mem *mem, struct page *cursor, struct vm_area_struct *vma);

/* mem_user.c */
int cap_mem_pin(struct cap_mem *mem, struct file *file, u64 offset, int node);
void cap_mem_unpin(struct cap_mem *mem);
int cap_mem_map_pinned(struct cap_mem *mem, struct vm_area_struct *vma);

#endif /* CAP_MEM_H */
