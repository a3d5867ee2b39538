// SPDX-License-Identifier: GPL-2.0-or-later
/* What libvirt and the guest are given: the domain's XML and hpcap.conf. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "box.h"
#include "deploy.h"
#include "msg.h"

#ifndef TEMPLATE_DIR
#define TEMPLATE_DIR "/usr/local/share/hpcap/templates"
#endif
#define DISK_SERIAL "hpcap-store"

const char *deploy_image(const struct deploy *d, char path[4096])
{
	if (d->o->image)
		return d->o->image;
	sysfs_path(path, "/var/lib/hpcap/images/probe.qcow2");
	return path;
}

/* --- parts of the domain ---------------------------------------------------------- */

static void add_address(struct text *t, const char *bdf, const char *type)
{
	text_add(t,
		 "  <source>\n    <address %sdomain='0x%.4s' bus='0x%.2s' slot='0x%.2s'"
		 " function='0x%s'/>\n  </source>\n",
		 type, bdf, bdf + 5, bdf + 8, bdf + 11);
}

/* The NIC's group, or what else goes along. A VF is an interface: libvirt sets its MAC. */
static void add_devices(const struct deploy *d, bool of_nic, struct text *t)
{
	for (unsigned int i = 0; i < d->plan.nr_devices; i++) {
		const struct host_pci *dev = d->plan.device[i];

		if ((dev->group == d->want.nic->group) != of_nic)
			continue;
		if (dev == d->want.nic && *dev->pf) {
			text_add(t,
				 "<interface type='hostdev' managed='yes'>\n"
				 "  <mac address='%s'/>\n",
				 d->mac);
			if (d->vlan)
				text_add(t, "  <vlan><tag id='%u'/></vlan>\n", d->vlan);
			add_address(t, dev->bdf, "type='pci' ");
			text_add(t, "</interface>\n");
		} else {
			text_add(t, "<hostdev mode='subsystem' type='pci' managed='yes'>\n");
			add_address(t, dev->bdf, "");
			text_add(t, "</hostdev>\n");
		}
	}
}

static void add_disk(const struct deploy *d, struct text *t)
{
	const bool is_block = sysfs_exists("/sys/class/block/%s", strrchr(d->disk, '/') + 1);

	text_add(t,
		 "<disk type='%s' device='disk'>\n"
		 "  <driver name='qemu' type='raw' cache='none' io='native' iothread='1'/>\n"
		 "  <source %s='",
		 is_block ? "block" : "file", is_block ? "dev" : "file");
	text_add_escaped(t, d->disk);
	text_add(t, "'/>\n  <target dev='vdb' bus='virtio'/>\n  <serial>" DISK_SERIAL
		    "</serial>\n</disk>\n");
}

static void add_tuning(const struct deploy *d, struct text *t)
{
	const struct plan *p = &d->plan;

	text_add(t, "<iothreads>1</iothreads>\n<cputune>\n");
	for (unsigned int i = 0; i < p->nr_cpus; i++)
		text_add(t, "  <vcpupin vcpu='%u' cpuset='%d'/>\n", i, p->cpu[i]);
	text_add(t,
		 "  <emulatorpin cpuset='%s'/>\n  <iothreadpin iothread='1' cpuset='%s'/>\n"
		 "</cputune>\n<numatune>\n  <memory mode='strict' nodeset='%d'/>\n</numatune>",
		 p->emulator, p->emulator, p->node);
}

static void add_backing(const struct deploy *d, struct text *t)
{
	text_add(t, "<memoryBacking>\n");
	if (d->plan.page_kib)
		text_add(t, "  <hugepages><page size='%" PRIu64 "' unit='KiB'/></hugepages>\n",
			 d->plan.page_kib);
	text_add(t, "  <locked/>\n</memoryBacking>");
}

/* --- the whole ---------------------------------------------------------------------- */

