// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl list, show, status, logs, collect, extend, destroy. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cmd.h"
#include "lease.h"
#include "life.h"
#include "make.h"
#include "msg.h"
#include "vm.h"

struct collect_opts {
	const char *to;
	uint64_t wait_ms;
};

const struct opt cmd_collect_opts[] = {
	{"to", OPT_TEXT, "DIR", "folder of this host", offsetof(struct collect_opts, to)},
	{"wait", OPT_DURATION, "TIME", "for a running guest to bring them (default 1m)",
	 offsetof(struct collect_opts, wait_ms)},
	{},
};

struct extend_opts {
	uint64_t ttl_ms;
};

const struct opt cmd_extend_opts[] = {
	{"ttl", OPT_DURATION, "TIME", "it ends so long from now",
	 offsetof(struct extend_opts, ttl_ms)},
	{},
};

struct destroy_opts {
	bool discard;
	const char *to;
	uint64_t wait_ms;
};

const struct opt cmd_destroy_opts[] = {
	{"to", OPT_TEXT, "DIR", "folder of this host that its files go to",
	 offsetof(struct destroy_opts, to)},
	{"discard", OPT_FLAG, NULL, "its files too, that nobody has collected",
	 offsetof(struct destroy_opts, discard)},
	{"wait", OPT_DURATION, "TIME", "for the guest to end by itself (default 30s)",
	 offsetof(struct destroy_opts, wait_ms)},
	{},
};

static void list_one(const struct vm *vm, void *arg)
{
	if (arg)
		json_object_array_add(arg, vm_json(vm));
	else
		vm_print_line(vm);
}

/* libvirt's view, and where folders are; with an error when it does not answer. */
static int look(struct host *h, struct virt_view *v)
{
	if (cmd_facts(h, v))
		return EXIT_FAILED;
	if (*v->why_not)
		return msg_fail(EXIT_FAILED, "libvirt does not answer: %s", v->why_not);
	return EXIT_OK;
}

static int look_for(const char *name, struct host *h, struct virt_view *v, struct vm *vm)
{
	const int status = look(h, v);

	if (status != EXIT_OK)
		return status;
	if (vm_find(v, name, vm))
		return EXIT_OK;
	return msg_fail(EXIT_FAILED, "there is no VM %s of hpcapctl (see: hpcapctl list)",
			name);
}

int cmd_list(void *opts, int argc, char **argv)
{
	static struct host h;
	static struct virt_view v;
	struct json_object *list = NULL;

	(void)opts;
	(void)argc;
	(void)argv;
	if (look(&h, &v))
		return EXIT_FAILED;
	if (msg_wants_json())
		list = json_object_new_array();
	vm_each(&v, list_one, list);
	if (list)
		msg_print("vms", list);
	return EXIT_OK;
}

int cmd_show_vm(const char *name)
{
	static struct host h;
	static struct virt_view v;
	static struct vm vm;
	const int status = look_for(name, &h, &v, &vm);

	if (status != EXIT_OK)
		return status;
	if (msg_wants_json())
		msg_print("vm", vm_json(&vm));
	else
		vm_print_all(&vm);
	return EXIT_OK;
}

int cmd_show(void *opts, int argc, char **argv)
{
	(void)opts;
	return cmd_show_vm(argv[argc - 1]);
}

static int free_vfs(const struct host *h, const struct virt_view *v, const struct host_pci *pf)
{
	int n = 0;

	for (int i = 0; i < pf->vfs; i++) {
		const struct host_pci *vf = host_find_vf(h, pf, i);

		n += vf && !virt_owner(v, vf->bdf) && !*vf->netdev;
	}
	return n;
}

