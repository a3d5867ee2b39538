#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl deploys a probe of the small image with a VF and a disk of the host. While it
# captures, hpcapctl is killed, libvirtd is killed and started again, and the PF is reset:
# what was sent before and after is on the disk, frame by frame, and nothing else.
# Files that are closed come home while it goes on, and are the same as on the disk.
# storey: pf
# topology: nic-disk
# kernels: 6.1 6.12
# daily:
# timeout: 1800
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/ctl.sh
. "${0%/*}/ctl.sh"

VM_TIMEOUT=900

# has_frames N: the guest says so.
has_frames() {
	ctl --json show p1 && [ "$(asks .vm.guest.frames)" = "$1" ]
}

# all_of N: until then, or fail.
all_of() {
	wait_for 180 has_frames "$1" || fail "$1 frames: it says $(cat "$SCRATCH/ctl.out")"
}

# first_is_home: what is collected from the probe, which runs, is what was sent first.
first_is_home() {
	ctl --json collect p1 --to "$VM_SCRATCH/early" || return 1
	mapfile -t files < <(find "$SCRATCH/early" -name '*.raw' | sort)
	[ ${#files[@]} -gt 0 ] && tool checkraw -q "${files[@]}" &&
		rm -f "$SCRATCH/early.pcap" &&
		tool raw2pcap -q "${files[@]}" "$SCRATCH/early.pcap" &&
		tool pcapcmp "$SCRATCH/first.pcap" "$SCRATCH/early.pcap" >"$SCRATCH/early.cmp" 2>&1
}

small_image
ctl_world 1
disk=$(lab_var LAB_DISK)
host_sh 'modprobe virtio_blk
	for i in 1 2 3 4 5 6 7 8 9 10; do [ -b "$1" ] && break; sleep 0.5; done
	[ -b "$1" ] && dd if=/dev/zero of="$1" bs=1M count=4 2>/dev/null' "$disk" ||
	fail "$disk is not emptied"
deploy=(deploy vnp p1 --nic "vf:$PF_IF" --storage "disk:$disk" --image /src/build/small.qcow2
	--template /src/vm-templates/vnp.xml --vcpus 1 --memory 768M --hugepages off
	--rotate 5s --file-size 64M)

# a folder without extended attributes, which this kernel's RAM disk may be
if host_sh 'umount /var/lib/hpcap; case $(uname -r) in 6.1.*) ;; *) exit 1 ;; esac'; then
	ctl_fails 5 "no extended attributes of users" "${deploy[@]}" --detach
	expect "what that left" "" "$(host_sh 'virsh -q list --all --name; ls $1' $VMS | xargs)"
fi
ctl_room

note "hpcapctl killed while it waits, and called again"
bg_start host deploy $CTL "${deploy[@]}" --wait 14m
wait_for 300 is_running p1 || fail "p1: $(cat "$SCRATCH/deploy.log")"
bg_signal host deploy KILL
ctl "${deploy[@]}" --wait 14m ||
	fail "deploy: $(cat "$SCRATCH/ctl.err"; host tail -n 5 $VMS/p1/console.log)"
note "captures after $SECONDS s"
ctl_fails 3 "$disk belongs to domain p1" deploy vnp p2 --nic "vf:$PF_IF" --storage "disk:$disk" --detach
mac=$(vf_info 0 address)
send 2000 --dst "$mac" --pps 1000
cp "$SCRATCH/sent.pcap" "$SCRATCH/first.pcap"
all_of 2000

note "its closed files come home while it captures"
wait_for 120 first_is_home || fail "not home: $(find "$SCRATCH/early" -type f -exec ls -l {} +;
	cat "$SCRATCH/early.cmp" "$SCRATCH/ctl.err")"
ctl_ok --json show p1
expect "what it does meanwhile" "capturing 2000" "$(asks '.vm.guest | "\(.state) \(.frames)"')"

note "libvirtd killed and started again, the PF reset"
host_sh 'kill -9 $(cat /run/libvirtd.pid); sleep 1; libvirtd -d </dev/null >/dev/null 2>&1' ||
	fail "libvirtd does not start again"
host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$PF" || fail "no reset of the PF"
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after a reset of the PF"
expect "address of the VF after it" "$mac" "$(vf_info 0 address)"
# the guest looks for its link every two seconds
sleep 10
send 2000 --dst "$mac" --pps 1000 --seed 2
all_of 4000

note "destroy: the VF is back, and the disk holds what was sent"
ctl_ok destroy p1 --wait 5m
nothing 0 "after destroy"
host_sh 'modprobe xfs && mkdir -p /var/tmp/home && mount -o ro "$1" /var/tmp/home' "$disk" ||
	fail "the disk cannot be mounted"
at_exit host umount /var/tmp/home
host cp -r /var/tmp/home "$VM_SCRATCH/home" || fail "cp"
mapfile -t files < <(find "$SCRATCH/home" -name '*.raw' | sort)
expect_ge "files" 2 "${#files[@]}"
(cd "$SCRATCH/early" && find . -name '*.raw') >"$SCRATCH/early.list"
expect_ge "files that came home before" 1 "$(wc -l <"$SCRATCH/early.list")"
while read -r file; do
	cmp "$SCRATCH/early/$file" "$SCRATCH/home/$file" || fail "$file came home otherwise"
done <"$SCRATCH/early.list"
tool raw2pcap -q "${files[@]}" "$SCRATCH/got.pcap" || fail "raw2pcap"
host mergecap -a -F pcap -w "$VM_SCRATCH/all.pcap" "$VM_SCRATCH/first.pcap" "$VM_SCRATCH/sent.pcap" ||
	fail "mergecap"
tool pcapcmp "$SCRATCH/all.pcap" "$SCRATCH/got.pcap" || fail "other frames than those sent"
dmesg_check host
ok
