# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of guest-lib.

# -Wno-tsan: TSan knows no fences; the test that needs them is skipped there.
LIB_CFLAGS := -Wno-tsan -D_GNU_SOURCE -I$(ROOT)/guest-lib -DHPCAP_VERSION='"test"'
LIB_RAW    := $(addprefix guest-lib/,raw.c raw_sync.c stream.c ahead.c unpack.c frames.c)
LIB_IN     := $(addprefix guest-lib/,frames_in.c in_raw.c in_pcap.c in_pcapng.c in_iface.c)
LIB_ENC    := $(addprefix guest-lib/,frames_out.c out_pcapng.c pack.c)
LIB_PACK   := -lzstd -llz4
LIB_CONVERT := $(addprefix guest-lib/tools/,cli.c report.c source.c sink.c sink_disk.c sink_options.c convert.c \
	      convert_options.c tally.c merge.c merge_files.c) \
	      $(addprefix guest-lib/store/,blkq.c blkq_uring.c blkq_threads.c) \
	      $(addprefix guest-lib/,decap.c decap_tunnel.c) $(LIB_IN) $(LIB_ENC)
LIB_OUT    := $(addprefix guest-lib/,disk.c writer.c pcap.c)
LIB_PIPE   := $(addprefix guest-lib/,decap.c decap_tunnel.c writer.c disk.c) $(LIB_IN) $(LIB_ENC) \
	      $(addprefix guest-lib/tools/,pipe.c pipe_ring.c pipe_options.c sink.c sink_disk.c sink_options.c source.c report.c)
LIB_LIVE   := $(addprefix guest-lib/,open.c wait.c read.c span.c view.c bpf.c control.c compat.c err.c)
LIB_FAKE   := tests/unit/fake_dev.c tests/unit/fake_opts.c
LIB_WRAP   := -Wl,--wrap=open,--wrap=ioctl,--wrap=mmap,--wrap=ppoll
LIB_CTL    := $(addprefix guest-lib/tools/,cli.c queues.c ctl_queue.c ctl_buffer.c ctl_keep.c \
	      filter_text.c ctl_time.c)
LIB_TOOLS  := $(addprefix guest-lib/tools/,cli.c capture.c filter_text.c report.c)
LIB_GROUP  := $(addprefix guest-lib/,group.c group_order.c group_open.c memq.c merge.c) \
	      $(addprefix guest-lib/tools/,listen.c filter_text.c)
