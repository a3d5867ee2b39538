/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of the capture device made of memory, checked as the engine does. */
#ifndef FAKE_OPTS_H
#define FAKE_OPTS_H

#include <uapi/hpcap.h>

/**
 * struct fake_opts - what was set last
 * @ring_size: bytes asked for; 0: never asked
 * @poll: how to wait
 * @filter: of the queue; its text and length
 * @keep: what is stored
 * @evict_ms: after how long
 * @file: the ring is a file's
 * @time: how to stamp
 * @dup: what to do with copies
 */
struct fake_opts {
	__u64 ring_size;
	struct hpcap_poll_req poll;
	struct hpcap_filter filter;
	struct hpcap_keep keep;
	__u64 evict_ms;
	__u32 file;
	struct hpcap_time time;
	struct hpcap_dup dup;
};

void fake_opts_init(struct fake_opts *o);

/* An ioctl that sets or gets an option: 0, an errno, or -1 when it is none. */
int fake_opts_ioctl(struct fake_opts *o, unsigned long request, void *arg);

#endif /* FAKE_OPTS_H */
