#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Suspend and resume of the PF and a VF, by the calls that the machine's own
# suspend makes: the device really sleeps (D3), then traffic, mirrors, counters
# and a running capture go on where they were.
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

# suspend ADDRESS...: children first.
suspend() {
	local IFS=,

	host_sh 'dmesg -C; insmod /src/build/kmod-$(uname -r)-tests/pm_trial.ko devices=$1; rc=$?
		dmesg | grep pm_trial: ; rmmod pm_trial 2>/dev/null; exit $rc' "$*" >"$SCRATCH/pm" ||
		fail "suspend: $(tail -n 1 "$SCRATCH/pm")"
	dmesg_mark host
	grep -q "$PF: pm_trial: sleeps in D3" "$SCRATCH/pm" || fail "the PF does not sleep: $(<"$SCRATCH/pm")"
	grep -q "$PF: pm_trial: awake in D0" "$SCRATCH/pm" || fail "the PF is not awake: $(<"$SCRATCH/pm")"
}

pf_world
vfs_driver igbvf
numvfs 3 || fail "3 VFs"
vf_tenant 0
get_all "before"
port=$(ethtool_stat host "$PF_IF" port_rx_frames)
id=$(pfnl new "$PF" vfs=1 targets=4 dir=1 owner=test grace-ms=0 | nl_field id)
[ -n "$id" ] || fail "no mirror"
for _ in 1 2; do
	suspend "$(vf_addr 0)" "$(vf_addr 1)" "$(vf_addr 2)" "$PF"
	get_all "after a suspend"
done
expect_ge "port_rx_frames" $((port + 1200)) "$(ethtool_stat host "$PF_IF" port_rx_frames)"
expect "mirrors" "$id" "$(pfnl mirrors | nl_field id)"
host cat "/sys/kernel/debug/hpcap_pf/$PF/tables" | grep -q differs && fail "tables differ"
expect "MAC and trust of VF 0" "$VF_MAC off" "$(sriov_show 0/mac) $(sriov_show 0/trust)"

note "with a capture that goes on"
host ip netns del t0
numvfs 0
capture_mode host "$PF_IF" on
host ip link set "$PF_IF" promisc on
sleep 1
listen dd
send 500
settled >/dev/null
suspend "$PF"
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after a suspend in capture mode"
sleep 1
send 500
settled >/dev/null
listen_end dd
whole dd
expect "frames captured before and after" 1000 "$(heard dd frames)"
dmesg_check host
ok
