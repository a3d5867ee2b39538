/* SPDX-License-Identifier: GPL-2.0-only */
/* What of a frame is worth storing, and why nothing is. */
#ifndef CAP_POLICY_H
#define CAP_POLICY_H

#include "core_env.h"
#include "flow.h"
#include "listener.h"

/* Flows grow old in steps of 2^30 ns, a little more than a second. */
#define CAP_POLICY_TICK	30

/* Why a frame is not stored. */
enum cap_verdict {
	CAP_KEEP,
	CAP_FILTERED,
	CAP_FLOW_CUT,
};

/**
 * struct cap_policy - of one queue
 * @active: something of what follows is set, or every listener wants less than
 *	all: frames must be looked at
 * @narrow: every active listener has a filter or a caplen of its own
 * @headers: keep headers only; with @flows, only of what the cut leaves over
 * @caplen: bytes to keep of a frame, 0 for all
 * @filter: frames that it refuses are not stored
 * @flows: keep the first bytes of each flow; NULL for whole flows
 *
 * Guarded by the queue's lock.
 */
struct cap_policy {
	bool active;
	bool narrow;
	bool headers;
	u32 caplen;
	struct cap_filter filter;
	struct cap_flows *flows;
};

void cap_policy_refresh(struct cap_policy *p, const struct cap_listeners *t);
enum cap_verdict cap_policy_judge(struct cap_policy *p, const struct cap_listeners *t,
				  const u8 *frame, u32 len, u32 now, u32 *keep);

#endif /* CAP_POLICY_H */
