#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Standard mode: what the stack receives is what was on the wire, what it sends
# gets there; filters, VLANs, long frames.
# storey: pf
# kernels: 6.1 6.12
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

# dump NAME FILTER...: tcpdump there until dump_end.
dump() {
	bg_start host "$1" tcpdump -i "$PF_IF" -p -U -s 0 -w "$VM_SCRATCH/$1.pcap" "${@:2}"
	wait_for 20 grep -q listening "$SCRATCH/$1.log" || fail "tcpdump"
}

dump_size() {
	wc -c <"$SCRATCH/$DUMP.pcap"
}

dump_end() {
	DUMP=$1
	wait_settled 20 if_stat host "$PF_IF" rx_packets >/dev/null
	wait_settled 60 dump_size >/dev/null
	bg_signal host "$1" INT
	bg_wait "$1" 20 >/dev/null || fail "tcpdump does not end"
}

received() {
	tool pcapcmp "$SCRATCH/sent.pcap" "$SCRATCH/$1.pcap" >"$SCRATCH/cmp" 2>&1 ||
		fail "$1: $(tail -n 3 "$SCRATCH/cmp")"
}

pf_world
MAC=$(host cat "/sys/class/net/$PF_IF/address")
dump in "ether src 02:00:00:00:00:77"
send 2000 --dst "$MAC" --src 02:00:00:00:00:77
dump_end in
received in

note "nobody's frames stay out, until promiscuous"
before=$(if_stat host "$PF_IF" rx_packets)
send 200
sleep 2
expect "frames of a stranger" "$before" "$(if_stat host "$PF_IF" rx_packets)"
send 200 --vlan 7 --dst "$MAC"
sleep 2
expect "frames of a strange VLAN" "$before" "$(if_stat host "$PF_IF" rx_packets)"
host ip link set "$PF_IF" promisc on
sleep 1
dump promisc "ether src 02:00:00:00:00:77"
send 500 --src 02:00:00:00:00:77
dump_end promisc
received promisc
host ip link set "$PF_IF" promisc off

note "VLAN 7 after all"
host_sh 'modprobe 8021q; ip link add link $1 name pf7 type vlan id 7; ip link set pf7 up' "$PF_IF" ||
	fail "vlan"
at_exit host ip link del pf7
send 300 --vlan 7 --dst "$MAC"
arrived7() {
	if_stat host pf7 rx_packets
}
expect "frames of VLAN 7" 300 "$(wait_settled 20 arrived7)"

note "long frames, many queues"
host ip link set "$PF_IF" mtu 9000 || fail "mtu"
host ethtool -L "$PF_IF" rx 4 || fail "queues"
dump jumbo "ether src 02:00:00:00:00:77"
send 300 --pattern 60-9014 --pps 500 --dst "$MAC" --src 02:00:00:00:00:77
dump_end jumbo
expect "frames received" 300 "$(in_pcap jumbo.pcap "")"

note "sent by the stack, seen on the wire"
host_sh 'ip addr add 10.9.0.1/24 dev $1
	ip neigh replace 10.9.0.2 lladdr 02:00:00:00:00:77 dev $1' "$PF_IF"
wire_start --record "$SCRATCH/out.pcap"
host_sh 'ping -q -c 50 -i 0.02 -s 1000 -W 1 10.9.0.2; ping -q -c 5 -i 0.2 -s 8000 -W 1 10.9.0.2' >/dev/null
sleep 2
wire_stop >/dev/null
expect "echo requests on the wire" 55 \
	"$(in_pcap out.pcap 'icmp[0] = 8')"
expect "transmit errors" 0 "$(ethtool_stat host "$PF_IF" tx_std_dropped)"
dmesg_check host
ok
