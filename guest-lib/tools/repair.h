/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a crash left of a file, made whole. */
#ifndef REPAIR_H
#define REPAIR_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct repair - what was done to a file
 * @was: bytes it had
 * @is: bytes it has now
 * @frames: in it
 * @filled: bytes that never reached the disk, within it; padding now
 */
struct repair {
	uint64_t was;
	uint64_t is;
	uint64_t frames;
	uint64_t filled;
};

/*
 * Cut a plain RAW file behind its last whole record and add its line to the journal
 * of its volume, when there is one. A file that ends well stays as it is.
 * Return: 1 it was cut; 0 nothing to do; -EBUSY it is being written; -EMEDIUMTYPE not
 * a plain RAW file; -ENODATA no record in it: it is left alone; or another errno.
 */
int repair_file(const char *path, struct repair *r);

/* The same for many, one line each. Return: the exit status. */
int repair_all(char **path, int n, bool quiet);

#endif /* REPAIR_H */