LIB_INDEX  := $(addprefix guest-lib/,crc32c.c flow.c index_write.c index_read.c)
LIB_STORE  := $(patsubst $(ROOT)/%,%,$(wildcard $(ROOT)/guest-lib/store/*.c))
LIB_DD     := $(addprefix guest-lib/tools/,dd_options.c dd_places.c dd_source.c feed.c dd_stdout.c dd_pin.c dd_show.c) \
	      $(LIB_STORE) $(LIB_GROUP)

TESTS += test_lib_raw test_lib_raw_random test_lib_writer test_lib_pcap test_lib_read test_lib_lossy \
	 test_lib_compat test_lib_files test_lib_capture test_lib_ctl \
	 test_lib_ahead

test_lib_raw_SRC := tests/unit/test_lib_raw.c tests/unit/raw_model.c $(LIB_RAW)
test_lib_raw_CFLAGS := $(LIB_CFLAGS)
test_lib_raw_LIBS := $(LIB_PACK)

test_lib_ahead_SRC := tests/unit/test_lib_ahead.c guest-lib/ahead.c
test_lib_ahead_CFLAGS := $(LIB_CFLAGS)
test_lib_ahead_LIBS := -Wl,--wrap=pread

test_lib_raw_random_SRC := tests/unit/test_lib_raw_random.c tests/unit/raw_model.c $(LIB_RAW)
test_lib_raw_random_CFLAGS := $(LIB_CFLAGS)
test_lib_raw_random_LIBS := $(LIB_PACK)

test_lib_writer_SRC := tests/unit/test_lib_writer.c tests/unit/raw_model.c $(LIB_RAW) $(LIB_OUT)
test_lib_writer_CFLAGS := $(LIB_CFLAGS)
test_lib_writer_LIBS := $(LIB_PACK)

test_lib_pcap_SRC := tests/unit/test_lib_pcap.c $(LIB_OUT) $(LIB_RAW)
test_lib_pcap_CFLAGS := $(LIB_CFLAGS)
test_lib_pcap_LIBS := $(LIB_PACK)

test_lib_read_SRC := tests/unit/test_lib_read.c $(LIB_FAKE) $(LIB_LIVE)
test_lib_read_CFLAGS := $(LIB_CFLAGS)
test_lib_read_LIBS := $(LIB_WRAP)

test_lib_lossy_SRC := tests/unit/test_lib_lossy.c $(LIB_FAKE) $(LIB_LIVE)
test_lib_lossy_CFLAGS := $(LIB_CFLAGS)
test_lib_lossy_LIBS := $(LIB_WRAP)

test_lib_compat_SRC := tests/unit/test_lib_compat.c $(LIB_FAKE) $(LIB_LIVE) $(LIB_RAW)
test_lib_compat_CFLAGS := $(LIB_CFLAGS)
test_lib_compat_LIBS := $(LIB_WRAP) $(LIB_PACK)

test_lib_files_SRC := tests/unit/test_lib_files.c tests/unit/raw_model.c tests/unit/run_raw2pcap.c \
	tests/unit/run_checkraw.c tests/unit/run_program.c guest-lib/err.c \
	guest-lib/tools/repair.c guest-lib/store/journal.c guest-lib/crc32c.c \
	$(LIB_CONVERT) $(LIB_RAW) $(LIB_OUT)
test_lib_files_CFLAGS := $(LIB_CFLAGS)
test_lib_files_LIBS := $(LIB_PACK) -luring
TSAN_TESTS += test_lib_files test_lib_ahead

test_lib_capture_SRC := $(sort tests/unit/test_lib_capture.c tests/unit/run_hpcapdd.c \
	tests/unit/run_hpcapdd_p.c tests/unit/run_program.c $(LIB_FAKE) $(LIB_TOOLS) $(LIB_RAW) \
	$(LIB_OUT) $(LIB_LIVE) $(LIB_DD) $(LIB_INDEX) $(LIB_PIPE))
test_lib_capture_CFLAGS := $(LIB_CFLAGS)
test_lib_capture_LIBS := $(LIB_WRAP) $(LIB_PACK) -luring -lnuma -lpcap

TESTS += test_lib_frames test_lib_foreign

test_lib_frames_SRC := tests/unit/test_lib_frames.c tests/unit/raw_model.c $(LIB_IN) $(LIB_ENC) $(LIB_RAW)
test_lib_frames_CFLAGS := $(LIB_CFLAGS)
test_lib_frames_LIBS := $(LIB_PACK)

test_lib_foreign_SRC := tests/unit/test_lib_foreign.c tests/unit/raw_model.c tests/unit/ng_model.c \
	$(LIB_IN) $(LIB_RAW)
test_lib_foreign_CFLAGS := $(LIB_CFLAGS)
test_lib_foreign_LIBS := $(LIB_PACK)

test_lib_ctl_SRC := tests/unit/test_lib_ctl.c tests/unit/run_hpcap_ctl.c tests/unit/run_program.c \
	$(LIB_FAKE) $(LIB_LIVE) $(LIB_CTL)
test_lib_ctl_CFLAGS := $(LIB_CFLAGS) -I$(ROOT)/guest-lib/tools
test_lib_ctl_LIBS := $(LIB_WRAP) -lpcap

TESTS += test_lib_view
test_lib_view_SRC := tests/unit/test_lib_view.c $(LIB_FAKE) $(LIB_LIVE)
test_lib_view_CFLAGS := $(LIB_CFLAGS)
test_lib_view_LIBS := $(LIB_WRAP) -lpcap

TSAN_TESTS += test_lib_view test_lib_read test_lib_lossy test_lib_compat

TESTS += test_lib_decap
test_lib_decap_SRC := tests/unit/test_lib_decap.c tests/unit/tunnel_model.c tests/unit/raw_model.c \
	guest-lib/decap.c guest-lib/decap_tunnel.c
test_lib_decap_CFLAGS := $(LIB_CFLAGS)

TESTS += test_pipe_ring
test_pipe_ring_SRC := tests/unit/test_pipe_ring.c tests/unit/raw_model.c guest-lib/tools/pipe_ring.c
test_pipe_ring_CFLAGS := $(LIB_CFLAGS)
TSAN_TESTS += test_pipe_ring

TESTS += test_lib_moved
test_lib_moved_SRC := tests/unit/test_lib_moved.c $(LIB_LIVE)
test_lib_moved_CFLAGS := $(LIB_CFLAGS)
test_lib_moved_LIBS := $(LIB_WRAP)
TSAN_TESTS += test_lib_moved
