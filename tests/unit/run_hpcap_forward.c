// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-forward as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_forward
#include "../../guest-lib/tools/hpcap-forward.c"
