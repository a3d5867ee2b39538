/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The VMs of hpcapctl as they are now: domain, folder, guest, mirror together. */
#ifndef VM_H
#define VM_H

#include <json-c/json.h>
#include "box.h"
#include "instance.h"
#include "virt.h"

/**
 * struct vm - one of them
 * @inst: its metadata, or its folder's label when the domain is gone
 * @has_domain: libvirt knows it
 * @running: now
 * @far: it runs on another host: only its metadata is known
 * @has_box: it has a folder on this host
 * @guest: what the guest says
 * @files: that wait in its share
 * @mirror: the kernel's lease
 * @has_mirror: there is one
 */
struct vm {
	struct instance inst;
	bool has_domain;
	bool running;
	bool far;
	bool has_box;
	struct guest_status guest;
	struct box_count files;
	struct nl_mirror mirror;
	bool has_mirror;
};

/* "running", "off" (known to libvirt), or "gone" (only its folder is left) */
const char *vm_state(const struct vm *vm);

/* The VM of this name; false when there is none. */
bool vm_find(const struct virt_view *v, const char *name, struct vm *vm);

/* Each of them: those with a domain, then those that are gone. */
void vm_each(const struct virt_view *v, void (*take)(const struct vm *vm, void *arg),
	     void *arg);

struct json_object *vm_json(const struct vm *vm);

/* One line, or all that is known. */
void vm_print_line(const struct vm *vm);
void vm_print_all(const struct vm *vm);

#endif /* VM_H */
