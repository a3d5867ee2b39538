/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The byte ring: one producer, positions that only grow.
 *
 *      floor chunk      tail                committed     head
 *          |              |                     |           |
 *   .......[ old records  [ what strict ones    [ written,  [ free ......
 *    may be  (for lossy     still hold           not yet      until limit
 *    overwritten) readers)                       readable
 *
 * The memory is mapped twice back to back, so no record ever wraps.
 */
#ifndef CAP_RING_H
#define CAP_RING_H

#include "core_env.h"
#include <uapi/hpcap.h>

/* No strict listener holds the ring. */
#define CAP_NO_TAIL	U64_MAX

/* Bytes ahead of the head that are fetched for writing; never past the mapping. */
#define CAP_PREFETCH_WRITE	512

/**
 * struct cap_ring - the producer's view; only ctrl and marks are shared
 * @data: the ring, mapped twice: 2 * @size bytes
 * @size: bytes, multiple of HPCAP_CHUNK_SIZE, at least HPCAP_RING_MIN
 * @head: position of the next byte to write
 * @off: @head % @size
 * @seq: frames written
 * @fence: up to here a record may end without cap_ring_advance()
 * @limit: strict listeners let a record end here at the latest
 * @floor_end: the published floor lets a record end here at the latest
 * @next_mark: the first record that starts here or later gets a mark
 * @committed: what listeners may read up to
 * @floor: the published floor, a chunk number
 * @nr_chunks: @size / HPCAP_CHUNK_SIZE
 * @start: first position of this memory; what was before lay elsewhere
 * @ctrl: shared page, written here only
 * @marks: shared, @nr_chunks entries, written here only
 */
struct cap_ring {
	u8 *data;
	u64 size;
	u64 head;
	u64 off;
	u64 seq;
	u64 fence;
	u64 limit;
	u64 floor_end;
	u64 next_mark;
	u64 committed;
	u64 floor;
	u32 nr_chunks;
	u64 start;
	struct hpcap_ctrl *ctrl;
	struct hpcap_mark *marks;
};

void cap_ring_init(struct cap_ring *r, u8 *data, u64 size,
		   struct hpcap_ctrl *ctrl, struct hpcap_mark *marks);
void cap_ring_start_at(struct cap_ring *r, u64 pos, u64 seq);
bool cap_ring_size_valid(u64 size);
void cap_ring_set_tail(struct cap_ring *r, u64 tail);
bool cap_ring_advance(struct cap_ring *r, u32 need);
void cap_ring_commit(struct cap_ring *r);

/**
 * cap_ring_reserve() - Room for one record at the head
 * @r: ring
 * @need: bytes, 1..HPCAP_CHUNK_SIZE
 *
 * Context: producer only.
 * Return: where to write, or NULL when strict listeners hold the space.
 */
static __always_inline u8 *cap_ring_reserve(struct cap_ring *r, u32 need)
{
	if (unlikely(r->head + need > r->fence) && !cap_ring_advance(r, need))
		return NULL;
	prefetchw(r->data + r->off + CAP_PREFETCH_WRITE);
	return r->data + r->off;
}

/**
 * cap_ring_write() - The record in the reserved room is complete
 * @r: ring
 * @need: as given to cap_ring_reserve()
 *
 * Nobody sees it before cap_ring_commit().
 *
 * Context: producer only.
 */
static __always_inline void cap_ring_write(struct cap_ring *r, u32 need)
{
	u64 off = r->off + need;

	r->head += need;
	r->off = off >= r->size ? off - r->size : off;
	r->seq++;
}

#endif /* CAP_RING_H */
