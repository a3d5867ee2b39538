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

# copies KEY LEVELS: found in 30 frames of one flow, sent twice. Looked for under the
# NIC's hash with one level, each frame takes the place of the one before.
copies() {
	local q before

	for q in 0 1 2 3; do
		host /src/build/bin/hpcap-ctl set "0_$q" dup-key="$1" dup-levels="$2" \
			dup-window=30000000 dup=off dup=drop || fail "dup-key=$1 dup-levels=$2"
	done
	before=$(stat rx_hpcap_dup_frames)
	wire_send --quiet --pcap "$SCRATCH/twice.pcap" --pps 1000 || fail "wire: cannot send"
	settled >/dev/null
	echo $(($(stat rx_hpcap_dup_frames) - before))
}

note "the NIC's hash comes with each frame"
flow=$(tool tshark -r "$SCRATCH/flows.pcap" -Y 'udp && ip && !vlan && !icmp && ip.flags.mf == 0' \
	-T fields -e ip.src -e ip.dst -e udp.srcport -e udp.dstport 2>/dev/null | sort | uniq -c |
	sort -rn | awk 'NR == 1 { print "src host " $2 " and dst host " $3 " and udp src port " $4 " and udp dst port " $5 }')
tool tcpdump -Z root -r "$SCRATCH/flows.pcap" -c 30 -w "$SCRATCH/one.pcap" "$flow" 2>/dev/null ||
	fail "one flow: $flow"
tool mergecap -a -F nsecpcap -w "$SCRATCH/twice.pcap" "$SCRATCH/one.pcap" "$SCRATCH/one.pcap" ||
	fail "mergecap"
n=$(tool capinfos -Tm -rc "$SCRATCH/one.pcap" | cut -d, -f2)
expect "copies by our own hash" "$n" "$(copies soft 64)"
expect "copies by the NIC's hash" "$n" "$(copies rss 64)"
expect "copies where a flow has one place" 0 "$(copies rss 1)"
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
