/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making a VM, step by step; each step can be the last one of a killed program. */
#ifndef MAKE_H
#define MAKE_H

#include "deploy.h"

/**
 * make_can_share() - whether a guest could write the share that its domain has: QEMU
 *	keeps what it may not do itself in attributes, which not every file system has
 * @xml: of the domain
 * @try: the folder is there; set an attribute instead of only looking
 * Return: enum exit_code, after an error message.
 */
int make_can_share(const char *xml, bool try);

/**
 * make_all() - folder, config disk, system disk, domain, mirror
 * @d: settled by deploy_want()
 * @xml: of the domain
 * Context: under box_lock(). What was made is undone when a step fails.
 * Return: enum exit_code, after an error message.
 */
int make_all(const struct deploy *d, const char *xml);

/* What the label of a VM's folder says; of one without, only the name. */
void make_read_label(const char *name, struct instance *out);

/* Replace the label; 0 or -errno. */
int make_label(const struct instance *i);

#endif /* MAKE_H */
