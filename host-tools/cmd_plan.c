// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl plan: where a probe or an agent would go on this host, and why. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "cmd.h"
#include "msg.h"
#include "plan.h"

struct plan_opts {
	const char *nic;
	const char *storage;
	const char *node;
	const char *cpus;
	const char *pages;
	uint64_t vcpus;
	uint64_t memory;
	struct opt_list tenants;
	bool xml;
};

const struct opt cmd_plan_opts[] = {
	{"nic", OPT_TEXT, "PF|vf:PF", "what it captures with: a whole PF, or a free VF of one",
	 offsetof(struct plan_opts, nic)},
	{"storage", OPT_TEXT, "ADDRESS", "RAID, NVMe or other controller that it stores on",
	 offsetof(struct plan_opts, storage)},
	{"vcpus", OPT_NUMBER, "N", "processors, 2 to 64 (default 4)",
	 offsetof(struct plan_opts, vcpus)},
	{"memory", OPT_SIZE, "SIZE", "memory (default 4G)", offsetof(struct plan_opts, memory)},
	{"hugepages", OPT_TEXT, "MODE", "auto (default), require or off",
	 offsetof(struct plan_opts, pages)},
	{"node", OPT_TEXT, "N", "this NUMA node instead of the chosen one",
	 offsetof(struct plan_opts, node)},
	{"cpus", OPT_TEXT, "LIST", "these CPUs instead of the chosen ones",
	 offsetof(struct plan_opts, cpus)},
	{"tenant", OPT_LIST, "DOMAIN[/MAC]", "vnma: copied heavily; keep away from its node",
	 offsetof(struct plan_opts, tenants)},
	{"xml", OPT_FLAG, NULL, "the same as parts of a domain's XML",
	 offsetof(struct plan_opts, xml)},
	{},
};

