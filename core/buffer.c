// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of a queue is replaced between two steps of the poll thread. The new
 * one goes on at the position where the old one ends; each listener reads the
 * old one to its end, then moves by itself. Ref: decision 0008
 */
#include <linux/capability.h>
#include <linux/file.h>
#include <linux/module.h>

#include "verbs.h"

static_assert(sizeof(struct hpcap_buffer) == 128);
static_assert(sizeof(struct hpcap_buffer_req) == 48);
static_assert(sizeof(struct hpcap_move) == 64);

/**
 * cap_queue_use_mem() - An empty ring for a queue, from position 0 on
 * @q: queue
 * @mem: memory; the queue takes over the caller's reference
 *
 * Context: q->lock held, or nobody knows the queue yet; nobody listens.
 */
void cap_queue_use_mem(struct cap_queue *q, struct cap_mem *mem)
{
	q->mem = mem;
	q->poll.gauge = (struct cap_gauge){ 0 };
	cap_ring_init(&q->poll.ring, mem->data, mem->size, mem->ctrl, cap_mem_marks(mem));
	WRITE_ONCE(mem->ctrl->state, q->state);
}

/* Listeners that still read a ring before the present one. With q->lock. */
static u32 count_leaving(const struct cap_queue *q)
{
	u32 n = 0;
	int i;

	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		n += q->files[i] && q->files[i]->mem != q->mem;
	return n;
}

/* With q->lock. */
static void move_ring(struct cap_queue *q, struct cap_mem *mem)
{
	struct hpcap_ctrl *old = q->mem->ctrl;
	u64 pos = q->poll.ring.head, seq = q->poll.ring.seq;

	cap_queue_use_mem(q, mem);
	if (!q->poll.listeners.nr)
		return;
	cap_ring_start_at(&q->poll.ring, pos, seq);
	cap_poll_refresh(&q->poll);
	q->moves++;
	/* pairs with the listener's acquire of state: what it finds committed
	 * to the old ring afterwards is all there will be
	 */
	smp_store_release(&old->state, q->state | HPCAP_STATE_MOVED);
	cap_queue_wake(q, U32_MAX, EPOLLIN | EPOLLRDNORM);
}

/* Takes over the caller's reference to @mem, whatever comes of it. */
static int replace(struct cap_queue *q, struct cap_mem *mem, bool idle_only)
{
	struct cap_mem *unused = mem;
	int err = 0;

	if (mutex_lock_interruptible(&q->mutex)) {
		cap_mem_put(mem);
		return -EINTR;
	}
	spin_lock(&q->lock);
	if (q->gone)
		err = -ENODEV;
	else if (count_leaving(q) || (idle_only && q->poll.listeners.nr))
		err = -EBUSY;
	if (!err) {
		unused = q->mem;
		move_ring(q, mem);
	}
	spin_unlock(&q->lock);
	mutex_unlock(&q->mutex);
	cap_mem_put(unused);
	return err;
}

static int check_size(const struct cap_queue *q, u64 size)
{
	if (cap_ring_size_valid(size))
		return 0;
	cap_refuse(q, "ring of %llu bytes: want a multiple of %u, at least %llu", size,
		   (u32)HPCAP_CHUNK_SIZE, HPCAP_RING_MIN);
	return -EINVAL;
}

/**
 * cap_queue_set_ring() - Another ring of the kernel's pages
 * @q: queue, running or not
 * @size: bytes
 * @idle_only: refuse while anybody listens
 *
 * Context: may sleep, long for a large ring.
 * Return: 0; -EINVAL, -EBUSY, -ENOMEM, -ENODEV, -EINTR: the old ring stays.
 */
int cap_queue_set_ring(struct cap_queue *q, u64 size, bool idle_only)
{
	struct cap_mem *mem;
	int err = check_size(q, size);

	if (err)
		return err;
	if (idle_only && READ_ONCE(q->poll.listeners.nr))
		return -EBUSY;
	mem = cap_mem_create(size, q->node);
	return IS_ERR(mem) ? PTR_ERR(mem) : replace(q, mem, idle_only);
}

