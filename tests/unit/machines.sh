# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Machines made of files, for hpcapctl --root: a folder with sys/, proc/, dev/.
# Written after what real ones show; ROOT is the folder.

ROOT=

# put PATH TEXT
put() {
	mkdir -p "$ROOT/${1%/*}"
	printf '%s\n' "$2" >"$ROOT/$1"
}

# machine DIR NODES CORES-PER-NODE THREADS: processors and memory.
machine() {
	local nodes=$2 cores=$3 threads=$4 node core t id list

	ROOT=$1
	mkdir -p "$ROOT/sys/bus/pci/devices" "$ROOT/sys/class/block" "$ROOT/dev"
	put sys/devices/system/cpu/online "0-$((nodes * cores * threads - 1))"
	put sys/devices/system/cpu/isolated ""
	put sys/devices/system/cpu/smt/active $((threads > 1))
	put proc/mounts ""
	put proc/swaps "Filename Type Size Used Priority"
	for ((node = 0; node < nodes; node++)); do
		list=
		for ((t = 0; t < threads; t++)); do
			for ((core = 0; core < cores; core++)); do
				id=$((t * nodes * cores + node * cores + core))
				list+=${list:+,}$id
				put "sys/devices/system/cpu/cpu$id/topology/physical_package_id" "$node"
				put "sys/devices/system/cpu/cpu$id/topology/core_id" "$core"
			done
		done
		put "sys/devices/system/node/node$node/cpulist" "$list"
		put "sys/devices/system/node/node$node/meminfo" "Node $node MemTotal: 67108864 kB
Node $node MemFree: 33554432 kB"
		pages "$node" 2048 0
		pages "$node" 1048576 0
	done
}

# pages NODE SIZE-KIB NUMBER: huge pages, all free.
pages() {
	put "sys/devices/system/node/node$1/hugepages/hugepages-$2kB/nr_hugepages" "$3"
	put "sys/devices/system/node/node$1/hugepages/hugepages-$2kB/free_hugepages" "$3"
}

# pci ADDRESS CLASS VENDOR DEVICE NODE GROUP [DRIVER]
pci() {
	local d=sys/bus/pci/devices/$1

	put "$d/class" "$2"
	put "$d/vendor" "$3"
	put "$d/device" "$4"
	put "$d/numa_node" "$5"
	put "$d/reset_method" "flr bus"
	mkdir -p "$ROOT/sys/kernel/iommu_groups/$6"
	[ "$6" = -1 ] || ln -s "../../../../kernel/iommu_groups/$6" "$ROOT/$d/iommu_group"
	[ -z "${7:-}" ] || ln -s "../../../../bus/pci/drivers/$7" "$ROOT/$d/driver"
}

# nic ADDRESS IF NODE GROUP TOTAL-VFS VFS: a PF, its interface up.
nic() {
	local d=sys/bus/pci/devices/$1 i

	pci "$1" 0x020000 0x8086 0x10c9 "$3" "$4" hpcap_pf
	put "$d/sriov_totalvfs" "$5"
	put "$d/sriov_numvfs" "$6"
	put "$d/sriov_drivers_autoprobe" 0
	mkdir -p "$ROOT/$d/net/$2"
	put "sys/class/net/$2/flags" 0x1003
	put "sys/class/net/$2/mtu" 1500
	put "sys/class/net/$2/carrier" 1
	for ((i = 0; i < $6; i++)); do
		pci "${1%:*}:10.$i" 0x020000 0x8086 0x10ca "$3" $((100 + i)) igbvf
		ln -s "../$1" "$ROOT/sys/bus/pci/devices/${1%:*}:10.$i/physfn"
		ln -s "../${1%:*}:10.$i" "$ROOT/$d/virtfn$i"
	done
}

# disk NAME CONTROLLER-ADDRESS GIB
disk() {
	local d=sys/devices/pci0000:00/$2/block/$1

	put "$d/size" $(($3 * 2097152))
	put "$d/queue/rotational" 1
	put "$d/device/model" "Disk of tests    "
	ln -s "../../../$d" "$ROOT/sys/class/block/$1"
}

# bytes FILE OFFSET HEX...: into it, there.
bytes() {
	local file=$1 at=$2 text

	shift 2
	printf -v text '\\x%s' "$@"
	printf '%b' "$text" | dd of="$file" bs=1 seek=$((at)) conv=notrunc status=none
}

# config ADDRESS HEADER-TYPE PORT-TYPE: a configuration space without ACS.
config() {
	local file=$ROOT/sys/bus/pci/devices/$1/config

	truncate -s 4096 "$file"
	bytes "$file" 0x00 86 80
	bytes "$file" 0x06 10
	bytes "$file" 0x0e "$2"
	bytes "$file" 0x34 40
	bytes "$file" 0x40 10 00 "${3}2" 00
}

# port ADDRESS GROUP BUS PORT-TYPE: a port with that bus below; 4 is a root port.
port() {
	pci "$1" 0x060400 0x8086 0x3420 0 "$2" pcieport
	config "$1" 01 "$4"
	bytes "$ROOT/sys/bus/pci/devices/$1/config" 0x18 00 "$3" "$3"
}

# acs ADDRESS CAN ON: the capability, in hexadecimal.
acs() {
	bytes "$ROOT/sys/bus/pci/devices/$1/config" 0x100 0d 00 01 00 "$2" 00 "$3" 00
}
