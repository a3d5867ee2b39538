#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What can happen to a device: reset of its function, removal from the bus.
# Traffic comes back each time, counters never go back, VFs included.
# storey: pf
# kernels: 6.1 6.12
# timeout: 500
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

rx() {
	if_stat host "$PF_IF" rx_packets
}

vf_rx() {
	ns t0 cat "/sys/class/net/$IF/statistics/rx_packets"
}

# works WHEN: the PF and the VF get what is sent to them.
works() {
	local was now

	wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after $1"
	wait_for "$LINK_WITHIN" ns_carrier t0 "$IF" || fail "no link on the VF after $1"
	alive "$VF_MAC" vf_rx
	alive "$MAC" rx
	now=$(ethtool_stat host "$PF_IF" port_rx_frames)
	[ "$now" -ge "$TOTAL" ] || fail "port_rx_frames went back after $1: $TOTAL, $now"
	was=$(rx)
	send 300 --dst "$MAC"
	arrive "frames of the PF after $1" $((was + 300)) rx
	was=$(vf_rx)
	send 300 --dst "$VF_MAC"
	arrive "frames of the VF after $1" $((was + 300)) vf_rx
	TOTAL=$(ethtool_stat host "$PF_IF" port_rx_frames)
}

pf_world
vfs_driver igbvf
numvfs 2 || fail "2 VFs"
IF=$(vf_netdev 0) || fail "no VF interface"
ns_add t0 "$IF" 10.9.0.2/24
MAC=$(host cat "/sys/class/net/$PF_IF/address")
VF_MAC=$(ns t0 cat "/sys/class/net/$IF/address")
TOTAL=0
works "the start"

note "reset of the PF's function, idle and under traffic"
host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$PF" || fail "reset"
works "a reset of the function"
wire_start --pattern imix --dst "$MAC" --pps 800
host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$PF" || fail "reset"
sleep 1
wire_stop >/dev/null
works "a reset under traffic"

note "reset of the VF's function"
# igbvf hangs by itself when its VF is reset while the interface is down
host_sh 'echo 1 >/sys/bus/pci/devices/$1/virtfn0/reset' "$PF" || fail "reset of the VF"
# and that of 6.1 does not hear of it at all
ns t0 sh -c 'ip link set $1 down; ip link set $1 up' sh "$IF"
works "a reset of the VF"

note "taken off the bus, found again"
host_sh 'echo 1 >/sys/bus/pci/devices/$1/remove; sleep 1; echo 1 >/sys/bus/pci/rescan' "$PF" ||
	fail "remove"
pf_take
was=$(rx)
send 300 --dst "$MAC"
arrive "frames after the rescan" $((was + 300)) rx
dmesg_check host
ok
