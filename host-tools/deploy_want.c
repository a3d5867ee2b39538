// SPDX-License-Identifier: GPL-2.0-or-later
/* Settling what a VM gets: NIC, storage, mirror, times. */
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "cmd.h"
#include "deploy.h"
#include "grant.h"
#include "mirror.h"
#include "msg.h"

static uint64_t fnv(uint64_t h, const char *s)
{
	for (; s && *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3ull;
	return (h ^ 0xff) * 0x100000001b3ull;
}

static uint64_t fnv_number(uint64_t h, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	return fnv(h, text);
}

/* Times and words about it may change; what it is given may not. */
void deploy_print(struct deploy *d)
{
	const struct deploy_opts *o = d->o;
	uint64_t h = fnv(0xcbf29ce484222325ull, instance_role(&d->inst));

	h = fnv(fnv(fnv(fnv(h, o->place.nic), o->storage), o->dir), o->vlans);
	h = fnv(fnv(fnv(h, o->place.node), o->place.cpus), o->mac);
	h = fnv_number(fnv_number(fnv_number(h, o->place.vcpus), o->place.memory), o->cap);
	h = fnv_number(h, o->uplink | o->downlink << 1);
	if (o->place.heavy)
		h = fnv(h, "heavy");
	if (o->rotate_ms || o->file_size)
		h = fnv_number(fnv_number(h, o->rotate_ms), o->file_size);
	if (o->vf_vlan || o->vf_trust)
		h = fnv(fnv(h, o->vf_vlan), o->vf_trust);
	for (unsigned int i = 0; i < o->place.tenants.count; i++)
		h = fnv(h, o->place.tenants.text[i]);
	snprintf(d->inst.print, sizeof(d->inst.print), "%016llx", (unsigned long long)h);
}

/* Words end up in lines of key=value and in XML. */
static int take_words(const char *what, const char *words, char *out, size_t size)
{
	for (const unsigned char *p = (const unsigned char *)words; p && *p; p++)
		if (*p < ' ' || *p == 0x7f)
			return msg_fail(EXIT_USAGE, "--%s: has a control character", what);
	if (words && strlen(words) >= size)
		return msg_fail(EXIT_USAGE, "--%s: longer than %zu bytes", what, size - 1);
	snprintf(out, size, "%s", words ? words : "");
	return EXIT_OK;
}

static int read_words(struct deploy *d)
{
	const struct deploy_opts *o = d->o;
	struct instance *i = &d->inst;
	int status = take_words("reason", o->reason, i->reason, sizeof(i->reason));

	if (status == EXIT_OK)
		status = take_words("owner", o->owner ? o->owner : cmd_user(), i->owner,
				    sizeof(i->owner));
	if (status == EXIT_OK)
		status = take_words("to", o->to, i->to, sizeof(i->to));
	if (status == EXIT_OK && o->to && *o->to != '/')
		status = msg_fail(EXIT_USAGE, "--to: '%s' is no absolute path", o->to);
	i->created = (uint64_t)time(NULL);
	i->deadline = o->ttl_ms ? i->created + (o->ttl_ms + 999) / 1000 : 0;
	i->cap = o->cap;
	return status;
}

/* As hpcapdd takes them. */
static int read_files(const struct deploy *d)
{
	const struct deploy_opts *o = d->o;

	if (o->rotate_ms % 1000 || o->rotate_ms > 86400000)
		return msg_fail(EXIT_USAGE, "--rotate: not whole seconds, 1s to 1d");
	if (o->file_size && (o->file_size % 4096 || o->file_size < 131072))
		return msg_fail(EXIT_USAGE,
				"--file-size: not a multiple of 4096, 128K at least");
	return EXIT_OK;
}

/* A disk, partition or file of the host that nobody uses. */
static int take_disk(struct deploy *d, const char *path)
{
	const struct virt_domain *has;
	char real[PATH_MAX], full[4096], use[HOST_TEXT];
	const char *name;
	struct stat st;

	sysfs_path(full, "%s", path);
	if (!realpath(full, real))
		return msg_fail(EXIT_FAILED, "--storage disk:%s: %s", path, strerror(errno));
	if (strlen(real) >= sizeof(d->disk))
		return msg_fail(EXIT_USAGE, "--storage: path too long");
	if (stat(real, &st))
		return msg_fail(EXIT_FAILED, "%s: %s", path, strerror(errno));
	strcpy(d->disk, real);
	name = strrchr(real, '/') + 1;
	has = virt_disk_owner(d->v, real);
	if (has && strcmp(has->xml.name, d->inst.name))
		return msg_fail(EXIT_REFUSED, "%s belongs to domain %s (%s)", path,
				has->xml.name, has->running ? "running" : "off");
	if (S_ISREG(st.st_mode) && !sysfs_exists("/sys/class/block/%s", name))
		return EXIT_OK;
	if (!sysfs_exists("/sys/class/block/%s", name))
		return msg_fail(EXIT_USAGE, "%s is neither a disk nor a file", path);
	if (host_block_use(d->h, name, use))
		return msg_fail(EXIT_REFUSED, "%s stays: it is %s", path, use);
	return EXIT_OK;
}

static int read_storage(struct deploy *d, struct place_opts *place)
{
	static const struct {
		const char *word;
		enum deploy_store store;
		bool has_device;
	} kinds[] = {
		{"none", STORE_NONE, false}, {"share", STORE_SHARE, false},
		{"disk:", STORE_DISK, true}, {"raid:", STORE_RAID, true},
		{"nvme:", STORE_NVME, true},
	};
	const char *text = d->o->storage;

	if (!text && d->inst.role == PLAN_VNP)
		return msg_fail(EXIT_USAGE, "stores on what? (--storage raid:ADDRESS,"
					    " nvme:ADDRESS, disk:PATH, share or none)");
	if (!text)
		text = "share";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const size_t len = strlen(kinds[i].word);

		if (strncmp(text, kinds[i].word, len) || (!kinds[i].has_device && text[len]))
			continue;
		d->store = kinds[i].store;
		if (d->store == STORE_DISK)
			return take_disk(d, text + len);
		place->storage = kinds[i].has_device ? text + len : NULL;
		return EXIT_OK;
	}
	return msg_fail(EXIT_USAGE,
			"--storage: '%s' is not raid:ADDRESS, nvme:ADDRESS, disk:PATH, share or"
			" none",
			text);
}

