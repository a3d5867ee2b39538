#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A strict listener that sleeps holds the ring: what is lost is counted as
# client_lost and nowhere else, and the sum is what was sent.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 1
NULL=1 listen slow
bg_signal "$VM" slow STOP
send 6000 --pattern 1000
settled >/dev/null
lost=$(stat rx_hpcap_client_lost_frames)
expect_ge "lost while it sleeps" 4000 "$lost"
for c in no_buffer nic_missed nic_error noclient_frames; do
	expect "$c" 0 "$(stat rx_hpcap_$c)"
done
adds_up 6000
bg_signal "$VM" slow CONT
sleep 2
send 500
settled >/dev/null
listen_end slow
expect "lost, as told to the listener" "$lost" "$(heard slow lost)"
expect "frames it got" $((6500 - lost)) "$(heard slow frames)"
adds_up 6500
dmesg_check "$VM"
ok "$TEST"
