/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of netlink family hpcap_pf: one at a time, by one thread. */
#ifndef NL_MSG_H
#define NL_MSG_H

#include <stddef.h>

#include <linux/netlink.h>

extern int nl_fd;	   /* the socket */
extern int nl_group;	   /* of the family's events */
extern char nl_words[256]; /* the kernel's, about what it refused last */

/* The family is found, or the program ends. */
void nl_open(void);

/* A message begins; it grows by attributes. */
void nl_begin(int cmd, int flags);
void nl_add(int type, const void *data, size_t len);

/* Sent; @take gets each answer until the kernel is done. Returns 0 or an errno. */
int nl_talk(void (*take)(const struct nlmsghdr *));

/* Ends the program with errno's text. */
void nl_die(const char *what) __attribute__((noreturn));

#endif /* NL_MSG_H */
