// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a VM goes on a host. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "plan.h"
#include "plan_parts.h"

void plan_why(struct plan *p, const char *fmt, ...)
{
	va_list ap;

	/* the last line is what a failure is told by: it is replaced rather than lost */
	if (p->nr_why == PLAN_MAX_WHY)
		p->nr_why--;
	va_start(ap, fmt);
	vsnprintf(p->why[p->nr_why++], sizeof(p->why[0]), fmt, ap);
	va_end(ap);
}

static const struct host_node *find_node(const struct host *h, int id)
{
	for (unsigned int i = 0; i < h->nr_nodes; i++)
		if (h->node[i].id == id)
			return &h->node[i];
	return NULL;
}

static const struct host_node *other_node(const struct host *h, int not)
{
	const struct host_node *best = NULL;

	for (unsigned int i = 0; i < h->nr_nodes; i++)
		if (h->node[i].id != not&&(!best || h->node[i].free_kib > best->free_kib))
			best = &h->node[i];
	return best;
}

static int choose_node(const struct host *h, const struct plan_want *w, struct plan *p)
{
	const struct host_node *away;

	p->node = w->nic->node < 0 ? h->node[0].id : w->nic->node;
	if (w->node >= 0) {
		if (!find_node(h, w->node)) {
			plan_why(p, "there is no NUMA node %d (this host has %u)", w->node,
				 h->nr_nodes);
			return -EINVAL;
		}
		p->node = w->node;
		plan_why(p, "node %d: asked for%s", p->node,
			 w->nic->node >= 0 && w->nic->node != p->node
				 ? "; the NIC is on another, each frame crosses between sockets"
				 : "");
		return 0;
	}
	away = other_node(h, w->tenants_node);
	if (w->role == PLAN_VNMA && w->tenants_node >= 0 && w->tenants_node == p->node &&
	    away) {
		p->node = away->id;
		plan_why(p,
			 "node %d: away from the tenants on node %d, whose memory bandwidth the"
			 " copies would share",
			 p->node, w->tenants_node);
		return 0;
	}
	if (h->nr_nodes < 2)
		plan_why(p, "node %d: the only one", p->node);
	else if (w->nic->node < 0)
		plan_why(p, "node %d: the machine does not tell where NIC %s is", p->node,
			 w->nic->bdf);
	else
		plan_why(p, "node %d: NIC %s is there", p->node, w->nic->bdf);
	if (w->storage && w->storage->node >= 0 && w->storage->node != p->node)
		plan_why(p, "storage %s is on node %d: what is stored crosses between sockets",
			 w->storage->bdf, w->storage->node);
	return 0;
}

/* Whether another logical processor of the same core stands before this one in @list. */
static bool is_sibling_of(const struct host *h, const struct host_cpu *c, const int *list,
			  unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		for (unsigned int k = 0; k < h->nr_cpus; k++)
			if (h->cpu[k].id == list[i] && h->cpu[k].package == c->package &&
			    h->cpu[k].core == c->core)
				return true;
	return false;
}

static bool may_pin(const struct plan_want *w, const struct host_cpu *c)
{
	return !sysfs_list_has(w->taken, (unsigned int)c->id);
}

/* The core of CPU 0 does what the host cannot do elsewhere. */
static bool is_first_core(const struct host *h, const struct host_cpu *c)
{
	const int first = 0;

	return c->id == 0 || is_sibling_of(h, c, &first, 1);
}

/* One pass over the node's CPUs: isolated ones, or the others but the first core. */
static void pin_pass(const struct host *h, const struct plan_want *w, struct plan *p,
		     bool isolated)
{
	for (unsigned int i = 0; i < h->nr_cpus && p->nr_cpus < w->vcpus; i++) {
		const struct host_cpu *c = &h->cpu[i];

		if (c->node != p->node || c->isolated != isolated || !may_pin(w, c))
			continue;
		if (!isolated && is_first_core(h, c))
			continue;
		if (!is_sibling_of(h, c, p->cpu, p->nr_cpus))
			p->cpu[p->nr_cpus++] = c->id;
	}
}

static int pin_wanted(const struct host *h, const struct plan_want *w, struct plan *p)
{
	for (unsigned int i = 0; i < h->nr_cpus && p->nr_cpus < w->vcpus; i++)
		if (sysfs_list_has(w->cpus, (unsigned int)h->cpu[i].id))
			p->cpu[p->nr_cpus++] = h->cpu[i].id;
	if (p->nr_cpus == w->vcpus) {
		plan_why(p, "CPUs %s: asked for", w->cpus);
		return 0;
	}
	plan_why(
		p,
		"of CPUs %s only %u are online here, %u are needed: name more, or lower --vcpus",
		w->cpus, p->nr_cpus, w->vcpus);
	return -EINVAL;
}

