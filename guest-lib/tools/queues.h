/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The capture queues of this machine. */
#ifndef QUEUES_H
#define QUEUES_H

#include <stdbool.h>

enum {
	QUEUES_MAX = 4096
};

/**
 * struct queue_id - one queue, by its device name
 * @adapter: first number
 * @queue: second number
 */
struct queue_id {
	int adapter;
	int queue;
};

/* All of them, by number, into @id[QUEUES_MAX]; how many. */
int queues_find(struct queue_id *id);

/* A queue's name: 0_0, hpcap_0_0 or /dev/hpcap_0_0. */
bool queues_parse(const char *text, struct queue_id *id);

#endif /* QUEUES_H */
