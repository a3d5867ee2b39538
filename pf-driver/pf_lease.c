// SPDX-License-Identifier: GPL-2.0-only
/* Leases: mirrors begin here, and end for a reason that is kept. */
#include "pf_lease.h"

/* How often caps and absence are looked at, ms. */
enum {
	LOOK_CAP_MS = 200,
	LOOK_GRACE_MS = 500,
};

/**
 * pf_lease_init() - An empty book
 * @b: memory for it
 */
void pf_lease_init(struct pf_lease_book *b)
{
	memset(b, 0, sizeof(*b));
	b->next_id = 1;
}

static struct pf_lease *slot_of(struct pf_lease_book *b, u32 id)
{
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++)
		if (b->running[i].mirror.id == id)
			return &b->running[i];
	return NULL;
}

/**
 * pf_lease_find() - A running lease
 * @b: book
 * @id: of the lease, not 0
 *
 * Return: it, or NULL.
 */
const struct pf_lease *pf_lease_find(const struct pf_lease_book *b, u32 id)
{
	return id ? slot_of((struct pf_lease_book *)b, id) : NULL;
}

/**
 * pf_lease_ended() - A lease of the past
 * @b: book
 * @nr: 0 is the first that ever ended, below b->nr_ended
 *
 * Return: it, or NULL when it is forgotten or has not been.
 */
const struct pf_lease *pf_lease_ended(const struct pf_lease_book *b, u64 nr)
{
	if (nr >= b->nr_ended || b->nr_ended - nr > PF_LEASE_HISTORY)
		return NULL;
	return &b->ended[nr % PF_LEASE_HISTORY];
}

/**
 * pf_lease_end_text() - Why, in a word
 * @end: reason
 *
 * Return: text.
 */
const char *pf_lease_end_text(enum pf_lease_end end)
{
	static const char *const texts[] = {
		[PF_END_NONE] = "running",
		[PF_END_EXPIRED] = "expired",
		[PF_END_CAP] = "cap",
		[PF_END_TARGET_GONE] = "target-gone",
		[PF_END_SOURCE_GONE] = "source-gone",
		[PF_END_UNLOAD] = "unload",
		[PF_END_OPERATOR] = "operator",
	};

	return (u32)end < ARRAY_SIZE(texts) ? texts[end] : "?";
}

static struct pf_lease_count received(const struct pf_lease *l,
				      const struct pf_lease_count *counts)
{
	struct pf_lease_count sum = { 0 };
	u32 i;

	for (i = 0; i < HW_VFS_MAX; i++) {
		if (!(l->mirror.targets >> i & 1))
			continue;
		sum.frames += counts[i].frames;
		sum.bytes += counts[i].bytes;
	}
	return sum;
}

/* Counting goes on from what the lease has, whatever the targets counted. */
static void rebase(struct pf_lease *l, const struct pf_lease_count *counts)
{
	struct pf_lease_count now = received(l, counts);

	l->base_frames = now.frames - l->frames;
	l->base_bytes = now.bytes - l->bytes;
}

static bool any_live(const struct pf_policy *p, u32 vfs)
{
	u32 i;

	for (i = 0; i < p->nr_vfs; i++)
		if (vfs >> i & 1 && p->pool[i].ready && p->pool[i].link == PF_LINK_AUTO)
			return true;
	return false;
}

/* VLANs, the wire and the PF are always there. */
static bool source_is_there(const struct pf_policy *p, const struct pf_mirror *m)
{
	return m->pf || m->uplink || m->downlink || m->has_vlans || any_live(p, m->vfs);
}

/**
 * pf_lease_start() - Begin a mirror
 * @b: book
 * @p: policy, gets the mirror
 * @terms: sources, targets, owner, reason, ttl, caps, grace; the rest is ignored
 * @counts: of all VFs, now
 * @now_ms: monotonic time, ms
 *
 * Return: id of the lease, above 0; or what pf_policy_mirror_set() says and
 * nothing changed.
 */
int pf_lease_start(struct pf_lease_book *b, struct pf_policy *p, const struct pf_lease *terms,
		   const struct pf_lease_count *counts, u64 now_ms)
{
	struct pf_lease *l = slot_of(b, 0);
	int err;

	if (!l)
		return -ENOSPC;
	*l = *terms;
	l->mirror.id = b->next_id;
	err = pf_policy_mirror_set(p, &l->mirror);
	if (err) {
		memset(l, 0, sizeof(*l));
		return err;
	}
	l->created_ms = now_ms;
	l->target_seen_ms = now_ms;
	l->source_seen_ms = now_ms;
	l->frames = 0;
	l->bytes = 0;
	l->end = PF_END_NONE;
	l->ended_ms = 0;
	l->news = PF_NEWS_STARTED;
	rebase(l, counts);
	do {
		b->next_id = b->next_id == S32_MAX ? 1 : b->next_id + 1;
	} while (slot_of(b, b->next_id));
	return l->mirror.id;
}

/**
 * pf_lease_change() - Other terms for a running lease
 * @b: book
 * @p: policy
 * @terms: mirror.id says which; sources, targets, owner, reason, caps and grace
 *	take the place of the old ones, ttl_ms counts from now
 * @counts: of all VFs, now
 * @now_ms: monotonic time, ms
 *
 * Return: 0; -ENOENT; what pf_policy_mirror_set() says and nothing changed.
 */
