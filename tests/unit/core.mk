# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the engine: one program for each pure file, and two threads.
CORE_TESTS := test_ring test_record test_hold test_listener test_stamp test_poll test_model test_headers test_policy test_evict \
	test_hwclock test_timing test_dup test_core_store test_ring_large
TESTS += $(CORE_TESTS) test_threads
TSAN_TESTS += $(CORE_TESTS) test_threads

RIG_SRC := tests/rig.c tests/fake_nic.c $(PURE_SRC)

$(foreach t,$(CORE_TESTS) test_threads,$(eval $(t)_SRC := tests/unit/$(t).c $(RIG_SRC)))
$(foreach t,$(CORE_TESTS) test_threads,$(eval $(t)_CFLAGS := $(PURE_CFLAGS)))
