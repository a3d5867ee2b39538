// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl mirror: copies of others' traffic, for a time and a reason. */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd.h"
#include "mirror.h"
#include "msg.h"

struct list_opts {
	bool ended;
};

const struct opt cmd_mirror_list_opts[] = {
	{"ended", OPT_FLAG, NULL, "those that have ended, and why",
	 offsetof(struct list_opts, ended)},
	{},
};

struct watch_opts {
	uint64_t timeout_ms;
};

const struct opt cmd_mirror_watch_opts[] = {
	{"timeout", OPT_DURATION, "TIME", "stop after this (default: at Ctrl-C)",
	 offsetof(struct watch_opts, timeout_ms)},
	{},
};

const struct opt cmd_mirror_add_opts[] = {
	{"tenant", OPT_LIST, "DOMAIN[/MAC]",
	 "copy a VM's traffic: its name, a MAC or an alias of it",
	 offsetof(struct mirror_opts, tenants)},
	{"vf", OPT_LIST, "N", "copy this VF's traffic", offsetof(struct mirror_opts, vfs)},
	{"pf-traffic", OPT_FLAG, NULL, "copy the PF's own traffic",
	 offsetof(struct mirror_opts, pf)},
	{"uplink", OPT_FLAG, NULL, "copy all that comes from the wire",
	 offsetof(struct mirror_opts, uplink)},
	{"downlink", OPT_FLAG, NULL, "copy all that goes to the wire",
	 offsetof(struct mirror_opts, downlink)},
	{"vlan", OPT_TEXT, "LIST", "copy these VLANs: 10,20,30-39",
	 offsetof(struct mirror_opts, vlans)},
	{"to", OPT_LIST, "N|DOMAIN", "VF or VM that gets the copies",
	 offsetof(struct mirror_opts, to)},
	{"dir", OPT_TEXT, "DIR", "in, out or both (default), as the source sees it",
	 offsetof(struct mirror_opts, dir)},
	{"ttl", OPT_DURATION, "TIME", "ends after this: 90s, 30m, 2h, 1d (default: never)",
	 offsetof(struct mirror_opts, ttl_ms)},
	{"cap", OPT_SIZE, "BYTES", "ends after so many bytes: 20G",
	 offsetof(struct mirror_opts, bytes)},
	{"frames", OPT_NUMBER, "N", "ends after so many frames",
	 offsetof(struct mirror_opts, frames)},
	{"reason", OPT_TEXT, "TEXT", "why; kept with the mirror",
	 offsetof(struct mirror_opts, reason)},
	{"owner", OPT_TEXT, "NAME", "who (default: the user)",
	 offsetof(struct mirror_opts, owner)},
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

const char *cmd_user(void)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *p = sudo ? NULL : getpwuid(getuid());

	return sudo ? sudo : p ? p->pw_name : "unknown";
}

int cmd_mirror_add(void *opts, int argc, char **argv)
{
	struct mirror_opts *o = opts;
	struct nl_mirror want = {}, made = {};
	static struct host h;
	static struct virt_view v;
	const struct host_pci *pf;
	struct nl *nl;
	int status, err;

	if (cmd_facts(&h, &v))
		return EXIT_FAILED;
	status = mirror_resolve(&h, &v, argc ? argv[0] : NULL, o, &want, &pf);
	if (status != EXIT_OK)
		return status;
	snprintf(want.owner, sizeof(want.owner), "%s", o->owner ? o->owner : cmd_user());
	if (strcmp(pf->driver, "hpcap_pf")) {
		status = mirror_by_sysfs(pf, &want, true);
		if (status == EXIT_OK && msg_wants_json())
			mirror_print(&want, NULL, true);
		return status;
	}
	if (opt_common.dry_run || !sysfs_is_live()) {
		mirror_print(&want, NULL, msg_wants_json());
		return EXIT_OK;
	}
	err = nl_open(&nl);
	if (err)
		return msg_fail(msg_code(err), "hpcap_pf does not answer: %s", strerror(-err));
	err = nl_mirror_new(nl, &want, &made);
	if (err)
		status = msg_fail(msg_code(err), "%s: %s", pf->bdf,
				  *nl_why(nl) ? nl_why(nl) : strerror(-err));
	else
		mirror_print(&made, NULL, msg_wants_json());
	nl_close(nl);
	return status;
}

