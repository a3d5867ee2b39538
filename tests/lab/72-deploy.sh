#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl with real libvirt, vfio and hpcap_pf: a probe and an agent get a VF, with VLAN
# and trust, and give it back; two want the last VF; the mirror is a lease of the kernel;
# refusals name the holder.
# The guest is a kernel without a disk: what it says is the unit tests' business.
# storey: pf
# kernels: 6.1 6.12
# timeout: 800
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
probe=(--nic "vf:$PF_IF" --storage none "${LIGHT[@]}" "${STAYS[@]}")

note "deploy vnp, and its end"
ctl_ok --json deploy vnp p1 "${probe[@]}" --vf-vlan 42 --vf-trust on
expect "state" running "$(asks .vm.state)"
expect "trust that it says" true "$(asks '.vm.devices[0].trust')"
expect "driver of VF 1" vfio-pci "$(driver_of 1)"
mac=$(host_sh 'grep -aoE "capture_mac=[0-9a-f:]+" $1/p1/seed.iso | cut -d= -f2' $VMS)
expect "address of VF 1" "$mac" "$(vf_info 1 address)"
expect "VLAN of VF 1" 42 "$(vf_info 1 vlan)"
expect "trust of VF 1" true "$(vf_info 1 trust)"
host_sh 'modprobe loop && modprobe isofs && mkdir -p /mnt/seed && mount -o loop,ro $1/p1/seed.iso /mnt/seed && cat /mnt/seed/hpcap.conf &&
	ls /mnt/seed && umount /mnt/seed' $VMS >"$SCRATCH/seed" || fail "the config disk cannot be mounted"
grep -qx 'role=vnp' "$SCRATCH/seed" || fail "config disk: $(cat "$SCRATCH/seed")"
grep -qx 'user-data' "$SCRATCH/seed" || fail "config disk: $(cat "$SCRATCH/seed")"
ctl_ok deploy vnp p1 "${probe[@]}" --vf-vlan 42 --vf-trust on
ctl_fails 3 "with other options" deploy vnp p1 "${probe[@]}"
ctl_fails 3 "belongs to domain p1" deploy vnp p2 --nic "$(vf_addr 1)" --storage none "${LIGHT[@]}"
ctl_fails 4 "no free VF of 2" deploy vnp p2 "${probe[@]}"
ctl_fails 3 "has 2 VFs" deploy vnp p2 --nic "$PF" --storage none "${LIGHT[@]}"
ctl_fails 3 "domain p1 uses a VF" vf create "$PF_IF" 0
ctl_fails 3 "hpcapctl did not make" destroy web1
ctl_ok destroy p1
nothing 1 "after destroy"

note "two for the last VF"
for n in 1 2; do
	bg_start host "race$n" $CTL run vnma "r$n" --tenant web1 --ttl 1h "${LIGHT[@]}" "${STAYS[@]}"
done
expect "exit statuses" "0 4" "$(printf '%s\n' "$(bg_wait race1 300)" "$(bg_wait race2 300)" | sort | xargs)"
grep -qh "no free VF" "$SCRATCH"/race[12].log || fail "the loser says: $(cat "$SCRATCH"/race[12].log)"
winner=$(host virsh -q list --name | xargs)
expect "mirrors" "vnma:$winner 0 1" "$(mirrors)"
ctl_ok destroy "$winner"
nothing 1 "after the race"

note "extend: the mirror ends by itself, its agent by gc or destroy"
ctl_ok run vnma a1 --tenant web1 --ttl 1h --reason INC-42 "${LIGHT[@]}" "${STAYS[@]}"
expect "mirrors" "vnma:a1 0 1" "$(mirrors)"
ctl_ok extend a1 --ttl 2s
wait_for 90 mirrors_are "" || fail "the mirror outlives its time: $(mirrors)"
ctl_ok --json destroy a1
expect "destroy as JSON" 0 "$(asks .done.exit_status)"
nothing 1 "after its end"
dmesg_check host
ok
