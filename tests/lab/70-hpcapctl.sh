#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl on a host with hpcap_pf: VFs made and set as ip shows them, mirrors made,
# listed, watched, ended by the kernel and by the operator, refusals with reasons.
# storey: pf
# timeout: 240
# daily: 6.12
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/ctl.sh
. "${0%/*}/ctl.sh"

pf_world
ctl_ok vf create "$PF_IF" 3
expect "VFs" 3 "$(host cat "/sys/bus/pci/devices/$PF/sriov_numvfs")"
expect "drivers of new VFs" 0 "$(host cat "/sys/bus/pci/devices/$PF/sriov_drivers_autoprobe")"
ctl_ok vf create "$PF" 3

note "what is set is what ip shows"
ctl_ok vf set "$PF_IF" 1 --mac 02:00:00:00:07:01 --vlan 77 --trust on --spoofchk off \
	--link-state disable
for pair in address=02:00:00:00:07:01 vlan=77 trust=true spoofchk=false link_state=disable; do
	ip_says=$(host ip -j -d link show dev "$PF_IF" | tool jq -r \
		".[0].vfinfo_list[1] | (.vlan_list[0].vlan // .vlan) as \$v |
		{address, vlan: \$v, trust, spoofchk, link_state}.${pair%%=*}")
	expect "${pair%%=*}, as ip shows it" "${pair#*=}" "$ip_says"
done
ctl_ok --json vf list "$PF_IF"
expect "VLAN in vf list" 77 "$(asks '.vfs[1].vlan')"
expect "MAC in vf list" 02:00:00:00:07:01 "$(asks '.vfs[1].mac')"
ctl_ok vf set "$PF_IF" 1 --mac 00:00:00:00:00:00 --vlan 0 --trust off --spoofchk on --link-state auto

note "inventory"
ctl_ok --json inventory
expect "VFs of the PF" 3 "$(asks "[.inventory.pci[] | select(.pf == \"$PF\")] | length")"
expect "its driver" hpcap_pf "$(asks ".inventory.pci[] | select(.address == \"$PF\") | .driver")"

note "mirrors"
bg_start host watch $CTL --json mirror watch --timeout 60
wait_for 20 grep -q watching "$SCRATCH/watch.log" || fail "watch does not begin"
ctl_ok --json mirror add "$PF_IF" --vf 0 --to 2 --dir both --ttl 1h --cap 20G --reason INC-42 \
	--owner alice
id=$(asks .mirror.id)
expect "source" 0 "$(asks '.mirror.source_vfs[0]')"
expect "owner" alice "$(asks .mirror.owner)"
ctl_ok --json mirror list
expect "mirrors" 1 "$(asks '.mirrors | length')"
expect "reason" INC-42 "$(asks '.mirrors[0].reason')"
expect "state" running "$(asks '.mirrors[0].state')"
ctl_fails 2 "has no VF 6" mirror add "$PF_IF" --vf 0 --to 6
ctl_ok mirror del "$id"
ctl_ok mirror del "$id"
ctl_ok --json mirror list --ended
expect "why it ended" operator "$(asks ".mirrors[] | select(.id == $id) | .state")"

note "a mirror that the kernel ends"
ctl_ok --json mirror add "$PF_IF" --vf 0 --to 2 --ttl 1s --reason short
none_left() {
	ctl --json mirror list && [ "$(asks '.mirrors | length')" = 0 ]
}
wait_for 30 none_left || fail "the mirror outlives its time"
saw() {
	[ "$(tool jq -s -r "[.[] | select(.mirror.event == \"ended\" and .mirror.state == \"$1\")] | length" \
		<(grep -v '^hpcapctl' "$SCRATCH/watch.log"))" = 1 ]
}
wait_for 20 saw expired || fail "watch saw nothing expire"
saw operator || fail "watch did not see the operator"
bg_signal host watch INT
expect "exit status of watch" 0 "$(bg_wait watch 20)"

note "doctor"
ctl --json doctor
expect "good words about the PF" 1 \
	"$(asks "[.findings[] | select(.check == \"nic\" and .level == \"ok\" and
		(.text | contains(\"3 of \")))] | length")"
ctl_ok vf create "$PF_IF" 0
expect "VFs" 0 "$(host cat "/sys/bus/pci/devices/$PF/sriov_numvfs")"
pf_gone
ctl_fails 5 "hpcap_pf does not answer" mirror list
dmesg_check host
ok