struct wanted_id {
	uint64_t id;
	const char *dev;
	char found[16];
	unsigned int nr;
};

static void match_id(const struct nl_mirror *m, int event, void *arg)
{
	struct wanted_id *w = arg;

	(void)event;
	if (m->id != w->id || (w->dev && strcmp(w->dev, m->dev)))
		return;
	snprintf(w->found, sizeof(w->found), "%s", m->dev);
	w->nr++;
}

int cmd_mirror_del(void *opts, int argc, char **argv)
{
	struct wanted_id w = {};
	int err, status = EXIT_OK;
	struct nl *nl;

	(void)opts;
	if (!opt_read_number(argv[argc - 1], &w.id))
		return msg_fail(EXIT_USAGE, "'%s' is not the id of a mirror", argv[argc - 1]);
	w.dev = argc == 2 ? argv[0] : NULL;
	err = nl_open(&nl);
	if (err)
		return msg_fail(msg_code(err), "hpcap_pf does not answer: %s", strerror(-err));
	err = nl_mirrors(nl, false, match_id, &w);
	if (err)
		status = msg_fail(msg_code(err), "cannot list mirrors: %s", strerror(-err));
	else if (w.nr > 1)
		status = msg_fail(EXIT_USAGE,
				  "several PFs have a mirror %" PRIu64 ": mirror del PF ID",
				  w.id);
	else if (w.nr == 0)
		msg_note("there is no mirror %" PRIu64, w.id);
	else if (opt_common.dry_run)
		msg_note("would end mirror %" PRIu64 " of %s", w.id, w.found);
	else if ((err = nl_mirror_del(nl, w.found, (uint32_t)w.id)))
		status = msg_fail(msg_code(err), "%s: %s", w.found,
				  *nl_why(nl) ? nl_why(nl) : strerror(-err));
	nl_close(nl);
	return status;
}

static void list_one(const struct nl_mirror *m, int event, void *arg)
{
	(void)event;
	if (arg)
		json_object_array_add(arg, mirror_json(m));
	else
		mirror_print(m, NULL, false);
}

int cmd_mirror_list(void *opts, int argc, char **argv)
{
	const struct list_opts *o = opts;
	struct json_object *json = NULL;
	int err, status = EXIT_OK;
	struct nl *nl;

	(void)argc;
	(void)argv;
	err = nl_open(&nl);
	if (err)
		return msg_fail(msg_code(err), "hpcap_pf does not answer: %s%s", strerror(-err),
				err == -EOPNOTSUPP ? " (modprobe hpcap_pf)" : "");
	if (msg_wants_json())
		json = json_object_new_array();
	err = nl_mirrors(nl, o->ended, list_one, json);
	if (err) {
		status = msg_fail(msg_code(err), "cannot list mirrors: %s", strerror(-err));
		json_object_put(json);
	} else if (json) {
		msg_print("mirrors", json);
	}
	nl_close(nl);
	return status;
}

static void watch_one(const struct nl_mirror *m, int event, void *arg)
{
	const char *what = event == HPCAP_PF_CMD_MIRROR_STARTED_NTF   ? "started"
			   : event == HPCAP_PF_CMD_MIRROR_CHANGED_NTF ? "changed"
								      : "ended";

	(void)arg;
	mirror_print(m, what, msg_wants_json());
	fflush(stdout);
}

int cmd_mirror_watch(void *opts, int argc, char **argv)
{
	const struct sigaction action = {.sa_handler = on_signal};
	const struct watch_opts *o = opts;
	struct nl *nl;
	int err;

	(void)argc;
	(void)argv;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	err = nl_open(&nl);
	if (err)
		return msg_fail(msg_code(err), "hpcap_pf does not answer: %s", strerror(-err));
	msg_note("watching, Ctrl-C ends it");
	err = nl_watch(nl, watch_one, NULL, is_stopped, o->timeout_ms);
	nl_close(nl);
	if (err)
		return msg_fail(msg_code(err), "the kernel's messages: %s", strerror(-err));
	return EXIT_OK;
}
