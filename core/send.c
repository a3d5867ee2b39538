// SPDX-License-Identifier: GPL-2.0-only
/*
 * Captured frames sent out again, straight from the ring. A program names
 * bytes that it still holds; they are held here as well until the NIC has read
 * them, so that neither its acknowledgment nor its death lets the producer
 * write over a frame on its way. Nothing in the ring is believed: any bytes
 * that the program may read it may send. Ref: decision 0006
 */
#include <linux/capability.h>
#include <linux/etherdevice.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "verbs.h"

/* Frames handled between two looks at the locks. */
#define SEND_BATCH	32

static void free_slot(struct cap_file *f, struct cap_send_slot *s)
{
	struct cap_send *send = f->send;
	u32 i;

	for (i = 0; i < s->tx.nr; i++)
		put_page(s->tx.piece[i].page);
	if (s->bounce)
		put_page(s->bounce);
	cap_holds_drop(&send->holds, s - send->slot);
	if (atomic_dec_return(&send->in_flight) == CAP_HOLDS / 2)
		wake_up_poll(&f->wq, EPOLLOUT | EPOLLWRNORM);
	cap_file_put(f);
}

static void send_done(struct cap_tx_frame *tx, bool sent)
{
	struct cap_send_slot *s = container_of(tx, struct cap_send_slot, tx);

	atomic64_inc(sent ? &s->out->sent : &s->out->send_failed);
	free_slot(s->file, s);
}

/* Each piece has a reference of its own: the pages outlive the ring. */
static int add_piece(struct cap_tx_frame *tx, struct page *page, u32 offset, u32 len)
{
	if (tx->nr == CAP_TX_PIECES)
		return -EINVAL;
	get_page(page);
	tx->piece[tx->nr++] = (struct cap_tx_piece){ page, offset, len };
	return 0;
}

static int add_ring_bytes(struct cap_tx_frame *tx, const struct cap_mem *mem, u64 pos, u32 len)
{
	u64 at;
	int err = 0;

	div64_u64_rem(pos, mem->size, &at);
	while (len && !err) {
		u32 offset = offset_in_page(at);
		u32 part = min_t(u32, len, PAGE_SIZE - offset);

		/* the array holds the ring's pages twice: no wrap */
		err = add_piece(tx, mem->pages[at >> PAGE_SHIFT], offset, part);
		at += part;
		len -= part;
	}
	return err;
}

/* The edited front of a frame, or, with @whole, all of it, zeros up to 60 bytes. */
static int add_copy(struct cap_send_slot *s, const struct cap_mem *mem,
		    const struct hpcap_send_frame *f, bool whole)
{
	u32 len = whole ? max_t(u32, f->len, ETH_ZLEN) : f->edit_len;
	u64 at;
	u8 *to;

	s->bounce = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_COMP | __GFP_NOWARN,
				get_order(len));
	if (!s->bounce)
		return -ENOMEM;
	to = page_address(s->bounce);
	if (copy_from_user(to, u64_to_user_ptr(f->edit), f->edit_len))
		return -EFAULT;
	if (whole) {
		div64_u64_rem(f->pos, mem->size, &at);
		memcpy(to + f->edit_len, mem->data + at + f->edit_len, f->len - f->edit_len);
	}
	return add_piece(&s->tx, s->bounce, 0, len);
}

static int build(struct cap_send_slot *s, const struct cap_mem *mem,
		 const struct hpcap_send_frame *f, u32 flags)
{
	bool whole = flags & HPCAP_SEND_COPY || f->len < ETH_ZLEN || f->edit_len == f->len;
	int err = 0;

	s->tx.len = max_t(u32, f->len, ETH_ZLEN);
	s->tx.done = send_done;
	if (whole || f->edit_len)
		err = add_copy(s, mem, f, whole);
	if (!err && !whole)
		err = add_ring_bytes(&s->tx, mem, f->pos + f->edit_len, f->len - f->edit_len);
	return err;
}

static int check_frame(const struct cap_file *f, const struct hpcap_send_frame *sf, u32 frame_max)
{
	if (sf->len >= HPCAP_SEND_LEN_MIN && sf->len <= frame_max && sf->edit_len <= sf->len)
		return 0;
	cap_refuse(f->q, "send: %u bytes, %u edited: want %u to %u, no more edited than sent",
		   sf->len, sf->edit_len, HPCAP_SEND_LEN_MIN, frame_max);
	return -EINVAL;
}

/*
 * Hold the bytes of @n frames; those held, or an error for the first. @mem is
 * where they lie, a reference.
 */
static int hold(struct cap_file *f, const struct hpcap_send_frame *sf, int n, int *slot,
		struct cap_mem **mem)
{
	struct cap_poll *p = &f->q->poll;
	u64 committed;
	int i;

	spin_lock(&f->q->lock);
	*mem = f->mem;
	cap_mem_get(*mem);
	/* one that still reads the ring before this one sends from that alone */
	committed = *mem == f->q->mem ? p->ring.committed : p->ring.start;
	for (i = 0; i < n; i++) {
		slot[i] = cap_listener_hold(&p->listeners.slot[f->slot], &f->send->holds,
					    sf[i].pos, sf[i].pos + sf[i].len, committed);
		if (slot[i] < 0)
			break;
	}
	spin_unlock(&f->q->lock);
	return i ? i : slot[0];
}

