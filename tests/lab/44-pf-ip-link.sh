#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What `ip link set PF vf N ...` says is what `ip -j link` shows, and what the
# VF sees; what the chip cannot do is refused by name.
# storey: pf
# kernels: 6.1 6.12
# timeout: 400
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

vf_set() {
	host ip link set "$PF_IF" vf "$@"
}

# trip N WORDS... -- FIELD VALUE [FIELD VALUE]...
trip() {
	local vf=$1 words=()

	shift
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	vf_set "$vf" "${words[@]}" || fail "vf $vf ${words[*]}"
	while [ $# -gt 0 ]; do
		expect "vf $vf ${words[*]}: $1" "$2" "$(vf_info "$vf" "$1")"
		shift 2
	done
}

refuse() {
	vf_set "$@" 2>"$SCRATCH/refused" && fail "accepted: vf $*"
	true
}

pf_world
vfs_driver none
numvfs 3 || fail "3 VFs"
trip 0 mac 02:00:00:00:00:10 -- address 02:00:00:00:00:10
trip 0 mac 00:00:00:00:00:00 -- address 00:00:00:00:00:00
trip 0 mac 02:00:00:00:00:10 -- address 02:00:00:00:00:10
trip 1 vlan 100 qos 3 -- vlan 100 qos 3
trip 1 vlan 0 -- link_state auto
host ip -j link show "$PF_IF" | grep -q '"vlan":100' && fail "VLAN 100 stays"
trip 2 spoofchk off -- spoofchk false
trip 2 spoofchk on -- spoofchk true
trip 2 trust on -- trust true
trip 2 trust off -- trust false
trip 2 state disable -- link_state disable
trip 2 state auto -- link_state auto
trip 2 max_tx_rate 300 -- max_tx 300
trip 2 max_tx_rate 0 -- max_tx 0
refuse 3 mac 02:00:00:00:00:11
refuse 0 mac 01:00:5e:00:00:01
refuse 1 mac 02:00:00:00:00:10
refuse 1 vlan 4096
refuse 1 vlan 100 proto 802.1ad
grep -qi 'protocol not supported' "$SCRATCH/refused" || fail "QinQ: $(cat "$SCRATCH/refused")"
refuse 1 state enable
refuse 1 max_tx_rate 2000
refuse 1 min_tx_rate 10
expect "vectors to share out: the chip gives each VF three" 0 \
	"$(host cat "/sys/bus/pci/devices/$PF/sriov_vf_total_msix")"
host_sh 'printf 2 | tee /sys/bus/pci/devices/$1/virtfn0/sriov_vf_msix_count >/dev/null' "$PF" 2>"$SCRATCH/refused" &&
	fail "took another number of vectors"
grep -qi 'not supported' "$SCRATCH/refused" || fail "vectors: $(cat "$SCRATCH/refused")"

note "after all of that igbvf finds its address"
vfs_driver igbvf
host_sh 'echo $(basename "$(readlink /sys/bus/pci/devices/$1/virtfn0)") >/sys/bus/pci/drivers/igbvf/bind' "$PF"
expect "address of VF 0" 02:00:00:00:00:10 "$(host cat "/sys/class/net/$(vf_netdev 0)/address")"

note "a fixed address cannot be changed by the guest, a trusted guest may"
IF=$(vf_netdev 0)
vf_up host "$IF"
host ip link set "$IF" address 02:00:00:00:00:66 2>/dev/null && fail "the guest changed its address"
vf_set 0 trust on
host ip link set "$IF" address 02:00:00:00:00:66 || fail "a trusted guest cannot change its address"

note "port VLAN: the wire sees the tag, the guest does not"
vf_set 0 mac 00:00:00:00:00:00
vf_set 0 vlan 42 || fail "vlan 42"
host_sh 'ip link set $1 down; ip link set $1 up' "$IF"
ns_add t0 "$IF" 10.9.0.2/24
wait_for "$LINK_WITHIN" ns_carrier t0 "$IF" || fail "no link"
wire_start --record "$SCRATCH/out.pcap"
ns t0 sh -c 'ip neigh replace 10.9.0.77 lladdr 02:00:00:00:00:77 dev $1
	ping -q -c 20 -i 0.02 -W 1 10.9.0.77' sh "$IF" >/dev/null
on_wire 20 'vlan 42 and icmp[0] = 8'
rx() {
	ns t0 cat "/sys/class/net/$IF/statistics/rx_packets"
}
mac=$(ns t0 cat "/sys/class/net/$IF/address")
was=$(rx)
send 200 --dst "$mac" --vlan 42
arrive "frames of VLAN 42" $((was + 200)) rx
send 200 --dst "$mac" --vlan 43
send 200 --dst "$mac"
expect "frames of other VLANs" $((was + 200)) "$(wait_settled 20 rx)"

note "link taken away and given back"
# The model rings igbvf's mailbox on another vector, so that its carrier may stay.
vf_set 0 state disable
was=$(rx)
send 200 --dst "$mac" --vlan 42
expect "frames without link" "$was" "$(wait_settled 20 rx)"
vf_set 0 state auto
wait_for "$LINK_WITHIN" ns_carrier t0 "$IF" || fail "the VF does not get its link back"
send 200 --dst "$mac" --vlan 42
arrive "frames after that" $((was + 200)) rx
dmesg_check host
ok
