// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcapdd as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcapdd
#include "../../guest-lib/tools/hpcapdd.c"
