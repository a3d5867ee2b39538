/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocks on their way to disks, several at once: by io_uring or by threads. */
#ifndef STORE_BLKQ_H
#define STORE_BLKQ_H

#include <stdbool.h>
#include <stdint.h>

enum {
	BLKQ_DEPTH_MAX = 64
};

enum blkq_kind {
	BLKQ_AUTO, /* io_uring; threads where the kernel refuses it */
	BLKQ_URING,
	BLKQ_THREADS,
};

/**
 * struct blkq_job - one block to write; memory is the caller's until it is reaped
 * @fd: open file
 * @data: what to write
 * @size: bytes
 * @off: where in the file
 * @result: 0, or a negative errno; valid once reaped
 * @next: the queue's
 * @done: bytes that are written, the queue's
 */
struct blkq_job {
	int fd;
	const uint8_t *data;
	uint64_t size;
	uint64_t off;
	int result;
	struct blkq_job *next;
	uint64_t done;
};

struct blkq;

/* Return: 0, or why there can be no such queue. */
int blkq_create(struct blkq **q, enum blkq_kind kind, unsigned int depth);

/* Every job must be reaped before. */
void blkq_destroy(struct blkq *q);

/* "io_uring" or "threads". */
const char *blkq_name(const struct blkq *q);

/* At most the depth given to blkq_create() may be on their way. */
void blkq_submit(struct blkq *q, struct blkq_job *job);

/* A job that has ended, whichever; NULL when there is none now. */
struct blkq_job *blkq_reap(struct blkq *q);

/* Readable for poll(2) when a job has ended. */
int blkq_fd(const struct blkq *q);

/* blkq_uring.c and blkq_threads.c, for blkq.c alone */
struct blkq_ops {
	const char *name;
	int (*create)(void **self, unsigned int depth);
	void (*destroy)(void *self);
	void (*submit)(void *self, struct blkq_job *job);
	struct blkq_job *(*reap)(void *self);
	int (*fd)(const void *self);
};

extern const struct blkq_ops blkq_uring;
extern const struct blkq_ops blkq_threads;

#endif /* STORE_BLKQ_H */
