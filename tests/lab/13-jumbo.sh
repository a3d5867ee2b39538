#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Frames longer than one buffer come in chains; they must be stored whole.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
host ip link set "$PF_IF" mtu 9000 || fail "PF: mtu 9000"
at_exit host ip link set "$PF_IF" mtu 1500
wait_for "$LINK_WITHIN" pf_has_carrier || fail "PF: no link after mtu"
vm "$VM" ip link set "$VF_IF" mtu 9000 || fail "VF: mtu 9000"
wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "VF: no link after mtu"
for mtu in 67 9217 70000; do
	vm "$VM" ip link set "$VF_IF" mtu "$mtu" 2>/dev/null && fail "accepted mtu $mtu"
done

listen dd
send 3000 --pattern 60-9014 --pps 800
settled >/dev/null
listen_end dd
expect "frames stored" 3000 "$(heard dd frames)"
same_frames dd

note "multiples of the buffer size"
listen edge
for size in 2048 4096 6144 8192 2047 2049; do
	send 20 --pattern $size
	cp "$SCRATCH/sent.pcap" "$SCRATCH/$size.pcap"
done
settled >/dev/null
listen_end edge
expect "frames stored" 120 "$(heard edge frames)"
adds_up 3120
dmesg_check "$VM"
ok "$TEST"
