/* SPDX-License-Identifier: GPL-2.0-only */
/* How full a ring is, how full it was, and when it will be full. */
#ifndef CAP_GAUGE_H
#define CAP_GAUGE_H

#include "core_env.h"
#include <uapi/hpcap.h>

/* Rates are taken over so long, and one of them weighs a quarter. */
#define CAP_GAUGE_NS	250000000ull

/**
 * struct cap_gauge - one ring's
 * @used: bytes held when looked at last
 * @high: the most that was ever seen
 * @since_ns: when the measurement in hand began
 * @since_commit: committed then
 * @since_used: held then
 * @in_rate: bytes a second committed
 * @fill_rate: bytes a second by which @used grows
 */
struct cap_gauge {
	u64 used;
	u64 high;
	u64 since_ns;
	u64 since_commit;
	u64 since_used;
	u64 in_rate;
	s64 fill_rate;
};

void cap_gauge_sample(struct cap_gauge *g, u64 now_ns, u64 committed);
void cap_gauge_report(const struct cap_gauge *g, u64 size, struct hpcap_buffer *out);

/* Bytes that strict listeners hold now. */
static inline void cap_gauge_look(struct cap_gauge *g, u64 used)
{
	g->used = used;
	if (used > g->high)
		g->high = used;
}

#endif /* CAP_GAUGE_H */
