// SPDX-License-Identifier: GPL-2.0-only
/*
 * ingress_mirror, egress_mirror, vlan_mirror of a VF and of the PF: intent, as
 * lines made it; and beside each its _state: who gets copies now, by any lease.
 */
#include "pf_bits.h"
#include "pf_sysfs.h"

static int change(struct pf_vf_dir *d, const char *line, size_t len, u8 dir)
{
	struct pf_dev *pf = d->pf;
	struct pf_face_change c;
	u32 target;
	bool add;
	int err;

	err = pf_line_add_number(line, len, HW_VFS_MAX - 1, &add, &target);
	if (err)
		return err;
	if (!pf->faces.open)
		return -EAGAIN;
	pf_faces_begin(pf, &c);
	err = pf_line_mirror(&(struct pf_line_env){
		.book = pf->faces.leases, .policy = pf->policy,
		.counts = c.counts, .now_ms = c.now_ms,
	}, d->index, dir, target, add);
	if (!err)
		pf_faces_settle(pf, &c);
	return err;
}

static ssize_t show_targets(struct pf_vf_dir *d, char *page, u8 dir, bool state)
{
	u32 targets = pf_line_targets(d->pf->faces.leases, d->index, dir, state), i;
	const struct pf_policy *p = d->pf->policy;
	ssize_t n = 0;

	if (!targets)
		return sysfs_emit(page, "off\n");
	for (i = 0; i < p->nr_vfs; i++) {
		bool live = p->pool[i].ready && p->pool[i].link == PF_LINK_AUTO;

		if (targets >> i & 1)
			n += sysfs_emit_at(page, n, "%s%u%s", n ? "," : "", i,
					   state && !live ? " (waiting)" : "");
	}
	return n + sysfs_emit_at(page, n, "\n");
}

static ssize_t ingress_mirror_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
				   char *page)
{
	return show_targets(d, page, PF_DIR_IN, false);
}

static int ingress_mirror_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
				const char *line, size_t len)
{
	return change(d, line, len, PF_DIR_IN);
}

PF_FILE_RW(ingress_mirror);

static ssize_t ingress_mirror_state_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
					 char *page)
{
	return show_targets(d, page, PF_DIR_IN, true);
}

PF_FILE_RO(ingress_mirror_state);

static ssize_t egress_mirror_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
				  char *page)
{
	return show_targets(d, page, PF_DIR_OUT, false);
}

static int egress_mirror_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			       const char *line, size_t len)
{
	return change(d, line, len, PF_DIR_OUT);
}

PF_FILE_RW(egress_mirror);

static ssize_t egress_mirror_state_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
					char *page)
{
	return show_targets(d, page, PF_DIR_OUT, true);
}

PF_FILE_RO(egress_mirror_state);

/* An empty set is an empty file, as the original has it. */
static ssize_t show_vids(const u32 *vids, char *page)
{
	size_t n = vids ? pf_line_show_vids(vids, page, PAGE_SIZE - 1) : 0;

	if (n)
		page[n++] = '\n';
	return n;
}

static ssize_t vlan_mirror_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return show_vids(pf_line_vlans(d->pf->faces.leases, d->index), page);
}

static int vlan_mirror_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			     const char *line, size_t len)
{
	struct pf_dev *pf = d->pf;
	struct pf_face_change c;
	u32 vids[HW_HASH_WORDS];
	bool add;
	int err;

	err = pf_line_add_vids(line, len, &add, vids);
	if (err)
		return err;
	if (!pf->faces.open)
		return -EAGAIN;
	pf_faces_begin(pf, &c);
	err = pf_line_vlan_mirror(&(struct pf_line_env){
		.book = pf->faces.leases, .policy = pf->policy,
		.counts = c.counts, .now_ms = c.now_ms,
	}, d->index, vids, add, pf->faces.taas_compat);
	if (!err)
		pf_faces_settle(pf, &c);
	return err;
}

PF_FILE_RW(vlan_mirror);

/* VLANs that any lease copies to this VF, and whether it takes them now. */
static ssize_t vlan_mirror_state_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
				      char *page)
{
	const struct pf_policy *p = d->pf->policy;
	u32 vids[HW_HASH_WORDS] = { 0 }, i;
	ssize_t n;

	for (i = 0; i < PF_MIRRORS; i++)
		if (p->mirror[i].id && p->mirror[i].targets & BIT(d->index))
			pf_bits_or(vids, p->mirror[i].vlans);
	if (pf_bits_empty(vids))
		return 0;
	n = pf_line_show_vids(vids, page, PAGE_SIZE - 16);
	return n + sysfs_emit_at(page, n, "%s\n",
				 p->pool[d->index].ready ? "" : " (waiting)");
}

PF_FILE_RO(vlan_mirror_state);

static ssize_t trunk_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return show_vids(d->pf->policy->pool[d->index].trunk, page);
}

static int trunk_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
		       const char *line, size_t len)
{
	u32 vids[HW_HASH_WORDS];
	bool add;
	int err;

	err = pf_line_add_vids(line, len, &add, vids);
	if (!err)
		err = pf_policy_vf_trunk(d->pf->policy, d->index, vids, add);
	if (!err)
		pf_apply(d->pf);
	return err;
}

PF_FILE_RW(trunk);

static struct attribute *mirror_attrs[] = {
	&file_ingress_mirror.attr,
	&file_ingress_mirror_state.attr,
	&file_egress_mirror.attr,
	&file_egress_mirror_state.attr,
	&file_vlan_mirror.attr,
	&file_vlan_mirror_state.attr,
	&file_trunk.attr,
	NULL
};

const struct attribute_group pf_sysfs_mirror_group = {
	.attrs = mirror_attrs,
};

static struct attribute *pf_mirror_attrs[] = {
	&file_ingress_mirror.attr,
	&file_ingress_mirror_state.attr,
	&file_egress_mirror.attr,
	&file_egress_mirror_state.attr,
	NULL
};

const struct attribute_group pf_sysfs_pf_mirror_group = {
	.attrs = pf_mirror_attrs,
};
