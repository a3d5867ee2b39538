// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl deploy vnp, run vnma: a VM that captures, made so that a second call goes on
 * where a killed one ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd.h"
#include "declare.h"
#include "deploy.h"
#include "grant.h"
#include "lease.h"
#include "life.h"
#include "make.h"
#include "msg.h"

enum {
	WAIT_MS = 300000, /* a guest boots and makes a file system meanwhile */
};

#define DEPLOY_OPTS                                                                        \
	PLACE_OPTS(struct deploy_opts, place),                                             \
		{"storage", OPT_TEXT, "WHAT",                                              \
		 "raid:ADDRESS, nvme:ADDRESS, disk:PATH, share or none",                   \
		 offsetof(struct deploy_opts, storage)},                                   \
		{"format", OPT_TEXT, "SERIAL",                                             \
		 "the volume with this serial may be formatted though it holds something", \
		 offsetof(struct deploy_opts, format)},                                    \
		{"mount", OPT_TEXT, "PATH", "where the guest mounts it (/srv/capture)",    \
		 offsetof(struct deploy_opts, mount)},                                     \
		{"rotate", OPT_DURATION, "TIME",                                           \
		 "a new file each so long, so that collect finds closed ones",             \
		 offsetof(struct deploy_opts, rotate_ms)},                                 \
		{"file-size", OPT_SIZE, "BYTES", "of each file it stores (2G)",            \
		 offsetof(struct deploy_opts, file_size)},                                 \
		{"mac", OPT_TEXT, "MAC", "of its VF (default: made from its name)",        \
		 offsetof(struct deploy_opts, mac)},                                       \
		{"vf-vlan", OPT_TEXT, "ID", "its VF is in this VLAN, untagged: 1 to 4094", \
		 offsetof(struct deploy_opts, vf_vlan)},                                   \
		{"vf-trust", OPT_TEXT, "ON", "on or off: may its VF ask for all frames",   \
		 offsetof(struct deploy_opts, vf_trust)},                                  \
		{"image", OPT_TEXT, "FILE", "disk image that it boots from",               \
		 offsetof(struct deploy_opts, image)},                                     \
		{"template", OPT_TEXT, "FILE", "libvirt domain with @WORD@s",              \
		 offsetof(struct deploy_opts, template)},                                  \
		{"set", OPT_LIST, "WORD=VALUE", "what @WORD@ of the template becomes",     \
		 offsetof(struct deploy_opts, set)},                                       \
		{"reason", OPT_TEXT, "TEXT", "why; kept with the VM",                      \
		 offsetof(struct deploy_opts, reason)},                                    \
		{"owner", OPT_TEXT, "NAME", "who (default: the user)",                     \
		 offsetof(struct deploy_opts, owner)},                                     \
		{"ttl", OPT_DURATION, "TIME", "ends after this: 90s, 30m, 2h, 1d",         \
		 offsetof(struct deploy_opts, ttl_ms)},                                    \
		{"cap", OPT_SIZE, "BYTES", "ends after so many bytes: 20G",                \
		 offsetof(struct deploy_opts, cap)},                                       \
		{"wait", OPT_DURATION, "TIME", "for it to capture (default 5m)",           \
		 offsetof(struct deploy_opts, wait_ms)},                                   \
		{"detach", OPT_FLAG, NULL, "return as soon as the VM is started",          \
		 offsetof(struct deploy_opts, detach)},                                    \
	{                                                                                  \
		"explain", OPT_FLAG, NULL, "say why it goes where it goes",                \
			offsetof(struct deploy_opts, explain)                              \
	}

const struct opt cmd_deploy_opts[] = {DEPLOY_OPTS, {}};

const struct opt cmd_run_opts[] = {
	DEPLOY_OPTS,
	{"tenant", OPT_LIST, "DOMAIN[/MAC]", "a VM whose traffic is copied to it",
	 offsetof(struct deploy_opts, place.tenants)},
	{"heavy", OPT_FLAG, NULL, "much is copied; keep away from the tenants' node",
	 offsetof(struct deploy_opts, place.heavy)},
	{"dir", OPT_TEXT, "DIR", "in, out or both (default), as the tenant sees it",
	 offsetof(struct deploy_opts, dir)},
	{"vlan", OPT_TEXT, "LIST", "copy these VLANs: 10,20,30-39",
	 offsetof(struct deploy_opts, vlans)},
	{"uplink", OPT_FLAG, NULL, "copy all that comes from the wire",
	 offsetof(struct deploy_opts, uplink)},
	{"downlink", OPT_FLAG, NULL, "copy all that goes to the wire",
	 offsetof(struct deploy_opts, downlink)},
	{"to", OPT_TEXT, "DIR", "folder for its files when it ends",
	 offsetof(struct deploy_opts, to)},
	{},
};

static volatile sig_atomic_t stopped;

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

static bool is_stopped(void)
{
	return stopped;
}

