// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl gc: what killed programs, hung guests and lost daemons left, and whose it is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "cmd.h"
#include "follow.h"
#include "gc.h"
#include "lease.h"
#include "life.h"
#include "msg.h"
#include "nl.h"
#include "vm.h"

struct gc_opts {
	bool discard;
};

const struct opt cmd_gc_opts[] = {
	{"discard", OPT_FLAG, NULL, "files of ended agents too, that nobody has collected",
	 offsetof(struct gc_opts, discard)},
	{},
};

enum {
	GC_MAX = 128,
	GC_TEXT = 256,
};

struct gc {
	const struct host *h;
	const struct virt_view *v;
	bool discard;
	int status;
	struct json_object *list;
	struct {
		char dev[16];
		uint32_t id;
		char agent[INSTANCE_NAME];
	} lease[GC_MAX];
	unsigned int nr_leases;
};

static void found(struct gc *g, const char *name, const char *kind, const struct instance *i,
		  bool gone, const char *text)
{
	struct json_object *o;

	if (!msg_wants_json()) {
		msg_note("%s: %s%s%s%s%s", name, text, *i->owner ? ", of " : "", i->owner,
			 *i->reason ? ", for " : "", i->reason);
		return;
	}
	o = json_object_new_object();
	json_object_object_add(o, "name", json_object_new_string(name));
	json_object_object_add(o, "kind", json_object_new_string(kind));
	json_object_object_add(o, "owner", json_object_new_string(i->owner));
	json_object_object_add(o, "reason", json_object_new_string(i->reason));
	json_object_object_add(o, "text", json_object_new_string(text));
	json_object_object_add(o, "removed", json_object_new_boolean(gone));
	json_object_array_add(g->list, o);
}

/* An agent that runs: its tenants may have other VFs than they had. */
static void check_tenants(struct gc *g, const struct vm *vm)
{
	struct instance i = vm->inst;
	char text[GC_TEXT];
	int status = EXIT_OK;
	uint32_t vfs;

	if (!follow_sources(g->h, g->v, &i, &vfs) ||
	    (vfs == i.mirror.vfs && (!vm->has_mirror || vfs == vm->mirror.vfs)))
		return;
	snprintf(text, sizeof(text), "its tenants have other VFs (bits 0x%x, were 0x%x)", vfs,
		 i.mirror.vfs);
	if (!opt_common.dry_run)
		status = follow_tenants(g->h, &i, vfs);
	if (status != EXIT_OK)
		g->status = status;
	found(g, i.name, "tenants", &i, !opt_common.dry_run && status == EXIT_OK, text);
}

static void one_vm(const struct vm *vm, void *arg)
{
	struct gc *g = arg;
	const bool late = vm->running && life_is_late(&vm->inst, &vm->guest);
	const bool off = vm->has_domain && !vm->running && vm->inst.role == PLAN_VNMA;
	const bool keep = vm->files.files && !*vm->inst.to && !g->discard;
	enum life_files files = g->discard     ? LIFE_DISCARD
				: *vm->inst.to ? LIFE_COLLECT
					       : LIFE_KEEP;
	char text[GC_TEXT];
	int status = EXIT_OK;

	if (vm->has_domain && !late && !off) {
		check_tenants(g, vm);
		return;
	}
	snprintf(text, sizeof(text), "%s%s",
		 late  ? "its time is over, and its guest does not end"
		 : off ? "an agent that is off"
		       : "its VM is gone, its folder is here",
		 keep		   ? "; its files wait (hpcapctl collect)"
		 : vm->files.files ? "; its files go along"
				   : "");
	if (!opt_common.dry_run && (!keep || vm->has_domain))
		status = life_end(g->h, &vm->inst, files, vm->inst.to);
	if (status != EXIT_OK && status != EXIT_PARTIAL)
		g->status = status;
	found(g, vm->inst.name,
	      late  ? "late"
	      : off ? "off"
		    : "folder",
	      &vm->inst, !opt_common.dry_run && status == EXIT_OK && !keep, text);
}

static void note_lease(const struct nl_mirror *m, const char *agent, void *arg)
{
	struct gc *g = arg;
	const struct virt_domain *d = virt_find(g->v, agent);

	if ((d && d->running) || g->nr_leases == GC_MAX)
		return;
	snprintf(g->lease[g->nr_leases].dev, sizeof(g->lease[0].dev), "%s", m->dev);
	snprintf(g->lease[g->nr_leases].agent, sizeof(g->lease[0].agent), "%s", agent);
	g->lease[g->nr_leases++].id = m->id;
}

/* Mirrors whose agent is gone. They would expire; this is sooner. */
static void end_leases(struct gc *g)
{
	static const struct instance nobody;
	char text[GC_TEXT];
	struct nl *nl;

	lease_each(note_lease, g);
	if (!g->nr_leases || nl_open(&nl))
		return;
	for (unsigned int i = 0; i < g->nr_leases; i++) {
		int err = opt_common.dry_run
				  ? 0
				  : nl_mirror_del(nl, g->lease[i].dev, g->lease[i].id);

		snprintf(text, sizeof(text), "mirror %" PRIu32 " of %s, its agent is gone",
			 g->lease[i].id, g->lease[i].dev);
		found(g, g->lease[i].agent, "mirror", &nobody, !err && !opt_common.dry_run,
		      text);
	}
	nl_close(nl);
}

int gc_run(const struct host *h, const struct virt_view *v, bool discard,
	   struct json_object *list)
{
	struct gc g = {.h = h, .v = v, .discard = discard, .list = list};

	vm_each(v, one_vm, &g);
	end_leases(&g);
	return g.status;
}

int cmd_gc(void *opts, int argc, char **argv)
{
	const struct gc_opts *o = opts;
	struct json_object *list = json_object_new_array();
	static struct host h;
	static struct virt_view v;
	int status = cmd_lock();

	(void)argc;
	(void)argv;
	if (status != EXIT_OK)
		return status;
	if (cmd_facts(&h, &v))
		return EXIT_FAILED;
	if (*v.why_not)
		return msg_fail(EXIT_FAILED, "libvirt does not answer: %s", v.why_not);
	status = gc_run(&h, &v, o->discard, list);
	if (msg_wants_json())
		msg_print("leftovers", list);
	else
		json_object_put(list);
	return status;
}
