/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* Arguments of the ioctls that change how a queue stamps and what it leaves out. */
#ifndef _UAPI_HPCAP_TIME_H
#define _UAPI_HPCAP_TIME_H

#include <linux/types.h>

enum hpcap_time_policy {
	HPCAP_TIME_KPT = 0,		/* one clock reading for each frame */
	HPCAP_TIME_UDTS = 1,		/* one a batch, its time spread evenly */
	HPCAP_TIME_WDTS = 2,		/* one a batch, spread by size on the wire */
	HPCAP_TIME_ADAPTIVE = 3,	/* as KPT while shallow, as WDTS when deep */
};

enum hpcap_time_clock {
	HPCAP_CLOCK_REALTIME = 0,
	HPCAP_CLOCK_TAI = 1,
	HPCAP_CLOCK_PTP = 2,		/* /dev/ptp<index> */
};

#define HPCAP_TIME_HW		(1u << 0)	/* take the NIC's stamps */

#define HPCAP_TIME_BATCH_MIN	16u
#define HPCAP_TIME_BATCH_MAX	64u

/**
 * struct hpcap_time - HPCAP_IOC_SET_TIME, _GET_TIME: how frames are stamped
 * @policy: enum hpcap_time_policy
 * @clock: enum hpcap_time_clock: what stamps follow
 * @ptp: N of /dev/ptpN for HPCAP_CLOCK_PTP, else zero
 * @batch: buffers taken from the NIC at once, HPCAP_TIME_BATCH_MIN..MAX
 * @flags: HPCAP_TIME_HW
 * @source: out: 0 the kernel's clock is read for each frame, 1 the CPU's counter
 * @speed: out: Mb/s of the link as the policies know it, 0 unknown
 * @hw_bits: out: width of the NIC's stamps, 0 it gives none
 * @error: out: ns between our time and the reference, when compared last
 * @rate: out: how much faster than its nominal frequency the counter runs, ppb
 * @steps: out: as in struct hpcap_stats
 * @reserved: zero
 *
 * What is "out" must be zero for SET, or as GET gave it: it is not read. Needs
 * CAP_NET_ADMIN (EPERM). EINVAL a value out of range, which the kernel log
 * names; ENODEV no such PTP clock; EOPNOTSUPP stamps of a NIC that has none.
 * Another clock begins another time line: that once stamps may go back.
 */
struct hpcap_time {
	__u32 policy;
	__u32 clock;
	__u32 ptp;
	__u32 batch;
	__u32 flags;
	__u32 source;
	__u32 speed;
	__u32 hw_bits;
	__s64 error;
	__s64 rate;
	__u64 steps;
	__u64 reserved[3];
};

enum hpcap_dup_mode {
	HPCAP_DUP_OFF = 0,
	HPCAP_DUP_DROP = 1,		/* leave copies out, count them */
	HPCAP_DUP_MARK = 2,		/* keep them, with HPCAP_REC_DUPLICATE */
};

enum hpcap_dup_key {
	HPCAP_DUP_KEY_SOFT = 0,		/* where to look: hash of what is compared */
	HPCAP_DUP_KEY_RSS = 1,		/* the NIC's hash where there is one */
};

/* hpcap_dup.ignore: what may differ between a frame and its copy */
#define HPCAP_DUP_IGNORE_TTL	(1u << 0)	/* IPv4 TTL, IPv6 hop limit */
#define HPCAP_DUP_IGNORE_CSUM	(1u << 1)	/* IPv4 header checksum */
#define HPCAP_DUP_IGNORE_VLAN	(1u << 2)	/* 802.1Q and 802.1ad tags */
#define HPCAP_DUP_IGNORE_MAC	(1u << 3)	/* both addresses */
#define HPCAP_DUP_IGNORE_ALL	0xfu

#define HPCAP_DUP_ENTRIES_MIN	1024u
#define HPCAP_DUP_ENTRIES_MAX	4194304u
#define HPCAP_DUP_LEVELS_MAX	64u
#define HPCAP_DUP_BYTES_MIN	16u
#define HPCAP_DUP_BYTES_MAX	256u
#define HPCAP_DUP_WINDOW_MAX	60000000000ull

/* A switch's copies: 32 Ki entries, 1 level, 70 bytes, 200 ms. */
#define HPCAP_DUP_ENTRIES	32768u
#define HPCAP_DUP_LEVELS	1u
#define HPCAP_DUP_BYTES		70u
#define HPCAP_DUP_WINDOW	200000000ull

/**
 * struct hpcap_dup - HPCAP_IOC_SET_DUP, _GET_DUP: what happens to copies
 * @mode: enum hpcap_dup_mode
 * @key: enum hpcap_dup_key
 * @ignore: HPCAP_DUP_IGNORE_*
 * @entries: frames remembered, a power of two,
 *           HPCAP_DUP_ENTRIES_MIN..HPCAP_DUP_ENTRIES_MAX
 * @levels: of these, how many share one place, a power of two,
 *          1..HPCAP_DUP_LEVELS_MAX
 * @bytes: of the frame that are compared, beside its length,
 *         HPCAP_DUP_BYTES_MIN..HPCAP_DUP_BYTES_MAX
 * @window: ns that may lie between a frame and its copy,
 *          1..HPCAP_DUP_WINDOW_MAX
 * @checked: out: frames looked up since it was switched on
 * @found: out: of these, copies
 * @reserved: zero
 *
 * With anything ignored, an IP packet is compared up to its own end: what
 * fills a short frame does not count. @checked and @found are not read by SET.
 * Needs CAP_NET_ADMIN (EPERM). EINVAL a value out of range, which the kernel
 * log names; ENOMEM no memory for the table: nothing has changed then.
 */
struct hpcap_dup {
	__u32 mode;
	__u32 key;
	__u32 ignore;
	__u32 entries;
	__u32 levels;
	__u32 bytes;
	__u64 window;
	__u64 checked;
	__u64 found;
	__u64 reserved[2];
};

#endif /* _UAPI_HPCAP_TIME_H */
