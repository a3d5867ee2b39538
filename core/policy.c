// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order is fixed: the queue's filter, what the listeners want together,
 * the flow cut, headers, caplen. A frame that no listener wants is not stored;
 * one that any of them wants is stored once, as long as the greediest wants it.
 */
#include "core_env.h"
#include "policy.h"

/**
 * cap_policy_refresh() - Something of the policy or of the listeners changed
 * @p: policy
 * @t: listeners
 *
 * Context: queue's lock held, between two steps.
 */
void cap_policy_refresh(struct cap_policy *p, const struct cap_listeners *t)
{
	int i;

	p->narrow = t->nr_active > 0;
	for (i = 0; i < HPCAP_MAX_LISTENERS; i++) {
		const struct cap_listener *l = &t->slot[i];

		if (l->cursor && l->state == HPCAP_LISTENER_ATTACHED && !l->filter.run &&
		    !l->caplen)
			p->narrow = false;
	}
	p->active = p->narrow || p->headers || p->caplen || p->filter.run || p->flows;
}

/* The most that any listener wants of a frame. */
static u32 listeners_want(const struct cap_listeners *t, const u8 *frame, u32 len)
{
	u32 most = 0;
	int i;

	for (i = 0; i < HPCAP_MAX_LISTENERS && most < len; i++) {
		const struct cap_listener *l = &t->slot[i];
		u32 want = len;

		if (!l->cursor || l->state != HPCAP_LISTENER_ATTACHED)
			continue;
		if (l->filter.run)
			want = cap_filter_run(&l->filter, frame, len);
		if (l->caplen)
			want = min(want, l->caplen);
		most = max(most, want);
	}
	return min(most, len);
}

/* What is left of the flow's and the header policies. */
static u32 cut(struct cap_policy *p, const u8 *frame, u32 len, u32 now)
{
	struct cap_headers h;
	u32 keep;

	cap_headers_parse(&h, frame, len);
	if (!p->flows)
		return h.len;
	keep = cap_flow_keep(p->flows, &h, frame, len, now);
	return keep || !p->headers ? keep : h.len;
}

/**
 * cap_policy_judge() - Shall this frame be stored, and how much of it?
 * @p: policy, active
 * @t: listeners
 * @frame: the whole frame, as it was on the wire, in one piece
 * @len: its bytes, at least 1
 * @now: for flows that grow old, in steps of 1 << CAP_POLICY_TICK ns
 * @keep: out: bytes to store, 1..@len, with CAP_KEEP
 *
 * Context: poll thread, queue's lock held.
 * Return: CAP_KEEP, or why not.
 */
enum cap_verdict cap_policy_judge(struct cap_policy *p, const struct cap_listeners *t,
				  const u8 *frame, u32 len, u32 now, u32 *keep)
{
	u32 n = len;

	if (p->filter.run)
		n = min(n, cap_filter_run(&p->filter, frame, len));
	if (n && p->narrow)
		n = min(n, listeners_want(t, frame, len));
	if (!n)
		return CAP_FILTERED;
	if (p->flows || p->headers)
		n = min(n, cut(p, frame, len, now));
	if (!n)
		return CAP_FLOW_CUT;
	*keep = p->caplen ? min(n, p->caplen) : n;
	return CAP_KEEP;
}
