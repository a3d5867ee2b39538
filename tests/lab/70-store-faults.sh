#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Storing while disks fail: errors of one of two volumes, for ever or now and then, a
# full one with old files to remove, a quota, a file system that turns read-only; ext4
# and xfs. Nothing is lost that some volume could take, and what cannot be stored is
# counted.
# kernels: 6.1 6.12
# daily: none
# timeout: 420
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

BIN=/src/build/bin
DISKS=/var/tmp/$TEST

# volume NAME MKFS MEGABYTES [OPTIONS]: $DISKS/NAME, on a device mapper device of that
# name, mounted with these options.
volume() {
	vm_sh "$VM" 'd=$1/$2
		mkdir -p "$d" && truncate -s "$4"M "$d.img" && modprobe loop && modprobe dm_mod &&
		l=$(losetup -f --show "$d.img") && echo "$l" >"$d.loop" &&
		dmsetup create "$2" --table "0 $(($4 * 2048)) linear $l 0" &&
		{ [ -e /dev/mapper/$2 ] || dmsetup mknodes; } &&
		mkfs.$3 -q /dev/mapper/$2 && mount -o "${5:-rw}" /dev/mapper/$2 "$d"' "$DISKS" "$@" ||
		fail "no volume $1"
	at_exit vm_sh "$VM" 'd=$1/$2; umount "$d"; dmsetup remove -f "$2"
		losetup -d "$(cat "$d.loop")"; rm -rf "$d" "$d.img" "$d.loop"' "$DISKS" "$1"
}

# table NAME LINE: another table for the device, at once.
table() {
	vm_sh "$VM" 'dmsetup suspend --noflush --nolockfs "$1" && dmsetup load "$1" --table "$2" &&
		dmsetup resume "$1"' "$@" || fail "dmsetup $1"
}

# store NAME [hpcapdd arguments]: returns when it is attached.
store() {
	local name=$1

	shift
	bg_start "$VM" "$name" "$BIN/hpcapdd" --json --stats=1 --name "$name" "$@"
	wait_for 20 grep -q capturing "$SCRATCH/$name.log" || fail "$name does not listen"
}

# end NAME STATUS
end() {
	bg_signal "$VM" "$1" INT || fail "$1 is gone: $(tail -n 1 "$SCRATCH/$1.log")"
	expect "exit status of $1" "$2" "$(bg_wait "$1" 60)"
}

# stored DIR: frames in all files there.
stored() {
	vm_sh "$VM" 'find "$1" -name "*.raw" -size +0 | sort | xargs -r "$2" --json' "$1" \
		"$BIN/checkraw" | sed -n 's/.*"verdict".*"frames": \([0-9]*\).*/\1/p' |
		awk '{ n += $1 } END { print n + 0 }'
}

vf_world 8
vm "$VM" mkdir -p "$DISKS"

note "one of two volumes begins to give errors: the capture goes on, on the other"
volume bad ext4 32
volume good xfs 330
store two --file-size=256K --block=64K 0 0 "$DISKS/bad" "$DISKS/good"
send 1000
sectors=$(vm_sh "$VM" 'blockdev --getsz /dev/mapper/bad')
table bad "0 $sectors error"
send 1000
send 1000
settled >/dev/null
end two 0
expect "frames taken" 3000 "$(heard two frames)"
expect "frames not stored" 0 "$(heard two not_stored)"
expect_ge "faults" 1 "$(heard two faults)"
expect "messages" 1 "$(grep -c 'bad: .*going on without it' "$SCRATCH/two.log")"
on_good=$(stored "$DISKS/good")
expect_ge "frames on the good volume" 1500 "$on_good"

