/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file written past the page cache, in large blocks, several at once. */
#ifndef SINK_DISK_H
#define SINK_DISK_H

#include <stddef.h>
#include <stdint.h>

enum {
	SINK_SECTOR = 4096 /* what a block keeps for the next one is less */
};

struct sink_disk;

/*
 * @fd: empty regular file, at its beginning; the caller's. Return: 0, or why it
 * cannot be written so; then nothing has changed.
 */
int sink_disk_create(struct sink_disk **d, int fd, size_t block);

/* Memory of the block at hand. */
uint8_t *sink_disk_block(const struct sink_disk *d);

/*
 * Hand over the whole sectors of the block at hand, and take another one, which
 * begins with the bytes that were left: @fill of them. Return: 0 or what writing
 * some block said.
 */
int sink_disk_next(struct sink_disk *d, size_t *fill);

/*
 * All that was handed over is written; the file ends there, stands there, and goes
 * through the page cache again. The block at hand is still the caller's.
 */
int sink_disk_finish(struct sink_disk *d);

/* After sink_disk_finish(). */
void sink_disk_destroy(struct sink_disk *d);

#endif /* SINK_DISK_H */
