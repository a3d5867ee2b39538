// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * For one frame: who must get it, who may, by what was wanted alone. Whoever
 * must and does not is a loss; whoever may not and does is a leak.
 */
#include <stdio.h>
#include <string.h>
#include "unit/t.h"
#include "pf_want.h"

/* The frame as the switch sees it. */
struct seen {
	const struct want *w;
	const struct sw_frame *f;
	int vid;   /* with a port VLAN's tag */
	int owner; /* pool that has the unicast address, or -1 */
	bool group, broadcast;
	bool opened; /* replicate: some target takes all unknown and multicast */
	bool passes; /* the sender may send it */
	bool to_wire;
};

static bool is_wired(const struct pf_mirror *m)
{
	return m->uplink || m->downlink || (m->has_vlans && want_all_vlans(m));
}

static bool is_listed(const struct pf_mirror *m, int vid)
{
	return m->has_vlans && !want_all_vlans(m) && vid != UNTAGGED && sw_bit(m->vlans, vid);
}

static u32 sources(const struct want *w, const struct pf_mirror *m, u32 dir)
{
	return m->dir & dir ? m->vfs | (m->pf ? 1u << w->vfs : 0) : 0;
}

/* A target that is only given VLANs takes nothing untagged meanwhile. */
static bool closed_for_untagged(const struct want *w, u32 target)
{
	bool vlans = false, others = false;

	for (u32 i = 0; i < PF_MIRRORS; i++) {
		const struct pf_mirror *m = &w->mirror[i];

		if (!m->id || !(m->targets >> target & 1))
			continue;
		vlans |= m->has_vlans && !want_all_vlans(m);
		others |= is_wired(m) || m->vfs || m->pf;
	}
	return w->backend == PF_BACKEND_REPLICATE && vlans && !others;
}

/* By itself, without mirrors. */
static bool must(const struct seen *s, u32 q)
{
	const struct want_pool *p = &s->w->pool[q];
	u32 promisc = want_promisc(s->w, q);

	if (!want_live(s->w, q) || !s->passes || (int)q == s->f->from)
		return false;
	if (s->f->from != FROM_WIRE && !s->w->loopback)
		return false;
	if (!want_in_vlan(s->w, q, s->vid))
		return false;
	/* 31 VLANs have a name; others reach the PF by default, unicast only */
	if (q == s->w->vfs && s->vid > 0 && !p->vlan[s->vid])
		return false;
	if (s->broadcast)
		return p->bcast;
	if (s->group)
		return p->mc[sw_hash(s->f->dst)] || promisc & PF_PROMISC_MULTICAST;
	if (s->owner >= 0)
		return s->owner == (int)q;
	return promisc & PF_PROMISC_UNICAST;
}

/* By itself, or because tables are shared; never what another VF's MAC says. */
static bool may(const struct seen *s, u32 q)
{
	const struct want_pool *p = &s->w->pool[q];
	u32 promisc = want_promisc(s->w, q);
	bool takes_mc = want_any(p->mc) || promisc & PF_PROMISC_MULTICAST;

	if (!want_live(s->w, q) || !s->passes)
		return false;
	if (q == s->w->vfs && !s->group && s->f->from == FROM_WIRE && want_pf_any_vlan(s->w) &&
	    (s->owner < 0 || !want_in_vlan(s->w, s->owner, s->vid) ||
	     closed_for_untagged(s->w, s->owner)))
		return true;
	if (!want_in_vlan(s->w, q, s->vid))
		return false;
	if (s->broadcast)
		return p->bcast;
	if (s->group)
		return takes_mc || (s->opened && promisc & PF_PROMISC_UNICAST);
	if (s->owner >= 0)
		return s->owner == (int)q;
	return promisc & PF_PROMISC_UNICAST || (s->opened && takes_mc);
}

/* In replicate a VLAN of the wire exists if somebody here is in it. */
static bool has_name(const struct seen *s)
{
	if (s->w->backend == PF_BACKEND_RULES || s->vid <= 0)
		return true;
	for (u32 q = 0; q <= s->w->vfs; q++) {
		const struct want_pool *p = &s->w->pool[q];
		bool port = p->port_vid || p->port_qos;
		const bool *set = want_any(p->trunk) ? p->trunk : p->vlan;

		if (want_live(s->w, q) && (port ? (int)p->port_vid == s->vid : set[s->vid]))
			return true;
	}
	return false;
}

static bool mirror_must(const struct seen *s, const struct pf_mirror *m)
{
	const struct want *w = s->w;
	bool outside = s->f->from == FROM_WIRE, rules = w->backend == PF_BACKEND_RULES;
	u32 from = outside ? 0 : 1u << s->f->from;

	if (!s->passes || (!outside && !w->loopback && !rules))
		return false;
	for (u32 q = 0; q <= w->vfs; q++)
		if (sources(w, m, PF_DIR_IN) >> q & 1 && must(s, q))
			return true;
	if (m->uplink && outside && has_name(s) &&
	    (rules || s->owner < 0 || want_in_vlan(w, s->owner, s->vid)))
		return true;
	if (m->downlink && s->to_wire && has_name(s))
		return true;
	return (from & sources(w, m, PF_DIR_OUT)) && s->to_wire &&
	       want_in_vlan(w, s->f->from, s->vid) && has_name(s);
}

