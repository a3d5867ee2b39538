// SPDX-License-Identifier: GPL-2.0-only
/* Byte ring: space, floor, marks, commit. One producer, no locks inside. */
#include "core_env.h"
#include "ring.h"

static_assert(sizeof(struct hpcap_ctrl) == 192);
static_assert(offsetof(struct hpcap_ctrl, commit) == 64);
static_assert(offsetof(struct hpcap_ctrl, floor) == 128);
static_assert(sizeof(struct hpcap_mark) == 16);

static u64 first_of(u64 a, u64 b, u64 c)
{
	return min(a, min(b, c));
}

/**
 * cap_ring_size_valid() - May a ring have this size?
 * @size: bytes
 *
 * Return: true for a multiple of HPCAP_CHUNK_SIZE from HPCAP_RING_MIN up.
 */
bool cap_ring_size_valid(u64 size)
{
	return size >= HPCAP_RING_MIN && !(size & (HPCAP_CHUNK_SIZE - 1));
}

/**
 * cap_ring_init() - An empty ring over the caller's memory
 * @r: ring to set up
 * @data: 2 * @size bytes that show the same memory twice
 * @size: bytes, see cap_ring_size_valid()
 * @ctrl: the page listeners see
 * @marks: @size / HPCAP_CHUNK_SIZE entries
 *
 * Context: before any listener can see @ctrl.
 */
void cap_ring_init(struct cap_ring *r, u8 *data, u64 size,
		   struct hpcap_ctrl *ctrl, struct hpcap_mark *marks)
{
	*r = (struct cap_ring){
		.data = data,
		.size = size,
		.limit = U64_MAX,
		.floor_end = size,
		.next_mark = HPCAP_CHUNK_SIZE,
		.nr_chunks = size / HPCAP_CHUNK_SIZE,
		.ctrl = ctrl,
		.marks = marks,
	};
	r->fence = first_of(r->limit, r->floor_end, r->next_mark);

	*ctrl = (struct hpcap_ctrl){
		.magic = HPCAP_MAGIC,
		.abi = HPCAP_ABI,
		.ring_size = size,
		.nr_chunks = r->nr_chunks,
	};
	marks[0] = (struct hpcap_mark){ 0 };
}

/**
 * cap_ring_start_at() - Let a fresh ring go on where another one ended
 * @r: just set up by cap_ring_init()
 * @pos: first position, a record boundary
 * @seq: frames written before it
 *
 * Context: before any listener can see the ring.
 */
void cap_ring_start_at(struct cap_ring *r, u64 pos, u64 seq)
{
	u64 chunk = pos / HPCAP_CHUNK_SIZE;

	r->start = pos;
	r->head = pos;
	r->committed = pos;
	r->seq = seq;
	r->off = pos % r->size;
	r->floor = chunk;
	r->floor_end = chunk * HPCAP_CHUNK_SIZE + r->size;
	r->next_mark = (chunk + 1) * HPCAP_CHUNK_SIZE;
	r->fence = first_of(r->limit, r->floor_end, r->next_mark);

	r->ctrl->commit = pos;
	r->ctrl->seq = seq;
	r->ctrl->floor = chunk;
	r->marks[chunk % r->nr_chunks] = (struct hpcap_mark){ .pos = pos, .seq = seq };
}

/**
 * cap_ring_set_tail() - Tell the ring how far strict listeners have read
 * @r: ring
 * @tail: the smallest position still needed, or CAP_NO_TAIL
 *
 * Context: producer, or holder of the queue's lock.
 */
void cap_ring_set_tail(struct cap_ring *r, u64 tail)
{
	r->limit = tail > U64_MAX - r->size ? U64_MAX : tail + r->size;
	r->fence = first_of(r->limit, r->floor_end, r->next_mark);
}

/*
 * Before bytes up to @end are written, say which old chunks they destroy.
 * The floor stays below @committed: at most two chunks are uncommitted, and
 * the smallest ring has sixteen.
 */
static void raise_floor(struct cap_ring *r, u64 end)
{
	r->floor = (end - r->size + HPCAP_CHUNK_SIZE - 1) / HPCAP_CHUNK_SIZE;
	r->floor_end = r->floor * HPCAP_CHUNK_SIZE + r->size;

	/* pairs with the acquire of floor by a lossy listener that resumes:
	 * the mark of that chunk was written before
	 */
	smp_store_release(&r->ctrl->floor, r->floor);
	/* pairs with the read barrier between a lossy listener's copy and its
	 * second look at floor: the floor rises before bytes or marks change
	 */
	smp_wmb();
}

static void set_mark(struct cap_ring *r)
{
	u64 chunk = r->head / HPCAP_CHUNK_SIZE;
	struct hpcap_mark *m = &r->marks[chunk % r->nr_chunks];

	WRITE_ONCE(m->pos, r->head);
	WRITE_ONCE(m->seq, r->seq);
	r->next_mark = (chunk + 1) * HPCAP_CHUNK_SIZE;
}

/**
 * cap_ring_advance() - Slow half of cap_ring_reserve()
 * @r: ring
 * @need: bytes of the record that starts at the head, 1..HPCAP_CHUNK_SIZE
 *
 * Comes up a few times in each chunk: publishes the floor, and with the first
 * record of a chunk sets its mark and commits what lies before, so that never
 * more than a chunk and a record wait to be read.
 *
 * Context: producer only.
 * Return: false when strict listeners hold the space; nothing changed then.
 */
bool cap_ring_advance(struct cap_ring *r, u32 need)
{
	u64 end = r->head + need;

	if (end > r->limit)
		return false;
	if (end > r->floor_end)
		raise_floor(r, end);
	if (r->head >= r->next_mark) {
		set_mark(r);
		cap_ring_commit(r);
	}
	r->fence = first_of(r->limit, r->floor_end, r->next_mark);
	return true;
}

/**
 * cap_ring_commit() - Let listeners read all records written so far
 * @r: ring
 *
 * Context: producer only.
 */
void cap_ring_commit(struct cap_ring *r)
{
	if (r->head == r->committed)
		return;
	r->committed = r->head;
	WRITE_ONCE(r->ctrl->seq, r->seq);
	/* pairs with the acquire of commit by every listener */
	smp_store_release(&r->ctrl->commit, r->head);
}
