/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One queue whose chunks any thread may take and return, without locks.
 *
 *	ring  ..|= returned =|== in hands ==|===== unread =====|.......
 *	        done         |              next               commit
 *	        (ack follows)  one chunk may be back already
 *
 * The ring is cut into units. A chunk never crosses the first record of a unit,
 * whose place the engine's mark tells; so what lies between done and next is
 * accounted by unit: bytes that came back, and where the unit ends once that
 * is known. A unit that is back whole, behind others that are, moves done.
 */
#ifndef BUDDY_QUEUE_H
#define BUDDY_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include "hpcap.h"

/**
 * struct buddy_unit - chunks that begin in one unit of the ring
 * @back: upper half: lap of the ring; lower half: bytes that came back
 * @end: where the next unit's first record begins, of the lap it lies in
 */
struct buddy_unit {
	uint64_t back;
	uint64_t end;
};

/**
 * struct buddy_queue - one queue; all words that change are atomic
 * @ring: its bytes, mapped twice
 * @size: of the ring
 * @ctrl: the producer's page
 * @marks: one for each HPCAP_CHUNK_SIZE
 * @cursor: this listener's page; ack is written here
 * @unit_size: bytes, a multiple of HPCAP_CHUNK_SIZE
 * @nr_units: of the ring
 * @unit: @nr_units
 * @next: first byte that nobody has taken
 * @done: everything below is back
 */
struct buddy_queue {
	const uint8_t *ring;
	uint64_t size;
	const struct hpcap_ctrl *ctrl;
	const struct hpcap_mark *marks;
	struct hpcap_cursor *cursor;
	uint64_t unit_size;
	uint64_t nr_units;
	struct buddy_unit *unit;

	uint64_t next __attribute__((aligned(64)));
	uint64_t done __attribute__((aligned(64)));
};

int buddy_queue_init(struct buddy_queue *q, const struct hpcap_handle *h, uint64_t unit_size);
uint64_t buddy_queue_end(struct buddy_queue *q);
void buddy_queue_deinit(struct buddy_queue *q);
uint64_t buddy_queue_unread(const struct buddy_queue *q);
bool buddy_queue_take(struct buddy_queue *q, uint64_t *pos, uint64_t *bytes);
void buddy_queue_return(struct buddy_queue *q, uint64_t pos, uint64_t bytes);

#endif /* BUDDY_QUEUE_H */
