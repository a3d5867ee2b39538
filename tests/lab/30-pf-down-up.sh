#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The PF goes down, comes up, and is reset; each time the VF comes back by
# itself and the listeners that were there go on, with whole records only.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

# shellcheck disable=SC2317	# called by wait_for
vf_no_carrier() {
	! vf_has_carrier "$VM" "$VF_IF"
}

back() {
	wait_for "$LINK_WITHIN" pf_has_carrier || fail "PF: no link after $1"
	wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "VF: no link after $1"
	# carrier may be that of before: wait for the reset that follows
	wait_for 10 more_resets "$2" || fail "VF: no reset after $1"
	wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "VF: no link after $1"
}

# shellcheck disable=SC2317	# called by wait_for
more_resets() {
	[ "$(stat resets)" -gt "$1" ]
}

# goes_on NAME: 500 frames arrive, all of them.
goes_on() {
	local before

	before=$(arrived)
	send 500
	expect "frames after $1" $((before + 500)) "$(settled)"
	total=$((total + 500))
}

vf_world 64
total=0
listen dd
goes_on start

note "PF down and up"
r=$(stat resets)
host ip link set "$PF_IF" down
wait_for 10 vf_no_carrier || fail "VF has a carrier while the PF is down"
sleep 2
host ip link set "$PF_IF" up
back "PF up" "$r"
goes_on "PF up"

note "PF reset under traffic"
r=$(stat resets)
wire_start --pattern imix --dst "$STRANGER" --pps 1000
sleep 1
host ethtool -r "$PF_IF" || fail "ethtool -r"
back "PF reset" "$r"
sleep 2
wire_stop >/dev/null
total=$(settled)
goes_on "PF reset"

listen_end dd
expect "frames stored" "$(stat rx_hpcap_captured_frames)" "$(heard dd frames)"
expect "frames lost" 0 "$(heard dd lost)"
whole dd
adds_up "$total"
dmesg_check "$VM"
dmesg_check host
ok "$TEST"
