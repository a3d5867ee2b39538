// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-extract as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_extract
#include "../../guest-lib/tools/hpcap-extract.c"
