// SPDX-License-Identifier: GPL-2.0-or-later
/* What is known of a VM that hpcapctl made, as XML. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include "instance.h"
#include "opt.h"

#define X(s) ((const xmlChar *)(s))

bool instance_may_be_called(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";

	return *name && strlen(name) < INSTANCE_NAME && !strchr("._-", *name) &&
	       !name[strspn(name, letters)];
}

const char *instance_role(const struct instance *i)
{
	return i->role == PLAN_VNP ? "vnp" : "vnma";
}

static void add_text(xmlNode *top, const char *name, const char *text)
{
	if (*text)
		xmlNewTextChild(top, top->ns, X(name), X(text));
}

static void add_number(xmlNode *top, const char *name, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	if (n)
		xmlNewTextChild(top, top->ns, X(name), X(text));
}

static void set_number(xmlNode *node, const char *name, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	xmlSetProp(node, X(name), X(text));
}

static void add_mirror(xmlNode *top, const struct nl_mirror *m)
{
	xmlNode *n = xmlNewChild(top, top->ns, X("mirror"), NULL);

	xmlSetProp(n, X("pf"), X(m->dev));
	set_number(n, "sources", m->vfs);
	set_number(n, "targets", m->targets);
	set_number(n, "dir", m->dir);
	set_number(n, "port", m->pf | m->uplink << 1 | m->downlink << 2);
	if (*m->vlans)
		xmlSetProp(n, X("vlans"), X(m->vlans));
}

static void fill_node(xmlNode *top, const struct instance *i)
{
	xmlSetProp(top, X("version"), X("1"));
	add_text(top, "name", i->name);
	add_text(top, "role", instance_role(i));
	add_text(top, "owner", i->owner);
	add_text(top, "reason", i->reason);
	add_text(top, "print", i->print);
	add_text(top, "asked", i->asked);
	add_number(top, "created", i->created);
	add_number(top, "deadline", i->deadline);
	add_number(top, "cap", i->cap);
	add_text(top, "to", i->to);
	for (unsigned int k = 0; k < i->nr_devs; k++) {
		xmlNode *n = xmlNewChild(top, top->ns, X("device"), NULL);

		xmlSetProp(n, X("address"), X(i->dev[k].bdf));
		xmlSetProp(n, X("driver"), X(i->dev[k].driver));
		if (i->dev[k].trust)
			xmlSetProp(n, X("trust"), X("on"));
	}
	if (i->mirror.targets)
		add_mirror(top, &i->mirror);
}

char *instance_xml(const struct instance *i, bool named)
{
	xmlDoc *doc = xmlNewDoc(X("1.0"));
	xmlNode *top = xmlNewNode(NULL, X("instance"));
	xmlBuffer *buf = xmlBufferCreate();
	char *text = NULL;

	xmlDocSetRootElement(doc, top);
	if (named)
		xmlSetNs(top, xmlNewNs(top, X(INSTANCE_NS), X(INSTANCE_PREFIX)));
	fill_node(top, i);
	if (buf && xmlNodeDump(buf, doc, top, 0, 0) > 0)
		text = strdup((const char *)xmlBufferContent(buf));
	xmlBufferFree(buf);
	xmlFreeDoc(doc);
	return text;
}

/* --- and back ----------------------------------------------------------------- */

static bool is_named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && !strcmp((const char *)n->name, name);
}

static bool is_ours(const xmlNode *n, const char *name)
{
	return is_named(n, name) && n->ns && !strcmp((const char *)n->ns->href, INSTANCE_NS);
}

/* The element itself, or the one in <metadata> of a domain. */
static xmlNode *find_top(xmlNode *root)
{
	if (!root || is_ours(root, "instance"))
		return root;
	for (xmlNode *n = root->children; n; n = n->next) {
		if (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, "metadata"))
			continue;
		for (xmlNode *k = n->children; k; k = k->next)
			if (is_ours(k, "instance"))
				return k;
	}
	return NULL;
}

