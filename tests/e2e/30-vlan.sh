#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# 802.1Q tags, priority bits and VLAN 0 among them, stand in the stored frame
# where they stood on the wire, though the NIC took them out.
# needs: probe
# timeout: 600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/e2e/e2e.sh
. "${0%/*}/e2e.sh"

e2e_world 1500
vf_vlans probe "$VF_IF" 5 4094
for id in 5 4094 0; do
	e2e_send --pattern 60-1518 --vlan "$id" --count 1459 --pps 1500
	e2e_same
	expect "frames that tshark sees in VLAN $id" 1459 \
		"$(tool tshark -r "$SCRATCH/dd.pcap" -Y "vlan.id == $id" 2>/dev/null | wc -l)"
done
ok "tags kept"