static int give_to_nic(struct cap_queue *out, struct cap_tx_frame **tx, int n)
{
	const struct cap_nic_ops *ops = out->poll.ops;
	int ret;

	mutex_lock(&out->tx_mutex);
	if (READ_ONCE(out->gone))
		ret = -ENODEV;
	else if (!ops->tx_send)
		ret = -EOPNOTSUPP;
	else
		ret = ops->tx_send(out->poll.nicq, tx, n);
	mutex_unlock(&out->tx_mutex);
	return ret;
}

/* Up to SEND_BATCH frames: those taken, or an error for the first. */
static int send_some(struct cap_file *f, struct cap_queue *out,
		     const struct hpcap_send_frame *sf, int n, u32 flags)
{
	struct cap_tx_frame *tx[SEND_BATCH];
	int slot[SEND_BATCH];
	struct cap_mem *mem;
	int i, built, held, err = 0;

	held = hold(f, sf, n, slot, &mem);
	if (held < 0) {
		cap_mem_put(mem);
		return held;
	}
	for (i = 0; i < held; i++) {
		struct cap_send_slot *s = &f->send->slot[slot[i]];

		*s = (struct cap_send_slot){ .file = f, .out = out };
		tx[i] = &s->tx;
		refcount_inc(&f->ref);
		atomic_inc(&f->send->in_flight);
	}
	for (built = 0; built < held && !err; built += !err)
		err = build(&f->send->slot[slot[built]], mem, &sf[built], flags);
	cap_mem_put(mem);
	if (built) {
		n = give_to_nic(out, tx, built);
		err = n < 0 ? n : n ? 0 : -EAGAIN;
	}
	for (i = err ? 0 : n; i < held; i++)
		free_slot(f, &f->send->slot[slot[i]]);
	return err ? err : n;
}

static int send_all(struct cap_file *f, struct cap_queue *out, struct hpcap_send *a,
		    const struct hpcap_send_frame *sf)
{
	u32 frame_max = READ_ONCE(out->poll.frame_max);
	int n, err = 0;

	while (a->sent < a->count && !err) {
		for (n = 0; n < SEND_BATCH && a->sent + n < a->count; n++) {
			err = check_frame(f, &sf[a->sent + n], frame_max);
			if (err)
				break;
		}
		if (n) {
			int ret = send_some(f, out, sf + a->sent, n, a->flags);

			if (ret > 0)
				a->sent += ret;
			err = ret < 0 ? ret : ret < n ? -EAGAIN : err;
		}
		cond_resched();
	}
	return a->sent ? 0 : err;
}

static int make_send(struct cap_file *f)
{
	struct cap_send *send;

	if (f->send)
		return 0;
	send = kvzalloc(sizeof(*send), GFP_KERNEL_ACCOUNT);
	if (!send)
		return -ENOMEM;
	mutex_init(&send->mutex);
	cap_holds_init(&send->holds);
	mutex_lock(&f->q->mutex);
	if (!f->send) {
		/* pairs with cap_send_poll() */
		smp_store_release(&f->send, send);
		send = NULL;
	}
	mutex_unlock(&f->q->mutex);
	kvfree(send);
	return 0;
}

static int send_through(struct cap_file *f, struct cap_queue *out, struct hpcap_send *a)
{
	struct hpcap_send_frame *sf;
	int err;

	sf = memdup_user(u64_to_user_ptr(a->frames), a->count * sizeof(*sf));
	if (IS_ERR(sf))
		return PTR_ERR(sf);
	err = make_send(f);
	if (!err && mutex_lock_interruptible(&f->send->mutex))
		err = -EINTR;
	if (!err) {
		err = send_all(f, out, a, sf);
		mutex_unlock(&f->send->mutex);
	}
	kfree(sf);
	return err;
}

/**
 * cap_do_send() - HPCAP_IOC_SEND
 * @f: listener whose frames they are
 * @arg: in and out
 *
 * Context: process; sleeps.
 * Return: as struct hpcap_send says.
 */
int cap_do_send(struct cap_file *f, union cap_arg *arg)
{
	struct hpcap_send *a = &arg->send;
	struct cap_file *out;
	struct file *file;
	int err;

	if (!capable(CAP_NET_RAW))
		return -EPERM;
	if (cap_check_zero(f->q, a->reserved, sizeof(a->reserved)))
		return -EINVAL;
	if (!a->count || a->count > HPCAP_SEND_MAX || a->flags & ~HPCAP_SEND_COPY) {
		cap_refuse(f->q, "send: %u frames, flags %#x: want 1 to %u, flags %#x", a->count,
			   a->flags, HPCAP_SEND_MAX, HPCAP_SEND_COPY);
		return -EINVAL;
	}
	if (cap_attached_slot(f) < 0)
		return -ENOTCONN;
	file = fget(a->fd);
	if (!file)
		return -EBADF;
	out = cap_file_of(file);
	a->sent = 0;
	err = out && file->f_mode & FMODE_WRITE ? send_through(f, out->q, a) : -EBADF;
	fput(file);
	return err;
}

/**
 * cap_send_poll() - May a listener send more?
 * @f: its file
 *
 * Return: EPOLLOUT when less than half of what it may send is on its way.
 */
__poll_t cap_send_poll(const struct cap_file *f)
{
	/* pairs with make_send() */
	const struct cap_send *send = smp_load_acquire(&f->send);

	if (send && atomic_read(&send->in_flight) > CAP_HOLDS / 2)
		return 0;
	return EPOLLOUT | EPOLLWRNORM;
}
