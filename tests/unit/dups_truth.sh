#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcap-dups leaves the same frames as editcap -w and editcap -D where both mean
# the same: captured bytes and length equal, within the window.
export LAB_NAME=dups_truth
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"

# same_as_editcap FILE WINDOW: at most 256 bytes of a frame, so that both compare all.
same_as_editcap() {
	tool editcap -F nsecpcap -s 256 "$1" "$dir/in.pcap" || fail "editcap -s: $1"
	tool editcap -F nsecpcap -w "$2" "$dir/in.pcap" "$dir/theirs.pcap" >/dev/null 2>&1 ||
		fail "editcap -w: $1"
	tool hpcap-dups -b 256 -w "$(awk "BEGIN { print $2 * 1000000 }")" -e 4194304 -L 64 --json \
		-o "$dir/ours.pcap" "$dir/in.pcap" >"$dir/json" || fail "hpcap-dups: $1"
	tool pcapcmp "$dir/theirs.pcap" "$dir/ours.pcap" >"$dir/cmp" ||
		fail "$1, window $2: $(tail -n 2 "$dir/cmp")"
	note "${1##*/}: $(json copies <"$dir/json") copies of $(json frames <"$dir/json") frames"
}

for f in "$TOP"/bench/captures/*.pcap; do
	same_as_editcap "$f" 0.2
	same_as_editcap "$f" 0.0001
done
expect_ge "copies of the last real capture that has some" 1 "$(tool hpcap-dups --json -b 256 \
	"$TOP/bench/captures/exact.pcap" | json copies)"

# each frame of several protocols twice, 1 ms apart, as a switch port mirrored twice shows it
tool framegen --frames 3000 --seed 7 -o "$dir/a.pcap" || fail "framegen"
tool editcap -t 0.001 "$dir/a.pcap" "$dir/b.pcap" || fail "editcap -t"
tool mergecap -F pcap -w "$dir/twice.pcap" "$dir/a.pcap" "$dir/b.pcap" || fail "mergecap"
same_as_editcap "$dir/twice.pcap" 0.2
expect_ge "copies of frames that come twice" 3000 "$(json copies <"$dir/json")"

# editcap -D N counts frames instead of time: all frames here are within the window
tool editcap -F nsecpcap -D 7000 "$dir/in.pcap" "$dir/theirs.pcap" >/dev/null 2>&1 ||
	fail "editcap -D"
tool hpcap-dups -b 256 -w 60000000 -e 4194304 -L 64 -o "$dir/ours.pcap" "$dir/in.pcap" >/dev/null ||
	fail "hpcap-dups"
tool pcapcmp "$dir/theirs.pcap" "$dir/ours.pcap" >"$dir/cmp" ||
	fail "editcap -D: $(tail -n 2 "$dir/cmp")"
ok "dups_truth"
