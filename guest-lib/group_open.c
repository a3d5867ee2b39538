// SPDX-License-Identifier: LGPL-2.1-or-later
/* From "0:0,0:1", "0:*" or "*" to a group of open queues. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include "group.h"

enum {
	NUMBER_MAX = 9999,
	ANY = -1
};

static bool parse_number(const char **text, int *out)
{
	char *end;
	long n;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	n = strtol(*text, &end, 10);
	if (errno || n > NUMBER_MAX)
		return false;
	*out = (int)n;
	*text = end;
	return true;
}

/* "A:Q", "A:*" or "*", all of it. */
static bool parse_part(const char *text, int *adapter, int *queue)
{
	*adapter = ANY;
	*queue = ANY;
	if (!strcmp(text, "*"))
		return true;
	if (!parse_number(&text, adapter) || *text++ != ':')
		return false;
	if (!strcmp(text, "*"))
		return true;
	return parse_number(&text, queue) && !*text;
}

static int add(struct group_queue *list, unsigned int *nr, int adapter, int queue)
{
	unsigned int i;

	for (i = 0; i < *nr; i++)
		if (list[i].adapter == adapter && list[i].queue == queue)
			return -EINVAL;
	if (*nr == HPCAP_GROUP_MAX)
		return -ENOSPC;
	list[(*nr)++] = (struct group_queue){adapter, queue};
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct group_queue *x = a, *y = b;

	return x->adapter != y->adapter ? x->adapter - y->adapter : x->queue - y->queue;
}

/* Every device that exists, of one adapter or of all; in their order. */
static int add_existing(const char *dev_dir, struct group_queue *list, unsigned int *nr,
			int adapter)
{
	const unsigned int first = *nr;
	struct dirent *e;
	int a, q, end, err = 0;
	DIR *d = opendir(dev_dir);

	if (!d)
		return -errno;
	while (!err && (e = readdir(d))) {
		if (sscanf(e->d_name, "hpcap_%d_%d%n", &a, &q, &end) != 2 || e->d_name[end])
			continue;
		if (adapter == ANY || a == adapter)
			err = add(list, nr, a, q);
	}
	closedir(d);
	if (!err && *nr == first)
		return -ENOENT;
	qsort(list + first, *nr - first, sizeof(*list), by_number);
	return err;
}

/*
 * The queues that a text names, at most HPCAP_GROUP_MAX, none twice; @where is
 * the part that an error is about. Devices are looked for in @dev_dir.
 */
int group_parse(const char *spec, const char *dev_dir, struct group_queue *list,
		unsigned int *nr, char *where)
{
	int adapter, queue, err = 0;

	*nr = 0;
	do {
		size_t len = strcspn(spec, ",");

		snprintf(where, GROUP_SPECS_LEN, "%.*s", (int)len, spec);
		if (len >= GROUP_SPECS_LEN || !parse_part(where, &adapter, &queue))
			return -EINVAL;
		err = queue == ANY ? add_existing(dev_dir, list, nr, adapter)
				   : add(list, nr, adapter, queue);
		spec += len;
	} while (!err && *spec++ == ',');
	return err;
}

static int open_member(struct hpcap_group *g, const struct group_queue *q,
		       const struct hpcap_options *opt)
{
	struct hpcap_handle *h = calloc(1, sizeof(*h));
	int err;

	if (!h)
		return -ENOMEM;
	err = hpcap_open_with(h, q->adapter, q->queue, opt);
	if (!err && hpcap_map(h))
		err = -errno;
	if (!err)
		err = hpcap_group_add(g, h);
	if (err < 0) {
		hpcap_close(h);
		free(h);
		return err;
	}
	g->m[err].owned = true;
	return 0;
}

int hpcap_group_open(struct hpcap_group **g, const char *spec, const struct hpcap_options *opt,
		     const struct hpcap_group_options *gopt, char where[32])
{
	struct group_queue list[HPCAP_GROUP_MAX];
	char part[GROUP_SPECS_LEN];
	unsigned int i, nr;
	int err;

	if (!where)
		where = part;
	*where = '\0';
	err = hpcap_group_create(g, gopt);
	if (err)
		return err;
	err = group_parse(spec, "/dev", list, &nr, where);
	for (i = 0; !err && i < nr; i++) {
		snprintf(where, GROUP_SPECS_LEN, "%d:%d", list[i].adapter, list[i].queue);
		err = open_member(*g, &list[i], opt);
	}
	if (err) {
		hpcap_group_destroy(*g);
		*g = NULL;
	}
	return err;
}
