#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# OpenStack's tap-as-a-service, SR-IOV driver: how it finds a VF and its PF, the
# lines it writes, one a file and in its order, when tap flows come and go; and
# what is mirrored then. It never reads anything back; administrators do.
# storey: pf
# kernels: 6.1 6.12
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

N=${N:-40}

# As the agent learns it from a port's PCI slot: index by the links physfn/virtfn*,
# the PF's name as the only entry of physfn/net.
taas_vf() {
	host_sh 'for l in /sys/bus/pci/devices/$1/physfn/virtfn*; do
		case $(readlink $l) in *$1) echo ${l##*virtfn} ;; esac
	done' "$(vf_addr "$1")"
}

taas_pf() {
	host ls "/sys/bus/pci/devices/$(vf_addr "$1")/physfn/net"
}

# taas VF FILE VERB ARGUMENT: its helper: the file must be there, then one echo.
taas() {
	host_sh 'f=/sys/class/net/$1/device/sriov/$2/$3
		[ -f $f ] && echo $4 $5 >$f' "$PF_IF" "$@" || fail "$*"
}

# flow_new SOURCE IN|OUT|BOTH [VLANS]: a tap flow to b.
flow_new() {
	if [ $# -gt 2 ]; then
		taas 2 vlan_mirror add "$3"
		return
	fi
	case $2 in OUT | BOTH) taas "${VF_OF[$1]}" egress_mirror add 2 ;; esac
	case $2 in IN | BOTH) taas "${VF_OF[$1]}" ingress_mirror add 2 ;; esac
}

# flow_del [VLANS of the flows to b that stay]
flow_del() {
	taas 2 vlan_mirror rem 0-4095
	[ $# = 0 ] || taas 2 vlan_mirror add "$1"
}

# shows FILE TEXT
shows() {
	expect "$1" "$2" "$(sriov_show "$1")"
}

# b_sees WHO: N frames from the wire to WHO; prints how many b got, and compares.
b_sees() {
	watch b seen "ether src $WIRE_MAC"
	from_wire "$1" "$N" "$WIRE_MAC" "${@:2}"
	watch_end seen
	[ "$(frames seen)" = 0 ] || same sent seen
	SEEN=$(frames seen)
}

mirror_world
for who in a c b; do
	tenant $who
done
for n in 0 1 2; do
	expect "index of VF $n" $n "$(taas_vf $n)"
	expect "PF of VF $n" "$PF_IF" "$(taas_pf $n)"
done
bg_start host events /src/build/bin/pfnl events 600
wait_for 10 grep -q listening "$SCRATCH/events.log" || fail "no events"

note "a flow in both directions, one inward, one of VLANs"
flow_new a BOTH
shows 0/egress_mirror 2
shows 0/ingress_mirror 2
shows 0/ingress_mirror_state 2
flow_new c IN
shows 1/ingress_mirror 2
shows 1/egress_mirror off
b_sees a
expect "of a's frames" "$N" "$SEEN"
b_sees c
expect "of c's frames" "$N" "$SEEN"
watch b out "icmp and ether src ${MAC_OF[a]}"
record
to_wire a "$N"
record_end
watch_end out
pick w_out wire "icmp and ether src ${MAC_OF[a]}"
expect "frames that a sent" "$N" "$(frames w_out)"
same w_out out
flow_new c BOTH 30-31,40
shows 2/vlan_mirror 30-31,40
shows 2/vlan_mirror_state 30-31,40

note "the flow of VLANs goes, the others were without filter: all VLANs, says TaaS"
flow_del 0-4095
shows 2/vlan_mirror 0-4095
shows 0/egress_mirror 2
shows 1/ingress_mirror 2

note "all flows go: as TaaS does it VF to VF mirrors stay, unless taas_compat is on"
flow_del
shows 2/vlan_mirror ''
shows 0/ingress_mirror 2
sriov taas_compat 'on\n' || fail "taas_compat"
flow_del
for f in 0/egress_mirror 0/ingress_mirror 1/ingress_mirror; do
	shows $f off
done
b_sees a
expect "frames of a after the last flow" 0 "$SEEN"

note "VLANs only, both ways of a flow's life, what was announced"
IF=IF_a
host_sh 'modprobe 8021q
	ip -n a link add link $1 name v30 type vlan id 30 && ip -n a link set v30 up' "${!IF}" ||
	fail "VLAN 30 at a"
flow_new a BOTH 30
flow_new c BOTH 31-33
shows 2/vlan_mirror 30-33
b_sees a --vlan 30
expect "of VLAN 30" "$N" "$SEEN"
b_sees a
expect "untagged frames" 0 "$SEEN"
flow_del 30
shows 2/vlan_mirror 30
b_sees a --vlan 30
expect "of VLAN 30 when the other flow is gone" "$N" "$SEEN"
flow_del
shows 2/vlan_mirror ''
expect "mirrors left" '' "$(pfnl mirrors)"
sleep 0.5
bg_signal host events TERM
started=$(grep -c '^started .*by-sysfs=1' "$SCRATCH/events.log")
expect "ends announced" "$started" "$(grep -c '^ended .*by-sysfs=1' "$SCRATCH/events.log")"
# two pairs; VLANs three times: named, all, and named again twice
expect "beginnings announced" 6 "$started"
expect_ge "changes announced" 2 "$(grep -c '^changed .*by-sysfs=1' "$SCRATCH/events.log")"
dmesg_check host
ok
