#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl on recorded machines: what it finds, what it refuses, how it says so.
# timeout: 120
export LAB_NAME=hpcapctl
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/unit/machines.sh
. "${0%/*}/machines.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"

# ctl ARGUMENTS...: on the machine at $ROOT; output in $dir/out, errors in $dir/err.
ctl() {
	local rc wrong

	tool hpcapctl --root "$ROOT" "$@" >"$dir/out" 2>"$dir/err"
	rc=$?
	case " $* " in
	*" --json "*)
		wrong=$(tool jq -r --slurpfile schema "$TOP/docs/schemas/hpcapctl.json" \
			-f "$TOP/tests/unit/schema.jq" "$dir/out" 2>&1)
		[ -z "$wrong" ] || fail "$*: not as docs/schemas/hpcapctl.json says: $wrong"
		expect "JSON objects of $*" 1 "$(tool jq -s length "$dir/out")"
		;;
	esac
	return $rc
}

# asks JQ-FILTER: of the output.
asks() {
	tool jq -r "$1" "$dir/out"
}

# refuses STATUS WORDS ARGUMENTS...: one line, and with --json the same as an object.
refuses() {
	local want=$1 words=$2 rc

	shift 2
	ctl "$@"
	rc=$?
	expect "exit status of $*" "$want" $rc
	expect "lines said by $*" 1 "$(wc -l <"$dir/err")"
	grep -qE -- "$words" "$dir/err" || fail "$*: says $(cat "$dir/err")"
	ctl --json "$@"
	expect "exit status in JSON of $*" "$want" "$(asks .error.exit_status)"
	expect "schema of an error" 1 "$(asks .schema_version)"
}

note "two nodes, threads, NIC and RAID apart"
machine "$dir/two" 2 8 2
put sys/devices/system/cpu/isolated 2-7
pages 0 1048576 8
nic 0000:03:00.0 enp3s0f0 0 20 7 2
pci 0000:84:00.0 0x010400 0x1000 0x0079 1 30 megaraid_sas
pci 0000:84:00.1 0x010400 0x1000 0x0079 1 30 megaraid_sas
pci 0000:05:00.0 0x010802 0x144d 0xa808 0 31 nvme
disk sda 0000:84:00.0 1000
disk nvme0n1 0000:05:00.0 500
mkdir -p "$ROOT/sys/devices/pci0000:00/0000:05:00.0/block/nvme0n1/holders/md0"
mkdir -p "$ROOT/dev" "$ROOT/sys/bus/pci/drivers/vfio-pci"
mkdir -p "$ROOT/dev/net"
touch "$ROOT/dev/kvm" "$ROOT/dev/vhost-net" "$ROOT/dev/net/tun"
put sys/fs/cgroup/cgroup.controllers "cpuset cpu io memory hugetlb pids"
ctl --json inventory || fail "inventory: $(cat "$dir/err")"
expect "nodes" 2 "$(asks '.inventory.nodes | length')"
expect "CPUs of node 1" 16 "$(asks '.inventory.nodes[1].cpus')"
expect "isolated CPUs of node 0" 6 "$(asks '.inventory.nodes[0].isolated_cpus')"
expect "1 GiB pages" 8 "$(asks '.inventory.nodes[0].hugepages[1].free')"
expect "NICs and VFs" 3 "$(asks '[.inventory.pci[] | select(.kind == "nic")] | length')"
expect "PF of VF 1" 0000:03:00.0 "$(asks '.inventory.pci[] | select(.vf == 1) | .pf')"
expect "node of the RAID controller" 1 "$(asks '[.inventory.pci[] | select(.kind == "raid")][0].node')"
expect "size of sda" 1073741824000 "$(asks '.inventory.disks[] | select(.name == "sda") | .bytes')"
expect "controller of sda" 0000:84:00.0 "$(asks '.inventory.disks[] | select(.name == "sda") | .controller')"
expect "model, padding cut" "Disk of tests" "$(asks '.inventory.disks[] | select(.name == "sda") | .model')"
expect "user of nvme0n1" "held by md0" "$(asks '.inventory.disks[] | select(.name == "nvme0n1") | .used_by')"
ctl inventory
grep -q "VF 1 of 0000:03:00.0" "$dir/out" || fail "inventory as text shows no VF"

