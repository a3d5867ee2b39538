/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of a VM that hpcapctl made: kept in the domain's <metadata>. Pure. */
#ifndef INSTANCE_H
#define INSTANCE_H

#include <stdbool.h>
#include <stdint.h>
#include "nl.h"
#include "plan.h"

#define INSTANCE_NS	"urn:hpcap:instance:1"
#define INSTANCE_PREFIX "hpcap"

enum {
	INSTANCE_NAME = 25, /* with the final zero; "vnma:NAME" must fit a mirror's owner */
	INSTANCE_TEXT = 128,
	INSTANCE_PATH = 512,
	INSTANCE_ASKED = 4096,
};

/**
 * struct instance_device - a PCI function given away
 * @bdf: its address
 * @driver: the one it had before, "" for none
 * @trust: it is a VF that is trusted until the VM ends
 */
struct instance_device {
	char bdf[HOST_BDF];
	char driver[HOST_NAME];
	bool trust;
};

/**
 * struct instance - a probe or an agent
 * @name: of the domain
 * @role: probe or agent
 * @owner: who asked for it
 * @reason: why
 * @print: fingerprint of what was asked; the same again is no other VM
 * @asked: options as they were given, a JSON object
 * @created: seconds since 1970
 * @deadline: when it ends, 0: never
 * @cap: bytes after which it ends, 0: never
 * @to: folder of the host that its files are brought to when it ends, "" for none
 * @dev: functions given away
 * @nr_devs: how many
 * @mirror: copies that it is fed; no targets: none
 */
struct instance {
	char name[INSTANCE_NAME];
	enum plan_role role;
	char owner[INSTANCE_TEXT];
	char reason[INSTANCE_TEXT];
	char print[17];
	char asked[INSTANCE_ASKED];
	uint64_t created;
	uint64_t deadline;
	uint64_t cap;
	char to[INSTANCE_PATH];
	struct instance_device dev[PLAN_MAX_DEVICES];
	unsigned int nr_devs;
	struct nl_mirror mirror;
};

/* Whether a VM may be called so: [A-Za-z0-9][A-Za-z0-9._-]*, 24 at most. */
bool instance_may_be_called(const char *name);

/* "vnp" or "vnma" */
const char *instance_role(const struct instance *i);

/* The element for <metadata>, the caller's; NULL without memory. @named: with its
 * namespace, which libvirt adds itself when metadata is replaced. */
char *instance_xml(const struct instance *i, bool named);

/**
 * instance_parse() - read it back
 * @xml: that element, or a whole domain
 * Return: 0; -ENOENT there is none; -EINVAL it is not as docs/reference/instance.md says.
 */
int instance_parse(const char *xml, struct instance *out);

#endif /* INSTANCE_H */
