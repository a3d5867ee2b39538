# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the tests of probes with a whole PF share; sourced after ctl.sh.

VM_TIMEOUT=900

# driver ADDRESS: in the host VM.
driver() {
	host_sh 'basename "$(readlink /sys/bus/pci/devices/$1/driver)"' "$1"
}

# appliance_world: stock igb on the PF, libvirt; VMs' folders are in $SCRATCH/vms. Sets
# PF, PF_DRIVER, PROBE: how a probe p1 is deployed, but for its storage.
appliance_world() {
	rm -rf "$SCRATCH"
	mkdir -p "$SCRATCH"
	small_image
	PF=$(lab_var LAB_PF)
	host_sh 'modprobe igb && rm -rf /var/lib/hpcap && ln -s "$1" /var/lib/hpcap' "$VM_SCRATCH" ||
		fail "igb"
	at_exit host_sh 'virsh -q destroy p1; virsh -q undefine p1
		umount /var/tmp/home; mdadm -q --stop --scan; rm -f /var/lib/hpcap'
	"$LAB" probe libvirt || fail "no libvirt"
	PF_DRIVER=$(driver "$PF")
	PROBE=(deploy vnp p1 --nic "$PF" --image /src/build/small.qcow2
		--template /src/vm-templates/vnp.xml --vcpus 1 --memory 768M --hugepages off)
}

# has_frames N: the guest says so.
has_frames() {
	ctl --json show p1 && [ "$(asks .vm.guest.frames)" = "$1" ]
}

volume_is_back() {
	host /src/build/bin/hpcap-storage prepare -m /var/tmp/home "$@"
}

# fetch_volume NAME SERIAL...: what is on the host's volume again, to $SCRATCH/NAME.
fetch_volume() {
	local name=$1

	shift
	host_sh 'modprobe -a megaraid_sas nvme sd_mod raid0 xfs' || fail "drivers of the volumes"
	wait_for 30 volume_is_back "$@" || fail "no volume: $(volume_is_back "$@" 2>&1)"
	host cp -r /var/tmp/home "$VM_SCRATCH/$name" || fail "cp"
	host_sh 'umount /var/tmp/home; mdadm -q --stop --scan'
}
