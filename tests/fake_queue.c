// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture queues made of memory, written from the contract in uapi/hpcap.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fake_queue.h"

static uint8_t *map_twice(uint64_t size)
{
	int fd = memfd_create("ring", MFD_CLOEXEC);
	uint8_t *at = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (fd < 0 || ftruncate(fd, (off_t)size) || at == MAP_FAILED ||
	    mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
		    MAP_FAILED ||
	    mmap(at + size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) ==
		    MAP_FAILED)
		abort();
	close(fd);
	return at;
}

static void *pages(uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

void fake_queue_create(struct fake_queue *q, int number, uint64_t size, uint32_t mode)
{
	const uint64_t nr = size / HPCAP_CHUNK_SIZE;
	const uint64_t meta = HPCAP_PAGE + ((nr * sizeof(*q->marks) + HPCAP_PAGE - 1) &
					    ~(uint64_t)(HPCAP_PAGE - 1));

	memset(q, 0, sizeof(*q));
	q->size = size;
	q->next_mark = HPCAP_CHUNK_SIZE;
	q->ctrl = pages(meta);
	q->marks = (struct hpcap_mark *)((char *)q->ctrl + HPCAP_PAGE);
	q->cursor = pages(HPCAP_PAGE);
	q->ring = map_twice(size);
	*q->ctrl = (struct hpcap_ctrl){
		.magic = HPCAP_MAGIC,
		.abi = HPCAP_ABI,
		.ring_size = size,
		.nr_chunks = (uint32_t)nr,
		.state = HPCAP_STATE_RUNNING,
	};
	q->cursor->state = HPCAP_LISTENER_ATTACHED;
	q->h = (struct hpcap_handle){
		.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
		.queue_idx = number,
		.buf = q->ring,
		.bufSize = size,
		.size = 2 * size,
		.ctrl = q->ctrl,
		.marks = q->marks,
		.cursor = q->cursor,
		.meta_size = meta,
		.mode = mode,
	};
}

void fake_queue_destroy(struct fake_queue *q)
{
	hpcap_close(&q->h);
}

bool fake_queue_put(struct fake_queue *q, uint64_t ns, const void *data, uint32_t len)
{
	struct hpcap_rec rec = {(uint32_t)(ns / 1000000000), (uint32_t)(ns % 1000000000),
				(uint16_t)len, (uint16_t)len};
	const uint64_t end = q->head + sizeof(rec) + len;
	uint8_t *to = q->ring + q->head % q->size;

	/* Pairs with the release of ack by whoever gives back. */
	if (q->h.mode == HPCAP_STRICT &&
	    end - __atomic_load_n(&q->cursor->ack, __ATOMIC_ACQUIRE) > q->size) {
		q->lost++;
		return false;
	}
	if (end > q->size) {
		__atomic_store_n(&q->ctrl->floor,
				 (end - q->size + HPCAP_CHUNK_SIZE - 1) / HPCAP_CHUNK_SIZE,
				 __ATOMIC_RELEASE);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	}
	if (q->head >= q->next_mark) {
		const uint64_t chunk = q->head / HPCAP_CHUNK_SIZE;
		struct hpcap_mark *m = &q->marks[chunk % q->ctrl->nr_chunks];

		__atomic_store_n(&m->pos, q->head, __ATOMIC_RELAXED);
		__atomic_store_n(&m->seq, q->seq, __ATOMIC_RELAXED);
		q->next_mark = (chunk + 1) * HPCAP_CHUNK_SIZE;
	}
	memcpy(to, &rec, sizeof(rec));
	memcpy(to + sizeof(rec), data, len);
	q->head = end;
	q->seq++;
	return true;
}

void fake_queue_commit(struct fake_queue *q)
{
	const uint64_t one = 1;

	__atomic_store_n(&q->ctrl->seq, q->seq, __ATOMIC_RELAXED);
	/* Pairs with the library's acquire of commit. */
	__atomic_store_n(&q->ctrl->commit, q->head, __ATOMIC_RELEASE);
	if (write(q->h.fd, &one, sizeof(one)) != sizeof(one))
		abort();
}

void fake_queue_end(struct fake_queue *q, uint32_t listener_state)
{
	const uint64_t one = 1;

	__atomic_store_n(&q->cursor->state, listener_state, __ATOMIC_RELEASE);
	if (write(q->h.fd, &one, sizeof(one)) != sizeof(one))
		abort();
}
