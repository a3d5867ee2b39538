# SPDX-License-Identifier: GPL-2.0-or-later
# hpcap-dups: the engine's table of copies over files.
TESTS += test_lib_dups
test_lib_dups_SRC := tests/unit/test_lib_dups.c tests/unit/run_hpcap_dups.c tests/unit/run_program.c core/dup.c \
	$(addprefix guest-lib/,err.c tools/cli.c raw.c raw_sync.c stream.c ahead.c unpack.c frames.c frames_in.c \
	in_raw.c in_pcap.c in_pcapng.c in_iface.c frames_out.c out_pcapng.c pack.c)
test_lib_dups_CFLAGS := $(PURE_CFLAGS) -I$(ROOT)/guest-lib -I$(ROOT)/guest-lib/tools -DHPCAP_VERSION='"test"'
test_lib_dups_LIBS := -lzstd -llz4
