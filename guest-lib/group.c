// SPDX-License-Identifier: LGPL-2.1-or-later
/* Groups: members, taking, giving back, waiting. */
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include "group.h"

#define NSEC_PER_SEC  1000000000ll
#define WINDOW_MAX_NS (10 * NSEC_PER_SEC)

int64_t group_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NSEC_PER_SEC + t.tv_nsec;
}

int hpcap_group_create(struct hpcap_group **out, const struct hpcap_group_options *opt)
{
	static const struct hpcap_group_options ordered;
	struct hpcap_group *g;

	*out = NULL;
	if (!opt)
		opt = &ordered;
	if (opt->order > HPCAP_GROUP_UNORDERED || opt->window_ns > WINDOW_MAX_NS)
		return -EINVAL;
	g = calloc(1, sizeof(*g));
	if (!g)
		return -ENOMEM;
	g->order = opt->order;
	g->window_ns = opt->window_ns ? opt->window_ns : HPCAP_GROUP_WINDOW_NS;
	*out = g;
	return 0;
}

int hpcap_group_add(struct hpcap_group *g, struct hpcap_handle *h)
{
	struct group_member *m = &g->m[g->nr];

	if (g->nr == HPCAP_GROUP_MAX)
		return -ENOSPC;
	if (!h->buf)
		return -EINVAL;
	*m = (struct group_member){
		.h = h,
		.adapter = h->adapter_idx,
		.queue = h->queue_idx,
	};
	hpcap_want(h, 1);
	g->limit = 0;
	g->active++;
	return (int)g->nr++;
}

/* No more of its frames; those that were taken stay good until the next ack. */
void group_leave(struct hpcap_group *g, unsigned int i, uint32_t state)
{
	struct group_member *m = &g->m[i];

	m->missed = hpcap_missed(m->h);
	m->state = state;
	m->has_head = false;
	g->limit = 0;
	g->active--;
}

static void bury(struct group_member *m)
{
	hpcap_give_back(m->h);
	if (m->owned) {
		hpcap_close(m->h);
		free(m->h);
	}
	m->h = NULL;
}

int hpcap_group_remove(struct hpcap_group *g, unsigned int member)
{
	if (member >= g->nr || g->m[member].state != HPCAP_MEMBER_ACTIVE)
		return -EINVAL;
	group_leave(g, member, HPCAP_MEMBER_REMOVED);
	bury(&g->m[member]);
	return 0;
}

void hpcap_group_finish(struct hpcap_group *g)
{
	unsigned int i;

	g->finishing = true;
	for (i = 0; i < g->nr; i++)
		if (g->m[i].state == HPCAP_MEMBER_ACTIVE)
			g->m[i].until = load_commit(g->m[i].h);
}

static void count(struct hpcap_group *g, unsigned int i, uint64_t key)
{
	g->run = i == g->cur ? g->run + 1 : 1;
	g->cur = i;
	g->m[i].frames++;
	g->rep.frames++;
	g->rep.forced += g->forced;
	if (key >= g->last) {
		g->last = key;
	} else {
		g->rep.late++;
		if (g->last - key > g->rep.late_max_ns)
			g->rep.late_max_ns = g->last - key;
	}
}

/*
 * Take the head of a member, copied when there is room for it: false when the
 * member was overtaken meanwhile and shows another head now.
 */
static bool take_head(struct group_member *m, struct hpcap_record *rec, void *buf, size_t size)
{
	m->has_head = false;
	*rec = m->head;
	if (m->h->mode == HPCAP_LOSSY && !is_valid(m->h, rec->pos))
		return false;
	if (buf) {
		rec->caplen = (uint32_t)min_u64(rec->caplen, size);
		memcpy(buf, rec->data, rec->caplen);
		rec->data = buf;
		if (!is_valid(m->h, rec->pos))
			return false;
	}
	hpcap_take(m->h, m->stored);
	return true;
}

static int next(struct hpcap_group *g, struct hpcap_record *rec, void *buf, size_t size,
		unsigned int *member)
{
	unsigned int i = 0;
	int ret;

	do {
		ret = group_pick(g, &i);
		if (ret <= 0)
			return ret;
	} while (!take_head(&g->m[i], rec, buf, size));
	count(g, i, g->m[i].key);
	if (member)
		*member = i;
	return 1;
}

