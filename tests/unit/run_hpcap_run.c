// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-run as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_run
#include "../../guest-lib/tools/hpcap-run.c"
