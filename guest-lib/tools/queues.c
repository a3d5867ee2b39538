// SPDX-License-Identifier: GPL-2.0-or-later
/* The capture queues of this machine, by their device names. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "queues.h"

static bool parse(const char *text, struct queue_id *id)
{
	char rest;

	/* a digit first: no sign and no blank */
	return *text >= '0' && *text <= '9' &&
	       sscanf(text, "%d_%d%c", &id->adapter, &id->queue, &rest) == 2 &&
	       id->adapter >= 0 && id->queue >= 0;
}

bool queues_parse(const char *text, struct queue_id *id)
{
	if (!strncmp(text, "/dev/", 5))
		text += 5;
	if (!strncmp(text, "hpcap_", 6))
		text += 6;
	return parse(text, id);
}

static int by_number(const void *a, const void *b)
{
	const struct queue_id *x = a, *y = b;

	return x->adapter != y->adapter ? x->adapter - y->adapter : x->queue - y->queue;
}

int queues_find(struct queue_id *id)
{
	DIR *dir = opendir("/dev");
	struct dirent *d;
	int n = 0;

	while (dir && n < QUEUES_MAX && (d = readdir(dir)))
		if (!strncmp(d->d_name, "hpcap_", 6) && parse(d->d_name + 6, &id[n]))
			n++;
	if (dir)
		closedir(dir);
	qsort(id, (size_t)n, sizeof(*id), by_number);
	return n;
}
