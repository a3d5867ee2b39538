/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Buddies: worker threads of one program, each with a queue of its own, that
 * help each other (WireCAP's buddy groups). Work is handed out in chunks:
 * slices of the mapped rings, whole records, nothing copied.
 *
 *	queue 0  [=====|=====|=====|=====|==   ] > T ──┐  worker 0 takes chunks
 *	queue 1  [==   ]                         <─────┘  worker 1 takes its own,
 *	queue 2  []                                       and of queue 0
 *
 * A worker takes from its own queue. While a queue holds more unread bytes than
 * the threshold, workers whose own queue is below it take its oldest chunks
 * as well, the fullest queue first. So below the threshold all frames of a queue,
 * hence of a flow, are seen by one worker and in order; above it, order holds
 * within a chunk. A threshold of 100 never crosses: WireCAP's basic mode.
 *
 * Chunks may be returned in any order and by any thread; a queue's bytes go
 * back to the engine when its oldest chunk was returned, in steps of a chunk.
 * Taking and returning never blocks and never waits for another worker: a
 * worker that sleeps with a chunk holds its ring, and nobody else.
 */
#ifndef HPCAP_BUDDY_H
#define HPCAP_BUDDY_H

#include "hpcap.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HPCAP_BUDDY_MAX	      64
#define HPCAP_BUDDY_THRESHOLD 60 /* percent of a ring */

/**
 * struct hpcap_buddy_options - all zero is 60 %, chunks of HPCAP_CHUNK_SIZE
 * @threshold: percent of a ring, 1..100; 0 is HPCAP_BUDDY_THRESHOLD
 * @chunk: bytes of a chunk at most, a multiple of HPCAP_CHUNK_SIZE that divides
 *         each ring into four at least; 0 is HPCAP_CHUNK_SIZE
 */
struct hpcap_buddy_options {
	uint32_t threshold;
	uint32_t chunk;
};

/**
 * struct hpcap_chunk - whole records of one queue
 * @data: the first record's header
 * @bytes: all of them, headers included
 * @pos: ring position of @data
 * @queue: number of the queue, 0.. in the order they were given
 * @read: bytes that hpcap_chunk_next() has passed
 */
struct hpcap_chunk {
	const uint8_t *data;
	uint64_t bytes;
	uint64_t pos;
	uint32_t queue;
	uint64_t read;
};

/**
 * struct hpcap_buddy_report - one worker, and the queue of the same number
 * @own_chunks: taken by this worker from its queue
 * @own_bytes: of these
 * @helped_chunks: taken by this worker from other queues
 * @helped_bytes: of these
 * @missed: frames lost because this queue's ring was full
 */
struct hpcap_buddy_report {
	uint64_t own_chunks;
	uint64_t own_bytes;
	uint64_t helped_chunks;
	uint64_t helped_bytes;
	uint64_t missed;
};

struct hpcap_buddies;

/**
 * hpcap_buddies_create() - Make buddies of queues
 * @b: out; hpcap_buddies_destroy() frees it
 * @queue: @nr mapped, strict handles, nothing taken and not given back; the
 *         caller's, to be left alone until the buddies are destroyed
 * @nr: queues, and workers: 1..HPCAP_BUDDY_MAX
 * @opt: NULL for the defaults
 *
 * Return: 0; -ENOMEM; -EINVAL a handle not mapped or lossy, a threshold above
 * 100, a chunk that is no multiple or too large for a ring.
 */
int hpcap_buddies_create(struct hpcap_buddies **b, struct hpcap_handle *const *queue,
			 unsigned int nr, const struct hpcap_buddy_options *opt);

/**
 * hpcap_buddy_take() - Take a chunk of work
 * @b: buddies
 * @worker: 0..nr-1; each by one thread at a time
 * @chunk: filled in; the caller's until hpcap_buddy_return()
 *
 * Return: 1; 0 nothing to do for now.
 */
int hpcap_buddy_take(struct hpcap_buddies *b, unsigned int worker, struct hpcap_chunk *chunk);

/**
 * hpcap_chunk_next() - The next frame of a chunk
 * @chunk: a chunk in hand
 * @rec: filled in
 *
 * Return: 1; 0 the chunk was read; -EBADMSG no record here.
 */
int hpcap_chunk_next(struct hpcap_chunk *chunk, struct hpcap_record *rec);

/**
 * hpcap_buddy_return() - Give a chunk back
 * @b: buddies
 * @chunk: as it was taken; each once. Any thread
 */
void hpcap_buddy_return(struct hpcap_buddies *b, const struct hpcap_chunk *chunk);

/**
 * hpcap_buddy_wait() - Sleep until there is work
 * @b: buddies
 * @worker: as in hpcap_buddy_take()
 * @timeout_ns: 0 looks without sleeping, negative waits without end
 *
 * A sleeping worker looks once a millisecond whether a buddy needs help.
 *
 * Return: 0 try hpcap_buddy_take(); -ETIMEDOUT; -EINTR a signal came; -ENODEV
 * all queues are gone or expelled, and all was taken; -ESTALE the ring of this
 * worker's queue was replaced, and all of the old one was taken: return all chunks,
 * destroy the buddies and create them again.
 */
int hpcap_buddy_wait(struct hpcap_buddies *b, unsigned int worker, int64_t timeout_ns);

/* What worker @worker did. Any thread. 0, or -EINVAL there is none. */
int hpcap_buddy_get_report(const struct hpcap_buddies *b, unsigned int worker,
			   struct hpcap_buddy_report *rep);

/*
 * No worker may be at work. The queues stay open; their handles go on behind what
 * was taken, or, when chunks were not returned, at a record before the oldest of
 * them. NULL is allowed.
 */
void hpcap_buddies_destroy(struct hpcap_buddies *b);

#ifdef __cplusplus
}
#endif

#endif /* HPCAP_BUDDY_H */
