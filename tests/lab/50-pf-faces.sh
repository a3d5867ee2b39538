#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The sriov/ directory takes what OpenStack's TaaS and administrators write and
# refuses nonsense without changing anything; netlink likewise, with words.
# storey: pf
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

# All that can be read, in one go.
snapshot() {
	host_sh 'cd /sys/bus/pci/devices/$1/sriov &&
		grep -r . --exclude-dir=stats . 2>/dev/null | sort
		/src/build/bin/pfnl mirrors | sed "s, age-ms=[0-9]*,,; s, left-ms=[0-9]*,,"' "$PF"
}

# shows FILE TEXT
shows() {
	expect "$1" "$2" "$(sriov_show "$1")"
}

mirror_world
note "what TaaS writes, and what is then there"
for line in '0/egress_mirror|add 2\n' '0/ingress_mirror|add 2\n' '2/vlan_mirror|add 2,4,6,18-22\n'; do
	sriov "${line%%|*}" "${line#*|}" || fail "$line"
done
shows 0/egress_mirror 2
shows 0/ingress_mirror 2
shows 0/ingress_mirror_state '2 (waiting)'
shows 2/vlan_mirror 2,4,6,18-22
sriov 2/vlan_mirror 'rem 0-4095\n' || fail "rem 0-4095"
sriov 2/vlan_mirror 'rem 0-4095\n' || fail "rem 0-4095 of nothing"
shows 2/vlan_mirror ''
shows 0/ingress_mirror 2
sriov 2/vlan_mirror 'add 0-4095\n' || fail "add 0-4095"
shows 2/vlan_mirror 0-4095
shows 0/ingress_mirror 2
sriov taas_compat 'on\n' || fail "taas_compat"
sriov 2/vlan_mirror 'rem 0-4095\n' || fail "rem with taas_compat"
shows 0/ingress_mirror off
shows 0/egress_mirror off
expect "mirrors left" '' "$(pfnl mirrors)"

note "more than the original takes"
for line in 'ADD  1 \n' 'add 3' 'add 3'; do
	sriov 0/ingress_mirror "$line" || fail "$line"
done
shows 0/ingress_mirror 1,3
sriov 0/ingress_mirror 'rem 1\n' || fail "rem"
sriov 0/ingress_mirror 'rem 1\n' || fail "rem twice"
shows 0/ingress_mirror 3
sriov 0/ingress_mirror 'rem 3\n'
sriov ingress_mirror 'add 1\n' || fail "PF as source"
shows ingress_mirror 1
sriov ingress_mirror 'rem 1\n'

note "every file goes round"
while read -r file value shown; do
	sriov "1/$file" "$value\n" || fail "$file $value"
	shows "1/$file" "${shown:-$value}"
done <<-'END'
	trust on
	trust OFF off
	mac_anti_spoof off
	vlan_anti_spoof off
	allow_untagged off
	allow_untagged on
	allow_bcast off
	allow_bcast on
	vlan_strip on
	mac 02:aa:00:00:00:1c
	max_tx_rate 100
	max_tx_rate 0
	loopback on
	enable off
	enable on
END
sriov 1/mac_list 'add 02:aa:00:00:00:01,02:aa:00:00:00:02\n' || fail "mac_list"
shows 1/mac_list 02:aa:00:00:00:01,02:aa:00:00:00:02
sriov 1/mac_list 'add 02:aa:00:00:00:03,02:aa:00:00:00:04\n' && fail "a fourth filter"
sriov 1/mac_list 'rem 02:aa:00:00:00:01,02:aa:00:00:00:02\n' || fail "mac_list rem"
sriov 1/promisc 'add ucast\n' || fail "promisc ucast"
sriov 1/promisc 'add mcast\n' || fail "promisc mcast"
shows 1/promisc 'ucast, mcast'
sriov 1/promisc 'rem ucast\n' && shows 1/promisc mcast && sriov 1/promisc 'rem mcast\n'
sriov 1/trunk 'add 5,7\n' || fail "trunk"
shows 1/trunk 5,7
shows 1/allow_untagged off
sriov 1/trunk 'rem 0-4095\n' || fail "trunk rem"
shows 1/allow_untagged on
shows 1/link_state 'up, 1 Gbps'
sriov 1/link_state 'disable\n' && shows 1/link_state down && sriov 1/link_state 'auto\n'
sriov 1/reset_stats '1\n' || fail "reset_stats"
shows 1/stats/rx_packets 0

note "what the chip cannot, and nonsense"
before=$(snapshot)
while IFS='|' read -r file line; do
	sriov "$file" "$line" && fail "accepted '$line' in $file"