static void take_text(const xmlNode *n, char *out, size_t size)
{
	xmlChar *text = xmlNodeGetContent(n);

	snprintf(out, size, "%s", text ? (const char *)text : "");
	xmlFree(text);
}

static void take_prop(xmlNode *n, const char *name, char *out, size_t size)
{
	xmlChar *text = xmlGetProp(n, X(name));

	snprintf(out, size, "%s", text ? (const char *)text : "");
	xmlFree(text);
}

static uint64_t prop_number(xmlNode *n, const char *name)
{
	char text[24];
	uint64_t v = 0;

	take_prop(n, name, text, sizeof(text));
	return opt_read_number(text, &v) ? v : 0;
}

static void take_device(xmlNode *n, struct instance_device *d)
{
	char trust[8];

	take_prop(n, "address", d->bdf, sizeof(d->bdf));
	take_prop(n, "driver", d->driver, sizeof(d->driver));
	take_prop(n, "trust", trust, sizeof(trust));
	d->trust = !strcmp(trust, "on");
}

static void take_mirror(xmlNode *n, struct nl_mirror *m)
{
	const uint64_t port = prop_number(n, "port");

	take_prop(n, "pf", m->dev, sizeof(m->dev));
	take_prop(n, "vlans", m->vlans, sizeof(m->vlans));
	m->vfs = (uint32_t)prop_number(n, "sources");
	m->targets = (uint32_t)prop_number(n, "targets");
	m->dir = (uint32_t)prop_number(n, "dir");
	m->pf = port & 1;
	m->uplink = port & 2;
	m->downlink = port & 4;
}

static void take_number(const xmlNode *n, uint64_t *out)
{
	char text[24];

	take_text(n, text, sizeof(text));
	if (!opt_read_number(text, out))
		*out = 0;
}

static void take(xmlNode *n, struct instance *i)
{
	char role[8];

	if (is_named(n, "name")) {
		take_text(n, i->name, sizeof(i->name));
	} else if (is_named(n, "role")) {
		take_text(n, role, sizeof(role));
		i->role = strcmp(role, "vnp") ? PLAN_VNMA : PLAN_VNP;
	} else if (is_named(n, "owner")) {
		take_text(n, i->owner, sizeof(i->owner));
	} else if (is_named(n, "reason")) {
		take_text(n, i->reason, sizeof(i->reason));
	} else if (is_named(n, "print")) {
		take_text(n, i->print, sizeof(i->print));
	} else if (is_named(n, "asked")) {
		take_text(n, i->asked, sizeof(i->asked));
	} else if (is_named(n, "created")) {
		take_number(n, &i->created);
	} else if (is_named(n, "deadline")) {
		take_number(n, &i->deadline);
	} else if (is_named(n, "cap")) {
		take_number(n, &i->cap);
	} else if (is_named(n, "to")) {
		take_text(n, i->to, sizeof(i->to));
	} else if (is_named(n, "mirror")) {
		take_mirror(n, &i->mirror);
	} else if (is_named(n, "device") && i->nr_devs < PLAN_MAX_DEVICES) {
		take_device(n, &i->dev[i->nr_devs++]);
	}
}

int instance_parse(const char *xml, struct instance *out)
{
	xmlDoc *doc = xmlReadMemory(xml, (int)strlen(xml), "instance.xml", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlNode *top = doc ? find_top(xmlDocGetRootElement(doc)) : NULL;
	int err = doc ? -ENOENT : -EINVAL;

	memset(out, 0, sizeof(*out));
	if (top) {
		for (xmlNode *n = top->children; n; n = n->next)
			take(n, out);
		err = instance_may_be_called(out->name) ? 0 : -EINVAL;
	}
	if (!err && out->mirror.targets) {
		snprintf(out->mirror.owner, sizeof(out->mirror.owner), "vnma:%s", out->name);
		snprintf(out->mirror.reason, sizeof(out->mirror.reason), "%s", out->reason);
	}
	xmlFreeDoc(doc);
	return err;
}
