// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is stored, by queue and by listener: filters, caplen, flow cut; and who
 * is evicted. Everything is prepared first and then put in place between two
 * steps of the poll thread, so each frame meets either the old or the new.
 */
#include <linux/filter.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "filter.h"
#include "verbs.h"

static_assert(sizeof(struct hpcap_filter) == 224);
static_assert(sizeof(struct hpcap_keep) == 56);
static_assert(sizeof(struct hpcap_evict) == 32);
static_assert(HPCAP_KEEP_SLOTS_MIN == CAP_FLOW_SLOTS_MIN);
static_assert(HPCAP_KEEP_SLOTS_MAX == CAP_FLOW_SLOTS_MAX);

enum {
	IDLE_DEFAULT = 60,
	SLOTS_DEFAULT = 65536,
};

/* Is this scope the caller's? */
static int check_own_scope(const struct cap_file *f, u32 scope)
{
	if (scope > HPCAP_SCOPE_LISTENER) {
		cap_refuse(f->q, "scope %u: want 0 (queue) or 1 (listener)", scope);
		return -EINVAL;
	}
	return scope == HPCAP_SCOPE_LISTENER && cap_attached_slot(f) < 0 ? -ENOTCONN : 0;
}

/* May the caller change this scope? */
static int check_scope(const struct cap_file *f, u32 scope)
{
	if (scope == HPCAP_SCOPE_QUEUE && !capable(CAP_NET_ADMIN))
		return -EPERM;
	return check_own_scope(f, scope);
}

/* --- filters --- */

static int check_filter(const struct cap_file *f, const struct hpcap_filter *req)
{
	int err = check_scope(f, req->scope);

	if (err)
		return err;
	if (strnlen(req->text, sizeof(req->text)) == sizeof(req->text)) {
		cap_refuse(f->q, "filter text of %u bytes: want at most %u", HPCAP_FILTER_TEXT,
			   HPCAP_FILTER_TEXT - 1);
		return -EINVAL;
	}
	if (req->len > HPCAP_FILTER_MAX) {
		cap_refuse(f->q, "filter of %u instructions: want at most %u", req->len,
			   HPCAP_FILTER_MAX);
		return -EINVAL;
	}
	return cap_check_zero(f->q, req->reserved, sizeof(req->reserved));
}

static void put_filter(struct cap_file *f, u32 scope, struct cap_prog *prog)
{
	struct cap_poll *p = &f->q->poll;

	spin_lock(&f->q->lock);
	if (scope == HPCAP_SCOPE_QUEUE)
		p->policy.filter = cap_prog_filter(prog);
	else
		p->listeners.slot[f->slot].filter = cap_prog_filter(prog);
	cap_poll_refresh(p);
	spin_unlock(&f->q->lock);
}

/**
 * cap_do_set_filter() - HPCAP_IOC_SET_FILTER
 * @f: caller
 * @a: argument
 *
 * Context: may sleep.
 * Return: 0, or as struct hpcap_filter says.
 */
int cap_do_set_filter(struct cap_file *f, union cap_arg *a)
{
	const struct hpcap_filter *req = &a->filter;
	struct cap_prog *prog = NULL;
	struct cap_prog **place;
	int err = check_filter(f, req);

	if (err)
		return err;
	if (req->len)
		prog = cap_prog_create(req);
	if (IS_ERR(prog)) {
		if (PTR_ERR(prog) == -EINVAL)
			cap_refuse(f->q, "filter of %u instructions: not classic BPF over frames",
				   req->len);
		return PTR_ERR(prog);
	}
	if (mutex_lock_interruptible(&f->q->mutex)) {
		cap_prog_destroy(prog);
		return -EINTR;
	}
	put_filter(f, req->scope, prog);
	place = req->scope == HPCAP_SCOPE_QUEUE ? &f->q->prog : &f->prog;
	swap(*place, prog);
	mutex_unlock(&f->q->mutex);
	cap_prog_destroy(prog);
	return 0;
}

/**
 * cap_do_get_filter() - HPCAP_IOC_GET_FILTER
 * @f: caller
 * @a: argument
 *
 * Context: may sleep.
 * Return: 0; -EINVAL, -ENOTCONN, -EFAULT, -ENOMEM, -EINTR.
 */
