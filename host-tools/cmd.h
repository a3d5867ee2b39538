/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of hpcapctl, and what they share. Each returns enum exit_code. */
#ifndef CMD_H
#define CMD_H

#include "host.h"
#include "opt.h"
#include "virt.h"

/**
 * cmd_facts() - the host's facts and libvirt's domains
 * @h: filled
 * @v: filled; without libvirt it has no domains and says why
 * Return: 0, or EXIT_FAILED after an error message.
 */
int cmd_facts(struct host *h, struct virt_view *v);

/* The host's facts alone; 0, or EXIT_FAILED after an error message. */
int cmd_host(struct host *h);

/**
 * cmd_lock() - be the only one who changes this host, until the program ends
 * Return: EXIT_OK, at once in a dry run; else enum exit_code after an error message.
 */
int cmd_lock(void);

/**
 * cmd_find_pf() - the PF that a word means, with a clear error when it is none
 * Return: NULL after an error message; *status is set then.
 */
const struct host_pci *cmd_find_pf(const struct host *h, const char *word, int *status);

/* Who runs this: the user behind sudo, if there is one. */
const char *cmd_user(void);

extern const struct opt cmd_doctor_opts[];
extern const struct opt cmd_plan_opts[];
extern const struct opt cmd_vf_set_opts[];
extern const struct opt cmd_mirror_add_opts[];
extern const struct opt cmd_mirror_list_opts[];
extern const struct opt cmd_mirror_watch_opts[];

extern const struct opt cmd_deploy_opts[];
extern const struct opt cmd_run_opts[];
extern const struct opt cmd_collect_opts[];
extern const struct opt cmd_extend_opts[];
extern const struct opt cmd_destroy_opts[];
extern const struct opt cmd_gc_opts[];

extern const struct opt cmd_apply_opts[];

/* Another command with its words and options, from within one. */
int cmd_call(int argc, char **argv);

/* One VM of hpcapctl, to stdout. */
int cmd_show_vm(const char *name);

int cmd_deploy(void *opts, int argc, char **argv);
int cmd_run(void *opts, int argc, char **argv);
int cmd_list(void *opts, int argc, char **argv);
int cmd_show(void *opts, int argc, char **argv);
int cmd_status(void *opts, int argc, char **argv);
int cmd_logs(void *opts, int argc, char **argv);
int cmd_collect(void *opts, int argc, char **argv);
int cmd_extend(void *opts, int argc, char **argv);
int cmd_destroy(void *opts, int argc, char **argv);
int cmd_apply(void *opts, int argc, char **argv);
int cmd_diff(void *opts, int argc, char **argv);
int cmd_export(void *opts, int argc, char **argv);
int cmd_gc(void *opts, int argc, char **argv);
int cmd_inventory(void *opts, int argc, char **argv);
int cmd_doctor(void *opts, int argc, char **argv);
int cmd_plan(void *opts, int argc, char **argv);
int cmd_vf_list(void *opts, int argc, char **argv);
int cmd_vf_create(void *opts, int argc, char **argv);
int cmd_vf_set(void *opts, int argc, char **argv);
int cmd_mirror_add(void *opts, int argc, char **argv);
int cmd_mirror_del(void *opts, int argc, char **argv);
int cmd_mirror_list(void *opts, int argc, char **argv);
int cmd_mirror_watch(void *opts, int argc, char **argv);
int cmd_completion(void *opts, int argc, char **argv);

#endif /* CMD_H */
