#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In standard mode the VF is an ordinary NIC: traffic both ways, also with
# VLANs and long frames, and back to capture without reloading.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

ns() {
	vm "$VM" ip netns exec vf "$@"
}

pass() {
	ns ping -q -n -i 0.05 -c 20 -W 2 "$@" >"$SCRATCH/ping.log" 2>&1 ||
		fail "ping $*: $(tail -n 3 "$SCRATCH/ping.log")"
	grep -q ' 0% packet loss' "$SCRATCH/ping.log" || fail "ping $*: $(grep loss "$SCRATCH/ping.log")"
}

VM=host
vf_world 64
capture_mode host "$VF_IF" off
host_sh 'ip netns del vf 2>/dev/null; ip netns add vf; ip link set $2 netns vf
	ip addr flush dev $1; ip addr add 10.9.0.1/24 dev $1
	modprobe 8021q
	ip link add link $1 name pf7 type vlan id 7
	ip addr add 10.9.7.1/24 dev pf7; ip link set pf7 up' "$PF_IF" "$VF_IF" || fail "netns"
at_exit host_sh 'ip netns del vf; ip link del pf7; ip addr flush dev $1; ip link set $1 mtu 1500' "$PF_IF"
ns sh -c 'ip link set lo up; ip addr add 10.9.0.2/24 dev $1; ip link set $1 up
	ip link add link $1 name v7 type vlan id 7
	ip addr add 10.9.7.2/24 dev v7; ip link set v7 up' sh "$VF_IF" || fail "address"
sleep 2
pass 10.9.0.1
pass -s 1400 10.9.0.1
pass 10.9.7.1

note "long frames"
host ip link set "$PF_IF" mtu 9000
sleep 3
ns ip link set "$VF_IF" mtu 9000 || fail "mtu"
sleep 2
pass -s 8900 -M "do" 10.9.0.1

note "a burst that fills the transmit ring"
ns ping -q -f -c 2000 -s 200 10.9.0.1 >"$SCRATCH/flood.log" 2>&1 || fail "flood"
ns ethtool -S "$VF_IF" >"$SCRATCH/stats"
[ "$(awk '$1 == "rx_std_errors:" { print $2 }' "$SCRATCH/stats")" = 0 ] || fail "errors"
[ "$(awk '$1 == "rx_hpcap_frames:" { print $2 }' "$SCRATCH/stats")" = 0 ] ||
	fail "the engine took frames in standard mode"

note "capture mode discards what is sent"
ns ethtool --set-priv-flags "$VF_IF" capture on || fail "capture on"
ns ping -q -c 2 -W 1 10.9.0.1 >/dev/null 2>&1 && fail "ping passes in capture mode"
[ "$(ns ethtool -S "$VF_IF" | awk '$1 == "tx_discarded:" { print $2 }')" -gt 0 ] || fail "not counted"
dmesg_check host
ok "$TEST"