# finds CHECK LEVEL WORDS
finds() {
	[ "$(asks ".findings[] | select(.check == \"$1\" and .level == \"$2\") | .text" |
		grep -cE "$3")" -gt 0 ] || fail "doctor finds no $2 of $1: $3"
}

ctl --json doctor
expect "every finding but good ones has a remedy" 0 \
	"$(asks '[.findings[] | select(.level != "ok" and .remedy == "")] | length')"
finds kvm ok "/dev/kvm"
finds nic ok "2 of 7 VFs on node 0"
finds storage warning "0000:84:00.0 is on node 1"
finds storage ok "0000:05:00.0 is the host's own: nvme0n1 is held by md0"
finds iommu warning "0000:84:00.0 shares IOMMU group 30 with 1 other"
finds hugepages ok "node 0: 8192 MiB"
finds hugepages warning "node 1: 0 MiB"
finds cgroups ok "cpu, cpuset, memory, io"
finds cpu ok "6 of 32 CPUs are isolated"
finds cpu warning "SMT"

note "doctor: ACS of what is above NICs and storage"
finds acs warning "configuration space of 4 PCI functions cannot be read"
for address in 0000:03:00.0 0000:05:00.0 0000:84:00.0 0000:84:00.1; do
	config $address 00 0
done
port 0000:00:01.0 10 03 4
port 0000:00:02.0 31 05 4
port 0000:80:01.0 30 84 6
port 0000:80:02.0 50 90 4
acs 0000:00:01.0 1d 1d
acs 0000:80:01.0 1d 11
ctl --json doctor
finds acs warning "^root port 0000:00:02.0 above nvme 0000:05:00.0 has no ACS"
finds acs warning "^downstream port 0000:80:01.0 above raid 0000:84:00.0 has ACS, but switched off: \
request redirect, completion redirect$"
expect "findings about ACS" 2 "$(asks '[.findings[] | select(.check == "acs")] | length')"
# groups that differ: the kernel knows the port; or was told to believe it
rm "$ROOT/sys/bus/pci/devices/0000:00:02.0/iommu_group"
ln -s ../../../../kernel/iommu_groups/11 "$ROOT/sys/bus/pci/devices/0000:00:02.0/iommu_group"
ctl --json doctor
finds acs ok "0000:00:02.0 above nvme 0000:05:00.0 has no ACS capability, but the kernel knows"
put proc/cmdline "quiet pcie_acs_override=downstream"
ctl --json doctor
finds acs warning "its groups are split by a word of the command line only"
put proc/cmdline quiet
acs 0000:00:02.0 1d 1d
acs 0000:80:01.0 1d 1d
config 0000:84:00.0 80 0
ctl --json doctor
finds acs warning "raid 0000:84:00.0 has other functions beside it and no ACS between them: request"
finds acs ok "3 ports above NICs and storage keep devices apart"
acs 0000:84:00.0 0c 0c
ctl --json doctor
expect "warnings about ACS" 0 "$(asks '[.findings[] | select(.check == "acs" and .level != "ok")] | length')"

note "vf"
ctl --json vf list || fail "vf list: $(cat "$dir/err")"
expect "VFs" 2 "$(asks '.vfs | length')"
ctl --json --dry-run vf create enp3s0f0 4 || fail "vf create --dry-run: $(cat "$dir/err")"
expect "what a verb without a result says" "vf create: would change enp3s0f0 from 2 to 4 VFs" \
	"$(asks '.done | "\(.command): \(.notes[0])"')"
expect "VFs after a dry run" 2 "$(cat "$ROOT/sys/bus/pci/devices/0000:03:00.0/sriov_numvfs")"
ctl vf create 03:00.0 2 || fail "as many as there are: $(cat "$dir/err")"
ctl vf create enp3s0f0 4 || fail "vf create: $(cat "$dir/err")"
expect "VFs asked for" 4 "$(head -c 1 "$ROOT/sys/bus/pci/devices/0000:03:00.0/sriov_numvfs")"
put sys/bus/pci/devices/0000:03:00.0/sriov_numvfs 2
refuses 2 "not a number of VFs that enp3s0f0 can make \(0 to 7\)" vf create enp3s0f0 8
refuses 2 "not a number of VFs" vf create enp3s0f0 -- -1
refuses 1 "eth99: no such PCI device or interface" vf create eth99 1
refuses 1 "is VF 0 of 0000:03:00.0: name the PF" vf create 0000:03:10.0 1
refuses 5 "cannot make VFs" vf create 0000:84:00.0 1
ctl --json vf set enp3s0f0 1 --trust on || fail "vf set: $(cat "$dir/err")"
expect "vf set as JSON" 0 "$(asks .done.exit_status)"
refuses 2 "has no VF 2 \(it has 2\)" vf set enp3s0f0 2 --trust on
refuses 2 "--mac: '01:00:00:00:00:01' is not a value" vf set enp3s0f0 0 --mac 01:00:00:00:00:01
refuses 2 "--vlan: '4095' is not a value" vf set enp3s0f0 0 --vlan 4095 --trust on
refuses 2 "--trust: 'yes' is not a value" vf set enp3s0f0 0 --trust yes

note "mirror"
refuses 2 "copy what" mirror add enp3s0f0 --to 1
refuses 2 "copies to whom" mirror add enp3s0f0 --vf 0
refuses 2 "cannot get copies of itself" mirror add enp3s0f0 --vf 0 --to 0
refuses 2 "has no VF 5" mirror add enp3s0f0 --vf 5 --to 0
refuses 2 "on which PF|of which PF" mirror add --vf 0 --to 1
refuses 2 "not in, out or both" mirror add enp3s0f0 --vf 0 --to 1 --dir up
refuses 2 "--ttl: 'soon' is no duration" mirror add enp3s0f0 --vf 0 --to 1 --ttl soon
refuses 2 "--cap: '20X' is no size" mirror add enp3s0f0 --vf 0 --to 1 --cap 20X
refuses 1 "web1: no such domain" mirror add --tenant web1 --to 1
refuses 2 "longer than 127 bytes" mirror add enp3s0f0 --vf 0 --to 1 --reason "$(printf %0200d 0)"
ctl --json --dry-run mirror add enp3s0f0 --vf 0 --vlan 10,20 --to 1 --dir in --ttl 30m --cap 20G \
	--reason INC-42 || fail "mirror add --dry-run: $(cat "$dir/err")"
expect "source" 0 "$(asks '.mirror.source_vfs[0]')"
expect "time to live" 1800000 "$(asks .mirror.ttl_ms)"
expect "cap" 21474836480 "$(asks .mirror.byte_cap)"
expect "direction" in "$(asks .mirror.dir)"

note "a driver with i40e's files, and one without"
pf=sys/bus/pci/devices/0000:03:00.0
ln -sfn ../../../../bus/pci/drivers/i40e "$ROOT/$pf/driver"
refuses 5 "driver i40e of 0000:03:00.0 copies no traffic" mirror add enp3s0f0 --vf 0 --to 1
for n in 0 1; do
	for f in ingress_mirror egress_mirror vlan_mirror; do put "$pf/sriov/$n/$f" ""; done
done
refuses 5 "knows no end of a mirror" mirror add enp3s0f0 --vf 0 --to 1 --ttl 1m
ctl --json mirror add enp3s0f0 --vf 0 --to 1 --dir in || fail "by sysfs: $(cat "$dir/err")"
expect "target" 1 "$(asks '.mirror.target_vfs[0]')"
expect "line of ingress_mirror" "add 1" "$(cat "$ROOT/$pf/sriov/0/ingress_mirror")"
expect "egress_mirror, not asked for" "" "$(cat "$ROOT/$pf/sriov/0/egress_mirror")"

note "a machine with nothing"
machine "$dir/bare" 1 2 1
ctl --json doctor
expect "exit status" 1 $?
finds kvm problem "no /dev/kvm"
finds cgroups warning "no cgroup controller cpuset"
finds cgroups warning "no /dev/vhost-net"
finds iommu problem "no IOMMU"
finds kvm ok "secure guests .* are not possible"
put sys/firmware/acpi/tables/DMAR x
put sys/module/kvm_amd/parameters/sev Y
put proc/cpuinfo "processor : 0
flags : fpu vme sse2"
ctl --json doctor
finds iommu problem "the kernel leaves the IOMMU off"
finds kvm problem "neither vmx nor svm"
finds kvm ok "secure guests .* are possible"
finds nic problem "no NIC here can make VFs"
put sys/bus/pci/devices/0000:03:00.0/class 0x020000
nic 0000:03:00.0 eth0 0 20 7 0
put sys/bus/pci/devices/0000:03:00.0/sriov_drivers_autoprobe 1
put sys/class/net/eth0/flags 0x1002
ctl --json doctor
finds nic problem "PF eth0 .* is down"
finds nic warning "become interfaces of this host"
ctl --json doctor --fix
expect "what --fix wrote" 0 "$(cat "$ROOT/sys/bus/pci/devices/0000:03:00.0/sriov_drivers_autoprobe")"
expect "what --fix says it wrote" 1 "$(asks '[.findings[] | select(.fixed)] | length')"
ROOT=$dir/none
refuses 1 "no sys/devices below" inventory

note "wrong use"
refuses 2 "unknown command 'frobnicate'" frobnicate
refuses 2 "mirror: what with it\? add, del, list, watch" mirror
refuses 2 "unknown option --nonsense" vf list --nonsense
refuses 2 "--ttl needs a value" mirror add --ttl
refuses 2 "wrong number of words; usage: hpcapctl vf create PF NUMBER" vf create

note "every verb and option: in its help, in its entry of the manual, in the completion"
ctl --json completion || fail "completion"
asks .completion >"$dir/completion"
bash -n "$dir/completion" || fail "completion is no script"
ctl completion || fail "completion"
expect "completion with --json" "$(cat "$dir/completion")" "$(cat "$dir/out")"
# shellcheck source=/dev/null
. "$dir/completion"

# completes WANTED WORDS...: the shell offers it for the last word.
completes() {
	local want=$1

	shift
	COMP_WORDS=(hpcapctl "$@")
	COMP_CWORD=$#
	_hpcapctl
	[[ " ${COMPREPLY[*]} " == *" $want "* ]] || fail "completion of $*: no $want in ${COMPREPLY[*]}"
}

# entry VERB: what the manual says of it, as plain text.
entry() {
	sed 's/\\-/-/g; s/\\f[A-Z]//g; s/"//g; s/^\.\(BR\|BI\|B\|I\|RB\|RI\|IR\) //' "$TOP/docs/man/hpcapctl.8" |
		awk -v verb="$1" '/^\.TP|^\.SH/ { on = 0; head = 1; next }
			head { head = 0; n = split($0, names, /, | , /); on = $0 ~ "^" verb "( |$)"
				for (i = 1; i <= n; i++) on = on || names[i] ~ "^ *" verb "( |$)" }
			on'
}

ctl --help --json || fail "help"
cp "$dir/out" "$dir/help"
expect_ge "verbs" 20 "$(asks '.help.commands | length')"
verb=
while IFS=$'\t' read -r name option; do
	words=()
	read -ra words <<<"$name"
	if [ "$name" != "$verb" ]; then
		verb=$name
		ctl "${words[@]}" --help || fail "help of $name"
		cp "$dir/out" "$dir/text"
		entry "$name" >"$dir/entry"
		[ -s "$dir/entry" ] || fail "the manual has no entry for $name"
		completes "${words[0]}" ""
		[ ${#words[@]} = 1 ] || completes "${words[1]}" "${words[0]}" ""
		completes --json "${words[@]}" --
	fi
	[ -n "$option" ] || continue
	grep -qE -- "^ +--$option( |$)" "$dir/text" || fail "the help of $name lacks --$option"
	grep -qE -- "--$option([^a-z-]|$)" "$dir/entry" || fail "the manual's $name lacks --$option"
	completes "--$option" "${words[@]}" --
done < <(tool jq -r '.help.commands[] | .name as $n | ([.options[].name] + [""])[] | "\($n)\t\(.)"' "$dir/help")
for option in $(tool jq -r '.help.options[].name' "$dir/help"); do
	grep -q -- "--$option" <(entry "--$option") || fail "the manual lacks --$option"
done
ok
