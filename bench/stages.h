/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stages of a frame's way, each alone in a loop. */
#ifndef BENCH_STAGES_H
#define BENCH_STAGES_H

#include "core_env.h"
#include "rig.h"

void stage_borrow(struct rig *rig, u64 frames);
void stage_stamp(struct rig *rig, u64 frames);
void stage_copy(struct rig *rig, u64 frames);
void stage_commit(struct rig *rig, u64 frames);
void stage_total(struct rig *rig, u64 frames);

#endif /* BENCH_STAGES_H */
