#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/run in the lab: a guest boots, cells of it are measured by each kind of engine,
# exits and instructions are counted; killed without a word, no machine runs on.
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
done
if grep -q '^accel tcg' "$dir/out/machine.txt"; then
	expect "counts of instructions" 2 "$(figure net.vf.hpcap instructions | wc -l)"
	expect_ge "instructions a frame" "$(figure net.vf.hpcap instructions | head -n 1 | cut -d. -f1)" 100
fi
expect "exits with a busy thread" 2 "$(figure net.vf.hpcap exits_busy | wc -l)"
! "$LAB" status >/dev/null || fail "the lab is still up"

note "killed without a word"
"$TOP/bench/run" --where lab --only net.host.tpacket --out "$dir/killed" >"$dir/log" 2>&1 </dev/null &
pid=$!
measures() {
	grep -q '^net.host.tpacket.*captured' "$dir/killed/.part"
}
wait_for 200 measures || fail "no measurement begins: $(tail -n 3 "$dir/log")"
kill -KILL $pid
wait $pid 2>/dev/null
lab_is_down() {
	! "$LAB" status
}
wait_for 30 lab_is_down || fail "the lab is up 30 s after SIGKILL"
ok "cells, exits, instructions, nothing left"
