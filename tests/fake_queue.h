/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capture queues made of memory, as many as a test wants, each with one
 * listener's handle: no device, no wrapped system calls. Its descriptor is an
 * eventfd that is readable while something is committed and not given back.
 */
#ifndef FAKE_QUEUE_H
#define FAKE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <hpcap.h>

/**
 * struct fake_queue - one queue
 * @h: its listener, mapped; becomes the test's
 * @ctrl: the producer's page
 * @marks: one for each chunk
 * @cursor: the listener's page
 * @ring: mapped twice
 * @size: bytes of the ring
 * @head: bytes written
 * @seq: frames written
 * @next_mark: the first record from here on gets a mark
 * @lost: frames that found no room
 */
struct fake_queue {
	struct hpcap_handle h;
	struct hpcap_ctrl *ctrl;
	struct hpcap_mark *marks;
	struct hpcap_cursor *cursor;
	uint8_t *ring;
	uint64_t size;
	uint64_t head;
	uint64_t seq;
	uint64_t next_mark;
	uint64_t lost;
};

void fake_queue_create(struct fake_queue *q, int number, uint64_t size, uint32_t mode);
void fake_queue_destroy(struct fake_queue *q);

/* One frame, stamped @ns; false when a strict listener holds the space. */
bool fake_queue_put(struct fake_queue *q, uint64_t ns, const void *data, uint32_t len);
void fake_queue_commit(struct fake_queue *q);
void fake_queue_end(struct fake_queue *q, uint32_t listener_state);

#endif /* FAKE_QUEUE_H */
