// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of sriov/ about what the chip can and has: counters, limits, and those
 * names of the original that this chip cannot fill: they say EOPNOTSUPP.
 */
#include "pf_bits.h"
#include "pf_policy_ops.h"
#include "pf_sysfs.h"

static int cannot_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			const char *line, size_t len)
{
	return -EOPNOTSUPP;
}

static ssize_t cannot_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return -EOPNOTSUPP;
}

/* Switching inside is the whole port's: one VF alone cannot leave it. */
static int loopback_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			  const char *line, size_t len)
{
	bool on;
	int err = pf_line_bool(line, len, &on);

	if (err)
		return err;
	return on == d->pf->policy->loopback ? 0 : -EOPNOTSUPP;
}

static ssize_t loopback_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return pf_sysfs_show_bool(page, d->pf->policy->loopback);
}

PF_FILE_RW(loopback);

static ssize_t num_queues_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return sysfs_emit(page, "%u\n", d->pf->policy->chip == PF_CHIP_I350 ? 1 : 2);
}

PF_FILE(num_queues, 0644, num_queues_show, cannot_store, 0);

static ssize_t queue_type_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return sysfs_emit(page, "0\n");
}

PF_FILE(queue_type, 0644, queue_type_show, cannot_store, 0);
PF_FILE(min_tx_rate, 0644, cannot_show, cannot_store, 0);

static struct attribute *chip_attrs[] = {
	&file_loopback.attr,
	&file_num_queues.attr,
	&file_queue_type.attr,
	&file_min_tx_rate.attr,
	NULL
};

const struct attribute_group pf_sysfs_chip_group = {
	.attrs = chip_attrs,
};

PF_FILE(share, 0644, cannot_show, cannot_store, 0);

static struct attribute *qos_attrs[] = {
	&file_share.attr,
	NULL
};

const struct attribute_group pf_sysfs_qos_group = {
	.name = "qos",
	.attrs = qos_attrs,
};

static u64 field(const struct pf_vf_counters *c, u32 offset)
{
	return *(const u64 *)((const u8 *)c + offset);
}

static ssize_t stat_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	struct pf_vf_counters c;

	pf_vf_counters(d->pf, d->index, &c);
	return sysfs_emit(page, "%llu\n", field(&c, f->which) - field(&d->base, f->which));
}

PF_FILE(rx_packets, 0444, stat_show, NULL, offsetof(struct pf_vf_counters, rx_frames));
PF_FILE(rx_bytes, 0444, stat_show, NULL, offsetof(struct pf_vf_counters, rx_bytes));
PF_FILE(rx_dropped, 0444, stat_show, NULL, offsetof(struct pf_vf_counters, rx_dropped));
PF_FILE(tx_packets, 0444, stat_show, NULL, offsetof(struct pf_vf_counters, tx_frames));
PF_FILE(tx_bytes, 0444, stat_show, NULL, offsetof(struct pf_vf_counters, tx_bytes));
PF_FILE(tx_dropped, 0444, cannot_show, NULL, 0);
PF_FILE(tx_errors, 0444, cannot_show, NULL, 0);
PF_FILE(tx_spoofed, 0444, cannot_show, NULL, 0);

/**
 * pf_sysfs_reset_stats() - Let stats/ count from zero
 * @d: directory of a VF
 *
 * Return: 0.
 */
int pf_sysfs_reset_stats(struct pf_vf_dir *d)
{
	pf_vf_counters(d->pf, d->index, &d->base);
	return 0;
}

static struct attribute *stats_attrs[] = {
	&file_rx_packets.attr,
	&file_rx_bytes.attr,
	&file_rx_dropped.attr,
	&file_tx_packets.attr,
	&file_tx_bytes.attr,
	&file_tx_dropped.attr,
	&file_tx_errors.attr,
	&file_tx_spoofed.attr,
	NULL
};

const struct attribute_group pf_sysfs_stats_group = {
	.name = "stats",
	.attrs = stats_attrs,
};

static ssize_t tpid_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return sysfs_emit(page, "8100\n");
}

PF_FILE(tpid, 0644, tpid_show, cannot_store, 0);

static ssize_t taas_compat_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	return pf_sysfs_show_bool(page, d->pf->faces.taas_compat);
}

static int taas_compat_store(struct pf_vf_dir *d, const struct pf_sysfs_file *f,
			     const char *line, size_t len)
{
	bool on;
	int err = pf_line_bool(line, len, &on);

	if (!err)
		d->pf->faces.taas_compat = on;
	return err;
}

PF_FILE_RW(taas_compat);

/* What the chip has of each kind, and how much of it is free. */
static ssize_t caps_show(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page)
{
	const struct pf_policy *p = d->pf->policy;
	bool rules = p->backend == PF_BACKEND_RULES;
	struct pf_room room;
	ssize_t n;

	pf_policy_room(p, &room);
	n = sysfs_emit(page, "mirror_backend %s\n", rules ? "rules" : "replicate");
	n += sysfs_emit_at(page, n, "mirrors_total %u\nmirrors_free %u\n", PF_MIRRORS,
			   room.mirrors);
	n += sysfs_emit_at(page, n, "rules_total %u\nrules_free %u\n",
			   rules ? HW_MIRROR_RULES : 0, room.rules);
	n += sysfs_emit_at(page, n, "addresses_total %u\naddresses_free %u\n",
			   pf_policy_nr_rar(p), room.addresses);
	return n + sysfs_emit_at(page, n, "vlans_total %u\nvlans_free %u\n", HW_VLVFS - 1,
				 room.vlans);
}

PF_FILE_RO(caps);

static struct attribute *pf_attrs[] = {
	&file_tpid.attr,
	&file_taas_compat.attr,
	&file_caps.attr,
	NULL
};

const struct attribute_group pf_sysfs_pf_group = {
	.attrs = pf_attrs,
};
