/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of a group share. */
#ifndef GROUP_H
#define GROUP_H

#include "hpcap_group.h"
#include "priv.h"

enum {
	GROUP_SAMPLES = 16,
	GROUP_SPECS_LEN = 32
};

/**
 * struct group_member - one queue
 * @h: its handle, NULL when it left
 * @owned: opened by the group, which closes it
 * @state: enum hpcap_member_state
 * @adapter: first number of its device
 * @queue: second number
 * @has_head: @head is its next frame, not taken yet
 * @key: time stamp of @head in ns
 * @head: next frame
 * @stored: its caplen in the ring
 * @seen: how far it was committed at each sample
 * @until: after hpcap_group_finish(): end of what is still taken
 * @safe: frames below this position have waited for the window
 * @frames: taken
 * @missed: when it left
 */
struct group_member {
	struct hpcap_handle *h;
	bool owned;
	uint32_t state;
	int adapter;
	int queue;
	bool has_head;
	uint64_t key;
	struct hpcap_record head;
	uint32_t stored;
	uint64_t seen[GROUP_SAMPLES];
	uint64_t until;
	uint64_t safe;
	uint64_t frames;
	uint64_t missed;
};

/**
 * struct hpcap_group - several queues as one listener
 * @m: members by number
 * @nr: ever added
 * @active: of these, still there
 * @order: enum hpcap_group_order
 * @window_ns: see struct hpcap_group_options
 * @cur: member of the last frame
 * @run: frames taken from @cur in a row
 * @limit: while each active member has a head, the smallest key of all but
 *         @cur; 0 when that is not known
 * @forced: the frame chosen last does not wait, to free its ring
 * @finishing: hpcap_group_finish() was called
 * @sampled_ns: when each sample was taken, monotonic
 * @nr_samples: taken so far
 * @last: latest time stamp given out
 * @rep: counters
 */
struct hpcap_group {
	struct group_member m[HPCAP_GROUP_MAX];
	unsigned int nr;
	unsigned int active;
	uint32_t order;
	uint64_t window_ns;
	unsigned int cur;
	unsigned int run;
	uint64_t limit;
	bool forced;
	bool finishing;
	int64_t sampled_ns[GROUP_SAMPLES];
	uint64_t nr_samples;
	uint64_t last;
	struct hpcap_group_report rep;
};

/* group_order.c */
int group_pick(struct hpcap_group *g, unsigned int *member);
int64_t group_release_ns(const struct hpcap_group *g, int64_t now);
bool group_is_safe(const struct group_member *m);

/* group.c */
int64_t group_now_ns(void);
void group_leave(struct hpcap_group *g, unsigned int member, uint32_t state);

/**
 * struct group_queue - one queue that a text names
 */
struct group_queue {
	int adapter;
	int queue;
};

/* group_open.c */
int group_parse(const char *spec, const char *dev_dir, struct group_queue *list,
		unsigned int *nr, char *where);

#endif /* GROUP_H */
