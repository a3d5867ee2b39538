#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/run in the lab, ended by SIGINT, then by SIGKILL, each in the middle of a cell:
# no machine, process or folder of it is left; --resume measures what is missing, once.
# daily: none
# timeout: 900
export LAB_NAME=benchresume
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/unit/benchlab.sh
. "${0%/*}/benchlab.sh"

mkdir "$dir/tmp"
export TMPDIR=$dir/tmp

nothing_left() {
	! "$LAB" status && ! pgrep -f "run/$LAB_NAME/" && [ -z "$(ls "$dir/tmp")" ]
}

# ended SIGNAL CASE ARG...: bench/run with these, in the middle of that cell.
ended() {
	local signal=$1 pid

	# a job of its own: who is started in the background of a script ignores SIGINT
	set -m
	"$TOP/bench/run" "${@:3}" >"$dir/log" 2>&1 </dev/null &
	pid=$!
	set +m
	at_exit kill -KILL $pid
	wait_for 300 grep -qs "^$2.*captured" "$dir/out/.part" ||
		fail "$2 is not measured: $(tail -n 3 "$dir/log")"
	! "$TOP/bench/run" --where lab --only net.host.xdp --out "$dir/other" >"$dir/log.other" 2>&1 </dev/null ||
		fail "two runs had one lab"
	expect "runs that a lab is refused to" 1 "$(grep -c "'$LAB_NAME' is up already" "$dir/log.other")"
	rm -rf "$dir/other"
	"$LAB" status >/dev/null || fail "who was refused ended the other's lab"
	kill "-$signal" $pid
	wait $pid 2>/dev/null
	wait_for 60 nothing_left || fail "left after SIG$signal: $(ls "$dir/tmp"; pgrep -af "run/$LAB_NAME/")"
}

note "SIGINT in the first cell"
ended INT net.host.tpacket --where lab --only net.host.tpacket --only net.host.xdp --out "$dir/out"
expect "rows of half a cell" 1 "$(wc -l <"$dir/out/results.tsv")"
note "SIGKILL in the second"
ended KILL net.host.xdp --resume "$dir/out"
cell_is_full net.host.tpacket
note "the rest"
"$TOP/bench/run" --resume "$dir/out" >"$dir/log" 2>&1 </dev/null || fail "$(tail -n 3 "$dir/log")"
for c in net.host.tpacket net.host.xdp; do
	cell_is_full $c
done
[ -s "$dir/out/report.html" ] || fail "no report"
expect "cells measured twice" 1 "$(grep -c 'net.host.xdp$' "$dir/log")"
expect "cells measured again" 0 "$(grep -c 'net.host.tpacket$' "$dir/log")"
wait_for 30 nothing_left || fail "left at the end: $(ls "$dir/tmp"; pgrep -af "run/$LAB_NAME/")"
ok "ended twice, whole in the end, nothing left"
