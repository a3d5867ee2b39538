/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Everything the capture engine and a program agree on: the record, the
 * shared pages, the ioctls of /dev/hpcap_<adapter>_<queue>.
 *
 * A listener's life: open(2), HPCAP_IOC_INFO, HPCAP_IOC_ATTACH, three mmap(2)
 * (META, CURSOR, DATA), then reads without system calls; poll(2) only to
 * sleep; close(2) and munmap(2) leave the queue. Fields are marked with their
 * single writer: (k) kernel, (u) user.
 */
#ifndef _UAPI_HPCAP_H
#define _UAPI_HPCAP_H

#include <linux/ioctl.h>
#include <linux/types.h>
#include "hpcap_options.h"
#include "hpcap_time.h"

#define HPCAP_ABI		1u
#define HPCAP_MAGIC		0x31504148u	/* "HAP1", little-endian */

#define HPCAP_MAX_LISTENERS	8
#define HPCAP_NAME_LEN		32	/* with the terminating zero */
#define HPCAP_RING_MIN		(1ull << 20)	/* bytes */
#define HPCAP_CHUNK_SIZE	(1ull << 16)	/* bytes between two marks */
#define HPCAP_CAPLEN_MAX	65524u	/* a record never exceeds one chunk */

/**
 * struct hpcap_rec - header of one record, in the ring and in RAW files
 * @sec: seconds since 1970 UTC, little-endian
 * @nsec: nanoseconds, 0..999999999, little-endian
 * @caplen: bytes of the frame that follow, 1..HPCAP_CAPLEN_MAX, little-endian
 * @len: bytes of the frame on the wire without FCS, little-endian
 *
 * Twelve bytes, no alignment: read it with memcpy. @sec == 0 and @nsec == 0
 * marks padding, which exists in files only and never in the ring.
 * Ref: decision 0002
 */
struct hpcap_rec {
	__le32 sec;
	__le32 nsec;
	__le16 caplen;
	__le16 len;
} __attribute__((packed));

#define HPCAP_REC_LEN		12u

/*
 * In @nsec of a record that HPCAP_DUP_MARK marked as a copy of an earlier
 * frame. Off by default: then no record has it.
 */
#define HPCAP_REC_DUPLICATE	0x80000000u

/*
 * mmap(2) offsets of the device. META is read-only, info.meta_size bytes:
 * struct hpcap_ctrl in its first page, struct hpcap_mark[nr_chunks] from the
 * second. CURSOR is one page, read-write, this listener's own. DATA is
 * read-only, 2 * ring_size bytes: the ring twice, back to back, so that the
 * byte of position p is data[p % ring_size] and no record wraps.
 */
#define HPCAP_MMAP_META		0x000000000ull
#define HPCAP_MMAP_CURSOR	0x100000000ull
#define HPCAP_MMAP_DATA		0x200000000ull

#define HPCAP_PAGE		4096u

/**
 * struct hpcap_mark - where a chunk's first record starts
 * @pos: (k) position of the first record that starts in this chunk
 * @seq: (k) frames committed to the ring before that record
 *
 * marks[c % nr_chunks] belongs to chunk c, the bytes from c * HPCAP_CHUNK_SIZE
 * on. An overtaken listener resumes at the mark of hpcap_ctrl.floor and knows
 * from @seq exactly how many frames it missed.
 */
struct hpcap_mark {
	__u64 pos;
	__u64 seq;
};

/*
 * hpcap_ctrl.state and hpcap_info.state. MOVED, in the control page only: the
 * ring was replaced. What was committed to this one stays until it is unmapped;
 * then HPCAP_IOC_MOVE, and map anew. Positions go on without a gap.
 */
#define HPCAP_STATE_RUNNING	(1u << 0)	/* the queue's NIC ring is polled */
#define HPCAP_STATE_GONE	(1u << 1)	/* device removed; nothing more comes */
#define HPCAP_STATE_MOVED	(1u << 2)