int pf_lease_change(struct pf_lease_book *b, struct pf_policy *p, const struct pf_lease *terms,
		    const struct pf_lease_count *counts, u64 now_ms)
{
	struct pf_lease *l = terms->mirror.id ? slot_of(b, terms->mirror.id) : NULL;
	struct pf_lease_count now;
	int err;

	if (!l)
		return -ENOENT;
	err = pf_policy_mirror_set(p, &terms->mirror);
	if (err)
		return err;
	now = received(l, counts);
	l->frames = now.frames - l->base_frames;
	l->bytes = now.bytes - l->base_bytes;
	l->mirror = terms->mirror;
	memcpy(l->owner, terms->owner, sizeof(l->owner));
	memcpy(l->reason, terms->reason, sizeof(l->reason));
	l->by_sysfs = terms->by_sysfs;
	l->ttl_ms = terms->ttl_ms ? now_ms - l->created_ms + terms->ttl_ms : 0;
	l->frame_cap = terms->frame_cap;
	l->byte_cap = terms->byte_cap;
	l->grace_ms = terms->grace_ms;
	l->target_seen_ms = now_ms;
	l->source_seen_ms = now_ms;
	if (l->news == PF_NEWS_NONE)
		l->news = PF_NEWS_CHANGED;
	rebase(l, counts);
	return 0;
}

static void end_lease(struct pf_lease_book *b, struct pf_policy *p, struct pf_lease *l,
		      enum pf_lease_end end, u64 now_ms)
{
	pf_policy_mirror_remove(p, l->mirror.id);
	l->end = end;
	l->ended_ms = now_ms;
	b->ended[b->nr_ended % PF_LEASE_HISTORY] = *l;
	b->nr_ended++;
	memset(l, 0, sizeof(*l));
}

/**
 * pf_lease_stop() - End a lease
 * @b: book
 * @p: policy, loses the mirror
 * @id: of the lease
 * @end: why
 * @now_ms: monotonic time, ms
 *
 * Return: 0, -ENOENT.
 */
int pf_lease_stop(struct pf_lease_book *b, struct pf_policy *p, u32 id, enum pf_lease_end end,
		  u64 now_ms)
{
	struct pf_lease *l = id ? slot_of(b, id) : NULL;

	if (!l)
		return -ENOENT;
	end_lease(b, p, l, end, now_ms);
	return 0;
}

/**
 * pf_lease_stop_all() - End every lease
 * @b: book
 * @p: policy, loses the mirrors
 * @end: why
 * @now_ms: monotonic time, ms
 *
 * Return: how many.
 */
u32 pf_lease_stop_all(struct pf_lease_book *b, struct pf_policy *p, enum pf_lease_end end,
		      u64 now_ms)
{
	u32 n = 0, i;

	for (i = 0; i < PF_MIRRORS; i++) {
		if (!b->running[i].mirror.id)
			continue;
		end_lease(b, p, &b->running[i], end, now_ms);
		n++;
	}
	return n;
}

static enum pf_lease_end verdict(const struct pf_lease *l, u64 now_ms)
{
	if (l->ttl_ms && now_ms - l->created_ms >= l->ttl_ms)
		return PF_END_EXPIRED;
	if ((l->frame_cap && l->frames >= l->frame_cap) ||
	    (l->byte_cap && l->bytes >= l->byte_cap))
		return PF_END_CAP;
	if (l->grace_ms && now_ms - l->target_seen_ms >= l->grace_ms)
		return PF_END_TARGET_GONE;
	if (l->grace_ms && now_ms - l->source_seen_ms >= l->grace_ms)
		return PF_END_SOURCE_GONE;
	return PF_END_NONE;
}

/**
 * pf_lease_tick() - Count, and end what is over
 * @b: book
 * @p: policy
 * @counts: of all VFs, now
 * @now_ms: monotonic time, ms
 *
 * Return: how many ended; apply the tables then.
 */
u32 pf_lease_tick(struct pf_lease_book *b, struct pf_policy *p,
		  const struct pf_lease_count *counts, u64 now_ms)
{
	u32 n = 0, i;

	for (i = 0; i < PF_MIRRORS; i++) {
		struct pf_lease *l = &b->running[i];
		struct pf_lease_count now;
		enum pf_lease_end end;

		if (!l->mirror.id)
			continue;
		now = received(l, counts);
		l->frames = now.frames - l->base_frames;
		l->bytes = now.bytes - l->base_bytes;
		if (any_live(p, l->mirror.targets))
			l->target_seen_ms = now_ms;
		if (source_is_there(p, &l->mirror))
			l->source_seen_ms = now_ms;
		end = verdict(l, now_ms);
		if (end == PF_END_NONE)
			continue;
		end_lease(b, p, l, end, now_ms);
		n++;
	}
	return n;
}

/**
 * pf_lease_next_ms() - When to call pf_lease_tick() again
 * @b: book
 * @now_ms: monotonic time, ms
 *
 * Return: ms from now, at least 1; 0: no lease has an end of its own.
 */
u64 pf_lease_next_ms(const struct pf_lease_book *b, u64 now_ms)
{
	u64 next = U64_MAX;
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++) {
		const struct pf_lease *l = &b->running[i];
		u64 age = now_ms - l->created_ms;

		if (!l->mirror.id)
			continue;
		if (l->ttl_ms)
			next = min_t(u64, next, l->ttl_ms > age ? l->ttl_ms - age : 1);
		if (l->frame_cap || l->byte_cap)
			next = min_t(u64, next, LOOK_CAP_MS);
		if (l->grace_ms)
			next = min_t(u64, next, LOOK_GRACE_MS);
	}
	return next == U64_MAX ? 0 : next;
}
