// SPDX-License-Identifier: GPL-2.0-or-later
/* What a domain's XML says about devices that belong to the host. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include "domxml.h"

static xmlNode *child(xmlNode *node, const char *name)
{
	for (xmlNode *n = node ? node->children : NULL; n; n = n->next)
		if (n->type == XML_ELEMENT_NODE && !strcmp((const char *)n->name, name))
			return n;
	return NULL;
}

static void attribute(xmlNode *node, const char *name, char *out, size_t size)
{
	xmlChar *text = node ? xmlGetProp(node, (const xmlChar *)name) : NULL;

	snprintf(out, size, "%s", text ? (const char *)text : "");
	xmlFree(text);
}

static unsigned long number(xmlNode *node, const char *name)
{
	char text[32];

	attribute(node, name, text, sizeof(text));
	return strtoul(text, NULL, 0);
}

/* An <address type='pci'> or a hostdev's <address>: false when it has no bus. */
static bool read_address(xmlNode *address, char bdf[16])
{
	char bus[32];

	attribute(address, "bus", bus, sizeof(bus));
	if (!*bus)
		return false;
	snprintf(bdf, 16, "%04lx:%02lx:%02lx.%lx", number(address, "domain") & 0xffff,
		 number(address, "bus") & 0xff, number(address, "slot") & 0x1f,
		 number(address, "function") & 7);
	return true;
}

static void read_dev(xmlNode *node, bool is_net, struct domxml *d)
{
	struct domxml_dev *dev = &d->devs[d->nr_devs];
	char type[32];

	attribute(node, "type", type, sizeof(type));
	if (strcmp(type, is_net ? "hostdev" : "pci") || d->nr_devs == DOMXML_MAX_DEVS)
		return;
	memset(dev, 0, sizeof(*dev));
	if (!read_address(child(child(node, "source"), "address"), dev->bdf))
		return;
	attribute(child(node, "mac"), "address", dev->mac, sizeof(dev->mac));
	attribute(child(node, "alias"), "name", dev->alias, sizeof(dev->alias));
	dev->is_net = is_net;
	d->nr_devs++;
}

static void read_disk(xmlNode *node, struct domxml *d)
{
	char *path = d->disk[d->nr_disks];

	if (d->nr_disks == DOMXML_MAX_DISKS)
		return;
	attribute(child(node, "source"), "dev", path, sizeof(d->disk[0]));
	if (!*path)
		attribute(child(node, "source"), "file", path, sizeof(d->disk[0]));
	if (*path)
		d->nr_disks++;
}

static void read_share(xmlNode *node, struct domxml *d)
{
	char mode[32];

	attribute(node, "accessmode", mode, sizeof(mode));
	if (!strcmp(mode, "mapped"))
		attribute(child(node, "source"), "dir", d->mapped, sizeof(d->mapped));
}

/* Lists of CPUs, one behind the other. */
static void read_pins(xmlNode *tune, struct domxml *d)
{
	for (xmlNode *n = tune ? tune->children : NULL; n; n = n->next) {
		const size_t used = strlen(d->pinned);
		char list[64];

		if (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, "vcpupin"))
			continue;
		attribute(n, "cpuset", list, sizeof(list));
		if (used + strlen(list) + 2 < sizeof(d->pinned))
			snprintf(d->pinned + used, sizeof(d->pinned) - used, "%s%s",
				 used ? "," : "", list);
	}
}

int domxml_parse(const char *xml, struct domxml *out)
{
	xmlDoc *doc = xmlReadMemory(xml, (int)strlen(xml), "domain.xml", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlNode *top = doc ? xmlDocGetRootElement(doc) : NULL;
	int err = -EINVAL;
	xmlChar *name;

	memset(out, 0, sizeof(*out));
	if (top && !strcmp((const char *)top->name, "domain") && child(top, "name")) {
		name = xmlNodeGetContent(child(top, "name"));
		snprintf(out->name, sizeof(out->name), "%s", name ? (const char *)name : "");
		xmlFree(name);
		read_pins(child(top, "cputune"), out);
		for (xmlNode *n = child(top, "devices") ? child(top, "devices")->children
							: NULL;
		     n; n = n->next) {
			if (n->type != XML_ELEMENT_NODE)
				continue;
			if (!strcmp((const char *)n->name, "interface"))
				read_dev(n, true, out);
			else if (!strcmp((const char *)n->name, "hostdev"))
				read_dev(n, false, out);
			else if (!strcmp((const char *)n->name, "disk"))
				read_disk(n, out);
			else if (!strcmp((const char *)n->name, "filesystem"))
				read_share(n, out);
		}
		err = 0;
	}
	xmlFreeDoc(doc);
	return err;
}
