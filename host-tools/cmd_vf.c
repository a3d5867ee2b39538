// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl vf: make VFs, show them, set what the host decides about them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cmd.h"
#include "msg.h"
#include "nl.h"

static const char *const link_states[] = {"auto", "enable", "disable"};

struct vf_set_opts {
	const char *mac;
	const char *link_state;
	const char *spoofchk;
	const char *trust;
	const char *vlan;
	const char *rate;
};

const struct opt cmd_vf_set_opts[] = {
	{"mac", OPT_TEXT, "MAC", "address; 00:00:00:00:00:00: the guest chooses",
	 offsetof(struct vf_set_opts, mac)},
	{"vlan", OPT_TEXT, "ID", "tag put on its frames, 0 to 4094; 0: none",
	 offsetof(struct vf_set_opts, vlan)},
	{"rate", OPT_TEXT, "MBIT", "limit of what it sends; 0: none",
	 offsetof(struct vf_set_opts, rate)},
	{"link-state", OPT_TEXT, "STATE", "auto, enable or disable",
	 offsetof(struct vf_set_opts, link_state)},
	{"spoofchk", OPT_TEXT, "ON", "on or off: may it send only from its own addresses",
	 offsetof(struct vf_set_opts, spoofchk)},
	{"trust", OPT_TEXT, "ON", "on or off: may it ask to see others' frames",
	 offsetof(struct vf_set_opts, trust)},
	{},
};

const struct host_pci *cmd_find_pf(const struct host *h, const char *word, int *status)
{
	const struct host_pci *p = host_find_pci(h, word);

	*status = EXIT_FAILED;
	if (!p)
		msg_fail(EXIT_FAILED,
			 "%s: no such PCI device or interface (see: hpcapctl inventory)", word);
	else if (*p->pf)
		msg_fail(EXIT_FAILED, "%s is VF %d of %s: name the PF", word, p->vf_index,
			 p->pf);
	else if (!p->vfs_total)
		*status = msg_fail(EXIT_NOT_SUPPORTED, "%s cannot make VFs", word);
	else
		return p;
	return NULL;
}

static struct json_object *json_vf(const struct host_pci *vf, const struct nl_vf *n,
				   const char *user)
{
	struct json_object *o = json_object_new_object();
	char mac[18];

	snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", n->mac[0], n->mac[1],
		 n->mac[2], n->mac[3], n->mac[4], n->mac[5]);
	json_object_object_add(o, "pf", json_object_new_string(vf->pf));
	json_object_object_add(o, "index", json_object_new_int(vf->vf_index));
	json_object_object_add(o, "address", json_object_new_string(vf->bdf));
	json_object_object_add(o, "driver", json_object_new_string(vf->driver));
	json_object_object_add(o, "netdev", json_object_new_string(vf->netdev));
	json_object_object_add(o, "mac", json_object_new_string(mac));
	json_object_object_add(o, "vlan", json_object_new_int((int)n->vlan));
	json_object_object_add(o, "rate_mbit", json_object_new_int((int)n->rate_mbit));
	json_object_object_add(o, "link_state",
			       json_object_new_string(link_states[n->link_state % 3]));
	json_object_object_add(o, "spoofchk", json_object_new_boolean(n->spoofchk));
	json_object_object_add(o, "trust", json_object_new_boolean(n->trust));
	json_object_object_add(o, "used_by", json_object_new_string(user));
	return o;
}

static void print_vf(const struct host_pci *vf, const struct nl_vf *n, const char *user)
{
	printf("%-12s  VF %d  %-12s  %02x:%02x:%02x:%02x:%02x:%02x  vlan %u  spoofchk %s  "
	       "trust %s  link %s  %s\n",
	       vf->pf, vf->vf_index, vf->bdf, n->mac[0], n->mac[1], n->mac[2], n->mac[3],
	       n->mac[4], n->mac[5], n->vlan, n->spoofchk ? "on" : "off",
	       n->trust ? "on" : "off", link_states[n->link_state % 3], user);
}