/**
 * struct hpcap_ctrl - the producer's page, mapped read-only
 * @magic: HPCAP_MAGIC
 * @abi: HPCAP_ABI
 * @ring_size: bytes, multiple of HPCAP_CHUNK_SIZE, at least HPCAP_RING_MIN
 * @nr_chunks: ring_size / HPCAP_CHUNK_SIZE
 * @state: (k) HPCAP_STATE_*
 * @commit: (k) bytes ever committed; records below it are whole. Release
 *          store; pairs with the listener's acquire load
 * @seq: (k) frames ever committed, a hint (not paired with @commit)
 * @floor: (k) chunks below this number may be overwritten at any moment.
 *         Stored before the bytes change; a lossy listener copies, then reads
 *         it again behind a read barrier
 */
struct hpcap_ctrl {
	__u32 magic;
	__u32 abi;
	__u64 ring_size;
	__u32 nr_chunks;
	__u32 state;
	__u64 pad0[5];

	__u64 commit;
	__u64 seq;
	__u64 pad1[6];

	__u64 floor;
	__u64 pad2[7];
};

/* hpcap_cursor.state */
#define HPCAP_LISTENER_ATTACHED	1u
#define HPCAP_LISTENER_EXPELLED	2u	/* it wrote an impossible ack */
#define HPCAP_LISTENER_GONE	3u	/* the device was removed */
#define HPCAP_LISTENER_EVICTED	4u	/* it held the full ring for too long */

/**
 * struct hpcap_cursor - a listener's own page, mapped read-write
 * @ack: (u) bytes given back; only grows, never beyond hpcap_ctrl.commit.
 *       Release store. A strict listener that stores anything else is
 *       expelled: it no longer holds the ring, poll(2) reports POLLERR
 * @want: (u) poll(2) reports POLLIN from this many unread bytes on; 0 is 1,
 *        more than half the ring counts as half the ring
 * @lost: (k) frames lost because this strict listener held the ring; what a
 *        program writes here is overwritten and never read by the kernel
 * @state: (k) HPCAP_LISTENER_*
 */
struct hpcap_cursor {
	__u64 ack;
	__u64 want;
	__u64 pad0[6];

	__u64 lost;
	__u32 state;
	__u32 pad1;
	__u64 pad2[6];
};

enum hpcap_poll_mode {
	HPCAP_POLL_ADAPTIVE = 0,	/* interrupt when idle, poll when busy */
	HPCAP_POLL_BUSY = 1,		/* never sleep while a listener is attached */
};

/**
 * struct hpcap_info - HPCAP_IOC_INFO: what this queue is
 * @abi: HPCAP_ABI of the running engine
 * @adapter: first number of the device name
 * @queue: second number of the device name
 * @state: HPCAP_STATE_*
 * @ring_size: bytes
 * @meta_size: bytes to map at HPCAP_MMAP_META
 * @frame_max: longest frame, bytes, that the NIC may deliver now
 * @poll_mode: enum hpcap_poll_mode
 * @cpu: CPU the poll thread is pinned to, -1 for any
 * @numa_node: of the NIC and the ring, -1 if unknown
 * @nr_listeners: attached now
 * @max_listeners: HPCAP_MAX_LISTENERS
 * @device: the NIC's bus name, for example 0000:01:10.0
 * @reserved: zero
 */
struct hpcap_info {
	__u32 abi;
	__u32 adapter;
	__u32 queue;
	__u32 state;
	__u64 ring_size;
	__u64 meta_size;
	__u32 frame_max;
	__u32 poll_mode;
	__s32 cpu;
	__s32 numa_node;
	__u32 nr_listeners;
	__u32 max_listeners;
	char device[HPCAP_NAME_LEN];
	__u64 reserved[6];
};

enum hpcap_listener_mode {
	HPCAP_STRICT = 0,	/* holds the ring; loss is counted against it */
	HPCAP_LOSSY = 1,	/* may be overtaken; learns what it missed */
};

/**
 * struct hpcap_attach - HPCAP_IOC_ATTACH: become a listener of this queue
 * @mode: in: enum hpcap_listener_mode
 * @id: out: unique for the life of the queue, never reused
 * @name: in: printable text for listings, zero-terminated
 * @pos: out: first position to read, a record boundary; cursor.ack starts here
 * @seq: out: frames committed before @pos
 * @reserved: zero
 *
 * EBUSY this descriptor is attached already; EUSERS all slots are taken;
 * EINVAL unknown mode, unterminated name, reserved not zero; ENODEV the
 * device is gone.
 */
