// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl inventory: what is there, and who uses it. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd.h"
#include "host.h"
#include "msg.h"
#include "virt.h"

/* Who has this function: a domain, a driver, or nobody. */
static const char *user_of(const struct virt_view *v, const struct host_pci *p, char *out,
			   size_t size)
{
	const struct virt_domain *d = virt_owner(v, p->bdf);

	if (d)
		snprintf(out, size, "domain %s (%s)", d->xml.name,
			 d->running ? "running" : "off");
	else if (!strcmp(p->driver, "vfio-pci"))
		snprintf(out, size, "vfio-pci, no domain known");
	else if (*p->netdev)
		snprintf(out, size, "host: %s (%s)", p->netdev, p->driver);
	else
		snprintf(out, size, "%s%s", *p->driver ? "host: " : "nobody", p->driver);
	return out;
}

static struct json_object *json_pci(const struct virt_view *v, const struct host_pci *p)
{
	struct json_object *o = json_object_new_object();
	char user[256], id[16];

	snprintf(id, sizeof(id), "%04x:%04x", p->vendor, p->device);
	json_object_object_add(o, "address", json_object_new_string(p->bdf));
	json_object_object_add(o, "kind", json_object_new_string(host_kind_name(p->kind)));
	json_object_object_add(o, "id", json_object_new_string(id));
	json_object_object_add(o, "node", json_object_new_int(p->node));
	json_object_object_add(o, "iommu_group", json_object_new_int(p->group));
	json_object_object_add(o, "driver", json_object_new_string(p->driver));
	json_object_object_add(o, "netdev", json_object_new_string(p->netdev));
	json_object_object_add(o, "reset", json_object_new_string(p->reset));
	json_object_object_add(o, "used_by",
			       json_object_new_string(user_of(v, p, user, sizeof(user))));
	if (*p->pf) {
		json_object_object_add(o, "pf", json_object_new_string(p->pf));
		json_object_object_add(o, "vf", json_object_new_int(p->vf_index));
	}
	if (p->vfs_total) {
		json_object_object_add(o, "vfs", json_object_new_int(p->vfs));
		json_object_object_add(o, "vfs_total", json_object_new_int(p->vfs_total));
		json_object_object_add(o, "drivers_autoprobe",
				       json_object_new_boolean(p->autoprobe));
	}
	return o;
}

static struct json_object *json_disk(const struct host_disk *d)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "name", json_object_new_string(d->name));
	json_object_object_add(o, "bytes", json_object_new_uint64(d->bytes));
	json_object_object_add(o, "rotational", json_object_new_boolean(d->rotational));
	json_object_object_add(o, "model", json_object_new_string(d->model));
	json_object_object_add(o, "serial", json_object_new_string(d->serial));
	json_object_object_add(o, "controller", json_object_new_string(d->bdf));
	json_object_object_add(o, "used_by", json_object_new_string(d->use));
	return o;
}

static unsigned int node_cpus(const struct host *h, int node, bool isolated)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < h->nr_cpus; i++)
		n += h->cpu[i].node == node && (!isolated || h->cpu[i].isolated);
	return n;
}

static struct json_object *json_node(const struct host *h, const struct host_node *n)
{
	struct json_object *o = json_object_new_object(), *huge = json_object_new_array();

	json_object_object_add(o, "node", json_object_new_int(n->id));
	json_object_object_add(o, "memory_kib", json_object_new_uint64(n->mem_kib));
	json_object_object_add(o, "free_kib", json_object_new_uint64(n->free_kib));
	json_object_object_add(o, "cpus", json_object_new_int((int)node_cpus(h, n->id, false)));
	json_object_object_add(o, "isolated_cpus",
			       json_object_new_int((int)node_cpus(h, n->id, true)));
	for (int i = 0; i < 2; i++) {
		struct json_object *pages = json_object_new_object();

		json_object_object_add(pages, "size_kib",
				       json_object_new_uint64(n->huge[i].size_kib));
		json_object_object_add(pages, "total",
				       json_object_new_uint64(n->huge[i].total));
		json_object_object_add(pages, "free", json_object_new_uint64(n->huge[i].free));
		json_object_array_add(huge, pages);
	}
	json_object_object_add(o, "hugepages", huge);
	return o;
}

