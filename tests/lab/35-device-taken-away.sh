#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A program that maps a device's ring keeps that memory when the driver is
# unbound, and learns from poll, cursor page and errno that the device is gone.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 16
wire_start --pattern imix --dst "$STRANGER" --pps 1500
bg_start "$VM" unplug /src/build/bin/unplug /dev/hpcap_0_0
wait_for 20 grep -q ready "$SCRATCH/unplug.log" ||
	fail "unplug does not listen: $(cat "$SCRATCH/unplug.log")"
vm "$VM" rmmod hpcapvf 2>/dev/null && fail "rmmod while a program has the device open"
vm_sh "$VM" 'echo $1 >/sys/bus/pci/drivers/hpcapvf/unbind' "$VF" || fail "unbind"
rc=$(bg_wait unplug 30) || fail "unplug does not end: $(cat "$SCRATCH/unplug.log")"
expect "what it found wrong" 0 "$(grep -c '^FAIL' "$SCRATCH/unplug.log")"
expect "its exit status" 0 "$rc"
wire_stop >/dev/null
vm "$VM" rmmod hpcapvf || fail "rmmod hpcapvf"
vm "$VM" rmmod hpcap_core || fail "rmmod hpcap_core"
dmesg_check "$VM"
ok "$TEST"
