#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Errors of the bus (PCIe AER), made by QEMU at the NIC: a corrected one is none
# of our business, a non-fatal and a fatal one are recovered from; traffic of PF
# and VF, mirrors and counters go on.
# storey: pf
# kernels: 6.1 6.12
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

said() {
	dmesg_since host | grep -q "$1"
}

pf_world
vfs_driver igbvf
numvfs 3 || fail "3 VFs"
vf_tenant 0
id=$(pfnl new "$PF" vfs=1 targets=4 dir=1 owner=test | nl_field id)
[ -n "$id" ] || fail "no mirror"
get_all "before"
resets=$(ethtool_stat host "$PF_IF" port_resets)

note "a corrected error"
hmp 'pcie_aer_inject_error -c nic0 0x1' >"$SCRATCH/hmp"
wait_for 10 said 'AER:.*[Cc]orrect' || skip "no AER here: $(<"$SCRATCH/hmp")"
expect "resets" "$resets" "$(ethtool_stat host "$PF_IF" port_resets)"

note "a non-fatal error: completion time-out"
hmp 'pcie_aer_inject_error nic0 COMP_TIME' >"$SCRATCH/hmp"
wait_for 30 said 'AER: device recovery successful' || fail "no recovery: $(<"$SCRATCH/hmp")"
get_all "after a non-fatal error"

note "a fatal error: malformed packet"
dmesg_mark host
hmp 'pcie_aer_inject_error nic0 MALF_TLP' >"$SCRATCH/hmp"
wait_for 30 said 'AER: device recovery successful' || fail "no recovery: $(<"$SCRATCH/hmp")"
wait_for 30 pf_has_carrier || fail "no link after a fatal error"
# the reset of the bus took all of the VF's: its driver starts over
ns t0 sh -c 'ip link set $1 down; ip link set $1 up' sh "$IF"
get_all "after a fatal error"
expect_ge "resets" $((resets + 2)) "$(ethtool_stat host "$PF_IF" port_resets)"
expect "mirrors" "$id" "$(pfnl mirrors | nl_field id)"
host cat "/sys/kernel/debug/hpcap_pf/$PF/tables" | grep -q differs && fail "tables differ"
dmesg_check host
ok
