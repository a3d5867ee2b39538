/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tenants come and go, and come back with another VF: an agent gets copies of its
 * tenants, and never of who has their old VF now. */
#ifndef FOLLOW_H
#define FOLLOW_H

#include "host.h"
#include "instance.h"
#include "virt.h"

/**
 * follow_sources() - the VFs that an agent's tenants have now
 * @h: facts
 * @v: libvirt's domains
 * @i: of the agent
 * @vfs: set, a bitmap; a tenant that is gone, or whose VF another domain runs with, has none
 * Return: false when it was not made for tenants.
 */
bool follow_sources(const struct host *h, const struct virt_view *v, const struct instance *i,
		    uint32_t *vfs);

/**
 * follow_tenants() - have its mirror and its metadata say so
 * @i: changed
 * @vfs: what follow_sources() found
 * Return: enum exit_code, after an error message. Killed anywhere, the next call goes on.
 */
int follow_tenants(const struct host *h, struct instance *i, uint32_t vfs);

#endif /* FOLLOW_H */
