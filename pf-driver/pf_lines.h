/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lines that are written to the sriov/ directory, and what they ask for.
 * Pure. The syntax is that of Intel's SR-IOV directory, which OpenStack's TaaS
 * writes; verbs and words in any case, blanks at the ends and after a verb.
 *
 * Every parser gets the bytes as written, not closed by a zero, and returns 0,
 * -EINVAL for what it cannot read, -ERANGE for a number that is too big.
 */
#ifndef PF_LINES_H
#define PF_LINES_H

#include "pf_lease.h"

enum {
	PF_LINE_MACS = 16,	/* addresses in one line */
};

int pf_line_bool(const char *line, size_t len, bool *value);
int pf_line_number(const char *line, size_t len, u32 most, u32 *value);
int pf_line_mac(const char *line, size_t len, u8 mac[6]);
int pf_line_word(const char *line, size_t len, const char *const *words, u32 nr, u32 *which);
int pf_line_add_number(const char *line, size_t len, u32 most, bool *add, u32 *value);
int pf_line_vids(const char *line, size_t len, u32 vids[HW_HASH_WORDS]);
int pf_line_add_vids(const char *line, size_t len, bool *add, u32 vids[HW_HASH_WORDS]);
int pf_line_add_macs(const char *line, size_t len, bool *add, u8 macs[PF_LINE_MACS][6], u32 *nr);
int pf_line_add_word(const char *line, size_t len, const char *const *words, u32 nr,
		     bool *add, u32 *which);
size_t pf_line_show_vids(const u32 vids[HW_HASH_WORDS], char *buf, size_t size);

/* What a line of ingress_mirror, egress_mirror and vlan_mirror does. */
struct pf_line_env {
	struct pf_lease_book *book;
	struct pf_policy *policy;
	const struct pf_lease_count *counts;
	u64 now_ms;
};

#define PF_LINE_PF	(~0u)	/* the source is the PF */

int pf_line_mirror(const struct pf_line_env *e, u32 source, u8 dir, u32 target, bool add);
int pf_line_vlan_mirror(const struct pf_line_env *e, u32 target,
			const u32 vids[HW_HASH_WORDS], bool add, bool taas_compat);
u32 pf_line_targets(const struct pf_lease_book *b, u32 source, u8 dir, bool all);
const u32 *pf_line_vlans(const struct pf_lease_book *b, u32 target);

#endif /* PF_LINES_H */