static char *read_file(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	FILE *f = fopen(path, "re");

	if (!f)
		return NULL;
	if (getdelim(&text, &room, '\0', f) <= 0) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

char *deploy_template(const struct deploy *d)
{
	const char *role = instance_role(&d->inst);
	char path[4096];
	char *text;

	if (d->o->template) {
		text = read_file(d->o->template);
		if (!text)
			msg_fail(EXIT_FAILED, "--template %s: cannot be read", d->o->template);
		return text;
	}
	sysfs_path(path, "/etc/hpcap/templates/%s.xml", role);
	text = read_file(path);
	if (text)
		return text;
	sysfs_path(path, TEMPLATE_DIR "/%s.xml", role);
	text = read_file(path);
	if (!text)
		msg_fail(EXIT_FAILED,
			 "no template %s (install vm-templates/, or name one: --template)",
			 path);
	return text;
}

/* Words of --set WORD=VALUE go first. */
static int add_set_words(const struct deploy *d, struct fill *f, char words[][32])
{
	for (unsigned int i = 0; i < d->o->set.count; i++) {
		const char *text = d->o->set.text[i], *eq = strchr(text, '=');

		if (!eq || eq == text || eq - text >= 32)
			return msg_fail(EXIT_USAGE, "--set: '%s' is not WORD=VALUE", text);
		snprintf(words[i], 32, "%.*s", (int)(eq - text), text);
		fill_add(f, words[i], eq + 1, true);
	}
	return EXIT_OK;
}

static void add_block(struct fill *f, const char *word, struct text *t)
{
	fill_add(f, word, t->at ? t->at : "", false);
	free(t->at);
	memset(t, 0, sizeof(*t));
}

static void add_words(const struct deploy *d, struct fill *f)
{
	const bool has_kvm = sysfs_exists("/dev/kvm");
	char *metadata = instance_xml(&d->inst, true);
	struct text t = {};
	char path[4096];

	fill_add(f, "TYPE", has_kvm ? "kvm" : "qemu", true);
	fill_add(f, "CPU_MODE", has_kvm ? "host-passthrough" : "maximum", true);
	fill_add(f, "NAME", d->inst.name, true);
	fill_add(f, "METADATA", metadata ? metadata : "", false);
	free(metadata);
	text_add(&t, "%" PRIu64, d->want.mem_mib);
	add_block(f, "MEMORY", &t);
	text_add(&t, "%u", d->plan.nr_cpus);
	add_block(f, "VCPUS", &t);
	add_backing(d, &t);
	add_block(f, "MEMORY_BACKING", &t);
	add_tuning(d, &t);
	add_block(f, "CPUTUNE", &t);
	add_devices(d, true, &t);
	add_block(f, "NIC", &t);
	add_devices(d, false, &t);
	if (d->store == STORE_DISK)
		add_disk(d, &t);
	add_block(f, "STORAGE", &t);
	box_path(path, d->inst.name, "root.qcow2");
	fill_add(f, "IMAGE", path, true);
	box_path(path, d->inst.name, "seed.iso");
	fill_add(f, "SEED", path, true);
	box_path(path, d->inst.name, "share");
	fill_add(f, "SHARE", path, true);
	box_path(path, d->inst.name, "");
	fill_add(f, "DIR", path, true);
}

char *deploy_xml(const struct deploy *d, int *status)
{
	char words[OPT_LIST_MAX][32];
	struct fill f = {};
	char *template = deploy_template(d), *xml = NULL;

	*status = EXIT_FAILED;
	if (!template)
		return NULL;
	*status = add_set_words(d, &f, words);
	if (*status == EXIT_OK) {
		add_words(d, &f);
		xml = fill_text(&f, template);
		if (!xml)
			*status = msg_fail(EXIT_USAGE,
					   "the template asks for @%s@: --set %s=VALUE",
					   f.missing, f.missing);
	}
	fill_deinit(&f);
	free(template);
	return xml;
}

/* --- the config disk ------------------------------------------------------------------ */

static void add_storage_conf(const struct deploy *d, struct text *t)
{
	static const char *const names[] = {
		[STORE_NONE] = "none", [STORE_SHARE] = "share", [STORE_DISK] = "disk",
		[STORE_RAID] = "raid", [STORE_NVME] = "nvme",
	};

	text_add(t, "storage=%s\n", names[d->store]);
	if (d->want.storage)
		text_add(t, "storage_id=%04x:%04x\n", d->want.storage->vendor,
			 d->want.storage->device);
	if (d->store == STORE_DISK)
		text_add(t, "storage_serial=" DISK_SERIAL "\n");
	if (d->o->format)
		text_add(t, "format_serial=%s\n", d->o->format);
	if (d->store != STORE_NONE && d->store != STORE_SHARE)
		text_add(t, "mount=%s\n", d->o->mount ? d->o->mount : "/srv/capture");
}

char *deploy_conf(const struct deploy *d)
{
	const struct instance *i = &d->inst;
	struct text t = {};

	text_add(&t, "version=1\nrole=%s\nname=%s\n", instance_role(i), i->name);
	if (*d->mac)
		text_add(&t, "capture_mac=%s\n", d->mac);
	else
		text_add(&t, "capture_id=%04x:%04x\n", d->want.nic->vendor,
			 d->want.nic->device);
	text_add(&t, "driver=%s\n", *d->want.nic->pf ? "hpcapvf" : "hpcap_pf");
	add_storage_conf(d, &t);
	if (d->o->rotate_ms)
		text_add(&t, "rotate=%" PRIu64 "\n", d->o->rotate_ms / 1000);
	if (d->o->file_size)
		text_add(&t, "file_size=%" PRIu64 "\n", d->o->file_size);
	text_add(&t, "share=hpcap\ncollect=%s\nowner=%s\n",
		 i->role == PLAN_VNMA || d->store == STORE_SHARE ? "end" : "request", i->owner);
	if (*i->reason)
		text_add(&t, "reason=%s\n", i->reason);
	if (i->deadline)
		text_add(&t, "deadline=%" PRIu64 "\n", i->deadline);
	if (i->cap)
		text_add(&t, "cap_bytes=%" PRIu64 "\n", i->cap);
	return t.at;
}
