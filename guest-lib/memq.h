/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A queue in this program's memory: the same pages as the engine's, so that a reader
 * cannot tell the difference. One thread puts, another one reads through the handle.
 */
#ifndef HPCAP_MEMQ_H
#define HPCAP_MEMQ_H

#include "hpcap.h"

/**
 * struct hpcap_memq - the side that puts; all of it belongs to that thread
 * @ctrl: the producer's page, and the marks behind it
 * @marks: those
 * @cursor: the reader's page
 * @ring: mapped twice
 * @size: bytes of the ring
 * @head: bytes written
 * @seq: frames written
 * @next_mark: the first record from here on gets a mark
 */
struct hpcap_memq {
	struct hpcap_ctrl *ctrl;
	struct hpcap_mark *marks;
	struct hpcap_cursor *cursor;
	uint8_t *ring;
	uint64_t size;
	uint64_t head;
	uint64_t seq;
	uint64_t next_mark;
};

/*
 * Make one; @h is its only reader, strict, and hpcap_close() frees it, also after an
 * error. @size: multiple of HPCAP_CHUNK_SIZE, at least HPCAP_RING_MIN. Return: 0, -ENOMEM.
 */
int hpcap_memq_init(struct hpcap_memq *q, struct hpcap_handle *h, uint64_t size);

/* Is there room for the longest record? Bytes that are not given back yet. */
bool hpcap_memq_has_room(const struct hpcap_memq *q);
uint64_t hpcap_memq_used(const struct hpcap_memq *q);

/* Put a frame that RAW can hold: there is room; it is seen after hpcap_memq_commit(). */
void hpcap_memq_put(struct hpcap_memq *q, const struct hpcap_record *rec);
void hpcap_memq_commit(struct hpcap_memq *q);

/* So many frames were lost in all, as the reader is to be told. */
void hpcap_memq_set_lost(struct hpcap_memq *q, uint64_t lost);

/* Nothing more comes: the reader gets what is there, then -ENODEV. */
void hpcap_memq_end(struct hpcap_memq *q);

#endif /* HPCAP_MEMQ_H */
