# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl: what is computed from bytes alone.
TESTS += test_acs
test_acs_SRC := tests/unit/test_acs.c host-tools/acs.c
test_acs_CFLAGS := -D_GNU_SOURCE -I$(ROOT)/host-tools
