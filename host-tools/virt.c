// SPDX-License-Identifier: GPL-2.0-or-later
/* libvirt: reading what is there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include "virt.h"

/* libvirt prints each error by itself unless told otherwise. */
static void no_words(void *data, virErrorPtr error)
{
	(void)data;
	(void)error;
}

static void say_why(struct virt_view *v)
{
	const virError *e = virGetLastError();

	snprintf(v->why_not, sizeof(v->why_not), "%s",
		 e && e->message ? e->message : "no answer");
}

static int by_name(const void *a, const void *b)
{
	const struct virt_domain *x = a, *y = b;

	return strcmp(x->xml.name, y->xml.name);
}

static void read_domain(virDomainPtr dom, struct virt_view *v)
{
	struct virt_domain *d = &v->domain[v->nr];
	char *xml;

	if (v->nr == VIRT_MAX_DOMAINS)
		return;
	xml = virDomainGetXMLDesc(dom, 0);
	if (xml && !domxml_parse(xml, &d->xml)) {
		d->running = virDomainIsActive(dom) == 1;
		v->nr++;
	}
	free(xml);
}

int virt_look(const char *uri, struct virt_view *v)
{
	virDomainPtr *doms = NULL;
	virConnectPtr conn;
	int n;

	memset(v, 0, sizeof(*v));
	virSetErrorFunc(NULL, no_words);
	conn = virConnectOpenReadOnly(uri);
	if (!conn) {
		say_why(v);
		return -ENOTCONN;
	}
	if (virConnectGetVersion(conn, &v->qemu) < 0)
		v->qemu = 0;
	if (virConnectGetLibVersion(conn, &v->libvirt) < 0)
		v->libvirt = 0;
	n = virConnectListAllDomains(conn, &doms, 0);
	if (n < 0)
		say_why(v);
	for (int i = 0; i < n; i++) {
		read_domain(doms[i], v);
		virDomainFree(doms[i]);
	}
	free(doms);
	virConnectClose(conn);
	qsort(v->domain, v->nr, sizeof(v->domain[0]), by_name);
	return n < 0 ? -ENOTCONN : 0;
}

const struct virt_domain *virt_owner(const struct virt_view *v, const char *bdf)
{
	const struct virt_domain *found = NULL;

	for (unsigned int i = 0; i < v->nr; i++) {
		const struct virt_domain *d = &v->domain[i];

		for (unsigned int k = 0; k < d->xml.nr_devs; k++)
			if (!strcmp(d->xml.devs[k].bdf, bdf) && (!found || d->running))
				found = d;
	}
	return found;
}

int virt_find_tenant(const struct virt_view *v, const char *text, const struct domxml_dev **dev)
{
	const char *slash = strchr(text, '/'), *want = slash ? slash + 1 : NULL;
	const size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned int found = 0;

	for (unsigned int i = 0; i < v->nr; i++) {
		const struct domxml *d = &v->domain[i].xml;
		const bool named = strlen(d->name) == len && !strncmp(d->name, text, len);

		for (unsigned int k = 0; k < d->nr_devs; k++) {
			const struct domxml_dev *one = &d->devs[k];
			bool meant = !slash && !strcasecmp(one->mac, text);

			if (named)
				meant = !want || !strcasecmp(one->mac, want) ||
					!strcmp(one->alias, want) || !strcmp(one->bdf, want);
			if (!meant || (named && !one->is_net && !want))
				continue;
			*dev = one;
			found++;
		}
	}
	return found == 1 ? 0 : found ? -ENOTUNIQ : -ENOENT;
}
