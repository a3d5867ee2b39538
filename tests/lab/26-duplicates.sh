#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Copies are dropped or marked, counted, and found again in the file by
# hpcap-dups; off they cost nothing and change nothing; wrong values are refused.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

N=1500
SYS=/sys/class/misc/hpcap_0_0/dup

ctl() {
	vm "$VM" /src/build/bin/hpcap-ctl "$@" >"$SCRATCH/ctl.out" 2>&1
}

refused() {
	vm_sh "$VM" 'echo "$2" >"$1"' "$SYS/$1" "$2" 2>/dev/null && fail "$1 took $2"
	vm "$VM" dmesg | tail -n 5 | grep -qF "$2" || fail "the log does not name $2"
}

# twice: what was sent, each frame two times, to $SCRATCH/twice.pcap.
twice() {
	wire_send --quiet --pcap "$SCRATCH/twice.pcap" --pps 2000 --count $((2 * N)) ||
		fail "wire: cannot send"
	settled >/dev/null
}

vf_world 64
expect "mode at first" off "$(vm "$VM" cat $SYS/mode)"
refused mode maybe
refused entries 1000
refused bytes 300
refused window_us 0
refused ignore ttl,colour
ctl set 0_0 dup-levels=3 && fail "hpcap-ctl took three levels"

note "off: all is stored"
listen a
send $N
settled >/dev/null
listen_end a
same_frames a
expect "copies" 0 "$(stat rx_hpcap_dup_frames)"
tool mergecap -F nsecpcap -w "$SCRATCH/twice.pcap" "$SCRATCH/sent.pcap" "$SCRATCH/sent.pcap" ||
	fail "mergecap"

note "drop: each once"
ctl set 0_0 dup-window=10000000 dup=drop || fail "dup=drop: $(tail -n 1 "$SCRATCH/ctl.out")"
listen b
twice
listen_end b
same_frames b "$SCRATCH/sent.pcap"
expect "copies dropped" $N "$(stat rx_hpcap_dup_frames)"

note "mark: all, and which"
ctl set 0_0 dup-key=rss dup-levels=4 dup-bytes=128 dup-entries=65536 || fail "hpcap-ctl"
ctl set 0_0 dup=mark dup-ignore=ttl,checksum || fail "dup=mark"
listen c
twice
listen_end c
same_frames c "$SCRATCH/twice.pcap"
expect "copies marked" $N "$(stat rx_hpcap_dup_marked_frames)"
expect "found by the file in sysfs" $N "$(vm "$VM" cat $SYS/found)"
expect "found in the file" $N "$(tool hpcap-dups --json --window 10000000 "$SCRATCH"/c.d/*/*.raw |
	json copies)"

note "off again"
ctl set 0_0 dup=off || fail "dup=off"
listen d
send 200
settled >/dev/null
listen_end d
same_frames d
dmesg_check "$VM"
ok "$TEST"
