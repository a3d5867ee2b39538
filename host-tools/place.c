// SPDX-License-Identifier: GPL-2.0-or-later
/* From what a user writes about a VM's place to what is asked of the plan. */
#include <stdio.h>
#include <string.h>
#include "cmd.h"
#include "msg.h"
#include "place.h"

/* "vf:PF": the first VF that no domain has and no interface of the host is. */
static const struct host_pci *free_vf(const struct host *h, const struct virt_view *v,
				      const char *word, int *status)
{
	const struct host_pci *pf = cmd_find_pf(h, word, status);

	for (int i = 0; pf && i < pf->vfs; i++) {
		const struct host_pci *vf = host_find_vf(h, pf, i);

		if (vf && !virt_owner(v, vf->bdf) && !*vf->netdev &&
		    strcmp(vf->driver, "vfio-pci"))
			return vf;
	}
	if (pf)
		*status = msg_fail(EXIT_NO_RESOURCES,
				   "%s has no free VF of %d (hpcapctl vf create %s N)", word,
				   pf->vfs, word);
	return NULL;
}

static const struct host_pci *find_device(const struct host *h, const char *word, int *status)
{
	const struct host_pci *d = host_find_pci(h, word);

	if (!d)
		*status = msg_fail(EXIT_FAILED,
				   "%s: no such PCI device (see: hpcapctl inventory)", word);
	return d;
}

static int read_numbers(const struct place_opts *o, struct plan_want *w)
{
	uint64_t node = 0;

	w->vcpus = o->vcpus ? (unsigned int)o->vcpus : 4;
	w->mem_mib = o->memory ? o->memory >> 20 : 4096;
	w->node = -1;
	if (o->vcpus > PLAN_MAX_VCPUS || !w->vcpus)
		return msg_fail(EXIT_USAGE, "--vcpus: 1 to %d", PLAN_MAX_VCPUS);
	if (w->mem_mib < 256)
		return msg_fail(EXIT_USAGE, "--memory: at least 256M");
	if (o->node && (!opt_read_number(o->node, &node) || node > 4096))
		return msg_fail(EXIT_USAGE, "--node: '%s' is no number", o->node);
	if (o->node)
		w->node = (int)node;
	w->pages = !o->pages || !strcmp(o->pages, "auto") ? PLAN_PAGES_AUTO
		   : !strcmp(o->pages, "require")	  ? PLAN_PAGES_REQUIRE
							  : PLAN_PAGES_OFF;
	if (o->pages && w->pages == PLAN_PAGES_OFF && strcmp(o->pages, "off"))
		return msg_fail(EXIT_USAGE, "--hugepages: '%s' is not auto, require or off",
				o->pages);
	return EXIT_OK;
}

/* Where a tenant's vCPUs are pinned to, or else where its NIC is. */
static int node_of_tenant(const struct host *h, const struct virt_view *v, const char *bdf)
{
	const struct virt_domain *d = virt_owner(v, bdf);
	const struct host_pci *vf = host_find_pci(h, bdf);

	for (unsigned int i = 0; d && i < h->nr_cpus; i++)
		if (sysfs_list_has(d->xml.pinned, (unsigned int)h->cpu[i].id))
			return h->cpu[i].node;
	return vf ? vf->node : -1;
}

/* The node of all tenants that are copied heavily; none when they are on several. */
static int read_tenants(const struct host *h, const struct virt_view *v,
			const struct place_opts *o, struct plan_want *w)
{
	const struct domxml_dev *dev;
	int node;

	w->tenants_node = -1;
	for (unsigned int i = 0; i < o->tenants.count; i++) {
		if (virt_find_tenant(v, o->tenants.text[i], &dev))
			return msg_fail(EXIT_FAILED, "%s: no such domain with one VF",
					o->tenants.text[i]);
		node = node_of_tenant(h, v, dev->bdf);
		if (o->heavy)
			w->tenants_node = i == 0 || node == w->tenants_node ? node : -1;
	}
	return EXIT_OK;
}

/* A device that another VM was given stays there, also when that VM is off. */
static int may_take(const struct virt_view *v, const struct host_pci *d, const char *name)
{
	const struct virt_domain *has = virt_owner(v, d->bdf);

	if (!has || (name && !strcmp(has->xml.name, name)))
		return EXIT_OK;
	return msg_fail(EXIT_REFUSED, "%s belongs to domain %s (%s)", d->bdf, has->xml.name,
			has->running ? "running" : "off");
}

static int find_storage(const struct host *h, const struct virt_view *v, const char *name,
			const char *word, struct plan_want *w)
{
	int status = EXIT_OK;

	w->storage = find_device(h, word, &status);
	if (!w->storage)
		return status;
	if (w->storage->kind != HOST_RAID && w->storage->kind != HOST_NVME &&
	    w->storage->kind != HOST_STORAGE)
		return msg_fail(EXIT_USAGE, "%s is no storage controller", word);
	return may_take(v, w->storage, name);
}

int place_resolve(const struct host *h, const struct virt_view *v, enum plan_role role,
		  const char *name, const struct place_opts *o, struct plan_want *w)
{
	int status;

	w->taken = virt_pinned(v, name);
	w->cpus = o->cpus;
	w->role = role;
	if (!o->nic)
		return msg_fail(EXIT_USAGE, "captures with what? (--nic PF or --nic vf:PF)");
	status = read_numbers(o, w);
	if (status != EXIT_OK)
		return status;
	w->nic = !strncmp(o->nic, "vf:", 3) ? free_vf(h, v, o->nic + 3, &status)
					    : find_device(h, o->nic, &status);
	if (!w->nic)
		return status;
	if (w->nic->kind != HOST_NIC)
		return msg_fail(EXIT_USAGE, "%s is no NIC", o->nic);
	status = may_take(v, w->nic, name);
	if (status == EXIT_OK && o->storage)
		status = find_storage(h, v, name, o->storage, w);
	return status == EXIT_OK ? read_tenants(h, v, o, w) : status;
}
