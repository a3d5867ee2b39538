#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An agent of hpcapctl on two tenants, with real libvirt, vfio, hpcap_pf and a guest that
# captures: the files that come home are exactly their frames; then there is no VM, no
# mirror, the VF is back, and the tenants were never interrupted.
# storey: pf
# kernels: 6.1 6.12
# timeout: 1800
# daily: none
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=lab/agent.sh
. "$TOP/lab/agent.sh"

step() {
	note "$*"
}

ctl() {
	host /src/build/bin/hpcapctl "$@" >"$SCRATCH/ctl.out" 2>"$SCRATCH/ctl.err" ||
		fail "hpcapctl $*: $(cat "$SCRATCH/ctl.err")"
}

pf_world
at_exit host_sh 'for d in $(virsh -q list --all --name); do virsh -q destroy $d; virsh -q undefine $d; done
	rm -rf /var/lib/hpcap'
"$LAB" probe libvirt || fail "no libvirt"
agent_world
tenants_talk
agent_run
note "captures after $SECONDS s"
ctl --json show agent1
expect "reason" INC-42 "$(tool jq -r .vm.reason "$SCRATCH/ctl.out")"
agent_traffic "${N:-300}" 500
agent_over
tenants_end
agent_verdict
note "sent $SENT captured $CAPTURED lost $LOST, of their pings $PINGED, of others $OTHERS"
expect_ge "frames sent" $((4 * ${N:-300})) "$SENT"
expect "lost" 0 "$LOST"
expect "frames of others" 0 "$OTHERS"
expect "identical" yes "$SAME"
dmesg_check host
ok "$TEST"
