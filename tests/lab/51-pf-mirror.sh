#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A monitoring VF sees exactly the frames of its tenants, in each direction and
# from neighbours, frame by frame; nothing of others, nothing before and nothing
# after; the tenants notice nothing.
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

N=${N:-150}

mirror_world
for who in a c b d; do
	tenant $who
done
neighbours a c d

# b's own reception would only blur the picture: nothing is sent to it
note "nothing before"
watch b before "not ether src ${MAC_OF[b]}"
from_wire a 20 "$WIRE_MAC"
ns_ping a c 10
watch_end before
expect "frames at b before" 0 "$(frames before)"

note "in: what tenants a and c receive"
id=$(pfnl new "$PF" vfs=3 targets=4 dir=1 owner=test reason=in | nl_field id)
[ -n "$id" ] || fail "new"
watch b b_in "ether src $WIRE_MAC"
watch a a_in "ether src $WIRE_MAC"
watch b b_other "ether src 02:00:00:00:00:78"
from_wire a "$N" "$WIRE_MAC"
cp "$SCRATCH/sent.pcap" "$SCRATCH/sent_a.pcap"
from_wire d "$N" 02:00:00:00:00:78
watch_end a_in b_in b_other
same sent_a a_in
same sent_a b_in
expect "frames for d at b" 0 "$(frames b_other)"

note "in, from a neighbour: c to a and d to a, but not a to d"
watch b b_local icmp
watch a a_local icmp and ether dst "${MAC_OF[a]}"
ns_ping d a "$N"
watch_end b_local a_local
expect "requests and no answers" "$N" "$(frames b_local)"
same a_local b_local

note "both: what a and c send to the wire and to each other"
pfnl set "$PF" "$id" dir=3 || fail "set"
watch b b_a "icmp and ether src ${MAC_OF[a]} and ether dst $WIRE_MAC"
watch a a_a "icmp and ether src ${MAC_OF[a]} and ether dst $WIRE_MAC and not ether host ${MAC_OF[d]}"
for pair in "a c" "c a"; do	# each direction in its own order
	read -r from to <<<"$pair"
	for who in b c; do
		watch $who "${who}_$from$to" \
			"icmp and ether src ${MAC_OF[$from]} and ether dst ${MAC_OF[$to]}"
	done
done
watch b b_d "icmp and ether dst ${MAC_OF[d]} or ether src 02:00:00:00:00:78"
ns_ping a c "$N"
to_wire a "$N"
from_wire d "$N" 02:00:00:00:00:78
ns_ping a d 20
watch_end b_a a_a b_ac b_ca c_ac c_ca b_d
same c_ac b_ac
same c_ca b_ca
expect "frames between a and c at b" "$N $N" "$(frames b_ac) $(frames b_ca)"
expect "frames of a to the wire at b" "$N" "$(frames b_a)"
expect "frames for d at b" 0 "$(frames b_d)"
expect "frames of a to the wire at a, with echoes" 1 $(($(frames a_a) >= N))
caveats=$(pfnl get "$PF" "$id" | nl_field caveats)
[ $((caveats >> 1 & 1)) = 1 ] || fail "it does not say that local unicast is not seen"

note "tenants lose nothing while they are watched"
watch a a_again "ether src $WIRE_MAC"
from_wire a "$N" "$WIRE_MAC"
watch_end a_again
same sent a_again

note "nothing after the lease ends"
pfnl set "$PF" "$id" ttl-ms=500 || fail "ttl"
gone() {
	[ -z "$(pfnl mirrors)" ]
}
wait_for 20 gone || fail "the lease does not end"
expect "why" 1 "$(pfnl ended | grep " id=$id " | nl_field end)"
watch b after "not ether src ${MAC_OF[b]}"
from_wire a 50 "$WIRE_MAC"
ns_ping a c 20
to_wire a 20
watch_end after
expect "frames at b after" 0 "$(frames after)"

note "a VLAN, by the lines of TaaS"
sriov 2/vlan_mirror 'add 30\n' || fail "vlan_mirror"
if_a=IF_a
host_sh 'modprobe 8021q
	ip -n a link add link $1 name v30 type vlan id 30 && ip -n a link set v30 up' "${!if_a}" ||
	fail "VLAN 30 at a"
sleep 1
watch b b_vlan "ether src $WIRE_MAC"
wire_send --quiet --pattern imix --vlan 30 --dst "${MAC_OF[a]}" --src "$WIRE_MAC" --pps 500 \
	--count "$N" --sent "$SCRATCH/sent30.pcap" || fail "wire"
from_wire a 50 "$WIRE_MAC"
watch_end b_vlan
same sent30 b_vlan
sriov 2/vlan_mirror 'rem 0-4095\n' || fail "rem"
dmesg_check host
ok
