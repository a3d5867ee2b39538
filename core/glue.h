/* SPDX-License-Identifier: GPL-2.0-only */
/* What the glue files of the engine share: a queue, its memory, its files. */
#ifndef CAP_GLUE_H
#define CAP_GLUE_H

#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "mem.h"
#include "poll.h"
#include "queue.h"
#include "reference.h"

struct cap_prog;

/**
 * struct cap_send_slot - one frame of a listener on its way out
 * @tx: what the driver was given
 * @file: whose it is, a reference
 * @out: where it goes
 * @bounce: page with its copied part, NULL when there is none
 */
struct cap_send_slot {
	struct cap_tx_frame tx;
	struct cap_file *file;
	struct cap_queue *out;
	struct page *bounce;
};

/**
 * struct cap_send - what a listener sends; made at its first HPCAP_IOC_SEND
 * @mutex: one caller at a time
 * @holds: positions kept; taken under the queue's lock
 * @in_flight: slots that the driver has
 * @slot: by slot of @holds
 */
struct cap_send {
	struct mutex mutex; /* see above */
	struct cap_holds holds;
	atomic_t in_flight;
	struct cap_send_slot slot[CAP_HOLDS];
};

/**
 * struct cap_file - one open file of a queue
 * @ref: the open file's, and one for each frame that it sends
 * @q: its queue, a reference
 * @mem: the ring it reads, a reference; NULL before it attached. Written under
 *	the mutex and the lock of its queue
 * @moved: it left a ring that was replaced
 * @cursor: its position page; NULL before it attached
 * @prog: its filter, NULL for none; guarded by the queue's mutex
 * @slot: listener slot, -1 before it attached; stored last, with release
 * @wq: where its poll(2) sleeps
 * @send: what it sends, NULL before; stored once, with release
 * @free_work: leaves the queue when the last frame was sent after close(2)
 */
struct cap_file {
	refcount_t ref;
	struct cap_queue *q;
	struct cap_mem *mem;
	struct page *cursor;
	struct cap_prog *prog;
	bool moved;
	int slot;
	wait_queue_head_t wq;
	struct cap_send *send;
	struct work_struct free_work;
};

/**
 * struct cap_queue - one capture queue
 * @ref: the driver's, and one for each open file
 * @lock: guards @poll (but its clock), @mem as seen by the thread, @files,
 *	@keep, @moves, @gone; the poll thread holds it for one step. Taken in process context
 *	only, innermost
 * @mutex: serialises create, start, stop, ring and thread changes, attach;
 *	never held over an access to user memory
 * @tx_mutex: one sender at a time through this queue's NIC, none when @gone;
 *	taken by the driver's caller, inside no other lock but a cap_send's
 * @sent: frames sent through this queue's NIC
 * @send_failed: frames taken for that and dropped
 * @poll: the engine
 * @mem: ring memory
 * @files: attached file of each listener slot
 * @prog: filter of all listeners, NULL for none; guarded by @mutex
 * @keep: what is stored, as set last
 * @moves: times the ring was replaced while somebody listened
 * @gone: the driver called cap_queue_destroy(): ops and nicq are dead
 * @thread: poll thread, NULL when stopped; guarded by @mutex
 * @idle: where the thread sleeps
 * @kicked: an interrupt or a request came: the thread must look again
 * @state: HPCAP_STATE_*, as in the control page; written under @lock
 * @mode: enum hpcap_poll_mode, written under @mutex
 * @cpu: CPU the thread is pinned to, -1 for any; guarded by @mutex
 * @node: NUMA node of the NIC, NUMA_NO_NODE if unknown
 * @adapter: first number of the device name
 * @index: second number
 * @reference: what the clock follows; changes only while the thread is stopped
 * @ref_lost: @reference stopped answering, and that was said; by the thread
 * @hw_bits: width of the NIC's stamps, 0 for none
 * @hw_khz: frequency of the NIC's counter
 * @dup: what is wanted of duplicates; guarded by @mutex
 * @owner: the driver's module, held by each open file
 * @device: bus name of the NIC
 * @name: of the device file
 * @misc: device file
 * @debug: directory in debugfs
 */
struct cap_queue {
	struct kref ref;
	spinlock_t lock; /* see above */
	struct mutex mutex; /* see above */
	struct mutex tx_mutex; /* see above */
	atomic64_t sent;
	atomic64_t send_failed;
	struct cap_poll poll;
	struct cap_mem *mem;
	struct cap_file *files[HPCAP_MAX_LISTENERS];
	struct cap_prog *prog;
	struct hpcap_keep keep;
	u64 moves;
	bool gone;
	struct task_struct *thread;
	wait_queue_head_t idle;
	bool kicked;
	u32 state;
	u32 mode;
	s32 cpu;
	int node;
	int adapter;
	unsigned int index;
	struct cap_reference reference;
	bool ref_lost;
	u32 hw_bits;
	u32 hw_khz;
	struct hpcap_dup dup;
	struct module *owner;
	char device[HPCAP_NAME_LEN];
	char name[HPCAP_NAME_LEN];
	struct miscdevice misc;
	struct dentry *debug;
};

/* Module parameters, see core_main.c. */
u64 cap_default_ring_size(void);
u32 cap_default_poll_mode(void);

void cap_queue_get(struct cap_queue *q);
void cap_queue_put(struct cap_queue *q);
void cap_queue_use_mem(struct cap_queue *q, struct cap_mem *mem);
int cap_queue_set_ring(struct cap_queue *q, u64 size, bool idle_only);
void cap_queue_get_buffer(struct cap_queue *q, struct hpcap_buffer *b);
void cap_queue_set_state(struct cap_queue *q, u32 state);
void cap_queue_wake(struct cap_queue *q, u32 slots, __poll_t events);

int cap_thread_start(struct cap_queue *q);
void cap_thread_stop(struct cap_queue *q);
int cap_thread_set(struct cap_queue *q, u32 mode, s32 cpu);

void cap_tune_init(struct cap_queue *q);
void cap_tune_deinit(struct cap_queue *q);
int cap_time_set(struct cap_queue *q, const struct hpcap_time *want);
void cap_time_get(struct cap_queue *q, struct hpcap_time *t);
int cap_dup_set(struct cap_queue *q, const struct hpcap_dup *want);
void cap_dup_get(struct cap_queue *q, struct hpcap_dup *d);

extern const struct attribute_group *cap_sysfs_groups[];
extern const struct attribute_group cap_keep_group;
extern const struct attribute_group cap_ring_group;
extern const struct attribute_group cap_poll_group;
extern const struct attribute_group cap_send_group;
int cap_queue_set_keep(struct cap_queue *q, struct hpcap_keep *k);
void cap_queue_get_keep(struct cap_queue *q, struct hpcap_keep *k);
int cap_queue_set_evict(struct cap_queue *q, u64 after_ms);
void cap_options_release(struct cap_queue *q);

int cap_chardev_register(struct cap_queue *q, struct device *parent);
void cap_chardev_unregister(struct cap_queue *q);

struct cap_file *cap_file_of(struct file *file);
struct cap_file *cap_file_create(struct cap_queue *q);
void cap_file_put(struct cap_file *f);
void cap_file_close(struct cap_file *f);
extern struct workqueue_struct *cap_file_wq;

__poll_t cap_send_poll(const struct cap_file *f);

void cap_debugfs_init(void);
void cap_debugfs_deinit(void);
void cap_debugfs_register(struct cap_queue *q);
void cap_debugfs_unregister(struct cap_queue *q);

#endif /* CAP_GLUE_H */
