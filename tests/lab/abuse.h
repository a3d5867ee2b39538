/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the abuse share; abuse.c tells what it is. */
#ifndef ABUSE_H
#define ABUSE_H

#include <stdbool.h>
#include <sys/types.h>
#include <uapi/hpcap.h>

/* abuse.c */

extern int failures;
extern struct hpcap_info info; /* of the queue, as it was */

void check(bool good, const char *what);
/* @ret is what a system call returned just now; it must have failed with @want. */
void fails(long ret, int want, const char *what);
int open_device(void);
int open_attached(__u32 mode);
/* What was printed so far must not be printed by the child as well. */
pid_t fork_quietly(void);

/* abuse_options.c */

void wrong_rings(void);
void wrong_options(void);

#endif /* ABUSE_H */