done <<-'END'
	1/link_state|enable\n
	1/num_queues|2\n
	1/queue_type|1\n
	1/min_tx_rate|10\n
	1/qos/share|10\n
	1/loopback|off\n
	tpid|0x88a8\n
	0/ingress_mirror|add 0\n
	0/ingress_mirror|add 4\n
	0/ingress_mirror|add 4096\n
	0/ingress_mirror|add -1\n
	0/ingress_mirror|add 99999999999999999999\n
	0/ingress_mirror|add 2x\n
	0/ingress_mirror|add 2 3\n
	0/ingress_mirror|add\n
	0/ingress_mirror|add \n
	0/ingress_mirror|xadd 2\n
	0/ingress_mirror|2\n
	0/ingress_mirror|\n
	0/egress_mirror|add 0x2\n
	2/vlan_mirror|add 4096\n
	2/vlan_mirror|add 5-4\n
	2/vlan_mirror|add 1-40\n
	2/vlan_mirror|add 5,,6\n
	2/vlan_mirror|rem 0 - 4095\n
	1/trunk|add 1-4094\n
	1/trust|yes\n
	1/trust|on off\n
	1/mac|02:aa:00:00:00\n
	1/mac|03:aa:00:00:00:01\n
	1/mac|02:aa:00:00:00:0a\n
	1/mac_list|add 02:aa:00:00:00:01,nonsense\n
	1/promisc|add all\n
	1/max_tx_rate|-1\n
	1/max_tx_rate|1001\n
	1/max_tx_rate|4294967296\n
	1/reset_stats|2\n
END
expect "state after nonsense" "$before" "$(snapshot)"
out=$(host python3 -B /src/tests/lab/nonsense.py "/sys/bus/pci/devices/$PF/sriov" 2>&1) ||
	fail "$out"
note "$out"

note "netlink, with words"
# says TEXT pfnl-arguments...: refused, and the kernel says so
says() {
	local want=$1 got

	shift
	got=$(pfnl "$@") && fail "accepted: $*"
	[[ $got == *"$want"* ]] || fail "$*: '$got' does not say '$want'"
}
id=$(pfnl new "$PF" vfs=1 targets=4 dir=3 owner=alice reason=INC-42 ttl-ms=600000 | nl_field id)
[ -n "$id" ] || fail "new"
expect "owner" alice "$(pfnl get "$PF" "$id" | nl_field owner)"
pfnl set "$PF" "$id" reason=INC-43 vlans=7,9-11 || fail "set"
got=$(pfnl get "$PF" "$id")
expect "reason, vlans, owner" "INC-43 7,9-11 alice" \
	"$(nl_field reason <<<"$got") $(nl_field vlans <<<"$got") $(nl_field owner <<<"$got")"
shows 0/ingress_mirror off
shows 0/ingress_mirror_state '2 (waiting)'
before=$(snapshot)
says EINVAL raw 4
says 'no such PF' new 0000:ff:00.0 vfs=1 targets=4 dir=3
says EINVAL new "$PF" vfs=1 dir=3
says 'wanted: sources' new "$PF" targets=4
says 'wanted: sources' new "$PF" vfs=1 targets=1 dir=1
says 'wanted: sources' new "$PF" vfs=1 targets=4
says 'does not exist' new "$PF" vfs=1 targets=64 dir=1
says 'list as' new "$PF" vlans=5,x targets=4
says 'VLAN entry' new "$PF" vlans=100-140 targets=4
says 'no such mirror' del "$PF" 999
says ERANGE new "$PF" vfs=1 targets=4 dir=4
says ERANGE new "$PF" vfs=1 targets=4 dir=1 pf=2
says EINVAL new "$PF" vfs=256 targets=4 dir=1
says ERANGE new "$PF" vfs=1 targets=4 dir=1 ttl-ms=18446744073709551615
says EINVAL new "$PF" vfs=1 targets=4 dir=1 owner=0123456789012345678901234567890123456789
says EINVAL raw 4 1=0x41*3000
says EINVAL raw 4 9=1*2
says EOPNOTSUPP raw 9
got=$(host setpriv --reuid=65534 --clear-groups --inh-caps=-all /src/build/bin/pfnl \
	new "$PF" vfs=1 targets=4 dir=1)
[[ $got == EPERM* ]] || fail "anybody may make mirrors"
expect "state after bad messages" "$before" "$(snapshot)"
pfnl del "$PF" "$id" || fail "del"
expect "why it ended" 6 "$(pfnl ended | grep " id=$id " | nl_field end)"

note "the chip has what was wanted, and all goes with the VFs"
host cat "/sys/kernel/debug/hpcap_pf/$PF/tables" | grep -q differs && fail "tables differ"
numvfs 0
host_sh '[ ! -e /sys/bus/pci/devices/$1/sriov ]' "$PF" || fail "sriov/ stays"
dmesg_check host
ok
