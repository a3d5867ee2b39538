// SPDX-License-Identifier: GPL-2.0-or-later
/* From what a user writes about a mirror to what a PF driver is asked for. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "cmd.h"
#include "mirror.h"

struct resolving {
	const struct host *h;
	const struct virt_view *v;
	const struct host_pci *pf; /* NULL until something names it */
};

/* A VF of a domain; all must be of one PF. */
static int add_function(struct resolving *r, const char *word, const char *bdf, uint32_t *bits)
{
	const struct host_pci *p = host_find_pci(r->h, bdf);

	if (!p)
		return msg_fail(EXIT_FAILED, "%s: its device %s is not on this host", word,
				bdf);
	if (!*p->pf)
		return msg_fail(EXIT_NOT_SUPPORTED, "%s: its device %s is no VF", word, bdf);
	if (r->pf && strcmp(r->pf->bdf, p->pf))
		return msg_fail(
			EXIT_REFUSED,
			"%s is on PF %s, not on %s: a NIC copies only among its own VFs", word,
			p->pf, r->pf->bdf);
	r->pf = host_find_pci(r->h, p->pf);
	if (!r->pf || p->vf_index < 0 || p->vf_index > 31)
		return msg_fail(EXIT_FAILED, "%s: PF %s is not to be seen", word, p->pf);
	*bits |= 1u << p->vf_index;
	return EXIT_OK;
}

static int add_tenant(struct resolving *r, const char *word, uint32_t *bits)
{
	const struct domxml_dev *dev;
	const int err = virt_find_tenant(r->v, word, &dev);

	if (err == -ENOTUNIQ)
		return msg_fail(EXIT_USAGE, "%s has several VFs: name one as DOMAIN/MAC", word);
	if (err && *r->v->why_not)
		return msg_fail(EXIT_FAILED, "%s: libvirt does not answer: %s", word,
				r->v->why_not);
	if (err)
		return msg_fail(EXIT_FAILED,
				"%s: no such domain with a VF (see: hpcapctl inventory)", word);
	return add_function(r, word, dev->bdf, bits);
}

static int add_index(const struct resolving *r, const char *word, uint32_t *bits)
{
	uint64_t n;

	if (!r->pf)
		return msg_fail(EXIT_USAGE, "VF %s of which PF? (mirror add PF ...)", word);
	if (!opt_read_number(word, &n) || n > 31 || (int)n >= r->pf->vfs)
		return msg_fail(EXIT_USAGE, "%s has no VF %s (it has %d)", r->pf->bdf, word,
				r->pf->vfs);
	*bits |= 1u << n;
	return EXIT_OK;
}

static bool is_number(const char *word)
{
	uint64_t n;

	return opt_read_number(word, &n);
}

/* Domains first: they tell the PF that numbers need. */
static int add_all(struct resolving *r, const struct mirror_opts *o, struct nl_mirror *want)
{
	int status = EXIT_OK;

	for (unsigned int i = 0; status == EXIT_OK && i < o->tenants.count; i++)
		status = add_tenant(r, o->tenants.text[i], &want->vfs);
	for (unsigned int i = 0; status == EXIT_OK && i < o->to.count; i++)
		if (!is_number(o->to.text[i]))
			status = add_tenant(r, o->to.text[i], &want->targets);
	for (unsigned int i = 0; status == EXIT_OK && i < o->vfs.count; i++)
		status = add_index(r, o->vfs.text[i], &want->vfs);
	for (unsigned int i = 0; status == EXIT_OK && i < o->to.count; i++)
		if (is_number(o->to.text[i]))
			status = add_index(r, o->to.text[i], &want->targets);
	return status;
}

