#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Power cuts while storing, many to a boot: device mapper takes the disk away, fails
# or swallows writes, or leaves out what no flush had made safe; ext4 and xfs. No frame
# that the writer called safe may be missing, and every file must be whole.
# HPCAP_CUTS=200 is the long run, half an hour on a busy machine; half of them are cuts of
# a log of writes, which cost least.
# kernels: 6.1 6.12
# daily: none
# timeout: 2400
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

CUTS=${HPCAP_CUTS:-12}

mkdir -p "$SCRATCH"
: >"$SCRATCH/cuts"
sum=0
for fs in ext4 xfs; do
	for kind in log error flakey drop; do
		each=$(((CUTS + 11) / 12))
		[ $kind != log ] || each=$((3 * each))
		sum=$((sum + each))
		VM_TIMEOUT=1100 host bash /src/tests/lab/cut_disk.sh "$kind" $fs $each >"$SCRATCH/out" 2>&1 ||
			fail "$(tail -n 2 "$SCRATCH/out" | paste -sd ' ')"
		expect "cuts of $kind, $fs" $each "$(grep -c '^[0-9]* safe, [0-9]* found$' "$SCRATCH/out")"
		note "$kind, $fs: $each cuts, $(awk '{ s += $1; f += $3 } END { print s " frames safe, " f " found" }' "$SCRATCH/out")"
		sed "s/^/$kind $fs: /" "$SCRATCH/out" >>"$SCRATCH/cuts"
	done
done
dmesg_check host
ok "$sum cuts"
