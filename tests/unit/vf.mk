# SPDX-License-Identifier: GPL-2.0-or-later
# Pure parts of the VF driver, and the receive ring of hw/.
VF_CFLAGS := -include $(ROOT)/tests/shim/hw_env.h -Wno-sign-compare

TESTS += test_vf_mbox
test_vf_mbox_SRC := tests/unit/test_vf_mbox.c tests/fake_mbox.c vf-driver/vf_mbox.c
test_vf_mbox_CFLAGS := $(VF_CFLAGS)

TESTS += test_vf_hw
test_vf_hw_SRC := tests/unit/test_vf_hw.c tests/fake_mbox.c vf-driver/vf_hw.c vf-driver/vf_mbox.c
test_vf_hw_CFLAGS := $(VF_CFLAGS)

TESTS += test_rx_ring
test_rx_ring_SRC := tests/unit/test_rx_ring.c
test_rx_ring_CFLAGS := $(VF_CFLAGS)
