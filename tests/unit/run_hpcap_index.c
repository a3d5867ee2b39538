// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-index as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_index
#include "../../guest-lib/tools/hpcap-index.c"
