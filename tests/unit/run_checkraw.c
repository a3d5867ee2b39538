// SPDX-License-Identifier: GPL-2.0-or-later
/* The program checkraw as a function, for tests. */
#include "unit/run_program.h"

#define main main_checkraw
#include "../../guest-lib/tools/checkraw.c"
