// SPDX-License-Identifier: GPL-2.0-or-later
/* What capture programs listen to: one queue, or several as one. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "filter_text.h"
#include "listen.h"

enum {
	NUMBER_MAX = 9999,
	WINDOW_MAX_MS = 10000
};

/* "A:Q", "A:*" or "*", and what of it is a number. */
static bool look_at_part(const char *s, size_t len, int *adapter, int *queue)
{
	char part[16], *colon;
	uint64_t a, q = 0;

	if (!len || len >= sizeof(part))
		return false;
	memcpy(part, s, len);
	part[len] = '\0';
	*adapter = *queue = 0;
	if (!strcmp(part, "*"))
		return true;
	colon = strchr(part, ':');
	if (!colon)
		return false;
	*colon++ = '\0';
	if (!cli_number(part, NUMBER_MAX, &a) ||
	    (strcmp(colon, "*") && !cli_number(colon, NUMBER_MAX, &q)))
		return false;
	*adapter = (int)a;
	*queue = (int)q;
	return true;
}

/* The numbers are those of the first part: files are named after it. */
static bool look_at_spec(struct listen *l, const char *spec)
{
	int adapter, queue;
	const char *s;

	for (s = spec;; s++) {
		const size_t len = strcspn(s, ",");

		if (!look_at_part(s, len, &adapter, &queue))
			return false;
		if (s == spec) {
			l->adapter = adapter;
			l->queue = queue;
		}
		s += len;
		if (!*s)
			break;
	}
	/* "0:0" alone is one queue */
	l->spec = strpbrk(spec, ",*") ? spec : NULL;
	return true;
}

int listen_places(struct listen *l, int n, char **arg)
{
	uint64_t adapter, queue;

	if (n >= 1 && strpbrk(arg[0], ":*"))
		return look_at_spec(l, arg[0]);
	if (n < 2 || !cli_number(arg[0], NUMBER_MAX, &adapter) ||
	    !cli_number(arg[1], NUMBER_MAX, &queue))
		return 0;
	l->adapter = (int)adapter;
	l->queue = (int)queue;
	return 2;
}

bool listen_window(struct listen *l, const char *arg)
{
	uint64_t ms;

	if (!cli_number(arg, WINDOW_MAX_MS, &ms) || !ms)
		return false;
	l->order.window_ns = ms * 1000000;
	return true;
}

bool listen_caplen(struct listen *l, const char *arg)
{
	uint64_t n;

	if (!cli_number(arg, HPCAP_CAPLEN_MAX, &n) || n < HPCAP_KEEP_CAPLEN_MIN)
		return false;
	l->caplen = (uint32_t)n;
	return true;
}

/* What this listener wants of a queue: 0, or the exit status after it said why not. */
static int narrow(const struct listen *l, struct hpcap_handle *h)
{
	int err;

	if (l->filter && filter_set(h, HPCAP_SCOPE_LISTENER, l->filter))
		return CLI_FAILED;
	err = l->caplen ? hpcap_set_caplen(h, l->caplen) : 0;
	if (err)
		cli_error("caplen %u: %s", l->caplen, hpcap_strerror(err));
	return err ? CLI_FAILED : 0;
}

static int narrow_all(const struct listen *l, struct hpcap_group *g)
{
	struct hpcap_handle *h;
	unsigned int i;
	int status = 0;

	for (i = 0; !status && (h = hpcap_group_handle(g, i)); i++)
		status = narrow(l, h);
	return status;
}

static int open_group(struct listen *l, struct hpcap_handle *h,
		      const struct hpcap_options *join)
{
	struct hpcap_group *g;
	char where[32];
	int err = hpcap_group_open(&g, l->spec, join, &l->order, where);

	if (err) {
		cli_error("%s: %s", where,
			  err == -EINVAL ? "a queue twice" : hpcap_strerror(err));
		return CLI_FAILED;
	}
	if (narrow_all(l, g)) {
		hpcap_group_destroy(g);
		return CLI_FAILED;
	}
	err = hpcap_merge_open(&l->merge, h, g, 0);
	if (err) {
		cli_error("%s: %s", l->spec, hpcap_strerror(err));
		return CLI_FAILED;
	}
	return 0;
}

int listen_open(struct listen *l, struct hpcap_handle *h, const struct hpcap_options *join)
{
	int err;

	if (l->spec)
		return open_group(l, h, join);
	err = hpcap_open_with(h, l->adapter, l->queue, join);
	if (!err && hpcap_map(h))
		err = -errno;
	if (err)
		cli_error("/dev/hpcap_%d_%d: %s", l->adapter, l->queue, hpcap_strerror(err));
	else if (!narrow(l, h))
		return 0;
	hpcap_close(h);
	return CLI_FAILED;
}

void listen_close(struct listen *l, struct hpcap_handle *h)
{
	if (l->merge)
		hpcap_merge_close(l->merge);
	else
		hpcap_close(h);
	l->merge = NULL;
}

bool listen_finish(struct listen *l)
{
	if (l->merge)
		hpcap_merge_finish(l->merge);
	return l->merge;
}

const char *listen_name(const struct listen *l)
{
	static char name[64];

	if (l->spec)
		return l->spec;
	snprintf(name, sizeof(name), "/dev/hpcap_%d_%d", l->adapter, l->queue);
	return name;
}

void listen_json(const struct listen *l, FILE *f)
{
	struct hpcap_group_report rep;

	if (!l->merge) {
		fprintf(f, "\"group\": null");
		return;
	}
	hpcap_merge_get_report(l->merge, &rep);
	fprintf(f, "\"group\": {\"queues\": ");
	cli_json_text(f, l->spec);
	fprintf(f,
		", \"ordered\": %s, \"members\": %" PRIu32 ", \"active\": %" PRIu32
		", \"taken\": %" PRIu64 ", \"late\": %" PRIu64 ", \"late_max_ns\": %" PRIu64
		", \"forced\": %" PRIu64 "}",
		l->order.order == HPCAP_GROUP_ORDERED ? "true" : "false", rep.members,
		rep.active, rep.frames, rep.late, rep.late_max_ns, rep.forced);
}
