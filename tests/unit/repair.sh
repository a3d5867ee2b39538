#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A block that was reserved and never written, between blocks that were, becomes
# padding, also when somebody has read the file before.
export LAB_NAME=repair
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

mkdir -p "$TOP/build"
dir=$(mktemp -d "$TOP/build/repair.XXXXXX")
at_exit rm -rf "$dir"
tool framegen --frames 4000 -o "$dir/a.pcap" || fail "framegen"
tool pcap2raw -q "$dir/a.pcap" "$dir/a.raw" || fail "pcap2raw"
if ! fallocate --zero-range --keep-size -o 131072 -l 65536 "$dir/a.raw" 2>/dev/null ||
	! fallocate --zero-range --keep-size -o 327680 -l 131072 "$dir/a.raw"; then
	skip "this file system reserves no blocks"
fi
sync "$dir/a.raw"
cat "$dir/a.raw" >/dev/null
! tool checkraw -q "$dir/a.raw" >/dev/null || fail "no damage is seen"
tool checkraw --repair "$dir/a.raw" >"$dir/said" 2>&1 || fail "not made whole: $(cat "$dir/said")"
grep -q 'bytes of holes made padding' "$dir/said" || fail "says $(cat "$dir/said")"
expect "the other frames" 1 "$(($(tool rawinfo --json "$dir/a.raw" | json frames) > 2500))"
ok
