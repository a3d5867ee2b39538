/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A burst with real threads: how long until the first frame is lost. */
#ifndef GROUPS_REAL_H
#define GROUPS_REAL_H

#include "core_env.h"

/**
 * struct real_burst - one run
 * @frames: that arrived before the first was lost; 0 there is but one CPU
 * @pm: frames a second that the engine brought in
 * @pp: frames a second that the worker did meanwhile
 * @formula: frames that WireCAP's formula says
 */
struct real_burst {
	double frames;
	double pm;
	double pp;
	double formula;
};

struct real_burst real_burst(u64 ring, unsigned int x);

#endif /* GROUPS_REAL_H */
