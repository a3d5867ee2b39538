/* SPDX-License-Identifier: GPL-2.0-only */
/* The ioctls of a queue: arguments, and the functions that are not in chardev.c. */
#ifndef CAP_VERBS_H
#define CAP_VERBS_H

#include <linux/capability.h>
#include <linux/ratelimit.h>
#include <linux/string.h>

#include "glue.h"

/**
 * union cap_arg - argument of any ioctl, copied in and out by its size
 * @info: HPCAP_IOC_INFO
 * @attach: HPCAP_IOC_ATTACH
 * @stats: HPCAP_IOC_STATS
 * @listeners: HPCAP_IOC_LISTENERS
 * @ring: HPCAP_IOC_SET_RING
 * @poll: HPCAP_IOC_SET_POLL
 * @filter: HPCAP_IOC_SET_FILTER, HPCAP_IOC_GET_FILTER
 * @keep: HPCAP_IOC_SET_KEEP, HPCAP_IOC_GET_KEEP
 * @evict: HPCAP_IOC_SET_EVICT, HPCAP_IOC_GET_EVICT
 * @buffer_req: HPCAP_IOC_SET_BUFFER
 * @buffer: HPCAP_IOC_GET_BUFFER
 * @move: HPCAP_IOC_MOVE
 * @time: HPCAP_IOC_SET_TIME, HPCAP_IOC_GET_TIME
 * @dup: HPCAP_IOC_SET_DUP, HPCAP_IOC_GET_DUP
 * @send: HPCAP_IOC_SEND
 */
union cap_arg {
	struct hpcap_info info;
	struct hpcap_attach attach;
	struct hpcap_stats stats;
	struct hpcap_listeners listeners;
	struct hpcap_ring_req ring;
	struct hpcap_poll_req poll;
	struct hpcap_filter filter;
	struct hpcap_keep keep;
	struct hpcap_evict evict;
	struct hpcap_buffer_req buffer_req;
	struct hpcap_buffer buffer;
	struct hpcap_move move;
	struct hpcap_time time;
	struct hpcap_dup dup;
	struct hpcap_send send;
};

/* Tell whoever reads the log which value was refused, and what is allowed. */
#define cap_refuse(q, fmt, ...) \
	pr_notice_ratelimited("%s: " fmt "\n", (q)->name, ##__VA_ARGS__)

/* Words that mean nothing yet; what comes to mean something must not surprise. */
static inline int cap_check_zero(const struct cap_queue *q, const void *p, size_t len)
{
	if (!memchr_inv(p, 0, len))
		return 0;
	cap_refuse(q, "reserved words: want zero");
	return -EINVAL;
}

int cap_attached_slot(const struct cap_file *f);

int cap_do_set_filter(struct cap_file *f, union cap_arg *a);
int cap_do_get_filter(struct cap_file *f, union cap_arg *a);
int cap_do_set_keep(struct cap_file *f, union cap_arg *a);
int cap_do_get_keep(struct cap_file *f, union cap_arg *a);
int cap_do_set_evict(struct cap_file *f, union cap_arg *a);
int cap_do_get_evict(struct cap_file *f, union cap_arg *a);
int cap_do_set_time(struct cap_file *f, union cap_arg *a);
int cap_do_get_time(struct cap_file *f, union cap_arg *a);
int cap_do_set_dup(struct cap_file *f, union cap_arg *a);
int cap_do_get_dup(struct cap_file *f, union cap_arg *a);
int cap_do_send(struct cap_file *f, union cap_arg *a);

int cap_do_set_buffer(struct cap_file *f, union cap_arg *a);
int cap_do_get_buffer(struct cap_file *f, union cap_arg *a);
int cap_do_move(struct cap_file *f, union cap_arg *a);

#endif /* CAP_VERBS_H */
