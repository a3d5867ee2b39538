/* SPDX-License-Identifier: GPL-2.0-only */
/* A mirror is a lease: who has it, why, how long, how much. Pure. */
#ifndef PF_LEASE_H
#define PF_LEASE_H

#include "pf_policy.h"

#define PF_LEASE_HISTORY	64
#define PF_LEASE_OWNER		32	/* with the closing zero */
#define PF_LEASE_REASON		128	/* with the closing zero */

enum pf_lease_end {
	PF_END_NONE,		/* it runs */
	PF_END_EXPIRED,
	PF_END_CAP,
	PF_END_TARGET_GONE,
	PF_END_SOURCE_GONE,
	PF_END_UNLOAD,
	PF_END_OPERATOR,
};

/* What is to be told of a running lease. */
enum pf_lease_news {
	PF_NEWS_NONE,
	PF_NEWS_STARTED,
	PF_NEWS_CHANGED,
};

/**
 * struct pf_lease - one mirror's terms and what became of it
 * @mirror: what it copies; its id is the lease's
 * @owner: who asked, text
 * @reason: why, text
 * @by_sysfs: made by a line in sysfs, without terms
 * @news: what happened since it was last told; whoever tells it clears it
 * @created_ms: monotonic
 * @ttl_ms: ends so long after @created_ms; 0: never
 * @frame_cap: ends when the targets received so many; 0: never
 * @byte_cap: likewise, bytes with FCS
 * @grace_ms: ends when all targets, or all sources, were away so long: their
 *	guests said nothing since the last reset; 0: never
 * @target_seen_ms: when one of the targets was last there
 * @source_seen_ms: when one of the sources was last there
 * @frames: what the targets received since @created_ms, all of it
 * @bytes: likewise
 * @base_frames: the targets' counters at the start
 * @base_bytes: likewise
 * @end: why it ended
 * @ended_ms: when
 */
struct pf_lease {
	struct pf_mirror mirror;
	char owner[PF_LEASE_OWNER];
	char reason[PF_LEASE_REASON];
	bool by_sysfs;
	enum pf_lease_news news;
	u64 created_ms;
	u64 ttl_ms;
	u64 frame_cap;
	u64 byte_cap;
	u64 grace_ms;
	u64 target_seen_ms;
	u64 source_seen_ms;
	u64 frames;
	u64 bytes;
	u64 base_frames;
	u64 base_bytes;
	enum pf_lease_end end;
	u64 ended_ms;
};

/**
 * struct pf_lease_book - all leases of a PF
 * @next_id: id of the next one, 1..S32_MAX; none is used again before all were
 * @running: by slot; mirror.id 0: free
 * @ended: the last PF_LEASE_HISTORY, a ring
 * @nr_ended: ended since the driver came
 */
struct pf_lease_book {
	u32 next_id;
	struct pf_lease running[PF_MIRRORS];
	struct pf_lease ended[PF_LEASE_HISTORY];
	u64 nr_ended;
};

/* What a VF has received since the driver came, by its hardware counters. */
struct pf_lease_count {
	u64 frames;
	u64 bytes;
};

void pf_lease_init(struct pf_lease_book *b);
int pf_lease_start(struct pf_lease_book *b, struct pf_policy *p, const struct pf_lease *terms,
		   const struct pf_lease_count *counts, u64 now_ms);
int pf_lease_change(struct pf_lease_book *b, struct pf_policy *p, const struct pf_lease *terms,
		    const struct pf_lease_count *counts, u64 now_ms);
int pf_lease_stop(struct pf_lease_book *b, struct pf_policy *p, u32 id, enum pf_lease_end end,
		  u64 now_ms);
u32 pf_lease_stop_all(struct pf_lease_book *b, struct pf_policy *p, enum pf_lease_end end,
		      u64 now_ms);
u32 pf_lease_tick(struct pf_lease_book *b, struct pf_policy *p,
		  const struct pf_lease_count *counts, u64 now_ms);
u64 pf_lease_next_ms(const struct pf_lease_book *b, u64 now_ms);
const struct pf_lease *pf_lease_find(const struct pf_lease_book *b, u32 id);
const struct pf_lease *pf_lease_ended(const struct pf_lease_book *b, u64 nr);
const char *pf_lease_end_text(enum pf_lease_end end);

#endif /* PF_LEASE_H */
