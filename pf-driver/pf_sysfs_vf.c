// SPDX-License-Identifier: GPL-2.0-only
/* Files of sriov/N/ that say what the VF is and may. */
#include <linux/etherdevice.h>
#include "pf_bits.h"
#include "pf_sysfs.h"

/* After an operation of the policy that was granted, the chip follows. */
static int done(struct pf_vf_dir *d, int err)
{
	if (!err)
		pf_apply(d->pf);
	return err;
}

static ssize_t flag_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return pf_sysfs_show_bool(page, pf_policy_has_flag(d->pf->policy, d->index, f->which));
}

static int flag_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
		      const char *line, size_t len)
{
	bool on;
	int err = pf_line_bool(line, len, &on);

	return err ? err : done(d, pf_policy_vf_flag(d->pf->policy, d->index, f->which, on));
}

PF_FILE(trust, 0644, flag_show, flag_store, PF_VF_TRUST);
PF_FILE(mac_anti_spoof, 0644, flag_show, flag_store, PF_VF_SPOOF_MAC);
PF_FILE(vlan_anti_spoof, 0644, flag_show, flag_store, PF_VF_SPOOF_VLAN);
PF_FILE(allow_untagged, 0644, flag_show, flag_store, PF_VF_UNTAGGED);
PF_FILE(allow_bcast, 0644, flag_show, flag_store, PF_VF_BCAST);
PF_FILE(vlan_strip, 0644, flag_show, flag_store, PF_VF_STRIP);

static ssize_t mac_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return sysfs_emit(page, "%pM\n", pf_policy_vf_current_mac(d->pf->policy, d->index));
}

static int mac_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
		     const char *line, size_t len)
{
	u8 mac[ETH_ALEN];
	int err = pf_line_mac(line, len, mac);

	return err ? err : done(d, pf_policy_vf_mac(d->pf->policy, d->index, mac));
}

PF_FILE_RW(mac);

static ssize_t mac_list_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	const struct pf_policy *p = d->pf->policy;
	ssize_t n = 0;
	u32 i;

	for (i = 0; i < HW_RARS_MAX; i++)
		if (p->rar[i].kind == PF_RAR_HOST && p->rar[i].pool == d->index)
			n += sysfs_emit_at(page, n, "%s%pM", n ? "," : "", p->rar[i].mac);
	return n ? n + sysfs_emit_at(page, n, "\n") : 0;
}

static int mac_list_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			  const char *line, size_t len)
{
	u8 macs[PF_LINE_MACS][6];
	bool add;
	u32 nr;
	int err = pf_line_add_macs(line, len, &add, macs, &nr);

	return err ? err : done(d, pf_policy_vf_filters(d->pf->policy, d->index, macs[0],
							nr, add));
}

PF_FILE_RW(mac_list);

static ssize_t promisc_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	static const char *const text[] = { "off", "ucast", "mcast", "ucast, mcast" };

	return sysfs_emit(page, "%s\n",
			  text[d->pf->policy->pool[d->index].promisc_host & PF_PROMISC_ALL]);
}

static int promisc_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			 const char *line, size_t len)
{
	static const char *const words[] = { "ucast", "mcast" };
	u32 is = d->pf->policy->pool[d->index].promisc_host, which;
	bool add;
	int err = pf_line_add_word(line, len, words, ARRAY_SIZE(words), &add, &which);

	if (err)
		return err;
	is = add ? is | BIT(which) : is & ~BIT(which);
	return done(d, pf_policy_vf_promisc(d->pf->policy, d->index, is));
}

PF_FILE_RW(promisc);

static int set_link(struct pf_vf_dir *d, enum pf_vf_link link)
{
	int err = done(d, pf_policy_vf_link(d->pf->policy, d->index, link));

	if (!err)
		pf_vf_announce(d->pf, d->index);
	return err;
}

/* State, not policy: that is what the original shows. */
static ssize_t link_state_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	const struct pf_dev *pf = d->pf;

	if (!pf->link || pf->policy->pool[d->index].link == PF_LINK_DISABLE)
		return sysfs_emit(page, "down\n");
	return sysfs_emit(page, pf->link_mbps == 1000 ? "up, 1 Gbps\n" : "up, %u Mbps\n",
			  pf->link_mbps);
}

static int link_state_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			    const char *line, size_t len)
{
	static const char *const words[] = { "auto", "disable", "enable" };
	u32 which;
	int err = pf_line_word(line, len, words, ARRAY_SIZE(words), &which);

	if (err)
		return err;
	if (which == 2)		/* the chip shows every VF the port's link */
		return -EOPNOTSUPP;
	return set_link(d, which ? PF_LINK_DISABLE : PF_LINK_AUTO);
}

PF_FILE_RW(link_state);

static ssize_t enable_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return pf_sysfs_show_bool(page, d->pf->policy->pool[d->index].link == PF_LINK_AUTO);
}

static int enable_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			const char *line, size_t len)
{
	bool on;
	int err = pf_line_bool(line, len, &on);

	return err ? err : set_link(d, on ? PF_LINK_AUTO : PF_LINK_DISABLE);
}

PF_FILE_RW(enable);

static ssize_t max_tx_rate_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return sysfs_emit(page, "%u\n", d->pf->policy->pool[d->index].tx_rate);
}

static int max_tx_rate_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			     const char *line, size_t len)
{
	u32 mbit;
	int err = pf_line_number(line, len, U32_MAX, &mbit);

	return err ? err : done(d, pf_policy_vf_rate(d->pf->policy, d->index, mbit));
}

PF_FILE_RW(max_tx_rate);

static int reset_stats_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			     const char *line, size_t len)
{
	u32 one;
	int err = pf_line_number(line, len, 1, &one);

	if (err || !one)
		return -EINVAL;
	return pf_sysfs_reset_stats(d);
}

PF_FILE(reset_stats, 0200, NULL, reset_stats_store, 0);

static struct attribute *vf_attrs[] = {
	&file_trust.attr,
	&file_mac_anti_spoof.attr,
	&file_vlan_anti_spoof.attr,
	&file_allow_untagged.attr,
	&file_allow_bcast.attr,
	&file_vlan_strip.attr,
	&file_mac.attr,
	&file_mac_list.attr,
	&file_promisc.attr,
	&file_link_state.attr,
	&file_enable.attr,
	&file_max_tx_rate.attr,
	&file_reset_stats.attr,
	NULL
};

const struct attribute_group pf_sysfs_vf_group = {
	.attrs = vf_attrs,
};
