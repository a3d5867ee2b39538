# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Our PF driver on the NIC under test in the host VM, and its VFs in network namespaces
# there: for lab/demo and the tests of storey pf. Sourced after drive.sh.

# ipv6 on|off: in the host VM.
ipv6() {
	local v=0

	[ "$1" = on ] || v=1
	host sysctl -q -w net.ipv6.conf.all.disable_ipv6=$v net.ipv6.conf.default.disable_ipv6=$v
}

# pf_load [parameters]: our modules.
pf_load() {
	vm_sh host 'd=/src/build/kmod-$(uname -r)
		[ -d /sys/module/hpcap_core ] || insmod $d/core/hpcap_core.ko || exit 1
		insmod $d/pf-driver/hpcap_pf.ko "$@"' "$@"
}

# pf_take: bind the NIC to hpcap_pf, interface up, wait for the link.
pf_take() {
	host_sh 'd=/sys/bus/pci/devices/$1
		echo hpcap_pf >$d/driver_override
		# a NIC that was put in a moment ago may belong to igb by now
		if [ "$(basename "$(readlink -f $d/driver)")" != hpcap_pf ]; then
			[ ! -e $d/driver ] || echo $1 >$d/driver/unbind
			echo $1 >/sys/bus/pci/drivers/hpcap_pf/bind || exit 1
		fi
		ip link set "$(ls $d/net)" up' "$PF" || fail "cannot bind $PF to hpcap_pf"
	PF_IF=$(host ls "/sys/bus/pci/devices/$PF/net") || fail "no netdev on $PF"
	# shellcheck disable=SC2034 # vf.sh asks it
	VF_IF=$PF_IF
	wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link on $PF_IF"
}

# vf_netdev N: interface of the Nth VF in the host VM.
vf_netdev() {
	host_sh 'ls /sys/bus/pci/devices/$1/virtfn$2/net' "$PF" "$1"
}

# ns_add NAME IF ADDRESS: the interface in a namespace of its own, up.
ns_add() {
	host_sh 'ip netns add $1 && ip link set $2 netns $1 &&
		ip netns exec $1 sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 &&
		ip -n $1 addr add $3 dev $2 && ip -n $1 link set lo up &&
		ip -n $1 link set $2 up' "$@" || fail "namespace $1 with $2"
}

# ns NAME CMD...
ns() {
	host ip netns exec "$@"
}

# ns_carrier NAME IF
ns_carrier() {
	[ "$(ns "$1" cat "/sys/class/net/$2/carrier")" = 1 ]
}
