#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames on the wire are the frames stored: the driver's receive path as such.
# daily: 6.1 6.12 7.3
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
listen dd
send 10000
settled >/dev/null
listen_end dd
expect "frames stored" 10000 "$(heard dd frames)"
same_frames dd
adds_up 10000
expect "frames the chip counted" 10000 "$(stat hw_rx_frames)"

note "without a listener frames are counted, not lost silently"
send 500
settled >/dev/null
expect noclient 500 "$(stat rx_hpcap_noclient_frames)"
adds_up 10500

note "multicast that the PF lets through"
listen mc
send 500 --dst "$GROUP"
settled >/dev/null
listen_end mc
same_frames mc
dmesg_check "$VM"
ok "$TEST"
