#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libvirt gives VFs of our PF to a domain: with MAC when it starts, with MAC and
# VLAN by hot-plug, and takes them back as they were.
# storey: pf
# kernels: 6.1 6.12
# timeout: 900
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

MAC=02:00:00:82:57:6a		# of lab/guest/probe.xml
MAC1=02:00:00:82:57:6b

# probe_if MAC: the interface with that address in the probe VM.
probe_if() {
	probe_sh 'for d in /sys/class/net/*; do
		[ "$(cat $d/address)" = $1 ] && basename $d && exit 0
	done; exit 1' "$1"
}

probe_rx() {
	vm probe cat "/sys/class/net/$IF/statistics/rx_packets"
}

pf_world
vfs_driver none
numvfs 2 || fail "2 VFs"
at_exit "$LAB" probe down
"$LAB" probe up --pf-driver hpcap_pf --vfs 2 >"$SCRATCH/probe.log" 2>&1 ||
	fail "probe up: $(tail -n 3 "$SCRATCH/probe.log")"
expect "address that libvirt set" $MAC "$(vf_info 0 address)"
probe_sh 'modprobe igbvf; for i in 1 2 3 4 5 6 7 8 9 10; do
	ls /sys/class/net | grep -qv lo && exit 0; sleep 1; done; exit 1' || fail "no interface"
IF=$(probe_if $MAC) || fail "no interface with the address that libvirt set"
probe ip link set "$IF" up
wait_for "$LINK_WITHIN" vf_has_carrier probe "$IF" || fail "no link in the probe VM"
probe sysctl -q -w "net.ipv6.conf.$IF.disable_ipv6=1"
was=$(probe_rx)
send 500 --dst $MAC --pps 500
near "frames in the probe VM" $((was + 500)) "$(wait_settled 60 probe_rx)"

note "hot-plug of another VF, with MAC and VLAN"
IFS=:. read -r d b s f <<<"$(vf_addr 1)"
cat >"$SCRATCH/if.xml" <<-END
	<interface type='hostdev' managed='yes'>
	  <mac address='$MAC1'/>
	  <vlan><tag id='42'/></vlan>
	  <source><address type='pci' domain='0x$d' bus='0x$b' slot='0x$s' function='0x$f'/></source>
	</interface>
END
if host virsh -q attach-device vnp "$VM_SCRATCH/if.xml" --live >"$SCRATCH/attach" 2>&1; then
	expect "address" $MAC1 "$(vf_info 1 address)"
	expect "VLAN" 42 "$(vf_info 1 vlan)"
	wait_for 60 probe_if $MAC1 || fail "the probe VM does not see the second VF"
	IF=$(probe_if $MAC1)
	probe ip link set "$IF" up
	wait_for "$LINK_WITHIN" vf_has_carrier probe "$IF" || fail "no link on the second VF"
	was=$(probe_rx)
	send 200 --dst $MAC1 --vlan 42 --pps 500
	near "frames of VLAN 42" $((was + 200)) "$(wait_settled 60 probe_rx)"
	host virsh -q detach-device vnp "$VM_SCRATCH/if.xml" --live || fail "detach"
	gone() {
		[ -z "$(vf_info 1 vlan)" ]
	}
	wait_for 30 gone || fail "the VLAN stays after the VF was detached"
else
	note "no hot-plug here: $(tail -n 1 "$SCRATCH/attach")"
fi

note "its QEMU killed without a word"
host_sh 'kill -9 $(cat /run/libvirt/qemu/vnp.pid)' || fail "no process of the domain"
restored() {
	[ "$(vf_info 0 address)" = 00:00:00:00:00:00 ]
}
wait_for 30 restored || fail "the address stays after the domain ended"
dmesg_check host
ok