static int print_json(const struct host *h, const struct virt_view *v)
{
	struct json_object *top = json_object_new_object();
	struct json_object *nodes = json_object_new_array(), *pci = json_object_new_array();
	struct json_object *disks = json_object_new_array();

	for (unsigned int i = 0; i < h->nr_nodes; i++)
		json_object_array_add(nodes, json_node(h, &h->node[i]));
	for (unsigned int i = 0; i < h->nr_pci; i++)
		if (h->pci[i].kind != HOST_OTHER && h->pci[i].kind != HOST_BRIDGE)
			json_object_array_add(pci, json_pci(v, &h->pci[i]));
	for (unsigned int i = 0; i < h->nr_disks; i++)
		json_object_array_add(disks, json_disk(&h->disk[i]));
	json_object_object_add(top, "nodes", nodes);
	json_object_object_add(top, "pci", pci);
	json_object_object_add(top, "disks", disks);
	json_object_object_add(top, "libvirt", json_object_new_string(v->why_not));
	msg_print("inventory", top);
	return EXIT_OK;
}

static void print_pci(const struct virt_view *v, const struct host_pci *p)
{
	char user[256], what[64] = "";

	if (p->vfs_total)
		snprintf(what, sizeof(what), "PF, %d of %d VFs", p->vfs, p->vfs_total);
	else if (*p->pf)
		snprintf(what, sizeof(what), "VF %d of %s", p->vf_index, p->pf);
	printf("  %-12s  %-7s  %04x:%04x  node %2d  group %3d  %-22s  %s\n", p->bdf,
	       host_kind_name(p->kind), p->vendor, p->device, p->node, p->group, what,
	       user_of(v, p, user, sizeof(user)));
}

static void print_text(const struct host *h, const struct virt_view *v)
{
	puts("nodes:");
	for (unsigned int i = 0; i < h->nr_nodes; i++) {
		const struct host_node *n = &h->node[i];

		printf("  node %d  %u CPUs (%u isolated)  %" PRIu64 " MiB, %" PRIu64
		       " free  huge pages free 2M: %" PRIu64 "/%" PRIu64 ", 1G: %" PRIu64
		       "/%" PRIu64 "\n",
		       n->id, node_cpus(h, n->id, false), node_cpus(h, n->id, true),
		       n->mem_kib >> 10, n->free_kib >> 10, n->huge[0].free, n->huge[0].total,
		       n->huge[1].free, n->huge[1].total);
	}
	puts("NICs and storage controllers:");
	for (unsigned int i = 0; i < h->nr_pci; i++)
		if (h->pci[i].kind != HOST_OTHER && h->pci[i].kind != HOST_BRIDGE)
			print_pci(v, &h->pci[i]);
	puts("disks:");
	for (unsigned int i = 0; i < h->nr_disks; i++) {
		const struct host_disk *d = &h->disk[i];

		printf("  /dev/%-10s  %6" PRIu64 " GiB  %-8s  %-12s  %s %s  %s\n", d->name,
		       d->bytes >> 30, d->rotational ? "spinning" : "solid", d->bdf, d->model,
		       d->serial, *d->use ? d->use : "free");
	}
	if (*v->why_not)
		printf("domains: unknown (libvirt: %s)\n", v->why_not);
}

int cmd_inventory(void *opts, int argc, char **argv)
{
	static struct host h;
	static struct virt_view v;

	(void)opts;
	(void)argc;
	(void)argv;
	if (cmd_facts(&h, &v))
		return EXIT_FAILED;
	if (msg_wants_json())
		return print_json(&h, &v);
	print_text(&h, &v);
	return EXIT_OK;
}
