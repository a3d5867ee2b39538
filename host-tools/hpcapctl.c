// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of commands, nothing else. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "box.h"
#include "cmd.h"
#include "deploy.h"
#include "mirror.h"
#include "msg.h"
#include "opt_help.h"

_Static_assert(sizeof(struct deploy_opts) <= OPT_STRUCT_MAX, "room in opt.c");
_Static_assert(sizeof(struct mirror_opts) <= OPT_STRUCT_MAX, "room in opt.c");

static const struct command commands[] = {
	{.name = "doctor",
	 .args = "",
	 .summary = "Is this host ready? One finding a line, each with its remedy",
	 .details = "Exit status 1 when something will not work, 0 when it may only be slow.\n",
	 .opts = cmd_doctor_opts,
	 .run = cmd_doctor},
	{.name = "inventory",
	 .args = "",
	 .summary = "NICs, VFs, controllers, disks, nodes, and who uses them",
	 .run = cmd_inventory},
	{.name = "plan",
	 .args = "vnp|vnma",
	 .summary = "Where a probe or an agent would go on this host, and why",
	 .details =
		 "Changes nothing. vCPU 0 is for the guest's system, 1 for the poll thread, 2 for the\n"
		 "writer, each on a physical core of its own.\n",
	 .opts = cmd_plan_opts,
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_plan},
	{.name = "deploy vnp",
	 .args = "NAME",
	 .summary = "A probe: a VM with a NIC and storage of its own, that captures",
	 .details = "The same again goes on where a killed call ended, or finds all done.\n",
	 .opts = cmd_deploy_opts,
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_deploy},
	{.name = "run vnma",
	 .args = "NAME",
	 .summary = "An agent: a VM that gets copies of tenants' traffic, for a time",
	 .details =
		 "Returns when the agent has ended, its files are home and nothing is left; Ctrl-C ends\n"
		 "it early. With --detach, or killed, the kernel ends the mirror and the guest itself,\n"
		 "and hpcapctl gc tidies up.\n",
	 .opts = cmd_run_opts,
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_run},
	{.name = "status",
	 .args = "",
	 .summary = "VMs and PFs of this host",
	 .far = true,
	 .run = cmd_status},
	{.name = "list",
	 .args = "",
	 .summary = "Probes and agents",
	 .far = true,
	 .run = cmd_list},
	{.name = "show",
	 .args = "NAME",
	 .summary = "All that is known of a probe or an agent",
	 .min_args = 1,
	 .max_args = 1,
	 .far = true,
	 .run = cmd_show},
	{.name = "logs",
	 .args = "NAME",
	 .summary = "What it said: serial console and log of its guest",
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_logs},
	{.name = "collect",
	 .args = "NAME",
	 .summary = "Take the files that it captured",
	 .details =
		 "A running probe copies what is closed first. Files taken are gone from the VM's\n"
		 "folder, not from its storage.\n",
	 .opts = cmd_collect_opts,
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_collect},
	{.name = "extend",
	 .args = "NAME",
	 .summary = "Have it end later, or sooner",
	 .opts = cmd_extend_opts,
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_extend},
	{.name = "destroy",
	 .args = "NAME",
	 .summary = "End it and give everything back; one that is not there is no error",
	 .opts = cmd_destroy_opts,
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_destroy},
	{.name = "gc",
	 .args = "",
	 .summary = "Find and remove what ended without its program",
	 .opts = cmd_gc_opts,
	 .run = cmd_gc},
	{.name = "apply",
	 .args = "FILE",
	 .summary = "Have VFs, probes and agents as a file says",
	 .details = "What runs already stays as it is; what differs is refused.\n",
	 .opts = cmd_apply_opts,
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_apply},
	{.name = "diff",
	 .args = "FILE",
	 .summary = "What apply would change; exit status 1 when there is something",
	 .min_args = 1,
	 .max_args = 1,
	 .run = cmd_diff},
	{.name = "export",
	 .args = "",
	 .summary = "VFs, probes and agents as a file for apply",
	 .run = cmd_export},
	{.name = "vf list",
	 .args = "[PF]",
	 .summary = "The VFs of a PF, or of all",
	 .max_args = 1,
	 .run = cmd_vf_list},
	{.name = "vf create",
	 .args = "PF NUMBER",
	 .summary = "Have a PF make so many VFs, 0 for none",
	 .details = "Refused while a running domain has one of them.\n",
	 .min_args = 2,
	 .max_args = 2,
	 .run = cmd_vf_create},
	{.name = "vf set",
	 .args = "PF NUMBER",
	 .summary = "Decide what a VF is and may",
	 .opts = cmd_vf_set_opts,
	 .min_args = 2,
	 .max_args = 2,
	 .run = cmd_vf_set},
	{.name = "mirror add",
	 .args = "[PF]",
	 .summary = "Copy traffic to a VF or VM, for a time and a reason",
	 .details = "The PF need not be named when a domain tells it.\n",
	 .opts = cmd_mirror_add_opts,
	 .max_args = 1,
	 .run = cmd_mirror_add},
	{.name = "mirror del",
	 .args = "[PF] ID",
	 .summary = "End a mirror; one that is not there is no error",
	 .min_args = 1,
	 .max_args = 2,
	 .run = cmd_mirror_del},
	{.name = "mirror list",
	 .args = "",
	 .summary = "Mirrors that run, or those that ended",
	 .opts = cmd_mirror_list_opts,
	 .run = cmd_mirror_list},
	{.name = "mirror watch",
	 .args = "",
	 .summary = "Mirrors as they start, change and end",
	 .opts = cmd_mirror_watch_opts,
	 .run = cmd_mirror_watch},
	{.name = "completion",
	 .args = "",
	 .summary = "Completion for bash, to be sourced",
	 .far = true,
	 .run = cmd_completion},
	{},
};

