// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of an open file. Frames that it sends from the ring keep it: a listener
 * that is closed or killed leaves its queue when the last of them was sent.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "filter.h"
#include "glue.h"

struct workqueue_struct *cap_file_wq;

static void free_file(struct cap_file *f)
{
	struct cap_queue *q = f->q;
	struct module *owner = q->owner;

	if (f->slot >= 0) {
		spin_lock(&q->lock);
		cap_poll_detach(&q->poll, f->slot);
		q->files[f->slot] = NULL;
		spin_unlock(&q->lock);
		__free_page(f->cursor);
		cap_mem_put(f->mem);
		cap_prog_destroy(f->prog);
	}
	kvfree(f->send);
	kfree(f);
	cap_queue_put(q);
	module_put(owner);
}

static void free_work(struct work_struct *work)
{
	free_file(container_of(work, struct cap_file, free_work));
}

/**
 * cap_file_create() - A file of a queue, not attached
 * @q: queue; the file keeps it and the driver's module
 *
 * Context: may sleep.
 * Return: the file; -ENOMEM, or -ENODEV when the driver is being unloaded.
 */
struct cap_file *cap_file_create(struct cap_queue *q)
{
	struct cap_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (!f)
		return ERR_PTR(-ENOMEM);
	if (!try_module_get(q->owner)) {
		kfree(f);
		return ERR_PTR(-ENODEV);
	}
	cap_queue_get(q);
	refcount_set(&f->ref, 1);
	f->q = q;
	f->slot = -1;
	init_waitqueue_head(&f->wq);
	INIT_WORK(&f->free_work, free_work);
	return f;
}

/**
 * cap_file_put() - A frame of this file was sent, or never will be
 * @f: file
 *
 * Context: any but hard interrupt.
 */
void cap_file_put(struct cap_file *f)
{
	if (refcount_dec_and_test(&f->ref))
		queue_work(cap_file_wq, &f->free_work);
}

/**
 * cap_file_close() - The user's descriptor is gone
 * @f: file; freed now, or with the last frame that it sends
 *
 * Context: may sleep.
 */
void cap_file_close(struct cap_file *f)
{
	if (refcount_dec_and_test(&f->ref))
		free_file(f);
}
