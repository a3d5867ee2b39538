// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/hpcap_<adapter>_<queue>. What comes in is copied once and checked here;
 * what goes out is built in zeroed memory. No lock is held over user memory.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "filter.h"
#include "verbs.h"

static_assert(sizeof(struct hpcap_info) == 136);
static_assert(sizeof(struct hpcap_attach) == 72);
static_assert(sizeof(struct hpcap_stats) == 192);
static_assert(sizeof(struct hpcap_listeners) == 8 + 80 * HPCAP_MAX_LISTENERS);
static_assert(sizeof(struct hpcap_ring_req) == 32);
static_assert(sizeof(struct hpcap_poll_req) == 24);
static_assert(sizeof(struct hpcap_time) == 80);
static_assert(sizeof(struct hpcap_dup) == 64);
static_assert(sizeof(struct hpcap_send) == 40);
static_assert(sizeof(struct hpcap_send_frame) == 24);

static const struct file_operations hpcap_fops;

static int do_info(struct cap_file *f, union cap_arg *a)
{
	struct cap_queue *q = f->q;
	struct hpcap_info *info = &a->info;
	const struct cap_mem *mem;

	info->abi = HPCAP_ABI;
	info->adapter = q->adapter;
	info->queue = q->index;
	info->poll_mode = READ_ONCE(q->mode);
	info->cpu = READ_ONCE(q->cpu);
	info->numa_node = q->node;
	info->max_listeners = HPCAP_MAX_LISTENERS;
	memcpy(info->device, q->device, sizeof(info->device));
	spin_lock(&q->lock);
	mem = f->mem ? f->mem : q->mem;
	info->state = q->state;
	info->ring_size = mem->size;
	info->meta_size = (u64)mem->nr_meta << PAGE_SHIFT;
	info->frame_max = q->poll.frame_max;
	info->nr_listeners = q->poll.listeners.nr;
	spin_unlock(&q->lock);
	return 0;
}

static int check_attach(const struct cap_queue *q, struct hpcap_attach *a)
{
	size_t len = strnlen(a->name, sizeof(a->name));

	if (a->mode != HPCAP_STRICT && a->mode != HPCAP_LOSSY) {
		cap_refuse(q, "listener mode %u: want 0 (strict) or 1 (lossy)", a->mode);
		return -EINVAL;
	}
	if (len == sizeof(a->name)) {
		cap_refuse(q, "listener name of %zu bytes: want at most %u", len,
			   HPCAP_NAME_LEN - 1);
		return -EINVAL;
	}
	memset(a->name + len, 0, sizeof(a->name) - len);
	return cap_check_zero(q, a->reserved, sizeof(a->reserved));
}

/* With q->mutex, so neither the ring nor f->slot can change meanwhile. */
static int attach_locked(struct cap_file *f, struct hpcap_attach *a, struct page *cursor)
{
	struct cap_queue *q = f->q;
	int slot;

	if (q->gone)
		return -ENODEV;
	if (f->slot >= 0)
		return -EBUSY;
	spin_lock(&q->lock);
	slot = cap_poll_attach(&q->poll, page_address(cursor), a, task_tgid_nr(current));
	if (slot >= 0) {
		cap_mem_get(q->mem);
		q->files[slot] = f;
		f->mem = q->mem;
		f->cursor = cursor;
	}
	spin_unlock(&q->lock);
	if (slot < 0)
		return slot;
	/* pairs with cap_attached_slot() */
	smp_store_release(&f->slot, slot);
	return 0;
}

static int do_attach(struct cap_file *f, union cap_arg *a)
{
	struct page *cursor;
	int err = check_attach(f->q, &a->attach);

	if (err)
		return err;
	cursor = alloc_pages_node(f->q->node, GFP_KERNEL | __GFP_ZERO, 0);
	if (!cursor)
		return -ENOMEM;
	if (mutex_lock_interruptible(&f->q->mutex)) {
		err = -EINTR;
		goto err_page;
	}
	err = attach_locked(f, &a->attach, cursor);
	mutex_unlock(&f->q->mutex);
	if (err)
		goto err_page;
	cap_queue_kick(f->q);
	return 0;

err_page:
	__free_page(cursor);
	return err;
}

static int do_stats(struct cap_file *f, union cap_arg *a)
{
	cap_queue_get_stats(f->q, &a->stats);
	return 0;
}

static int do_listeners(struct cap_file *f, union cap_arg *a)
{
	struct cap_poll *p = &f->q->poll;

	spin_lock(&f->q->lock);
	cap_listeners_list(&p->listeners, p->ring.committed, &a->listeners);
	spin_unlock(&f->q->lock);
	return 0;
}

