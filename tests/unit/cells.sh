#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/run in the lab: a guest boots, cells of it are measured by each kind of engine,
# exits, instructions and the first frame's way are counted; no machine runs on.
# daily: none
# timeout: 1200
export LAB_NAME=benchcells
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/unit/benchlab.sh
. "${0%/*}/benchlab.sh"

note "cells of a guest"
"$TOP/bench/run" --where lab --only net.vf.hpcap --only net.vf.dpdk --only net.virtio.tcpdump \
	--repeats 2 --out "$dir/out" >"$dir/log" 2>&1 </dev/null || fail "$(tail -n 3 "$dir/log")"
for c in net.vf.hpcap net.vf.dpdk net.virtio.tcpdump; do
	cell_is_full "$c"
	exits_are_counted "$c"
done
if grep -q '^accel tcg' "$dir/out/machine.txt"; then
	expect "counts of instructions" 2 "$(figure net.vf.hpcap instructions | wc -l)"
	expect_ge "instructions a frame" 100 "$(figure net.vf.hpcap instructions | head -n 1 | cut -d. -f1)"
fi
expect "exits with a busy thread" 2 "$(figure net.vf.hpcap exits_busy | wc -l)"
! "$LAB" status >/dev/null || fail "the lab is still up"

ok "cells, exits, instructions, nothing left"
