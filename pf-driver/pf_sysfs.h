/* SPDX-License-Identifier: GPL-2.0-only */
/* Directory sriov/ below the PF's PCI device: what its files share. */
#ifndef PF_SYSFS_H
#define PF_SYSFS_H

#include <linux/kobject.h>
#include <linux/sysfs.h>
#include "pf.h"
#include "pf_lines.h"

/**
 * struct pf_vf_dir - sriov/ or sriov/N/
 * @kobj: the directory
 * @pf: whose
 * @index: N, or PF_LINE_PF for sriov/ itself
 * @base: counters when reset_stats was written
 */
struct pf_vf_dir {
	struct kobject kobj;
	struct pf_dev *pf;
	u32 index;
	struct pf_vf_counters base;
};

/**
 * struct pf_sysfs_file - one file
 * @attr: name and mode
 * @show: fills a page, returns bytes or negative errno; under pf->lock
 * @store: does what the line says, returns 0 or negative errno and changed
 *	nothing; under pf->lock
 */
struct pf_sysfs_file {
	struct attribute attr;
	ssize_t (*show)(struct pf_vf_dir *d, char *page);
	int (*store)(struct pf_vf_dir *d, const char *line, size_t len);
};

#define PF_FILE_RW(_name) \
	static struct pf_sysfs_file file_##_name = { \
		.attr = { .name = #_name, .mode = 0644 }, \
		.show = _name##_show, .store = _name##_store }

#define PF_FILE_RO(_name) \
	static struct pf_sysfs_file file_##_name = { \
		.attr = { .name = #_name, .mode = 0444 }, \
		.show = _name##_show }

#define PF_FILE_WO(_name) \
	static struct pf_sysfs_file file_##_name = { \
		.attr = { .name = #_name, .mode = 0200 }, \
		.store = _name##_store }

extern const struct attribute_group pf_sysfs_mirror_group;
extern const struct attribute_group pf_sysfs_pf_mirror_group;
extern const struct attribute_group pf_sysfs_vf_group;
extern const struct attribute_group pf_sysfs_chip_group;
extern const struct attribute_group pf_sysfs_qos_group;
extern const struct attribute_group pf_sysfs_stats_group;
extern const struct attribute_group pf_sysfs_pf_group;

int pf_sysfs_reset_stats(struct pf_vf_dir *d);

static inline ssize_t pf_sysfs_show_bool(char *page, bool on)
{
	return sysfs_emit(page, "%s\n", on ? "on" : "off");
}

#endif /* PF_SYSFS_H */
