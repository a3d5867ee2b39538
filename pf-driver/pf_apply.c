// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the tables of the switch, only what differs from what was written
 * last, in an order in which no frame takes a way that neither the old nor the
 * new tables give it: what closes goes first, what opens goes last.
 * Ref: 82576 8, 10, 12
 */
#include "pf_apply.h"

/**
 * struct writer - one run of pf_apply_tables()
 * @io: registers
 * @fam: the chip
 * @whole: nothing is known of what the chip has
 */
struct writer {
	const struct hw_io *io;
	const struct pf_family *fam;
	bool whole;
};

static void put(const struct writer *w, u32 reg, u32 want, u32 *have)
{
	if (!w->whole && want == *have)
		return;
	hw_wr32(w->io, reg, want);
	*have = want;
}

/* The erratum wants it said often. Ref: 82576 18 */
static void put_vfta(const struct writer *w, u32 i, u32 want, u32 *have)
{
	int n;

	if (!w->whole && want == *have)
		return;
	for (n = 0; n < w->fam->vfta_repeat; n++)
		hw_wr32(w->io, PF_VFTA(i), want);
	hw_flush_posted(w->io, PF_STATUS);
	*have = want;
}

/* Pools that lose the right to receive or send lose it now. */
static void close_pools(const struct writer *w, const struct pf_tables *want,
			struct pf_tables *have)
{
	u32 vfre = w->whole ? 0 : want->vfre & have->vfre;
	u32 vfte = w->whole ? 0 : want->vfte & have->vfte;

	put(w, PF_VFTE, vfte, &have->vfte);
	put(w, PF_VFRE, vfre, &have->vfre);
}

static void put_pools(const struct writer *w, const struct pf_tables *want,
		      struct pf_tables *have)
{
	u32 p;

	put(w, w->fam->txswc, want->dtxswc, &have->dtxswc);
	put(w, PF_RPLOLR, want->rplolr, &have->rplolr);
	put(w, PF_QDE, want->qde, &have->qde);
	for (p = 0; p < HW_POOLS; p++) {
		put(w, PF_VMVIR(p), want->vmvir[p], &have->vmvir[p]);
		put(w, PF_VMOLR(p), want->vmolr[p], &have->vmolr[p]);
		if (w->fam->dvmolr)
			put(w, PF_DVMOLR(p), want->dvmolr[p],
			    &have->dvmolr[p]);
	}
}

/* A rule whose meaning changes is off while it does. */
static void put_mirror_rules(const struct writer *w,
			     const struct pf_tables *want,
			     struct pf_tables *have)
{
	u32 r;

	for (r = 0; r < HW_MIRROR_RULES; r++) {
		if (want->vmrvm[r] != have->vmrvm[r] ||
		    want->vmrvlan[r] != have->vmrvlan[r])
			put(w, PF_VMRCTL(r), 0, &have->vmrctl[r]);
		put(w, PF_VMRVM(r), want->vmrvm[r], &have->vmrvm[r]);
		put(w, PF_VMRVLAN(r), want->vmrvlan[r], &have->vmrvlan[r]);
		put(w, PF_VMRCTL(r), want->vmrctl[r], &have->vmrctl[r]);
	}
}

/* A VLAN is let in only while its pools are known: else the default pool,
 * which is the PF's, would get its frames.
 */
static void put_vlans(const struct writer *w, const struct pf_tables *want,
		      struct pf_tables *have)
{
	u32 i;

	for (i = 0; i < HW_HASH_WORDS; i++)
		put_vfta(w, i, w->whole ? 0 : want->vfta[i] & have->vfta[i],
			 &have->vfta[i]);
	for (i = 0; i < HW_VLVFS; i++)
		put(w, PF_VLVF(i), want->vlvf[i], &have->vlvf[i]);
	for (i = 0; i < HW_HASH_WORDS; i++)
		if (want->vfta[i] != have->vfta[i])
			put_vfta(w, i, want->vfta[i], &have->vfta[i]);
}

static void put_hashes(const struct writer *w, const struct pf_tables *want,
		       struct pf_tables *have)
{
	u32 i;

	for (i = 0; i < HW_HASH_WORDS; i++) {
		put(w, PF_MTA(i), want->mta[i], &have->mta[i]);
		put(w, PF_UTA(i), want->uta[i], &have->uta[i]);
	}
}

static u32 ral_of(u32 i)
{
	return i < 16 ? PF_RAL(i) : PF_RAL_HIGH(i);
}

