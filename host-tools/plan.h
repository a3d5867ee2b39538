/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a VM goes on a host: a pure function of facts. Ref: thesis 6.2 */
#ifndef PLAN_H
#define PLAN_H

#include "host.h"

enum {
	PLAN_MAX_VCPUS = 64,
	PLAN_MAX_WHY = 24,
	PLAN_MAX_DEVICES = 32,
};

enum plan_role {
	PLAN_VNP,  /* a probe of its own */
	PLAN_VNMA, /* an agent that gets copies of tenants' traffic */
};

enum plan_pages {
	PLAN_PAGES_AUTO, /* huge pages when there are enough */
	PLAN_PAGES_REQUIRE,
	PLAN_PAGES_OFF,
};

/**
 * struct plan_want - what is to be placed
 * @role: probe or agent
 * @vcpus: processors, 1..PLAN_MAX_VCPUS
 * @mem_mib: memory
 * @pages: huge pages
 * @nic: function that it is given
 * @storage: controller that it is given, NULL for none
 * @node: NUMA node that the user wants, -1 for the plan's choice
 * @cpus: list of CPUs that the user wants, NULL for the plan's choice
 * @tenants_node: node of the tenants of a heavily copied VNMA, -1 otherwise
 * @taken: list of CPUs that other VMs are pinned to, "" for none
 */
struct plan_want {
	enum plan_role role;
	unsigned int vcpus;
	uint64_t mem_mib;
	enum plan_pages pages;
	const struct host_pci *nic;
	const struct host_pci *storage;
	int node;
	const char *cpus;
	int tenants_node;
	const char *taken;
};

/**
 * struct plan - where it goes
 * @node: NUMA node
 * @cpu: host CPU of each vCPU; 0 serves the guest's system, 1 the poll thread, 2 the writer
 * @nr_cpus: vCPUs placed
 * @emulator: CPUs for QEMU's own threads, a list
 * @page_kib: size of its huge pages, 0 for ordinary memory
 * @device: every function that must be given with the NIC and the storage: whole IOMMU groups
 * @nr_devices: how many
 * @why: each choice with its reason, or what is missing and what would do
 * @nr_why: how many
 */
struct plan {
	int node;
	int cpu[PLAN_MAX_VCPUS];
	unsigned int nr_cpus;
	char emulator[256];
	uint64_t page_kib;
	const struct host_pci *device[PLAN_MAX_DEVICES];
	unsigned int nr_devices;
	char why[PLAN_MAX_WHY][200];
	unsigned int nr_why;
};

/**
 * plan_place() - choose node, CPUs, memory and devices
 * @h: facts
 * @w: what is wanted
 * @p: filled; on failure @p->why ends with what is missing
 *
 * Context: pure; reads nothing but its arguments.
 * Return: 0; -ENOSPC not enough CPUs, memory or pages; -EBUSY a device is in use; -EINVAL the
 * user's node or CPUs do not exist; -EOPNOTSUPP a device cannot be passed through.
 */
int plan_place(const struct host *h, const struct plan_want *w, struct plan *p);

#endif /* PLAN_H */
