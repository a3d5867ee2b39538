// SPDX-License-Identifier: GPL-2.0-or-later
/* Check of ACS: do the ports above NICs and storage keep devices apart? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "doctor.h"

/* VFs are as far apart as their PF is from others. */
static bool is_ours(const struct host_pci *p)
{
	return p->kind != HOST_OTHER && p->kind != HOST_BRIDGE && !*p->pf;
}

/* 0000:01:00.0 has domain 0000 and bus 1. */
static bool is_below(const struct host_pci *p, const struct host_pci *bridge)
{
	const unsigned long bus = strtoul(p->bdf + 5, NULL, 16);

	return bridge->acs.last_bus && !strncmp(p->bdf, bridge->bdf, 5) &&
	       bus >= bridge->acs.first_bus && bus <= bridge->acs.last_bus;
}

static const struct host_pci *first_below(const struct host *h, const struct host_pci *bridge)
{
	for (unsigned int i = 0; i < h->nr_pci; i++)
		if (is_ours(&h->pci[i]) && is_below(&h->pci[i], bridge))
			return &h->pci[i];
	return NULL;
}

/* Another function of the same device. */
static const struct host_pci *beside(const struct host *h, const struct host_pci *p)
{
	const size_t slot = strlen("0000:01:00.");

	for (unsigned int i = 0; i < h->nr_pci; i++)
		if (&h->pci[i] != p && !*h->pci[i].pf && !strncmp(h->pci[i].bdf, p->bdf, slot))
			return &h->pci[i];
	return NULL;
}

/* Groups that a patched kernel splits though nothing separates them. */
static bool is_overridden(void)
{
	char words[4096];

	return sysfs_read(words, sizeof(words), "/proc/cmdline") &&
	       strstr(words, "pcie_acs_override=");
}

/* A port without the capability: some separate all the same, and the kernel knows them. */
static bool lacks(struct doctor *d, const struct host_pci *port, const struct host_pci *p)
{
	const char *kind = acs_kind_name(port->acs.kind);
	const bool is_split = port->group >= 0 && p->group >= 0 && port->group != p->group;

	if (is_split && !is_overridden()) {
		doctor_find(d, DOCTOR_OK, NULL,
			    "%s %s above %s %s has no ACS capability, but the kernel knows"
			    " that it separates (IOMMU groups %d and %d)",
			    kind, port->bdf, host_kind_name(p->kind), p->bdf, port->group,
			    p->group);
		return false;
	}
	if (is_split)
		doctor_find(d, DOCTOR_WARN,
			    "boot without pcie_acs_override=, and pass whole groups",
			    "%s %s above %s %s has no ACS: its groups are split by a word of"
			    " the command line only",
			    kind, port->bdf, host_kind_name(p->kind), p->bdf);
	else
		doctor_find(d, DOCTOR_WARN,
			    "give all that is below it to one VM, or use a slot whose port"
			    " has ACS",
			    "%s %s above %s %s has no ACS: devices below it reach each other"
			    " past the IOMMU",
			    kind, port->bdf, host_kind_name(p->kind), p->bdf);
	return true;
}

/* Whether it was complained about. */
static bool check_port(struct doctor *d, const struct host_pci *port, const struct host_pci *p)
{
	const unsigned int missing = acs_missing(&port->acs);
	char names[ACS_NAMES];

	if (!missing)
		return false;
	if (!port->acs.has)
		return lacks(d, port, p);
	acs_names(missing, names);
	doctor_find(d, DOCTOR_WARN,
		    "boot with the IOMMU on, without pci=disable_acs_redir= or config_acs=",
		    "%s %s above %s %s has ACS, but switched off: %s",
		    acs_kind_name(port->acs.kind), port->bdf, host_kind_name(p->kind), p->bdf,
		    names);
	return true;
}

static void check_functions(struct doctor *d, const struct host_pci *p)
{
	const struct host_pci *other = acs_missing(&p->acs) ? beside(d->h, p) : NULL;
	char names[ACS_NAMES];

	/* other groups: the kernel knows this device */
	if (!other || (other->group != p->group && !p->acs.has))
		return;
	acs_names(acs_missing(&p->acs), names);
	doctor_find(d, DOCTOR_WARN, "give all its functions to one VM",
		    "%s %s has other functions beside it and no ACS between them: %s",
		    host_kind_name(p->kind), p->bdf, names);
}

void doctor_acs(struct doctor *d)
{
	unsigned int ports = 0, bad_ports = 0, unknown = 0;

	for (unsigned int i = 0; i < d->h->nr_pci; i++) {
		const struct host_pci *p = &d->h->pci[i], *below;

		if (is_ours(p)) {
			unknown += !p->acs.known;
			check_functions(d, p);
			continue;
		}
		if (p->kind == HOST_BRIDGE)
			unknown += !p->acs.known;
		below = p->kind == HOST_BRIDGE ? first_below(d->h, p) : NULL;
		if (!below)
			continue;
		ports++;
		bad_ports += check_port(d, p, below);
	}
	if (unknown)
		doctor_find(d, DOCTOR_WARN, "run it as root",
			    "configuration space of %u PCI functions cannot be read: their ACS"
			    " is not looked at",
			    unknown);
	else if (!bad_ports && ports)
		doctor_find(d, DOCTOR_OK, NULL,
			    "%u ports above NICs and storage keep devices apart (ACS)", ports);
}