static int check(const struct mirror_opts *o, struct nl_mirror *want)
{
	if (!want->vfs && !o->pf && !o->uplink && !o->downlink && !o->vlans)
		return msg_fail(EXIT_USAGE,
				"copy what? (--tenant, --vf, --vlan, --uplink ...)");
	if (!want->targets)
		return msg_fail(EXIT_USAGE, "copies to whom? (--to)");
	if (want->vfs & want->targets)
		return msg_fail(EXIT_USAGE, "a VF cannot get copies of itself");
	want->dir = !o->dir || !strcmp(o->dir, "both") ? HPCAP_PF_DIR_BOTH
		    : !strcmp(o->dir, "in")	       ? HPCAP_PF_DIR_IN
		    : !strcmp(o->dir, "out")	       ? HPCAP_PF_DIR_OUT
						       : 0;
	if (!want->dir)
		return msg_fail(EXIT_USAGE, "--dir: '%s' is not in, out or both", o->dir);
	if (o->reason && strlen(o->reason) >= sizeof(want->reason))
		return msg_fail(EXIT_USAGE, "--reason: longer than %zu bytes",
				sizeof(want->reason) - 1);
	if (o->owner && strlen(o->owner) >= sizeof(want->owner))
		return msg_fail(EXIT_USAGE, "--owner: longer than %zu bytes",
				sizeof(want->owner) - 1);
	if (o->vlans && strlen(o->vlans) >= sizeof(want->vlans))
		return msg_fail(EXIT_USAGE, "--vlan: longer than %zu bytes",
				sizeof(want->vlans) - 1);
	return EXIT_OK;
}

int mirror_resolve(const struct host *h, const struct virt_view *v, const char *pf_word,
		   const struct mirror_opts *o, struct nl_mirror *want,
		   const struct host_pci **pf)
{
	struct resolving r = {.h = h, .v = v};
	int status = EXIT_OK;

	if (pf_word) {
		r.pf = cmd_find_pf(h, pf_word, &status);
		if (!r.pf)
			return status;
	}
	status = add_all(&r, o, want);
	if (status == EXIT_OK)
		status = check(o, want);
	if (status != EXIT_OK)
		return status;
	if (!r.pf)
		return msg_fail(EXIT_USAGE, "on which PF? (mirror add PF ...)");
	snprintf(want->dev, sizeof(want->dev), "%s", r.pf->bdf);
	snprintf(want->vlans, sizeof(want->vlans), "%s", o->vlans ? o->vlans : "");
	snprintf(want->reason, sizeof(want->reason), "%s", o->reason ? o->reason : "");
	want->pf = o->pf;
	want->uplink = o->uplink;
	want->downlink = o->downlink;
	want->ttl_ms = o->ttl_ms;
	want->byte_cap = o->bytes;
	want->frame_cap = o->frames;
	*pf = r.pf;
	return EXIT_OK;
}

/* One line to one file; dry runs say it. */
static int write_line(const struct host_pci *pf, int vf, const char *file, const char *verb,
		      const char *what)
{
	char line[NL_VLANS + 8];
	int err;

	snprintf(line, sizeof(line), "%s %s", verb, what);
	if (opt_common.dry_run) {
		msg_note("would write '%s' to %s/sriov/%d/%s", line, pf->bdf, vf, file);
		return EXIT_OK;
	}
	err = sysfs_write(line, "/sys/bus/pci/devices/%s/sriov/%d/%s", pf->bdf, vf, file);
	if (err)
		return msg_fail(msg_code(err), "%s VF %d: %s '%s': %s", pf->bdf, vf, file, line,
				strerror(-err));
	return EXIT_OK;
}

int mirror_by_sysfs(const struct host_pci *pf, const struct nl_mirror *want, bool add)
{
	const char *verb = add ? "add" : "rem";
	const int target = __builtin_ctz(want->targets);
	char number[8];
	int status = EXIT_OK;

	if (!sysfs_exists("/sys/bus/pci/devices/%s/sriov/%d/ingress_mirror", pf->bdf, target))
		return msg_fail(
			EXIT_NOT_SUPPORTED,
			"driver %s of %s copies no traffic: hpcap_pf does for the 82576,"
			" i40e by its sriov/ files",
			*pf->driver ? pf->driver : "(none)", pf->bdf);
	if (want->ttl_ms || want->byte_cap || want->frame_cap || want->pf || want->uplink ||
	    want->downlink || (want->targets & (want->targets - 1)))
		return msg_fail(
			EXIT_NOT_SUPPORTED,
			"driver %s knows no end of a mirror, no several targets and no port"
			" mirrors: only hpcap_pf does",
			pf->driver);
	snprintf(number, sizeof(number), "%d", target);
	if (*want->vlans)
		status = write_line(pf, target, "vlan_mirror", verb, want->vlans);
	for (int i = 0; status == EXIT_OK && i < 32; i++) {
		if (!(want->vfs & 1u << i))
			continue;
		if (want->dir & HPCAP_PF_DIR_OUT)
			status = write_line(pf, i, "egress_mirror", verb, number);
		if (status == EXIT_OK && want->dir & HPCAP_PF_DIR_IN)
			status = write_line(pf, i, "ingress_mirror", verb, number);
	}
	return status;
}
