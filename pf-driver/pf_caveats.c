// SPDX-License-Identifier: GPL-2.0-only
/* What a mirror does not see, sees too much, or does to others: said, not hidden. */
#include "pf_policy_ops.h"

static const char *const texts[PF_CAVEATS] = {
	[PF_BLIND_DROPPED] = "not seen: frames that the switch drops",
	[PF_BLIND_TX_LOCAL] =
		"not seen: unicast sent to a pool of this port whose reception is not mirrored",
	[PF_BLIND_TX_NO_LOOPBACK] = "not seen: anything that is sent, because loopback is off",
	[PF_BLIND_FOREIGN_VLAN] = "not seen: VLANs that nobody on this port has joined",
	[PF_BLIND_DEFAULT] = "not seen: unicast for nobody on this port that falls to the PF",
	[PF_EXTRA_OTHER_TX] = "also seen: what other pools send to the wire",
	[PF_EXTRA_MULTICAST] = "also seen: multicast that the sources did not ask for",
	[PF_EXTRA_UNKNOWN] = "also seen: unicast from the wire for nobody on this port",
	[PF_EXTRA_LOCAL] = "also seen: what pools of this port send each other",
	[PF_EXTRA_UNTAGGED] = "also seen: members' frames outside the listed VLANs",
	[PF_EXTRA_ECHO] = "also seen: what the target itself sends",
	[PF_SIDE_FLOOD] =
		"side effect: pools that take multicast see all multicast and unicast for nobody",
	[PF_SIDE_NO_UNTAGGED] = "side effect: the target takes no untagged frames",
};

/**
 * pf_mirror_text() - A caveat in words
 * @caveat: which
 *
 * Return: text, "" for none.
 */
const char *pf_mirror_text(enum pf_caveat caveat)
{
	return (u32)caveat < PF_CAVEATS && texts[caveat] ? texts[caveat] : "";
}

static u32 of_rules(const struct pf_mirror *m)
{
	u32 c = 0;

	if ((m->vfs || m->pf) && m->dir & PF_DIR_OUT)
		c |= BIT(PF_BLIND_TX_LOCAL) | BIT(PF_EXTRA_OTHER_TX);
	if (m->uplink || pf_mirror_all_vlans(m))
		c |= BIT(PF_EXTRA_ECHO);
	return c;
}

/* With other mirrors to one of the same targets, VLANs are not kept apart. */
static bool shares_target(const struct pf_policy *p, const struct pf_mirror *m)
{
	u32 i;

	for (i = 0; i < PF_MIRRORS; i++) {
		const struct pf_mirror *o = &p->mirror[i];

		if (o->id && o->id != m->id && o->targets & m->targets &&
		    (o->vfs || o->pf || o->uplink || o->downlink))
			return true;
	}
	return false;
}

static u32 of_replicate(const struct pf_policy *p, const struct pf_mirror *m)
{
	bool wired = m->uplink || m->downlink || pf_mirror_all_vlans(m);
	bool some = m->has_vlans && !pf_mirror_all_vlans(m);
	bool pools = m->vfs || m->pf;
	bool out = pools && m->dir & PF_DIR_OUT;
	u32 c = 0;

	if (out || wired || some)
		c |= BIT(PF_EXTRA_UNKNOWN) | BIT(PF_EXTRA_MULTICAST) | BIT(PF_EXTRA_ECHO) |
		     BIT(PF_SIDE_FLOOD);
	else
		c |= BIT(PF_EXTRA_MULTICAST) | BIT(PF_EXTRA_ECHO) |
		     (p->tables.uta[0] ? BIT(PF_EXTRA_UNKNOWN) : 0);
	if (out)
		c |= BIT(PF_BLIND_TX_LOCAL) | BIT(PF_EXTRA_OTHER_TX);
	if (wired)
		c |= BIT(PF_BLIND_FOREIGN_VLAN) | BIT(PF_EXTRA_LOCAL) | BIT(PF_EXTRA_OTHER_TX);
	if (m->pf && m->dir & PF_DIR_IN)
		c |= BIT(PF_BLIND_DEFAULT);
	if (some && (pools || wired || shares_target(p, m)))
		c |= BIT(PF_EXTRA_UNTAGGED);
	else if (some)
		c |= BIT(PF_SIDE_NO_UNTAGGED);
	if ((out || wired || some) && !p->loopback)
		c |= BIT(PF_BLIND_TX_NO_LOOPBACK);
	return c;
}

/**
 * pf_mirror_caveats() - What is to be known about a mirror
 * @p: policy
 * @m: a mirror of it, or one that might be made
 *
 * Return: bitmap, bit n: enum pf_caveat n.
 * Ref: 82576 20.1, 20.3
 */
u32 pf_mirror_caveats(const struct pf_policy *p, const struct pf_mirror *m)
{
	u32 c = BIT(PF_BLIND_DROPPED);

	return c | (p->backend == PF_BACKEND_RULES ? of_rules(m) : of_replicate(p, m));
}
