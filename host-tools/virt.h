/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt, and nobody else here knows it. */
#ifndef VIRT_H
#define VIRT_H

#include <stdbool.h>
#include "domxml.h"
#include "instance.h"

enum {
	VIRT_MAX_DOMAINS = 256,
	VIRT_WHY = 256,
};

/**
 * struct virt_domain - a domain that libvirt knows
 * @xml: what its XML says
 * @running: now
 * @ours: hpcapctl made it
 * @inst: what it wrote into its metadata then
 */
struct virt_domain {
	struct domxml xml;
	bool running;
	bool ours;
	struct instance inst;
};

/**
 * struct virt_view - what libvirt said at one moment
 * @domain: sorted by name
 * @nr: how many
 * @qemu: version of the hypervisor, 1000000 * major + 1000 * minor + release; 0 unknown
 * @libvirt: version of the library's other end, likewise
 * @far: it is another host's
 * @why_not: why libvirt did not answer, "" when it did
 */
struct virt_view {
	struct virt_domain domain[VIRT_MAX_DOMAINS];
	unsigned int nr;
	unsigned long qemu;
	unsigned long libvirt;
	bool far;
	char why_not[256];
};

/**
 * virt_look() - ask libvirt for its domains, read-only
 * @uri: NULL for libvirt's default
 * @v: filled
 * Return: 0, or -ENOTCONN with @v->why_not.
 */
int virt_look(const char *uri, struct virt_view *v);

/* The domain that was given this function; running ones first. NULL for none. */
const struct virt_domain *virt_owner(const struct virt_view *v, const char *bdf);

/**
 * virt_find_tenant() - the function meant by DOMAIN, DOMAIN/MAC, DOMAIN/ALIAS or a MAC
 * @v: what libvirt said
 * @text: as the user wrote it
 * @dev: set
 * Return: 0; -ENOENT no such domain or device; -ENOTUNIQ the domain has several.
 */
int virt_find_tenant(const struct virt_view *v, const char *text,
		     const struct domxml_dev **dev);

/* The domain that has this file or block device as a disk; NULL for none. */
const struct virt_domain *virt_disk_owner(const struct virt_view *v, const char *path);

/* CPUs that running domains but @name's are pinned to, a list in static memory. */
const char *virt_pinned(const struct virt_view *v, const char *name);

/* The domain of this name, NULL for none. */
const struct virt_domain *virt_find(const struct virt_view *v, const char *name);

/* Whether this URI, or libvirt's default, means another host than this one. */
bool virt_is_remote(const char *uri);

/* --- changing things; @why: libvirt's words when it refuses, VIRT_WHY bytes ----- */

/**
 * virt_make() - start a domain
 * @uri: NULL for libvirt's default
 * @xml: of it
 * @keep: it is to stay known when it is off; else nothing of it stays
 * Return: 0; -EEXIST the name is taken; -EBUSY a device is; another negative errno.
 */
int virt_make(const char *uri, const char *xml, bool keep, char why[VIRT_WHY]);

/* Start a domain that is known and off; 0 too when it runs. */
int virt_start(const char *uri, const char *name, char why[VIRT_WHY]);

/* Stop a domain and forget it; 0 too when there is none. */
int virt_end(const char *uri, const char *name, char why[VIRT_WHY]);

/* Replace what hpcapctl wrote into the domain's metadata. */
int virt_note(const char *uri, const struct instance *i, char why[VIRT_WHY]);

#endif /* VIRT_H */
