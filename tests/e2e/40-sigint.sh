#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# SIGINT in the midst of traffic: the last file is valid, holds whole frames, and
# these are an unbroken piece of what was sent.
# needs: probe
# timeout: 600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/e2e/e2e.sh
. "${0%/*}/e2e.sh"

e2e_world 1500
wire_start --pattern imix --pps 2000 --sent "$SCRATCH/sent.pcap"
sleep 2
capture_start probe dd --json --file-size 1M
sleep 5
expect "exit status of hpcapdd" 0 "$(capture_stop probe dd)"
wire_stop >/dev/null
capture_fetch probe dd
capture_pcap dd
files=$(find "$SCRATCH/dd.d" -name '*.raw' | wc -l)
expect_ge "RAW files" 2 "$files"

# imix frames carry their number: first and last tell which piece it is
frames=$(tool capinfos -TMrc "$SCRATCH/dd.pcap" | awk '{ print $NF }')
expect_ge "frames stored" 1000 "$frames"
first=$((16#$(tool tshark -r "$SCRATCH/dd.pcap" -c 1 -T fields -e data.data 2>/dev/null |
	cut -c 1-16)))
tool editcap -r "$SCRATCH/sent.pcap" "$SCRATCH/piece.pcap" \
	"$((first + 1))-$((first + frames))" || fail "editcap"
tool pcapcmp "$SCRATCH/piece.pcap" "$SCRATCH/dd.pcap" >"$SCRATCH/cmp" ||
	fail "not an unbroken piece: $(tail -n 1 "$SCRATCH/cmp")"
note "$frames frames from number $first on, $files files"
ok "files valid"
