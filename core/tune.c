// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a queue stamps frames and what it does with copies, changed while it
 * runs. Each value that is refused is named in the kernel log, with its range.
 */
#include <linux/capability.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "verbs.h"

static const struct hpcap_dup usual_dup = {
	.mode = HPCAP_DUP_OFF,
	.key = HPCAP_DUP_KEY_SOFT,
	.entries = HPCAP_DUP_ENTRIES,
	.levels = HPCAP_DUP_LEVELS,
	.bytes = HPCAP_DUP_BYTES,
	.window = HPCAP_DUP_WINDOW,
};

/**
 * cap_tune_init() - What a new queue begins with
 * @q: queue, cap_poll_init() is done
 */
void cap_tune_init(struct cap_queue *q)
{
	cap_reference_open(&q->reference, HPCAP_CLOCK_REALTIME, 0);
	q->dup = usual_dup;
	get_random_bytes(q->poll.dup.secret, sizeof(q->poll.dup.secret));
}

/**
 * cap_tune_deinit() - Give back what the options hold
 * @q: queue without a thread
 *
 * Context: may sleep.
 */
void cap_tune_deinit(struct cap_queue *q)
{
	cap_reference_close(&q->reference);
	vfree(q->poll.dup.table);
}

static int refuse(const struct cap_queue *q, const char *what, u64 value, const char *want)
{
	cap_refuse(q, "%s %llu: want %s", what, value, want);
	return -EINVAL;
}

