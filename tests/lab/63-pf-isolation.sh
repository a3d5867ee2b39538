#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What a bad neighbour costs the others: nothing. A VF that never empties its
# ring loses its own frames only; one that resets itself, or floods its mailbox,
# as fast as it can, does not touch the frames of the others.
# storey: pf
# kernels: 6.1 6.12
# timeout: 500
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"
# shellcheck source=tests/lab/testpmd.sh
. "${0%/*}/testpmd.sh"

RING=512		# descriptors of testpmd
BAD=${MAC_OF[d]}	# the bad neighbour is VF 3

# everybody NAME COUNT: all that was sent came to a and c, frame by frame.
everybody() {
	watch a "$1_a" "ether src $WIRE_MAC"
	watch c "$1_c" "ether src $WIRE_MAC"
	wire_send --quiet --pattern imix --dst ff:ff:ff:ff:ff:ff --src "$WIRE_MAC" --pps 300 \
		--count "$2" --sent "$SCRATCH/sent.pcap" || fail "wire: cannot send"
	watch_end "$1_a" "$1_c"
	same sent "$1_a"
	same sent "$1_c"
}

# beside VERB: frames for everybody while VF 3 does that, and pings between a and
# c; then it is killed.
beside() {
	bg_start host bad /src/build/bin/mboxfuzz "$1" "$RANDOM" 600 "$(vf_addr 3)"
	everybody "$1" 600
	ns_ping a c 50
	bg_running bad || fail "$1 ended: $(cat "$SCRATCH/bad.log")"
	bg_signal host bad KILL
	bg_wait bad 30 >/dev/null || fail "$1 does not die"
}

mirror_world
tenant a
tenant c
neighbours a c
testpmd_start "$(vf_addr 3)" rxonly

note "a ring that nobody empties"
everybody lazy $((RING * 3))
wire_send --quiet --pattern imix --dst "$BAD" --src "$WIRE_MAC" --pps 500 --count 300 || fail "wire"
from_wire a 300 "$WIRE_MAC"
expect "frames that it has taken itself" 0 "$(testpmd_field 'show port stats 0' 'RX-packets:' |
	awk -v r=$RING '{ print ($1 > r) }')"
ns_ping a c 50
testpmd start
took() {
	testpmd_field 'show port stats 0' 'RX-packets:'
}
was=$(wait_settled 20 took)
[ "$was" -le $RING ] || fail "$was frames out of a ring of $RING"
wire_send --quiet --pattern imix --dst "$BAD" --src "$WIRE_MAC" --pps 300 --count 200 || fail "wire"
expect "frames when it empties its ring" $((was + 200)) "$(wait_settled 20 took)"
host pkill -9 -x dpdk-testpmd
bg_wait testpmd 20 >/dev/null || fail "testpmd does not die"
vf_unbind host "$(vf_addr 3)"

note "a guest that only resets itself, one that floods its mailbox"
beside resets
beside flood
dmesg_check host
ok
