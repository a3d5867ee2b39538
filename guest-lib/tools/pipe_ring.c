// SPDX-License-Identifier: GPL-2.0-or-later
/* A ring of frames between two threads. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include "pipe_ring.h"

enum {
	ALIGN = 8
};

enum kind {
	SKIP, /* nothing more before the end of the memory */
	FRAME,
	IFACE,
};

/**
 * struct record - what stands before the bytes of each record
 * @size: of all of it, multiple of ALIGN
 * @kind: what follows
 * @comment_len: bytes behind the frame's
 * @sec: as in struct hpcap_record
 * @nsec: likewise
 * @caplen: likewise
 * @len: likewise
 * @iface: as in struct hpcap_frame
 * @linktype: likewise
 * @flags: likewise
 * @has_time: likewise
 * @drops: likewise
 */
struct record {
	uint32_t size;
	uint16_t kind;
	uint16_t comment_len;
	uint32_t sec, nsec, caplen, len;
	uint32_t iface, linktype, flags, has_time;
	uint64_t drops;
};

_Static_assert(sizeof(struct record) % ALIGN == 0, "records stay aligned");

int pipe_ring_init(struct pipe_ring *r, uint64_t size)
{
	void *p;

	memset(r, 0, sizeof(*r));
	for (r->size = 1 << 16; r->size < size;)
		r->size *= 2;
	p = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return -ENOMEM;
	madvise(p, r->size, MADV_HUGEPAGE);
	r->buf = p;
	return 0;
}

void pipe_ring_deinit(struct pipe_ring *r)
{
	if (r->buf)
		munmap(r->buf, r->size);
	r->buf = NULL;
}

uint64_t pipe_ring_need(const struct hpcap_frame *f)
{
	uint64_t n = sizeof(struct record) + f->rec.caplen + (uint64_t)f->comment_len;

	return (n + ALIGN - 1) & ~(uint64_t)(ALIGN - 1);
}

static bool has_room(struct pipe_ring *r, uint64_t bytes)
{
	if (r->head + bytes - r->seen_tail <= r->size)
		return true;
	/* acquire: the writer has read what it gave back; pairs with give_back() */
	r->seen_tail = __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE);
	return r->head + bytes - r->seen_tail <= r->size;
}

/* Where a record of that size goes, or NULL; *skip bytes are left unused before it. */
static uint8_t *place(struct pipe_ring *r, uint64_t size, uint64_t *skip)
{
	uint64_t at = r->head & (r->size - 1);
	struct record mark = {.kind = SKIP};

	*skip = at + size > r->size ? r->size - at : 0;
	if (!has_room(r, *skip + size))
		return NULL;
	/* less than a mark needs: the other side sees that by itself */
	if (*skip >= sizeof(mark))
		memcpy(r->buf + at, &mark, sizeof(mark));
	return r->buf + ((r->head + *skip) & (r->size - 1));
}

static void commit(struct pipe_ring *r, uint64_t bytes)
{
	uint64_t head = r->head + bytes;
	uint64_t used = head - __atomic_load_n(&r->tail, __ATOMIC_RELAXED);

	/* release: the bytes before the position; pairs with pipe_ring_get() */
	__atomic_store_n(&r->head, head, __ATOMIC_RELEASE);
	if (used > r->high)
		__atomic_store_n(&r->high, used, __ATOMIC_RELAXED);
}

bool pipe_ring_put(struct pipe_ring *r, const struct hpcap_frame *f)
{
	const struct record rec = {
		.size = (uint32_t)pipe_ring_need(f),
		.kind = FRAME,
		.comment_len = (uint16_t)f->comment_len,
		.sec = f->rec.sec,
		.nsec = f->rec.nsec,
		.caplen = f->rec.caplen,
		.len = f->rec.len,
		.iface = f->iface,
		.linktype = f->linktype,
		.flags = f->flags,
		.has_time = f->has_time,
		.drops = f->drops,
	};
	uint64_t skip;
	uint8_t *p = place(r, rec.size, &skip);

	if (!p)
		return false;
	memcpy(p, &rec, sizeof(rec));
	if (rec.caplen)
		memcpy(p + sizeof(rec), f->rec.data, rec.caplen);
	if (rec.comment_len)
		memcpy(p + sizeof(rec) + rec.caplen, f->comment, rec.comment_len);
	commit(r, skip + rec.size);
	return true;
}

bool pipe_ring_put_iface(struct pipe_ring *r, const struct hpcap_iface *iface)
{
	const uint64_t size =
		(sizeof(struct record) + sizeof(*iface) + ALIGN - 1) & ~(uint64_t)(ALIGN - 1);
	const struct record rec = {.size = (uint32_t)size, .kind = IFACE};
	uint64_t skip;
	uint8_t *p = place(r, size, &skip);

	if (!p)
		return false;
	memcpy(p, &rec, sizeof(rec));
	memcpy(p + sizeof(rec), iface, sizeof(*iface));
	commit(r, skip + size);
	return true;
}

static void fill_in(struct hpcap_frame *f, const struct record *rec, const uint8_t *p)
{
	*f = (struct hpcap_frame){
		.rec = {.sec = rec->sec,
			.nsec = rec->nsec,
			.caplen = rec->caplen,
			.len = rec->len,
			.data = p + sizeof(*rec)},
		.iface = rec->iface,
		.linktype = rec->linktype,
		.has_time = rec->has_time,
		.flags = rec->flags,
		.drops = rec->drops,
		.comment_len = rec->comment_len,
	};
	if (rec->comment_len)
		f->comment = (const char *)p + sizeof(*rec) + rec->caplen;
}

int pipe_ring_get(struct pipe_ring *r, struct hpcap_frame *f, struct hpcap_iface *iface)
{
	/* acquire: pairs with commit() */
	uint64_t head = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE);
	struct record rec = {.kind = SKIP};
	uint64_t at, left;

	if (r->taken == head)
		return 0;
	at = r->taken & (r->size - 1);
	left = r->size - at;
	if (left >= sizeof(rec))
		memcpy(&rec, r->buf + at, sizeof(rec));
	if (rec.kind == SKIP) {
		r->taken += left;
		at = 0;
		memcpy(&rec, r->buf, sizeof(rec));
	}
	r->taken += rec.size;
	if (rec.kind == IFACE) {
		memcpy(iface, r->buf + at + sizeof(rec), sizeof(*iface));
		return 2;
	}
	fill_in(f, &rec, r->buf + at);
	return 1;
}

void pipe_ring_give_back(struct pipe_ring *r)
{
	__atomic_store_n(&r->tail, r->taken, __ATOMIC_RELEASE);
}

uint64_t pipe_ring_used(const struct pipe_ring *r)
{
	return __atomic_load_n(&r->head, __ATOMIC_RELAXED) -
	       __atomic_load_n(&r->tail, __ATOMIC_RELAXED);
}

uint64_t pipe_ring_high(const struct pipe_ring *r)
{
	return __atomic_load_n(&r->high, __ATOMIC_RELAXED);
}
