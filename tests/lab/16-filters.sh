#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Filters by queue and by listener, swapped under traffic; caplen, headers, flow
# cut: what is stored is what was asked for, and the rest is counted by reason.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

BIN=/src/build/bin

ctl() {
	vm "$VM" "$BIN/hpcap-ctl" set 0_0 "$@" || fail "hpcap-ctl set $*"
}

# refused WORDS NAME=VALUE: an error of hpcap-ctl, and a line of the kernel's log
# that names the value.
refused() {
	vm "$VM" "$BIN/hpcap-ctl" set 0_0 "$2" >"$SCRATCH/refused.log" 2>&1 && fail "$2 was taken"
	vm_sh "$VM" 'dmesg | tail -n 3' | grep -q "$1" || fail "$2: the log does not say: $1"
}

# frames PCAP [EXPR]: how many there are that match, as tcpdump counts them.
frames() {
	tool tcpdump -Z root --count -r "$1" "${2:-}" 2>/dev/null |
		sed -n 's/^\([0-9]*\) packets*$/\1/p'
}

matching() {
	frames "$SCRATCH/sent.pcap" "$1"
}

# replay: $ALL frames of several protocols, stored as sent.pcap as they were sent.
replay() {
	wire_send --quiet --pcap "$SCRATCH/mixed.pcap" --pps 2000 --sent "$SCRATCH/sent.pcap" ||
		fail "wire: cannot send"
}

# pcap_start NAME [options]: a listener that writes pcap.
pcap_start() {
	local name=$1

	shift
	bg_start "$VM" "$name" sh -c 'to=$1; shift; exec "$0" "$@" 0 0 stdout >"$to"' \
		"$BIN/hpcapdd_p" "$VM_SCRATCH/$name.pcap" --name "$name" "$@"
	wait_for 20 grep -q capturing "$SCRATCH/$name.log" || fail "$name does not listen"
}

# pcap_end NAME: how many frames it has.
pcap_end() {
	bg_signal "$VM" "$1" INT
	expect "exit status of $1" 0 "$(bg_wait "$1" 60)"
	frames "$SCRATCH/$1.pcap"
}

vf_world 16
tool framegen --frames 2000 --seed 5 -o "$SCRATCH/all.pcap" || fail "framegen"
tool tcpdump -Z root -r "$SCRATCH/all.pcap" -w "$SCRATCH/mixed.pcap" \
	'not vlan and not ether multicast' 2>/dev/null || fail "tcpdump"
ALL=$(frames "$SCRATCH/mixed.pcap")
note "$ALL frames"

note "a filter of the queue, next to what tcpdump counts"
ctl 'filter=udp and less 400'
listen udp
replay
settled >/dev/null
listen_end udp
want=$(matching 'udp and less 400')
expect_ge "matching frames" 10 "$want"
expect "stored" "$want" "$(heard udp frames)"
expect "filtered" $((ALL - want)) "$(stat rx_hpcap_filtered)"
adds_up "$ALL"
expect "shown" 'udp and less 400' \
	"$(vm "$VM" "$BIN/hpcap-ctl" --json show 0_0 filter | json filter)"

note "a filter of each listener: the ring is shared, each gets its own"
ctl filter=
pcap_start tcp --filter tcp
pcap_start short --filter 'less 100' --caplen 40
listen files --filter 'tcp and less 100' --caplen 50
replay
settled >/dev/null
listen_end files
expect "files" "$(matching 'tcp and less 100')" "$(heard files frames)"
whole files
got=$(pcap_end short)
expect "short" "$(matching 'less 100')" "$got"
got=$(pcap_end tcp)
expect "tcp" "$(matching tcp)" "$got"
neither=$(matching 'not tcp and not less 100')
expect "filtered" $((ALL - want + neither)) "$(stat rx_hpcap_filtered)"
adds_up $((2 * ALL))

note "swapped under traffic: no frame that both accept is lost"
ctl 'filter=udp or tcp'
listen swap
replay &
for i in 1 2 3 4; do
	ctl "filter=tcp or ($i = $i and udp)"
done
wait $! || fail "wire"
settled >/dev/null
listen_end swap
expect "stored" "$(matching 'tcp or udp')" "$(heard swap frames)"

note "caplen, the flow cut, headers"
ctl filter= caplen=60
cut_bytes=$(stat rx_hpcap_cut_bytes)
listen cut
replay
settled >/dev/null
listen_end cut
expect "stored" "$ALL" "$(heard cut frames)"
expect_ge "bytes that were cut off" $((cut_bytes + 1000)) "$(stat rx_hpcap_cut_bytes)"
ctl caplen=0 flow-bytes=1000
listen flows
before=$(stat rx_hpcap_captured_frames)
replay
settled >/dev/null
listen_end flows
cut=$(stat rx_hpcap_flow_cut)
expect_ge "frames cut out of their flows" 10 "$cut"
expect "captured and cut" "$ALL" $(($(stat rx_hpcap_captured_frames) - before + cut))
ctl headers=on flow-bytes=0
cut_bytes=$(stat rx_hpcap_cut_bytes)
listen only
replay
settled >/dev/null
listen_end only
expect "stored as headers" "$ALL" "$(heard only frames)"
expect_ge "bytes behind headers" $((cut_bytes + ALL * 100)) "$(stat rx_hpcap_cut_bytes)"
vm_sh "$VM" 'cd /sys/class/misc/hpcap_0_0/keep; echo 1000 >flow_bytes; echo 4096 >flow_slots; echo 30 >flow_idle' ||
	fail "keep/ in sysfs"
expect "flow-slots" 4096 "$(vm "$VM" "$BIN/hpcap-ctl" --json show 0_0 flow-slots | json flow-slots)"
listen heads
replay
settled >/dev/null
listen_end heads
expect "stored, all at least as headers" "$ALL" "$(heard heads frames)"
whole heads
adds_up $((7 * ALL))

note "bad values change nothing and are told"
refused 'caplen 13: want 0 (all) or 14' caplen=13
refused 'flow_slots 1000: want a power of two' flow-slots=1000
refused 'flow_idle 100000: want' flow-idle=100000
refused 'evict_ms 99999999999: want' evict-ms=99999999999
vm "$VM" "$BIN/hpcap-ctl" set 0_0 'filter=no such words' >"$SCRATCH/refused.log" 2>&1 &&
	fail "nonsense was taken as a filter"
expect "flow-bytes as before" 1000 \
	"$(vm "$VM" "$BIN/hpcap-ctl" --json show 0_0 flow-bytes | json flow-bytes)"
dmesg_check "$VM"
ok "$TEST"