/* A PF's rows; json: the array that they are added to, or NULL for text. */
static void list_pf(const struct host *h, const struct virt_view *v, const struct host_pci *pf,
		    struct json_object *json)
{
	static const struct nl_vf nothing;
	struct nl_vf vf[NL_MAX_VFS];
	int n = *pf->netdev && sysfs_is_live() ? nl_vfs(pf->netdev, vf, NL_MAX_VFS) : 0;

	for (int i = 0; i < pf->vfs; i++) {
		const struct host_pci *p = host_find_vf(h, pf, i);
		const struct virt_domain *d = p ? virt_owner(v, p->bdf) : NULL;
		const char *user = d ? d->xml.name : p && *p->netdev ? p->netdev : "";

		if (!p)
			continue;
		if (json)
			json_object_array_add(json,
					      json_vf(p, i < n ? &vf[i] : &nothing, user));
		else
			print_vf(p, i < n ? &vf[i] : &nothing, user);
	}
}

int cmd_vf_list(void *opts, int argc, char **argv)
{
	const struct host_pci *only = NULL;
	struct json_object *json = NULL;
	static struct host h;
	static struct virt_view v;
	int status = EXIT_OK;

	(void)opts;
	if (cmd_facts(&h, &v))
		return EXIT_FAILED;
	if (argc)
		only = cmd_find_pf(&h, argv[0], &status);
	if (argc && !only)
		return status;
	if (msg_wants_json())
		json = json_object_new_array();
	for (unsigned int i = 0; i < h.nr_pci; i++)
		if (h.pci[i].vfs_total && (!only || only == &h.pci[i]))
			list_pf(&h, &v, &h.pci[i], json);
	if (json)
		msg_print("vfs", json);
	return EXIT_OK;
}

/* A domain that has a VF of this PF, or NULL. */
static const struct virt_domain *vf_user(const struct host *h, const struct virt_view *v,
					 const struct host_pci *pf)
{
	for (int i = 0; i < pf->vfs; i++) {
		const struct host_pci *p = host_find_vf(h, pf, i);
		const struct virt_domain *d = p ? virt_owner(v, p->bdf) : NULL;

		if (d && d->running)
			return d;
	}
	return NULL;
}

/* The kernel changes the number only by way of zero. */
static int write_numvfs(const struct host_pci *pf, uint64_t wanted)
{
	char text[16];
	int err = 0;

	if (pf->vfs)
		err = sysfs_write("0", "/sys/bus/pci/devices/%s/sriov_numvfs", pf->bdf);
	/* guests own the VFs: the host's drivers shall not */
	if (!err)
		err = sysfs_write("0", "/sys/bus/pci/devices/%s/sriov_drivers_autoprobe",
				  pf->bdf);
	snprintf(text, sizeof(text), "%d", (int)wanted);
	if (!err && wanted)
		err = sysfs_write(text, "/sys/bus/pci/devices/%s/sriov_numvfs", pf->bdf);
	return err;
}

int cmd_vf_create(void *opts, int argc, char **argv)
{
	const struct virt_domain *user;
	const struct host_pci *pf;
	static struct host h;
	static struct virt_view v;
	uint64_t wanted;
	int status, err;

	(void)opts;
	(void)argc;
	status = cmd_lock();
	if (status != EXIT_OK)
		return status;
	if (cmd_facts(&h, &v))
		return EXIT_FAILED;
	pf = cmd_find_pf(&h, argv[0], &status);
	if (!pf)
		return status;
	if (!opt_read_number(argv[1], &wanted) || wanted > (uint64_t)pf->vfs_total)
		return msg_fail(EXIT_USAGE,
				"%s: not a number of VFs that %s can make (0 to %d)", argv[1],
				argv[0], pf->vfs_total);
	if ((int)wanted == pf->vfs) {
		msg_note("%s has %d VFs already", argv[0], pf->vfs);
		return EXIT_OK;
	}
	user = virt_owner(&v, pf->bdf);
	if (user && user->running)
		return msg_fail(EXIT_REFUSED, "%s belongs to domain %s: stop it first", argv[0],
				user->xml.name);
	user = vf_user(&h, &v, pf);
	if (user)
		return msg_fail(EXIT_REFUSED, "domain %s uses a VF of %s: stop it first",
				user->xml.name, argv[0]);
	if (opt_common.dry_run) {
		msg_note("would change %s from %d to %d VFs", argv[0], pf->vfs, (int)wanted);
		return EXIT_OK;
	}
	err = write_numvfs(pf, wanted);
	if (err)
		return msg_fail(msg_code(err), "%s: %s%s", argv[0], strerror(-err),
				*pf->driver ? "" : " (it has no driver)");
	return EXIT_OK;
}

