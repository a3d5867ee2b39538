/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what a user writes about a mirror to what a PF driver is asked for. */
#ifndef MIRROR_H
#define MIRROR_H

#include "host.h"
#include "msg.h"
#include "nl.h"
#include "opt.h"
#include "virt.h"

/**
 * struct mirror_opts - as the user wrote it
 */
struct mirror_opts {
	struct opt_list tenants;
	struct opt_list vfs;
	struct opt_list to;
	bool pf;
	bool uplink;
	bool downlink;
	const char *vlans;
	const char *dir;
	uint64_t ttl_ms;
	uint64_t bytes;
	uint64_t frames;
	const char *reason;
	const char *owner;
};

/**
 * mirror_resolve() - names to VFs of one PF
 * @h: facts
 * @v: libvirt's domains
 * @pf_word: the PF as the user named it, NULL: the one that the domains' VFs belong to
 * @o: what is wanted
 * @want: filled but for the owner
 * @pf: set
 * Return: enum exit_code, after an error message.
 */
int mirror_resolve(const struct host *h, const struct virt_view *v, const char *pf_word,
		   const struct mirror_opts *o, struct nl_mirror *want,
		   const struct host_pci **pf);

/**
 * mirror_by_sysfs() - the same by sriov/<N>/ files, as i40e and others have them
 * @add: write "add", else "rem"
 * Such drivers know no leases: a time to live or a cap is refused.
 */
int mirror_by_sysfs(const struct host_pci *pf, const struct nl_mirror *want, bool add);

struct json_object *mirror_json(const struct nl_mirror *m);

/* One line, or with @json an object; @event: what happened, NULL for a list. */
void mirror_print(const struct nl_mirror *m, const char *event, bool json);

#endif /* MIRROR_H */
