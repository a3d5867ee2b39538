// SPDX-License-Identifier: GPL-2.0-or-later
/* The program hpcap-storage as a function, for tests. */
#include "unit/run_program.h"

#define main main_hpcap_storage
#include "../../guest-lib/tools/hpcap-storage.c"
