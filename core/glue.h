/* SPDX-License-Identifier: GPL-2.0-only */
/* What the glue files of the engine share: a queue, its memory, its files. */
#ifndef CAP_GLUE_H
#define CAP_GLUE_H

#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "poll.h"
#include "queue.h"

struct cap_prog;

/**
 * struct cap_mem - memory of one ring
 * @ref: the queue's, and one for each attached file
 * @size: bytes of the ring
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
	unsigned long nr_pages;
	struct page **pages;
	unsigned long nr_meta;
	struct page **meta_pages;
	u8 *data;
	struct hpcap_ctrl *ctrl;
};

/**
 * struct cap_file - one open file of a queue
 * @q: its queue, a reference
 * @mem: the ring it attached to, a reference; NULL before
 * @cursor: its position page; NULL before it attached
 * @prog: its filter, NULL for none; guarded by the queue's mutex
 * @slot: listener slot, -1 before it attached; stored last, with release
 * @wq: where its poll(2) sleeps
 */
struct cap_file {
	struct cap_queue *q;
	struct cap_mem *mem;
	struct page *cursor;
	struct cap_prog *prog;
	int slot;
	wait_queue_head_t wq;
};

/**
 * struct cap_queue - one capture queue
 * @ref: the driver's, and one for each open file
 * @lock: guards @poll (but its clock), @mem as seen by the thread, @files,
 *	@keep, @gone; the poll thread holds it for one step. Taken in process context
 *	only, innermost
 * @mutex: serialises create, start, stop, ring and thread changes, attach;
 *	never held over an access to user memory
 * @poll: the engine
 * @mem: ring memory
 * @files: attached file of each listener slot
 * @prog: filter of all listeners, NULL for none; guarded by @mutex
 * @keep: what is stored, as set last
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
	struct cap_poll poll;
	struct cap_mem *mem;
	struct cap_file *files[HPCAP_MAX_LISTENERS];
	struct cap_prog *prog;
	struct hpcap_keep keep;
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
	struct module *owner;
	char device[HPCAP_NAME_LEN];
	char name[HPCAP_NAME_LEN];
	struct miscdevice misc;
	struct dentry *debug;
};

/* Module parameters, see core_main.c. */
u64 cap_default_ring_size(void);
u32 cap_default_poll_mode(void);

struct cap_mem *cap_mem_create(u64 size, int node);
void cap_mem_get(struct cap_mem *mem);
void cap_mem_put(struct cap_mem *mem);
struct hpcap_mark *cap_mem_marks(const struct cap_mem *mem);
int cap_mem_map(const struct cap_mem *mem, struct page *cursor, struct vm_area_struct *vma);

void cap_queue_get(struct cap_queue *q);
void cap_queue_put(struct cap_queue *q);
int cap_queue_set_ring(struct cap_queue *q, u64 size);
void cap_queue_set_state(struct cap_queue *q, u32 state);
void cap_queue_wake(struct cap_queue *q, u32 slots, __poll_t events);

int cap_thread_start(struct cap_queue *q);
void cap_thread_stop(struct cap_queue *q);
int cap_thread_set(struct cap_queue *q, u32 mode, s32 cpu);

int cap_queue_set_keep(struct cap_queue *q, struct hpcap_keep *k);
void cap_queue_get_keep(struct cap_queue *q, struct hpcap_keep *k);
int cap_queue_set_evict(struct cap_queue *q, u64 after_ms);
void cap_options_release(struct cap_queue *q);

int cap_chardev_register(struct cap_queue *q, struct device *parent);
void cap_chardev_unregister(struct cap_queue *q);

void cap_debugfs_init(void);
void cap_debugfs_deinit(void);
void cap_debugfs_register(struct cap_queue *q);
void cap_debugfs_unregister(struct cap_queue *q);

#endif /* CAP_GLUE_H */
