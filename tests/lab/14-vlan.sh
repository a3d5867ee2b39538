#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# 802.1Q tags: the PF takes them out of the frame, the record has them again.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
vm_sh "$VM" 'modprobe 8021q; ip link add link $1 name v5 type vlan id 5 &&
	ip link add link $1 name v100 type vlan id 100' "$VF_IF" || fail "cannot add VLANs"
listen dd
send 1000 --vlan 5
send 1000 --vlan 100 --dst "$GROUP"
settled >/dev/null
listen_end dd
expect "frames stored" 2000 "$(heard dd frames)"

note "tags in place, one listener for each VID"
for vid in 5 100; do
	listen "v$vid"
	send 500 --vlan "$vid"
	settled >/dev/null
	listen_end "v$vid"
	same_frames "v$vid"
done

note "after a reset of the VF the PF still lets both in"
host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$VF" || fail "reset"
wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "no link after reset"
listen after
send 500 --vlan 100
settled >/dev/null
listen_end after
same_frames after

note "a VID given back is let in no more"
vm "$VM" ip link del v5
before=$(arrived)
send 200 --vlan 5
expect "frames of a VID nobody wants" "$before" "$(settled)"
dmesg_check "$VM"
ok "$TEST"
