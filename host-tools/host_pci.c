// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts about PCI functions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host.h"

#define PCI "/sys/bus/pci/devices/"

/* Ref: PCI class codes, base class and subclass */
static enum host_kind kind_of(unsigned int class)
{
	switch (class >> 8) {
	case 0x0104:
		return HOST_RAID;
	case 0x0108:
		return HOST_NVME;
	case 0x0200:
		return HOST_NIC;
	}
	switch (class >> 16) {
	case 0x01:
		return HOST_STORAGE;
	case 0x02:
		return HOST_NIC;
	case 0x06:
		return HOST_BRIDGE;
	default:
		return HOST_OTHER;
	}
}

static bool first_name(const char *name, void *arg)
{
	snprintf(arg, HOST_NAME, "%.31s", name);
	return false;
}

struct vf_search {
	const char *pf;
	const char *vf;
	int index;
};

static bool is_virtfn(const char *name, void *arg)
{
	struct vf_search *s = arg;
	char target[64];

	if (strncmp(name, "virtfn", 6))
		return true;
	sysfs_link(target, sizeof(target), PCI "%s/%s", s->pf, name);
	if (strcmp(target, s->vf))
		return true;
	s->index = atoi(name + 6);
	return false;
}

static int vf_index(const char *pf, const char *vf)
{
	struct vf_search s = {.pf = pf, .vf = vf, .index = -1};
	char path[128];

	snprintf(path, sizeof(path), PCI "%s", pf);
	sysfs_each(path, is_virtfn, &s);
	return s.index;
}

/* Only of what stands in the way of others, or is given away. */
static void read_acs(struct host_pci *p)
{
	uint8_t config[ACS_CONFIG];

	if (p->kind == HOST_OTHER || *p->pf)
		return;
	acs_read(config, sysfs_bytes(config, sizeof(config), PCI "%s/config", p->bdf), &p->acs);
}

static bool one_function(const char *name, void *arg)
{
	struct host *h = arg;
	struct host_pci *p = &h->pci[h->nr_pci];
	char group[16], path[128];

	if (strlen(name) >= sizeof(p->bdf))
		return true;
	snprintf(p->bdf, sizeof(p->bdf), "%.15s", name);
	p->kind = kind_of((unsigned int)sysfs_number(0, PCI "%s/class", name));
	p->vendor = (unsigned int)sysfs_number(0, PCI "%s/vendor", name);
	p->device = (unsigned int)sysfs_number(0, PCI "%s/device", name);
	p->node = (int)sysfs_number(-1, PCI "%s/numa_node", name);
	p->group =
		sysfs_link(group, sizeof(group), PCI "%s/iommu_group", name) ? atoi(group) : -1;
	sysfs_link(p->driver, sizeof(p->driver), PCI "%s/driver", name);
	snprintf(path, sizeof(path), PCI "%s/net", name);
	sysfs_each(path, first_name, p->netdev);
	sysfs_link(p->pf, sizeof(p->pf), PCI "%s/physfn", name);
	p->vf_index = *p->pf ? vf_index(p->pf, name) : -1;
	p->vfs_total = (int)sysfs_number(0, PCI "%s/sriov_totalvfs", name);
	p->vfs = (int)sysfs_number(0, PCI "%s/sriov_numvfs", name);
	p->autoprobe = sysfs_number(0, PCI "%s/sriov_drivers_autoprobe", name) == 1;
	sysfs_read(p->reset, sizeof(p->reset), PCI "%s/reset_method", name);
	read_acs(p);
	h->nr_pci++;
	return h->nr_pci < HOST_MAX_PCI;
}

void host_read_pci(struct host *h)
{
	sysfs_each("/sys/bus/pci/devices", one_function, h);
}