int cap_do_get_filter(struct cap_file *f, union cap_arg *a)
{
	struct hpcap_filter *req = &a->filter;
	struct sock_filter *insns;
	u32 room = req->len;
	int err = check_own_scope(f, req->scope);

	if (err)
		return err;
	if (mutex_lock_interruptible(&f->q->mutex))
		return -EINTR;
	insns = cap_prog_copy(req->scope == HPCAP_SCOPE_QUEUE ? f->q->prog : f->prog, req);
	mutex_unlock(&f->q->mutex);
	if (IS_ERR(insns))
		return PTR_ERR(insns);
	if (insns && req->insns &&
	    copy_to_user(u64_to_user_ptr(req->insns), insns,
			 min(room, req->len) * sizeof(*insns)))
		err = -EFAULT;
	kfree(insns);
	return err;
}

/* --- caplen, headers, flows --- */

static int check_flows(const struct cap_queue *q, struct hpcap_keep *k)
{
	if (!k->flow_idle)
		k->flow_idle = IDLE_DEFAULT;
	if (!k->flow_slots)
		k->flow_slots = SLOTS_DEFAULT;
	if (k->flow_idle > HPCAP_KEEP_IDLE_MAX) {
		cap_refuse(q, "flow_idle %u: want 1..%u seconds", k->flow_idle,
			   HPCAP_KEEP_IDLE_MAX);
		return -EINVAL;
	}
	if (k->flow_slots < HPCAP_KEEP_SLOTS_MIN || k->flow_slots > HPCAP_KEEP_SLOTS_MAX ||
	    !is_power_of_2(k->flow_slots)) {
		cap_refuse(q, "flow_slots %u: want a power of two, %u..%u", k->flow_slots,
			   HPCAP_KEEP_SLOTS_MIN, HPCAP_KEEP_SLOTS_MAX);
		return -EINVAL;
	}
	return 0;
}

static int check_keep(const struct cap_queue *q, struct hpcap_keep *k)
{
	if (k->caplen && (k->caplen < HPCAP_KEEP_CAPLEN_MIN || k->caplen > HPCAP_CAPLEN_MAX)) {
		cap_refuse(q, "caplen %u: want 0 (all) or %u..%u", k->caplen,
			   HPCAP_KEEP_CAPLEN_MIN, HPCAP_CAPLEN_MAX);
		return -EINVAL;
	}
	if (k->flags & ~HPCAP_KEEP_HEADERS) {
		cap_refuse(q, "keep flags %#x: want 0 or 1 (headers)", k->flags);
		return -EINVAL;
	}
	if (cap_check_zero(q, k->reserved, sizeof(k->reserved)))
		return -EINVAL;
	if (k->scope == HPCAP_SCOPE_QUEUE)
		return check_flows(q, k);
	if (k->flow_bytes || k->flow_idle || k->flow_slots || k->flags) {
		cap_refuse(q, "flows and headers of a listener: want 0, they are the queue's");
		return -EINVAL;
	}
	return 0;
}

static void free_flows(struct cap_flows *t)
{
	if (t)
		kvfree(t->slot);
	kfree(t);
}

static struct cap_flows *alloc_flows(const struct hpcap_keep *k, int node)
{
	struct cap_flows *t = kzalloc_node(sizeof(*t), GFP_KERNEL, node);

	if (!t)
		return NULL;
	t->nr = k->flow_slots;
	t->slot = kvzalloc_node(array_size(t->nr, sizeof(*t->slot)),
				GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY, node);
	if (!t->slot) {
		kfree(t);
		return NULL;
	}
	get_random_bytes(t->seed, sizeof(t->seed));
	return t;
}

/* With q->mutex. What is remembered of flows stays when the table fits. */
static int keep_locked(struct cap_queue *q, const struct hpcap_keep *k)
{
	struct cap_policy *p = &q->poll.policy;
	struct cap_flows *t = k->flow_bytes ? p->flows : NULL, *old = NULL;

	if (k->flow_bytes && (!t || t->nr != k->flow_slots)) {
		t = alloc_flows(k, q->node);
		if (!t)
			return -ENOMEM;
	}
	spin_lock(&q->lock);
	if (t != p->flows)
		old = p->flows;
	if (t) {
		t->limit = k->flow_bytes;
		t->idle = (u64)k->flow_idle * NSEC_PER_SEC >> CAP_POLICY_TICK;
	}
	p->flows = t;
	p->caplen = k->caplen;
	p->headers = k->flags & HPCAP_KEEP_HEADERS;
	q->keep = *k;
	if (old)
		q->poll.stats.flow_evicted += old->evicted;
	cap_poll_refresh(&q->poll);
	spin_unlock(&q->lock);
	free_flows(old);
	return 0;
}

/**
 * cap_queue_set_keep() - What of frames is stored for everybody
 * @q: queue
 * @k: scope HPCAP_SCOPE_QUEUE; checked here, zeros become defaults
 *
 * Context: may sleep.
 * Return: 0; -EINVAL a value out of its range, told in the log; -ENOMEM, -EINTR.
 */
