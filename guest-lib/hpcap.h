/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libhpcap: read a capture queue, /dev/hpcap_<adapter>_<queue>, without a
 * system call for each frame. RAW and pcap files are in hpcap_file.h.
 *
 *	ring   ...|== given back ==|-- read --|.. committed, unread ..|
 *	                           ^ack       ^pos                    ^commit
 *	                           |<- acks ->|
 *	                           |<----------- avail -------------->|
 *
 * A program opens a handle, maps it, and then repeats: take frames until there
 * are none, give them back, wait for more.
 *
 *	struct hpcap_handle h;
 *	struct hpcap_record rec;
 *
 *	if (hpcap_open_with(&h, 0, 0, NULL) || hpcap_map(&h))
 *		...
 *	while ((err = hpcap_wait_for(&h, 1, -1)) == 0)
 *		while (hpcap_next(&h, &rec) > 0)
 *			use(rec.data, rec.caplen);
 *
 * Errors: the first part returns 0 or more, or a negative errno, which
 * hpcap_strerror() explains. The second part keeps the names and results of
 * the older HPCAP: HPCAP_OK, or HPCAP_ERR with the reason in errno.
 *
 * Threads: a handle belongs to one thread at a time. Different handles share
 * nothing; the library has no state of its own, prints nothing, never exits.
 */
#ifndef HPCAP_H
#define HPCAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uapi/hpcap.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hpcap_view;

/**
 * struct hpcap_handle - one listener of one queue
 * @fd: the device; good for poll(2), see hpcap_want()
 * @adapter_idx: first number of the device name
 * @queue_idx: second number
 * @buf: the ring, mapped read-only, twice back to back; NULL before hpcap_map()
 * @bufSize: bytes of the ring, once
 * @size: bytes mapped, 2 * @bufSize
 * @bufoff: where the ring starts in @buf: always 0
 * @rdoff: offset of the next byte to read, 0..@bufSize-1; @avail - @acks bytes
 *         from here on are whole records and contiguous
 * @avail: bytes committed and not given back, as of the last look
 * @acks: of these, bytes already read. A program may add to it what it read by
 *        itself, and then calls hpcap_ack() before it reads on
 *
 * The fields behind these are the library's.
 */
struct hpcap_handle {
	int fd;
	int adapter_idx;
	int queue_idx;
	unsigned char *buf;
	uint64_t bufSize;
	uint64_t size;
	uint64_t bufoff;
	uint64_t rdoff;
	uint64_t avail;
	uint64_t acks;

	/* private: */
	const struct hpcap_ctrl *ctrl;
	const struct hpcap_mark *marks;
	struct hpcap_cursor *cursor;
	uint64_t meta_size;
	uint64_t ack_pos;
	uint64_t seq;
	uint64_t missed;
	uint32_t mode;
	uint32_t id;
	struct hpcap_view *view;
	int move_err;
	uint64_t reserved[4];
};

/**
 * struct hpcap_record - one captured frame
 * @sec: seconds since 1970 UTC
 * @nsec: nanoseconds, 0..999999999
 * @caplen: bytes at @data, at least 1
 * @len: bytes of the frame on the wire without FCS, at least @caplen
 * @data: the frame, from its destination address on; not aligned
 * @pos: where the record starts: ring position, or offset in the file
 */
struct hpcap_record {
	uint32_t sec;
	uint32_t nsec;
	uint32_t caplen;
	uint32_t len;
	const uint8_t *data;
	uint64_t pos;
};

/**
 * struct hpcap_span - several whole records in a row
 * @data: the first record's header
 * @bytes: all of them, headers included
 * @frames: how many
 * @pos: ring position of @data
 * @last: the last record's header
 */
struct hpcap_span {
	const uint8_t *data;
	uint64_t bytes;
	uint64_t frames;
	uint64_t pos;
	const uint8_t *last;
};

/**
 * struct hpcap_options - how to join; all zero is a strict listener
 * @mode: enum hpcap_listener_mode
 * @control: do not join: only hpcap_get_*() and hpcap_close() may follow
 * @name: shown in listings, at most HPCAP_NAME_LEN - 1 bytes; NULL is the
 *        program's name
 */
struct hpcap_options {
	uint32_t mode;
	bool control;
	const char *name;
};

