#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The templates of vm-templates/ and the lab's are valid domains once their words are
# filled in, and each word is explained.
# timeout: 60
export LAB_NAME=templates
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "${1:-}" = inside ] || exec "$LAB" chroot -- "tests/unit/templates.sh" inside

dir=$(mktemp -d)
at_exit rm -rf "$dir"
vf="<interface type='hostdev' managed='yes'><source><address type='pci' domain='0x0' bus='0x1' slot='0x10' function='0x0'/></source></interface>"
raid="<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0' bus='0x2' slot='0x0' function='0x0'/></source></hostdev>"
tune="<iothreads>1</iothreads><cputune><vcpupin vcpu='0' cpuset='2'/></cputune><numatune><memory mode='strict' nodeset='0'/></numatune>"
backing="<memoryBacking><hugepages><page size='2' unit='MiB'/></hugepages><locked/></memoryBacking>"
metadata="<hpcap:instance xmlns:hpcap='urn:test'><hpcap:role>vnp</hpcap:role></hpcap:instance>"

# fill FILE STORAGE: every word replaced.
fill() {
	sed "s|@TYPE@|kvm|; s|@CPU_MODE@|host-passthrough|; s|@NAME@|one|; s|@METADATA@|$metadata|
		s|@MEMORY@|2048|; s|@VCPUS@|4|; s|@MEMORY_BACKING@|$backing|; s|@CPUTUNE@|$tune|
		s|@NIC@|$vf|; s|@STORAGE@|$2|; s|@VF_MAC@|02:00:00:00:00:01|; s|@VF_VLAN@|10|
		s|@VF_[A-Z]*@|0x0|g; s|@[A-Z_]*@|/x/y|g" "$1"
}

for f in vm-templates/*.xml lab/guest/vnp.xml; do
	for storage in "" "$raid"; do
		fill "$f" "$storage" >"$dir/domain.xml"
		virt-xml-validate "$dir/domain.xml" domain >"$dir/said" 2>&1 ||
			fail "$f: $(cat "$dir/said" "$dir/domain.xml")"
	done
	grep -o '@[A-Z_]*@' "$f" | sort -u | tr -d @ | while read -r word; do
		grep -qw "@$word@" docs/reference/first-boot.md || grep -qE "^  .*\<$word\>" "$f" || echo "$word"
	done >"$dir/words"
	[ ! -s "$dir/words" ] || fail "$f: words that nobody explains: $(xargs <"$dir/words")"
done
ok "$TEST"
