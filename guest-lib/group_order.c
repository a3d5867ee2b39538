// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which member's frame comes next. */
#include "group.h"

#define RUN_MAX		   64 /* frames of one member in a row, unordered */
#define SAMPLES_PER_WINDOW 8

static uint64_t key_of(const struct hpcap_record *rec)
{
	return rec->sec * 1000000000ull + rec->nsec;
}

/* Acquire: whatever was committed before is seen by the next look. */
static uint32_t ended(const struct hpcap_handle *h)
{
	uint32_t state = __atomic_load_n(&h->cursor->state, __ATOMIC_ACQUIRE);

	if (state == HPCAP_LISTENER_GONE ||
	    (__atomic_load_n(&h->ctrl->state, __ATOMIC_ACQUIRE) & HPCAP_STATE_GONE))
		return HPCAP_MEMBER_GONE;
	return state == HPCAP_LISTENER_ATTACHED ? HPCAP_MEMBER_ACTIVE : HPCAP_MEMBER_EXPELLED;
}

/* Look for the next frame of a member: 1, 0 none, or a negative errno. */
static int look(struct hpcap_group *g, unsigned int i)
{
	struct group_member *m = &g->m[i];
	uint32_t end;
	int ret;

	if (g->finishing && read_pos(m->h) >= m->until) {
		group_leave(g, i, HPCAP_MEMBER_REMOVED);
		return 0;
	}
	ret = hpcap_peek(m->h, &m->head, &m->stored);
	if (ret == 0) {
		end = ended(m->h);
		if (end == HPCAP_MEMBER_ACTIVE)
			return 0;
		/* what was committed before it ended is still to be read */
		ret = end == HPCAP_MEMBER_GONE ? hpcap_peek(m->h, &m->head, &m->stored) : 0;
		if (ret == 0)
			group_leave(g, i, end);
	}
	m->has_head = ret > 0;
	if (ret > 0)
		m->key = key_of(&m->head);
	return ret;
}

/* All members that show nothing are looked at; how many still show nothing. */
static int fill(struct hpcap_group *g, unsigned int *empty)
{
	unsigned int i;
	int ret;

	*empty = 0;
	for (i = 0; i < g->nr; i++) {
		struct group_member *m = &g->m[i];

		if (m->state != HPCAP_MEMBER_ACTIVE || m->has_head)
			continue;
		ret = look(g, i);
		if (ret < 0)
			return ret;
		*empty += !ret && m->state == HPCAP_MEMBER_ACTIVE;
	}
	return 0;
}

/* The member with the earliest frame; -1 when none has one. */
static int earliest(const struct hpcap_group *g, uint64_t *second)
{
	int first = -1;
	unsigned int i;

	*second = UINT64_MAX;
	for (i = 0; i < g->nr; i++) {
		const struct group_member *m = &g->m[i];

		if (!m->has_head)
			continue;
		if (first < 0 || m->key < g->m[first].key) {
			if (first >= 0)
				*second = g->m[first].key;
			first = (int)i;
		} else if (m->key < *second) {
			*second = m->key;
		}
	}
	return first;
}

/* Does half of a ring wait? Then order must not cost frames. */
static bool is_pressed(const struct hpcap_group *g)
{
	unsigned int i;

	for (i = 0; i < g->nr; i++) {
		const struct group_member *m = &g->m[i];

		if (m->has_head && load_commit(m->h) - m->h->ack_pos > m->h->bufSize / 2)
			return true;
	}
	return false;
}

bool group_is_safe(const struct group_member *m)
{
	return m->head.pos < m->safe;
}

/* Note now how far each member is committed, and what has waited long enough. */
static void sample(struct hpcap_group *g)
{
	const int64_t now = group_now_ns();
	const unsigned int at = g->nr_samples % GROUP_SAMPLES;
	const unsigned int before = (at + GROUP_SAMPLES - 1) % GROUP_SAMPLES;
	const int64_t step = (int64_t)g->window_ns / SAMPLES_PER_WINDOW;
	unsigned int i, k, n;

	if (!g->nr_samples || now - g->sampled_ns[before] >= step) {
		g->sampled_ns[at] = now;
		for (i = 0; i < g->nr; i++)
			if (g->m[i].state == HPCAP_MEMBER_ACTIVE)
				g->m[i].seen[at] = load_commit(g->m[i].h);
		g->nr_samples++;
	}
	n = (unsigned int)min_u64(g->nr_samples, GROUP_SAMPLES);
	for (k = 0; k < n; k++) {
		if (now - g->sampled_ns[k] < (int64_t)g->window_ns)
			continue;
		for (i = 0; i < g->nr; i++)
			if (g->m[i].seen[k] > g->m[i].safe)
				g->m[i].safe = g->m[i].seen[k];
	}
}

/* When may the frame that waits be given out? Never later than that. */
int64_t group_release_ns(const struct hpcap_group *g, int64_t now)
{
	uint64_t second, k, n = min_u64(g->nr_samples, GROUP_SAMPLES);
	int64_t best = INT64_MAX;
	int i = earliest(g, &second);

	if (i < 0)
		return INT64_MAX;
	for (k = 0; k < n; k++) {
		const int64_t at = g->sampled_ns[k] + (int64_t)g->window_ns;

		if (g->m[i].seen[k] > g->m[i].head.pos && at < best)
			best = at;
	}
	/* seen since the last sample: there must be one more */
	if (best == INT64_MAX)
		best = now + (int64_t)g->window_ns / SAMPLES_PER_WINDOW;
	return best;
}

static int pick_ordered(struct hpcap_group *g, unsigned int *member)
{
	uint64_t second;
	unsigned int empty;
	int i, ret;

	for (;;) {
		ret = fill(g, &empty);
		if (ret)
			return ret;
		i = earliest(g, &second);
		if (i < 0)
			return 0;
		*member = (unsigned int)i;
		g->limit = empty ? 0 : second;
		g->forced = false;
		if (!empty || group_is_safe(&g->m[i]))
			return 1;
		if (is_pressed(g)) {
			g->forced = true;
			return 1;
		}
		sample(g);
		/* what was silent is looked at once more, after the window */
		if (!group_is_safe(&g->m[i]))
			return 0;
	}
}

static int pick_any(struct hpcap_group *g, unsigned int *member)
{
	unsigned int k, i = g->cur;
	int ret;

	if (g->run >= RUN_MAX) {
		g->run = 0;
		i++;
	}
	for (k = 0; k < g->nr; k++, i++) {
		struct group_member *m = &g->m[i % g->nr];

		if (m->state != HPCAP_MEMBER_ACTIVE)
			continue;
		ret = m->has_head ? 1 : look(g, i % g->nr);
		if (ret) {
			*member = i % g->nr;
			return ret;
		}
	}
	return 0;
}

/* The last member goes on while its frames come before all others'. */
static bool goes_on(struct hpcap_group *g)
{
	struct group_member *m = &g->m[g->cur];

	if (!g->limit || m->state != HPCAP_MEMBER_ACTIVE)
		return false;
	return (m->has_head || look(g, g->cur) > 0) && m->key < g->limit;
}

/*
 * Choose the member whose head is to be taken: 1, 0 nothing for now, or a
 * negative errno.
 */
int group_pick(struct hpcap_group *g, unsigned int *member)
{
	int ret;

	if (g->order == HPCAP_GROUP_UNORDERED) {
		ret = pick_any(g, member);
	} else if (goes_on(g)) {
		*member = g->cur;
		g->forced = false;
		ret = 1;
	} else {
		ret = pick_ordered(g, member);
	}
	return ret;
}
