/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the policy share. */
#ifndef PF_POLICY_OPS_H
#define PF_POLICY_OPS_H

#include "../hw/mbox.h"
#include "pf_bits.h"
#include "pf_policy.h"

/*
 * An operation: begin(), change p->pool[pool], p->rar and nothing else,
 * commit(). commit() with an error, or finding that the chip has no room,
 * puts everything back.
 */
void pf_policy_begin(struct pf_policy *p, u32 pool);
int pf_policy_commit(struct pf_policy *p, u32 pool, int err);

/* The same for a mirror's slot. */
void pf_policy_begin_mirror(struct pf_policy *p, struct pf_mirror *slot);
int pf_policy_commit_mirror(struct pf_policy *p, struct pf_mirror *slot);

struct pf_rar *pf_policy_rar_own(struct pf_policy *p, u32 pool);
int pf_policy_rar_add(struct pf_policy *p, u32 pool, const u8 *mac, enum pf_rar_kind kind);
void pf_policy_rar_drop(struct pf_policy *p, u32 pool, enum pf_rar_kind kind, const u8 *mac);
bool pf_policy_mac_taken(const struct pf_policy *p, u32 pool, const u8 *mac);
u32 pf_policy_free_vids(const struct pf_policy *p);
bool pf_policy_has_vid(const struct pf_policy *p, u32 vid);

static inline u32 pf_policy_nr_rar(const struct pf_policy *p)
{
	return p->chip == PF_CHIP_I350 ? HW_RARS_I350 : HW_RARS_82576;
}

static inline bool pf_pool_has_port_vlan(const struct pf_pool *pool)
{
	return pool->port_vid || pool->port_qos;
}

/* Which of its three sets says what VLANs a pool is in; NULL: its port VLAN. */
static inline const u32 *pf_pool_vlans(const struct pf_pool *pool)
{
	if (pf_pool_has_port_vlan(pool))
		return NULL;
	return pf_bits_empty(pool->trunk) ? pool->vlans : pool->trunk;
}

static inline bool pf_pool_in_vlan(const struct pf_pool *pool, u32 vid)
{
	const u32 *vlans = pf_pool_vlans(pool);

	return vlans ? pf_bits_test(vlans, vid) : vid == pool->port_vid;
}

/* Its frames flow: the PF always, a VF once it has said RESET. */
static inline bool pf_policy_is_live(const struct pf_policy *p, u32 pool)
{
	return pool == p->nr_vfs ||
	       (p->pool[pool].ready && p->pool[pool].link == PF_LINK_AUTO);
}

static inline u32 pf_policy_promisc(const struct pf_policy *p, u32 pool)
{
	const struct pf_pool *w = &p->pool[pool];

	return w->promisc_host | (w->flags & BIT(PF_VF_TRUST) ? w->promisc_guest : 0);
}

/**
 * struct pf_copy - all that one target gets copies of
 * @in: pools, bitmap: what they receive
 * @out: pools: what they send
 * @uplink: what comes from the wire
 * @downlink: what goes to the wire
 * @slots: VLVF entries, bitmap: what is in those VLANs
 */
struct pf_copy {
	u8 in;
	u8 out;
	bool uplink;
	bool downlink;
	u32 slots;
};

static inline bool pf_copy_any(const struct pf_copy *c)
{
	return c->in || c->out || c->uplink || c->downlink || c->slots;
}

void pf_mirror_resolve(const struct pf_policy *p, u32 target, struct pf_copy *c);
void pf_mirror_prepare_target(const struct pf_policy *p, struct pf_tables *t, u32 target);
int pf_mirror_rules(const struct pf_policy *p, struct pf_tables *t);
void pf_mirror_replicate(const struct pf_policy *p, struct pf_tables *t);
void pf_tables_open_unicast(const struct pf_policy *p, struct pf_tables *t, u32 pool);
void pf_tables_open_multicast(const struct pf_policy *p, struct pf_tables *t, u32 pool);

#endif /* PF_POLICY_OPS_H */
