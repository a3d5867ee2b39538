#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unmodified tcpdump and tshark capture through the engine, by the library before
# libpcap and by extcap: the frames they store are the frames sent.
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/feed.sh
. "${0%/*}/feed.sh"

FRAMES=1000
vf_world 16

note "ordinary devices work as ever under the library"
vm_sh "$VM" 'exec >"$1/lo.log" 2>&1
	ip link set lo up
	timeout 30 "$2" tcpdump -n -i lo -c 3 -w "$1/lo.pcap" udp port 4242 &
	for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
		kill -0 $! || break
		sleep 0.5
		echo hello | timeout 1 bash -c "cat >/dev/udp/127.0.0.1/4242"
	done
	wait $!' "$VM_SCRATCH" "$RUN" || fail "tcpdump -i lo: $(tail -n 2 "$SCRATCH/lo.log")"
expect "frames of lo" 3 "$(frames_of "$SCRATCH/lo.pcap")"
vm "$VM" "$RUN" tcpdump -D >"$SCRATCH/list" 2>&1
grep -q 'hpcap:0:0 (hpcap capture queue 0 of adapter 0)' "$SCRATCH/list" || fail "tcpdump -D lacks hpcap:0:0"
grep -q '\.lo ' "$SCRATCH/list" || fail "tcpdump -D lacks lo"

note "tcpdump"
feed tcpdump "$RUN" tcpdump -n -i hpcap:0:0 --nano -w "$VM_SCRATCH/tcpdump.pcap" -c $FRAMES
same_as_sent tcpdump.pcap
grep -q '^0 packets dropped by kernel' "$SCRATCH/tcpdump.log" || fail "tcpdump lost frames"

note "tcpdump with a filter, a snap length, ended by a signal"
feed_start tcpdump "$RUN" tcpdump -n -i hpcap:0:0 -s 80 -U -w "$VM_SCRATCH/cut.pcap" 'greater 500'
send $FRAMES
want=$(frames_of "$SCRATCH/sent.pcap" 'greater 500')
all_there() {
	[ "$(frames_of "$SCRATCH/cut.pcap")" = "$want" ]
}
# a signal ends tcpdump before it has read what is there
wait_for 30 all_there
bg_signal "$VM" tcpdump INT
expect "exit status of tcpdump" 0 "$(bg_wait tcpdump 60)"
expect "frames that pass the filter" "$want" "$(frames_of "$SCRATCH/cut.pcap")"

note "tshark, whose capture is dumpcap's"
feed dumpcap "$RUN" tshark -n -q -i hpcap:0:0 -w "$VM_SCRATCH/tshark.pcapng" -c $FRAMES
same_as_sent tshark.pcapng

note "no such queue: one error that names it"
vm "$VM" "$RUN" tcpdump -i hpcap:7:0 >"$SCRATCH/none.log" 2>&1 && fail "tcpdump -i hpcap:7:0"
grep -q 'hpcap:7:0.*no such capture queue' "$SCRATCH/none.log" || fail "$(cat "$SCRATCH/none.log")"
dmesg_check "$VM"
ok "$TEST"
