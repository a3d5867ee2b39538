#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Stock igbvf on the VFs of our PF: VFs come and go in any number, talk to the
# wire, to each other and to the PF, and survive resets of their own and the
# PF's.
# storey: pf
# kernels: 6.1 6.12
# timeout: 500
# daily: 6.12
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

pf_world
vfs_driver none
for n in 1 0 7 0 2 0; do
	numvfs $n || fail "$n VFs"
	expect "VFs" $n "$(host_sh 'ls -d /sys/bus/pci/devices/$1/virtfn* 2>/dev/null | wc -l' "$PF")"
done
numvfs 8 2>/dev/null && fail "8 VFs"
dmesg_since host | grep -q 'at most 7 VFs' || fail "no word on 8 VFs"
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after the VFs went"

note "two VFs with igbvf, each in a namespace"
vfs_driver igbvf
numvfs 2 || fail "2 VFs"
for i in 0 1; do
	NET[i]=$(vf_netdev $i) || fail "VF $i has no interface"
	ns_add "t$i" "${NET[i]}" "10.9.0.$((i + 2))/24"
done
host ip addr add 10.9.0.1/24 dev "$PF_IF"
for i in 0 1; do
	wait_for "$LINK_WITHIN" ns_carrier "t$i" "${NET[i]}" || fail "no link on VF $i"
done
must_pass t0 10.9.0.3
must_pass t0 10.9.0.1
must_pass t1 10.9.0.1 -s 1400

note "from the wire to each, and only to the one meant"
for i in 0 1; do
	MAC[i]=$(ns "t$i" cat "/sys/class/net/${NET[i]}/address")
done
rx() {
	ns "t$1" cat "/sys/class/net/${NET[$1]}/statistics/rx_packets"
}
before=$(rx 1)
was=$(rx 0)
send 500 --dst "${MAC[0]}"
arrive "frames of VF 0" $((was + 500)) rx 0
near "frames of VF 1" "$before" "$(rx 1)"
wire_start --record "$SCRATCH/out.pcap"
ns t1 sh -c 'ip neigh replace 10.9.0.77 lladdr 02:00:00:00:00:77 dev $1
	ping -q -c 30 -i 0.02 -W 1 10.9.0.77' sh "${NET[1]}" >/dev/null
on_wire 30 'icmp[0] = 8 and dst 10.9.0.77'

note "counters of the VF on the host"
host ip -s link show "$PF_IF" >"$SCRATCH/ip-s"
n=$(awk '/vf 0 / { f = 1 } f && /RX: bytes/ { getline; print $2; exit }' "$SCRATCH/ip-s")
expect_ge "rx_packets of VF 0 in ip -s link" 500 "${n:-0}"

note "VFs down and up, PF reset by its own hand, PF down and up"
for _ in 1 2; do
	for i in 0 1; do
		ns "t$i" sh -c 'ip link set $1 down; ip link set $1 up' sh "${NET[i]}"
	done
done
for i in 0 1; do
	wait_for "$LINK_WITHIN" ns_carrier "t$i" "${NET[i]}" || fail "no link on VF $i after down and up"
done
must_pass t0 10.9.0.3
host ethtool -t "$PF_IF" offline >/dev/null || fail "self-test"
must_pass t0 10.9.0.3
must_pass t1 10.9.0.1
host ip link set "$PF_IF" down
must_pass t0 10.9.0.3
host ip link set "$PF_IF" up
wait_for "$LINK_WITHIN" pf_has_carrier || fail "PF link"
must_pass t1 10.9.0.1

note "number changed under traffic, then the driver taken away"
host_sh 'ip netns exec t0 ping -q -f 10.9.0.3 >/dev/null 2>&1 &'
sleep 1
numvfs 0 || fail "0 VFs under traffic"
numvfs 3 || fail "3 VFs"
host_sh 'ip netns del t0; ip netns del t1; for i in 0 1 2; do
	ip link set "$(ls /sys/bus/pci/devices/$1/virtfn$i/net)" up; done' "$PF" || fail "3 interfaces"
sleep 2
wire_start --pattern imix --dst "$(host cat "/sys/class/net/$PF_IF/address")" --pps 500
host_sh 'echo $1 >/sys/bus/pci/devices/$1/driver/unbind' "$PF" || fail "unbind"
wire_stop >/dev/null
host_sh '[ ! -e /sys/bus/pci/devices/$1/virtfn0 ]' "$PF" || fail "VFs outlive the driver"
dmesg_check host
ok
