#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Both of ours together: hpcapvf on a VF of hpcap_pf captures what it is
# allowed to see, asks in vain for more until trusted, and goes on after resets
# of the VF, of the PF and of its function.
# storey: pf
# kernels: 6.1 6.12
# timeout: 500
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

MAC=02:00:00:00:00:10
# ask_promisc on|off: the guest asks, and the PF has heard it.
ask_promisc() {
	local was

	was=$(pf_heard)
	host ip link set "$VF_IF" promisc "$1"
	wait_for 30 at_least $((was + 1)) pf_heard || fail "the PF does not hear of promisc $1"
	wait_settled 20 pf_heard >/dev/null
}

pf_heard() {
	host /src/build/bin/pfnl vf | grep ' index=0 ' | tr ' ' '\n' | sed -n 's/^mbox-acked=//p'
}

pf_world
vfs_driver none
numvfs 2 || fail "2 VFs"
host ip link set "$PF_IF" vf 0 mac $MAC || fail "mac"
host_sh 'insmod /src/build/kmod-$(uname -r)/vf-driver/hpcapvf.ko' || fail "hpcapvf"
host_sh 'echo 64 >/sys/module/hpcap_core/parameters/ring_mb'
VF=$(vf_addr 0)
vf_bind host "$VF"
ADAPTER=1
vf_up host "$VF_IF"
expect "address of the VF" $MAC "$(host cat "/sys/class/net/$VF_IF/address")"

listen dd
send 2000 --dst $MAC
settled >/dev/null
listen_end dd
expect "frames stored" 2000 "$(heard dd frames)"
same_frames dd

note "not trusted: no strangers' frames, and the refusal is told"
host ip link set "$VF_IF" promisc on
refused() {
	dmesg_since host | grep -q 'VF 0 refused: promiscuity needs trust'
}
wait_for 30 refused || fail "no word on the refusal"
before=$(arrived)
send 300
expect "frames of a stranger" "$before" "$(settled)"
ask_promisc off

note "trusted: everything that no other pool has, and all multicast"
host ip link set "$PF_IF" vf 0 trust on || fail "trust"
ask_promisc on
listen promisc
send 1000
settled >/dev/null
listen_end promisc
same_frames promisc
listen group
send 500 --dst "$GROUP"
settled >/dev/null
listen_end group
same_frames group

note "trust taken away: at once"
host ip link set "$PF_IF" vf 0 trust off || fail "trust off"
before=$(arrived)
send 200
expect "frames of a stranger" "$before" "$(settled)"
ask_promisc off
host ip link set "$PF_IF" vf 0 trust on || fail "trust again"
ask_promisc on

note "long frames"
host_sh 'ip link set $1 mtu 9000 && ip link set $2 mtu 9000' "$PF_IF" "$VF_IF" || fail "mtu"
sleep 1
listen jumbo
send 500 --pattern 60-9014 --pps 500
settled >/dev/null
listen_end jumbo
same_frames jumbo

# back DOING: capture goes on with the same listener.
back() {
	wait_for "$LINK_WITHIN" vf_has_carrier host "$VF_IF" || fail "no link after $1"
	alive $STRANGER arrived
	was=$(settled)
	send 300
	arrive "frames after $1" $((was + 300)) arrived
}

listen through
wire_start --pattern imix --dst $STRANGER --pps 800
host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$VF" || fail "reset of the VF"
sleep 2
wire_stop >/dev/null
back "a reset of the VF"
wire_start --pattern imix --dst $STRANGER --pps 800
host ethtool -t "$PF_IF" offline >/dev/null || fail "self-test"
sleep 2
wire_stop >/dev/null
back "a reset of the PF"
host_sh 'ip link set $1 down; sleep 1; ip link set $1 up' "$PF_IF"
back "PF down and up"
bg_running through || fail "the listener is gone"
listen_end through
whole through
dmesg_check host
ok
