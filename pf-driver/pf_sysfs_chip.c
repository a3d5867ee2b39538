// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files of sriov/ about what the chip can and has: counters, limits, and those
 * names of the original that this chip cannot fill: they say EOPNOTSUPP.
 */
#include "pf_bits.h"
#include "pf_policy_ops.h"
#include "pf_sysfs.h"

static int cannot_store(struct pf_vf_dir *d, const char *line, size_t len)
{
	return -EOPNOTSUPP;
}

static ssize_t cannot_show(struct pf_vf_dir *d, char *page)
{
	return -EOPNOTSUPP;
}

#define loopback_store		only_on_store
#define num_queues_store	cannot_store
#define queue_type_store	cannot_store
#define min_tx_rate_show	cannot_show
#define min_tx_rate_store	cannot_store
#define share_show		cannot_show
#define share_store		cannot_store
#define tpid_store		cannot_store

/* Switching inside is the whole port's: one VF alone cannot leave it. */
static int only_on_store(struct pf_vf_dir *d, const char *line, size_t len)
{
	bool on;
	int err = pf_line_bool(line, len, &on);

	if (err)
		return err;
	return on == d->pf->policy->loopback ? 0 : -EOPNOTSUPP;
}

static ssize_t loopback_show(struct pf_vf_dir *d, char *page)
{
	return pf_sysfs_show_bool(page, d->pf->policy->loopback);
}
PF_FILE_RW(loopback);

static ssize_t num_queues_show(struct pf_vf_dir *d, char *page)
{
	return sysfs_emit(page, "%u\n", d->pf->policy->chip == PF_CHIP_I350 ? 1 : 2);
}
PF_FILE_RW(num_queues);

static ssize_t queue_type_show(struct pf_vf_dir *d, char *page)
{
	return sysfs_emit(page, "0\n");
}
PF_FILE_RW(queue_type);
PF_FILE_RW(min_tx_rate);

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

PF_FILE_RW(share);

static struct attribute *qos_attrs[] = {
	&file_share.attr,
	NULL
};

const struct attribute_group pf_sysfs_qos_group = {
	.name = "qos",
	.attrs = qos_attrs,
};

#define STAT_FILE(_name, _field) \
static ssize_t _name##_show(struct pf_vf_dir *d, char *page) \
{ \
	struct pf_vf_counters c; \
	pf_vf_counters(d->pf, d->index, &c); \
	return sysfs_emit(page, "%llu\n", c._field - d->base._field); \
} \
PF_FILE_RO(_name)

STAT_FILE(rx_packets, rx_frames);
STAT_FILE(rx_bytes, rx_bytes);
STAT_FILE(rx_dropped, rx_dropped);
STAT_FILE(tx_packets, tx_frames);
STAT_FILE(tx_bytes, tx_bytes);

#define tx_dropped_show	cannot_show
#define tx_errors_show	cannot_show
#define tx_spoofed_show	cannot_show
PF_FILE_RO(tx_dropped);
PF_FILE_RO(tx_errors);
PF_FILE_RO(tx_spoofed);

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

static ssize_t tpid_show(struct pf_vf_dir *d, char *page)
{
	return sysfs_emit(page, "8100\n");
}
PF_FILE_RW(tpid);

static ssize_t taas_compat_show(struct pf_vf_dir *d, char *page)
{
	return pf_sysfs_show_bool(page, d->pf->faces.taas_compat);
}

static int taas_compat_store(struct pf_vf_dir *d, const char *line, size_t len)
{
	bool on;
	int err = pf_line_bool(line, len, &on);

	if (!err)
		d->pf->faces.taas_compat = on;
	return err;
}
PF_FILE_RW(taas_compat);

/* What the chip has of each kind, and how much of it is free. */
static ssize_t caps_show(struct pf_vf_dir *d, char *page)
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
