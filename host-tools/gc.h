/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tidying up behind VMs that ended without their program. */
#ifndef GC_H
#define GC_H

#include <json-c/json.h>
#include "host.h"
#include "virt.h"

/**
 * gc_run() - end agents whose time is over, remove what is left of those that are gone
 * @h: facts
 * @v: libvirt's domains
 * @discard: files that nobody collected too
 * @list: gets an object for each leftover
 * Context: under box_lock().
 * Return: enum exit_code, after an error message.
 */
int gc_run(const struct host *h, const struct virt_view *v, bool discard,
	   struct json_object *list);

#endif /* GC_H */
