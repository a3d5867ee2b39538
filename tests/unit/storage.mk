# SPDX-License-Identifier: GPL-2.0-or-later
# hpcap-storage: what it finds, decides and computes.
TESTS += test_storage test_storage_plan
test_storage_SRC := tests/unit/test_storage.c tests/unit/run_hpcap_storage.c tests/unit/run_program.c \
	$(addprefix guest-lib/tools/,cli.c $(patsubst %,storage_%.c,find look plan make measure rate show))
test_storage_CFLAGS := -D_GNU_SOURCE -I$(ROOT)/guest-lib/tools -DHPCAP_VERSION='"test"'
test_storage_LIBS := -lblkid
test_storage_plan_SRC := tests/unit/test_storage_plan.c guest-lib/tools/storage_plan.c
test_storage_plan_CFLAGS := $(test_storage_CFLAGS)
