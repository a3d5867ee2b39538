// SPDX-License-Identifier: GPL-2.0-or-later
/* Access control services, out of configuration space. */
#include <stdio.h>
#include <string.h>
#include "acs.h"

/* Ref: PCI local bus, type 0 and 1 headers; PCI Express, extended capabilities */
enum {
	HEADER = 64,
	STATUS = 0x06,
	STATUS_HAS_CAPS = 0x10,
	HEADER_TYPE = 0x0e,
	TYPE_BRIDGE = 1,
	TYPE_MANY = 0x80,
	SECONDARY = 0x19,
	SUBORDINATE = 0x1a,
	CAPS = 0x34,
	CAP_EXPRESS = 0x10,
	LEGACY_SIZE = 256,
	EXT_CAP_ACS = 0x000d,
	MAX_CAPS = (ACS_CONFIG - LEGACY_SIZE) / 4,
};

static unsigned int le16(const uint8_t *at)
{
	return at[0] | (unsigned int)at[1] << 8;
}

/* Where the PCIe capability is, 0 without one. */
static size_t find_express(const uint8_t *config, size_t size)
{
	size_t at = config[CAPS] & 0xfc;

	if (!(config[STATUS] & STATUS_HAS_CAPS))
		return 0;
	for (unsigned int n = 0; n < LEGACY_SIZE / 4 && at >= HEADER && at + 4 <= size; n++) {
		if (config[at] == CAP_EXPRESS)
			return at;
		at = config[at + 1] & 0xfc;
	}
	return 0;
}

static size_t find_acs(const uint8_t *config, size_t size)
{
	size_t at = LEGACY_SIZE;

	for (unsigned int n = 0; n < MAX_CAPS && at >= LEGACY_SIZE && at + 8 <= size; n++) {
		if (le16(config + at) == EXT_CAP_ACS)
			return at;
		at = le16(config + at + 2) >> 4 & 0xffc;
	}
	return 0;
}

/* Ref: PCI Express, device/port type of the capabilities register */
static enum acs_kind kind_of(const uint8_t *config, size_t express, bool is_bridge)
{
	if (!is_bridge)
		return ACS_ENDPOINT;
	switch (express ? le16(config + express + 2) >> 4 & 0xf : 0) {
	case 4:
		return ACS_ROOT_PORT;
	case 5:
		return ACS_UPSTREAM_PORT;
	case 6:
		return ACS_DOWNSTREAM_PORT;
	default:
		return ACS_CONVENTIONAL;
	}
}

void acs_read(const uint8_t *config, size_t size, struct acs *out)
{
	bool is_bridge;
	size_t at;

	memset(out, 0, sizeof(*out));
	/* a function that is gone or asleep reads all ones */
	if (size <= HEADER || le16(config) == 0xffff)
		return;
	out->known = true;
	out->many = config[HEADER_TYPE] & TYPE_MANY;
	is_bridge = (config[HEADER_TYPE] & ~TYPE_MANY) == TYPE_BRIDGE;
	if (is_bridge) {
		out->first_bus = config[SECONDARY];
		out->last_bus = config[SUBORDINATE];
	}
	at = find_express(config, size);
	out->kind = kind_of(config, at, is_bridge);
	at = at ? find_acs(config, size) : 0;
	if (!at)
		return;
	out->has = true;
	out->can = le16(config + at + 4);
	out->on = le16(config + at + 6);
}

/* Ref: the rules by which Linux makes IOMMU groups: what a function cannot do it need
 * not do, once it has the capability; a function alone in its device needs none. */
unsigned int acs_missing(const struct acs *a)
{
	const bool is_port = a->kind == ACS_ROOT_PORT || a->kind == ACS_DOWNSTREAM_PORT;
	unsigned int wanted = ACS_SOURCE_VALIDATION | ACS_REQUEST_REDIRECT |
			      ACS_COMPLETION_REDIRECT | ACS_UPSTREAM_FORWARDING;

	if (!a->known || (!is_port && a->kind != ACS_CONVENTIONAL && !a->many))
		return 0;
	if (!is_port)
		wanted = ACS_REQUEST_REDIRECT | ACS_COMPLETION_REDIRECT;
	return a->has ? wanted & a->can & ~a->on : wanted;
}

void acs_names(unsigned int bits, char out[ACS_NAMES])
{
	static const struct {
		unsigned int bit;
		const char *name;
	} names[] = {
		{ACS_SOURCE_VALIDATION, "source validation"},
		{ACS_REQUEST_REDIRECT, "request redirect"},
		{ACS_COMPLETION_REDIRECT, "completion redirect"},
		{ACS_UPSTREAM_FORWARDING, "upstream forwarding"},
	};
	int used = 0;

	*out = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits & names[i].bit)
			used += snprintf(out + used, ACS_NAMES - (size_t)used, "%s%s",
					 used ? ", " : "", names[i].name);
}

const char *acs_kind_name(enum acs_kind kind)
{
	static const char *const names[] = {
		[ACS_ENDPOINT] = "device",
		[ACS_ROOT_PORT] = "root port",
		[ACS_UPSTREAM_PORT] = "upstream port",
		[ACS_DOWNSTREAM_PORT] = "downstream port",
		[ACS_CONVENTIONAL] = "PCI bridge",
	};

	return names[kind];
}
