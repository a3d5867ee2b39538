#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Storing on the lab's kinds of disk: an NVMe drive and a virtio disk in the host VM, a
# MegaRAID controller passed through to the probe VM. What is said to be stored is
# there, whole; the rate stands beside fio's (1 MiB, eight at once) in the same run.
# All of it is emulated: the ratio says something, the rates do not.
# needs: probe
# topology: stores
# kernels: 6.1 6.12
# daily: none
# timeout: 1100
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

ROUNDS=${HPCAP_ROUNDS:-3}
VM_TIMEOUT=300
DIR=/var/tmp/store-disk

# attach VM MODULES DEVICE: formatted and mounted at $DIR.
attach() {
	vm_sh "$1" 'for m in $1 xfs; do modprobe "$m" || exit 1; done
		i=0; until [ -b "$2" ] || [ $i = 90 ]; do i=$((i + 1)); sleep 1; done
		mkdir -p "$3" && mkfs.xfs -q -f "$2" && mount "$2" "$3"' "$2" "$3" "$DIR" ||
		fail "$1: no volume on $3"
	at_exit vm_sh "$1" 'umount "$1"' "$DIR"
}

# fio_rate VM: bytes in a second.
fio_rate() {
	vm_sh "$1" 'fio --name=x --filename="$1/fio" --size=512M --bs=1M --direct=1 --iodepth=8 \
		--ioengine=io_uring --rw=write --runtime=3 --time_based --output-format=terse \
		--terse-version=3 2>/dev/null; rm -f "$1/fio"' "$DIR" |
		awk -F';' 'NF > 48 { print $48 * 1024 }'
}

# field NAME: out of a line "name value name value".
field() {
	tr '\t' '\n' | awk -v n="$1" 'seen { print; exit } $0 == n { seen = 1 }'
}

# round VM: fio, then the writer; prints rate, ratio, CPU seconds a GB.
round() {
	local base line found

	base=$(fio_rate "$1")
	line=$(vm_sh "$1" '/src/build/bench/storing --seconds 3 --len 1514 --ring 64 \
		--file-size 67108864 "$1"' "$DIR") || fail "$1: storing: $line"
	found=$(vm_sh "$1" 'find "$1" -name "*.raw" | sort | xargs /src/build/bin/checkraw --json; \
		rm -rf "$1"/[0-9]* "$1"/hpcap.journal' "$DIR" |
		sed -n 's/.*"verdict".*"frames": \([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n + 0 }')
	expect "$1: frames in the files" "$(field stored <<<"$line")" "$found"
	expect_ge "$1: frames" 1 "$found"
	awk -v b="$(field bytes <<<"$line")" -v s="$(field seconds <<<"$line")" \
		-v c="$(field cpu_s <<<"$line")" -v f="${base:-0}" 'BEGIN {
			printf "%.1f MB/s, %.2f of fio, %.2f CPU s/GB", b / s / 1e6,
				f ? b / s / f : 0, c / (b / 1e9) }'
}

# measure WHAT VM MODULES DEVICE
measure() {
	local i line

	attach "$2" "$3" "$4"
	for ((i = 1; i <= ROUNDS; i++)); do
		line=$(round "$2") || { echo "$line"; exit 1; }
		note "$1, round $i: $line"
	done
}

mkdir -p "$SCRATCH"
at_exit rm -f "$JOB/disk.img"
measure "NVMe drive, host VM" host nvme /dev/nvme0n1
host umount "$DIR"
measure "virtio disk, host VM" host virtio_blk "$(lab_var LAB_DISK)"
measure "MegaRAID, passed through to the probe VM" probe "megaraid_sas sd_mod" /dev/sda
dmesg_check host
dmesg_check probe
ok "three kinds of disk"
