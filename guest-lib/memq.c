// SPDX-License-Identifier: LGPL-2.1-or-later
/* A queue in this program's memory: what the engine does, for one reader. */
#include <sys/mman.h>
#include <unistd.h>
#include "memq.h"
#include "priv.h"

static uint8_t *map_twice(uint64_t size)
{
	uint8_t *at = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = memfd_create("hpcap_memq", MFD_CLOEXEC);
	const int prot = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_FIXED;
	bool good;

	good = at != MAP_FAILED && fd >= 0 && !ftruncate(fd, (off_t)size) &&
	       mmap(at, size, prot, flags, fd, 0) != MAP_FAILED &&
	       mmap(at + size, size, prot, flags, fd, 0) != MAP_FAILED;
	if (fd >= 0)
		close(fd);
	if (good)
		return at;
	if (at != MAP_FAILED)
		munmap(at, 2 * size);
	return NULL;
}

static void *map_pages(uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* What is mapped stands in the handle, so hpcap_close() undoes all of it. */
int hpcap_memq_init(struct hpcap_memq *q, struct hpcap_handle *h, uint64_t size)
{
	const uint64_t nr = size / HPCAP_CHUNK_SIZE;
	const uint64_t marks = (nr * sizeof(*q->marks) + HPCAP_PAGE - 1) / HPCAP_PAGE;

	*q = (struct hpcap_memq){.size = size, .next_mark = HPCAP_CHUNK_SIZE};
	*h = (struct hpcap_handle){
		.fd = -1,
		.bufSize = size,
		.size = 2 * size,
		.meta_size = (1 + marks) * HPCAP_PAGE,
		.mode = HPCAP_STRICT,
	};
	q->ctrl = map_pages(h->meta_size);
	h->ctrl = q->ctrl;
	q->cursor = map_pages(HPCAP_PAGE);
	h->cursor = q->cursor;
	q->ring = map_twice(size);
	h->buf = q->ring;
	if (!q->ctrl || !q->cursor || !q->ring)
		return -ENOMEM;
	q->marks = (struct hpcap_mark *)((char *)q->ctrl + HPCAP_PAGE);
	h->marks = q->marks;
	*q->ctrl = (struct hpcap_ctrl){
		.magic = HPCAP_MAGIC,
		.abi = HPCAP_ABI,
		.ring_size = size,
		.nr_chunks = (uint32_t)nr,
		.state = HPCAP_STATE_RUNNING,
	};
	q->cursor->state = HPCAP_LISTENER_ATTACHED;
	return 0;
}

/* Acquire: pairs with the reader's release of ack. */
uint64_t hpcap_memq_used(const struct hpcap_memq *q)
{
	return q->head - __atomic_load_n(&q->cursor->ack, __ATOMIC_ACQUIRE);
}

bool hpcap_memq_has_room(const struct hpcap_memq *q)
{
	return hpcap_memq_used(q) + HPCAP_CHUNK_SIZE <= q->size;
}

void hpcap_memq_put(struct hpcap_memq *q, const struct hpcap_record *rec)
{
	const struct rec_header hdr = {rec->sec, rec->nsec, rec->caplen, rec->len};
	uint8_t *to = q->ring + q->head % q->size;

	if (q->head >= q->next_mark) {
		const uint64_t chunk = q->head / HPCAP_CHUNK_SIZE;
		struct hpcap_mark *mark = &q->marks[chunk % q->ctrl->nr_chunks];

		__atomic_store_n(&mark->pos, q->head, __ATOMIC_RELAXED);
		__atomic_store_n(&mark->seq, q->seq, __ATOMIC_RELAXED);
		q->next_mark = (chunk + 1) * HPCAP_CHUNK_SIZE;
	}
	rec_store(to, &hdr);
	memcpy(to + HPCAP_REC_LEN, rec->data, rec->caplen);
	q->head += HPCAP_REC_LEN + rec->caplen;
	q->seq++;
}

void hpcap_memq_commit(struct hpcap_memq *q)
{
	__atomic_store_n(&q->ctrl->seq, q->seq, __ATOMIC_RELAXED);
	/* Release: pairs with the reader's acquire of commit. */
	__atomic_store_n(&q->ctrl->commit, q->head, __ATOMIC_RELEASE);
}

void hpcap_memq_set_lost(struct hpcap_memq *q, uint64_t lost)
{
	__atomic_store_n(&q->cursor->lost, lost, __ATOMIC_RELAXED);
}

void hpcap_memq_end(struct hpcap_memq *q)
{
	/* Release: what was committed before is seen by who sees the end. */
	__atomic_store_n(&q->ctrl->state, HPCAP_STATE_GONE, __ATOMIC_RELEASE);
}
