#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong around a probe with a whole PF and a RAID controller: hpcapctl killed
# while it makes the VM and while it waits; libvirtd killed and started again; the PF,
# which is vfio-pci's now, reset by the host; the guest crashed. The probe captures on,
# files that were closed stay whole, and the devices come back to their drivers.
# topology: nic-raid
# kernels: 6.12
# daily: none
# timeout: 1500
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/ctl.sh
. "${0%/*}/ctl.sh"
# shellcheck source=tests/lab/appliance.sh
. "${0%/*}/appliance.sh"

LOST=52:54:00:00:00:55	# destination of frames that a crash may take

# all_of N: the guest says that it has these, or fail.
all_of() {
	wait_for 180 has_frames "$1" || fail "$1 frames: it says $(cat "$SCRATCH/ctl.out")"
}

# sends N SEED: frames that have to be there in the end.
sends() {
	send "$1" --pps 1000 --seed "$2"
	mv "$SCRATCH/sent.pcap" "$SCRATCH/sent$2.pcap"
}

# its_devices WHEN
its_devices() {
	expect "driver of the PF $1" vfio-pci "$(driver "$PF")"
	expect "driver of the RAID controller $1" vfio-pci "$(driver "$raid")"
	expect "state $1" running "$(state p1)"
}

has_folder() {
	host test -e "$VMS/p1/label"
}

# captures_again N: it has begun so often, and hpcapctl says that it does.
captures_again() {
	[ "$(grep -c 'capturing on' "$SCRATCH/vms/p1/share/log")" = "$1" ] && ctl --json show p1 &&
		[ "$(asks .vm.guest.state)" = capturing ]
}

# closed: files that the volume's journal tells of.
closed() {
	sed -n 's/.*"file": "\([A-Za-z0-9._/-]*\)".*/\1/p' "$SCRATCH/raid/hpcap.journal"
}

appliance_world
raid=$(lab_var LAB_RAID)
raid_driver=$(driver "$raid")
probe=("${PROBE[@]}" --storage "raid:$raid" --rotate 5s --file-size 16M)

note "hpcapctl killed while it makes the VM, and while it waits; called again"
bg_start host early $CTL "${probe[@]}" --wait 14m
wait_for 60 has_folder || fail "no folder: $(cat "$SCRATCH/early.log")"
bg_signal host early KILL
bg_start host late $CTL "${probe[@]}" --wait 14m
wait_for 300 is_running p1 || fail "p1: $(cat "$SCRATCH/late.log")"
bg_signal host late KILL
ctl "${probe[@]}" --wait 14m ||
	fail "deploy: $(cat "$SCRATCH/ctl.err"; tail -n 5 "$SCRATCH/vms/p1/console.log")"
note "captures after $SECONDS s"
its_devices "after the deployment"
sends 2000 1
all_of 2000

note "what would take its devices from it is refused"
ctl_fails 3 "$PF belongs to domain p1" deploy vnp p2 --nic "$PF" --storage none --detach
ctl_fails 3 "$PF belongs to domain p1" vf create "$PF" 2

note "libvirtd killed and started again"
host_sh 'kill -9 $(cat /run/libvirtd.pid); sleep 1; libvirtd -d </dev/null >/dev/null 2>&1' ||
	fail "libvirtd does not start again"
wait_for 120 is_running p1 || fail "p1 is gone with libvirtd: $(state p1)"

note "the PF reset by the host, which the guest is not told"
host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$PF" || fail "no reset of the PF"
its_devices "after a reset of the PF"
sleep 10
sends 2000 2
all_of 4000

note "the guest crashes while it captures, and starts anew"
sleep 12
send 500 --pps 1000 --dst $LOST
host virsh -q reset p1 || fail "no crash"
wait_for 600 captures_again 2 || fail "after the crash: $(tail -n 5 "$SCRATCH/vms/p1/console.log")"
its_devices "after the crash"
sends 2000 3
all_of 2000

note "destroy: its devices come back; all is on the volumes, but for what the crash took"
ctl_ok destroy p1 --wait 5m
expect "driver of the PF" "$PF_DRIVER" "$(driver "$PF")"
expect "driver of the RAID controller" "$raid_driver" "$(driver "$raid")"
expect "domains" "" "$(host virsh -q list --all --name | xargs)"
expect "folders" "" "$(host ls $VMS)"
fetch_volume raid HPCAP-RAID-0 HPCAP-RAID-1
mapfile -t files < <(closed)
expect_ge "closed files" 3 "${#files[@]}"
tool checkraw -q "${files[@]/#/$SCRATCH/raid/}" || fail "a closed file is damaged"
mapfile -t files < <(find "$SCRATCH/raid" -name '*.raw' | sort)
tool checkraw -q --repair "${files[@]}" >"$SCRATCH/repair.log" 2>&1 ||
	fail "not repaired: $(tail -n 2 "$SCRATCH/repair.log")"
tool raw2pcap -q "${files[@]}" "$SCRATCH/all.pcap" || fail "raw2pcap"
host tcpdump -r "$VM_SCRATCH/all.pcap" -w "$VM_SCRATCH/got.pcap" "not ether dst $LOST" 2>/dev/null ||
	fail "tcpdump"
host mergecap -a -F pcap -w "$VM_SCRATCH/sent.pcap" "$VM_SCRATCH"/sent{1,2,3}.pcap || fail "mergecap"
tool pcapcmp "$SCRATCH/sent.pcap" "$SCRATCH/got.pcap" || fail "other frames than those sent"
dmesg_check host
ok "$TEST"