note "one of two volumes answers now and then: nothing is lost"
volume shaky ext4 32
store now --file-size=256K --block=64K 0 0 "$DISKS/shaky" "$DISKS/good"
host modprobe dm_flakey || fail "no module dm_flakey"
table shaky "0 $((32 * 2048)) flakey $(host cat "$DISKS/shaky.loop") 0 2 2"
send 9000 --pps 1500
settled >/dev/null
bg_signal "$VM" now INT || fail "now is gone: $(tail -n 1 "$SCRATCH/now.log")"
status=$(bg_wait now 60)
# frames whose flush failed are there, but are not called safe
expect "exit status of now" $(($(heard now doubtful) > 0)) "$status"
expect "frames safe and doubtful" 9000 $(($(heard now safe_frames) + $(heard now doubtful)))
expect "frames taken" 9000 "$(heard now frames)"
expect "frames not stored" 0 "$(heard now not_stored)"
expect_ge "faults" 1 "$(heard now faults)"
table shaky "0 $((32 * 2048)) linear $(host cat "$DISKS/shaky.loop") 0"

note "a quota is used up: frames are counted; it is raised, and they are stored"
volume quota xfs 330 gquota
# limit SIZE: of the group that owns what is written there
limit() {
	host xfs_quota -x -c "limit -g bhard=$1 4242" "$DISKS/quota" || fail "xfs_quota"
}
vm_sh "$VM" 'mkdir "$1" && chgrp 4242 "$1" && chmod g+s "$1"' "$DISKS/quota/in" ||
	fail "no directory with a quota"
limit 3m
store quota --file-size=512K --block=64K 0 0 "$DISKS/quota/in"
send 12000 --pps 4000
settled >/dev/null
sleep 1
limit 100m
sleep 2
send 1000
settled >/dev/null
end quota 1
expect "frames taken" 13000 "$(heard quota frames)"
expect_ge "frames not stored" 1 "$(heard quota not_stored)"
expect "frames stored and not stored" 13000 \
	$(($(stored "$DISKS/quota/in") + $(heard quota not_stored)))
expect_ge "messages that it is used up" 1 "$(grep -c 'quota.*lost and counted' "$SCRATCH/quota.log")"
expect_ge "messages that it is back" 1 "$(grep -c 'takes files again' "$SCRATCH/quota.log")"

note "a volume that is full: frames are counted; space returns, and they are stored"
volume small ext4 16
store full --file-size=1M --block=64K 0 0 "$DISKS/small"
send 200
vm_sh "$VM" 'fallocate -l 64M "$1/ballast" 2>/dev/null; cat /dev/zero >"$1/ballast" 2>/dev/null; true' "$DISKS/small"
send 4000
settled >/dev/null
sleep 1
vm "$VM" rm "$DISKS/small/ballast"
sleep 2
send 1000
settled >/dev/null
end full 1
expect "frames taken" 5200 "$(heard full frames)"
expect "frames stored and not stored" 5200 \
	$(($(stored "$DISKS/small") + $(heard full not_stored)))
expect "messages that it is full" 1 "$(grep -c 'no space left.*lost and counted' "$SCRATCH/full.log")"
expect_ge "messages that it is back" 1 "$(grep -c 'takes files again' "$SCRATCH/full.log")"
vm_sh "$VM" 'rm -rf "$1"/[0-9]*' "$DISKS/small"

note "the same volume with old files to remove: nothing is lost"
store ring -C 1M -W 4 --block=64K 0 0 "$DISKS/small"
send 12000 --pps 4000
settled >/dev/null
end ring 0
expect "frames not stored" 0 "$(heard ring not_stored)"
expect_ge "files removed" 1 "$(heard ring removed_files)"
expect "files that stay" 4 "$(vm_sh "$VM" 'find "$1" -name "*.raw" | wc -l' "$DISKS/small")"

note "the file system finds an error and turns read-only"
store ro --file-size=256K --block=64K 0 0 "$DISKS/small"
send 500
vm_sh "$VM" 'mount -o remount,errors=remount-ro "$1" || exit
	for t in /sys/fs/ext4/*/trigger_fs_error; do
		d=${t%/*}
		[ "$(cat "/sys/block/${d##*/}/dm/name")" != small ] || echo 1 >"$t"
	done
	grep -q " $1 ext4 ro" /proc/mounts' "$DISKS/small" || fail "cannot make it read-only"
send 2500
settled >/dev/null
end ro 1
expect "frames taken" 3000 "$(heard ro frames)"
expect_ge "frames not stored" 1 "$(heard ro not_stored)"
expect "messages" 1 "$(grep -c 'small: .*lost and counted' "$SCRATCH/ro.log")"
ok "$TEST"