static int do_set_ring(struct cap_file *f, union cap_arg *a)
{
	const struct hpcap_ring_req *req = &a->ring;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (req->flags || req->pad) {
		cap_refuse(f->q, "ring flags %#x, %#x: want 0", req->flags, req->pad);
		return -EINVAL;
	}
	if (cap_check_zero(f->q, req->reserved, sizeof(req->reserved)))
		return -EINVAL;
	return cap_queue_set_ring(f->q, req->size, true);
}

static int do_set_poll(struct cap_file *f, union cap_arg *a)
{
	const struct hpcap_poll_req *req = &a->poll;
	int err;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	err = cap_check_zero(f->q, req->reserved, sizeof(req->reserved));
	if (err)
		return err;
	if (mutex_lock_interruptible(&f->q->mutex))
		return -EINTR;
	err = f->q->gone ? -ENODEV : cap_thread_set(f->q, req->mode, req->cpu);
	mutex_unlock(&f->q->mutex);
	return err;
}

static const struct {
	unsigned int cmd;
	int (*run)(struct cap_file *f, union cap_arg *a);
} verbs[] = {
	[_IOC_NR(HPCAP_IOC_INFO)] = { HPCAP_IOC_INFO, do_info },
	[_IOC_NR(HPCAP_IOC_ATTACH)] = { HPCAP_IOC_ATTACH, do_attach },
	[_IOC_NR(HPCAP_IOC_STATS)] = { HPCAP_IOC_STATS, do_stats },
	[_IOC_NR(HPCAP_IOC_LISTENERS)] = { HPCAP_IOC_LISTENERS, do_listeners },
	[_IOC_NR(HPCAP_IOC_SET_RING)] = { HPCAP_IOC_SET_RING, do_set_ring },
	[_IOC_NR(HPCAP_IOC_SET_POLL)] = { HPCAP_IOC_SET_POLL, do_set_poll },
	[_IOC_NR(HPCAP_IOC_SET_TIME)] = { HPCAP_IOC_SET_TIME, cap_do_set_time },
	[_IOC_NR(HPCAP_IOC_GET_TIME)] = { HPCAP_IOC_GET_TIME, cap_do_get_time },
	[_IOC_NR(HPCAP_IOC_SET_DUP)] = { HPCAP_IOC_SET_DUP, cap_do_set_dup },
	[_IOC_NR(HPCAP_IOC_GET_DUP)] = { HPCAP_IOC_GET_DUP, cap_do_get_dup },
	[_IOC_NR(HPCAP_IOC_SEND)] = { HPCAP_IOC_SEND, cap_do_send },
	[_IOC_NR(HPCAP_IOC_SET_FILTER)] = { HPCAP_IOC_SET_FILTER, cap_do_set_filter },
	[_IOC_NR(HPCAP_IOC_GET_FILTER)] = { HPCAP_IOC_GET_FILTER, cap_do_get_filter },
	[_IOC_NR(HPCAP_IOC_SET_KEEP)] = { HPCAP_IOC_SET_KEEP, cap_do_set_keep },
	[_IOC_NR(HPCAP_IOC_GET_KEEP)] = { HPCAP_IOC_GET_KEEP, cap_do_get_keep },
	[_IOC_NR(HPCAP_IOC_SET_EVICT)] = { HPCAP_IOC_SET_EVICT, cap_do_set_evict },
	[_IOC_NR(HPCAP_IOC_GET_EVICT)] = { HPCAP_IOC_GET_EVICT, cap_do_get_evict },
	[_IOC_NR(HPCAP_IOC_SET_BUFFER)] = { HPCAP_IOC_SET_BUFFER, cap_do_set_buffer },
	[_IOC_NR(HPCAP_IOC_GET_BUFFER)] = { HPCAP_IOC_GET_BUFFER, cap_do_get_buffer },
	[_IOC_NR(HPCAP_IOC_MOVE)] = { HPCAP_IOC_MOVE, cap_do_move },
};

/*
 * ENOTTY: not ours, or of another size or direction. When the answer of ATTACH
 * cannot be written, EFAULT, the caller is attached and leaves with close(2).
 */
