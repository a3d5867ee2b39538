# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the tests of hpcapctl in the lab share; sourced after pf.sh. Output of the last
# call is in $SCRATCH/ctl.out, its errors in $SCRATCH/ctl.err.

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

# ctl_room: a file system for what VMs have on the host. It must keep extended attributes
# for their shares, which the RAM disk of the host VM does from Linux 6.6 on.
ctl_room() {
	host_sh 'modprobe -a loop ext4
		truncate -s 512M /var/tmp/hpcap.img && mkfs.ext4 -q -F /var/tmp/hpcap.img &&
		mkdir -p /var/lib/hpcap && mount -o loop /var/tmp/hpcap.img /var/lib/hpcap &&
		rmdir /var/lib/hpcap/lost+found' || fail "no file system at /var/lib/hpcap"
}

# ctl_world VFS: hpcap_pf with so many VFs, libvirt; what is left of VMs goes at the end.
ctl_world() {
	pf_world
	at_exit host_sh 'for d in $(virsh -q list --all --name); do
			virsh -q destroy $d; virsh -q undefine $d
		done
		umount /var/lib/hpcap; rm -rf /var/lib/hpcap /var/tmp/hpcap.img'
	ctl_room
	ctl_ok vf create "$PF_IF" "$1"
	"$LAB" probe libvirt >"$SCRATCH/libvirt.log" 2>&1 ||
		fail "libvirt: $(tail -n 3 "$SCRATCH/libvirt.log")"
	LIGHT=(--template /src/tests/lab/light.xml --set "KERNEL=/boot/vmlinuz-$(host uname -r)"
		--vcpus 1 --memory 256M --detach)
	# neither finds a root file system: one stands there, one falls over
	STAYS=(--set "WORDS=quiet panic=0")
	CRASHES=(--set "WORDS=quiet acpi=off pci=off panic=1 reboot=k")
}

# tenant_xml NAME VF: a domain with that VF and a bare kernel, defined, not started.
tenant_xml() {
	local d b s f

	IFS=:. read -r d b s f <<<"$(vf_addr "$2")"
	cat >"$SCRATCH/$1.xml" <<-END
		<domain type='$(host_sh '[ -c /dev/kvm ] && echo kvm || echo qemu')'>
		<name>$1</name><memory unit='MiB'>160</memory><vcpu>1</vcpu>
		<os><type arch='x86_64' machine='q35'>hvm</type>
		<kernel>/boot/vmlinuz-$(host uname -r)</kernel><cmdline>quiet panic=0</cmdline></os>
		<features><acpi/><apic/></features><on_reboot>destroy</on_reboot><devices>
		<interface type='hostdev' managed='yes'><mac address='52:54:00:aa:00:0$2'/>
		<source><address type='pci' domain='0x$d' bus='0x$b' slot='0x$s' function='0x$f'/></source>
		</interface><memballoon model='none'/></devices></domain>
	END
	host virsh -q define "$VM_SCRATCH/$1.xml" || fail "no tenant $1"
}

# driver_of N: of VF N, "" for none.
driver_of() {
	host_sh 'd=/sys/bus/pci/devices/$1/driver; [ ! -e $d ] || basename "$(readlink $d)"' \
		"$(vf_addr "$1")"
}

# mirrors: of agents, as OWNER SOURCES TARGETS.
mirrors() {
	ctl_ok --json mirror list
	asks '[.mirrors[] | "\(.owner) \(.source_vfs | join("+")) \(.target_vfs[0])"] | join(",")'
}

mirrors_are() {
	[ "$(mirrors)" = "$1" ]
}

# vf_is_back N: it has no driver and nothing that was set for a VM.
vf_is_back() {
	[ -z "$(driver_of "$1")" ] && [ "$(vf_info "$1" address)" = 00:00:00:00:00:00 ] &&
		[ -z "$(vf_info "$1" vlan)" ] && [ "$(vf_info "$1" trust)" = false ]
}

# nothing N WHEN: no VM but tenants, no folder, no mirror, VF N free.
nothing() {
	wait_for 90 vf_is_back "$1" || fail "VF $1 $2: driver $(driver_of "$1")," \
		"address $(vf_info "$1" address), VLAN $(vf_info "$1" vlan), trust $(vf_info "$1" trust)"
	expect "domains $2" "" "$(host virsh -q list --all --name | grep -v '^web' | xargs)"
	expect "folders $2" "" "$(host ls $VMS)"
	expect "mirrors $2" "" "$(mirrors)"
}

# state NAME: as hpcapctl says; is_running NAME
state() {
	! ctl --json show "$1" || asks .vm.state
}

is_running() {
	[ "$(state "$1")" = running ]
}

# small_image: the lab's small guest as a disk, with what is built now.
small_image() {
	"$TOP/vm-templates/image/build" --small "$TOP/build/small.qcow2" ||
		fail "the image is not built"
}

# agent_runs WHEN: a1 does, with VF 1 and its mirror of VF 0.
agent_runs() {
	wait_for 90 is_running a1 || fail "a1 $1: $(state a1) $(cat "$SCRATCH/ctl.err")"
	expect "mirrors $1" "vnma:a1 0 1" "$(mirrors)"
	expect "driver of VF 1 $1" vfio-pci "$(driver_of 1)"
}
