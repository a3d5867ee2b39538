#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A monitoring VF sees exactly the frames of its tenants, in each direction,
# compared frame by frame with the wire and with the tenants; nothing of others
# that the driver did not announce, nothing before and nothing after; the
# tenants notice nothing.
# storey: pf
# kernels: 6.1 6.12
# timeout: 420
# daily: 6.12
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

N=${N:-150}
BLIND_TX_LOCAL=1 EXTRA_OTHER_TX=5 EXTRA_ECHO=10 SIDE_FLOOD=11
FOREIGN=02:00:00:00:00:78	# who sends to d from the wire

mirror_world
for who in a c b d; do
	tenant $who
done
neighbours a c d
A="ether dst ${MAC_OF[a]}" C="ether dst ${MAC_OF[c]}"

# b's own reception would only blur the picture: nothing is sent to it
note "nothing before"
watch b before "not ether src ${MAC_OF[b]}"
from_wire a 20 "$WIRE_MAC"
ns_ping a c 10
watch_end before
expect "frames at b before" 0 "$(frames before)"

note "in: what a and c receive, from the wire and from neighbours, and nothing else"
id=$(pfnl new "$PF" vfs=3 targets=4 dir=1 owner=test reason=in | nl_field id)
[ -n "$id" ] || fail "new"
watch b b_in "not ether src ${MAC_OF[b]}"
watch a a_in "$A"
watch c c_in "$C"
from_wire a "$N" "$WIRE_MAC"
cp "$SCRATCH/sent.pcap" "$SCRATCH/sent_a.pcap"
from_wire c "$N" "$WIRE_MAC"
cp "$SCRATCH/sent.pcap" "$SCRATCH/sent_c.pcap"
from_wire d "$N" $FOREIGN
ns_ping d a "$N"
ns_ping a c "$N"
watch_end a_in c_in b_in
pick a_wire a_in "ether src $WIRE_MAC" && same sent_a a_wire
pick c_wire c_in "ether src $WIRE_MAC" && same sent_c c_wire
pick b_a b_in "$A" && same a_in b_a
pick b_c b_in "$C" && same c_in b_c
pick b_other b_in "not ($A or $C)"
expect "frames of others at b" 0 "$(frames b_other)"
# N from the wire, N requests of d, N answers of c
expect "frames of a" $((3 * N)) "$(frames b_a)"
expect "frames of c" $((2 * N)) "$(frames b_c)"

note "out: what a and c send to the wire"
pfnl set "$PF" "$id" dir=2 || fail "set dir=2"
watch b b_out "not ether src ${MAC_OF[b]}"
watch a a_out -Q out icmp
watch c c_out -Q out icmp
record
to_wire a "$N"
to_wire c "$N"
record_end
from_wire a "$N" "$WIRE_MAC"
watch_end a_out c_out b_out
pick w_a wire "ether src ${MAC_OF[a]}" && same a_out w_a
pick w_c wire "ether src ${MAC_OF[c]}" && same c_out w_c
pick b_a b_out "ether src ${MAC_OF[a]}" && same w_a b_a
pick b_c b_out "ether src ${MAC_OF[c]}" && same w_c b_c
pick b_other b_out "not (ether src ${MAC_OF[a]} or ether src ${MAC_OF[c]})"
expect "frames of others at b" 0 "$(frames b_other)"
expect "frames that a sent, at b" "$N" "$(frames b_a)"
caveat "$id" $BLIND_TX_LOCAL || fail "it does not say that local unicast is not seen"
caveat "$id" $EXTRA_OTHER_TX || fail "it does not say that others' frames are seen"
caveat "$id" $EXTRA_ECHO || fail "it does not say that the target hears itself"
caveat "$id" $SIDE_FLOOD || fail "it does not say that tenants hear more"

note "both: wire and each other, once each; the tenants lose nothing"
pfnl set "$PF" "$id" dir=3 || fail "set dir=3"
watch b b_both "not ether src ${MAC_OF[b]}"
watch a a_got -Q in "$A"
watch c c_got -Q in "$C"
watch a a_out -Q out icmp and ether dst "$WIRE_MAC"
ns_ping a c "$N"
to_wire a "$N"
from_wire a "$N" "$WIRE_MAC"
cp "$SCRATCH/sent.pcap" "$SCRATCH/sent_a.pcap"
from_wire d 50 $FOREIGN
ns_ping a d 20
watch_end a_got c_got a_out b_both
pick a_wire a_got "ether src $WIRE_MAC" && same sent_a a_wire
pick b_a b_both "$A" && same a_got b_a
pick b_c b_both "$C" && same c_got b_c
pick b_out b_both "ether src ${MAC_OF[a]} and ether dst $WIRE_MAC" && same a_out b_out
expect "frames between a and c, at a and at c" "$N $N" \
	"$(pick x a_got "ether src ${MAC_OF[c]}" && frames x) $(frames c_got)"
pick b_d b_both "ether dst ${MAC_OF[d]} or ether src $FOREIGN"
expect "frames for d at b" 0 "$(frames b_d)"

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
dmesg_check host
ok
