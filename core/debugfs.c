// SPDX-License-Identifier: GPL-2.0-only
/* State and counters as text: hpcap/<adapter>_<queue>/{stats,listeners}. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "glue.h"

static struct dentry *root;

static int stats_show(struct seq_file *s, void *unused)
{
	struct cap_queue *q = s->private;
	struct hpcap_stats st;

	cap_queue_get_stats(q, &st);
	seq_printf(s, "device %s\n", q->device);
	seq_printf(s, "running %d\n", !!(READ_ONCE(q->state) & HPCAP_STATE_RUNNING));
	seq_printf(s, "poll %s\n",
		   READ_ONCE(q->mode) == HPCAP_POLL_BUSY ? "busy" : "adaptive");
	seq_printf(s, "clock %s\n", q->poll.clock.source == CAP_CLOCK_TSC ? "tsc" : "ktime");
	seq_printf(s, "frames %llu\n", st.frames);
	seq_printf(s, "bytes %llu\n", st.bytes);
	seq_printf(s, "captured %llu\n", st.captured);
	seq_printf(s, "captured_bytes %llu\n", st.captured_bytes);
	seq_printf(s, "nic_missed %llu\n", st.nic_missed);
	seq_printf(s, "no_buffer %llu\n", st.no_buffer);
	seq_printf(s, "nic_error %llu\n", st.nic_error);
	seq_printf(s, "no_client %llu\n", st.no_client);
	seq_printf(s, "slow_client %llu\n", st.slow_client);
	seq_printf(s, "filtered %llu\n", st.filtered);
	seq_printf(s, "flow_cut %llu\n", st.flow_cut);
	seq_printf(s, "cut_bytes %llu\n", st.cut_bytes);
	seq_printf(s, "flow_evicted %llu\n", st.flow_evicted);
	seq_printf(s, "ring_high %llu\n", st.ring_high);
	seq_printf(s, "evicted %llu\n", st.evicted);
	seq_printf(s, "batches %llu\n", st.batches);
	seq_printf(s, "sleeps %llu\n", st.sleeps);
	seq_printf(s, "clock_steps %llu\n", st.clock_steps);
	seq_printf(s, "clock_error %llu\n", st.clock_error);
	seq_printf(s, "hw_stamped %llu\n", st.hw_stamped);
	seq_printf(s, "duplicate %llu\n", st.duplicate);
	seq_printf(s, "marked %llu\n", st.marked);
	seq_printf(s, "sent %llu\n", st.sent);
	seq_printf(s, "send_failed %llu\n", st.send_failed);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static const char *state_name(u32 state)
{
	switch (state) {
	case HPCAP_LISTENER_ATTACHED:
		return "attached";
	case HPCAP_LISTENER_EXPELLED:
		return "expelled";
	case HPCAP_LISTENER_EVICTED:
		return "evicted";
	default:
		return "gone";
	}
}

static int listeners_show(struct seq_file *s, void *unused)
{
	struct cap_queue *q = s->private;
	struct hpcap_listeners list;
	u32 i;

	spin_lock(&q->lock);
	cap_listeners_list(&q->poll.listeners, q->poll.ring.committed, &list);
	spin_unlock(&q->lock);
	seq_puts(s, "id mode state pid start ack lag lost name\n");
	for (i = 0; i < list.count; i++) {
		const struct hpcap_listener *l = &list.row[i];

		seq_printf(s, "%u %s %s %d %llu %llu %llu %llu %*pE\n", l->id,
			   l->mode == HPCAP_STRICT ? "strict" : "lossy", state_name(l->state),
			   l->pid, l->start, l->ack, l->lag, l->lost,
			   (int)strnlen(l->name, sizeof(l->name)), l->name);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(listeners);

/**
 * cap_debugfs_init() - Make the engine's directory
 *
 * Without debugfs nothing is shown, and nothing else changes.
 */
void cap_debugfs_init(void)
{
	root = debugfs_create_dir("hpcap", NULL);
}

/**
 * cap_debugfs_deinit() - Remove the engine's directory
 */
void cap_debugfs_deinit(void)
{
	debugfs_remove_recursive(root);
}

/**
 * cap_debugfs_register() - Show a queue
 * @q: queue
 */
void cap_debugfs_register(struct cap_queue *q)
{
	char name[HPCAP_NAME_LEN];

	snprintf(name, sizeof(name), "%d_%u", q->adapter, q->index);
	q->debug = debugfs_create_dir(name, root);
	debugfs_create_file("stats", 0444, q->debug, q, &stats_fops);
	debugfs_create_file("listeners", 0444, q->debug, q, &listeners_fops);
}

/**
 * cap_debugfs_unregister() - Show a queue no more
 * @q: queue
 *
 * Context: may sleep until readers have left.
 */
void cap_debugfs_unregister(struct cap_queue *q)
{
	debugfs_remove_recursive(q->debug);
}
