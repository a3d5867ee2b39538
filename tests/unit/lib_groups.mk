# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of groups of queues, on queues made of memory.
GROUP_SRC := tests/fake_queue.c $(addprefix guest-lib/,group.c group_order.c group_open.c memq.c merge.c buddy.c \
	buddy_queue.c) $(LIB_LIVE)

GROUP_TESTS := test_group test_group_threads test_buddy test_buddy_threads
TESTS += $(GROUP_TESTS)
TSAN_TESTS += $(GROUP_TESTS)

$(foreach t,$(GROUP_TESTS),$(eval $(t)_SRC := tests/unit/$(t).c $(GROUP_SRC)))
$(foreach t,$(GROUP_TESTS),$(eval $(t)_CFLAGS = $$(LIB_CFLAGS)))

TESTS += test_out
test_out_SRC := tests/unit/test_out.c tests/unit/run_hpcap_forward.c tests/unit/run_program.c \
	$(GROUP_SRC) guest-lib/out.c guest-lib/tools/cli.c \
	$(addprefix guest-lib/tools/forward_,options.c report.c)
test_out_CFLAGS := $(LIB_CFLAGS)
test_out_LIBS := -Wl,--wrap=open,--wrap=ioctl -lpcap

TESTS += test_listen
test_listen_SRC := tests/unit/test_listen.c guest-lib/tools/cli.c $(LIB_GROUP) $(LIB_LIVE)
test_listen_CFLAGS := $(LIB_CFLAGS)
test_listen_LIBS := -lpcap
