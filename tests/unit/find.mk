# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of finding: flows, the index.
FIND_CFLAGS := -Wno-tsan -D_GNU_SOURCE -I$(ROOT)/guest-lib -DHPCAP_VERSION='"test"'
TESTS += test_flow test_index test_index_disk

test_flow_SRC := tests/unit/test_flow.c guest-lib/flow.c
test_flow_CFLAGS := $(FIND_CFLAGS)
test_flow_LIBS := -lm

FIND_INDEX := $(addprefix guest-lib/,index_write.c index_read.c crc32c.c flow.c)

$(foreach t,test_index test_index_disk,$(eval $(t)_SRC := tests/unit/$(t).c \
	tests/unit/index_model.c tests/unit/raw_model.c $(FIND_INDEX)))
$(foreach t,test_index test_index_disk,$(eval $(t)_CFLAGS := $(FIND_CFLAGS)))

TSAN_TESTS += test_flow test_index
