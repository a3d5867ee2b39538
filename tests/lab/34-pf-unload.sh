#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The PF's driver goes away while the VF captures in the same machine: the VF
# vanishes with it, listeners learn it; with the PF the VF comes back.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
listen dd
wire_start --pattern imix --dst "$STRANGER" --pps 1000
sleep 2
pf_down || fail "cannot unload igb"
rc=$(bg_wait dd 20) || fail "the listener does not notice"
note "listener ends with $rc: $(grep -v schema "$SCRATCH/dd.log" | tail -n 1)"
wire_signal INT
fetch dd
whole dd
expect_ge "frames before the end" 500 "$(heard dd frames)"
vm_sh "$VM" '[ ! -e /dev/hpcap_0_0 ]' || fail "the device file stayed"

note "the PF comes back"
pf_up 1
pf_open "$GROUP"
VF=$(vf_addr 0)
vf_bind "$VM" "$VF"
vf_up "$VM" "$VF_IF"
listen again
send 500
settled >/dev/null
listen_end again
same_frames again

note "a PF that is down does not keep the VF from being bound"
vf_unbind "$VM" "$VF"
host ip link set "$PF_IF" down
sleep 1
vf_bind "$VM" "$VF"
vm "$VM" ip link set "$VF_IF" up || fail "up without a PF"
listen early
sleep 2
host ip link set "$PF_IF" up
wait_for "$LINK_WITHIN" pf_has_carrier || fail "PF: no link"
wait_for "$LINK_WITHIN" vf_has_carrier "$VM" "$VF_IF" || fail "VF: no link after the PF came"
send 500
settled >/dev/null
listen_end early
same_frames early
dmesg_check "$VM"
ok "$TEST"