/* The controller is what the user called it. */
static int check_controller(const struct deploy *d)
{
	const enum host_kind is = d->want.storage ? d->want.storage->kind : HOST_OTHER;

	if ((d->store == STORE_NVME) == (is == HOST_NVME) || !d->want.storage)
		return EXIT_OK;
	return msg_fail(EXIT_USAGE, "%s is of kind %s: --storage %s:%s", d->want.storage->bdf,
			host_kind_name(is), is == HOST_NVME ? "nvme" : "raid",
			d->want.storage->bdf);
}

/* An agent goes where its tenants' NIC is. */
static int nic_of_tenants(struct deploy *d, struct place_opts *place)
{
	const struct domxml_dev *dev;
	const struct host_pci *vf;

	if (place->nic || !place->tenants.count)
		return EXIT_OK;
	if (virt_find_tenant(d->v, place->tenants.text[0], &dev))
		return msg_fail(EXIT_FAILED,
				"%s: no such domain with one VF (see: hpcapctl inventory)%s%s",
				place->tenants.text[0], *d->v->why_not ? "; libvirt: " : "",
				d->v->why_not);
	vf = host_find_pci(d->h, dev->bdf);
	if (!vf || !*vf->pf)
		return msg_fail(EXIT_NOT_SUPPORTED, "%s: its device %s is no VF of this host",
				place->tenants.text[0], dev->bdf);
	snprintf(d->nic_word, sizeof(d->nic_word), "vf:%s", vf->pf);
	place->nic = d->nic_word;
	return EXIT_OK;
}

static int read_mirror(struct deploy *d)
{
	const struct deploy_opts *o = d->o;
	struct mirror_opts m = {.tenants = o->place.tenants,
				.uplink = o->uplink,
				.downlink = o->downlink,
				.vlans = o->vlans,
				.dir = o->dir,
				.ttl_ms = o->ttl_ms,
				.bytes = o->cap,
				.reason = o->reason};
	const struct host_pci *pf;
	char index[8];
	int status;

	if (!m.tenants.count && !m.uplink && !m.downlink && !m.vlans) {
		if (d->inst.role == PLAN_VNP)
			return EXIT_OK;
		return msg_fail(EXIT_USAGE,
				"copies of whom? (--tenant, --vlan, --uplink, --downlink)");
	}
	if (!*d->want.nic->pf)
		return msg_fail(EXIT_USAGE, "copies go to a VF: --nic vf:PF");
	snprintf(index, sizeof(index), "%d", d->want.nic->vf_index);
	m.to.text[m.to.count++] = index;
	status = mirror_resolve(d->h, d->v, d->want.nic->pf, &m, &d->inst.mirror, &pf);
	snprintf(d->inst.mirror.owner, sizeof(d->inst.mirror.owner), "vnma:%s", d->inst.name);
	return status;
}

