/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcpdump's expressions, compiled by libpcap for frames of Ethernet. */
#ifndef FILTER_TEXT_H
#define FILTER_TEXT_H

#include <hpcap.h>

/*
 * Compile and set the filter of a queue or a listener; an empty text takes it
 * away. Tells what is wrong with an expression. 0, or -1 after telling.
 */
int filter_set(struct hpcap_handle *h, uint32_t scope, const char *text);

#endif /* FILTER_TEXT_H */
