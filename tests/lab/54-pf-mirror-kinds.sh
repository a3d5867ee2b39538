#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every kind of source: several mirrors that match one frame give one copy; the
# wire in, the wire out, the PF, VLANs; what also has to reach the wire does.
# storey: pf
# kernels: 6.1 6.12
# timeout: 420
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

N=${N:-60}
NOT_B="not ether src ${MAC_OF[b]}"

# mirror name=value...: prints its id.
mirror() {
	pfnl new "$PF" targets=4 owner=test "$@" | nl_field id
}

mirror_world
for who in a c b; do
	tenant $who
done
neighbours a c
host ip addr add 10.9.0.200/24 dev "$PF_IF"
host ip neigh replace 10.9.0.99 lladdr "$WIRE_MAC" dev "$PF_IF"
PF_MAC=$(host cat "/sys/class/net/$PF_IF/address")

note "three mirrors, one frame: one copy, until the last of them ends"
m1=$(mirror vfs=1 dir=1)
m2=$(mirror vfs=3 dir=1)
sriov 0/ingress_mirror 'add 2\n' || fail "ingress_mirror"
watch b thrice "$NOT_B"
from_wire a "$N" "$WIRE_MAC"
watch_end thrice
same sent thrice
for m in $m1 $m2; do
	pfnl del "$PF" "$m" || fail "del"
done
watch b once "$NOT_B"
from_wire a "$N" "$WIRE_MAC"
watch_end once
same sent once
sriov 0/ingress_mirror 'rem 2\n' || fail "rem"
watch b never "$NOT_B"
from_wire a 20 "$WIRE_MAC"
watch_end never
expect "frames after the last of them" 0 "$(frames never)"

note "two targets: each gets all of it"
m1=$(pfnl new "$PF" vfs=1 targets=6 dir=1 owner=test | nl_field id)
[ -n "$m1" ] || fail "no mirror with two targets"
watch b two_b "$NOT_B"
watch c two_c "ether dst ${MAC_OF[a]}"
from_wire a "$N" "$WIRE_MAC"
watch_end two_b two_c
same sent two_b
same sent two_c
pfnl del "$PF" "$m1" || fail "del"

note "uplink: whatever comes from the wire, for whomever"
m1=$(mirror uplink=1)
watch b up "ether src $WIRE_MAC"
for dst in a c "$PF_MAC" "$STRANGER" 01:00:5e:01:02:03 ff:ff:ff:ff:ff:ff; do
	from_wire "$dst" "$N" "$WIRE_MAC"
	mv "$SCRATCH/sent.pcap" "$SCRATCH/sent_${dst//:/}.pcap"
done
watch_end up
for dst in a c "$PF_MAC" "$STRANGER" 01:00:5e:01:02:03 ff:ff:ff:ff:ff:ff; do
	pick one up "ether dst ${MAC_OF[$dst]:-$dst}"
	same "sent_${dst//:/}" one
done
pfnl del "$PF" "$m1" || fail "del"

note "downlink: whatever goes to the wire, from whomever; broadcast goes everywhere"
m1=$(mirror downlink=1)
watch b down "$NOT_B"
watch c c_down broadcast
record
to_wire a "$N"
to_wire c "$N"
host ping -q -n -i 0.02 -c "$N" -W 1 10.9.0.99 >/dev/null
ns a ping -b -q -n -i 0.02 -c "$N" -W 1 10.9.0.255 >/dev/null 2>&1
record_end
watch_end down c_down
pick w_all wire icmp
for src in "${MAC_OF[a]}" "${MAC_OF[c]}" "$PF_MAC"; do
	pick w_one wire "icmp and ether src $src and ether dst $WIRE_MAC"
	pick b_one down "icmp and ether src $src and ether dst $WIRE_MAC"
	expect "frames of $src on the wire" "$N" "$(frames w_one)"
	same w_one b_one
done
pick w_bc wire "icmp and broadcast"
expect "broadcasts on the wire" "$N" "$(frames w_bc)"
pick b_bc down "icmp and broadcast" && same w_bc b_bc
pick c_bc c_down "icmp and broadcast" && same w_bc c_bc
pfnl del "$PF" "$m1" || fail "del"

note "the PF as source"
m1=$(mirror pf=1 dir=3)
watch b pf "$NOT_B"
record
host ping -q -n -i 0.02 -c "$N" -W 1 10.9.0.99 >/dev/null
record_end
from_wire "$PF_MAC" "$N" "$WIRE_MAC"
watch_end pf
pick w_pf wire "icmp and ether src $PF_MAC"
pick b_out pf "icmp and ether src $PF_MAC"
pick b_in pf "ether src $WIRE_MAC"
expect "frames of the PF on the wire" "$N" "$(frames w_pf)"
same w_pf b_out
same sent b_in
pfnl del "$PF" "$m1" || fail "del"

note "a VLAN, both ways, and nothing untagged"
m1=$(mirror vlans=30)
IF=IF_a
host_sh 'modprobe 8021q
	ip -n a link add link $1 name v30 type vlan id 30 && ip -n a link set v30 up &&
	ip -n a addr add 10.30.0.1/24 dev v30 && ip -n a neigh replace 10.30.0.99 lladdr $2 dev v30' \
	"${!IF}" "$WIRE_MAC" || fail "VLAN 30 at a"
sleep 1
watch b vlan "$NOT_B"
from_wire a "$N" "$WIRE_MAC" --vlan 30
mv "$SCRATCH/sent.pcap" "$SCRATCH/sent30.pcap"
from_wire a 20 "$WIRE_MAC"
record
ns a ping -q -n -i 0.02 -c "$N" -W 1 10.30.0.99 >/dev/null
to_wire a 20
record_end
watch_end vlan
pick b_in vlan "ether src $WIRE_MAC" && same sent30 b_in
pick w_30 wire "vlan 30 and icmp"
expect "tagged frames on the wire" "$N" "$(frames w_30)"
pick b_out vlan "ether src ${MAC_OF[a]} and vlan 30 and icmp" && same w_30 b_out
pick b_plain vlan "not vlan"
expect "untagged frames at b" 0 "$(frames b_plain)"
pfnl del "$PF" "$m1" || fail "del"

note "the switch as a bridge: VEPA sends all to the wire, and mirrors say that they are blind"
hwmode() {
	host bridge -j -d link show dev "$PF_IF" | json hwmode
}
expect "hwmode" VEB "$(hwmode)"
m1=$(mirror vfs=1 dir=2)
host bridge link set dev "$PF_IF" hwmode vepa || fail "VEPA"
expect "hwmode" VEPA "$(hwmode)"
expect "loopback of VF 0" off "$(sriov_show 0/loopback)"
caveat "$m1" 2 || fail "it does not say that nothing that is sent is seen"
record
ns a ping -q -n -i 0.02 -c 20 -W 1 10.9.0.1 >/dev/null && fail "a reaches c inside"
record_end
pick w_c wire "icmp and ether dst ${MAC_OF[c]}"
expect "frames for c on the wire" 20 "$(frames w_c)"
host bridge link set dev "$PF_IF" hwmode veb || fail "VEB"
caveat "$m1" 2 && fail "it is blind with loopback on"
ns_ping a c 20
host bridge link set dev "$PF_IF" learning on 2>/dev/null && fail "took another setting of a bridge"
pfnl del "$PF" "$m1" || fail "del"
dmesg_check host
ok
