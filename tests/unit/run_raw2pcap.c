// SPDX-License-Identifier: GPL-2.0-or-later
/* The program raw2pcap as a function, for tests. */
#include "unit/run_program.h"

#define main main_raw2pcap
#include "../../guest-lib/tools/raw2pcap.c"
