#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Mode, MTU, ring size, and up and down are changed while frames arrive and a
# program listens; capture goes on after each.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
listen dd
wire_start --pattern imix --dst "$STRANGER" --pps 1500

# did WHAT: frames still arrive in the engine.
did() {
	local before

	wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "no link after $1"
	before=$(arrived)
	wait_for 10 more_than "$before" || fail "no frames after $1"
}

# shellcheck disable=SC2317	# called by wait_for
more_than() {
	[ "$(arrived)" -gt "$1" ]
}

for _ in 1 2 3 4 5; do
	capture_mode "$VM" "$VF_IF" off
	sleep 0.3
	capture_mode "$VM" "$VF_IF" on
done
did "switching modes"
expect_ge "frames to the stack meanwhile" 1 "$(stat rx_std_frames)"
for mtu in 1400 9000 68 1500; do
	vm "$VM" ip link set "$VF_IF" mtu $mtu || fail "mtu $mtu"
	sleep 0.3
done
did "changing the MTU"
for n in 80 1024 4096; do
	vm "$VM" ethtool -G "$VF_IF" rx $n || fail "ring of $n"
	sleep 0.3
done
vm "$VM" ethtool -G "$VF_IF" rx 8 2>/dev/null && fail "a ring of 8"
did "changing the ring"
for _ in 1 2 3; do
	vm "$VM" ip link set "$VF_IF" down || fail down
	vm "$VM" ip link set "$VF_IF" up || fail up
done
did "down and up"
vm "$VM" ip link set "$VF_IF" promisc on
vm "$VM" ip link set "$VF_IF" promisc off
vm "$VM" ip link set "$VF_IF" address 02:00:00:00:00:07 || fail address
did "promiscuity and another address"
wire_stop >/dev/null
total=$(settled)
before=$total
send 500
expect "frames at the end" $((before + 500)) "$(settled)"
listen_end dd
expect "frames stored" "$(stat rx_hpcap_captured_frames)" "$(heard dd frames)"
whole dd
adds_up $((total + 500))
dmesg_check "$VM"
ok "$TEST"