/**
 * hpcap_open_with() - Open a queue and become a listener of it
 * @h: filled in; memory is the caller's
 * @adapter: first number of the device name, 0..
 * @queue: second number, 0..
 * @opt: NULL for a strict listener
 *
 * Frames that come from now on are kept for this listener.
 *
 * Return: 0; -ENOENT no such queue; -EACCES no permission; -EPROTO the driver
 * speaks another version of the interface; -EUSERS HPCAP_MAX_LISTENERS
 * programs listen already; -EINVAL wrong number, mode or name; -ENODEV the
 * device was just removed.
 */
int hpcap_open_with(struct hpcap_handle *h, int adapter, int queue,
		    const struct hpcap_options *opt);

/**
 * hpcap_next() - Take the next frame
 * @h: mapped handle
 * @rec: filled in when a frame was taken
 *
 * No system call, no copy. @rec->data stays good until the frame is given back
 * (hpcap_ack(), hpcap_wait_for()). A lossy listener may be overtaken while it
 * reads: it asks hpcap_valid() after it used the data, or uses
 * hpcap_next_copy() instead.
 *
 * Return: 1; 0 nothing more for now; -EBADMSG the ring holds no record here
 * (the program changed the handle's fields); -ECANCELED, -ETIME as
 * hpcap_wait_for(): what it has not read is not to be trusted any more.
 */
int hpcap_next(struct hpcap_handle *h, struct hpcap_record *rec);

/**
 * hpcap_marked() - Did the engine mark this frame as a copy of an earlier one?
 * @rec: from hpcap_next() or hpcap_raw_next(), still good: the mark is looked up
 *       in the record's header before @rec->data
 *
 * Return: true for a copy; false always while HPCAP_DUP_MARK is not set.
 */
static inline bool hpcap_marked(const struct hpcap_record *rec)
{
	return rec->data[-5] & (HPCAP_REC_DUPLICATE >> 24);
}

/**
 * hpcap_next_copy() - Take the next frame into memory of the caller
 * @h: mapped handle
 * @rec: filled in; @rec->data is @buf, @rec->caplen at most @size
 * @buf: where to
 * @size: bytes there; HPCAP_CAPLEN_MAX holds any frame
 *
 * What it gives is whole also for a lossy listener that is being overtaken.
 *
 * Return: as hpcap_next().
 */
int hpcap_next_copy(struct hpcap_handle *h, struct hpcap_record *rec, void *buf, size_t size);

/**
 * hpcap_next_span() - Take as many whole records as fit a limit
 * @h: mapped handle
 * @max_bytes: limit, headers included
 * @max_frames: limit; 0 for none
 * @span: filled in
 *
 * Looks at few of the records: it jumps along the marks that the engine leaves
 * every HPCAP_CHUNK_SIZE bytes. A lossy listener copies, then asks
 * hpcap_valid() with @span->pos.
 *
 * Return: 1; 0 nothing more for now; -EMSGSIZE the next record alone is larger
 * than @max_bytes; -EBADMSG, -ECANCELED, -ETIME as hpcap_next().
 */
int hpcap_next_span(struct hpcap_handle *h, uint64_t max_bytes, uint64_t max_frames,
		    struct hpcap_span *span);

/**
 * hpcap_valid() - May what was read at a position be trusted?
 * @h: mapped handle
 * @pos: from struct hpcap_record or struct hpcap_span
 *
 * Return: true for a strict listener, unless it was evicted or expelled; false
 * when the engine may have written over it in the meantime: throw the data away.
 * The frames are counted as taken, not as missed.
 */
bool hpcap_valid(const struct hpcap_handle *h, uint64_t pos);

/**
 * hpcap_missed() - Frames this listener did not get
 * @h: mapped handle
 *
 * Strict: frames lost because it held the ring. Lossy: frames it was overtaken
 * by, exact, known as soon as it reads on.
 *
 * Return: frames since it joined.
 */
uint64_t hpcap_missed(const struct hpcap_handle *h);

/**
 * hpcap_wait_for() - Give back what was read, then sleep until more is there
 * @h: mapped handle
 * @bytes: how much, headers included; 0 is 1; more than half the ring counts as
 *         half the ring
 * @timeout_ns: 0 looks without sleeping, negative waits without end
 *
 * Return: 0; -ETIMEDOUT less than @bytes is there, perhaps some (take it);
 * -EINTR a signal came; -ENODEV the device is gone and all was read;
 * -ECANCELED the engine expelled this listener (its cursor was damaged); -ETIME
 * it was evicted, because it held the full ring for too long. Another error: the
 * ring was replaced and the new one could not be mapped.
 */
int hpcap_wait_for(struct hpcap_handle *h, uint64_t bytes, int64_t timeout_ns);

