// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line written to ingress_mirror, egress_mirror or vlan_mirror means: a
 * lease without an end of its own. Asking for what is so already is no error.
 */
#include "pf_bits.h"
#include "pf_lines.h"

static bool is_source(const struct pf_mirror *m, u32 source)
{
	if (m->has_vlans || m->uplink || m->downlink)
		return false;
	if (source == PF_LINE_PF)
		return m->pf && !m->vfs;
	return !m->pf && m->vfs == BIT(source);
}

static const struct pf_lease *find(const struct pf_lease_book *b, u32 source, u32 target)
{
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++) {
		const struct pf_lease *l = &b->running[i];

		if (l->mirror.id && l->by_sysfs && l->mirror.targets == BIT(target) &&
		    is_source(&l->mirror, source))
			return l;
	}
	return NULL;
}

static const struct pf_lease *find_vlans(const struct pf_lease_book *b, u32 target)
{
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++) {
		const struct pf_lease *l = &b->running[i];

		if (l->mirror.id && l->by_sysfs && l->mirror.targets == BIT(target) &&
		    l->mirror.has_vlans)
			return l;
	}
	return NULL;
}

static int start(const struct pf_line_env *e, struct pf_lease *terms)
{
	int id;

	terms->by_sysfs = true;
	memcpy(terms->owner, "sysfs", sizeof("sysfs"));
	id = pf_lease_start(e->book, e->policy, terms, e->counts, e->now_ms);
	return id < 0 ? id : 0;
}

/**
 * pf_line_mirror() - "add T" or "rem T" in a source's ingress_ or egress_mirror
 * @e: what it changes
 * @source: VF, or PF_LINE_PF
 * @dir: PF_DIR_IN for ingress_mirror, PF_DIR_OUT for egress_mirror
 * @target: VF
 * @add: add
 *
 * Return: 0, -ENOENT for a VF that is not there, -EINVAL for the source as its
 * own target, -ENOSPC.
 */
int pf_line_mirror(const struct pf_line_env *e, u32 source, u8 dir, u32 target, bool add)
{
	const struct pf_lease *is;
	struct pf_lease terms = { 0 };
	u8 wanted;

	if (target >= e->policy->nr_vfs || (source != PF_LINE_PF && source >= e->policy->nr_vfs))
		return -ENOENT;
	if (target == source)
		return -EINVAL;
	is = find(e->book, source, target);
	wanted = is ? is->mirror.dir : 0;
	wanted = add ? wanted | dir : wanted & ~dir;
	if (wanted == (is ? is->mirror.dir : 0))
		return 0;
	if (is && !wanted)
		return pf_lease_stop(e->book, e->policy, is->mirror.id, PF_END_OPERATOR,
				     e->now_ms);
	if (is)
		terms = *is;
	terms.mirror.dir = wanted;
	terms.mirror.targets = BIT(target);
	terms.mirror.pf = source == PF_LINE_PF;
	terms.mirror.vfs = source == PF_LINE_PF ? 0 : BIT(source);
	if (is)
		return pf_lease_change(e->book, e->policy, &terms, e->counts, e->now_ms);
	return start(e, &terms);
}

/* What TaaS made with ingress_ and egress_mirror it never takes back itself. */
static void stop_pairs_to(const struct pf_line_env *e, u32 target)
{
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++) {
		const struct pf_lease *l = &e->book->running[i];

		if (l->mirror.id && l->by_sysfs && l->mirror.targets == BIT(target) &&
		    !l->mirror.has_vlans && l->mirror.vfs)
			pf_lease_stop(e->book, e->policy, l->mirror.id, PF_END_OPERATOR,
				      e->now_ms);
	}
}

/**
 * pf_line_vlan_mirror() - "add LIST" or "rem LIST" in a target's vlan_mirror
 * @e: what it changes
 * @target: VF that gets the copies
 * @vids: LIST
 * @add: add
 * @taas_compat: "rem 0-4095" ends the other mirrors to this VF that lines made
 *
 * Return: 0, -ENOENT, -ENOSPC.
 */
int pf_line_vlan_mirror(const struct pf_line_env *e, u32 target,
			const u32 vids[HW_HASH_WORDS], bool add, bool taas_compat)
{
	const struct pf_lease *is;
	struct pf_lease terms = { 0 };
	u32 was[HW_HASH_WORDS] = { 0 };

	if (target >= e->policy->nr_vfs)
		return -ENOENT;
	is = find_vlans(e->book, target);
	if (is)
		terms = *is;
	memcpy(was, terms.mirror.vlans, sizeof(was));
	if (add)
		pf_bits_or(terms.mirror.vlans, vids);
	else
		pf_bits_andnot(terms.mirror.vlans, vids);
	if (!add && taas_compat && pf_bits_count(vids) == PF_VIDS)
		stop_pairs_to(e, target);
	if (!memcmp(was, terms.mirror.vlans, sizeof(was)))
		return 0;
	if (is && pf_bits_empty(terms.mirror.vlans))
		return pf_lease_stop(e->book, e->policy, is->mirror.id, PF_END_OPERATOR,
				     e->now_ms);
	terms.mirror.has_vlans = true;
	terms.mirror.targets = BIT(target);
	if (is)
		return pf_lease_change(e->book, e->policy, &terms, e->counts, e->now_ms);
	return start(e, &terms);
}

/**
 * pf_line_targets() - To whom a source is mirrored
 * @b: book
 * @source: VF, or PF_LINE_PF
 * @dir: PF_DIR_IN or PF_DIR_OUT
 * @all: by any lease; else by lines only
 *
 * Return: bitmap of VFs.
 */
u32 pf_line_targets(const struct pf_lease_book *b, u32 source, u8 dir, bool all)
{
	u32 targets = 0, i;

	for (i = 0; i < PF_MIRRORS; i++) {
		const struct pf_mirror *m = &b->running[i].mirror;
		bool has = source == PF_LINE_PF ? m->pf : m->vfs >> source & 1;

		if (m->id && m->dir & dir &&
		    (all ? has : b->running[i].by_sysfs && is_source(m, source)))
			targets |= m->targets;
	}
	return targets;
}

/**
 * pf_line_vlans() - VLANs that lines mirror to a VF
 * @b: book
 * @target: VF
 *
 * Return: bitmap, NULL for none.
 */
const u32 *pf_line_vlans(const struct pf_lease_book *b, u32 target)
{
	const struct pf_lease *l = find_vlans(b, target);

	return l ? l->mirror.vlans : NULL;
}
