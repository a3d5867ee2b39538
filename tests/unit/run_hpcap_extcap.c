// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-extcap as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_extcap
#include "../../guest-lib/tools/hpcap-extcap.c"
