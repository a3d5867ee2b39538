// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life of a capture queue. The driver creates it, starts and stops it as the
 * NIC comes and goes, and destroys it; open files may outlive that, but they
 * find ENODEV, and the NIC's functions are called no more.
 */
#include <linux/export.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "glue.h"

static DEFINE_IDA(adapters);

/**
 * cap_adapter_get() - A number for an adapter: the first in /dev/hpcap_N_q
 * @parent: the NIC's device
 *
 * Context: may sleep.
 * Return: the smallest free number, or -ENOMEM, -ENOSPC.
 */
int cap_adapter_get(struct device *parent)
{
	int n = ida_alloc(&adapters, GFP_KERNEL);

	if (n >= 0)
		dev_info(parent, "capture adapter %d\n", n);
	return n;
}
EXPORT_SYMBOL_GPL(cap_adapter_get);

/**
 * cap_adapter_put() - Give an adapter's number back
 * @adapter: from cap_adapter_get(); all its queues are destroyed
 */
void cap_adapter_put(int adapter)
{
	ida_free(&adapters, adapter);
}
EXPORT_SYMBOL_GPL(cap_adapter_put);

/**
 * cap_queue_set_state() - Say in the control page how the queue is
 * @q: queue
 * @state: HPCAP_STATE_*
 */
void cap_queue_set_state(struct cap_queue *q, u32 state)
{
	spin_lock(&q->lock);
	WRITE_ONCE(q->state, state);
	WRITE_ONCE(q->poll.ring.ctrl->state, state);
	spin_unlock(&q->lock);
}

/**
 * cap_queue_wake() - Wake listeners out of poll(2)
 * @q: queue
 * @slots: bit n for the listener in slot n
 * @events: EPOLL*
 *
 * Context: q->lock held.
 */
void cap_queue_wake(struct cap_queue *q, u32 slots, __poll_t events)
{
	int i;

	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		if (slots & (1u << i) && q->files[i])
			wake_up_poll(&q->files[i]->wq, events);
}

static bool config_valid(const struct cap_queue_config *cfg)
{
	if (cfg->hw_bits && (cfg->hw_bits < 16 || cfg->hw_bits > 64 ||
			     cfg->hw_khz < CAP_CLOCK_MIN_KHZ))
		return false;
	return cfg->parent && cfg->ops && cfg->adapter >= 0 && cfg->frame_max >= 60 &&
	       cfg->frame_max <= HPCAP_CAPLEN_MAX;
}

static struct cap_queue *alloc_queue(const struct cap_queue_config *cfg)
{
	struct cap_queue *q = kvzalloc_node(sizeof(*q), GFP_KERNEL, dev_to_node(cfg->parent));

	if (!q)
		return NULL;
	kref_init(&q->ref);
	spin_lock_init(&q->lock);
	mutex_init(&q->mutex);
	mutex_init(&q->tx_mutex);
	init_waitqueue_head(&q->idle);
	q->mode = cap_default_poll_mode();
	q->cpu = -1;
	q->node = dev_to_node(cfg->parent);
	q->adapter = cfg->adapter;
	q->index = cfg->index;
	q->owner = cfg->owner;
	strscpy(q->device, dev_name(cfg->parent), sizeof(q->device));
	snprintf(q->name, sizeof(q->name), "hpcap_%d_%u", q->adapter, q->index);
	q->hw_bits = cfg->ops->read_clock ? cfg->hw_bits : 0;
	q->hw_khz = cfg->hw_khz;
	cap_poll_init(&q->poll, cfg->ops, cfg->nicq, cfg->frame_max);
	cap_tune_init(q);
	return q;
}

/**
 * cap_queue_create() - A queue with its ring and its device file
 * @cfg: what the driver knows; may be forgotten afterwards
 *
 * The queue is stopped; programs can open and attach already.
 *
 * Context: may sleep.
 * Return: the queue; -EINVAL bad @cfg, -ENOMEM no memory for the ring (module
 * parameter ring_mb), -EEXIST the device name is taken.
 */
struct cap_queue *cap_queue_create(const struct cap_queue_config *cfg)
{
	struct cap_queue *q;
	struct cap_mem *mem;
	int err;

