#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's programs on a real queue and real file systems: pcap through a pipe,
# files on a disk with O_DIRECT, a disk that fills up, kill -9, who listens.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

BIN=/src/build/bin
DISK=/var/tmp/$TEST.disk

# disk MEGABYTES: an ext4 file system on a loop device at $DISK.
disk() {
	vm_sh "$VM" 'umount "$1" 2>/dev/null
		rm -rf "$1" "$1.img" && mkdir -p "$1" && truncate -s "$2"M "$1.img" &&
		modprobe loop && mkfs.ext4 -q -O ^has_journal "$1.img" &&
		mount -o loop "$1.img" "$1"' "$DISK" "$1" || fail "no disk"
	at_exit vm_sh "$VM" 'umount "$1"; rm -rf "$1" "$1.img"' "$DISK"
}

# store NAME [hpcapdd arguments]: onto the disk; returns when it is attached.
store() {
	local name=$1

	shift
	vm "$VM" mkdir -p "$DISK/$name"
	bg_start "$VM" "$name" "$BIN/hpcapdd" --json --name "$name" "$@" 0 0 "$DISK/$name"
	wait_for 20 grep -q capturing "$SCRATCH/$name.log" || fail "$name does not listen"
}

# bring NAME: its files from the disk.
bring() {
	vm "$VM" cp -r "$DISK/$1" "$VM_SCRATCH/$1.d" || fail "cannot fetch $1"
}

vf_world 4

# In a pause of the traffic what fills no block is copied: one block a pause of the machine.
note "a fresh ring begins aligned: blocks go straight from it to the disk"
disk 64
store straight --block=4096
send 3000
settled >/dev/null
bg_signal "$VM" straight INT
expect "exit status" 0 "$(bg_wait straight 60)"
bring straight
same_frames straight
expect_ge "bytes without a copy" $(($(heard straight bytes) * 9 / 10)) "$(heard straight uncopied_bytes)"

note "pcap through a pipe, read by tcpdump"
bg_start "$VM" pipe sh -c "$BIN/hpcapdd_p --count 2000 0 0 stdout |
	tcpdump --count -r - 2>/dev/null"
wait_for 20 grep -q capturing "$SCRATCH/pipe.log" || fail "hpcapdd_p does not listen"
send 2000
expect "exit status of the pipe" 0 "$(bg_wait pipe 60)"
expect "frames that tcpdump read" 2000 "$(sed -n 's/^\([0-9]*\) packets*$/\1/p' "$SCRATCH/pipe.log")"

note "who listens, asked by another program"
listen one
status=$(vm "$VM" "$BIN/hpcap-status" --json)
expect "listener" one "$(json name <<<"$status")"
expect "captured" 5000 "$(json captured <<<"$status")"
listen_end one

note "files of exactly one size on a disk, written past the page cache"
store disk --file-size=256K --block=64K
send 3000
settled >/dev/null
bg_signal "$VM" disk INT
expect "exit status" 0 "$(bg_wait disk 60)"
bring disk
expect "frames" 3000 "$(heard disk frames)"
expect "O_DIRECT refused" 0 "$(heard disk direct_refused)"
same_frames disk
files=$(find "$SCRATCH/disk.d" -name '*.raw' | wc -l)
expect "files of the exact size" $((files - 1)) \
	"$(find "$SCRATCH/disk.d" -name '*.raw' -size 262144c | wc -l)"
expect_ge "files" 3 "$files"

note "kill -9: what is on the disk can be read"
store killed --block=4096
send 1000
settled >/dev/null
bg_signal "$VM" killed KILL
bg_wait killed 20 >/dev/null
bring killed
whole killed

note "a disk that is full, and that ends it: one message, whole records"
disk 1
store full --block=16K --on-fault=stop
send 4000
expect "exit status" 1 "$(bg_wait full 60)"
expect "messages" 1 "$(grep -c "^hpcapdd: .*no space left" "$SCRATCH/full.log")"
bring full
whole full
last=$(find "$SCRATCH/full.d" -name '*.raw')
expect "verdict" ok "$(tool checkraw --json "$last" | json verdict)"
dmesg_check "$VM"
ok "$TEST"