/* "vf:PF": the first VF that no domain has and no interface of the host is. */
static const struct host_pci *free_vf(const struct host *h, const struct virt_view *v,
				      const char *word, int *status)
{
	const struct host_pci *pf = cmd_find_pf(h, word, status);

	for (int i = 0; pf && i < pf->vfs; i++) {
		const struct host_pci *vf = host_find_vf(h, pf, i);

		if (vf && !virt_owner(v, vf->bdf) && !*vf->netdev)
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

static int read_numbers(const struct plan_opts *o, struct plan_want *w)
{
	uint64_t node = 0;

	w->vcpus = o->vcpus ? (unsigned int)o->vcpus : 4;
	w->mem_mib = o->memory ? o->memory >> 20 : 4096;
	w->node = -1;
	if (o->vcpus > PLAN_MAX_VCPUS || w->vcpus < 2)
		return msg_fail(EXIT_USAGE, "--vcpus: 2 to %d", PLAN_MAX_VCPUS);
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

/* Node of the VFs of the tenants; they are all on one NIC. */
static int read_tenants(const struct host *h, const struct virt_view *v,
			const struct plan_opts *o, struct plan_want *w)
{
	const struct domxml_dev *dev;
	const struct host_pci *p;

	w->tenants_node = -1;
	for (unsigned int i = 0; i < o->tenants.count; i++) {
		if (virt_find_tenant(v, o->tenants.text[i], &dev))
			return msg_fail(EXIT_FAILED, "%s: no such domain with one VF",
					o->tenants.text[i]);
		p = host_find_pci(h, dev->bdf);
		if (p)
			w->tenants_node = p->node;
	}
	return EXIT_OK;
}

static int resolve(const struct host *h, const struct virt_view *v, const char *role,
		   const struct plan_opts *o, struct plan_want *w)
{
	int status = EXIT_OK;

	w->taken = "";
	w->cpus = o->cpus;
	if (strcmp(role, "vnp") && strcmp(role, "vnma"))
		return msg_fail(EXIT_USAGE, "'%s' is not vnp or vnma", role);
	w->role = !strcmp(role, "vnp") ? PLAN_VNP : PLAN_VNMA;
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
	if (o->storage) {
		w->storage = find_device(h, o->storage, &status);
		if (!w->storage)
			return status;
		if (w->storage->kind != HOST_RAID && w->storage->kind != HOST_NVME &&
		    w->storage->kind != HOST_STORAGE)
			return msg_fail(EXIT_USAGE, "%s is no storage controller", o->storage);
	}
	return read_tenants(h, v, o, w);
}

static void print_json(const struct plan *p)
{
	struct json_object *o = json_object_new_object(), *cpus = json_object_new_array();
	struct json_object *why = json_object_new_array(), *devices = json_object_new_array();

	for (unsigned int i = 0; i < p->nr_cpus; i++)
		json_object_array_add(cpus, json_object_new_int(p->cpu[i]));
	for (unsigned int i = 0; i < p->nr_devices; i++)
		json_object_array_add(devices, json_object_new_string(p->device[i]->bdf));
	for (unsigned int i = 0; i < p->nr_why; i++)
		json_object_array_add(why, json_object_new_string(p->why[i]));
	json_object_object_add(o, "node", json_object_new_int(p->node));
	json_object_object_add(o, "cpus", cpus);
	json_object_object_add(o, "emulator_cpus", json_object_new_string(p->emulator));
	json_object_object_add(o, "page_kib", json_object_new_uint64(p->page_kib));
	json_object_object_add(o, "devices", devices);
	json_object_object_add(o, "why", why);
	msg_print("plan", o);
}

static void print_xml(const struct plan *p, const struct plan_want *w)
{
	printf("<memory unit='MiB'>%" PRIu64 "</memory>\n<memoryBacking>\n", w->mem_mib);
	if (p->page_kib)
		printf("  <hugepages><page size='%" PRIu64 "' unit='KiB'/></hugepages>\n",
		       p->page_kib);
	printf("  <locked/>\n</memoryBacking>\n<vcpu placement='static'>%u</vcpu>\n<cputune>\n",
	       p->nr_cpus);
	for (unsigned int i = 0; i < p->nr_cpus; i++)
		printf("  <vcpupin vcpu='%u' cpuset='%d'/>\n", i, p->cpu[i]);
	printf("  <emulatorpin cpuset='%s'/>\n</cputune>\n"
	       "<numatune>\n  <memory mode='strict' nodeset='%d'/>\n</numatune>\n",
	       p->emulator, p->node);
	for (unsigned int i = 0; i < p->nr_devices; i++) {
		const char *b = p->device[i]->bdf;

		printf("<hostdev mode='subsystem' type='pci' managed='yes'>\n  <source>\n"
		       "    <address domain='0x%.4s' bus='0x%.2s' slot='0x%.2s' function='0x%s'/>\n"
		       "  </source>\n</hostdev>\n",
		       b, b + 5, b + 8, b + 11);
	}
}

static void print_text(const struct plan *p)
{
	static const char *const jobs[] = {"system", "poll thread", "writer", "programs"};

	printf("node %d\n", p->node);
	for (unsigned int i = 0; i < p->nr_cpus; i++)
		printf("vCPU %u on CPU %d  %s\n", i, p->cpu[i], jobs[i < 3 ? i : 3]);
	printf("QEMU's own threads on CPUs %s\n", p->emulator);
	for (unsigned int i = 0; i < p->nr_devices; i++)
		printf("device %s  %s\n", p->device[i]->bdf,
		       host_kind_name(p->device[i]->kind));
	for (unsigned int i = 0; i < p->nr_why; i++)
		printf("because %s\n", p->why[i]);
}

int cmd_plan(void *opts, int argc, char **argv)
{
	const struct plan_opts *o = opts;
	struct plan_want w = {};
	static struct host h;
	static struct virt_view v;
	static struct plan p;
	int status, err;

	(void)argc;
	if (cmd_facts(&h, &v))
		return EXIT_FAILED;
	status = resolve(&h, &v, argv[0], o, &w);
	if (status != EXIT_OK)
		return status;
	err = plan_place(&h, &w, &p);
	if (err) {
		for (unsigned int i = 0; i + 1 < p.nr_why; i++)
			msg_note("%s", p.why[i]);
		return msg_fail(err == -EINVAL ? EXIT_USAGE : msg_code(err), "%s",
				p.nr_why ? p.why[p.nr_why - 1] : strerror(-err));
	}
	if (msg_wants_json())
		print_json(&p);
	else if (o->xml)
		print_xml(&p, &w);
	else
		print_text(&p);
	return EXIT_OK;
}
