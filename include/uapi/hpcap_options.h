/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Options of a queue that are more than a number: filters, what of a frame is
 * stored, eviction, the ring as memory. Included by hpcap.h, which has the
 * ioctl numbers.
 */
#ifndef _UAPI_HPCAP_OPTIONS_H
#define _UAPI_HPCAP_OPTIONS_H

#include <linux/types.h>

enum hpcap_scope {
	HPCAP_SCOPE_QUEUE = 0,		/* all listeners; needs CAP_NET_ADMIN */
	HPCAP_SCOPE_LISTENER = 1,	/* this descriptor's, which is attached */
};

#define HPCAP_FILTER_MAX	4096u	/* instructions */
#define HPCAP_FILTER_TEXT	192	/* bytes, with the terminating zero */

/**
 * struct hpcap_filter - HPCAP_IOC_SET_FILTER, HPCAP_IOC_GET_FILTER
 * @scope: enum hpcap_scope
 * @len: instructions at @insns; set: 0 for no filter; get: in: room there, out:
 *	how many there are, which may be more
 * @insns: address of struct sock_filter[]; what the program returns is how many
 *	bytes of the frame are wanted, 0 for none. Get: 0 asks for @len only
 * @text: what it was compiled from, for listings; may be empty
 * @reserved: zero
 *
 * Another filter takes effect between two frames: none that both accept is
 * lost. A frame is stored when the queue's filter accepts it and at least one
 * listener's does; a listener looks at it again with its own filter.
 *
 * Set: EINVAL a program that the kernel's checker refuses, or that reads more
 * than the frame (socket extensions); ENOTCONN a listener's without ATTACH.
 */
struct hpcap_filter {
	__u32 scope;
	__u32 len;
	__u64 insns;
	char text[HPCAP_FILTER_TEXT];
	__u64 reserved[2];
};

#define HPCAP_KEEP_HEADERS	(1u << 0)	/* see struct hpcap_keep */
#define HPCAP_KEEP_CAPLEN_MIN	14u
#define HPCAP_KEEP_SLOTS_MIN	1024u
#define HPCAP_KEEP_SLOTS_MAX	(1u << 24)
#define HPCAP_KEEP_IDLE_MAX	86400u

/**
 * struct hpcap_keep - HPCAP_IOC_SET_KEEP, HPCAP_IOC_GET_KEEP: what is stored
 * @scope: enum hpcap_scope; a listener has @caplen only
 * @caplen: bytes of a frame, HPCAP_KEEP_CAPLEN_MIN..HPCAP_CAPLEN_MAX, 0 for all
 * @flow_bytes: of each flow the first so many bytes, 0 for whole flows. A flow:
 *	both directions of addresses, ports, protocol; frames that are not IP
 *	are always kept
 * @flow_idle: seconds after which a quiet flow is forgotten, 1..
 *	HPCAP_KEEP_IDLE_MAX; 0: 60
 * @flow_slots: flows remembered, a power of two, HPCAP_KEEP_SLOTS_MIN..MAX; 0:
 *	65536. 16 bytes each
 * @flags: HPCAP_KEEP_HEADERS: store headers only. With @flow_bytes: what the
 *	flow cut would drop is stored as headers
 * @reserved: zero
 */
struct hpcap_keep {
	__u32 scope;
	__u32 caplen;
	__u32 flow_bytes;
	__u32 flow_idle;
	__u32 flow_slots;
	__u32 flags;
	__u64 reserved[4];
};

#define HPCAP_EVICT_MS_MAX	86400000u

/**
 * struct hpcap_evict - HPCAP_IOC_SET_EVICT, HPCAP_IOC_GET_EVICT
 * @after_ms: a strict listener that gives nothing back for so long while frames
 *	are lost on its account is evicted: poll(2) reports POLLERR, its cursor
 *	HPCAP_LISTENER_EVICTED. 0: never; at most HPCAP_EVICT_MS_MAX
 * @reserved: zero
 *
 * Set: needs CAP_NET_ADMIN.
 */
struct hpcap_evict {
	__u64 after_ms;
	__u64 reserved[3];
};

enum hpcap_buffer_kind {
	HPCAP_BUFFER_PAGES = 0,		/* the kernel's pages */
	HPCAP_BUFFER_USER = 1,		/* a file's pages, handed in */
};