int cmd_status(void *opts, int argc, char **argv)
{
	static struct host h;
	static struct virt_view v;
	struct json_object *top = NULL, *vms = NULL, *pfs = NULL, *o;

	(void)opts;
	(void)argc;
	(void)argv;
	if (look(&h, &v))
		return EXIT_FAILED;
	if (msg_wants_json()) {
		top = json_object_new_object();
		vms = json_object_new_array();
		pfs = json_object_new_array();
	}
	vm_each(&v, list_one, vms);
	for (unsigned int i = 0; i < h.nr_pci && !v.far; i++) {
		const struct host_pci *pf = &h.pci[i];

		if (!pf->vfs_total)
			continue;
		if (!top) {
			printf("PF %s %s (%s): %d of %d VFs free\n", pf->bdf, pf->netdev,
			       pf->driver, free_vfs(&h, &v, pf), pf->vfs);
			continue;
		}
		o = json_object_new_object();
		json_object_object_add(o, "address", json_object_new_string(pf->bdf));
		json_object_object_add(o, "netdev", json_object_new_string(pf->netdev));
		json_object_object_add(o, "driver", json_object_new_string(pf->driver));
		json_object_object_add(o, "vfs", json_object_new_int(pf->vfs));
		json_object_object_add(o, "free", json_object_new_int(free_vfs(&h, &v, pf)));
		json_object_array_add(pfs, o);
	}
	if (top) {
		json_object_object_add(top, "vms", vms);
		json_object_object_add(top, "pfs", pfs);
		msg_print("status", top);
	}
	return EXIT_OK;
}

/* The beginning of a text that grows, cleaned of what terminals obey. */
static const char *read_log(const char *name, const char *file)
{
	static char text[65536];

	box_read(name, file, text, sizeof(text));
	box_clean(text);
	return text;
}

static void print_log(const char *name, const char *file, const char *title)
{
	const char *text = read_log(name, file);

	if (*text)
		printf("--- %s\n%s%s", title, text, text[strlen(text) - 1] == '\n' ? "" : "\n");
}

static void print_logs_json(const char *name)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "name", json_object_new_string(name));
	json_object_object_add(o, "console",
			       json_object_new_string(read_log(name, "console.log")));
	json_object_object_add(o, "guest", json_object_new_string(read_log(name, "share/log")));
	msg_print("logs", o);
}

int cmd_logs(void *opts, int argc, char **argv)
{
	const char *name = argv[argc - 1];
	static struct host h;
	static struct virt_view v;
	static struct vm vm;
	const int status = look_for(name, &h, &v, &vm);

	(void)opts;
	if (status != EXIT_OK)
		return status;
	if (!vm.has_box)
		return msg_fail(EXIT_NOT_SUPPORTED, "%s has no folder on this host", name);
	if (msg_wants_json()) {
		print_logs_json(name);
		return EXIT_OK;
	}
	print_log(name, "console.log", "serial console, from its beginning");
	print_log(name, "share/log", "log of the guest");
	return EXIT_OK;
}

/* A running probe copies what is closed when it is asked. */
static void ask_files(const char *name, uint64_t wait_ms)
{
	struct guest_request r;
	struct guest_status s;

	box_get_request(name, &r);
	r.collect++;
	if (box_put_request(name, &r))
		return;
	for (uint64_t waited = 0; waited < wait_ms; waited += 200) {
		box_status(name, &s);
		if (s.collected >= r.collect)
			return;
		msg_progress("%s: the guest brings its files, %" PRIu64 " s", name,
			     waited / 1000);
		usleep(200000);
	}
	msg_note("%s: the guest has not brought all its files yet", name);
}

