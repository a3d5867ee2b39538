/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ring of frames between one thread that reads and one that writes, without
 * locks.
 *
 *	... | given back |== in the ring ==|  free  | ...
 *	                 ^ tail            ^ head
 *
 * head is the reader's (of the pipe), tail the writer's (to the disk). Both only
 * grow. A record never wraps: what is left at the end is skipped.
 */
#ifndef PIPE_RING_H
#define PIPE_RING_H

#include <frames.h>

/**
 * struct pipe_ring - the ring
 * @buf: memory
 * @size: bytes, a power of two
 * @head: bytes ever put; written by the reader of the pipe
 * @seen_tail: what it last saw of @tail
 * @high: most bytes that were ever in the ring; written by the same
 * @tail: bytes ever given back; written by the writer
 * @taken: where the record ends that it was given last
 */
struct pipe_ring {
	uint8_t *buf;
	uint64_t size;

	_Alignas(64) uint64_t head;
	uint64_t seen_tail;
	uint64_t high;

	_Alignas(64) uint64_t tail;
	uint64_t taken;
};

/* size: at least; rounded up to a power of two. Return: 0 or -ENOMEM. */
int pipe_ring_init(struct pipe_ring *r, uint64_t size);
void pipe_ring_deinit(struct pipe_ring *r);

/* Bytes that a frame takes at most; one of more than half the ring never fits. */
uint64_t pipe_ring_need(const struct hpcap_frame *f);

/* Thread that puts. False: no room now. */
bool pipe_ring_put(struct pipe_ring *r, const struct hpcap_frame *f);

/* The same for the description of the next interface. */
bool pipe_ring_put_iface(struct pipe_ring *r, const struct hpcap_iface *iface);

/**
 * pipe_ring_get() - Thread that takes: the oldest record
 * @r: ring
 * @f: filled in for a frame; its pointers are good until pipe_ring_give_back()
 * @iface: filled in for an interface
 *
 * Return: 1 a frame, 2 an interface, 0 the ring is empty.
 */
int pipe_ring_get(struct pipe_ring *r, struct hpcap_frame *f, struct hpcap_iface *iface);

/* What was taken may be written over. */
void pipe_ring_give_back(struct pipe_ring *r);

/* Bytes in the ring now, as any thread may ask. */
uint64_t pipe_ring_used(const struct pipe_ring *r);

/* Most bytes that were ever in it. */
uint64_t pipe_ring_high(const struct pipe_ring *r);

#endif /* PIPE_RING_H */
