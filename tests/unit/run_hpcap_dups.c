// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-dups as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_dups
#include "../../guest-lib/tools/hpcap-dups.c"
