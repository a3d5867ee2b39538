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

FIND_LIVE := $(addprefix guest-lib/,open.c wait.c read.c span.c view.c bpf.c control.c compat.c err.c)

TESTS += test_preload
test_preload_SRC := tests/unit/test_preload.c tests/unit/fake_dev.c tests/unit/fake_opts.c \
	$(FIND_LIVE) $(addprefix guest-lib/tools/,preload_live.c preload_set.c preload_read.c \
	preload_list.c queues.c)
test_preload_CFLAGS := $(FIND_CFLAGS)
test_preload_LIBS := -Wl,--wrap=open,--wrap=ioctl,--wrap=mmap,--wrap=ppoll -lpcap
TSAN_TESTS += test_preload

FIND_IN := $(addprefix guest-lib/,frames.c frames_in.c in_raw.c in_pcap.c in_pcapng.c in_iface.c \
	stream.c ahead.c unpack.c raw.c raw_sync.c)
FIND_OUT := $(addprefix guest-lib/,frames_out.c out_pcapng.c pack.c)
FIND_TOOLS := $(addprefix guest-lib/tools/,cli.c captures.c indexing.c filter.c extract_want.c \
	extract_source.c extract_out.c extract_merge.c)

TESTS += test_extract
test_extract_SRC := tests/unit/test_extract.c tests/unit/extract_model.c tests/unit/raw_model.c \
	tests/unit/run_hpcap_extract.c tests/unit/run_hpcap_index.c tests/unit/run_program.c \
	guest-lib/err.c $(FIND_INDEX) $(FIND_IN) $(FIND_OUT) $(FIND_TOOLS)
test_extract_CFLAGS := $(FIND_CFLAGS)
test_extract_LIBS := -lpcap -lzstd -llz4

TESTS += test_extcap
test_extcap_SRC := tests/unit/test_extcap.c tests/unit/fake_dev.c tests/unit/fake_opts.c \
	tests/unit/run_hpcap_extcap.c tests/unit/run_hpcap_run.c tests/unit/run_program.c \
	guest-lib/pcap.c $(FIND_LIVE) $(addprefix guest-lib/tools/,cli.c filter.c queues.c)
test_extcap_CFLAGS := $(FIND_CFLAGS)
test_extcap_LIBS := -Wl,--wrap=open,--wrap=ioctl,--wrap=mmap,--wrap=ppoll -lpcap
