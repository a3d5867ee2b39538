#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Capture on the PF itself: frames stored are the frames on the wire, with one
# queue in order, with four each frame once; modes change under traffic.
# storey: pf
# kernels: 6.1 6.12
# timeout: 400
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

pf_world mode=capture
host_sh 'echo 64 >/sys/module/hpcap_core/parameters/ring_mb'
host ip link set "$PF_IF" promisc on
sleep 1
listen dd
send 5000
settled >/dev/null
listen_end dd
expect "frames stored" 5000 "$(heard dd frames)"
same_frames dd

note "tags stay in the frames"
listen tags
send 1000 --vlan 100
settled >/dev/null
listen_end tags
same_frames tags

note "long frames"
host ip link set "$PF_IF" mtu 9000 || fail "mtu"
listen jumbo
send 1000 --pattern 60-9014 --pps 800
settled >/dev/null
listen_end jumbo
same_frames jumbo
adds_up 7000

note "four queues, each its own buffer"
host ethtool -L "$PF_IF" rx 4 || fail "4 queues"
for q in 0 1 2 3; do
	vm_sh host 'rm -rf $1; mkdir -p $1' "/var/tmp/$TEST.q$q"
	bg_start host "q$q" /src/build/bin/hpcapdd --json --name "q$q" 0 "$q" "/var/tmp/$TEST.q$q"
	wait_for 20 grep -q capturing "$SCRATCH/q$q.log" || fail "q$q: $(cat "$SCRATCH/q$q.log")"
done
tool framegen --frames 4000 -o "$SCRATCH/flows.pcap" || fail "framegen"
wire_send --quiet --pcap "$SCRATCH/flows.pcap" --pps 2000 || fail "wire: cannot send"
settled >/dev/null
total=0
used=0
for q in 0 1 2 3; do
	listen_end "q$q"
	n=$(heard "q$q" frames)
	total=$((total + n))
	[ "$n" = 0 ] || used=$((used + 1))
done
expect "frames in all queues" 4000 "$total"
expect_ge "queues used" 4 "$used"
host ethtool -L "$PF_IF" rx 1 || fail "1 queue"

note "modes change under traffic"
wire_start --pattern imix --dst "$STRANGER" --pps 1000
for mode in off on off on; do
	capture_mode host "$PF_IF" "$mode"
	sleep 1
done
wire_stop >/dev/null
listen last
send 500
settled >/dev/null
listen_end last
same_frames last
dmesg_check host
ok
