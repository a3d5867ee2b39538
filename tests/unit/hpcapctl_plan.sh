#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl plan on recorded machines: 1 and 2 nodes, threads on and off, 64 cores,
# NIC and RAID apart, no huge pages, shared IOMMU groups, devices in use.
# timeout: 120
export LAB_NAME=hpcapctl-plan
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/unit/machines.sh
. "${0%/*}/machines.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"

plan() {
	tool hpcapctl --root "$ROOT" --json plan "$@" >"$dir/out" 2>"$dir/err"
}

asks() {
	tool jq -rc ".plan.$1" "$dir/out"
}

# plan_ok ARGUMENTS...
plan_ok() {
	plan "$@" || fail "plan $*: $(cat "$dir/err")"
}

# because WORDS: one of the reasons given.
because() {
	asks 'why[]' | grep -qE -- "$1" || fail "no reason says $1: $(asks 'why')"
}

# plan_fails STATUS WORDS ARGUMENTS...
plan_fails() {
	local want=$1 words=$2

	shift 2
	plan "$@"
	expect "exit status of plan $*" "$want" $?
	tail -n 1 "$dir/err" | grep -qE -- "$words" || fail "plan $*: says $(cat "$dir/err")"
}

note "one node, four cores, no threads"
machine "$dir/small" 1 4 1
nic 0000:03:00.0 eth0 0 20 7 0
plan_ok vnp --nic eth0 --vcpus 3
expect "CPUs" "[1,2,3]" "$(asks cpus)"
expect "QEMU's threads" 0 "$(asks emulator_cpus)"
expect "page size" 0 "$(asks page_kib)"
because "too few huge pages"
because "node 0: the only one"
plan_fails 4 "node 0 has 3 cores free .* 4 are needed" vnp --nic eth0 --vcpus 4
plan_fails 4 "echo N >/sys/devices/system/node/node0" vnp --nic eth0 --vcpus 2 --hugepages require
plan_fails 4 "node 0 has 32768 MiB free, 65536 are needed" vnp --nic eth0 --vcpus 2 --memory 64G
plan_ok vnp --nic eth0 --vcpus 4 --cpus 0-3
expect "CPUs asked for" "[0,1,2,3]" "$(asks cpus)"
expect "QEMU's threads when nothing is left" 0 "$(asks emulator_cpus)"
because "share CPU 0 with vCPU 0"
plan_fails 2 "of CPUs 2-9 only 2 are online here, 4 are needed" vnp --nic eth0 --cpus 2-9

note "two nodes of 8 cores with threads, NIC on the second, RAID on the first"
machine "$dir/two" 2 8 2
nic 0000:83:00.0 eth0 1 20 7 2
nic 0000:84:00.0 eth1 1 21 7 0
pci 0000:05:00.0 0x010400 0x1000 0x0079 0 30 megaraid_sas
put sys/devices/system/cpu/isolated 9-11,25-27
pages 1 2048 4096
plan_ok vnp --nic eth1 --storage 05:00.0
expect "node" 1 "$(asks node)"
expect "isolated cores first, no two threads of a core" "[9,10,11,8]" "$(asks cpus)"
expect "page size" 2048 "$(asks page_kib)"
expect "devices" '["0000:84:00.0","0000:05:00.0"]' "$(asks devices)"
because "node 1: NIC 0000:84:00.0 is there"
because "storage 0000:05:00.0 is on node 0"
because "3 of them isolated"
for cpu in $(asks emulator_cpus | tr , ' '); do
	case $cpu in
	8 | 9 | 10 | 11 | 24 | 25 | 26 | 27) fail "QEMU's threads on CPU $cpu, a core of the guest" ;;
	esac
done
plan_ok vnp --nic eth1 --node 0 --hugepages off
expect "node asked for" 0 "$(asks node)"
because "the NIC is on another"
plan_fails 2 "no NUMA node 5" vnp --nic eth1 --node 5
plan_ok vnp --nic vf:eth0
expect "first free VF" '["0000:83:10.0"]' "$(asks devices)"
plan_fails 3 "PF 0000:83:00.0 stays: it has 2 VFs" vnp --nic eth0
plan_fails 4 "node 1 has 8 cores free .* or name another --node" vnp --nic eth1 --vcpus 9
mkdir -p "$ROOT/sys/bus/pci/devices/0000:83:10.0/net/eth8" "$ROOT/sys/bus/pci/devices/0000:83:10.1/net/eth9"
plan_fails 4 "no free VF of 2" vnp --nic vf:eth0

note "64 cores"
machine "$dir/big" 2 32 2
nic 0000:03:00.0 eth0 0 20 7 0
pages 0 1048576 64
plan_ok vnp --nic eth0 --vcpus 31 --memory 64G
expect "CPUs" 31 "$(asks 'cpus | length')"
expect "different CPUs" 31 "$(asks 'cpus | unique | length')"
expect "page size" 1048576 "$(asks page_kib)"
plan_fails 4 "node 1 has 32 cores free: --node 1 would do" vnp --nic eth0 --vcpus 32

note "devices that share a group, that the host uses, that cannot go"
machine "$dir/shared" 1 8 1
nic 0000:03:00.0 eth0 0 20 7 0
pci 0000:03:00.1 0x020000 0x8086 0x10c9 0 20
pci 0000:00:1c.0 0x060400 0x8086 0x0001 0 20 pcieport
pci 0000:05:00.0 0x010400 0x1000 0x0079 0 30 megaraid_sas
pci 0000:06:00.0 0x010802 0x144d 0xa808 0 -1 nvme
disk sda 0000:05:00.0 1000
plan_ok vnp --nic eth0
expect "the whole group without its bridge" '["0000:03:00.0","0000:03:00.1"]' "$(asks devices)"
because "goes with 1 more functions of its IOMMU group 20"
plan_ok vnp --nic eth0 --storage 05:00.0
put proc/mounts "/dev/sda / ext4 rw 0 0"
plan_fails 3 "raid 0000:05:00.0 stays: its disk sda is mounted at /" vnp --nic eth0 --storage 05:00.0
plan_fails 5 "0000:06:00.0 is in no IOMMU group" vnp --nic eth0 --storage 06:00.0
plan_fails 2 "eth0 is no storage controller" vnp --nic eth0 --storage eth0
plan_fails 2 "05:00.0 is no NIC" vnp --nic 05:00.0
plan_fails 1 "no such PCI device" vnp --nic eth7
plan_fails 2 "captures with what" vnp
plan_fails 2 "'vm' is not vnp or vnma" vm --nic eth0
plan_fails 2 "--vcpus: 1 to 64" vnp --nic eth0 --vcpus 65
plan_fails 2 "--hugepages: 'maybe'" vnp --nic eth0 --hugepages maybe

note "the parts of a domain's XML"
tool hpcapctl --root "$ROOT" plan vnp --nic eth0 --xml >"$dir/parts" || fail "--xml"
{ echo "<domain type='kvm'><name>x</name>"; sed '/^<hostdev/,$d' "$dir/parts"
  echo "<os><type machine='q35'>hvm</type></os><devices>"
  sed -n '/^<hostdev/,$p' "$dir/parts"; echo "</devices></domain>"; } >"$dir/domain.xml"
tool xmllint --noout --relaxng "$CACHE/rootfs/usr/share/libvirt/schemas/domain.rng" \
	"$dir/domain.xml" 2>"$dir/err" || fail "libvirt's schema: $(head -n 2 "$dir/err")"
ok
