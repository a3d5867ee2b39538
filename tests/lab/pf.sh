# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of our PF driver share; sourced after lib.sh and vf.sh. The NIC
# under test is driven by hpcap_pf in the host VM. With VM=host and VF_IF set to
# the PF's interface, the helpers of vf.sh serve the PF as well.

# shellcheck source=lab/drive_pf.sh
. "$TOP/lab/drive_pf.sh"

# pf_world [insmod parameters]: fresh modules, hpcap_pf on the NIC, link up.
# Sets PF and PF_IF. All is taken down when the test ends.
pf_world() {
	# shellcheck disable=SC2034 # vf.sh asks it
	VM=host
	rm -rf "$SCRATCH"
	mkdir -p "$SCRATCH"
	PF=$(lab_var LAB_PF) || fail "no NIC under test"
	pf_gone
	dmesg_mark host
	at_exit pf_gone
	# what the stack says of its own accord would be counted and captured too
	ipv6 off
	at_exit ipv6 on
	pf_load "$@" || fail "cannot load hpcap_pf"
	pf_take
}

# pf_gone: no listeners, no VFs, no modules, the NIC free for any driver.
pf_gone() {
	host_sh 'd=/sys/bus/pci/devices/$1
		for p in hpcapdd dpdk-testpmd storm mboxfuzz; do pkill -9 -x $p; done
		pkill -x ping
		ip -all netns del 2>/dev/null
		echo 0 >$d/sriov_numvfs 2>/dev/null
		[ ! -e $d/driver ] || echo $1 >$d/driver/unbind
		echo >$d/driver_override
		echo 1 >$d/sriov_drivers_autoprobe
		for m in igbvf hpcapvf hpcap_pf hpcap_core; do
			for i in 1 2 3 4 5; do
				[ -d /sys/module/$m ] || break
				rmmod $m && break
				sleep 0.5
			done
		done
		true' "$PF"
}

# numvfs N
numvfs() {
	host_sh 'echo $2 >/sys/bus/pci/devices/$1/sriov_numvfs' "$PF" "$1"
}

# vfs_driver NAME|none: who gets VFs that are made from now on.
vfs_driver() {
	case $1 in
	none) host_sh 'echo 0 >/sys/bus/pci/devices/$1/sriov_drivers_autoprobe' "$PF" ;;
	*) host_sh 'modprobe $2; echo 1 >/sys/bus/pci/devices/$1/sriov_drivers_autoprobe' "$PF" "$1" ;;
	esac || fail "VFs for $1"
}

# passes NAME ADDRESS [ping arguments]: from that namespace, without loss.
passes() {
	local from=$1 to=$2

	shift 2
	ns "$from" ping -q -n -i 0.1 -c 10 -W 3 "$@" "$to" >"$SCRATCH/ping.log" 2>&1 &&
		grep -q ' 0% packet loss' "$SCRATCH/ping.log"
}

# must_pass: the same within a while, or fail. The first may find no neighbour yet.
must_pass() {
	wait_for 40 passes "$@" ||
		fail "$1 to $2: $(grep -h loss "$SCRATCH/ping.log" || tail -n 2 "$SCRATCH/ping.log")"
}

# vf_info N FIELD: out of `ip -j link show` of the PF.
vf_info() {
	host ip -j link show "$PF_IF" |
		sed 's/"vlan_list":\[{\([^}]*\)}\]/\1/g; s/"rate":{\([^}]*\)}/\1/g' |
		tr '{}' '\n' | grep "\"vf\":$1," | tr ',' '\n' |
		sed -n "s/^\"$2\":\"\{0,1\}\([^\"]*\)\"\{0,1\}\$/\1/p" | head -n 1
}

# near WHAT WANTED GOT: a few frames more may be the stack's own.
near() {
	if [ "$3" -lt "$2" ] || [ "$3" -ge $(($2 + 10)) ]; then
		fail "$1: wanted $2 or a few more, got $3"
	fi
}

# at_least N CMD...: CMD prints a number that is not less.
at_least() {
	[ "$("${@:2}")" -ge "$1" ]
}

# arrive WHAT N CMD...: what CMD counts becomes N within a while, and stays so.
arrive() {
	wait_for 60 at_least "$2" "${@:3}"
	near "$1" "$2" "$(wait_settled 20 "${@:3}")"
}

# on_wire N FILTER: so many frames came out of the NIC, of those that the filter
# takes; wire_start has --record $SCRATCH/out.pcap.
on_wire() {
	wait_for 60 at_least "$1" in_pcap out.pcap "$2"
	wire_stop >/dev/null
	expect "frames on the wire: $2" "$1" "$(in_pcap out.pcap "$2")"
}

# alive MAC CMD...: wait until frames for MAC are counted by CMD again.
alive() {
	wait_for 60 alive_now "$@" || fail "no frames for $1 any more"
	wait_settled 20 "${@:2}" >/dev/null
}

alive_now() {
	local was

	was=$("${@:2}")
	send 20 --dst "$1" || return 1
	wait_for 2 at_least $((was + 20)) "${@:2}"
}

# in_pcap FILE FILTER: how many frames of $SCRATCH/FILE the filter takes.
in_pcap() {
	host tcpdump --count -r "$VM_SCRATCH/$1" "$2" 2>/dev/null | awk '{ print $1 }'
}

# hmp COMMAND: of the host VM's QEMU; prints what it says.
hmp() {
	tool hmp "$RUN_DIR/qmp" "$1"
}

# vf_tenant N: igbvf on the Nth VF, alone in namespace tN, 10.9.0.<N+2>/24. Sets IF
# and VF_MAC.
vf_tenant() {
	IF=$(vf_netdev "$1") || fail "no interface on VF $1"
	ns_add "t$1" "$IF" "10.9.0.$(($1 + 2))/24"
	wait_for "$LINK_WITHIN" ns_carrier "t$1" "$IF" || fail "no link on VF $1"
	# shellcheck disable=SC2034 # the tests ask it
	VF_MAC=$(ns "t$1" cat "/sys/class/net/$IF/address")
}

# rx PF|VF: frames that the PF's interface, or that of the last vf_tenant 0, has.
rx() {
	case $1 in
	PF) if_stat host "$PF_IF" rx_packets ;;
	VF) ns t0 cat "/sys/class/net/$IF/statistics/rx_packets" ;;
	esac
}

# get_all WHEN: 300 frames for the PF and 300 for VF 0 arrive.
get_all() {
	local who was

	wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link $1"
	wait_for "$LINK_WITHIN" ns_carrier t0 "$IF" || fail "no link on the VF $1"
	sleep 1
	for who in PF VF; do
		was=$(rx $who)
		case $who in
		PF) send 300 --dst "$(host cat "/sys/class/net/$PF_IF/address")" ;;
		VF) send 300 --dst "$VF_MAC" ;;
		esac
		near "frames of the $who $1" $((was + 300)) "$(wait_settled 20 rx $who)"
	done
}
