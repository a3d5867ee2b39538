#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl killed before some of its changes and at some moments, in run and in destroy,
# with real libvirt and vfio: called again it finishes; else gc and destroy undo.
# storey: pf
# kernels: 6.1 6.12
# timeout: 1200
# daily:
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/ctl.sh
. "${0%/*}/ctl.sh"

ctl_world 2
tenant_xml web1 0
agent=(run vnma a1 --tenant web1 --ttl 1h --reason INC-42 "${LIGHT[@]}" "${STAYS[@]}")

note "hpcapctl killed: called again it finishes; not called again, gc and destroy undo"
host /src/build/bin/killat 0 $CTL "${agent[@]}" >"$SCRATCH/kill.log" 2>&1 || fail "run: $(cat "$SCRATCH/kill.log")"
places=$(tail -n 1 "$SCRATCH/kill.log")
agent_runs "after a whole run"
ctl_ok destroy a1
for n in $((places / 3)) $((places - 1)); do
	host /src/build/bin/killat "$n" $CTL "${agent[@]}" >"$SCRATCH/kill.log" 2>&1
	expect "exit status of a run killed before change $n of $places" 137 $?
	ctl_ok "${agent[@]}"
	agent_runs "after a run killed before change $n and called again"
	ctl_ok destroy a1
	nothing 1 "after that"
done
for s in 0.2 0.5 1.5; do
	host timeout -s KILL $s $CTL "${agent[@]}" >"$SCRATCH/kill.log" 2>&1
	ctl_ok "${agent[@]}"
	agent_runs "after a run killed after $s s and called again"
	host timeout -s KILL $s $CTL destroy a1 >"$SCRATCH/kill.log" 2>&1
	ctl_ok destroy a1
	nothing 1 "after a destroy killed after $s s and called again"
done
host /src/build/bin/killat $((places / 2)) $CTL "${agent[@]}" >"$SCRATCH/kill.log" 2>&1
ctl_ok gc
ctl_ok destroy a1
nothing 1 "after a killed run, gc and destroy"
dmesg_check host
ok