struct hpcap_attach {
	__u32 mode;
	__u32 id;
	char name[HPCAP_NAME_LEN];
	__u64 pos;
	__u64 seq;
	__u64 reserved[2];
};

/**
 * struct hpcap_stats - HPCAP_IOC_STATS: one counter for each arrow
 * @frames: taken from the NIC's descriptor ring
 * @bytes: of those frames, as on the wire without FCS
 * @captured: frames written to the ring
 * @captured_bytes: of those, bytes of frame kept
 * @nic_missed: frames the NIC dropped for lack of packet memory
 * @no_buffer: frames the NIC dropped for lack of descriptors
 * @nic_error: frames taken but damaged (CRC, symbol, data error)
 * @no_client: frames taken while nobody listened
 * @slow_client: frames taken while a strict listener held the ring
 * @batches: times the poll thread found frames
 * @sleeps: times the poll thread waited for an interrupt
 * @clock_steps: times the reference clock was found to have stepped
 * @duplicate: frames left out as copies of an earlier one
 * @marked: copies written to the ring with HPCAP_REC_DUPLICATE
 * @hw_stamped: frames stamped by the NIC
 * @clock_error: ns between our time and the reference, when compared last
 * @filtered: frames that the queue's filter, or all listeners', refused
 * @flow_cut: frames behind the part of their flow that is kept
 * @cut_bytes: bytes of captured frames that were not kept
 * @flow_evicted: flows forgotten for lack of room in the flow table
 * @ring_high: most bytes of the ring that were ever held by strict listeners
 * @evicted: listeners that held the full ring for too long
 * @sent: frames that HPCAP_IOC_SEND sent out through this interface
 * @send_failed: frames that it took and could not send: link lost, ring stopped
 *
 * frames = captured + nic_error + no_client + slow_client + duplicate +
 * filtered + flow_cut; on the wire for this queue = frames + nic_missed +
 * no_buffer.
 */
struct hpcap_stats {
	__u64 frames;
	__u64 bytes;
	__u64 captured;
	__u64 captured_bytes;
	__u64 nic_missed;
	__u64 no_buffer;
	__u64 nic_error;
	__u64 no_client;
	__u64 slow_client;
	__u64 batches;
	__u64 sleeps;
	__u64 clock_steps;
	__u64 duplicate;
	__u64 marked;
	__u64 hw_stamped;
	__u64 clock_error;
	__u64 filtered;
	__u64 flow_cut;
	__u64 cut_bytes;
	__u64 flow_evicted;
	__u64 ring_high;
	__u64 evicted;
	__u64 sent;
	__u64 send_failed;
};

/**
 * struct hpcap_listener - one row of HPCAP_IOC_LISTENERS
 * @id: as given by HPCAP_IOC_ATTACH
 * @mode: enum hpcap_listener_mode
 * @state: HPCAP_LISTENER_*
 * @pid: process that attached it, in the initial namespace
 * @name: as given
 * @start: position where it began
 * @ack: position it gave back last
 * @lag: committed bytes it has not given back
 * @lost: frames lost on its account (strict)
 */
struct hpcap_listener {
	__u32 id;
	__u32 mode;
	__u32 state;
	__s32 pid;
	char name[HPCAP_NAME_LEN];
	__u64 start;
	__u64 ack;
	__u64 lag;
	__u64 lost;
};

/**
 * struct hpcap_listeners - HPCAP_IOC_LISTENERS: who listens
 * @count: rows filled
 * @pad: zero
 * @row: by age
 */
struct hpcap_listeners {
	__u32 count;
	__u32 pad;
	struct hpcap_listener row[HPCAP_MAX_LISTENERS];
};

#define HPCAP_SEND_MAX		256	/* frames in one call, and on their way at once */
#define HPCAP_SEND_LEN_MIN	14	/* shorter than 60 bytes: padded with zeros */

/* hpcap_send.flags */
#define HPCAP_SEND_COPY		(1u << 0)	/* copy the bytes at once */

/**
 * struct hpcap_send_frame - one frame to send again
 * @pos: ring position of the frame's first byte: its record's + HPCAP_REC_LEN
 * @len: bytes to send, without FCS, HPCAP_SEND_LEN_MIN.. longest of the output
 * @edit_len: so many bytes at its front are replaced, 0..@len
 * @edit: user address of these; they are copied
 */
