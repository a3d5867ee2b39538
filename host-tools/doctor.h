/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about a host: what each check may say. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include "host.h"
#include "virt.h"

enum doctor_level {
	DOCTOR_OK,
	DOCTOR_WARN, /* it works, but worse than it could */
	DOCTOR_BAD,  /* it will not work */
};

enum {
	DOCTOR_MAX = 512,
};

/**
 * struct doctor_finding - one line
 * @check: name of the check
 * @level: how bad
 * @text: what was found
 * @remedy: what to do; "" when all is well
 * @fix_path: below the root; doctor --fix writes @fix_text there. "" for none
 * @fix_text: that line
 * @fixed: it was written
 */
struct doctor_finding {
	const char *check;
	enum doctor_level level;
	char text[256];
	char remedy[256];
	char fix_path[256];
	char fix_text[64];
	bool fixed;
};

/**
 * struct doctor - the facts and what was found in them
 * @h: facts
 * @v: libvirt's
 * @check: the check that runs
 * @found: findings
 * @nr: how many
 */
struct doctor {
	const struct host *h;
	const struct virt_view *v;
	const char *check;
	struct doctor_finding found[DOCTOR_MAX];
	unsigned int nr;
};

/* Add a finding, remedy "" or NULL when all is well; returns it for a fix. */
__attribute__((format(printf, 4, 5))) struct doctor_finding *doctor_find(
	struct doctor *d, enum doctor_level level, const char *remedy, const char *fmt, ...);

/* The checks, by file: processor and memory; devices; software. */
void doctor_cpu(struct doctor *d);
void doctor_hugepages(struct doctor *d);
void doctor_clock(struct doctor *d);
void doctor_irqbalance(struct doctor *d);
void doctor_iommu(struct doctor *d);
void doctor_acs(struct doctor *d);
void doctor_nics(struct doctor *d);
void doctor_storage(struct doctor *d);
void doctor_kvm(struct doctor *d);
void doctor_libvirt(struct doctor *d);
void doctor_cgroups(struct doctor *d);
void doctor_networkmanager(struct doctor *d);

#endif /* DOCTOR_H */
