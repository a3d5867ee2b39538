/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Directories that files go to, in turn, and the files that are begun there. */
#ifndef STORE_VOLUME_H
#define STORE_VOLUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VOLUMES_MAX = 16,
	VOLUME_ALIGN = 4096, /* of offsets, sizes and our own buffers */
	FILE_NAME_LEN = 112,
};

/**
 * struct volume - one directory
 * @path: as the user gave it
 * @err: why it is out of order, 0 when it is in order
 * @retry_ns: monotonic time of the next try, when it is not
 * @delay_ns: from the last try to that one
 * @sec: of the file begun last
 * @nth: of that second: names go on from there, also when older files are gone
 * @lost_frames: of the series when it went out of order
 */
struct volume {
	const char *path;
	int err;
	int64_t retry_ns;
	int64_t delay_ns;
	uint32_t sec;
	int nth;
	uint64_t lost_frames;
};

/**
 * struct naming - what files are called
 * @adapter: first number
 * @queue: second number
 * @suffix: ".raw", ".pcapng.zst", ...
 */
struct naming {
	int adapter;
	int queue;
	const char *suffix;
};

/**
 * struct volume_file - a file that was begun, empty
 * @fd: open for writing, locked against retention
 * @direct: O_DIRECT is in force
 * @refused: O_DIRECT was asked for and is not known here
 * @refused_space: why its bytes are not reserved, 0 when they are
 * @sized: it has its full size already, all unwritten
 * @mem_align: of memory that is written with O_DIRECT, bytes, VOLUME_ALIGN at least;
 *	0 when only our own will do
 * @path: relative to the volume
 */
struct volume_file {
	int fd;
	bool direct;
	bool refused;
	int refused_space;
	bool sized;
	uint32_t mem_align;
	char path[FILE_NAME_LEN];
};

/**
 * struct volume_space - how a file is to be begun
 * @direct: ask for O_DIRECT
 * @dsync: each write is on the medium before it returns
 * @bytes: to reserve, 0 for none
 * @sized: give it that size at once, so that no write has to change it
 */
struct volume_space {
	bool direct;
	bool dsync;
	uint64_t bytes;
	bool sized;
};

/* May files be begun there? Return: 0 or why not. */
int volume_check(const struct volume *v);

/* Begin a file named by the second of its first frame. Return: 0 or why not. */
int volume_create(struct volume *v, const struct naming *name, uint32_t sec,
		  const struct volume_space *space, struct volume_file *f);

/* Reserve its bytes: a wish, without them the file grows as it is written. */
void volume_reserve(const struct volume_space *space, struct volume_file *f);

/* Give up on a file that holds nothing. */
void volume_remove(const struct volume *v, const struct volume_file *f);

/* Path of a file below the volume: false when it does not fit. */
bool volume_path(const struct volume *v, const char *name, char *path, size_t size);

#endif /* STORE_VOLUME_H */
