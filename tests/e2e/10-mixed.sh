#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's own capture, mixed sizes and protocols, tagged and untagged, unicast,
# multicast and broadcast: what was stored is what was sent, and readers that
# nobody here wrote agree.
# needs: probe
# timeout: 600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/e2e/e2e.sh
. "${0%/*}/e2e.sh"

tool framegen --frames 10000 --seed 7 -o "$RUN_DIR/mixed.pcap" || fail "framegen"
at_exit rm -f "$RUN_DIR/mixed.pcap"
facts=$(tool wire --describe "$RUN_DIR/mixed.pcap")
mapfile -t macs < <(grep -oE '([0-9a-f]{2}:){5}[0-9a-f]{2}' <<<"$facts")

e2e_world 1500 "${macs[@]}"
vf_vlans probe "$VF_IF" 10 20 300
e2e_send --pcap "$RUN_DIR/mixed.pcap" --pps 2500
e2e_same

note "the capture itself, seen as a NIC sends it"
tool pcapcmp --as-sent "$RUN_DIR/mixed.pcap" "$SCRATCH/dd.pcap" >/dev/null ||
	fail "differs from the capture that was replayed"
expect "frames that tcpdump reads" 10000 \
	"$(tool tcpdump -Z root -nr "$SCRATCH/dd.pcap" 2>/dev/null | wc -l)"
expect "tagged frames" "$(tool tshark -r "$RUN_DIR/mixed.pcap" -Y vlan 2>/dev/null | wc -l)" \
	"$(tool tshark -r "$SCRATCH/dd.pcap" -Y vlan 2>/dev/null | wc -l)"
ok "mixed traffic"
