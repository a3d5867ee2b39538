#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcap-storage on a MegaRAID controller's volumes and an NVMe drive: each alone, a
# RAID-0 of two, found again when started anew, and what holds something stays.
# topology: storage
# daily: none
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

CAP=/var/tmp/cap
storage() {
	host /src/build/bin/hpcap-storage "$@" >"$SCRATCH/out" 2>"$SCRATCH/err"
}

# runs STATUS WORDS ARGUMENTS...
runs() {
	local want=$1 words=$2 rc

	shift 2
	storage "$@"
	rc=$?
	expect "status of $* ($(cat "$SCRATCH/err"))" "$want" $rc
	grep -q -- "$words" "$SCRATCH/out" "$SCRATCH/err" ||
		fail "$*: no '$words' in: $(cat "$SCRATCH/out" "$SCRATCH/err")"
}

# of SERIAL KEY: from the list of volumes.
of() {
	tool jq -r --arg s "$1" ".volumes[] | select(.serial == \$s) | .$2" "$SCRATCH/show"
}

mkdir -p "$SCRATCH"
host_sh 'modprobe megaraid_sas && modprobe sd_mod && modprobe nvme && modprobe xfs && modprobe raid0' ||
	fail "drivers of the controllers"
at_exit host_sh 'umount '$CAP'; mdadm --stop --scan'
volumes() {
	storage show --json && cp "$SCRATCH/out" "$SCRATCH/show" &&
		[ -n "$(of HPCAP-RAID-0 device)" ] && [ -n "$(of HPCAP-RAID-1 device)" ] &&
		[ -n "$(of HPCAP-NVME device)" ]
}
wait_for 30 volumes || fail "the volumes do not appear: $(cat "$SCRATCH/out")"
raid0=$(of HPCAP-RAID-0 device)
raid1=$(of HPCAP-RAID-1 device)
expect "controller" "$(lab_var LAB_RAID)" "$(of HPCAP-RAID-0 controller)"
expect "stripe unit" 65536 "$(of HPCAP-RAID-0 stripe_unit)"
expect "stripe width" 4 "$(of HPCAP-RAID-0 stripe_width)"
expect "NVMe drive" "$(lab_var LAB_NVME)" "$(of HPCAP-NVME controller)"
expect "users" "" "$(of HPCAP-RAID-0 user)$(of HPCAP-RAID-1 user)$(of HPCAP-NVME user)"

note "three empty volumes: none is chosen by chance"
runs 3 '3 volumes could be formatted' prepare -m $CAP

note "one by its serial number, with the controller's stripes"
runs 0 'formatted, mounted' prepare -m $CAP HPCAP-RAID-0
host xfs_info $CAP | grep -q 'sunit=16 *swidth=64 blks' || fail "stripes of $(host xfs_info $CAP)"
runs 0 'was mounted' prepare -m $CAP
runs 0 '"mbit": 10000' check --json --seconds 2 --size 256M $CAP
note "wrote $(json mean <"$SCRATCH/out") bytes a second"
runs 3 "is mounted at $CAP" prepare -m /var/tmp/other
host umount $CAP
runs 0 "^$raid0: mounted" prepare -m $CAP
host umount $CAP

note "one that holds something goes only by its number"
runs 3 "$raid0 holds xfs \"hpcap\"; if that may go, say so with --format 'HPCAP-RAID-0'" \
	prepare -m $CAP --label more --raid0 "$raid0" "$raid1"

note "a RAID-0 of both: made, stopped, found again"
runs 0 'array started, formatted, mounted' prepare -m $CAP --raid0 \
	--format HPCAP-RAID-0 --label more "$raid0" "$raid1"
host xfs_info $CAP | grep -q 'sunit=64 *swidth=128 blks' || fail "stripes of $(host xfs_info $CAP)"
host_sh 'echo kept >$1/file; umount $1; mdadm --stop --scan 2>/dev/null' $CAP || fail "cannot stop it"
runs 0 'array started, mounted' prepare -m $CAP --label more
expect "the file" kept "$(host cat $CAP/file)"
host_sh 'umount $1; mdadm --stop --scan 2>/dev/null' $CAP

note "the NVMe drive is the only empty one now"
runs 0 'formatted, mounted' prepare -m $CAP
storage show --json
cp "$SCRATCH/out" "$SCRATCH/show"
expect "where the NVMe drive is" $CAP "$(of HPCAP-NVME mount)"
dmesg_check host
ok "$TEST"
