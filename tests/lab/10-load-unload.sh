#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The modules load and unload any number of times, take no device that they
# were not told to take, and leave nothing behind.
# daily: 6.1 6.12 7.3
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
vf_clear
expect "device files after unload" 0 "$(vm_sh "$VM" 'ls /dev | grep -c ^hpcap')"

note "nothing is taken without being told"
vm_sh "$VM" 'echo >/sys/bus/pci/devices/$1/driver_override' "$VF"
modules_load "$VM"
expect "devices bound by loading" 0 \
	"$(vm_sh "$VM" 'ls -d /sys/bus/pci/drivers/hpcapvf/*:* 2>/dev/null | wc -l')"
[ -z "$(vm "$VM" modinfo -F alias "/src/build/kmod-$(vm_krel "$VM")/vf-driver/hpcapvf.ko")" ] ||
	fail "a module alias would load hpcapvf for every VF"
vm "$VM" rmmod hpcapvf || fail "rmmod"

note "a list of ids takes free devices"
autoprobe=/sys/bus/pci/devices/$PF/sriov_drivers_autoprobe
host_sh 'echo 1 >$1' "$autoprobe"
at_exit host_sh 'echo 0 >$1' "$autoprobe"
f=/src/build/kmod-$(vm_krel "$VM")/vf-driver/hpcapvf.ko
vm "$VM" insmod "$f" ids=8086:10ca || fail "insmod with ids"
vm_sh "$VM" '[ -d /sys/bus/pci/drivers/hpcapvf/$1 ]' "$VF" || fail "ids did not bind $VF"
vm "$VM" rmmod hpcapvf || fail "rmmod"

note "bad parameters are refused"
for p in ids=nonsense ids=8086 mode=both rx_ring=79 rx_ring=4104; do
	vm "$VM" insmod "$f" "$p" 2>/dev/null && fail "accepted $p"
done

note "ten times"
vm_sh "$VM" 'for i in 1 2 3 4 5 6 7 8 9 10; do
	insmod $1 ids=8086:10ca || exit 1
	ip link set $(ls /sys/bus/pci/devices/$2/net) up || exit 2
	rmmod hpcapvf || exit 3
done' "$f" "$VF" || fail "load and unload: step $?"
dmesg_check "$VM"
ok "$TEST"
