#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What goes wrong while a probe or an agent is deployed, with real libvirt and vfio:
# QEMU killed, the guest crashed, libvirtd killed and started again, the host's PF reset.
# Each leaves nothing, or the next call finishes it.
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

note "its QEMU killed"
ctl_ok "${agent[@]}"
host_sh 'kill -9 $(cat /run/libvirt/qemu/a1.pid)' || fail "no process of the agent"
wait_for 90 vf_is_back 1 || fail "the VF of a killed agent is not given back"
ctl_ok --json gc
expect "leftovers" "folder INC-42" "$(asks '.leftovers[0] | "\(.kind) \(.reason)"')"
nothing 1 "after gc"

note "its guest crashes"
ctl_ok run vnma a1 --tenant web1 --ttl 1h "${LIGHT[@]}" "${CRASHES[@]}"
fell() {
	[ "$(state a1)" = gone ]
}
wait_for 400 fell || fail "a1 after its guest crashed: $(state a1)"
ctl_ok gc
nothing 1 "after gc"
probe=(--nic "vf:$PF_IF" --storage none "${LIGHT[@]}")
ctl_ok deploy vnp p1 "${probe[@]}" "${CRASHES[@]}"
is_off() {
	[ "$(state p1)" = off ]
}
wait_for 400 is_off || fail "p1 after its guest crashed: $(state p1)"
ctl_ok --json deploy vnp p1 "${probe[@]}" "${CRASHES[@]}"
expect "p1 called again" running "$(asks .vm.state)"
ctl_ok destroy p1
nothing 1 "after the probe"

note "libvirtd killed while it makes the VM, and started again"
bg_start host run $CTL "${agent[@]}"
sleep 0.5
host_sh 'kill -9 $(cat /run/libvirtd.pid); sleep 1; libvirtd -d </dev/null >/dev/null 2>&1' ||
	fail "libvirtd does not start again"
bg_wait run 300 >/dev/null || fail "hpcapctl hangs when libvirtd is gone"
answers() {
	host virsh -q version
}
wait_for 120 answers || fail "libvirtd does not answer"
ctl_ok "${agent[@]}"
agent_runs "after libvirtd was killed and the call repeated"

note "libvirtd killed beside an agent that runs"
host_sh 'kill -9 $(cat /run/libvirtd.pid); sleep 1; libvirtd -d </dev/null >/dev/null 2>&1' ||
	fail "libvirtd does not start again"
agent_runs "after a restart of libvirtd"

note "the PF reset beside an agent that runs, and while one is deployed"
pf_reset() {
	host_sh 'echo 1 >/sys/bus/pci/devices/$1/reset' "$PF" || fail "no reset of the PF"
}
mac=$(vf_info 1 address)
pf_reset
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after a reset of the PF"
agent_runs "after a reset of the PF"
expect "address of its VF after a reset of the PF" "$mac" "$(vf_info 1 address)"
ctl_ok destroy a1
nothing 1 "after that"
bg_start host run $CTL "${agent[@]}"
sleep 0.5
pf_reset
bg_wait run 300 >/dev/null || fail "hpcapctl hangs when the PF is reset"
wait_for "$LINK_WITHIN" pf_has_carrier || fail "no link after a reset of the PF"
ctl_ok "${agent[@]}"
agent_runs "made while the PF was reset"
ctl_ok destroy a1
nothing 1 "after that"
dmesg_check host
ok