struct hpcap_send_frame {
	__u64 pos;
	__u32 len;
	__u32 edit_len;
	__u64 edit;
};

/**
 * struct hpcap_send - HPCAP_IOC_SEND: send captured frames out again
 * @fd: in: open file of a queue of the interface to send through, writable
 * @count: in: frames, 1..HPCAP_SEND_MAX
 * @flags: in: HPCAP_SEND_*
 * @sent: out: frames taken, from the first on
 * @frames: in: user address of struct hpcap_send_frame[@count]
 * @reserved: zero
 *
 * Asked of a strict listener, for bytes that it has not given back. Bytes that
 * are not edited go from the ring to the NIC without a copy, and stay in the
 * ring until they are sent, even if the listener gives them back or dies
 * before. 0 when at least one was taken. EAGAIN no room: poll(2) reports
 * POLLOUT when less than half of HPCAP_SEND_MAX are on their way; ENETDOWN no
 * link or interface down; ERANGE bytes given back already, or not committed;
 * EINVAL bad length, count, flags or reserved; EBADF @fd is not a capture
 * queue open for writing; ENOTCONN not attached; EPERM no CAP_NET_RAW, or a
 * lossy listener; EOPNOTSUPP the driver cannot; ENODEV one of the two is gone.
 */
struct hpcap_send {
	__s32 fd;
	__u32 count;
	__u32 flags;
	__u32 sent;
	__u64 frames;
	__u64 reserved[2];
};

/* 69 and 70 were the ancestors'; another layout takes another number. */
#define HPCAP_IOC		71

#define HPCAP_IOC_INFO		_IOR(HPCAP_IOC, 1, struct hpcap_info)
#define HPCAP_IOC_ATTACH	_IOWR(HPCAP_IOC, 2, struct hpcap_attach)
#define HPCAP_IOC_STATS		_IOR(HPCAP_IOC, 3, struct hpcap_stats)
#define HPCAP_IOC_LISTENERS	_IOR(HPCAP_IOC, 4, struct hpcap_listeners)
#define HPCAP_IOC_SET_RING	_IOW(HPCAP_IOC, 5, struct hpcap_ring_req)
#define HPCAP_IOC_SET_POLL	_IOW(HPCAP_IOC, 6, struct hpcap_poll_req)
#define HPCAP_IOC_SET_TIME	_IOW(HPCAP_IOC, 16, struct hpcap_time)
#define HPCAP_IOC_GET_TIME	_IOR(HPCAP_IOC, 17, struct hpcap_time)
#define HPCAP_IOC_SET_DUP	_IOW(HPCAP_IOC, 18, struct hpcap_dup)
#define HPCAP_IOC_GET_DUP	_IOR(HPCAP_IOC, 19, struct hpcap_dup)
#define HPCAP_IOC_SEND		_IOWR(HPCAP_IOC, 40, struct hpcap_send)
#define HPCAP_IOC_SET_FILTER	_IOW(HPCAP_IOC, 24, struct hpcap_filter)
#define HPCAP_IOC_GET_FILTER	_IOWR(HPCAP_IOC, 25, struct hpcap_filter)
#define HPCAP_IOC_SET_KEEP	_IOW(HPCAP_IOC, 26, struct hpcap_keep)
#define HPCAP_IOC_GET_KEEP	_IOWR(HPCAP_IOC, 27, struct hpcap_keep)
#define HPCAP_IOC_SET_EVICT	_IOW(HPCAP_IOC, 28, struct hpcap_evict)
#define HPCAP_IOC_GET_EVICT	_IOR(HPCAP_IOC, 29, struct hpcap_evict)
#define HPCAP_IOC_SET_BUFFER	_IOW(HPCAP_IOC, 30, struct hpcap_buffer_req)
#define HPCAP_IOC_GET_BUFFER	_IOR(HPCAP_IOC, 31, struct hpcap_buffer)
#define HPCAP_IOC_MOVE		_IOR(HPCAP_IOC, 32, struct hpcap_move)

#endif /* _UAPI_HPCAP_H */
