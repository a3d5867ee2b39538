# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the benchmark's counting part.
TALLY_CFLAGS := -D_GNU_SOURCE -I$(ROOT)/bench

TESTS += test_tally
test_tally_SRC := tests/unit/test_tally.c bench/stat.c bench/rate.c bench/cases.c bench/rows.c
test_tally_CFLAGS := $(TALLY_CFLAGS)
test_tally_LIBS := -lm

TESTS += test_traffic
test_traffic_SRC := tests/unit/test_traffic.c bench/traffic_mark.c
test_traffic_CFLAGS := $(TALLY_CFLAGS)
