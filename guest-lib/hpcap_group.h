/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Several queues as one listener. Nothing is copied and no frame costs a
 * system call; frames wait in their rings.
 *
 *	queue 0  ...1....4..5........9 ─┐
 *	queue 1  .....2...........7.... ─┼─► 1 2 3 4 5 ...   (ordered)
 *	queue 2  .......3......6..8.... ─┘
 *
 * Ordered: by time stamp. A frame is given out as soon as every other queue
 * shows a later one. While a queue is silent, a frame waits for it at most the
 * window, counted from when this listener could first see the frame. So:
 *
 *  - if every queue lets its frames be seen within the window after their time
 *    stamp, the order is exact;
 *  - a frame that becomes visible later than that is given out at once, out of
 *    order, and counted as late; none is ever thrown away;
 *  - a silent queue delays the others by the window and an eighth, no more;
 *  - when half of a ring waits for a silent queue the wait ends early, so that
 *    order never costs frames; counted as forced.
 *
 * Unordered: as they come, up to 64 frames of a queue in a row.
 *
 * A queue whose device goes away leaves the group when it was read to its end;
 * the others go on.
 */
#ifndef HPCAP_GROUP_H
#define HPCAP_GROUP_H

#include "hpcap.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HPCAP_GROUP_MAX	      64
#define HPCAP_GROUP_WINDOW_NS 10000000ull /* 10 ms */

enum hpcap_group_order {
	HPCAP_GROUP_ORDERED = 0,
	HPCAP_GROUP_UNORDERED = 1,
};

/**
 * struct hpcap_group_options - how to join; all zero is ordered, 10 ms
 * @order: enum hpcap_group_order
 * @window_ns: how long a frame waits for silent queues, at most 10 s; 0 is
 *             HPCAP_GROUP_WINDOW_NS
 */
struct hpcap_group_options {
	uint32_t order;
	uint64_t window_ns;
};

enum hpcap_member_state {
	HPCAP_MEMBER_ACTIVE = 0,
	HPCAP_MEMBER_GONE = 1,	   /* its device was removed; all was read */
	HPCAP_MEMBER_EXPELLED = 2, /* the engine threw this listener out */
	HPCAP_MEMBER_REMOVED = 3,  /* by hpcap_group_remove() */
};

/**
 * struct hpcap_group_member - one queue of a group
 * @adapter: first number of its device
 * @queue: second number
 * @state: enum hpcap_member_state
 * @frames: taken from it
 * @missed: lost on its account, or by being overtaken
 */
struct hpcap_group_member {
	int adapter;
	int queue;
	uint32_t state;
	uint64_t frames;
	uint64_t missed;
};

/**
 * struct hpcap_group_report - what a group did
 * @members: ever added
 * @active: of these, still listening
 * @frames: taken
 * @missed: of all members
 * @late: given out after a frame with a later time stamp
 * @late_max_ns: the worst of these
 * @forced: given out before the window was over, to free the ring
 */
struct hpcap_group_report {
	uint32_t members;
	uint32_t active;
	uint64_t frames;
	uint64_t missed;
	uint64_t late;
	uint64_t late_max_ns;
	uint64_t forced;
};

struct hpcap_group;

/**
 * hpcap_group_create() - A group without members
 * @g: out: the group; hpcap_group_destroy() frees it
 * @opt: NULL for ordered, 10 ms
 *
 * Threads: a group belongs to one thread at a time, with all its members.
 *
 * Return: 0; -ENOMEM; -EINVAL unknown order, window above 10 s.
 */
int hpcap_group_create(struct hpcap_group **g, const struct hpcap_group_options *opt);

/**
 * hpcap_group_add() - One more queue
 * @g: group
 * @h: mapped handle; the caller's, to be left alone until it was removed or the
 *     group destroyed (hpcap_get_*() and hpcap_missed() may be called)
 *
 * Return: the member's number, 0, 1, ...; -ENOSPC HPCAP_GROUP_MAX are there;
 * -EINVAL not mapped.
 */
int hpcap_group_add(struct hpcap_group *g, struct hpcap_handle *h);

/**
 * hpcap_group_open() - Open all queues that a text names
 * @g: out: the group; it owns the handles
 * @spec: "A:Q,A:Q..."; "A:*" is every queue of an adapter, "*" every queue
 * @opt: how to join each, NULL for strict
 * @gopt: how to join them, NULL for ordered, 10 ms
 * @where: out, may be NULL: the part of @spec that an error is about
 *
 * Return: 0; -EINVAL not such a text, or a queue twice; -ENOENT nothing there;
 * else as hpcap_open_with() and hpcap_map().
 */
