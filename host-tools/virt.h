/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt, and nobody else here knows it. */
#ifndef VIRT_H
#define VIRT_H

#include <stdbool.h>
#include "domxml.h"

enum {
	VIRT_MAX_DOMAINS = 256,
};

/**
 * struct virt_domain - a domain that libvirt knows
 * @xml: what its XML says
 * @running: now
 */
struct virt_domain {
	struct domxml xml;
	bool running;
};

/**
 * struct virt_view - what libvirt said at one moment
 * @domain: sorted by name
 * @nr: how many
 * @qemu: version of the hypervisor, 1000000 * major + 1000 * minor + release; 0 unknown
 * @libvirt: version of the library's other end, likewise
 * @why_not: why libvirt did not answer, "" when it did
 */
struct virt_view {
	struct virt_domain domain[VIRT_MAX_DOMAINS];
	unsigned int nr;
	unsigned long qemu;
	unsigned long libvirt;
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

#endif /* VIRT_H */
