#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Errors of the bus (PCIe AER): a corrected one is none of our business, non-fatal
# and fatal ones are recovered from, those of the root port (QEMU makes them) and
# those of the NIC itself (the kernel's aer_inject does, for QEMU's NIC cannot
# report); traffic of PF and VF, mirrors, counters, a running capture go on.
# storey: pf
# kernels: 6.1 6.12
# timeout: 300
# topology: nic-slow-link
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

RX_ERR='\001\000\000\000' COMP_TIME='\000\100\000\000' MALF_TLP='\000\000\004\000'
NONE='\000\000\000\000'

said() {
	dmesg_since host | grep -q "$1"
}

resets() {
	ethtool_stat host "$PF_IF" resets
}

# at_port NAME: QEMU makes the error at the root port, and sends the message.
at_port() {
	dmesg_mark host
	hmp "pcie_aer_inject_error rp1 $1" >"$SCRATCH/hmp" || fail "QEMU refuses $1"
}

# at_nic UNCORRECTABLE CORRECTABLE: status bits of the NIC, 32 bits each as bytes.
at_nic() {
	dmesg_mark host
	host_sh 'printf "\001\000\000\000$1$2$3$3$3$3$3" >/dev/aer_inject' "$1" "$2" "$NONE" ||
		fail "aer_inject refuses"
}

# recovered WHAT: by the driver, with one reset of the port; all goes on.
recovered() {
	wait_for 60 said 'AER: device recovery successful' ||
		fail "no recovery from $1: $(dmesg_since host | tail -n 3)"
	said "severity=$2" || fail "$1 is not $2: $(dmesg_since host | grep severity)"
	wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after $1"
	expect "resets of the port by $1" $((RESETS + 1)) "$(resets)"
	RESETS=$((RESETS + 1))
}

went_on() {
	get_all "after $1"
	expect "mirrors after $1" "$ID" "$(pfnl mirrors | nl_field id)"
	host cat "/sys/kernel/debug/hpcap_pf/$PF/tables" | grep -q differs && fail "tables differ after $1"
	true
}

pf_world
expect "address of the NIC" 0000:01:00.0 "$PF"
host_sh 'setpci -s "$(basename "$(readlink -f /sys/bus/pci/devices/$1/..)")" BRIDGE_CONTROL=2:2' "$PF" ||
	fail "the root port does not pass errors on"
vfs_driver igbvf
numvfs 3 || fail "3 VFs"
vf_tenant 0
ID=$(pfnl new "$PF" vfs=1 targets=4 dir=1 owner=test grace-ms=0 | nl_field id)
[ -n "$ID" ] || fail "no mirror"
get_all "before"
RESETS=$(resets)

note "seen by the root port: completion time-out, not fatal; link error, fatal: the bus is reset"
at_port COMP_TIME
recovered "a time-out at the port" 'Uncorrect.*Non-Fatal'
went_on "a time-out at the port"
at_port DLP
recovered "a link error" 'Uncorrect.*(Fatal)'
went_on "a link error"

# from now on the kernel does not read the port's own registers
host modprobe aer_inject || fail "aer_inject"
at_exit host rmmod aer_inject
note "a corrected error of the NIC"
at_nic "$NONE" "$RX_ERR"
wait_for 20 said 'severity=Correct' || fail "nobody heard of it"
expect "resets" "$RESETS" "$(resets)"

note "of the NIC: completion time-out, malformed packet"
at_nic "$COMP_TIME" "$NONE"
recovered "a time-out at the NIC" 'Uncorrect.*Non-Fatal'
went_on "a time-out at the NIC"
at_nic "$MALF_TLP" "$NONE"
recovered "a malformed packet" 'Uncorrect.*(Fatal)'
went_on "a malformed packet"

note "under a capture"
host ip netns del t0
numvfs 0
capture_mode host "$PF_IF" on
host ip link set "$PF_IF" promisc on
sleep 1
RESETS=$(resets)
listen dd
send 500
settled >/dev/null
at_nic "$MALF_TLP" "$NONE"
recovered "a malformed packet under a capture" 'Uncorrect.*(Fatal)'
sleep 1
send 500
settled >/dev/null
listen_end dd
whole dd
expect "frames captured before and after" 1000 "$(heard dd frames)"
dmesg_check host
ok
