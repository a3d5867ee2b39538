#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Power cuts while storing, many to a boot: device mapper takes the disk away, fails
# or swallows writes, or leaves out what no flush had made safe; ext4 and xfs. No frame
# that the writer called safe may be missing, and every file must be whole.
# HPCAP_CUTS=200 is the long run, of which the machine's own cuts (71-store-cuts) are a
# part; most are cuts of a log of writes, which cost least.
# kernels: 6.1 6.12
# daily: none
# timeout: 2600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

CUTS=${HPCAP_CUTS:-18}
# one in twenty is a killed machine's
[ -z "${HPCAP_CUTS:-}" ] || CUTS=$((CUTS - CUTS / 20))
few=$(((CUTS + 29) / 32))
many=$(((CUTS - 6 * few + 1) / 2))
[ $many -ge 1 ] || many=1

mkdir -p "$SCRATCH"
: >"$SCRATCH/cuts"
sum=0
for fs in ext4 xfs; do
	for kind in log error flakey drop; do
		each=$few
		[ $kind != log ] || each=$many
		sum=$((sum + each))
		began=$SECONDS
		VM_TIMEOUT=1500 host bash /src/tests/lab/cut_disk.sh "$kind" $fs $each >"$SCRATCH/out" 2>&1 ||
			fail "$kind, $fs: $(tail -n 2 "$SCRATCH/out" | paste -sd ' ')"
		expect "cuts of $kind, $fs" $each "$(grep -c '^[0-9]* safe, [0-9]* found$' "$SCRATCH/out")"
		note "$kind, $fs: $each cuts in $((SECONDS - began)) s," \
			"$(awk '{ s += $1; f += $3 } END { print s " frames safe, " f " found" }' "$SCRATCH/out")"
		sed "s/^/$kind $fs: /" "$SCRATCH/out" >>"$SCRATCH/cuts"
	done
done
dmesg_check host
ok "$sum cuts"