/* A VF gets an address of its own; a PF has one, if its driver tells. */
static int choose_mac(struct deploy *d)
{
	const struct host_pci *nic = d->want.nic;
	unsigned char m[6];
	uint64_t n;
	int used = 0;

	if (d->o->mac) {
		if (!*nic->pf)
			return msg_fail(EXIT_USAGE, "--mac: only a VF can be given one");
		if (sscanf(d->o->mac, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &m[0], &m[1],
			   &m[2], &m[3], &m[4], &m[5], &used) != 6 ||
		    d->o->mac[used] || m[0] & 1)
			return msg_fail(EXIT_USAGE, "--mac: '%s' is no address of a NIC",
					d->o->mac);
		snprintf(d->mac, sizeof(d->mac), "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1],
			 m[2], m[3], m[4], m[5]);
	} else if (*nic->pf) {
		n = fnv(fnv(0xcbf29ce484222325ull, d->inst.name), nic->bdf);
		snprintf(d->mac, sizeof(d->mac), "02:%02x:%02x:%02x:%02x:%02x", (uint8_t)n,
			 (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24),
			 (uint8_t)(n >> 32));
	} else if (*nic->netdev) {
		sysfs_read(d->mac, sizeof(d->mac), "/sys/class/net/%s/address", nic->netdev);
	}
	return EXIT_OK;
}

/* What the host grants the VF beside its address; ends with the VM. */
static int read_grants(struct deploy *d)
{
	const struct deploy_opts *o = d->o;
	uint64_t vlan = 0;

	if (!o->vf_vlan && !o->vf_trust)
		return EXIT_OK;
	if (!*d->want.nic->pf)
		return msg_fail(EXIT_USAGE, "--vf-vlan, --vf-trust: %s is no VF",
				d->want.nic->bdf);
	if (o->vf_vlan && (!opt_read_number(o->vf_vlan, &vlan) || !vlan || vlan > 4094))
		return msg_fail(EXIT_USAGE, "--vf-vlan: '%s' is not 1 to 4094", o->vf_vlan);
	if (o->vf_trust && strcmp(o->vf_trust, "on") && strcmp(o->vf_trust, "off"))
		return msg_fail(EXIT_USAGE, "--vf-trust: '%s' is not on or off", o->vf_trust);
	d->vlan = (uint32_t)vlan;
	return EXIT_OK;
}

static bool wants_trust(const struct deploy *d, const struct host_pci *dev)
{
	return dev == d->want.nic && d->o->vf_trust && !strcmp(d->o->vf_trust, "on") &&
	       !grant_is_trusted(d->h, dev->bdf);
}

static int make_plan(struct deploy *d)
{
	const int err = plan_place(d->h, &d->want, &d->plan);

	for (unsigned int i = 0; d->o->explain && i + (err != 0) < d->plan.nr_why; i++)
		msg_note("because %s", d->plan.why[i]);
	if (err)
		return msg_fail(err == -EINVAL ? EXIT_USAGE : msg_code(err), "%s",
				d->plan.nr_why ? d->plan.why[d->plan.nr_why - 1]
					       : strerror(-err));
	for (unsigned int i = 0; i < d->plan.nr_devices; i++) {
		struct instance_device *dev = &d->inst.dev[d->inst.nr_devs++];

		strcpy(dev->bdf, d->plan.device[i]->bdf);
		strcpy(dev->driver, d->plan.device[i]->driver);
		dev->trust = wants_trust(d, d->plan.device[i]);
	}
	return EXIT_OK;
}

int deploy_want(struct deploy *d)
{
	struct place_opts place = d->o->place;
	int status = read_words(d);

	if (status == EXIT_OK)
		status = read_files(d);
	if (status == EXIT_OK)
		status = read_storage(d, &place);
	if (status == EXIT_OK)
		status = nic_of_tenants(d, &place);
	if (status == EXIT_OK)
		status =
			place_resolve(d->h, d->v, d->inst.role, d->inst.name, &place, &d->want);
	if (status == EXIT_OK)
		status = check_controller(d);
	if (status == EXIT_OK)
		status = choose_mac(d);
	if (status == EXIT_OK)
		status = read_grants(d);
	if (status == EXIT_OK)
		status = read_mirror(d);
	return status == EXIT_OK ? make_plan(d) : status;
}
