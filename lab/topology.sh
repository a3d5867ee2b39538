# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A topology file is turned into QEMU arguments. A line is a device:
#
#   nic [SPEED]		an igb (82576) behind a root port, with a wire: wireN.nic and
#			wireN.end in the run folder, N = 0, 1, ... in file order;
#			SPEED of the root port's link as QEMU names it, default 16
#   disk SIZE		a virtio disk, LAB_DISK; what is on it outlives the machine
#   raid DISKS SIZE	a MegaRAID SAS controller behind a root port, with disks that tell
#			stripes of 4 x 64 KiB and have serial numbers HPCAP-RAID-0, ...
#   nvme SIZE		an NVMe drive behind a root port, serial number HPCAP-NVME
#
# or it is about the host VM itself:
#
#   kernel WORDS...	parameters of its kernel
#   memory MIB...	one node has so much instead of 4096; of several numbers each is
#			a NUMA node with a processor of its own
#
# Root ports sit at 00:10.0, 00:11.0, ...; firmware numbers the buses behind them
# 1, 2, ... in that order, so the place in the file tells the PCI address.

QEMU_DEVICES=()	# out: arguments
GUEST_VARS=()	# out: lab.name=value, for the host VM's /etc/hpcap-lab
TOPOLOGY_WORDS=	# out: kernel parameters
TOPOLOGY_MEMORY=	# out: MiB

topology_load()
{
	local file=$LAB_DIR/topologies/$1.cfg kind args port bus=0

	[ -e "$file" ] || die "no topology '$1' (have:$(topology_names))"
	QEMU_DEVICES=()
	GUEST_VARS=("lab.topology=$1")
	NR_NICS=0
	TOPOLOGY_WORDS=
	TOPOLOGY_MEMORY=4096
	while read -r kind args; do
		# shellcheck disable=SC2086 # words of the line
		case $kind in
		kernel) TOPOLOGY_WORDS+=" $args"; continue ;;
		memory) topology_memory $args; continue ;;
		esac
		bus=$((bus + 1))
		port=pcie-root-port,id=rp$bus,chassis=$bus,slot=$bus,addr=0x$(printf %x $((15 + bus)))
		[ "$kind" != nic ] || [ -z "$args" ] || port+=,x-speed=$args
		QEMU_DEVICES+=(-device "$port")
		case $kind in
		nic) topology_nic $bus ;;
		disk) topology_disk $bus "$args" ;;
		nvme) topology_nvme $bus "$args" ;;
		raid)
			# shellcheck disable=SC2086 # words of the line
			topology_raid $bus $args
			;;
		*) die "$file: unknown device '$kind'" ;;
		esac
	done < <(sed 's/#.*//' "$file" | awk 'NF')
}

topology_names()
{
	local file

	for file in "$LAB_DIR"/topologies/*.cfg; do
		printf ' %s' "$(basename "$file" .cfg)"
	done
}

topology_memory()
{
	local mib node=0

	TOPOLOGY_MEMORY=0
	for mib; do
		TOPOLOGY_MEMORY=$((TOPOLOGY_MEMORY + mib))
		[ $# = 1 ] || QEMU_DEVICES+=(
			-object "memory-backend-ram,id=node$node,size=${mib}M"
			-numa "node,nodeid=$node,cpus=$node,memdev=node$node"
		)
		node=$((node + 1))
	done
}

topology_nic()
{
	local n=$NR_NICS addr

	addr=$(printf '0000:%02x:00.0' "$1")
	QEMU_DEVICES+=(
		-netdev "dgram,id=wire$n,local.type=unix,local.path=/mnt/run/wire$n.nic,remote.type=unix,remote.path=/mnt/run/wire$n.end"
		-device "igb,id=nic$n,bus=rp$1,netdev=wire$n,mac=52:54:00:82:57:6$n"
	)
	if [ "$n" = 0 ]; then
		GUEST_VARS+=("lab.pf=$addr")
	else
		GUEST_VARS+=("lab.pf$n=$addr")
	fi
	NR_NICS=$((n + 1))
}

# The image lies in the job folder, which a lab keeps when it goes down. What the
# VM's disk has taken is in the page cache here: it survives the end of QEMU.
topology_disk()
{
	truncate -s "$2" "$RUN/job/disk.img"
	QEMU_DEVICES+=(
		-drive "if=none,id=disk,file=/mnt/run/job/disk.img,format=raw,cache=writeback,discard=unmap"
		-device "virtio-blk-pci,bus=rp$1,drive=disk"
	)
	GUEST_VARS+=("lab.disk=/dev/vda")
}

topology_raid()
{
	local bus=$1 disks=${2:?} size=${3:?} i

	QEMU_DEVICES+=(-device "megasas-gen2,id=raid,bus=rp$bus")
	for ((i = 0; i < disks; i++)); do
		truncate -s "$size" "$RUN/raid$i.img"
		QEMU_DEVICES+=(
			-drive "if=none,id=raid$i,file=/mnt/run/raid$i.img,format=raw,cache=unsafe,discard=unmap"
			-device "scsi-hd,bus=raid.0,scsi-id=$i,drive=raid$i,serial=HPCAP-RAID-$i,min_io_size=65536,opt_io_size=262144"
		)
	done
	GUEST_VARS+=("lab.raid=$(printf '0000:%02x:00.0' "$bus")")
}

topology_nvme()
{
	truncate -s "$2" "$RUN/nvme.img"
	QEMU_DEVICES+=(
		-drive "if=none,id=nvme,file=/mnt/run/nvme.img,format=raw,cache=unsafe,discard=unmap"
		-device "nvme,bus=rp$1,drive=nvme,serial=HPCAP-NVME"
	)
	GUEST_VARS+=("lab.nvme=$(printf '0000:%02x:00.0' "$1")")
}
