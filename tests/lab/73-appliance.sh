#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl deploys a probe of the small image with a whole PF and a RAID controller: it
# captures what comes over the wire onto a RAID-0 of the controller's volumes; when it
# is destroyed the devices come back, and the volume holds what was sent.
# topology: storage
# kernels: 6.12
# daily: none
# timeout: 1100
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

CTL=/src/build/bin/hpcapctl
VM_TIMEOUT=900

ctl_ok() {
	host $CTL "$@" >"$SCRATCH/ctl.out" 2>"$SCRATCH/ctl.err" ||
		fail "hpcapctl $1: status $?: $(cat "$SCRATCH/ctl.err" "$SCRATCH/vms/p1/console.log" 2>/dev/null | tail -n 5)"
}

# driver ADDRESS: in the host VM.
driver() {
	host_sh 'basename "$(readlink /sys/bus/pci/devices/$1/driver)"' "$1"
}

mkdir -p "$SCRATCH"
[ -e "$TOP/build/small.qcow2" ] || "$TOP/vm-templates/image/build" --small "$TOP/build/small.qcow2" ||
	fail "the image is not built"
pf=$(lab_var LAB_PF)
host_sh 'modprobe igb && ln -sfn "$1" /var/lib/hpcap' "$VM_SCRATCH" || fail "igb"
at_exit host_sh 'virsh -q destroy p1; virsh -q undefine p1'
"$LAB" probe libvirt || fail "no libvirt"
was=$(driver "$pf")
tool framegen --frames 4000 -o "$SCRATCH/sent.pcap" || fail "framegen"

has_all() {
	ctl_ok --json show p1
	[ "$(tool jq .vm.guest.frames "$SCRATCH/ctl.out")" = 4000 ]
}

volume_is_back() {
	host /src/build/bin/hpcap-storage prepare -m /var/tmp/home "$@"
}

# probe_with KIND ADDRESS SERIAL...: a probe that stores on what that controller has.
probe_with() {
	local kind=$1 address=$2 files driver

	shift 2
	driver=$(driver "$address")
	note "$kind: up and capturing"
	ctl_ok deploy vnp p1 --nic "$pf" --storage "$kind:$address" --image /src/build/small.qcow2 \
		--template /src/vm-templates/vnp.xml --vcpus 1 --memory 768M --hugepages off --wait 14m
	note "captures after $SECONDS s"
	expect "driver of the $kind controller" vfio-pci "$(driver "$address")"
	wire_send --quiet --pcap "$SCRATCH/sent.pcap" --pps 1000 || fail "wire: cannot send"
	wait_for 60 has_all || fail "it says: $(cat "$SCRATCH/ctl.out")"

	note "destroy: its devices come back; its files are on the controller's volumes"
	ctl_ok destroy p1 --wait 5m
	expect "driver of the PF" "$was" "$(driver "$pf")"
	expect "driver of the $kind controller" "$driver" "$(driver "$address")"
	host_sh 'modprobe -a megaraid_sas nvme sd_mod raid0 xfs' || fail "drivers of the volumes"
	wait_for 30 volume_is_back "$@" || fail "no volume: $(volume_is_back "$@" 2>&1)"
	host cp -r /var/tmp/home "$VM_SCRATCH/$kind" || fail "cp"
	host_sh 'umount /var/tmp/home; mdadm -q --stop --scan'
	mapfile -t files < <(find "$SCRATCH/$kind" -name '*.raw')
	expect_ge "files" 1 "${#files[@]}"
	tool raw2pcap -q "${files[@]}" "$SCRATCH/got.pcap" || fail "raw2pcap"
	tool pcapcmp "$SCRATCH/sent.pcap" "$SCRATCH/got.pcap" || fail "other frames than those sent"
	expect "domains" "" "$(host virsh -q list --all --name | xargs)"
}

at_exit host_sh 'umount /var/tmp/home; mdadm -q --stop --scan'
probe_with raid "$(lab_var LAB_RAID)" HPCAP-RAID-0 HPCAP-RAID-1
probe_with nvme "$(lab_var LAB_NVME)" HPCAP-NVME
dmesg_check host
ok "$TEST"
