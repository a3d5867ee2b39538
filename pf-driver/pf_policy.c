// SPDX-License-Identifier: GPL-2.0-only
/* The pool policy: its life, its operations' frame, and the PF's own wishes. */
#include "pf_policy_ops.h"

static void pool_defaults(struct pf_pool *w)
{
	memset(w, 0, sizeof(*w));
	w->flags = BIT(PF_VF_UNTAGGED) | BIT(PF_VF_BCAST);
	w->frame_max = PF_FRAME_DEFAULT;
}

/* Addresses that belong to a pool whatever happens are never given away. */
static void reserve(struct pf_policy *p, u32 pool)
{
	struct pf_rar *own = pf_policy_rar_own(p, pool);

	memset(own, 0, sizeof(*own));
	own->pool = pool;
	own->kind = PF_RAR_OWN;
}

/**
 * pf_policy_init() - A port without VFs whose PF has no address yet
 * @p: memory for it
 * @chip: which tables there are
 * @backend: how mirrors are made
 */
void pf_policy_init(struct pf_policy *p, enum pf_chip chip, enum pf_backend backend)
{
	memset(p, 0, sizeof(*p));
	p->chip = chip;
	p->backend = backend;
	p->loopback = true;
	pool_defaults(&p->pool[0]);
	reserve(p, 0);
	pf_policy_compute(p, &p->tables);
}

/**
 * pf_policy_set_vfs() - Another number of VFs
 * @p: policy
 * @nr_vfs: 0..HW_VFS_MAX
 *
 * What was wanted of VFs, and all mirrors, are forgotten; the PF keeps its
 * wishes and moves to pool @nr_vfs. Its extra addresses go if their registers
 * are now the VFs': set them again with pf_policy_pf_uc().
 *
 * Return: 0, -EINVAL for too many, -ENOSPC when the PF is in more VLANs than
 * the chip can tell apart between pools.
 */
int pf_policy_set_vfs(struct pf_policy *p, u32 nr_vfs)
{
	u32 was = p->nr_vfs, i;

	if (nr_vfs > HW_VFS_MAX)
		return -EINVAL;
	if (nr_vfs && pf_bits_count(p->pool[was].vlans) >= HW_VLVFS)
		return -ENOSPC;
	p->undo.pool = p->pool[was];
	memset(p->mirror, 0, sizeof(p->mirror));
	for (i = 0; i < nr_vfs; i++) {
		pool_defaults(&p->pool[i]);
		p->pool[i].flags |= BIT(PF_VF_SPOOF_MAC) | BIT(PF_VF_SPOOF_VLAN);
	}
	p->pool[nr_vfs] = p->undo.pool;
	for (i = 1; i < HW_RARS_MAX; i++) {
		if (p->rar[i].pool == was && p->rar[i].kind == PF_RAR_HOST &&
		    i < pf_policy_nr_rar(p) - nr_vfs)
			p->rar[i].pool = nr_vfs;
		else
			memset(&p->rar[i], 0, sizeof(p->rar[i]));
	}
	p->rar[0].pool = nr_vfs;
	p->nr_vfs = nr_vfs;
	for (i = 0; i < nr_vfs; i++)
		reserve(p, i);
	pf_policy_begin(p, nr_vfs);
	return pf_policy_commit(p, nr_vfs, 0);
}

/**
 * pf_policy_begin() - Before an operation: keep what it may change
 * @p: policy
 * @pool: the pool whose wishes change
 */
void pf_policy_begin(struct pf_policy *p, u32 pool)
{
	memcpy(p->undo.rar, p->rar, sizeof(p->rar));
	memcpy(p->undo.vid_slot, p->vid_slot, sizeof(p->vid_slot));
	p->undo.pool = p->pool[pool];
}

/* Who needs a VLVF entry: members, and mirrors that do not want all VLANs. */
static void wanted_vids(const struct pf_policy *p, u32 *vids)
{
	const u32 *of;
	u32 i;

	memset(vids, 0, HW_HASH_WORDS * sizeof(*vids));
	for (i = 0; i <= p->nr_vfs; i++) {
		of = pf_pool_vlans(&p->pool[i]);
		if (of)
			pf_bits_or(vids, of);
		else
			pf_bits_set(vids, p->pool[i].port_vid);
	}
	for (i = 0; i < PF_MIRRORS; i++)
		if (p->mirror[i].id && p->mirror[i].has_vlans &&
		    !pf_mirror_all_vlans(&p->mirror[i]))
			pf_bits_or(vids, p->mirror[i].vlans);
	pf_bits_clear(vids, 0);		/* has entry 0 for ever */
}

/* Entries stay where they are: the chip is told of changes only. */
static int place_vids(struct pf_policy *p)
{
	u32 vids[HW_HASH_WORDS];
	u32 i, slot = 1;

	if (!p->nr_vfs) {
		memset(p->vid_slot, 0, sizeof(p->vid_slot));
		return 0;
	}
	wanted_vids(p, vids);
	for (i = 1; i < HW_VLVFS; i++) {
		if (!pf_bits_test(vids, p->vid_slot[i]))
			p->vid_slot[i] = 0;
		else
			pf_bits_clear(vids, p->vid_slot[i]);
	}
	for (i = 1; i < PF_VIDS; i++) {
		if (!pf_bits_test(vids, i))
			continue;
		while (slot < HW_VLVFS && p->vid_slot[slot])
			slot++;
		if (slot == HW_VLVFS)
			return -ENOSPC;
		p->vid_slot[slot] = i;
	}
	return 0;
}

