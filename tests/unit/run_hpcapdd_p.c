// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcapdd_p as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcapdd_p
#include "../../guest-lib/tools/hpcapdd_p.c"
