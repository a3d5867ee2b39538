// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs hpcap_pf/<PCI address>/: "tables", what the policy wants beside what
 * the chip has; "leases", each mirror with what it cannot see.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "pf.h"
#include "pf_lines.h"
#include "pf_policy_ops.h"

static struct dentry *root;

/* UTA reads 0 in QEMU's model, VFTA is not to be trusted on i350. */
static void line(struct seq_file *s, const char *name, u32 i, u32 want, u32 has)
{
	seq_printf(s, "%-8s %3u  %08x %08x%s\n", name, i, want, has,
		   want == has ? "" : "  differs");
}

static void words(struct seq_file *s, struct pf_dev *pf, const char *name, const u32 *want,
		  u32 nr, u32 first, u32 stride)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		u32 has = hw_rd32(&pf->io, first + stride * i);

		if (want[i] || has)
			line(s, name, i, want[i], has);
	}
}

static void addresses(struct seq_file *s, struct pf_dev *pf, const struct pf_tables *t)
{
	u32 i;

	for (i = 0; i < t->nr_rar; i++) {
		bool low = i < 16;
		u32 ral = hw_rd32(&pf->io, low ? PF_RAL(i) : PF_RAL_HIGH(i));
		u32 rah = hw_rd32(&pf->io, low ? PF_RAH(i) : PF_RAH_HIGH(i));

		if (!(t->rah[i] | rah))
			continue;
		line(s, "RAL", i, t->ral[i], ral);
		line(s, "RAH", i, t->rah[i], rah);
	}
}

static void pools(struct seq_file *s, struct pf_dev *pf, const struct pf_tables *t)
{
	words(s, pf, "VMOLR", t->vmolr, t->nr_vfs + 1, PF_VMOLR(0), 4);
	words(s, pf, "VMVIR", t->vmvir, t->nr_vfs + 1, PF_VMVIR(0), 4);
	if (pf->policy->chip == PF_CHIP_I350)
		words(s, pf, "DVMOLR", t->dvmolr, t->nr_vfs + 1, PF_DVMOLR(0), 0x40);
	words(s, pf, "VLVF", t->vlvf, HW_VLVFS, PF_VLVF(0), 4);
	words(s, pf, "VMRCTL", t->vmrctl, HW_MIRROR_RULES, PF_VMRCTL(0), 4);
	words(s, pf, "VMRVLAN", t->vmrvlan, HW_MIRROR_RULES, PF_VMRVLAN(0), 4);
	words(s, pf, "VMRVM", t->vmrvm, HW_MIRROR_RULES, PF_VMRVM(0), 4);
}

static int tables_show(struct seq_file *s, void *unused)
{
	struct pf_dev *pf = s->private;
	const struct pf_tables *t = &pf->policy->tables;
	u32 txswc = pf->policy->chip == PF_CHIP_I350 ? PF_TXSWC : PF_DTXSWC;

	mutex_lock(&pf->lock);
	if (!pf->port_up || pf->gone) {
		seq_puts(s, "the port is not up\n");
		goto out;
	}
	seq_puts(s, "table    no.  wanted   chip\n");
	addresses(s, pf, t);
	if (t->nr_vfs) {
		pools(s, pf, t);
		line(s, "VT_CTL", 0, t->vt_ctl, hw_rd32(&pf->io, PF_VT_CTL));
		line(s, "DTXSWC", 0, t->dtxswc, hw_rd32(&pf->io, txswc));
		line(s, "RPLOLR", 0, t->rplolr, hw_rd32(&pf->io, PF_RPLOLR));
		line(s, "VFRE", 0, t->vfre, hw_rd32(&pf->io, PF_VFRE));
		line(s, "VFTE", 0, t->vfte, hw_rd32(&pf->io, PF_VFTE));
		line(s, "QDE", 0, t->qde, hw_rd32(&pf->io, PF_QDE));
	}
	line(s, "RCTL", 0, t->rctl, hw_rd32(&pf->io, PF_RCTL) & (u32)HW_RCTL_FILTERS);
	words(s, pf, "MTA", t->mta, HW_HASH_WORDS, PF_MTA(0), 4);
	words(s, pf, "VFTA", t->vfta, HW_HASH_WORDS, PF_VFTA(0), 4);
	seq_printf(s, "UTA      %s (not readable in every chip)\n",
		   t->uta[0] ? "all ones" : "zero");
out:
	mutex_unlock(&pf->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(tables);

static void lease(struct seq_file *s, struct pf_dev *pf, const struct pf_lease *l)
{
	const struct pf_mirror *m = &l->mirror;
	u32 caveats = pf_mirror_caveats(pf->policy, m), i;
	char vlans[192];
	size_t n = pf_line_show_vids(m->vlans, vlans, sizeof(vlans) - 1);

	vlans[n] = 0;
	seq_printf(s, "mirror %u: %s vfs %#x pf %d uplink %d downlink %d vlans %s dir %u targets %#x\n",
		   m->id, pf_lease_end_text(l->end), m->vfs, m->pf, m->uplink, m->downlink,
		   n ? vlans : "-", m->dir, m->targets);
	seq_printf(s, "  owner \"%s\" reason \"%s\" frames %llu bytes %llu\n", l->owner, l->reason,
		   l->frames, l->bytes);
	for (i = 0; l->end == PF_END_NONE && i < PF_CAVEATS; i++)
		if (caveats & BIT(i))
			seq_printf(s, "  %s\n", pf_mirror_text(i));
}

static int leases_show(struct seq_file *s, void *unused)
{
	struct pf_dev *pf = s->private;
	const struct pf_lease_book *b = pf->faces.leases;
	const struct pf_lease *l;
	u64 i;

	mutex_lock(&pf->lock);
	for (i = 0; i < PF_MIRRORS; i++)
		if (b->running[i].mirror.id)
			lease(s, pf, &b->running[i]);
	for (i = 0; i < min_t(u64, b->nr_ended, PF_LEASE_HISTORY); i++) {
		l = pf_lease_ended(b, b->nr_ended - 1 - i);
		if (l)
			lease(s, pf, l);
	}
	mutex_unlock(&pf->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(leases);

/**
 * pf_debugfs_init() - Directory of all PFs
 */
void pf_debugfs_init(void)
{
	root = debugfs_create_dir("hpcap_pf", NULL);
}

/**
 * pf_debugfs_exit() - And away
 */
void pf_debugfs_exit(void)
{
	debugfs_remove(root);
}

/**
 * pf_debugfs_add() - Directory of one PF
 * @pf: the device
 */
void pf_debugfs_add(struct pf_dev *pf)
{
	pf->faces.debugfs = debugfs_create_dir(pci_name(pf->pdev), root);
	debugfs_create_file("tables", 0400, pf->faces.debugfs, pf, &tables_fops);
	debugfs_create_file("leases", 0400, pf->faces.debugfs, pf, &leases_fops);
}

/**
 * pf_debugfs_remove() - And away, when nobody reads any more
 * @pf: the device
 */
void pf_debugfs_remove(struct pf_dev *pf)
{
	debugfs_remove(pf->faces.debugfs);
}