/* A VM of that name is there: the one that is asked for, or somebody else's. */
static int go_on(const struct deploy *d, const struct virt_domain *dom)
{
	char why[VIRT_WHY];
	int err;

	if (!dom->ours)
		return msg_fail(EXIT_REFUSED, "there is a domain %s that hpcapctl did not make",
				dom->xml.name);
	if (strcmp(dom->inst.print, d->inst.print))
		return msg_fail(EXIT_REFUSED,
				"there is a %s %s of %s with other options: hpcapctl show %s,"
				" or destroy it first",
				instance_role(&dom->inst), dom->xml.name, dom->inst.owner,
				dom->xml.name);
	if (opt_common.dry_run) {
		msg_note("%s is there already", dom->xml.name);
		return EXIT_OK;
	}
	if (!dom->running) {
		err = virt_start(opt_common.uri, dom->xml.name, why);
		if (err)
			return msg_fail(msg_code(err), "%s: libvirt: %s", dom->xml.name, why);
	}
	err = grant_hold(d->h, &dom->inst);
	return err ? err : lease_hold(d->h, &dom->inst);
}

/* What a killed call left of a VM of that name goes, but for files; its devices are free
 * then. */
static int clear_old(const struct deploy *d, struct host *h, struct virt_view *v)
{
	struct instance old;
	struct box_count n;
	char bad[256];
	int status;

	if (!box_exists(d->inst.name) || opt_common.dry_run)
		return EXIT_OK;
	box_files(d->inst.name, NULL, &n, bad);
	if (n.files)
		return msg_fail(EXIT_REFUSED,
				"an earlier %s has %llu files that nobody collected: hpcapctl"
				" collect %s --to DIR, or hpcapctl destroy %s --discard",
				d->inst.name, (unsigned long long)n.files, d->inst.name,
				d->inst.name);
	make_read_label(d->inst.name, &old);
	status = life_end(d->h, &old, LIFE_KEEP, NULL);
	return status == EXIT_OK ? cmd_facts(h, v) : status;
}

/* Everything that changes the host; nobody else does it at the same time. */
static int make_or_go_on(struct deploy *d, struct host *h, struct virt_view *v)
{
	const struct virt_domain *dom;
	int status = cmd_lock();
	char *xml;

	if (status != EXIT_OK)
		return status;
	if (cmd_facts(h, v))
		return EXIT_FAILED;
	if (*v->why_not && !opt_common.dry_run)
		return msg_fail(EXIT_FAILED, "libvirt does not answer: %s", v->why_not);
	dom = virt_find(v, d->inst.name);
	deploy_print(d);
	declare_asked(d->inst.asked);
	if (dom)
		return go_on(d, dom);
	status = clear_old(d, h, v);
	if (status != EXIT_OK)
		return status;
	status = deploy_want(d);
	xml = status == EXIT_OK ? deploy_xml(d, &status) : NULL;
	if (xml)
		status = make_can_share(xml, false);
	if (status == EXIT_OK)
		status = opt_common.dry_run ? deploy_show(d, xml) : make_all(d, xml);
	free(xml);
	return status;
}

static int begin(enum plan_role role, const struct deploy_opts *o, const char *name,
		 struct deploy *d)
{
	static struct host h;
	static struct virt_view v;

	memset(d, 0, sizeof(*d));
	d->o = o;
	d->h = &h;
	d->v = &v;
	d->inst.role = role;
	if (!instance_may_be_called(name))
		return msg_fail(EXIT_USAGE,
				"'%s' is no name: [A-Za-z0-9][A-Za-z0-9._-]*, 24 at most",
				name);
	if (*opt_common.root && !opt_common.uri && !opt_common.dry_run)
		return msg_fail(EXIT_USAGE, "--root: only with --dry-run or --connect");
	sysfs_root(opt_common.root);
	strcpy(d->inst.name, name);
	return make_or_go_on(d, &h, &v);
}

static int report(const char *name)
{
	box_unlock();
	return cmd_show_vm(name);
}

int cmd_deploy(void *opts, int argc, char **argv)
{
	const struct deploy_opts *o = opts;
	static struct deploy d;
	int status = begin(PLAN_VNP, o, argv[argc - 1], &d);

	if (status != EXIT_OK || opt_common.dry_run)
		return status;
	box_unlock();
	if (!o->detach)
		status = life_wait_ready(opt_common.uri, d.inst.name,
					 o->wait_ms ? o->wait_ms : WAIT_MS);
	return status == EXIT_OK ? report(d.inst.name) : status;
}

/* The agent's end: files home, and nothing left. */
static int finish(const struct deploy *d, int status)
{
	const enum life_files files = *d->inst.to ? LIFE_COLLECT : LIFE_KEEP;
	const int waited = status;

	status = cmd_lock();
	if (status != EXIT_OK)
		return status;
	status = life_end(d->h, &d->inst, files, d->inst.to);
	return waited == EXIT_OK || status != EXIT_OK ? status : waited;
}

int cmd_run(void *opts, int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = on_signal};
	const struct deploy_opts *o = opts;
	const struct virt_domain *dom;
	static struct deploy d;
	int status;

	if (!o->ttl_ms)
		return msg_fail(EXIT_USAGE, "for how long? (--ttl 30m)");
	status = begin(PLAN_VNMA, o, argv[argc - 1], &d);
	if (status != EXIT_OK || opt_common.dry_run)
		return status;
	box_unlock();
	if (o->detach)
		return report(d.inst.name);
	dom = virt_find(d.v, d.inst.name);
	if (dom)
		d.inst = dom->inst;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	status =
		life_wait_ready(opt_common.uri, d.inst.name, o->wait_ms ? o->wait_ms : WAIT_MS);
	if (status == EXIT_OK)
		status = life_wait_end(opt_common.uri, &d.inst, is_stopped);
	if (status == EXIT_TIMEOUT)
		msg_note("%s does not end by itself: it is ended", d.inst.name);
	return finish(&d, status);
}