#define HPCAP_NEVER		(~0ull)

/**
 * struct hpcap_buffer - HPCAP_IOC_GET_BUFFER: the ring as memory
 * @size: bytes
 * @used: committed bytes that strict listeners have not given back
 * @high: the most that @used ever was for this ring
 * @in_rate: bytes a second that are committed, over about the last second
 * @fill_rate: bytes a second by which @used grows, negative when it shrinks
 * @full_ns: until @used reaches @size at that rate, HPCAP_NEVER when it does not
 * @stall_ns: the same if nobody gave anything back from now on
 * @kind: enum hpcap_buffer_kind
 * @node: NUMA node it was asked for, -1 for any
 * @page_size: bytes of a page of it
 * @foreign: bytes that lie on other nodes
 * @moves: times the ring was replaced while somebody listened
 * @leaving: listeners that still read the ring before this one
 * @pad: zero
 * @reserved: zero
 */
struct hpcap_buffer {
	__u64 size;
	__u64 used;
	__u64 high;
	__u64 in_rate;
	__s64 fill_rate;
	__u64 full_ns;
	__u64 stall_ns;
	__u32 kind;
	__s32 node;
	__u64 page_size;
	__u64 foreign;
	__u64 moves;
	__u32 leaving;
	__u32 pad;
	__u64 reserved[4];
};

/**
 * struct hpcap_buffer_req - HPCAP_IOC_SET_BUFFER: another ring, at any time
 * @size: bytes, as in struct hpcap_ring_req
 * @fd: -1 for the kernel's pages; else a file of hugetlbfs or tmpfs, a memfd for
 *	example, open for writing
 * @flags: zero
 * @offset: in the file, a multiple of its page size
 * @reserved: zero
 *
 * Listeners are told by HPCAP_STATE_MOVED and poll(2), and follow. A file's
 * pages are pinned and count for RLIMIT_MEMLOCK of the caller; what happens to
 * the file afterwards (truncated, unlinked, closed) does not matter.
 *
 * Needs CAP_NET_ADMIN. EINVAL size, offset, another kind of file, a file that is
 * too short; EBADF no such file, or read-only; EPERM sealed against writing;
 * ENOMEM no memory, no huge page, or more than RLIMIT_MEMLOCK; EBUSY listeners
 * still read the ring before the present one; the old ring stays then.
 */
struct hpcap_buffer_req {
	__u64 size;
	__s32 fd;
	__u32 flags;
	__u64 offset;
	__u64 reserved[3];
};

/**
 * struct hpcap_move - HPCAP_IOC_MOVE: leave a ring that was replaced
 * @ring_size: of the ring that mmap(2) gives from now on
 * @meta_size: bytes to map at HPCAP_MMAP_META
 * @pos: its first position; what is before lies in the old ring only
 * @reserved: zero
 *
 * EALREADY the ring was not replaced; ENOTCONN this descriptor is not attached.
 */
struct hpcap_move {
	__u64 ring_size;
	__u64 meta_size;
	__u64 pos;
	__u64 reserved[5];
};

/**
 * struct hpcap_ring_req - HPCAP_IOC_SET_RING: replace the ring
 * @size: bytes, multiple of HPCAP_CHUNK_SIZE, at least HPCAP_RING_MIN
 * @flags: zero
 * @pad: zero
 * @reserved: zero
 *
 * Needs CAP_NET_ADMIN (EPERM). EBUSY while anyone listens; EINVAL bad size or
 * reserved not zero; ENOMEM more than the machine can give: the old ring stays.
 */
struct hpcap_ring_req {
	__u64 size;
	__u32 flags;
	__u32 pad;
	__u64 reserved[2];
};

/**
 * struct hpcap_poll_req - HPCAP_IOC_SET_POLL: how the poll thread waits
 * @mode: enum hpcap_poll_mode
 * @cpu: online CPU to pin to, -1 for any
 * @reserved: zero
 *
 * Needs CAP_NET_ADMIN (EPERM). EINVAL unknown mode, offline CPU, reserved.
 */
struct hpcap_poll_req {
	__u32 mode;
	__s32 cpu;
	__u64 reserved[2];
};

#endif /* _UAPI_HPCAP_OPTIONS_H */
