// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-ctl as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_ctl
#include "../../guest-lib/tools/hpcap-ctl.c"
