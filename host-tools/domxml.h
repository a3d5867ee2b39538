/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a domain's XML says about devices that belong to the host. Pure. */
#ifndef DOMXML_H
#define DOMXML_H

#include <stdbool.h>

enum {
	DOMXML_MAX_DEVS = 32,
	DOMXML_MAX_DISKS = 16,
};

/**
 * struct domxml_dev - a PCI function that a domain was given
 * @bdf: its address on the host
 * @mac: address that the domain sets on it, "" when it sets none
 * @alias: libvirt's name for it in the running domain, "" when there is none
 * @is_net: given as <interface type='hostdev'>, else as <hostdev>
 */
struct domxml_dev {
	char bdf[16];
	char mac[18];
	char alias[32];
	bool is_net;
};

/**
 * struct domxml - a domain
 * @name: of the domain
 * @devs: functions given to it
 * @nr_devs: how many
 * @disk: files and block devices that its disks are
 * @nr_disks: how many
 * @mapped: folder shared with it whose owners are kept in attributes, "" for none
 * @pinned: CPUs that its vCPUs are pinned to, a list; "" for none
 */
struct domxml {
	char name[128];
	struct domxml_dev devs[DOMXML_MAX_DEVS];
	unsigned int nr_devs;
	char disk[DOMXML_MAX_DISKS][192];
	unsigned int nr_disks;
	char mapped[256];
	char pinned[512];
};

/**
 * domxml_parse() - read a domain's XML
 * @xml: zero-terminated
 * @out: filled
 * Return: 0, or -EINVAL when it is no domain.
 */
int domxml_parse(const char *xml, struct domxml *out);

#endif /* DOMXML_H */
