# SPDX-License-Identifier: GPL-2.0-or-later
# Pure parts of the PF driver: policy, mailbox server, leases, lines.
include $(ROOT)/pf-driver/pure.mk
PF_CFLAGS := -include $(ROOT)/tests/shim/hw_env.h -Wno-sign-compare
PF_SRC := $(PF_PURE:%.o=pf-driver/%.c)
PF_TESTS := test_pf_policy test_pf_mbox test_pf_noise test_pf_lease test_pf_lines \
	test_pf_mirror
TESTS += $(PF_TESTS)

$(foreach t,$(PF_TESTS),$(eval $(t)_SRC := tests/unit/$(t).c tests/pf_switch.c $(PF_SRC)))
$(foreach t,$(PF_TESTS),$(eval $(t)_CFLAGS := $(PF_CFLAGS)))
test_pf_policy_SRC += tests/pf_want.c tests/pf_want_ops.c tests/pf_expect.c
