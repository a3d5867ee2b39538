// SPDX-License-Identifier: GPL-2.0-or-later
/* Which PCI functions go to a VM together, and which must not go. */
#include <errno.h>
#include <string.h>
#include "plan_parts.h"

static bool has_device(const struct plan *p, const struct host_pci *d)
{
	for (unsigned int i = 0; i < p->nr_devices; i++)
		if (p->device[i] == d)
			return true;
	return false;
}

/* The host's own disks and interfaces with addresses stay where they are. */
static int may_leave(const struct host *h, const struct host_pci *d, struct plan *p)
{
	const struct host_disk *used = host_used_disk(h, d->bdf);

	if (used) {
		plan_why(p, "%s %s stays: its disk %s is %s", host_kind_name(d->kind), d->bdf,
			 used->name, used->use);
		return -EBUSY;
	}
	if (d->vfs) {
		plan_why(p, "PF %s stays: it has %d VFs (hpcapctl vf create %s 0)", d->bdf,
			 d->vfs, d->bdf);
		return -EBUSY;
	}
	return 0;
}

static int add_group(const struct host *h, const struct host_pci *wanted, struct plan *p)
{
	unsigned int before = p->nr_devices;
	int err;

	if (wanted->group < 0) {
		plan_why(p,
			 "%s is in no IOMMU group: it cannot be passed through (see: hpcapctl"
			 " doctor)",
			 wanted->bdf);
		return -EOPNOTSUPP;
	}
	for (unsigned int i = 0; i < h->nr_pci; i++) {
		const struct host_pci *d = &h->pci[i];

		if (d->group != wanted->group || d->kind == HOST_BRIDGE || has_device(p, d))
			continue;
		err = may_leave(h, d, p);
		if (err)
			return err;
		if (p->nr_devices == PLAN_MAX_DEVICES) {
			plan_why(p, "IOMMU group %d has too many functions", d->group);
			return -EOPNOTSUPP;
		}
		p->device[p->nr_devices++] = d;
	}
	if (p->nr_devices > before + 1)
		plan_why(p, "%s goes with %u more functions of its IOMMU group %d", wanted->bdf,
			 p->nr_devices - before - 1, wanted->group);
	return 0;
}

int plan_devices(const struct host *h, const struct plan_want *w, struct plan *p)
{
	int err = add_group(h, w->nic, p);

	if (!err && w->storage && !has_device(p, w->storage))
		err = add_group(h, w->storage, p);
	return err;
}