static bool read_mac(const char *text, uint8_t mac[6])
{
	int used = 0;

	return strlen(text) == 17 &&
	       sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &mac[0], &mac[1], &mac[2],
		      &mac[3], &mac[4], &mac[5], &used) == 6 &&
	       !text[used] && !(mac[0] & 1);
}

static bool read_on(const char *text, bool *on)
{
	*on = !strcmp(text, "on");
	return *on || !strcmp(text, "off");
}

static bool read_range(const char *text, uint64_t max, uint32_t *out)
{
	uint64_t v;

	if (!opt_read_number(text, &v) || v > max)
		return false;
	*out = (uint32_t)v;
	return true;
}

static bool read_link_state(const char *text, uint32_t *out)
{
	for (*out = 0; *out < 3; ++*out)
		if (!strcmp(text, link_states[*out]))
			return true;
	return false;
}

struct change {
	const char *name;
	const char *text;
	bool good;
	enum nl_vf_what what;
};

/* Nothing is changed before every value was understood. */
static int apply(const struct host_pci *pf, const struct nl_vf *vf, const struct change *c,
		 size_t n)
{
	unsigned int done = 0;
	int err;

	for (size_t i = 0; i < n; i++)
		if (c[i].text && !c[i].good)
			return msg_fail(EXIT_USAGE,
					"--%s: '%s' is not a value (see: hpcapctl vf set"
					" --help)",
					c[i].name, c[i].text);
	for (size_t i = 0; i < n; i++) {
		if (!c[i].text)
			continue;
		if (opt_common.dry_run || !sysfs_is_live()) {
			msg_note("would set %s of VF %u to %s", c[i].name, vf->index,
				 c[i].text);
			continue;
		}
		err = nl_vf_set(pf->netdev, vf, c[i].what);
		if (err)
			return msg_fail(done ? EXIT_PARTIAL : msg_code(err),
					"%s VF %u: %s %s: %s", pf->netdev, vf->index, c[i].name,
					c[i].text, strerror(-err));
		done++;
	}
	return EXIT_OK;
}

int cmd_vf_set(void *opts, int argc, char **argv)
{
	const struct vf_set_opts *o = opts;
	struct nl_vf vf = {};
	const struct host_pci *pf;
	static struct host h;
	uint64_t index;
	int status;

	(void)argc;
	if (cmd_host(&h))
		return EXIT_FAILED;
	pf = cmd_find_pf(&h, argv[0], &status);
	if (!pf)
		return status;
	if (!opt_read_number(argv[1], &index) || index >= (uint64_t)pf->vfs)
		return msg_fail(EXIT_USAGE, "%s has no VF %s (it has %d)", argv[0], argv[1],
				pf->vfs);
	if (!*pf->netdev)
		return msg_fail(EXIT_NOT_SUPPORTED,
				"%s has no network interface: load its driver", argv[0]);
	vf.index = (uint32_t)index;
	const struct change changes[] = {
		{"mac", o->mac, o->mac && read_mac(o->mac, vf.mac), NL_VF_MAC},
		{"vlan", o->vlan, o->vlan && read_range(o->vlan, 4094, &vf.vlan), NL_VF_VLAN},
		{"rate", o->rate, o->rate && read_range(o->rate, UINT32_MAX, &vf.rate_mbit),
		 NL_VF_RATE},
		{"link-state", o->link_state,
		 o->link_state && read_link_state(o->link_state, &vf.link_state),
		 NL_VF_LINK_STATE},
		{"spoofchk", o->spoofchk, o->spoofchk && read_on(o->spoofchk, &vf.spoofchk),
		 NL_VF_SPOOFCHK},
		{"trust", o->trust, o->trust && read_on(o->trust, &vf.trust), NL_VF_TRUST},
	};

	return apply(pf, &vf, changes, sizeof(changes) / sizeof(changes[0]));
}