int hpcap_group_open(struct hpcap_group **g, const char *spec, const struct hpcap_options *opt,
		     const struct hpcap_group_options *gopt, char where[32]);

/**
 * hpcap_group_next() - Take the next frame
 * @g: group
 * @rec: filled in when a frame was taken
 * @member: out, may be NULL: whose it is
 *
 * @rec->data stays good until hpcap_group_ack() or hpcap_group_wait(). A lossy
 * member may be overtaken: see hpcap_group_next_copy().
 *
 * Return: 1; 0 nothing for now; -EBADMSG as hpcap_next().
 */
int hpcap_group_next(struct hpcap_group *g, struct hpcap_record *rec, unsigned int *member);

/**
 * hpcap_group_next_copy() - Take the next frame into memory of the caller
 * @g: group
 * @rec: filled in; @rec->data is @buf, @rec->caplen at most @size
 * @buf: where to
 * @size: bytes there; HPCAP_CAPLEN_MAX holds any frame
 * @member: out, may be NULL: whose it is
 *
 * Return: as hpcap_group_next(). What it gives is whole, also of lossy members.
 */
int hpcap_group_next_copy(struct hpcap_group *g, struct hpcap_record *rec, void *buf,
			  size_t size, unsigned int *member);

/**
 * hpcap_group_ack() - Give back all frames that were taken
 * @g: group
 */
void hpcap_group_ack(struct hpcap_group *g);

/**
 * hpcap_group_wait() - Give back what was taken, then sleep until there is more
 * @g: group
 * @timeout_ns: 0 looks without sleeping, negative waits without end
 *
 * One poll(2) for all members.
 *
 * Return: 0 a frame can be taken; -ETIMEDOUT; -EINTR a signal came; -ENODEV no
 * member is left and all was read.
 */
int hpcap_group_wait(struct hpcap_group *g, int64_t timeout_ns);

/**
 * hpcap_group_finish() - Take no more than what is there now
 * @g: group
 *
 * What was committed until now is still given out, in order, without waiting;
 * each member leaves when it was read so far. Then hpcap_group_wait() says -ENODEV.
 */
void hpcap_group_finish(struct hpcap_group *g);

/**
 * hpcap_group_remove() - A member leaves; what it has not read is lost to it
 * @g: group
 * @member: its number; the others keep theirs
 *
 * A handle that the group owns is closed.
 *
 * Return: 0; -EINVAL no such member, or it left before.
 */
int hpcap_group_remove(struct hpcap_group *g, unsigned int member);

/* What it did so far; of one member: 0, or -EINVAL there is none. */
void hpcap_group_get_report(const struct hpcap_group *g, struct hpcap_group_report *rep);
int hpcap_group_get_member(const struct hpcap_group *g, unsigned int member,
			   struct hpcap_group_member *out);

/*
 * The handle of a member, for hpcap_get_*() and forwarding; NULL: it left, and
 * what was taken from it was given back.
 */
struct hpcap_handle *hpcap_group_handle(struct hpcap_group *g, unsigned int member);

/* Gives back, closes what it opened. NULL is allowed. */
void hpcap_group_destroy(struct hpcap_group *g);

struct hpcap_merge;

/**
 * hpcap_merge_open() - Make one queue of a group, for programs that read one
 * @m: out; hpcap_merge_close() ends it
 * @h: filled in: a mapped, strict handle; everything of hpcap.h that reads and
 *     waits works on it, hpcap_get_*() and poll(2) do not (@h->fd is -1)
 * @g: group; belongs to the merge from now on, also when this fails
 * @ring: bytes of the new queue's ring; 0 is 16 MiB; at least HPCAP_RING_MIN,
 *        in steps of HPCAP_CHUNK_SIZE
 *
 * A thread takes the group's frames in their order and copies them. When the
 * new ring is full, frames wait in the rings of the members, as for any slow
 * listener. hpcap_missed() of @h is that of all members.
 *
 * Return: 0; -EINVAL wrong size; -ENOMEM, -EAGAIN no memory, no thread.
 */
int hpcap_merge_open(struct hpcap_merge **m, struct hpcap_handle *h, struct hpcap_group *g,
		     uint64_t ring);

/*
 * As hpcap_group_finish(), soon: read on until hpcap_wait_for() says -ENODEV. Any
 * thread.
 */
void hpcap_merge_finish(struct hpcap_merge *m);

/* As hpcap_group_get_report(); any thread. */
void hpcap_merge_get_report(struct hpcap_merge *m, struct hpcap_group_report *rep);

/* Ends the thread, closes @h and the group. NULL is allowed. */
void hpcap_merge_close(struct hpcap_merge *m);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_GROUP_H */
