// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts about processors and memory, and finding things among the facts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "host.h"

struct cpu_scan {
	struct host *h;
	char isolated[4096];
	char online[4096];
};

static bool one_cpu(const char *name, void *arg)
{
	struct cpu_scan *scan = arg;
	struct host *h = scan->h;
	struct host_cpu *c = &h->cpu[h->nr_cpus];
	char *end;

	if (strncmp(name, "cpu", 3) || name[3] < '0' || name[3] > '9')
		return true;
	c->id = (int)strtol(name + 3, &end, 10);
	if (*end || (*scan->online && !sysfs_list_has(scan->online, (unsigned int)c->id)))
		return true;
	c->package = (int)sysfs_number(
		0, "/sys/devices/system/cpu/%s/topology/physical_package_id", name);
	c->core = (int)sysfs_number(c->id, "/sys/devices/system/cpu/%s/topology/core_id", name);
	c->isolated = sysfs_list_has(scan->isolated, (unsigned int)c->id);
	h->nr_cpus++;
	return h->nr_cpus < HOST_MAX_CPUS;
}

/* A line such as "Node 0 MemTotal:  123 kB" of a node's meminfo. */
static uint64_t node_memory(int node, const char *what)
{
	char path[4096], line[256];
	uint64_t kib = 0;
	FILE *f;

	sysfs_path(path, "/sys/devices/system/node/node%d/meminfo", node);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		const char *at = strstr(line, what);

		if (at && at[strlen(what)] == ':') {
			kib = strtoull(at + strlen(what) + 1, NULL, 10);
			break;
		}
	}
	fclose(f);
	return kib;
}

static bool one_node(const char *name, void *arg)
{
	static const uint64_t sizes[2] = {2048, 1048576};
	struct host *h = arg;
	struct host_node *n = &h->node[h->nr_nodes];
	char cpus[4096];

	if (strncmp(name, "node", 4) || name[4] < '0' || name[4] > '9')
		return true;
	n->id = atoi(name + 4);
	n->mem_kib = node_memory(n->id, "MemTotal");
	n->free_kib = node_memory(n->id, "MemFree");
	for (int i = 0; i < 2; i++) {
		const unsigned long long kib = sizes[i];

		n->huge[i].size_kib = kib;
		n->huge[i].total = (uint64_t)sysfs_number(
			0,
			"/sys/devices/system/node/%s/hugepages/hugepages-%llukB/nr_hugepages",
			name, kib);
		n->huge[i].free = (uint64_t)sysfs_number(
			0,
			"/sys/devices/system/node/%s/hugepages/hugepages-%llukB/free_hugepages",
			name, kib);
	}
	sysfs_read(cpus, sizeof(cpus), "/sys/devices/system/node/%s/cpulist", name);
	for (unsigned int i = 0; i < h->nr_cpus; i++)
		if (sysfs_list_has(cpus, (unsigned int)h->cpu[i].id))
			h->cpu[i].node = n->id;
	h->nr_nodes++;
	return h->nr_nodes < HOST_MAX_NODES;
}

void host_read_cpus(struct host *h)
{
	struct cpu_scan scan = {.h = h};

	sysfs_read(scan.isolated, sizeof(scan.isolated), "/sys/devices/system/cpu/isolated");
	sysfs_read(scan.online, sizeof(scan.online), "/sys/devices/system/cpu/online");
	sysfs_each("/sys/devices/system/cpu", one_cpu, &scan);
	sysfs_each("/sys/devices/system/node", one_node, h);
}

int host_read(struct host *h)
{
	memset(h, 0, sizeof(*h));
	if (!sysfs_exists("/sys/devices"))
		return -ENOENT;
	host_read_cpus(h);
	host_read_pci(h);
	host_read_disks(h);
	return 0;
}

const struct host_pci *host_find_pci(const struct host *h, const char *name)
{
	char full[HOST_BDF];

	snprintf(full, sizeof(full), "0000:%.10s", name);
	for (unsigned int i = 0; i < h->nr_pci; i++) {
		const struct host_pci *p = &h->pci[i];

		if (!strcmp(p->bdf, name) || !strcmp(p->bdf, full) ||
		    (*p->netdev && !strcmp(p->netdev, name)))
			return p;
	}
	return NULL;
}

const struct host_pci *host_find_vf(const struct host *h, const struct host_pci *pf, int index)
{
	for (unsigned int i = 0; i < h->nr_pci; i++)
		if (h->pci[i].vf_index == index && !strcmp(h->pci[i].pf, pf->bdf))
			return &h->pci[i];
	return NULL;
}

const struct host_disk *host_used_disk(const struct host *h, const char *bdf)
{
	for (unsigned int i = 0; i < h->nr_disks; i++)
		if (*h->disk[i].use && !strcmp(h->disk[i].bdf, bdf))
			return &h->disk[i];
	return NULL;
}

const char *host_kind_name(enum host_kind kind)
{
	static const char *const names[] = {
		[HOST_OTHER] = "other", [HOST_NIC] = "nic",	    [HOST_RAID] = "raid",
		[HOST_NVME] = "nvme",	[HOST_STORAGE] = "storage", [HOST_BRIDGE] = "bridge",
	};

	return names[kind];
}