static int settle(struct pf_policy *p)
{
	int err = place_vids(p);

	return err ? err : pf_policy_compute(p, &p->undo.tables);
}

/**
 * pf_policy_commit() - After an operation: all of it, or nothing
 * @p: policy
 * @pool: as given to pf_policy_begin()
 * @err: the operation's own verdict
 *
 * Return: 0 and p->tables renewed; @err, or -ENOSPC when a table of the chip is
 * full, and everything as it was.
 */
int pf_policy_commit(struct pf_policy *p, u32 pool, int err)
{
	if (!err)
		err = settle(p);
	if (err) {
		memcpy(p->rar, p->undo.rar, sizeof(p->rar));
		memcpy(p->vid_slot, p->undo.vid_slot, sizeof(p->vid_slot));
		p->pool[pool] = p->undo.pool;
		return err;
	}
	p->tables = p->undo.tables;
	return 0;
}

/**
 * pf_policy_begin_mirror() - pf_policy_begin() for a mirror's slot
 * @p: policy
 * @slot: in p->mirror
 */
void pf_policy_begin_mirror(struct pf_policy *p, struct pf_mirror *slot)
{
	memcpy(p->undo.vid_slot, p->vid_slot, sizeof(p->vid_slot));
	p->undo.mirror = *slot;
}

/**
 * pf_policy_commit_mirror() - pf_policy_commit() for a mirror's slot
 * @p: policy
 * @slot: in p->mirror
 *
 * Return: 0, or -ENOSPC and everything as it was.
 */
int pf_policy_commit_mirror(struct pf_policy *p, struct pf_mirror *slot)
{
	int err = settle(p);

	if (err) {
		memcpy(p->vid_slot, p->undo.vid_slot, sizeof(p->vid_slot));
		*slot = p->undo.mirror;
		return err;
	}
	p->tables = p->undo.tables;
	return 0;
}

/**
 * pf_policy_rar_own() - The entry of a pool's own address
 * @p: policy
 * @pool: which
 *
 * Return: it.
 */
struct pf_rar *pf_policy_rar_own(struct pf_policy *p, u32 pool)
{
	return &p->rar[pool == p->nr_vfs ? 0 : pf_policy_nr_rar(p) - 1 - pool];
}

/**
 * pf_policy_mac_taken() - Is this address another pool's, or kept for one
 * @p: policy
 * @pool: who asks
 * @mac: address
 *
 * Return: true if so.
 */
bool pf_policy_mac_taken(const struct pf_policy *p, u32 pool, const u8 *mac)
{
	u32 i;

	for (i = 0; i < pf_policy_nr_rar(p); i++)
		if (p->rar[i].kind != PF_RAR_FREE && p->rar[i].pool != pool &&
		    !memcmp(p->rar[i].mac, mac, 6))
			return true;
	/* A trusted guest may use another one, and gets this back at a reset. */
	for (i = 0; i < p->nr_vfs; i++)
		if (i != pool && !memcmp(p->pool[i].admin_mac, mac, 6))
			return true;
	return false;
}

/**
 * pf_policy_rar_add() - One more address for a pool
 * @p: policy, inside an operation
 * @pool: whose
 * @mac: unicast
 * @kind: PF_RAR_HOST or PF_RAR_GUEST
 *
 * Return: 0 (also when it is there), -EINVAL, -EADDRINUSE, -ENOSPC.
 */
int pf_policy_rar_add(struct pf_policy *p, u32 pool, const u8 *mac, enum pf_rar_kind kind)
{
	struct pf_rar *free = NULL;
	u32 i;

	if (!pf_mac_is_unicast(mac))
		return -EINVAL;
	if (pf_policy_mac_taken(p, pool, mac))
		return -EADDRINUSE;
	for (i = 0; i < pf_policy_nr_rar(p); i++) {
		struct pf_rar *r = &p->rar[i];

		if (r->kind == kind && r->pool == pool && !memcmp(r->mac, mac, 6))
			return 0;
		if (r->kind == PF_RAR_FREE && !free)
			free = r;
	}
	if (!free)
		return -ENOSPC;
	memcpy(free->mac, mac, 6);
	free->pool = pool;
	free->kind = kind;
	return 0;
}

/**
 * pf_policy_rar_drop() - Take addresses from a pool
 * @p: policy, inside an operation
 * @pool: whose
 * @kind: PF_RAR_HOST or PF_RAR_GUEST
 * @mac: which, NULL: all of @kind
 */
void pf_policy_rar_drop(struct pf_policy *p, u32 pool, enum pf_rar_kind kind, const u8 *mac)
{
	u32 i;

	for (i = 0; i < pf_policy_nr_rar(p); i++)
		if (p->rar[i].kind == kind && p->rar[i].pool == pool &&
		    (!mac || !memcmp(p->rar[i].mac, mac, 6)))
			memset(&p->rar[i], 0, sizeof(p->rar[i]));
}

/**
 * pf_policy_free_vids() - VLVF entries that nobody uses
 * @p: policy
 *
 * Return: how many.
 */
u32 pf_policy_free_vids(const struct pf_policy *p)
{
	u32 n = 0, i;

	for (i = 1; i < HW_VLVFS; i++)
		n += !p->vid_slot[i];
	return n;
}

/**
 * pf_policy_has_vid() - Has this VLAN an entry
 * @p: policy
 * @vid: VLAN
 *
 * Return: true if so; VLAN 0 always has.
 */
bool pf_policy_has_vid(const struct pf_policy *p, u32 vid)
{
	u32 i;

	for (i = 1; i < HW_VLVFS; i++)
		if (vid && p->vid_slot[i] == vid)
			return true;
	return !vid;
}
