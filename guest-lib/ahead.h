/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file read ahead by threads, in large pieces; past the page cache what is not there. */
#ifndef HPCAP_AHEAD_H
#define HPCAP_AHEAD_H

#include <stdint.h>
#include <sys/types.h>

enum {
	HPCAP_AHEAD_MIN = 8 << 20, /* bytes of a file that is worth the threads */
};

struct hpcap_ahead;

/* Return: 0, or why there can be none. @fd stays the caller's, who leaves it alone. */
int hpcap_ahead_create(struct hpcap_ahead **a, int fd, uint64_t from, uint64_t limit);
void hpcap_ahead_destroy(struct hpcap_ahead *a);

/* As read(2) of bytes from @from to @limit, but a negative errno. */
ssize_t hpcap_ahead_read(struct hpcap_ahead *a, void *buf, size_t size);

#endif /* HPCAP_AHEAD_H */
