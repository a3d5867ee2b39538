#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcap-storage on a real block device, where this machine lends one: an empty one
# gets a file system, is found again, and what holds something stays.
# timeout: 120
export LAB_NAME=storage
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "${1:-}" = inside ] || exec "$LAB" chroot -- "tests/unit/storage.sh" inside

dir=$(mktemp -d)
at_exit rm -rf "$dir"
truncate -s 1100M "$dir/disk"
disk=$(losetup -f --show "$dir/disk" 2>"$dir/err") || skip "no loop device here: $(cat "$dir/err")"
at_exit losetup -d "$disk"
at_exit umount "$dir/cap"
storage=build/bin/hpcap-storage

# runs STATUS WORDS ARGUMENTS...: ends so, and says that.
runs() {
	local want=$1 words=$2

	shift 2
	$storage "$@" >"$dir/out" 2>&1
	expect "status of $*" "$want" $?
	grep -q -- "$words" "$dir/out" || fail "$*: no '$words' in: $(cat "$dir/out")"
}

asks() {
	jq -r "$1" "$dir/out"
}

note "an empty one: formatted as told, mounted, the second time nothing is done"
runs 0 "mkfs.xfs .*su=65536,sw=4 $disk" prepare -n -m "$dir/cap" \
	--stripe-unit 64K --stripe-width 4 "$disk"
expect "bytes that a dry run wrote" 0 "$(tr -d '\0' <"$dir/disk" | wc -c)"
grep -qw xfs /proc/filesystems || modprobe xfs 2>/dev/null || skip "no XFS in this machine's kernel"
runs 0 'formatted, mounted' prepare -m "$dir/cap" --stripe-unit 64K --stripe-width 4 "$disk"
xfs_info "$dir/cap" | grep -q 'sunit=16 *swidth=64 blks' || fail "stripes: $(xfs_info "$dir/cap")"
grep "$dir/cap" /proc/mounts | grep -q 'noatime.*swalloc.*largeio.*logbsize=256k' ||
	fail "mount options: $(grep "$dir/cap" /proc/mounts)"
echo kept >"$dir/cap/file"
runs 0 '"formatted": false, "assembled": false, "mounted": false' prepare -j -m "$dir/cap" "$disk"
expect "who uses it" "mounted at $dir/cap" "$(asks .volume.user)"
runs 3 "is mounted at $dir/cap" prepare -m "$dir/other" "$disk"

note "how fast it is, in JSON; no file stays"
runs 0 '"mbit": 10000' check --seconds 1 --size 64M -j "$dir/cap"
[ "$(asks '.mean > 0 and .low <= .mean and (.links | length) == 7')" = true ] ||
	fail "check: $(cat "$dir/out")"
runs 1 'does not follow 1000000 Mbit/s' check --seconds 1 --size 64M --link 1000000 "$dir/cap"
expect "files" file "$(ls -A "$dir/cap")"

note "after a restart it is found and kept"
umount "$dir/cap"
runs 0 "^$disk: mounted at" prepare -m "$dir/cap" "$disk"
expect "the file" kept "$(cat "$dir/cap/file")"
umount "$dir/cap"

note "another file system, and mere data, stay"
mkfs.ext4 -q -F "$disk"
before=$(md5sum <"$dir/disk")
runs 3 'holds ext4' prepare -m "$dir/cap" "$disk"
expect "the disk" "$before" "$(md5sum <"$dir/disk")"
wipefs -a -q "$disk"
runs 3 'holds data: byte' prepare -m "$dir/cap" "$disk"
mkfs.xfs -q -f -L another "$disk"
runs 3 'holds xfs "another"' prepare -m "$dir/cap" "$disk"
ok "$TEST"
