# SPDX-License-Identifier: GPL-2.0-or-later
# Register sequences of the PF driver against a fake port.
PFHW_CFLAGS := -include $(ROOT)/tests/shim/hw_env.h -Wno-sign-compare
PFHW_SRC := tests/fake_port.c $(addprefix pf-driver/,pf_hw.c pf_hw_queue.c pf_hw_phy.c \
	pf_hw_mbox.c pf_stats.c pf_apply.c)
PFHW_TESTS := test_pf_hw test_pf_transport test_pf_apply
TESTS += $(PFHW_TESTS)

$(foreach t,$(PFHW_TESTS),$(eval $(t)_SRC := tests/unit/$(t).c $(PFHW_SRC)))
$(foreach t,$(PFHW_TESTS),$(eval $(t)_CFLAGS := $(PFHW_CFLAGS)))