static u32 rah_of(u32 i)
{
	return i < 16 ? PF_RAH(i) : PF_RAH_HIGH(i);
}

/* Another address than the one that entry holds, or none any more? */
static bool rar_moves(const struct pf_tables *a, const struct pf_tables *b,
		      u32 i)
{
	u32 same = HW_RAH_AV | GENMASK(15, 0);

	return a->ral[i] != b->ral[i] || (a->rah[i] & same) != (b->rah[i] & same);
}

/*
 * Addresses that go, go first: one that moves to another entry is never in
 * two. Only the pools of an entry that stays are changed in place. Reads keep
 * bridges from joining the two halves.
 */
static void put_addresses(const struct writer *w, const struct pf_tables *want,
			  struct pf_tables *have)
{
	u32 i;

	for (i = 0; i < want->nr_rar; i++) {
		if (!w->whole && !rar_moves(want, have, i))
			continue;
		put(w, rah_of(i), 0, &have->rah[i]);
		hw_flush_posted(w->io, PF_STATUS);
		put(w, ral_of(i), want->ral[i], &have->ral[i]);
		hw_flush_posted(w->io, PF_STATUS);
	}
	for (i = 0; i < want->nr_rar; i++) {
		if (want->rah[i] == have->rah[i])
			continue;
		put(w, rah_of(i), want->rah[i], &have->rah[i]);
		hw_flush_posted(w->io, PF_STATUS);
	}
}

static void put_port(const struct writer *w, const struct pf_tables *want,
		     struct pf_tables *have)
{
	u32 v;

	put(w, PF_VT_CTL, want->vt_ctl, &have->vt_ctl);
	if (w->whole || want->rctl != have->rctl) {
		v = hw_rd32(w->io, PF_RCTL) & ~HW_RCTL_FILTERS;
		hw_wr32(w->io, PF_RCTL, v | want->rctl);
		have->rctl = want->rctl;
	}
	if (w->whole || want->vme != have->vme) {
		v = hw_rd32(w->io, PF_CTRL) & ~PF_CTRL_VME;
		hw_wr32(w->io, PF_CTRL, v | (want->vme ? PF_CTRL_VME : 0));
		have->vme = want->vme;
	}
}

static void put_rates(const struct writer *w, const struct pf_tables *want,
		      struct pf_tables *have, u32 link_mbps)
{
	u32 vf;

	for (vf = 0; vf < want->nr_vfs; vf++) {
		if (!w->whole && want->tx_rate[vf] == have->tx_rate[vf])
			continue;
		pf_hw_vf_rate(w->io, w->fam, vf, want->tx_rate[vf], link_mbps);
		have->tx_rate[vf] = want->tx_rate[vf];
	}
}

/**
 * pf_apply_tables() - Make the chip's tables what they should be
 * @io: registers
 * @fam: the chip
 * @want: tables as they should be
 * @have: tables as they were written last; equal to @want afterwards
 * @whole: the chip was reset: write everything
 * @link_mbps: speed of the port, 0: unknown
 *
 * Context: process; pf->lock held; does not sleep.
 */
void pf_apply_tables(const struct hw_io *io, const struct pf_family *fam,
		     const struct pf_tables *want, struct pf_tables *have,
		     bool whole, u32 link_mbps)
{
	const struct writer w = { .io = io, .fam = fam, .whole = whole };
	const struct writer open = { .io = io, .fam = fam };

	close_pools(&w, want, have);
	put_pools(&w, want, have);
	put_mirror_rules(&w, want, have);
	put_addresses(&w, want, have);
	put_hashes(&w, want, have);
	put_vlans(&w, want, have);
	put_port(&w, want, have);
	put_rates(&w, want, have, link_mbps);
	put(&open, PF_VFRE, want->vfre, &have->vfre);
	put(&open, PF_VFTE, want->vfte, &have->vfte);
	have->nr_rar = want->nr_rar;
	have->nr_vfs = want->nr_vfs;
}

/**
 * pf_apply_close_pool() - Nothing to or from this pool until the next apply
 * @io: registers
 * @have: tables as they were written last
 * @pool: a VF that was reset, or is about to be cleaned
 *
 * The chip closes the pool by itself when the VF is reset: written in any
 * case, so that @have is true again.
 */
void pf_apply_close_pool(const struct hw_io *io, struct pf_tables *have,
			 unsigned int pool)
{
	have->vfte &= ~BIT(pool);
	have->vfre &= ~BIT(pool);
	hw_wr32(io, PF_VFTE, have->vfte);
	hw_wr32(io, PF_VFRE, have->vfre);
}