/* What /sys and folders tell is of this host: never to be mixed with another's VMs. */
int command_check(const struct command *c)
{
	if (c->far || !virt_is_remote(opt_common.uri))
		return EXIT_OK;
	return msg_fail(EXIT_NOT_SUPPORTED,
			"devices of %s are not to be seen from here: run it there",
			opt_common.uri ? opt_common.uri : "another host");
}

int cmd_call(int argc, char **argv)
{
	return opt_call(commands, argc, argv);
}

/* The script as a text, for programs that put it somewhere. */
static int complete_json(void)
{
	FILE *out = stdout, *text;
	char *script = NULL;
	size_t size;

	text = open_memstream(&script, &size);
	if (!text)
		return msg_fail(EXIT_NO_RESOURCES, "out of memory");
	stdout = text;
	opt_complete_bash(commands);
	stdout = out;
	fclose(text);
	msg_print("completion", json_object_new_string(script));
	free(script);
	return EXIT_OK;
}

int cmd_completion(void *opts, int argc, char **argv)
{
	(void)opts;
	(void)argc;
	(void)argv;
	return msg_wants_json() ? complete_json() : opt_complete_bash(commands);
}

int cmd_host(struct host *h)
{
	sysfs_root(opt_common.root);
	if (host_read(h))
		return msg_fail(EXIT_FAILED, "no sys/devices below '%s/'", opt_common.root);
	return 0;
}

int cmd_lock(void)
{
	int err;

	sysfs_root(opt_common.root);
	err = opt_common.dry_run ? 0 : box_lock();
	if (!err)
		return EXIT_OK;
	return msg_fail(msg_code(err), "cannot lock this host: %s%s", strerror(-err),
			err == -EACCES ? " (only root changes it; --dry-run shows what)" : "");
}

int cmd_facts(struct host *h, struct virt_view *v)
{
	if (cmd_host(h))
		return EXIT_FAILED;
	if (sysfs_is_live() || opt_common.uri)
		virt_look(opt_common.uri, v);
	return 0;
}

int main(int argc, char **argv)
{
	return opt_run(commands, argc, argv);
}
