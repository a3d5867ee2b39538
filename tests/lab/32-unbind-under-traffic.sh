#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The device is taken away, and the module unloaded, while frames arrive and
# programs listen: they learn it and end, nothing stays behind, nothing crashes.
# daily: 6.1 6.12 7.3
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
wire_start --pattern imix --dst "$STRANGER" --pps 1500

note "the module stays while a program has its device open"
NULL=1 listen holder
vm "$VM" rmmod hpcapvf 2>/dev/null && fail "rmmod under an open device"
listen_end holder

note "unbind with two listeners, three times"
for i in 1 2 3; do
	listen "s$i"
	NULL=1 listen "l$i" --lossy
	sleep 1
	vm_sh "$VM" 'echo $1 >/sys/bus/pci/drivers/hpcapvf/unbind' "$VF" || fail "unbind"
	for n in "s$i" "l$i"; do
		rc=$(bg_wait "$n" 20) || fail "$n does not notice that the device is gone"
		note "$n ends with $rc: $(grep -v schema "$SCRATCH/$n.log" | tail -n 1)"
		expect_ge "frames of $n" 500 "$(heard "$n" frames)"
	done
	fetch "s$i"
	whole "s$i"
	vm_sh "$VM" '[ ! -e /dev/hpcap_0_0 ]' || fail "the device file stayed"
	vf_bind "$VM" "$VF"
	vf_up "$VM" "$VF_IF"
done

note "rmmod under traffic"
vm "$VM" rmmod hpcapvf || fail "rmmod hpcapvf"
vm "$VM" rmmod hpcap_core || fail "rmmod hpcap_core"
modules_load "$VM"
vf_bind "$VM" "$VF"
vf_up "$VM" "$VF_IF"
wire_stop >/dev/null
listen after
before=$(settled)
send 500
expect "frames after all that" $((before + 500)) "$(settled)"
listen_end after
same_frames after
dmesg_check "$VM"
ok "$TEST"
