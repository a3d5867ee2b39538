// SPDX-License-Identifier: GPL-2.0-or-later
/* The VMs of hpcapctl as they are now. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "lease.h"
#include "make.h"
#include "mirror.h"
#include "vm.h"

const char *vm_state(const struct vm *vm)
{
	return vm->running ? "running" : vm->has_domain ? "off" : "gone";
}

static void look(struct vm *vm)
{
	char bad[256];

	if (vm->far)
		return;
	vm->has_box = box_exists(vm->inst.name);
	if (vm->has_box) {
		box_status(vm->inst.name, &vm->guest);
		box_files(vm->inst.name, NULL, &vm->files, bad);
	}
	if (vm->inst.mirror.targets)
		vm->has_mirror = lease_find(&vm->inst, &vm->mirror);
}

bool vm_find(const struct virt_view *v, const char *name, struct vm *vm)
{
	const struct virt_domain *d = virt_find(v, name);

	memset(vm, 0, sizeof(*vm));
	if (!instance_may_be_called(name))
		return false;
	if (d && d->ours) {
		vm->inst = d->inst;
		vm->has_domain = true;
		vm->running = d->running;
	} else if (!d && !v->far && box_exists(name)) {
		make_read_label(name, &vm->inst);
	} else {
		return false;
	}
	vm->far = v->far;
	look(vm);
	return true;
}

struct visiting {
	const struct virt_view *v;
	void (*take)(const struct vm *vm, void *arg);
	void *arg;
};

static bool visit_box(const char *name, void *arg)
{
	const struct visiting *x = arg;
	static struct vm vm;

	if (!virt_find(x->v, name) && vm_find(x->v, name, &vm))
		x->take(&vm, x->arg);
	return true;
}

void vm_each(const struct virt_view *v, void (*take)(const struct vm *vm, void *arg), void *arg)
{
	struct visiting x = {v, take, arg};
	static struct vm vm;

	for (unsigned int i = 0; i < v->nr; i++)
		if (v->domain[i].ours && vm_find(v, v->domain[i].xml.name, &vm))
			take(&vm, arg);
	if (!v->far)
		box_each(visit_box, &x);
}

/* Seconds until its deadline; 0 when it has none or is over. */
static uint64_t left_s(const struct vm *vm)
{
	const uint64_t now = (uint64_t)time(NULL);

	return vm->inst.deadline > now ? vm->inst.deadline - now : 0;
}

static void add_text(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key, json_object_new_string(text));
}

static void add_number(struct json_object *o, const char *key, uint64_t n)
{
	json_object_object_add(o, key, json_object_new_uint64(n));
}

static struct json_object *guest_json(const struct guest_status *s)
{
	struct json_object *o = json_object_new_object();

	add_text(o, "state", s->state);
	add_text(o, "why", s->why);
	add_text(o, "device", s->device);
	add_text(o, "mount", s->mount);
	add_number(o, "frames", s->frames);
	add_number(o, "bytes", s->bytes);
	add_number(o, "lost", s->lost);
	add_number(o, "quiet_s", s->quiet_s);
	return o;
}

static struct json_object *devices_json(const struct instance *i)
{
	struct json_object *list = json_object_new_array(), *o;

	for (unsigned int k = 0; k < i->nr_devs; k++) {
		o = json_object_new_object();
		add_text(o, "address", i->dev[k].bdf);
		add_text(o, "driver", i->dev[k].driver);
		json_object_object_add(o, "trust", json_object_new_boolean(i->dev[k].trust));
		json_object_array_add(list, o);
	}
	return list;
}

struct json_object *vm_json(const struct vm *vm)
{
	struct json_object *o = json_object_new_object(), *files = json_object_new_object();
	char folder[4096];

	box_path(folder, vm->inst.name, "");
	add_text(o, "name", vm->inst.name);
	add_text(o, "role", instance_role(&vm->inst));
	add_text(o, "state", vm_state(vm));
	add_text(o, "owner", vm->inst.owner);
	add_text(o, "reason", vm->inst.reason);
	add_number(o, "created", vm->inst.created);
	add_number(o, "deadline", vm->inst.deadline);
	add_number(o, "left_s", left_s(vm));
	add_number(o, "cap_bytes", vm->inst.cap);
	add_text(o, "folder", vm->has_box ? folder : "");
	json_object_object_add(o, "devices", devices_json(&vm->inst));
	json_object_object_add(o, "guest", guest_json(&vm->guest));
	json_object_object_add(o, "mirror", vm->has_mirror ? mirror_json(&vm->mirror) : NULL);
	add_number(files, "number", vm->files.files);
	add_number(files, "bytes", vm->files.bytes);
	json_object_object_add(o, "files", files);
	return o;
}

static const char *span(uint64_t s, char out[32])
{
	if (!s)
		snprintf(out, 32, "-");
	else if (s < 3600)
		snprintf(out, 32, "%" PRIu64 "m%02" PRIu64 "s", s / 60, s % 60);
	else
		snprintf(out, 32, "%" PRIu64 "h%02" PRIu64 "m", s / 3600, s % 3600 / 60);
	return out;
}

void vm_print_line(const struct vm *vm)
{
	char left[32];

	span(left_s(vm), left);
	if (vm->far) {
		printf("%-24s  %-4s  %-7s  on another host  left %-7s  %s  %s\n",
		       vm->inst.name, instance_role(&vm->inst), vm_state(vm), left,
		       vm->inst.owner, vm->inst.reason);
		return;
	}
	printf("%-24s  %-4s  %-7s  %-9s  left %-7s  %" PRIu64 " frames, %" PRIu64
	       " lost  %s  %s\n",
	       vm->inst.name, instance_role(&vm->inst), vm_state(vm),
	       *vm->guest.state ? vm->guest.state : "-", left,
	       vm->guest.frames, vm->guest.lost, vm->inst.owner, vm->inst.reason);
}

static void print_time(const char *what, uint64_t t)
{
	const time_t s = (time_t)t;
	char text[32];

	strftime(text, sizeof(text), "%F %TZ", gmtime(&s));
	printf("%s: %s\n", what, t ? text : "never");
}

void vm_print_all(const struct vm *vm)
{
	const struct guest_status *g = &vm->guest;

	vm_print_line(vm);
	print_time("made", vm->inst.created);
	print_time("ends", vm->inst.deadline);
	for (unsigned int k = 0; k < vm->inst.nr_devs; k++)
		printf("device: %s, of %s%s\n", vm->inst.dev[k].bdf,
		       *vm->inst.dev[k].driver ? vm->inst.dev[k].driver : "no driver",
		       vm->inst.dev[k].trust ? ", trusted" : "");
	if (*g->device)
		printf("captures: %s, %" PRIu64 " bytes stored in %s\n", g->device, g->bytes,
		       g->mount);
	if (*g->why)
		printf("guest says: %s\n", g->why);
	if (vm->has_mirror)
		mirror_print(&vm->mirror, NULL, false);
	else if (vm->inst.mirror.targets && !vm->far)
		puts("mirror: the kernel has none of it");
	if (vm->files.files)
		printf("files: %" PRIu64 ", %" PRIu64 " MiB (hpcapctl collect %s --to DIR)\n",
		       vm->files.files, vm->files.bytes >> 20, vm->inst.name);
}