int cmd_collect(void *opts, int argc, char **argv)
{
	const struct collect_opts *o = opts;
	const char *name = argv[argc - 1];
	struct json_object *json;
	struct box_count n;
	static struct host h;
	static struct virt_view v;
	static struct vm vm;
	int status;

	if (!o->to)
		return msg_fail(EXIT_USAGE, "to where? (--to DIR)");
	status = look_for(name, &h, &v, &vm);
	if (status != EXIT_OK)
		return status;
	if (!vm.has_box)
		return msg_fail(EXIT_NOT_SUPPORTED, "%s has no folder on this host", name);
	if (opt_common.dry_run) {
		msg_note("would take %" PRIu64 " files of %s", vm.files.files, name);
		return EXIT_OK;
	}
	if (vm.running && !strcmp(vm.guest.state, "capturing"))
		ask_files(name, o->wait_ms ? o->wait_ms : 60000);
	status = cmd_lock();
	if (status == EXIT_OK)
		status = life_collect(name, o->to, &n);
	if (status != EXIT_OK || !msg_wants_json())
		return status;
	json = json_object_new_object();
	json_object_object_add(json, "name", json_object_new_string(name));
	json_object_object_add(json, "to", json_object_new_string(o->to));
	json_object_object_add(json, "number", json_object_new_uint64(n.files));
	json_object_object_add(json, "bytes", json_object_new_uint64(n.bytes));
	msg_print("collected", json);
	return EXIT_OK;
}

/* First what ends it, last what lets it go on: killed in between, it ends early. */
static int extend(const struct host *h, struct instance *i)
{
	struct guest_request r;
	char why[VIRT_WHY];
	int err = virt_note(opt_common.uri, i, why), status;

	if (err)
		return msg_fail(msg_code(err), "%s: libvirt: %s", i->name, why);
	err = make_label(i);
	box_get_request(i->name, &r);
	r.deadline = i->deadline;
	r.has_deadline = true;
	if (!err)
		err = box_put_request(i->name, &r);
	status = lease_extend(h, i);
	if (err && status == EXIT_OK)
		status = msg_fail(msg_code(err), "folder of %s: %s", i->name, strerror(-err));
	return status;
}

int cmd_extend(void *opts, int argc, char **argv)
{
	const struct extend_opts *o = opts;
	const char *name = argv[argc - 1];
	static struct host h;
	static struct virt_view v;
	static struct vm vm;
	int status;

	if (!o->ttl_ms)
		return msg_fail(EXIT_USAGE, "until when? (--ttl 1h)");
	status = cmd_lock();
	if (status != EXIT_OK)
		return status;
	status = look_for(name, &h, &v, &vm);
	if (status != EXIT_OK)
		return status;
	if (!vm.running)
		return msg_fail(EXIT_REFUSED, "%s has ended", name);
	vm.inst.deadline = (uint64_t)time(NULL) + (o->ttl_ms + 999) / 1000;
	if (opt_common.dry_run) {
		msg_note("%s would end at %" PRIu64, name, vm.inst.deadline);
		return EXIT_OK;
	}
	status = extend(&h, &vm.inst);
	return status == EXIT_OK ? cmd_show_vm(name) : status;
}

int cmd_destroy(void *opts, int argc, char **argv)
{
	const struct destroy_opts *o = opts;
	const char *name = argv[argc - 1];
	static struct host h;
	static struct virt_view v;
	static struct vm vm;
	int status;

	if (o->to && o->discard)
		return msg_fail(EXIT_USAGE, "--to DIR or --discard: not both");
	sysfs_root(opt_common.root);
	status = look(&h, &v);
	if (status != EXIT_OK)
		return status;
	if (virt_find(&v, name) && !virt_find(&v, name)->ours)
		return msg_fail(EXIT_REFUSED, "%s is a domain that hpcapctl did not make",
				name);
	if (!vm_find(&v, name, &vm)) {
		msg_note("there is no VM %s", name);
		return EXIT_OK;
	}
	if (opt_common.dry_run) {
		msg_note("would end %s %s, give back %u devices%s", instance_role(&vm.inst),
			 name, vm.inst.nr_devs,
			 vm.inst.mirror.targets ? ", end its mirror" : "");
		return EXIT_OK;
	}
	if (vm.running)
		life_ask_end(opt_common.uri, name, o->wait_ms ? o->wait_ms : 30000);
	status = cmd_lock();
	if (status != EXIT_OK)
		return status;
	return life_end(&h, &vm.inst,
			o->discard ? LIFE_DISCARD
			: o->to	   ? LIFE_COLLECT
				   : LIFE_KEEP,
			o->to);
}