static unsigned int free_cores(const struct host *h, const struct plan_want *w, int node)
{
	struct plan_want all = *w;
	struct plan q = {.node = node};

	all.vcpus = PLAN_MAX_VCPUS;
	pin_pass(h, &all, &q, true);
	pin_pass(h, &all, &q, false);
	return q.nr_cpus;
}

static int choose_cpus(const struct host *h, const struct plan_want *w, struct plan *p)
{
	unsigned int isolated;

	if (w->cpus)
		return pin_wanted(h, w, p);
	pin_pass(h, w, p, true);
	isolated = p->nr_cpus;
	pin_pass(h, w, p, false);
	if (p->nr_cpus == w->vcpus) {
		plan_why(p, "one physical core for each of %u vCPUs, %u of them isolated%s",
			 w->vcpus, isolated,
			 isolated < w->vcpus ? " (isolcpus= would keep other work away)" : "");
		return 0;
	}
	plan_why(p,
		 "node %d has %u cores free of other VMs and of CPU 0, %u are needed: lower"
		 " --vcpus%s",
		 p->node, p->nr_cpus, w->vcpus,
		 h->nr_nodes > 1 ? ", or name another --node" : ", or move other VMs away");
	for (unsigned int i = 0; i < h->nr_nodes; i++)
		if (h->node[i].id != p->node && free_cores(h, w, h->node[i].id) >= w->vcpus)
			plan_why(p, "node %d has %u cores free: --node %d would do",
				 h->node[i].id, free_cores(h, w, h->node[i].id), h->node[i].id);
	return -ENOSPC;
}

/* QEMU's own threads go where no vCPU is, best on the same node. */
static void choose_emulator(const struct host *h, const struct plan_want *w, struct plan *p)
{
	for (int pass = 0; pass < 2 && !*p->emulator; pass++) {
		for (unsigned int i = 0; i < h->nr_cpus; i++) {
			const struct host_cpu *c = &h->cpu[i];
			const size_t used = strlen(p->emulator);

			if ((pass == 0 && c->node != p->node) || c->isolated ||
			    !may_pin(w, c) || is_sibling_of(h, c, p->cpu, p->nr_cpus) ||
			    used + 8 > sizeof(p->emulator))
				continue;
			snprintf(p->emulator + used, sizeof(p->emulator) - used, "%s%d",
				 used ? "," : "", c->id);
		}
	}
	if (!*p->emulator) {
		snprintf(p->emulator, sizeof(p->emulator), "%d", p->cpu[0]);
		plan_why(p,
			 "no CPU is left for QEMU's own threads: they share CPU %d with vCPU 0",
			 p->cpu[0]);
	}
}

static int choose_memory(const struct host *h, const struct plan_want *w, struct plan *p)
{
	const struct host_node *n = find_node(h, p->node);

	for (int i = 1; n && w->pages != PLAN_PAGES_OFF && i >= 0; i--) {
		const uint64_t page_mib = n->huge[i].size_kib / 1024;

		if (w->mem_mib % page_mib == 0 && n->huge[i].free * page_mib >= w->mem_mib) {
			p->page_kib = n->huge[i].size_kib;
			plan_why(p, "%" PRIu64 " MiB in pages of %" PRIu64 " MiB of node %d",
				 w->mem_mib, page_mib, p->node);
			return 0;
		}
	}
	if (w->pages == PLAN_PAGES_REQUIRE) {
		plan_why(p,
			 "node %d has %" PRIu64 " MiB free in 2 MiB pages, %" PRIu64 " in 1 GiB"
			 " pages, %" PRIu64
			 " are needed: echo N >/sys/devices/system/node/node%d/"
			 "hugepages/hugepages-2048kB/nr_hugepages",
			 p->node, n ? n->huge[0].free * 2 : 0, n ? n->huge[1].free * 1024 : 0,
			 w->mem_mib, p->node);
		return -ENOSPC;
	}
	if (n && n->free_kib / 1024 < w->mem_mib) {
		plan_why(p,
			 "node %d has %" PRIu64 " MiB free, %" PRIu64 " are needed: lower"
			 " --memory, or stop something",
			 p->node, n->free_kib / 1024, w->mem_mib);
		return -ENOSPC;
	}
	plan_why(p, "%" PRIu64 " MiB of ordinary memory, locked%s", w->mem_mib,
		 w->pages == PLAN_PAGES_OFF ? "" : ": node has too few huge pages");
	return 0;
}

int plan_place(const struct host *h, const struct plan_want *w, struct plan *p)
{
	int err;

	memset(p, 0, sizeof(*p));
	err = plan_devices(h, w, p);
	if (!err)
		err = choose_node(h, w, p);
	if (!err)
		err = choose_cpus(h, w, p);
	if (!err)
		err = choose_memory(h, w, p);
	if (!err)
		choose_emulator(h, w, p);
	return err;
}
