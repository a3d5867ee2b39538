#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A function-level reset of the VF under traffic: capture goes on with the same
# listeners, with whole records only.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
listen dd
wire_start --pattern imix --dst "$STRANGER" --pps 1500
for _ in 1 2 3 4; do
	vm_sh "$VM" 'echo 1 >/sys/bus/pci/devices/$1/reset' "$VF" || fail "reset"
	sleep 2
done
wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "no link after reset"
wire_stop >/dev/null
before=$(settled)
send 1000
expect "frames after the resets" $((before + 1000)) "$(settled)"
listen_end dd
expect "frames stored" $((before + 1000)) "$(heard dd frames)"
expect "frames lost" 0 "$(heard dd lost)"
whole dd
expect_ge resets 4 "$(stat resets)"
adds_up $((before + 1000))
dmesg_check "$VM"
ok "$TEST"
