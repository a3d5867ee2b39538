#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl with real libvirt, vfio and hpcap_pf: a probe and an agent get a VF and give it
# back; the mirror is a lease of the kernel; QEMU killed, libvirtd killed, hpcapctl killed.
# The guest is a kernel without a disk: what it says is the unit tests' business.
# storey: pf
# kernels: 6.12
# timeout: 300
# daily:
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

CTL=/src/build/bin/hpcapctl
VMS=/var/lib/hpcap/vms

ctl() {
	host $CTL "$@" >"$SCRATCH/ctl.out" 2>"$SCRATCH/ctl.err"
}

ctl_ok() {
	ctl "$@" || fail "hpcapctl $*: $(cat "$SCRATCH/ctl.err")"
}

# asks JQ-FILTER: of what it printed.
asks() {
	tool jq -r "$1" "$SCRATCH/ctl.out"
}

# ctl_fails STATUS WORDS ARGUMENTS...
ctl_fails() {
	local want=$1 words=$2

	shift 2
	ctl "$@"
	expect "exit status of hpcapctl $*" "$want" $?
	grep -qE -- "$words" "$SCRATCH/ctl.err" || fail "hpcapctl $*: says $(cat "$SCRATCH/ctl.err")"
}

# driver_of N: of VF N, "" for none.
driver_of() {
	host_sh 'd=/sys/bus/pci/devices/$1/driver; [ ! -e $d ] || basename "$(readlink $d)"' \
		"$(vf_addr "$1")"
}

mirrors() {
	ctl_ok --json mirror list
	asks '[.mirrors[] | "\(.owner) \(.source_vfs[0]) \(.target_vfs[0])"] | join(",")'
}

vf_is_back() {
	[ -z "$(driver_of 1)" ] && [ "$(vf_info 1 address)" = 00:00:00:00:00:00 ]
}

# nothing WHEN: no VM, no folder, no mirror, the VF free.
nothing() {
	wait_for 30 vf_is_back || fail "VF 1 $1: driver $(driver_of 1), address $(vf_info 1 address)"
	expect "domains $1" "" "$(host virsh -q list --name | xargs)"
	expect "folders $1" "" "$(host ls $VMS)"
	expect "mirrors $1" "" "$(mirrors)"
}

pf_world
at_exit host_sh 'for d in $(virsh -q list --all --name); do virsh -q destroy $d; virsh -q undefine $d; done
	rm -rf /var/lib/hpcap'
ctl_ok vf create "$PF_IF" 3
"$LAB" probe libvirt >"$SCRATCH/libvirt.log" 2>&1 || fail "libvirt: $(tail -n 3 "$SCRATCH/libvirt.log")"
light=(--template /src/tests/lab/light.xml --set "KERNEL=/boot/vmlinuz-$(host uname -r)"
	--vcpus 1 --memory 256M --detach)

note "a tenant that has VF 0"
IFS=:. read -r d b s f <<<"$(vf_addr 0)"
cat >"$SCRATCH/web1.xml" <<-END
	<domain type='qemu'><name>web1</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
	<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
	<interface type='hostdev' managed='yes'><mac address='52:54:00:aa:00:01'/>
	<source><address type='pci' domain='0x$d' bus='0x$b' slot='0x$s' function='0x$f'/></source>
	</interface></devices></domain>
END
host virsh -q define "$VM_SCRATCH/web1.xml" || fail "no tenant"

note "deploy vnp, and its end"
ctl_ok --json deploy vnp p1 --nic "vf:$PF_IF" --storage none "${light[@]}"
expect "state" running "$(asks .vm.state)"
expect "driver of VF 1" vfio-pci "$(driver_of 1)"
mac=$(host_sh 'grep -aoE "capture_mac=[0-9a-f:]+" $1/p1/seed.iso | cut -d= -f2' $VMS)
expect "address of VF 1" "$mac" "$(vf_info 1 address)"
host_sh 'modprobe loop && modprobe isofs && mkdir -p /mnt/seed && mount -o loop,ro $1/p1/seed.iso /mnt/seed && cat /mnt/seed/hpcap.conf &&
	ls /mnt/seed && umount /mnt/seed' $VMS >"$SCRATCH/seed" || fail "the config disk cannot be mounted"
grep -qx 'role=vnp' "$SCRATCH/seed" || fail "config disk: $(cat "$SCRATCH/seed")"
grep -qx 'user-data' "$SCRATCH/seed" || fail "config disk: $(cat "$SCRATCH/seed")"
ctl_ok deploy vnp p1 --nic "vf:$PF_IF" --storage none "${light[@]}"
ctl_fails 3 "belongs to domain p1" deploy vnp p2 --nic "$(vf_addr 1)" --storage none "${light[@]}"
ctl_fails 3 "has 3 VFs" deploy vnp p2 --nic "$PF" --storage none "${light[@]}"
ctl_ok destroy p1
nothing "after destroy"

note "run vnma: its QEMU killed, then hpcapctl gc"
ctl_ok run vnma a1 --tenant web1 --ttl 1h --reason INC-42 "${light[@]}"
expect "mirrors" "vnma:a1 0 1" "$(mirrors)"
host_sh 'kill -9 $(cat /run/libvirt/qemu/a1.pid)' || fail "no process of the agent"
wait_for 30 vf_is_back || fail "the VF of a killed agent is not given back"
ctl_ok --json gc
expect "leftovers" "folder INC-42" "$(asks '.leftovers[0] | "\(.kind) \(.reason)"')"
nothing "after gc"

note "libvirtd killed and started again; extend; the mirror ends by itself"
ctl_ok run vnma a1 --tenant web1 --ttl 1h "${light[@]}"
host_sh 'kill -9 $(cat /run/libvirtd.pid); sleep 1; libvirtd -d </dev/null >/dev/null 2>&1' ||
	fail "libvirtd does not start again"
is_there() {
	ctl --json show a1 && [ "$(asks .vm.state)" = running ]
}
wait_for 30 is_there || fail "a1 after a restart of libvirtd: $(cat "$SCRATCH/ctl.err")"
ctl_ok extend a1 --ttl 2s
no_mirror() {
	[ -z "$(mirrors)" ]
}
wait_for 20 no_mirror || fail "the mirror outlives its time: $(mirrors)"
ctl_ok destroy a1
nothing "after its end"
dmesg_check host
ok
