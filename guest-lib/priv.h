/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the library's files share and programs do not see. */
#ifndef HPCAP_PRIV_H
#define HPCAP_PRIV_H

#include <endian.h>
#include <errno.h>
#include <string.h>
#include "hpcap.h"

struct rec_header {
	uint32_t sec;
	uint32_t nsec;
	uint32_t caplen;
	uint32_t len;
};

static inline struct rec_header rec_load(const uint8_t *p)
{
	struct hpcap_rec raw;

	memcpy(&raw, p, sizeof(raw));
	return (struct rec_header){
		.sec = le32toh(raw.sec),
		.nsec = le32toh(raw.nsec) & ~HPCAP_REC_DUPLICATE,
		.caplen = le16toh(raw.caplen),
		.len = le16toh(raw.len),
	};
}

static inline void rec_store(uint8_t *p, const struct rec_header *h)
{
	struct hpcap_rec raw = {
		.sec = htole32(h->sec),
		.nsec = htole32(h->nsec),
		.caplen = htole16((uint16_t)h->caplen),
		.len = htole16((uint16_t)h->len),
	};

	memcpy(p, &raw, sizeof(raw));
}

static inline bool rec_is_pad(const struct rec_header *h)
{
	return h->sec == 0 && h->nsec == 0;
}

/*
 * Bytes of the next padding record, header included, when @left are to be padded; 0 when
 * no header fits. What is left behind it holds a header again.
 */
static inline uint64_t rec_pad_bytes(uint64_t left)
{
	const uint64_t most = HPCAP_REC_LEN + UINT16_MAX;

	if (left < HPCAP_REC_LEN)
		return 0;
	if (left <= most)
		return left;
	return left - most < HPCAP_REC_LEN ? most - HPCAP_REC_LEN : most;
}

static inline bool rec_is_bad(const struct rec_header *h)
{
	return h->caplen == 0 || h->caplen > h->len || h->nsec >= 1000000000u;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t read_pos(const struct hpcap_handle *h)
{
	return h->ack_pos + h->acks;
}

/* Acquire: pairs with the engine's release store of hpcap_ctrl.commit. */
static inline uint64_t load_commit(const struct hpcap_handle *h)
{
	return __atomic_load_n(&h->ctrl->commit, __ATOMIC_ACQUIRE);
}

/* A look at what is committed now; true when there is something to read. */
static inline bool refresh(struct hpcap_handle *h)
{
	uint64_t commit = load_commit(h);

	h->avail = commit > h->ack_pos ? commit - h->ack_pos : 0;
	return h->avail > h->acks;
}

static inline void move_to(struct hpcap_handle *h, uint64_t pos)
{
	h->acks = pos - h->ack_pos;
	h->rdoff = pos % h->bufSize;
}

/* Why this one is a listener no more: 0 or an error. */
static inline int why_out(const struct hpcap_handle *h)
{
	switch (__atomic_load_n(&h->cursor->state, __ATOMIC_RELAXED)) {
	case HPCAP_LISTENER_EXPELLED:
		return -ECANCELED;
	case HPCAP_LISTENER_EVICTED:
		return -ETIME;
	default:
		return 0;
	}
}

/*
 * May the engine have written over position pos by now? For a strict listener it
 * does only once it has put it out.
 */
static inline bool is_valid(const struct hpcap_handle *h, uint64_t pos)
{
	/*
	 * Read barrier between the data and floor or state. Pairs with the engine's
	 * write barriers between its store of either and the bytes it changes.
	 */
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (h->mode == HPCAP_STRICT)
		return !why_out(h);
	return pos / HPCAP_CHUNK_SIZE >= __atomic_load_n(&h->ctrl->floor, __ATOMIC_RELAXED);
}

/* read.c: the next record for this listener, not taken yet; @stored is its caplen in the ring */
bool hpcap_resume(struct hpcap_handle *h);
int hpcap_peek(struct hpcap_handle *h, struct hpcap_record *rec, uint32_t *stored);
void hpcap_take(struct hpcap_handle *h, uint32_t stored);

/* open.c: into the ring that replaced this one; true when there is something to read */
bool hpcap_follow(struct hpcap_handle *h);

/* memory.c: strict, joined already; the ring is mapped twice; not to be closed */
void hpcap_over_memory(struct hpcap_handle *h, const struct hpcap_ctrl *ctrl,
		       const struct hpcap_mark *marks, struct hpcap_cursor *cursor,
		       uint8_t *ring);

/* wait.c */
void hpcap_give_back(struct hpcap_handle *h);
void hpcap_give_back_to(struct hpcap_handle *h, uint64_t pos);
int hpcap_wait_or(struct hpcap_handle *h, uint64_t bytes, int fd, int64_t timeout_ns);
int hpcap_wait_bytes(struct hpcap_handle *h, uint64_t bytes, int64_t timeout_ns);

/* span.c */
int hpcap_whole_until(const struct hpcap_handle *h, uint64_t limit, uint64_t max_frames,
		      struct hpcap_span *span);

/*
 * raw.c: the reader closes fd or stream. head is what was read from the stream
 * already, at most a chunk of 16 MiB. restart: the stream now stands at offset
 * base. skip: step over bytes; 0, or a negative errno.
 */
struct hpcap_raw;
struct hpcap_stream;
int hpcap_raw_open_fd(struct hpcap_raw **raw, int fd);
int hpcap_raw_open_stream(struct hpcap_raw **raw, struct hpcap_stream *stream, size_t chunk,
			  const void *head, size_t size);
void hpcap_raw_restart(struct hpcap_raw *raw, uint64_t base);
int hpcap_raw_skip(struct hpcap_raw *raw, uint64_t n);

/* raw_sync.c */
bool hpcap_raw_chain(const uint8_t *p, size_t have, bool eof, const struct rec_header *ref);
const char *hpcap_raw_other_format(const uint8_t *p, size_t have);

#endif /* HPCAP_PRIV_H */