static int check_time(const struct cap_queue *q, const struct hpcap_time *want)
{
	if (want->policy > HPCAP_TIME_ADAPTIVE)
		return refuse(q, "time policy", want->policy,
			      "0 kpt, 1 udts, 2 wdts, 3 adaptive");
	if (want->clock > HPCAP_CLOCK_PTP)
		return refuse(q, "time clock", want->clock, "0 realtime, 1 tai, 2 ptp");
	if (want->ptp && want->clock != HPCAP_CLOCK_PTP)
		return refuse(q, "time ptp", want->ptp, "zero for other clocks");
	if (want->batch < HPCAP_TIME_BATCH_MIN || want->batch > HPCAP_TIME_BATCH_MAX)
		return refuse(q, "time batch", want->batch, "16..64");
	if (want->flags & ~HPCAP_TIME_HW)
		return refuse(q, "time flags", want->flags, "1 stamps of the NIC");
	if (want->flags & HPCAP_TIME_HW && !q->hw_bits) {
		cap_refuse(q, "time flags 1: this NIC stamps no frames");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Another clock, or the NIC's stamps: only while no frame is being stamped. */
static int change_clock(struct cap_queue *q, const struct hpcap_time *want,
			const struct cap_reference *ref)
{
	bool ran = q->thread;
	int err = 0;

	cap_thread_stop(q);
	cap_reference_close(&q->reference);
	q->reference = *ref;
	q->ref_lost = false;
	/* a new time line: nothing given before is a lower bound */
	q->poll.clock.rate = 0;
	q->poll.clock.last_ns = 0;
	memset(&q->poll.hwclock, 0, sizeof(q->poll.hwclock));
	if (want->flags & HPCAP_TIME_HW)
		q->poll.options |= CAP_OPT_HW_TIME;
	else
		q->poll.options &= ~CAP_OPT_HW_TIME;
	if (ran)
		err = cap_thread_start(q);
	if (err)
		cap_queue_set_state(q, 0);
	return err;
}

static int set_time_locked(struct cap_queue *q, const struct hpcap_time *want)
{
	struct cap_timing *t = &q->poll.timing;
	bool had_hw = q->poll.options & CAP_OPT_HW_TIME;
	struct cap_reference ref;
	int err;

	if (q->gone)
		return -ENODEV;
	if (want->clock != q->reference.clock || want->ptp != q->reference.ptp ||
	    had_hw != !!(want->flags & HPCAP_TIME_HW)) {
		err = cap_reference_open(&ref, want->clock, want->ptp);
		if (!err)
			err = change_clock(q, want, &ref);
		if (err)
			return err;
	}
	spin_lock(&q->lock);
	t->policy = want->policy;
	t->batch = want->batch;
	t->last_ns = 0;
	t->look_ns = 0;
	q->poll.idle = 0;
	if (want->policy == HPCAP_TIME_KPT)
		q->poll.options &= ~CAP_OPT_TIME;
	else
		q->poll.options |= CAP_OPT_TIME;
	spin_unlock(&q->lock);
	return 0;
}

/**
 * cap_time_set() - How frames are stamped from now on
 * @q: queue, running or not
 * @want: as struct hpcap_time says
 *
 * Context: process that may see /dev/ptpN; may sleep.
 * Return: as struct hpcap_time says; -EINTR.
 */
int cap_time_set(struct cap_queue *q, const struct hpcap_time *want)
{
	int err = check_time(q, want);

	if (err)
		return err;
	if (mutex_lock_interruptible(&q->mutex))
		return -EINTR;
	err = set_time_locked(q, want);
	mutex_unlock(&q->mutex);
	if (err == -ENODEV && want->clock == HPCAP_CLOCK_PTP)
		cap_refuse(q, "/dev/ptp%u is no PTP clock that answers", want->ptp);
	return err;
}

/**
 * cap_time_get() - How frames are stamped
 * @q: queue
 * @t: filled in, whole
 *
 * Context: may sleep.
 */
void cap_time_get(struct cap_queue *q, struct hpcap_time *t)
{
	const struct cap_clock *c = &q->poll.clock;
	const struct cap_timing *timing = &q->poll.timing;
	u32 rate, nominal;

	memset(t, 0, sizeof(*t));
	mutex_lock(&q->mutex);
	t->clock = q->reference.clock;
	t->ptp = q->reference.ptp;
	mutex_unlock(&q->mutex);
	spin_lock(&q->lock);
	t->policy = timing->policy;
	t->batch = timing->batch;
	t->speed = timing->speed;
	t->flags = q->poll.options & CAP_OPT_HW_TIME ? HPCAP_TIME_HW : 0;
	spin_unlock(&q->lock);
	t->hw_bits = q->hw_bits;
	/* the thread's own words: each is whole, all of one moment they need not be */
	t->source = READ_ONCE(c->source);
	t->error = READ_ONCE(c->error);
	t->steps = READ_ONCE(c->steps);
	rate = READ_ONCE(c->rate);
	nominal = READ_ONCE(c->nominal);
	if (rate && nominal)
		t->rate = div_s64(((s64)nominal - rate) * NSEC_PER_SEC, nominal);
}

static int use_dup(struct cap_queue *q, const struct hpcap_dup *want)
{
	struct cap_dup_entry *table = NULL, *old;

	if (want->mode != HPCAP_DUP_OFF) {
		table = vzalloc_node(cap_dup_size(want), q->node);
		if (!table)
			return -ENOMEM;
	}
	spin_lock(&q->lock);
	old = q->poll.dup.table;
	cap_dup_init(&q->poll.dup, want, table);
	if (table)
		q->poll.options |= CAP_OPT_DUP;
	else
		q->poll.options &= ~CAP_OPT_DUP;
	spin_unlock(&q->lock);
	vfree(old);
	q->dup = *want;
	return 0;
}

/**
 * cap_dup_set() - What happens to copies from now on
 * @q: queue, running or not
 * @want: as struct hpcap_dup says; what was seen before is forgotten
 *
 * Context: may sleep.
 * Return: as struct hpcap_dup says; -ENODEV, -EINTR.
 */
int cap_dup_set(struct cap_queue *q, const struct hpcap_dup *want)
{
	const char *bad = cap_dup_bad(want);
	int err;

	if (bad) {
		cap_refuse(q, "dup %u, %u, %u, %u x %u, %u bytes, %llu ns: want %s", want->mode,
			   want->key, want->ignore, want->entries, want->levels, want->bytes,
			   want->window, bad);
		return -EINVAL;
	}
	if (mutex_lock_interruptible(&q->mutex))
		return -EINTR;
	err = q->gone ? -ENODEV : use_dup(q, want);
	mutex_unlock(&q->mutex);
	return err;
}

/**
 * cap_dup_get() - What happens to copies
 * @q: queue
 * @d: filled in, whole
 *
 * Context: may sleep.
 */
void cap_dup_get(struct cap_queue *q, struct hpcap_dup *d)
{
	mutex_lock(&q->mutex);
	*d = q->dup;
	mutex_unlock(&q->mutex);
	spin_lock(&q->lock);
	d->checked = q->poll.dup.checked;
	d->found = q->poll.dup.found;
	spin_unlock(&q->lock);
	memset(d->reserved, 0, sizeof(d->reserved));
}

/**
 * cap_do_set_time() - HPCAP_IOC_SET_TIME
 * @f: open file
 * @a: argument
 *
 * Return: as cap_time_set(); -EPERM.
 */
int cap_do_set_time(struct cap_file *f, union cap_arg *a)
{
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (cap_check_zero(f->q, a->time.reserved, sizeof(a->time.reserved)))
		return -EINVAL;
	return cap_time_set(f->q, &a->time);
}

/**
 * cap_do_get_time() - HPCAP_IOC_GET_TIME
 * @f: open file
 * @a: filled in
 *
 * Return: 0.
 */
int cap_do_get_time(struct cap_file *f, union cap_arg *a)
{
	cap_time_get(f->q, &a->time);
	return 0;
}

/**
 * cap_do_set_dup() - HPCAP_IOC_SET_DUP
 * @f: open file
 * @a: argument
 *
 * Return: as cap_dup_set(); -EPERM.
 */
int cap_do_set_dup(struct cap_file *f, union cap_arg *a)
{
	if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	if (cap_check_zero(f->q, a->dup.reserved, sizeof(a->dup.reserved)))
		return -EINVAL;
	return cap_dup_set(f->q, &a->dup);
}

/**
 * cap_do_get_dup() - HPCAP_IOC_GET_DUP
 * @f: open file
 * @a: filled in
 *
 * Return: 0.
 */
int cap_do_get_dup(struct cap_file *f, union cap_arg *a)
{
	cap_dup_get(f->q, &a->dup);
	return 0;
}
