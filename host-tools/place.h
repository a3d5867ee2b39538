/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a user writes about a VM's place to what is asked of the plan. */
#ifndef PLACE_H
#define PLACE_H

#include "host.h"
#include "opt.h"
#include "plan.h"
#include "virt.h"

/**
 * struct place_opts - as the user wrote it
 */
struct place_opts {
	const char *nic;
	const char *storage;
	const char *node;
	const char *cpus;
	const char *pages;
	uint64_t vcpus;
	uint64_t memory;
	struct opt_list tenants;
	bool heavy;
};

/* Rows of an option table for member m of struct s. */
#define PLACE_OPTS(s, m)                                                                    \
	{"nic", OPT_TEXT, "PF|vf:PF",                                                       \
	 "what it captures with: a whole PF, or a free VF of one", offsetof(s, m.nic)},     \
		{"vcpus", OPT_NUMBER, "N", "processors, 1 to 64 (default 4)",               \
		 offsetof(s, m.vcpus)},                                                     \
		{"memory", OPT_SIZE, "SIZE", "memory (default 4G)", offsetof(s, m.memory)}, \
		{"hugepages", OPT_TEXT, "MODE", "auto (default), require or off",           \
		 offsetof(s, m.pages)},                                                     \
		{"node", OPT_TEXT, "N", "this NUMA node instead of the chosen one",         \
		 offsetof(s, m.node)},                                                      \
	{                                                                                   \
		"cpus", OPT_TEXT, "LIST", "these CPUs instead of the chosen ones",          \
			offsetof(s, m.cpus)                                                 \
	}

/**
 * place_resolve() - names to devices and numbers
 * @role: vnp or vnma
 * @name: of the VM; what it has already counts as free. NULL for none
 * @w: filled; its texts are @o's or static
 * Return: enum exit_code, after an error message.
 */
int place_resolve(const struct host *h, const struct virt_view *v, enum plan_role role,
		  const char *name, const struct place_opts *o, struct plan_want *w);

#endif /* PLACE_H */
