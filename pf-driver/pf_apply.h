/* SPDX-License-Identifier: GPL-2.0-only */
/* From the policy's tables to the chip's. */
#ifndef PF_APPLY_H
#define PF_APPLY_H

#include "pf_hw.h"
#include "pf_policy.h"

void pf_apply_tables(const struct hw_io *io, const struct pf_family *fam,
		     const struct pf_tables *want, struct pf_tables *have,
		     bool whole, u32 link_mbps);
void pf_apply_close_pool(const struct hw_io *io, struct pf_tables *have,
			 unsigned int pool);

#endif /* PF_APPLY_H */
