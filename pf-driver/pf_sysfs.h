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
 * @which: for functions that serve several files
 */
struct pf_sysfs_file {
	struct attribute attr;
	ssize_t (*show)(struct pf_vf_dir *d, const struct pf_sysfs_file *f, char *page);
	int (*store)(struct pf_vf_dir *d, const struct pf_sysfs_file *f, const char *line,
		     size_t len);
	u32 which;
};

#define PF_FILE(_name, _mode, _show, _store, _which) \
	static struct pf_sysfs_file file_##_name = { \
		.attr = { .name = #_name, .mode = (_mode) }, \
		.show = (_show), .store = (_store), .which = (_which) }

#define PF_FILE_RW(_name)	PF_FILE(_name, 0644, _name##_show, _name##_store, 0)
#define PF_FILE_RO(_name)	PF_FILE(_name, 0444, _name##_show, NULL, 0)

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