int cap_queue_set_keep(struct cap_queue *q, struct hpcap_keep *k)
{
	int err = check_keep(q, k);

	if (err)
		return err;
	if (mutex_lock_interruptible(&q->mutex))
		return -EINTR;
	err = keep_locked(q, k);
	mutex_unlock(&q->mutex);
	return err;
}

/**
 * cap_do_set_keep() - HPCAP_IOC_SET_KEEP
 * @f: caller
 * @a: argument
 *
 * Context: may sleep.
 * Return: as cap_queue_set_keep(); -EPERM, -ENOTCONN.
 */
int cap_do_set_keep(struct cap_file *f, union cap_arg *a)
{
	struct cap_poll *p = &f->q->poll;
	int err = check_scope(f, a->keep.scope);

	if (err)
		return err;
	if (a->keep.scope == HPCAP_SCOPE_QUEUE)
		return cap_queue_set_keep(f->q, &a->keep);
	err = check_keep(f->q, &a->keep);
	if (err)
		return err;
	spin_lock(&f->q->lock);
	p->listeners.slot[f->slot].caplen = a->keep.caplen;
	cap_poll_refresh(p);
	spin_unlock(&f->q->lock);
	return 0;
}

/**
 * cap_queue_get_keep() - What cap_queue_set_keep() was given last
 * @q: queue
 * @k: filled in
 */
void cap_queue_get_keep(struct cap_queue *q, struct hpcap_keep *k)
{
	spin_lock(&q->lock);
	*k = q->keep;
	spin_unlock(&q->lock);
	if (!k->flow_idle)
		k->flow_idle = IDLE_DEFAULT;
	if (!k->flow_slots)
		k->flow_slots = SLOTS_DEFAULT;
}

/**
 * cap_do_get_keep() - HPCAP_IOC_GET_KEEP
 * @f: caller
 * @a: argument
 *
 * Return: 0, -EINVAL, -ENOTCONN.
 */
int cap_do_get_keep(struct cap_file *f, union cap_arg *a)
{
	u32 scope = a->keep.scope;
	int err = check_own_scope(f, scope);

	if (err)
		return err;
	if (scope == HPCAP_SCOPE_QUEUE) {
		cap_queue_get_keep(f->q, &a->keep);
		return 0;
	}
	spin_lock(&f->q->lock);
	a->keep = (struct hpcap_keep){
		.scope = scope,
		.caplen = f->q->poll.listeners.slot[f->slot].caplen,
	};
	spin_unlock(&f->q->lock);
	return 0;
}

/* --- eviction --- */

/**
 * cap_queue_set_evict() - When a stuck strict listener has to go
 * @q: queue
 * @after_ms: milliseconds, 0 for never
 *
 * Return: 0; -EINVAL out of range, told in the log.
 */
int cap_queue_set_evict(struct cap_queue *q, u64 after_ms)
{
	if (after_ms > HPCAP_EVICT_MS_MAX) {
		cap_refuse(q, "evict_ms %llu: want 0 (never) or up to %u", after_ms,
			   HPCAP_EVICT_MS_MAX);
		return -EINVAL;
	}
	spin_lock(&q->lock);
	q->poll.listeners.evict_ns = after_ms * NSEC_PER_MSEC;
	spin_unlock(&q->lock);
	return 0;
}

/**
 * cap_do_set_evict() - HPCAP_IOC_SET_EVICT
 * @f: caller
 * @a: argument
 *
 * Return: 0, -EPERM, -EINVAL.
 */
int cap_do_set_evict(struct cap_file *f, union cap_arg *a)
{
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (cap_check_zero(f->q, a->evict.reserved, sizeof(a->evict.reserved)))
		return -EINVAL;
	return cap_queue_set_evict(f->q, a->evict.after_ms);
}

/**
 * cap_do_get_evict() - HPCAP_IOC_GET_EVICT
 * @f: caller
 * @a: argument
 *
 * Return: 0.
 */
int cap_do_get_evict(struct cap_file *f, union cap_arg *a)
{
	a->evict.after_ms = div_u64(READ_ONCE(f->q->poll.listeners.evict_ns), NSEC_PER_MSEC);
	return 0;
}

/**
 * cap_options_release() - The queue goes: so do its filter and its flows
 * @q: queue that nobody uses any more
 *
 * Context: may sleep.
 */
void cap_options_release(struct cap_queue *q)
{
	cap_prog_destroy(q->prog);
	free_flows(q->poll.policy.flows);
}
