// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl plan: where a probe or an agent would go on this host, and why. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "cmd.h"
#include "msg.h"
#include "place.h"

struct plan_opts {
	struct place_opts place;
	bool xml;
};

const struct opt cmd_plan_opts[] = {
	PLACE_OPTS(struct plan_opts, place),
	{"storage", OPT_TEXT, "ADDRESS", "RAID, NVMe or other controller that it stores on",
	 offsetof(struct plan_opts, place.storage)},
	{"tenant", OPT_LIST, "DOMAIN[/MAC]", "vnma: a VM whose traffic is copied to it",
	 offsetof(struct plan_opts, place.tenants)},
	{"heavy", OPT_FLAG, NULL, "vnma: much is copied; keep away from the tenants' node",
	 offsetof(struct plan_opts, place.heavy)},
	{"xml", OPT_FLAG, NULL, "the same as parts of a domain's XML",
	 offsetof(struct plan_opts, xml)},
	{},
};

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
	if (strcmp(argv[0], "vnp") && strcmp(argv[0], "vnma"))
		return msg_fail(EXIT_USAGE, "'%s' is not vnp or vnma", argv[0]);
	status = place_resolve(&h, &v, strcmp(argv[0], "vnp") ? PLAN_VNMA : PLAN_VNP, NULL,
			       &o->place, &w);
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
