#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Power cuts while storing, many to a boot: device mapper takes the disk away, fails
# or swallows writes, or leaves out what no flush had made safe; ext4 and xfs. No frame
# that the writer called safe may be missing, and every file must be whole.
# HPCAP_CUTS=200 is the long run, a quarter of an hour.
# kernels: 6.1 6.12
# daily: none
# timeout: 1150
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

CUTS=${HPCAP_CUTS:-8}
KINDS=(error flakey drop log)

mkdir -p "$SCRATCH"
: >"$SCRATCH/cuts"
each=$(((CUTS + 7) / 8))
for fs in ext4 xfs; do
	for kind in "${KINDS[@]}"; do
		VM_TIMEOUT=600 host bash /src/tests/lab/cut_disk.sh "$kind" $fs $each >"$SCRATCH/out" 2>&1 ||
			fail "$(tail -n 2 "$SCRATCH/out" | paste -sd ' ')"
		expect "cuts of $kind, $fs" $each "$(grep -c '^[0-9]* safe, [0-9]* found$' "$SCRATCH/out")"
		note "$kind, $fs: $each cuts, $(awk '{ s += $1; f += $3 } END { print s " frames safe, " f " found" }' "$SCRATCH/out")"
		sed "s/^/$kind $fs: /" "$SCRATCH/out" >>"$SCRATCH/cuts"
	done
done
dmesg_check host
ok "$((8 * each)) cuts"
