#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/run in the lab, its guest stopped for good in the middle of a cell: another guest
# is booted and the cell is whole.
# daily: none
# timeout: 900
export LAB_NAME=benchsilent
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/unit/benchlab.sh
. "${0%/*}/benchlab.sh"

set -m
"$TOP/bench/run" --where lab --only net.virtio.tpacket --out "$dir/out" >"$dir/log" 2>&1 </dev/null &
pid=$!
set +m
at_exit kill -INT $pid
wait_for 400 grep -qs "captured" "$dir/out/.part" || fail "nothing is measured: $(tail -n 3 "$dir/log")"
note "the guest stops"
"$LAB" exec -- sh -c 'kill -STOP $(cat /run/hpcap-bench-guest/qemu)' || fail "no guest to stop"
wait $pid || fail "bench/run: $(tail -n 3 "$dir/log")"
expect "guests that fell silent" 1 "$(grep -c 'once more with another$' "$dir/log")"
expect "guests booted" 2 "$(grep -c 'booting a guest' "$dir/log")"
cell_is_full net.virtio.tpacket
expect "rows of the cell's first measurement" 0 "$(grep -c 'does not answer' "$dir/out/results.tsv")"
ok "a guest fell silent, its cell is whole"
