/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A CD with a few small files in its root: ISO 9660, as NoCloud wants it. Pure. */
#ifndef ISO_H
#define ISO_H

#include <stddef.h>

enum {
	ISO_SECTOR = 2048,
	ISO_MAX_FILES = 8,
};

/**
 * struct iso_file - one file
 * @name: lower case, no folder; 30 bytes at most
 * @text: zero-terminated
 */
struct iso_file {
	const char *name;
	const char *text;
};

/**
 * iso_make() - the whole image
 * @volume: its id, 32 bytes at most
 * @files: sorted by name
 * @nr: at most ISO_MAX_FILES
 * @size: set: bytes
 * Return: the image, the caller's; NULL without memory.
 */
unsigned char *iso_make(const char *volume, const struct iso_file *files, unsigned int nr,
			size_t *size);

#endif /* ISO_H */