static long hpcap_ioctl(struct file *file, unsigned int cmd, unsigned long uarg)
{
	void __user *user = (void __user *)uarg;
	struct cap_file *f = file->private_data;
	unsigned int nr = _IOC_NR(cmd);
	union cap_arg a;
	int err;

	if (_IOC_TYPE(cmd) != HPCAP_IOC || nr >= ARRAY_SIZE(verbs))
		return -ENOTTY;
	nr = array_index_nospec(nr, ARRAY_SIZE(verbs));
	if (!verbs[nr].run || cmd != verbs[nr].cmd)
		return -ENOTTY;
	/* what was captured may still be read, in whichever ring it lies */
	if (READ_ONCE(f->q->gone) && cmd != HPCAP_IOC_MOVE)
		return -ENODEV;

	memset(&a, 0, sizeof(a));
	if (_IOC_DIR(cmd) & _IOC_WRITE && copy_from_user(&a, user, _IOC_SIZE(cmd)))
		return -EFAULT;
	err = verbs[nr].run(f, &a);
	if (err)
		return err;
	if (_IOC_DIR(cmd) & _IOC_READ && copy_to_user(user, &a, _IOC_SIZE(cmd)))
		return -EFAULT;
	return 0;
}

/**
 * cap_attached_slot() - Which listener is this?
 * @f: open file
 *
 * Return: slot, or -1; with a slot, f->mem and f->cursor are set, and f->cursor for
 * good.
 */
int cap_attached_slot(const struct cap_file *f)
{
	/* pairs with attach_locked() */
	return smp_load_acquire(&f->slot);
}

static int hpcap_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct cap_file *f = file->private_data;
	struct cap_mem *mem;
	int err;

	if (READ_ONCE(f->q->gone) && !READ_ONCE(f->moved))
		return -ENODEV;
	if (cap_attached_slot(f) < 0)
		return -ENOTCONN;
	spin_lock(&f->q->lock);
	mem = f->mem;
	cap_mem_get(mem);
	spin_unlock(&f->q->lock);
	err = cap_mem_map(mem, f->cursor, vma);
	cap_mem_put(mem);
	return err;
}

static __poll_t hpcap_poll(struct file *file, poll_table *wait)
{
	struct cap_file *f = file->private_data;
	int slot = cap_attached_slot(f);
	struct cap_queue *q = f->q;
	__poll_t mask = 0;
	bool ready;

	poll_wait(file, &f->wq, wait);
	if (slot < 0)
		return READ_ONCE(q->gone) ? EPOLLERR | EPOLLHUP : EPOLLERR;
	spin_lock(&q->lock);
	ready = cap_listener_ready(&q->poll.listeners, slot, &q->poll.ring);
	switch (q->poll.listeners.slot[slot].state) {
	case HPCAP_LISTENER_ATTACHED:
		mask = ready || f->mem != q->mem ? EPOLLIN | EPOLLRDNORM : 0;
		break;
	case HPCAP_LISTENER_GONE:
		mask = EPOLLHUP;
		break;
	default:
		mask = EPOLLERR;
	}
	spin_unlock(&q->lock);
	return mask | cap_send_poll(f);
}

/**
 * cap_file_of() - What a user's file descriptor stands for
 * @file: any open file
 *
 * Return: our part of it, or NULL when it is no capture queue.
 */
struct cap_file *cap_file_of(struct file *file)
{
	return file->f_op == &hpcap_fops ? file->private_data : NULL;
}

static int hpcap_open(struct inode *inode, struct file *file)
{
	struct cap_queue *q = container_of(file->private_data, struct cap_queue, misc);
	struct cap_file *f = cap_file_create(q);

	if (IS_ERR(f))
		return PTR_ERR(f);
	file->private_data = f;
	return nonseekable_open(inode, file);
}

/* The last descriptor and the last mapping are gone, whatever the reason. */
static int hpcap_release(struct inode *inode, struct file *file)
{
	cap_file_close(file->private_data);
	return 0;
}

static const struct file_operations hpcap_fops = {
	.owner = THIS_MODULE,
	.open = hpcap_open,
	.release = hpcap_release,
	.unlocked_ioctl = hpcap_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = hpcap_mmap,
	.poll = hpcap_poll,
};

/**
 * cap_chardev_register() - Make the device file
 * @q: queue, ready for everything but frames
 * @parent: the NIC's device
 *
 * Context: may sleep.
 * Return: 0, or a negative errno of misc_register().
 */
int cap_chardev_register(struct cap_queue *q, struct device *parent)
{
	q->misc.minor = MISC_DYNAMIC_MINOR;
	q->misc.name = q->name;
	q->misc.fops = &hpcap_fops;
	q->misc.parent = parent;
	q->misc.mode = 0660;
	q->misc.groups = cap_sysfs_groups;
	return misc_register(&q->misc);
}

/**
 * cap_chardev_unregister() - Remove the device file; open ones live on
 * @q: queue
 *
 * Context: may sleep. Nobody can open when this returns.
 */
void cap_chardev_unregister(struct cap_queue *q)
{
	misc_deregister(&q->misc);
}