int hpcap_group_next(struct hpcap_group *g, struct hpcap_record *rec, unsigned int *member)
{
	return next(g, rec, NULL, 0, member);
}

int hpcap_group_next_copy(struct hpcap_group *g, struct hpcap_record *rec, void *buf,
			  size_t size, unsigned int *member)
{
	return next(g, rec, buf, size, member);
}

void hpcap_group_ack(struct hpcap_group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->m[i];

		if (m->h && m->state != HPCAP_MEMBER_ACTIVE)
			bury(m);
		else if (m->h && m->h->acks)
			hpcap_give_back(m->h);
	}
}

/*
 * Sleep on the members that show nothing; the others have their turn when the
 * window is over.
 */
static int sleep_on_members(struct hpcap_group *g, int64_t until)
{
	struct pollfd fds[HPCAP_GROUP_MAX];
	unsigned int who[HPCAP_GROUP_MAX];
	const int64_t left = until - group_now_ns();
	struct timespec t = {left / NSEC_PER_SEC, left % NSEC_PER_SEC};
	unsigned int i, nr = 0;
	int n;

	if (left <= 0)
		return 0;
	for (i = 0; i < g->nr; i++) {
		if (g->m[i].state != HPCAP_MEMBER_ACTIVE || g->m[i].has_head)
			continue;
		who[nr] = i;
		fds[nr++] = (struct pollfd){.fd = g->m[i].h->fd, .events = POLLIN};
	}
	n = ppoll(fds, nr, until == INT64_MAX ? NULL : &t, NULL);
	if (n < 0)
		return -errno;
	for (i = 0; n > 0 && i < nr; i++)
		/* with data left it says so; without, nothing more will come */
		if ((fds[i].revents & (POLLERR | POLLHUP | POLLNVAL)) &&
		    !refresh(g->m[who[i]].h))
			group_leave(g, who[i],
				    fds[i].revents & POLLHUP ? HPCAP_MEMBER_GONE
							     : HPCAP_MEMBER_EXPELLED);
	return 0;
}

int hpcap_group_wait(struct hpcap_group *g, int64_t timeout_ns)
{
	int64_t deadline = INT64_MAX, until;
	unsigned int member;
	int ret;

	if (timeout_ns >= 0 && __builtin_add_overflow(group_now_ns(), timeout_ns, &deadline))
		deadline = INT64_MAX;
	hpcap_group_ack(g);
	for (;;) {
		ret = group_pick(g, &member);
		if (ret)
			return ret < 0 ? ret : 0;
		if (!g->active) {
			hpcap_group_ack(g);
			return -ENODEV;
		}
		until = group_release_ns(g, group_now_ns());
		if (until > deadline)
			until = deadline;
		ret = sleep_on_members(g, until);
		if (ret)
			return ret;
		if (deadline != INT64_MAX && group_now_ns() >= deadline) {
			ret = group_pick(g, &member);
			return ret > 0 ? 0 : ret < 0 ? ret : g->active ? -ETIMEDOUT : -ENODEV;
		}
	}
}

int hpcap_group_get_member(const struct hpcap_group *g, unsigned int member,
			   struct hpcap_group_member *out)
{
	const struct group_member *m = &g->m[member];

	if (member >= g->nr)
		return -EINVAL;
	*out = (struct hpcap_group_member){
		.adapter = m->adapter,
		.queue = m->queue,
		.state = m->state,
		.frames = m->frames,
		.missed = m->h ? hpcap_missed(m->h) : m->missed,
	};
	return 0;
}

void hpcap_group_get_report(const struct hpcap_group *g, struct hpcap_group_report *rep)
{
	struct hpcap_group_member m;
	unsigned int i;

	*rep = g->rep;
	rep->members = g->nr;
	rep->active = g->active;
	for (i = 0; !hpcap_group_get_member(g, i, &m); i++)
		rep->missed += m.missed;
}

struct hpcap_handle *hpcap_group_handle(struct hpcap_group *g, unsigned int member)
{
	return member < g->nr ? g->m[member].h : NULL;
}

void hpcap_group_destroy(struct hpcap_group *g)
{
	unsigned int i;

	if (!g)
		return;
	for (i = 0; i < g->nr; i++)
		hpcap_group_remove(g, i);
	hpcap_group_ack(g);
	free(g);
}
