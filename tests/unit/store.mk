# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the writing engine; the lists of sources are lib.mk's.

TESTS += test_store test_store_straight test_store_faults test_store_repair

STORE_TEST_SRC = $(sort tests/unit/dd_world.c tests/unit/run_hpcapdd.c tests/unit/run_program.c \
	$(LIB_FAKE) guest-lib/tools/cli.c $(LIB_RAW) $(LIB_LIVE) $(LIB_PIPE) \
	guest-lib/tools/repair.c $(LIB_DD) $(LIB_INDEX))
STORE_TEST_LIBS = $(LIB_WRAP) $(LIB_PACK) -luring -lnuma -lpcap

test_store_SRC := tests/unit/test_store.c $(STORE_TEST_SRC)
test_store_CFLAGS := $(LIB_CFLAGS)
test_store_LIBS := $(STORE_TEST_LIBS)

test_store_straight_SRC := tests/unit/test_store_straight.c $(STORE_TEST_SRC)
test_store_straight_CFLAGS := $(LIB_CFLAGS)
test_store_straight_LIBS := $(STORE_TEST_LIBS)

test_store_faults_SRC := tests/unit/test_store_faults.c $(STORE_TEST_SRC)
test_store_faults_CFLAGS := $(LIB_CFLAGS)
test_store_faults_LIBS := $(STORE_TEST_LIBS)

test_store_repair_SRC := tests/unit/test_store_repair.c $(STORE_TEST_SRC)
test_store_repair_CFLAGS := $(LIB_CFLAGS)
test_store_repair_LIBS := $(STORE_TEST_LIBS)

TSAN_TESTS += test_store test_store_straight

TESTS += test_store_feed
test_store_feed_SRC := tests/unit/test_store_feed.c tests/unit/tunnel_model.c $(STORE_TEST_SRC)
test_store_feed_CFLAGS := $(LIB_CFLAGS)
test_store_feed_LIBS := $(STORE_TEST_LIBS)
TSAN_TESTS += test_store_feed
