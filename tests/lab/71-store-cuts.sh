#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Power cuts while storing: QEMU is killed at a random moment, the machine boots again,
# the disk's journal is replayed, checkraw --repair runs. No frame that the writer
# called safe may be missing, and every file must be whole.
# Each cut takes a boot: of HPCAP_CUTS=200 one in twenty is of this kind, the others are
# device mapper's (71-store-cuts-dm).
# kernels: 6.1 6.12
# daily: none
# timeout: 1500
export LAB_NAME=${LAB_NAME:-default}-cuts
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

CUTS=$((${HPCAP_CUTS:-40} / 20))
[ "$CUTS" -ge 1 ] || CUTS=1
DIR=/mnt/store
LOG=$JOB/storing.log

boot() {
	"$LAB" up --kernel "${HPCAP_KERNEL:-6.12}" --topology nic-disk >/dev/null 2>"$JOB/up.log" ||
		fail "the machine does not come up: $(tail -n 1 "$JOB/up.log")"
	host_sh 'modprobe virtio_blk; modprobe ext4
		for i in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/vda ] && break; sleep 0.3; done
		mkdir -p "$1"
		mount /dev/vda "$1" 2>/dev/null || { mkfs.ext4 -q /dev/vda && mount /dev/vda "$1"; }' \
		"$DIR" || fail "no disk"
}

# cut N: store until the power fails.
cut() {
	local options=()

	[ $(($1 % 2)) = 1 ] || options=(--sync-each)
	rm -f "$LOG"
	host_sh 'd=$1; shift
		( /src/build/bench/storing --number --progress --len 900 --rate 1500 --ring 16 \
			--block 65536 --file-size 4194304 --seconds 100 "$@" "$d" >/job/storing.log 2>&1 &
		) </dev/null >/dev/null 2>&1' "$DIR" ${options[@]+"${options[@]}"}
	wait_for 180 grep -q safe "$LOG" || fail "nothing is stored: $(tail -n 1 "$LOG")"
	sleep "$((RANDOM % 6)).$((RANDOM % 1000))"
	kill -KILL "$(cat "$RUN_DIR/qemu.pid")"
	"$LAB" down >/dev/null 2>&1
}

# check N: what is there after the cut.
check() {
	local safe found

	safe=$(sed -n 's/^safe \([0-9]*\)$/\1/p' "$LOG" | tail -n 1)
	# behind what was safe a file may be empty, or a block be missing that was under way
	# when a later one was written: that stays, and is named
	host_sh 'find "$1" -name "*.raw" -size +0 | sort >/tmp/files
		xargs -r /src/build/bin/checkraw --repair --quiet </tmp/files' "$DIR" >"$JOB/repair.log" 2>&1 ||
		note "cut $1: $(tail -n 1 "$JOB/repair.log")"
	found=$(host_sh 'xargs /src/build/bin/numbered -g </tmp/files' | tail -n 1)
	note "cut $1: $safe frames were safe, $found found"
	expect_ge "cut $1: frames" "$safe" "$found"
	host_sh 'rm -rf "$1"/[0-9]* "$1"/hpcap.journal && sync' "$DIR"
}

mkdir -p "$JOB"
rm -f "$JOB/disk.img"
at_exit rm -f "$JOB/disk.img"
at_exit "$LAB" down
boot
for ((n = 1; n <= CUTS; n++)); do
	cut "$n"
	boot
	check "$n"
done
ok "$CUTS power cuts"
