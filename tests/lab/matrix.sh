# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The cross matrix: one PF driver, and three VF drivers at once on its VFs.
# Sourced after pf.sh and testpmd.sh by a test for each PF driver, which says how that one is
# reset. What is asked of each pair: frames both ways, address and VLAN given by
# the host, link of the port lost and found, reset of the VF, reset of the PF.

N=60				# frames of each kind, each way
WIRE_MAC=02:00:00:00:00:77
VLAN=42
KINDS=(igbvf hpcapvf dpdk)	# on VF 0, 1, 2
MACS=(02:aa:00:00:00:50 02:aa:00:00:00:51 02:aa:00:00:00:52)

# wire_link on|off: the cable of the NIC under test.
wire_link() {
	local up=true

	[ "$1" = on ] || up=false
	printf '%s\n' '{"execute":"qmp_capabilities"}' \
		'{"execute":"set_link","arguments":{"name":"wire0","up":'$up'}}' |
		tool socat -t 2 - "UNIX-CONNECT:$RUN_DIR/qmp" >"$SCRATCH/qmp" || fail "QEMU's socket"
	! grep -q '"error"' "$SCRATCH/qmp" || fail "QEMU: $(cat "$SCRATCH/qmp")"
}

# --- the VFs, by the number that is theirs -----------------------------------

start_igbvf() {
	host_sh 'modprobe igbvf' || fail "igbvf"
	vf_bind host "$(vf_addr 0)" igbvf
	NET[0]=$VF_IF
	up 0
}

start_hpcapvf() {
	host_sh 'd=/src/build/kmod-$(uname -r)
		[ -d /sys/module/hpcap_core ] || insmod $d/core/hpcap_core.ko || exit 1
		insmod $d/vf-driver/hpcapvf.ko' || fail "hpcapvf"
	vf_bind host "$(vf_addr 1)" hpcapvf
	NET[1]=$VF_IF
	capture_mode host "$VF_IF" off
	up 1
}

# up VF: its interface in a namespace of its own.
up() {
	ns_add "m$1" "${NET[$1]}" "10.9.$1.1/24"
	ns "m$1" ip neigh replace "10.9.$1.77" lladdr $WIRE_MAC dev "${NET[$1]}"
}

# What comes in goes back to where it came from.
start_dpdk() {
	testpmd_start "$(vf_addr 2)" macswap
	testpmd start
}

# --- what is asked of a VF -----------------------------------------------------

# vf_has_link VF
vf_has_link() {
	case ${KINDS[$1]} in
	dpdk) [ "$(testpmd_field 'show port info 0' 'Link status:')" = up ] ;;
	*) ns_carrier "m$1" "${NET[$1]}" ;;
	esac
}

vf_has_no_link() {
	! vf_has_link "$1"
}

pf_has_no_carrier() {
	! pf_has_carrier
}

vf_received() {
	case ${KINDS[$1]} in
	dpdk) testpmd_field 'show port stats 0' 'RX-packets:' ;;
	*) ns "m$1" cat "/sys/class/net/${NET[$1]}/statistics/rx_packets" ;;
	esac
}

vf_address() {
	case ${KINDS[$1]} in
	dpdk) testpmd_field 'show port info 0' 'MAC address:' | tr A-F a-f ;;
	*) ns "m$1" cat "/sys/class/net/${NET[$1]}/address" ;;
	esac
}

# vf_restart VF: as an administrator of that guest would.
vf_restart() {
	case ${KINDS[$1]} in
	dpdk)
		testpmd stop
		testpmd 'port stop 0'
		testpmd 'port start 0'
		testpmd start
		;;
	*)
		ns "m$1" sh -c 'ip link set $1 down; ip link set $1 up
			ip neigh replace $2 lladdr $3 dev $1' sh "${NET[$1]}" "10.9.$1.77" $WIRE_MAC
		;;
	esac
}

# both_ways VF WHEN: frames to it and from it, with the tag that it has outside.
# testpmd sends what it gets.
both_ways() {
	local was tag='' what="${KINDS[$1]} $2"

	[ ${#TAG[@]} = 0 ] || tag="vlan $VLAN and "
	tag+="ether src ${MACS[$1]} and ether dst $WIRE_MAC"
	was=$(vf_received "$1")
	wire_start --pattern 64-1400 --dst "${MACS[$1]}" --src $WIRE_MAC "${TAG[@]}" --pps 200 \
		--count "$N" --linger 300 --record "$SCRATCH/out.pcap"
	[ "${KINDS[$1]}" = dpdk ] ||
		ns "m$1" ping -q -c "$N" -i 0.01 -W 0.1 "10.9.$1.77" >/dev/null
	wait_for 60 at_least $((was + N)) vf_received "$1"
	near "frames to $what" $((was + N)) "$(vf_received "$1")"
	wait_for 60 at_least "$N" in_pcap out.pcap "$tag"
	wire_stop >/dev/null
	near "frames from $what" "$N" "$(in_pcap out.pcap "$tag")"
}

# all_well WHEN: each VF has its link and its frames.
all_well() {
	local vf

	note "$1"
	for vf in 0 1 2; do
		wait_for "$LINK_WITHIN" vf_has_link $vf || fail "${KINDS[$vf]}: no link $1"
	done
	for vf in 0 1 2; do
		both_ways $vf "$1"
	done
}

# --- the whole ------------------------------------------------------------------

# matrix: PF and PF_IF are set, there are 3 VFs that nobody drives; pf_reset is
# the test's.
matrix() {
	local vf

	TAG=()
	NET=()
	for vf in 0 1 2; do
		host ip link set "$PF_IF" vf $vf mac "${MACS[$vf]}" || fail "mac of VF $vf"
	done
	start_igbvf
	start_hpcapvf
	start_dpdk
	for vf in 0 1 2; do
		expect "address of ${KINDS[$vf]}" "${MACS[$vf]}" "$(vf_address $vf)"
	done
	all_well "at the start"

	wire_link off
	at_exit wire_link on
	wait_for 30 pf_has_no_carrier || fail "the PF has a link without a cable"
	# the others look at their link when the PF rings them, on a vector that the
	# model mistakes: they may not hear of it
	wait_for 30 vf_has_no_link 1 || fail "hpcapvf has a link without a cable"
	wire_link on
	all_well "after the cable was out"

	for vf in 0 1 2; do
		host ip link set "$PF_IF" vf $vf vlan $VLAN || fail "vlan of VF $vf"
		vf_restart $vf
	done
	TAG=(--vlan "$VLAN")
	all_well "after resets of the VFs, in VLAN $VLAN"
	for vf in 0 1 2; do
		host ip link set "$PF_IF" vf $vf vlan 0 || fail "vlan 0 of VF $vf"
	done
	TAG=()

	pf_reset
	wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link of the PF after its reset"
	vf_restart 2	# DPDK leaves that to the program
	all_well "after a reset of the PF"
}
