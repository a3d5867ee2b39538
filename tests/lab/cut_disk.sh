#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In the machine: power cuts as device mapper plays them, to a writer at work.
#	cut_disk.sh KIND FS N
#	error	from a random moment on every request fails, as of a disk pulled out
#	flakey	writes fail, reads do not
#	drop	writes are said to be done, and are not
#	log	a log of all writes is made once, then done again up to a random entry: what
#		no flush had made safe by then is missing, later writes or not
# After each the file system is mounted again, checkraw --repair runs, and no frame
# that the writer had called safe may be missing. One line each: safe, found.
set -u -o pipefail

KIND=$1 FS=$2 N=$3
BIN=/src/build/bin
HERE=/var/tmp/cuts
DIR=$HERE/mnt
SIZE=64	# MiB
MKFS=("mkfs.$FS" -q -F)
# smaller than it likes: less to copy for each cut
[ "$FS" != xfs ] || SIZE=96 MKFS=(mkfs.xfs -q -f --unsupported -l size=16m)
NAME=cut-$FS
DEV=/dev/mapper/$NAME

die() {
	echo "cut_disk: $KIND, $FS: $*"
	exit 1
}

# must CMD...
must() {
	"$@" || die "failed: $*"
}

tidy() {
	[ -z "${PID:-}" ] || kill -9 "$PID"
	umount "$DIR"
	dmsetup remove -f "$NAME"
	losetup -D
	rm -rf "$HERE"
}

# table LINE: another one for the device, at once.
table() {
	must dmsetup suspend --noflush --nolockfs "$NAME"
	must dmsetup load "$NAME" --table "$1"
	must dmsetup resume "$NAME"
}

safe() {
	sed -n 's/^safe \([0-9]*\)$/\1/p' "$HERE/log" | tail -n 1
}

# store WHICH: the writer starts; every other time each block is flushed.
store() {
	local options=() i

	[ $(($1 % 2)) = 1 ] || options=(--sync-each)
	: >"$HERE/log"
	/src/build/bench/storing --number --progress --len 900 --rate 2000 --ring 16 --block 65536 \
		--file-size 4194304 --seconds 1000 ${options[@]+"${options[@]}"} "$DIR" >"$HERE/log" 2>&1 &
	PID=$!
	for ((i = 0; i < 3000; i++)); do
		! grep -q safe "$HERE/log" || return 0
		sleep 0.1
	done
	die "nothing is stored: $(tail -n 1 "$HERE/log")"
}

store_killed() {
	kill -9 "$PID"
	wait "$PID" 2>/dev/null
	PID=
}

# look SAFE: what is in the file system that is mounted now.
look() {
	local found

	find "$DIR" -name '*.raw' -size +0 | sort >"$HERE/files"
	# a file that had just been begun has its size, but no record yet; in a log a gap may
	# stand behind what was safe, which stays and is named as damage
	xargs -r $BIN/checkraw --repair --quiet <"$HERE/files" >"$HERE/repair" 2>&1 ||
		[ "$KIND" = log ] || ! grep -v 'holds no record, left alone' "$HERE/repair" >"$HERE/bad" ||
		die "$(paste -sd ' ' "$HERE/bad")"
	# of blocks under way at once a later one may be there, and one before it not
	found=$(xargs $BIN/numbered -g <"$HERE/files" | tail -n 1)
	echo "$1 safe, $found found"
	[ "$found" -ge "$1" ] || die "frames are missing"
}

cut() {
	local before

	store "$1"
	sleep "$((RANDOM % 2)).$((RANDOM % 1000))"
	before=$(safe)
	case $KIND in
	error) table "0 $SECTORS error" ;;
	flakey) table "0 $SECTORS flakey $LOOP 0 0 100000 1 error_writes" ;;
	drop) table "0 $SECTORS flakey $LOOP 0 0 100000 1 drop_writes" ;;
	esac
	# what a disk that lies says from now on counts for nothing
	[ "$KIND" = drop ] || sleep 0.3
	[ "$KIND" = drop ] || before=$(safe)
	store_killed
	must umount "$DIR"
	table "0 $SECTORS linear $LOOP 0"
	must mount "$DEV" "$DIR"
	look "$before"
	rm -rf "$DIR"/[0-9]* "$DIR"/hpcap.journal
}

cuts() {
	local i

	must dmsetup create "$NAME" --table "0 $SECTORS linear $LOOP 0"
	must dmsetup mknodes
	must mount "$DEV" "$DIR"
	for ((i = 1; i <= N; i++)); do
		cut "$i"
	done
}

# Each "safe" goes into the log of writes, behind what made it true.
record() {
	local said=0 now end

	must truncate -s 400M "$HERE/writes"
	WRITES=$(losetup -f --show "$HERE/writes") || die "no loop device"
	must dmsetup create "$NAME" --table "0 $SECTORS log-writes $LOOP $WRITES"
	must dmsetup mknodes
	must mount "$DEV" "$DIR"
	store "$1"
	end=$((SECONDS + 20))
	while [ "$SECONDS" -lt "$end" ]; do
		now=$(safe)
		[ "$now" = "$said" ] || must dmsetup message "$NAME" 0 mark "$now"
		said=$now
		sleep 0.1
	done
	store_killed
	must umount "$DIR"
	must dmsetup remove "$NAME"
}

# replays WHICH HOW-MANY: one log, cut off so often.
replays() {
	local from=0 to said

	must "${MKFS[@]}" "$LOOP" 2>/dev/null
	must sync
	must cp "$HERE/disk" "$HERE/again"
	record "$1"
	for to in $(shuf -i "1-$($BIN/logcut "$WRITES")" -n "$2" | sort -n); do
		said=$($BIN/logcut "$WRITES" "$HERE/again" "$from" "$to") || die "logcut"
		from=$to
		must cp "$HERE/again" "$HERE/once"
		mount -o loop "$HERE/once" "$DIR" || die "cannot be mounted, cut before entry $to"
		look "${said:-0}"
		must umount "$DIR"
	done
	losetup -d "$WRITES"
	rm "$HERE/writes"
}

trap 'tidy 2>/dev/null' EXIT
for m in loop dm_mod dm_flakey dm_log_writes "$FS"; do
	modprobe "$m" || die "no module $m"
done
must mkdir -p "$DIR"
must truncate -s "${SIZE}M" "$HERE/disk"
must "${MKFS[@]}" "$HERE/disk" 2>/dev/null
LOOP=$(losetup -f --show "$HERE/disk") || die "no loop device"
SECTORS=$((SIZE * 2048))
if [ "$KIND" = log ]; then
	replays 1 $(((N + 1) / 2))
	[ "$N" -lt 2 ] || replays 2 $((N / 2))
else
	cuts
fi