/**
 * hpcap_want() - From how many unread bytes on poll(2) reports POLLIN
 * @h: mapped handle
 * @bytes: as in hpcap_wait_for()
 *
 * For programs with a poll loop of their own over @h->fd.
 */
void hpcap_want(struct hpcap_handle *h, uint64_t bytes);

/*
 * What this queue is, its counters, who listens to it. @h must be open; it
 * need not be mapped. Any thread. They return 0 or a negative errno.
 */
int hpcap_get_info(const struct hpcap_handle *h, struct hpcap_info *info);
int hpcap_get_stats(const struct hpcap_handle *h, struct hpcap_stats *stats);
int hpcap_get_listeners(const struct hpcap_handle *h, struct hpcap_listeners *list);

/**
 * hpcap_strerror() - An error of this library in words
 * @err: what a function returned, negative (or an errno)
 *
 * Return: constant text, never NULL.
 */
const char *hpcap_strerror(int err);

/* ------------------------- HPCAP's names ------------------------------- */

#define HPCAP_OK  0
#define HPCAP_ERR (-1)

#define RAW_HLEN       12
#define HPCAP_BS       1048576ull
#define HPCAP_COUNT    2048ull
#define HPCAP_FILESIZE (HPCAP_BS * HPCAP_COUNT)

/*
 * hpcap_open() is hpcap_open_with() with no options. hpcap_close() also
 * unmaps; closing twice is harmless.
 */
int hpcap_open(struct hpcap_handle *h, int adapter, int queue);
int hpcap_close(struct hpcap_handle *h);

/*
 * hpcap_map() maps the ring; the one function of this part that belongs to
 * both: new programs read its errno. EPROTO: not our device or another
 * version. hpcap_unmap() leaves the handle open and listening.
 */
int hpcap_map(struct hpcap_handle *h);
int hpcap_unmap(struct hpcap_handle *h);

/*
 * Waits. They sleep, as HPCAP's manual says (its code did not). @bytes counts
 * from the last byte given back, like @avail. hpcap_wait() and hpcap_ack_wait()
 * sleep without end; a signal ends them with EINTR. The one with a time-out (a
 * real one, in nanoseconds; 0 only looks) returns HPCAP_OK when the time is
 * over or a signal came: look at @avail.
 */
int hpcap_wait(struct hpcap_handle *h, uint64_t bytes);
int hpcap_ack(struct hpcap_handle *h);
int hpcap_ack_wait(struct hpcap_handle *h, uint64_t bytes);
int hpcap_ack_wait_timeout(struct hpcap_handle *h, uint64_t bytes, uint64_t timeout_ns);

/* Offsets in the ring, 0..bufSize-1: end of what is committed; next to read. */
uint64_t hpcap_wroff(struct hpcap_handle *h);
uint64_t hpcap_rdoff(struct hpcap_handle *h);

/* Does nothing: a wait ends at a signal, so nobody needs to be killed. */
int hpcap_ioc_killwait(struct hpcap_handle *h);

/* Fill a struct pcap_pkthdr (microseconds). Note the order: len, caplen. */
void hpcap_pcap_header(void *hdr, uint32_t sec, uint32_t nsec, uint16_t len, uint16_t caplen);

typedef void (*hpcap_header_fn)(void *hdr, uint32_t sec, uint32_t nsec, uint16_t len,
				uint16_t caplen);

/*
 * Next record of a strict listener. With @fn: calls fn(hdr, sec, nsec, len,
 * caplen), *@ptr is the frame. Without: *@ptr is the record's header, and
 * caplen is stored at @hdr as uint16_t. @auxbuf is not used: no record wraps.
 * Returns the time in nanoseconds, 0 when there is nothing, (uint64_t)-1 when
 * the ring is not to be read.
 */
uint64_t hpcap_read_packet(struct hpcap_handle *h, unsigned char **ptr, unsigned char *auxbuf,
			   void *hdr, hpcap_header_fn fn);

/*
 * Write one block of HPCAP_BS bytes to @fd when min(avail, max) allows, else
 * nothing. @fd 0 writes nowhere. @max is what is left of the file: the block
 * that ends it (max == HPCAP_BS) is padded, so that no record crosses two
 * files. Returns bytes of file, 0, or (uint64_t)-1 with errno.
 */
uint64_t hpcap_write_block(struct hpcap_handle *h, int fd, uint64_t max);

#ifdef __cplusplus
}
#endif

#include <hpcap_control.h>

#endif /* HPCAP_H */