	if (!config_valid(cfg))
		return ERR_PTR(-EINVAL);
	q = alloc_queue(cfg);
	if (!q)
		return ERR_PTR(-ENOMEM);
	mem = cap_mem_create(cap_default_ring_size(), q->node);
	if (IS_ERR(mem)) {
		err = PTR_ERR(mem);
		goto err_queue;
	}
	cap_queue_use_mem(q, mem);
	err = cap_chardev_register(q, cfg->parent);
	if (err)
		goto err_mem;
	cap_debugfs_register(q);
	return q;

err_mem:
	cap_mem_put(mem);
err_queue:
	cap_tune_deinit(q);
	kvfree(q);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(cap_queue_create);

/**
 * cap_queue_destroy() - The NIC is leaving
 * @q: queue, running or not; not to be used afterwards
 *
 * Listeners learn it from poll(2) and their cursor page. Ring memory stays
 * with those who map it.
 *
 * Context: may sleep; the NIC's interrupt handler does not run any more.
 */
void cap_queue_destroy(struct cap_queue *q)
{
	cap_debugfs_unregister(q);
	cap_chardev_unregister(q);
	cap_queue_stop(q);

	mutex_lock(&q->mutex);
	cap_queue_set_state(q, HPCAP_STATE_GONE);
	mutex_lock(&q->tx_mutex);
	WRITE_ONCE(q->gone, true);
	mutex_unlock(&q->tx_mutex);
	spin_lock(&q->lock);
	cap_listeners_gone(&q->poll.listeners);
	cap_queue_wake(q, U32_MAX, EPOLLHUP);
	spin_unlock(&q->lock);
	mutex_unlock(&q->mutex);
	cap_queue_put(q);
}
EXPORT_SYMBOL_GPL(cap_queue_destroy);

/**
 * cap_queue_start() - Frames may come: run the poll thread
 * @q: queue
 *
 * Context: may sleep.
 * Return: 0, also when it runs already; -ENOMEM, -EINTR.
 */
int cap_queue_start(struct cap_queue *q)
{
	int err = 0;

	mutex_lock(&q->mutex);
	if (!q->thread) {
		cap_queue_set_state(q, HPCAP_STATE_RUNNING);
		err = cap_thread_start(q);
		if (err)
			cap_queue_set_state(q, 0);
	}
	mutex_unlock(&q->mutex);
	return err;
}
EXPORT_SYMBOL_GPL(cap_queue_start);

/**
 * cap_queue_stop() - Stop the poll thread; listeners stay attached
 * @q: queue, running or not
 *
 * No function of the NIC but read_losses() is called from here to the next
 * cap_queue_start(); the driver may reset its ring.
 *
 * Context: may sleep.
 */
void cap_queue_stop(struct cap_queue *q)
{
	mutex_lock(&q->mutex);
	if (q->thread) {
		cap_thread_stop(q);
		cap_queue_set_state(q, 0);
	}
	mutex_unlock(&q->mutex);
}
EXPORT_SYMBOL_GPL(cap_queue_stop);

/**
 * cap_queue_kick() - The NIC interrupted: frames are there
 * @q: queue
 *
 * Context: any, hard interrupt included; before cap_queue_destroy() returns.
 */
void cap_queue_kick(struct cap_queue *q)
{
	WRITE_ONCE(q->kicked, true);
	wake_up(&q->idle);
}
EXPORT_SYMBOL_GPL(cap_queue_kick);

/**
 * cap_queue_set_frame_max() - The NIC's longest frame changed (MTU)
 * @q: queue
 * @frame_max: bytes without FCS; brought into 60..HPCAP_CAPLEN_MAX
 *
 * Longer frames count as nic_error from the next batch on.
 */
void cap_queue_set_frame_max(struct cap_queue *q, u32 frame_max)
{
	spin_lock(&q->lock);
	q->poll.frame_max = clamp_t(u32, frame_max, 60, HPCAP_CAPLEN_MAX);
	spin_unlock(&q->lock);
}
EXPORT_SYMBOL_GPL(cap_queue_set_frame_max);

/**
 * cap_queue_set_speed() - The link came, or went
 * @q: queue
 * @mbps: Mb/s; 0 unknown
 *
 * Context: any process context.
 */
void cap_queue_set_speed(struct cap_queue *q, u32 mbps)
{
	spin_lock(&q->lock);
	cap_timing_set_speed(&q->poll.timing, mbps);
	spin_unlock(&q->lock);
}
EXPORT_SYMBOL_GPL(cap_queue_set_speed);

/**
 * cap_queue_get_stats() - All counters of a queue, the NIC's losses included
 * @q: queue
 * @st: filled in, whole
 *
 * Context: process context, does not sleep.
 */
void cap_queue_get_stats(struct cap_queue *q, struct hpcap_stats *st)
{
	struct hpcap_stats *mine = &q->poll.stats;

	spin_lock(&q->lock);
	if (!q->gone && q->poll.ops->read_losses)
		q->poll.ops->read_losses(q->poll.nicq, &mine->nic_missed, &mine->no_buffer);
	mine->ring_high = max(mine->ring_high, q->poll.gauge.high);
	*st = *mine;
	if (q->poll.policy.flows)
		st->flow_evicted += q->poll.policy.flows->evicted;
	spin_unlock(&q->lock);
	st->sent = atomic64_read(&q->sent);
	st->send_failed = atomic64_read(&q->send_failed);
}
EXPORT_SYMBOL_GPL(cap_queue_get_stats);

/**
 * cap_queue_get() - Keep a queue
 * @q: queue
 */
void cap_queue_get(struct cap_queue *q)
{
	kref_get(&q->ref);
}

static void release_queue(struct kref *ref)
{
	struct cap_queue *q = container_of(ref, struct cap_queue, ref);

	cap_tune_deinit(q);
	cap_options_release(q);
	cap_mem_put(q->mem);
	mutex_destroy(&q->mutex);
	mutex_destroy(&q->tx_mutex);
	kvfree(q);
}

/**
 * cap_queue_put() - Give up a queue
 * @q: queue
 *
 * Context: may sleep.
 */
void cap_queue_put(struct cap_queue *q)
{
	kref_put(&q->ref, release_queue);
}
