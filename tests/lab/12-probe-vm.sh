#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The VF passed through to the probe VM: capture there, through resets on both
# sides of the mailbox that now runs between two kernels.
# needs: probe
# timeout: 600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
VM=probe
VM_TIMEOUT=${VM_TIMEOUT:-300}
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

# shellcheck disable=SC2317	# called by wait_for
more_resets() {
	[ "$(stat resets)" -gt "$1" ]
}

# goes_on WHAT RESETS: after more than RESETS resets 500 frames all arrive.
goes_on() {
	local before

	wait_for 30 more_resets "$2" || fail "no reset after $1"
	wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "no link after $1"
	before=$(arrived)
	send 500 --pps 1000
	expect "frames after $1" $((before + 500)) "$(settled)"
}

vf_world 64
listen dd
send 5000 --pps 1500
settled >/dev/null
listen_end dd
expect "frames stored" 5000 "$(heard dd frames)"
same_frames dd

NULL=1 listen stays
note "PF down and up"
r=$(stat resets)
host ip link set "$PF_IF" down
sleep 3
host ip link set "$PF_IF" up
wait_for "$LINK_WITHIN" pf_has_carrier || fail "PF: no link"
goes_on "PF down and up" "$r"

note "function-level reset inside the probe"
r=$(stat resets)
vm_sh "$VM" 'echo 1 >/sys/bus/pci/devices/$1/reset' "$VF" || fail "reset"
goes_on "a function-level reset" "$r"

note "unbind and unload under traffic"
wire_start --pattern imix --dst "$STRANGER" --pps 800
sleep 1
vm_sh "$VM" 'echo $1 >/sys/bus/pci/drivers/hpcapvf/unbind' "$VF" || fail "unbind"
bg_wait stays 20 >/dev/null || fail "the listener does not notice"
vf_bind "$VM" "$VF"
vf_up "$VM" "$VF_IF"
vm "$VM" rmmod hpcapvf || fail "rmmod"
wire_stop >/dev/null
dmesg_check "$VM"
dmesg_check host
ok "$TEST"
