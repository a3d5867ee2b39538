#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Our PF driver takes the NIC only when told, brings the link up, and shows and
# changes itself through ethtool like any NIC; it leaves without a trace.
# storey: pf
# timeout: 300
# daily: 6.1 6.12 7.3
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

eth() {
	local flag=$1

	shift
	host ethtool "$flag" "$PF_IF" "$@"
}

PF=$(lab_var LAB_PF)
pf_gone
for bad in mode=fast rx_ring=79 rx_ring=4104 queues=0 queues=9 mirror=magic ids=8086; do
	pf_load $bad 2>/dev/null && fail "accepted $bad"
done
pf_load || fail "load"
host_sh '[ ! -e /sys/bus/pci/devices/$1/driver ]' "$PF" || fail "it took a NIC unasked"
host rmmod hpcap_pf
pf_load ids=8086:10c9 || fail "load with ids"
host_sh '[ "$(basename $(readlink -f /sys/bus/pci/devices/$1/driver))" = hpcap_pf ]' "$PF" ||
	fail "ids= does not take the NIC"

pf_world
[ "$(eth -i | awk '$1 == "driver:" { print $2 }')" = hpcap_pf ] || fail "ethtool -i"
host ethtool "$PF_IF" | grep -q 'Speed: 1000Mb/s' || fail "speed"
eth -a | grep -qE '^(RX|TX):.*on' && fail "pause is on"
eth -A rx on 2>/dev/null && fail "pause can be switched on"
eth -d >/dev/null || fail "ethtool -d"
eth -k | grep -q 'rx-vlan-filter: on' || fail "VLAN filter in standard mode"

note "rings and queues"
eth -G rx 100 || fail "rx 100"
[ "$(eth -g | awk '/^RX:/ { v = $2 } END { print v }')" = 104 ] || fail "rx ring is not 104"
eth -G rx 40 2>/dev/null && fail "accepted rx 40"
eth -G rx 4096 tx 500 || fail "rx 4096"
[ "$(eth -g | awk '/^TX:/ { v = $2 } END { print v }')" = 512 ] || fail "tx ring is not 512"
eth -L rx 4 || fail "4 queues"
host_sh 'ls /dev/hpcap_0_0 /dev/hpcap_0_3 >/dev/null' || fail "no capture devices"
eth -L rx 9 2>/dev/null && fail "accepted 9 queues"
eth -L rx 1 || fail "1 queue"
host_sh '[ ! -e /dev/hpcap_0_1 ]' || fail "a capture device too many"

note "self-test"
eth -t offline >"$SCRATCH/test" || fail "self-test: $(cat "$SCRATCH/test")"
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after the self-test"
eth -r || fail "negotiate again"
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after negotiation"

note "capture mode and back, features follow"
capture_mode host "$PF_IF" on
eth -k | grep -q 'rx-vlan-filter: off' || fail "VLAN filter in capture mode"
eth -k | grep -q 'rx-vlan-offload: off' || fail "VLAN offload in capture mode"
capture_mode host "$PF_IF" off
eth -k | grep -q 'rx-vlan-offload: on' || fail "VLAN offload after capture mode"
eth -S | grep -q rx_hpcap_frames || fail "ethtool -S"

note "out and in again"
for _ in 1 2 3; do
	host_sh 'echo $1 >/sys/bus/pci/drivers/hpcap_pf/unbind
		[ ! -e /dev/hpcap_0_0 ] && echo $1 >/sys/bus/pci/drivers/hpcap_pf/bind' "$PF" ||
		fail "rebind"
done
pf_take
pf_gone
host_sh '[ ! -d /sys/module/hpcap_core ]' || fail "a module stays"
dmesg_check host
ok
