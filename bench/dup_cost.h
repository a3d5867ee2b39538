/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What looking for copies costs, in the engine, when there are none. */
#ifndef DUP_COST_H
#define DUP_COST_H

#include "bench.h"
#include "core_env.h"

void dup_cost_init(void);
void dup_cost_measure(u32 entries, u32 levels, u32 ignore, int repeats,
		      struct bench_series *without, struct bench_series *added);

#endif /* DUP_COST_H */
