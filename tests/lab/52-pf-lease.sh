#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A mirror ends when it should, says why, and tells who listens; until then it
# survives what guests and the port go through.
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

EXPIRED=1 CAP=2 TARGET_GONE=3 SOURCE_GONE=4 UNLOAD=5 OPERATOR=6
N=40

lease() {
	pfnl new "$PF" owner=test dir=1 vfs=1 targets=4 "$@" | nl_field id
}

# ended ID REASON: within a while; ends_not ID: it runs.
has_ended() {
	pfnl ended | grep -q " id=$1 "
}

ended() {
	wait_for 20 has_ended "$1" || fail "mirror $1 does not end"
	expect "why mirror $1 ended" "$2" "$(pfnl ended | grep " id=$1 " | nl_field end)"
	grep -q "^mirror .* id=$1 " <<<"$(pfnl mirrors)" && fail "mirror $1 runs still"
}

# copies NAME: b sees what a receives.
copies() {
	watch b "$1" "ether src $WIRE_MAC"
	from_wire a "$N" "$WIRE_MAC"
	watch_end "$1"
	same sent "$1"
}

mirror_world
tenant a
tenant b
IF=IF_b
bg_start host events /src/build/bin/pfnl events 600
wait_for 10 grep -q listening "$SCRATCH/events.log" || fail "no events"

note "time, frames, bytes, operator"
id=$(lease ttl-ms=1000)
ended "$id" $EXPIRED
id=$(lease frame-cap=$N)
from_wire a $((N - 5)) "$WIRE_MAC"
sleep 1
has_ended "$id" && fail "ended before its cap"
from_wire a 20 "$WIRE_MAC"
ended "$id" $CAP
[ "$(pfnl ended | grep " id=$id " | nl_field frames)" -ge $N ] || fail "too few frames counted"
id=$(lease byte-cap=10000)
from_wire a 60 "$WIRE_MAC"
ended "$id" $CAP
id=$(lease)
pfnl del "$PF" "$id" || fail "del"
ended "$id" $OPERATOR

note "it survives resets of guests, of functions, of the port"
id=$(lease grace-ms=60000)
copies c1
ns b ip link set "${!IF}" down
ns b ip link set "${!IF}" up
wait_for "$LINK_WITHIN" ns_carrier b "${!IF}" || fail "no link at b"
copies c2
vf=$(vf_addr 2)
host_sh 'echo $1 >/sys/bus/pci/drivers/igbvf/unbind; echo 1 >/sys/bus/pci/devices/$1/reset
	ip netns del b' "$vf" || fail "FLR"
expect "state while b is away" '2 (waiting)' "$(sriov_show 0/ingress_mirror_state)"
tenant b
IF=IF_b
expect "state when b is back" 2 "$(sriov_show 0/ingress_mirror_state)"
copies c3
host ethtool -t "$PF_IF" offline >/dev/null || fail "self-test of the PF"
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after the PF's reset"
again() {
	ns b ping -q -c 1 -W 1 10.9.0.0 >/dev/null || ns a ping -q -c 1 -W 1 10.9.0.2 >/dev/null
}
wait_for 60 again || fail "guests do not come back after the PF's reset"
copies c4
hmp 'set_link wire0 off' >/dev/null
at_exit hmp 'set_link wire0 on'
pf_has_no_carrier() {
	! pf_has_carrier
}
wait_for "$LINK_WITHIN" pf_has_no_carrier || fail "a link without a cable"
hmp 'set_link wire0 on' >/dev/null
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after the cable was out"
wait_for 60 again || fail "guests do not come back after the cable was out"
copies c5
host cat "/sys/kernel/debug/hpcap_pf/$PF/tables" | grep -q differs && fail "tables differ"
pfnl del "$PF" "$id"

note "who stays away too long"
id=$(lease grace-ms=1500)
host_sh 'echo $1 >/sys/bus/pci/drivers/igbvf/unbind
	echo 1 >/sys/bus/pci/devices/$1/reset' "$(vf_addr 2)"
ended "$id" $TARGET_GONE
host ip netns del b
tenant b
id=$(lease grace-ms=1500)
host_sh 'echo $1 >/sys/bus/pci/drivers/igbvf/unbind
	echo 1 >/sys/bus/pci/devices/$1/reset' "$(vf_addr 0)"
ended "$id" $SOURCE_GONE

note "VFs go, the driver goes"
id=$(lease)
numvfs 0
ended "$id" $TARGET_GONE
numvfs 4 || fail "4 VFs again"
expect "mirrors after that" '' "$(pfnl mirrors)"
id=$(lease)
[ -n "$id" ] || fail "no mirror on new VFs"
host_sh 'echo $1 >/sys/bus/pci/drivers/hpcap_pf/unbind' "$PF"
wait_for 10 grep -q "^ended .* id=$id .* end=$UNLOAD" "$SCRATCH/events.log" ||
	fail "nobody was told of the unload"

note "what was announced"
bg_signal host events TERM
started=$(grep -c '^started' "$SCRATCH/events.log")
expect "ends announced" "$started" "$(grep -c '^ended' "$SCRATCH/events.log")"
dmesg_check host
ok "$started mirrors came and went"
