/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What capture programs listen to: one queue, or several as one. */
#ifndef LISTEN_H
#define LISTEN_H

#include <hpcap_group.h>
#include "cli.h"

/**
 * struct listen - a queue or a group
 * @spec: the group, as given: "0:0,0:1", "0:*", "*"; NULL for one queue
 * @adapter: first number of the device name; of the group's first queue
 * @queue: second number
 * @order: how to join a group
 * @filter: expression of the frames that are wanted, NULL for all
 * @caplen: bytes of each that are wanted, 0 for all
 * @merge: the open group
 */
struct listen {
	const char *spec;
	int adapter;
	int queue;
	struct hpcap_group_options order;
	const char *filter;
	uint32_t caplen;
	struct hpcap_merge *merge;
};

#define LISTEN_USAGE                                                                  \
	"several queues as one, in place of <adapter> <queue>: 0:0,0:1 or 0:* or *\n" \
	"      --unordered       as they come, not by time\n"                         \
	"      --window MS       wait so long for silent queues (10)\n"               \
	"      --filter EXPR     only frames that match, as tcpdump has it\n"         \
	"      --caplen N        at most N bytes of each frame, 14..65524\n"

/*
 * Take "A Q" or one text that names queues off the arguments: how many were
 * taken, or 0 when they are wrong.
 */
int listen_places(struct listen *l, int n, char **arg);

/* --window, --caplen. */
bool listen_window(struct listen *l, const char *arg);
bool listen_caplen(struct listen *l, const char *arg);

/* Open and map. Return: 0, or the exit status after it said why. */
int listen_open(struct listen *l, struct hpcap_handle *h, const struct hpcap_options *join);
void listen_close(struct listen *l, struct hpcap_handle *h);

/* Take what is there now and no more: read on until there is no device. False: one queue. */
bool listen_finish(struct listen *l);

/* "/dev/hpcap_0_0", or the group's text. */
const char *listen_name(const struct listen *l);

/* "group": {...}, or null. */
void listen_json(const struct listen *l, FILE *f);

#endif /* LISTEN_H */
