/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of /sys and /proc: read below a root, written only here. */
#ifndef SYSFS_H
#define SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * sysfs_root() - where sys/, proc/ and dev/ are looked for from now on
 * @root: folder, "" for the machine itself; must outlive the program
 */
void sysfs_root(const char *root);

/* Whether facts come from the machine itself, so that writing makes sense. */
bool sysfs_is_live(void);

/* ROOT and the formatted path; cut when longer than PATH_MAX. */
__attribute__((format(printf, 2, 3))) void sysfs_path(char out[4096], const char *fmt, ...);

/* First line of a file without its end; false and "" when it cannot be read. */
__attribute__((format(printf, 3, 4))) bool sysfs_read(char *out, size_t size, const char *fmt,
						      ...);

/* The first bytes of a file as they are; how many, 0 when it cannot be read. */
__attribute__((format(printf, 3, 4))) size_t sysfs_bytes(void *out, size_t size,
							 const char *fmt, ...);

/* A number, decimal or 0x; fallback when there is none. */
__attribute__((format(printf, 2, 3))) int64_t sysfs_number(int64_t fallback, const char *fmt,
							   ...);

/* Last part of what a link points to; false and "" when it is none. */
__attribute__((format(printf, 3, 4))) bool sysfs_link(char *out, size_t size, const char *fmt,
						      ...);

__attribute__((format(printf, 1, 2))) bool sysfs_exists(const char *fmt, ...);

/**
 * sysfs_write() - write one line
 * Return: 0 or a negative errno of open(2) or write(2).
 */
__attribute__((format(printf, 2, 3))) int sysfs_write(const char *text, const char *fmt, ...);

/**
 * sysfs_each() - call @visit for each name in a folder, sorted, dots left out
 * @visit: returns false to stop
 * Return: names visited; 0 too when there is no such folder.
 */
int sysfs_each(const char *path, bool (*visit)(const char *name, void *arg), void *arg);

/**
 * sysfs_list_has() - whether a kernel list such as "0-3,8" has a number
 * @list: as the kernel writes it; "" has none
 */
bool sysfs_list_has(const char *list, unsigned int number);

#endif /* SYSFS_H */