/* VLAN lists, where both back-ends agree: what is for a member or for nobody. */
static bool vlan_must(const struct seen *s, const struct pf_mirror *m)
{
	if (!s->passes || !is_listed(m, s->vid))
		return false;
	if (s->f->from != FROM_WIRE && !s->w->loopback)
		return false;
	return s->owner < 0 ||
	       (want_in_vlan(s->w, s->owner, s->vid) && s->owner != (int)s->w->vfs);
}

/* With rules, a target of the whole uplink is promiscuous: it receives that. */
static bool is_opened(const struct want *w, u32 q)
{
	for (u32 i = 0; i < PF_MIRRORS; i++)
		if (w->mirror[i].id && w->mirror[i].targets >> q & 1 && is_wired(&w->mirror[i]))
			return true;
	return false;
}

/* May a target see this unicast because of this mirror? Privacy, exactly. */
static bool mirror_may(const struct seen *s, const struct pf_mirror *m)
{
	const struct want *w = s->w;
	u32 in = sources(w, m, PF_DIR_IN), out = sources(w, m, PF_DIR_OUT);
	bool wired = is_wired(m), rules = w->backend == PF_BACKEND_RULES;

	if (wired || m->has_vlans)
		return true;
	if (out && (s->owner < 0 || (rules && s->to_wire)))
		return true;
	for (u32 q = 0; q <= w->vfs; q++)
		if (in >> q & 1 &&
		    (may(s, q) || s->owner == (int)q || (rules && is_opened(w, q))))
			return true;
	/* beside a source that takes multicast, in the model */
	return in && (s->group || (s->opened && s->owner < 0));
}

static void look(const struct want *w, const struct sw_frame *f, bool chip, struct seen *s)
{
	const struct want_pool *p = f->from < 0 ? NULL : &w->pool[f->from];

	memset(s, 0, sizeof(*s));
	s->w = w;
	s->f = f;
	s->vid = f->vid;
	if (p && (p->port_vid || p->port_qos))
		s->vid = p->port_vid;
	s->group = f->dst[0] & 1;
	s->broadcast = sw_is_broadcast(f->dst);
	s->owner = s->group ? -1 : want_owner(w, f->dst);
	s->passes = !p || want_live(w, f->from);
	if (p && s->passes && chip) {
		if (p->spoof_mac &&
		    !(want_valid_mac(f->src) && want_has_mac(w, f->from, f->src)))
			s->passes = false;
		if (p->spoof_vlan && s->vid != UNTAGGED && !want_in_vlan(w, f->from, s->vid))
			s->passes = false;
	}
	s->to_wire = p && s->passes && (!w->loopback || s->group || s->owner < 0);
	for (u32 i = 0; i < PF_MIRRORS && w->backend == PF_BACKEND_REPLICATE; i++) {
		const struct pf_mirror *m = &w->mirror[i];

		s->opened |=
			m->id && (sources(w, m, PF_DIR_OUT) || is_wired(m) || m->has_vlans);
	}
	for (u32 q = 0; q <= w->vfs && w->backend == PF_BACKEND_REPLICATE; q++)
		s->opened |= want_live(w, q) && want_promisc(w, q);
}

static void complain(const struct seen *s, const struct sw_result *r, u32 q, const char *what)
{
	fprintf(stderr,
		"%s: pool %u of %u+1, backend %d: from %d vid %d dst %02x..%02x%02x owner %d "
		"got %02x wire %d\n",
		what, q, s->w->vfs, s->w->backend, s->f->from, s->vid, s->f->dst[0],
		s->f->dst[4], s->f->dst[5], s->owner, r->pools, r->wire);
	fail();
}

static void expect_pool(const struct seen *s, const struct sw_result *r, u32 q)
{
	const struct want *w = s->w;
	bool got = r->pools >> q & 1, target = false, needs = must(s, q), allowed = may(s, q);

	for (u32 i = 0; i < PF_MIRRORS; i++) {
		const struct pf_mirror *m = &w->mirror[i];

		if (!m->id || !(m->targets >> q & 1))
			continue;
		target = true;
		allowed |= mirror_may(s, m);
		needs |= want_live(w, q) && (int)q != s->f->from &&
			 (mirror_must(s, m) || vlan_must(s, m));
	}
	if (target && closed_for_untagged(w, q) && s->vid <= 0)
		return;
	/* a target may get its own unicast and multicast in its sources' VLANs */
	if (target && (s->owner == (int)q || s->group))
		allowed = true;
	if (target && want_promisc(w, q))
		allowed = true;
	if (needs && !got)
		complain(s, r, q, "loss");
	if (got && !(allowed && want_live(w, q)))
		complain(s, r, q, "leak");
}

void expect_frame(const struct want *w, const struct pf_policy *p, const struct sw_frame *f)
{
	bool chip = w->backend == PF_BACKEND_RULES;
	struct sw_result r = chip ? sw_chip(&p->tables, w->chip, f) : sw_qemu(&p->tables, f);
	struct seen s;

	if (!w->vfs)
		return;
	look(w, f, chip, &s);
	assert_int_equal(r.vid, s.vid);
	if (r.wire != s.to_wire)
		complain(&s, &r, w->vfs, "wire");
	for (u32 q = 0; q <= w->vfs; q++)
		expect_pool(&s, &r, q);
}
