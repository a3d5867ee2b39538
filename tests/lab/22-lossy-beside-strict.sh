#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A lossy listener that sleeps can never hurt a strict one, and knows exactly
# how many frames it missed.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 1
listen strict
NULL=1 listen lossy --lossy
bg_signal "$VM" lossy STOP
send 5000 --pattern 1000 --pps 1000
settled >/dev/null
bg_signal "$VM" lossy CONT
sleep 2
listen_end lossy
listen_end strict
expect "frames of the strict one" 5000 "$(heard strict frames)"
same_frames strict
expect "lost frames" 0 "$(stat rx_hpcap_client_lost_frames)"
missed=$(heard lossy lost)
expect_ge "missed by the lossy one" 3000 "$missed"
expect "seen and missed" 5000 $((missed + $(heard lossy frames)))
adds_up 5000
dmesg_check "$VM"
ok "$TEST"
