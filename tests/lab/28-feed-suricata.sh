#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unmodified Suricata in pcap mode captures through the engine: each frame sent is
# decoded and stands, byte for byte, in its own packet log.
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/feed.sh
. "${0%/*}/feed.sh"

FRAMES=1000
vm "$VM" sh -c 'command -v suricata' >/dev/null || skip "no suricata in the root file system"
vf_world 16
cat >"$SCRATCH/suricata.yaml" <<END
%YAML 1.1
---
vars:
  address-groups: {HOME_NET: "any", EXTERNAL_NET: "any"}
stats: {enabled: yes, interval: 8}
outputs:
  - eve-log: {enabled: yes, filetype: regular, filename: eve.json, types: [{stats: {totals: yes}}]}
  - pcap-log: {enabled: yes, filename: log.pcap, limit: 1000mb, mode: normal, use-stream-depth: no}
pcap:
  - interface: "hpcap:0:0"
    snaplen: 65535
    checksum-checks: no
logging:
  default-log-level: notice
  outputs:
    - console: {enabled: yes}
END
feed_start suricata "$RUN" suricata -c "$VM_SCRATCH/suricata.yaml" -S /dev/null --runmode single \
	--pcap=hpcap:0:0 -l "$VM_SCRATCH"
send "$FRAMES"
settled >/dev/null
wait_for 20 test -s "$SCRATCH/log.pcap" || sleep 3
bg_signal "$VM" suricata INT
expect "exit status of suricata" 0 "$(bg_wait suricata 90)"
stats=$(grep '"event_type":"stats"' "$SCRATCH/eve.json" | tail -n 1)
# its statistics ask for these once a second, its last line at the end
grep -q "hpcap:0:0: packets: $FRAMES, drops: 0 " "$SCRATCH/suricata.log" ||
	fail "Suricata: $(tail -n 1 "$SCRATCH/suricata.log")"
expect "frames it decoded" "$FRAMES" \
	"$(grep -o '"decoder":{"pkts":[0-9]*' <<<"$stats" | grep -o '[0-9]*$')"
mv "$SCRATCH"/log.pcap* "$SCRATCH/suricata.pcap"
same_as_sent suricata.pcap
dmesg_check "$VM"
ok "$TEST"