/* The caller's own file becomes the ring. */
static int set_file(struct cap_queue *q, const struct hpcap_buffer_req *req)
{
	struct cap_mem *mem;
	struct file *file;
	int err = check_size(q, req->size);

	if (err)
		return err;
	file = fget(req->fd);
	if (!file)
		return -EBADF;
	mem = cap_mem_create_from(file, req->offset, req->size, q->node);
	fput(file);
	if (!IS_ERR(mem))
		return replace(q, mem, false);
	err = PTR_ERR(mem);
	if (err == -EINVAL)
		cap_refuse(q, "%llu bytes at %llu: want whole pages of tmpfs or hugetlbfs",
			   req->size, req->offset);
	return err;
}

/**
 * cap_do_set_buffer() - HPCAP_IOC_SET_BUFFER
 * @f: caller
 * @a: argument
 *
 * Context: may sleep long.
 * Return: 0, or as struct hpcap_buffer_req says.
 */
int cap_do_set_buffer(struct cap_file *f, union cap_arg *a)
{
	const struct hpcap_buffer_req *req = &a->buffer_req;

	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (req->flags) {
		cap_refuse(f->q, "buffer flags %#x: want 0", req->flags);
		return -EINVAL;
	}
	if (cap_check_zero(f->q, req->reserved, sizeof(req->reserved)))
		return -EINVAL;
	if (req->fd >= 0)
		return set_file(f->q, req);
	if (req->fd != -1 || req->offset) {
		cap_refuse(f->q, "fd %d, offset %llu: want a file, or -1 and 0", req->fd,
			   req->offset);
		return req->fd == -1 ? -EINVAL : -EBADF;
	}
	return cap_queue_set_ring(f->q, req->size, false);
}

/**
 * cap_queue_get_buffer() - The ring as memory, and how full it is
 * @q: queue
 * @b: filled in, whole
 */
void cap_queue_get_buffer(struct cap_queue *q, struct hpcap_buffer *b)
{
	memset(b, 0, sizeof(*b));
	spin_lock(&q->lock);
	cap_poll_sample(&q->poll);
	cap_gauge_report(&q->poll.gauge, q->mem->size, b);
	b->size = q->mem->size;
	b->kind = q->mem->kind;
	b->page_size = q->mem->page_size;
	b->foreign = q->mem->foreign;
	b->node = q->node;
	b->moves = q->moves;
	b->leaving = count_leaving(q);
	spin_unlock(&q->lock);
}

/**
 * cap_do_get_buffer() - HPCAP_IOC_GET_BUFFER
 * @f: caller
 * @a: argument
 *
 * Return: 0.
 */
int cap_do_get_buffer(struct cap_file *f, union cap_arg *a)
{
	cap_queue_get_buffer(f->q, &a->buffer);
	return 0;
}

/**
 * cap_do_move() - HPCAP_IOC_MOVE, also when the device is gone
 * @f: caller
 * @a: argument
 *
 * Context: may sleep.
 * Return: 0; -ENOTCONN, -EALREADY, -EINTR.
 */
int cap_do_move(struct cap_file *f, union cap_arg *a)
{
	struct cap_queue *q = f->q;
	struct cap_mem *old;
	bool moves;

	if (cap_attached_slot(f) < 0)
		return -ENOTCONN;
	if (mutex_lock_interruptible(&q->mutex))
		return -EINTR;
	spin_lock(&q->lock);
	old = f->mem;
	moves = old != q->mem;
	if (moves) {
		cap_mem_get(q->mem);
		f->mem = q->mem;
		f->moved = true;
	}
	a->move.ring_size = q->mem->size;
	a->move.meta_size = (u64)q->mem->nr_meta << PAGE_SHIFT;
	a->move.pos = q->poll.ring.start;
	spin_unlock(&q->lock);
	mutex_unlock(&q->mutex);
	if (!moves)
		return -EALREADY;
	cap_mem_put(old);
	return 0;
}
