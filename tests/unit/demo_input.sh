#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The demo refuses what cannot go on the wire with one clear line, and boots
# nothing for it.
# timeout: 300
export LAB_NAME=demo-input
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"

# refuses STATUS WORDS DEMO-ARGUMENTS...
refuses() {
	local want=$1 words=$2 rc

	shift 2
	"$TOP/lab/demo" "$@" >"$dir/out" 2>"$dir/err"
	rc=$?
	expect "exit status with $*" "$want" $rc
	grep -v '^lab: ' "$dir/err" >"$dir/said"
	expect "lines said with $*" 1 "$(wc -l <"$dir/said")"
	grep -qE "$words" "$dir/said" || fail "$*: says $(cat "$dir/said")"
	[ ! -e "$RUN_DIR/qemu.pid" ] || fail "$*: something was booted"
}

tool framegen --frames 200 -o "$dir/a.pcap" || fail "framegen"
tool editcap -T rawip "$dir/a.pcap" "$dir/raw.pcap"
head -c 20000 "$dir/a.pcap" >"$dir/cut.pcap"
head -c 24 "$dir/a.pcap" >"$dir/empty.pcap"
tail -c 1000 "$dir/a.pcap" >"$dir/bytes.pcap"

refuses 2 "unknown argument" --nonsense
refuses 2 "wanted a number" --pps 0
refuses 2 "not with --vnma" --vnma --pps 100
refuses 1 "no such file" --pcap "$dir/none.pcap"
refuses 1 "neither pcap nor pcapng" --pcap "$dir/bytes.pcap"
refuses 1 "not Ethernet" --pcap "$dir/raw.pcap"
refuses 1 "damaged behind frame" --pcap "$dir/cut.pcap"
refuses 1 "no frames" --pcap "$dir/empty.pcap"
refuses 1 "has 15.. bytes, MTU 1000 .*use --mtu 9000" --pcap "$dir/a.pcap" --mtu 1000
refuses 1 "no kernel 2.4" --kernel 2.4
ok "refused"
