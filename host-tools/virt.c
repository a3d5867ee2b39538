// SPDX-License-Identifier: GPL-2.0-or-later
/* libvirt: what is there, and starting and ending domains. */
#include <errno.h>
#include <limits.h>
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
		d->ours = !instance_parse(xml, &d->inst) && !strcmp(d->inst.name, d->xml.name);
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
	v->far = virt_is_remote(uri);
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

const struct virt_domain *virt_disk_owner(const struct virt_view *v, const char *path)
{
	char real[PATH_MAX];

	for (unsigned int i = 0; i < v->nr; i++)
		for (unsigned int k = 0; k < v->domain[i].xml.nr_disks; k++) {
			const char *disk = v->domain[i].xml.disk[k];

			if (!strcmp(disk, path) ||
			    (realpath(disk, real) && !strcmp(real, path)))
				return &v->domain[i];
		}
	return NULL;
}

const char *virt_pinned(const struct virt_view *v, const char *name)
{
	static char list[8192];
	size_t used = 0;

	*list = '\0';
	for (unsigned int i = 0; i < v->nr; i++) {
		const struct virt_domain *d = &v->domain[i];

		if (!d->running || !*d->xml.pinned || (name && !strcmp(d->xml.name, name)) ||
		    used + strlen(d->xml.pinned) + 2 > sizeof(list))
			continue;
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
					 used ? "," : "", d->xml.pinned);
	}
	return list;
}

const struct virt_domain *virt_find(const struct virt_view *v, const char *name)
{
	for (unsigned int i = 0; i < v->nr; i++)
		if (!strcmp(v->domain[i].xml.name, name))
			return &v->domain[i];
	return NULL;
}

bool virt_is_remote(const char *uri)
{
	const char *at;

	if (!uri)
		uri = getenv("LIBVIRT_DEFAULT_URI");
	if (!uri || !*uri)
		return false;
	/* without a scheme it is an alias, for whatever */
	at = strstr(uri, "://");
	return !at || (at[3] && at[3] != '/');
}

/* --- changing things ------------------------------------------------------------ */

static int say(char why[VIRT_WHY])
{
	const virError *e = virGetLastError();

	snprintf(why, VIRT_WHY, "%s", e && e->message ? e->message : "no answer");
	switch (e ? e->code : 0) {
	case VIR_ERR_OPERATION_DENIED:
	case VIR_ERR_AUTH_FAILED:
	case VIR_ERR_ACCESS_DENIED:
		return -EACCES;
	case VIR_ERR_DOM_EXIST:
		return -EEXIST;
	case VIR_ERR_RESOURCE_BUSY:
		return -EBUSY;
	case VIR_ERR_NO_DOMAIN:
		return -ENOENT;
	case VIR_ERR_NO_MEMORY:
		return -ENOMEM;
	case VIR_ERR_OPERATION_TIMEOUT:
		return -ETIMEDOUT;
	case VIR_ERR_CONFIG_UNSUPPORTED:
	case VIR_ERR_NO_SUPPORT:
		return -EOPNOTSUPP;
	default:
		/* a device that another domain has is told in words only */
		return strstr(why, "is in use by") ? -EBUSY : -EIO;
	}
}

static virConnectPtr open_rw(const char *uri, char why[VIRT_WHY], int *err)
{
	virConnectPtr conn;

	virSetErrorFunc(NULL, no_words);
	*why = '\0';
	conn = virConnectOpen(uri);
	if (!conn)
		*err = say(why);
	return conn;
}

int virt_make(const char *uri, const char *xml, bool keep, char why[VIRT_WHY])
{
	virDomainPtr dom;
	int err = 0;
	virConnectPtr conn = open_rw(uri, why, &err);

	if (!conn)
		return err;
	if (keep)
		dom = virDomainDefineXMLFlags(conn, xml, VIR_DOMAIN_DEFINE_VALIDATE);
	else
		dom = virDomainCreateXML(conn, xml, VIR_DOMAIN_START_VALIDATE);
	if (!dom) {
		err = say(why);
	} else if (keep && virDomainCreate(dom) < 0) {
		err = say(why);
		virDomainUndefine(dom);
	}
	if (dom)
		virDomainFree(dom);
	virConnectClose(conn);
	return err;
}

int virt_start(const char *uri, const char *name, char why[VIRT_WHY])
{
	int err = 0;
	virConnectPtr conn = open_rw(uri, why, &err);
	virDomainPtr dom = conn ? virDomainLookupByName(conn, name) : NULL;

	/* somebody else's order may be under way */
	if (conn && (!dom || (virDomainIsActive(dom) != 1 && virDomainCreate(dom) < 0 &&
			      virDomainIsActive(dom) != 1)))
		err = say(why);
	if (dom)
		virDomainFree(dom);
	if (conn)
		virConnectClose(conn);
	return err;
}

int virt_end(const char *uri, const char *name, char why[VIRT_WHY])
{
	int err = 0;
	virConnectPtr conn = open_rw(uri, why, &err);
	virDomainPtr dom = conn ? virDomainLookupByName(conn, name) : NULL;
	bool kept;

	if (conn && !dom)
		err = say(why);
	if (dom) {
		kept = virDomainIsPersistent(dom) == 1;
		/* it may end by itself between the question and the order */
		if (virDomainIsActive(dom) == 1 && virDomainDestroy(dom) < 0 &&
		    virDomainIsActive(dom) == 1)
			err = say(why);
		if (!err && kept && virDomainUndefine(dom) < 0)
			err = say(why);
		virDomainFree(dom);
	}
	if (conn)
		virConnectClose(conn);
	return err == -ENOENT ? 0 : err;
}

int virt_note(const char *uri, const struct instance *i, char why[VIRT_WHY])
{
	unsigned int flags = VIR_DOMAIN_AFFECT_CURRENT;
	int err = 0;
	virConnectPtr conn = open_rw(uri, why, &err);
	virDomainPtr dom = conn ? virDomainLookupByName(conn, i->name) : NULL;
	char *xml = instance_xml(i, false);

	if (dom && virDomainIsPersistent(dom) == 1 && virDomainIsActive(dom) == 1)
		flags = VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG;
	if (conn && (!dom || !xml ||
		     virDomainSetMetadata(dom, VIR_DOMAIN_METADATA_ELEMENT, xml,
					  INSTANCE_PREFIX, INSTANCE_NS, flags) < 0))
		err = say(why);
	free(xml);
	if (dom)
		virDomainFree(dom);
	if (conn)
		virConnectClose(conn);
	return err;
}
