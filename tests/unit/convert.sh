#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The converters agree with the programs that everybody has: capinfos, editcap,
# mergecap, tshark, tcpdump, zstd, lz4; from files, from pipes, packed or not.
# timeout: 300
export LAB_NAME=convert
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"

# md5 FILE: time, lengths and hash of each frame, as tshark sees them.
md5() {
	tool tshark -r "$1" -o frame.generate_md5_hash:TRUE -T fields -e frame.time_epoch \
		-e frame.len -e frame.cap_len -e frame.md5_hash 2>/dev/null
}

# same_frames WHAT A B
same_frames() {
	md5 "$2" >"$dir/md5.a"
	md5 "$3" >"$dir/md5.b"
	[ -s "$dir/md5.a" ] || fail "$1: tshark reads nothing from $2"
	cmp -s "$dir/md5.a" "$dir/md5.b" || fail "$1: frames differ"
}

# field FILE NAME: from rawinfo
field() {
	tool rawinfo --json "$1" | json "$2"
}

tool framegen --frames 3000 -o "$dir/a.pcap" || fail "framegen"
tool editcap -F nsecpcap "$dir/a.pcap" "$dir/n.pcap" || fail "editcap"
tool editcap -F pcapng -s 60 "$dir/a.pcap" "$dir/s.pcapng" || fail "editcap"

note "to RAW and back, packed and plain, through files"
for end in raw raw.zst raw.lz4 pcapng pcapng.lz4 pcap.zst; do
	tool pcap2raw -q "$dir/n.pcap" "$dir/x.$end" || fail "pcap2raw to $end"
	tool raw2pcap -q "$dir/x.$end" "$dir/y.pcap" || fail "raw2pcap from $end"
	same_frames "$end" "$dir/n.pcap" "$dir/y.pcap"
	expect "frames of $end" 3000 "$(field "$dir/x.$end" frames)"
done
tool pcap2raw -q "$dir/s.pcapng" "$dir/s.raw" || fail "pcap2raw of snapped frames"
tool raw2pcap -q "$dir/s.raw" "$dir/s.pcap"
same_frames "snapped" "$dir/s.pcapng" "$dir/s.pcap"

note "others unpack what was packed, and the other way round"
tool zstd -qdc "$dir/x.raw.zst" | cmp -s - "$dir/x.raw" || fail "zstd unpacks something else"
tool lz4 -qdc "$dir/x.raw.lz4" | cmp -s - "$dir/x.raw" || fail "lz4 unpacks something else"
tool zstd -qc "$dir/x.raw" >"$dir/z1"
cat "$dir/z1" "$dir/x.raw.zst" >"$dir/two.zst"
expect "frames of two packed files in a row" 6000 "$(field "$dir/two.zst" frames)"

note "through pipes"
expect "tcpdump's count" 3000 "$(tool raw2pcap -q - - <"$dir/x.raw" |
	tool tcpdump -Z root -r - --count 2>/dev/null | sed 's/ .*//')"
expect "frames through zstd" 3000 "$(tool zstd -qdc "$dir/x.raw.zst" | tool rawinfo --json - | json frames)"

note "a series of files, as hpcapdd writes them"
mkdir "$dir/series"
tool pcap2raw -q --file-size 256K --adapter 3 --queue 1 "$dir/n.pcap" "$dir/series" ||
	fail "pcap2raw to a directory"
expect "names" "" "$(find "$dir/series" -type f ! -name '*_hpcap3_1*.raw')"
expect_ge "files" 3 "$(find "$dir/series" -name '*.raw' | wc -l)"
tool rawmerge -q "$dir/series" "$dir/merged.pcap" || fail "rawmerge of a directory"
same_frames "series" "$dir/n.pcap" "$dir/merged.pcap"

note "merged as mergecap merges, with few descriptors"
tool editcap -i 0.01 -F nsecpcap "$dir/n.pcap" "$dir/part.pcap" || fail "editcap -i"
parts=("$dir"/part_*.pcap)
expect_ge "files to merge" 50 ${#parts[@]}
for i in 0 1 2; do
	tool editcap -F pcapng -t 0.00$i "$dir/n.pcap" "$dir/shift$i.pcapng"
done
(ulimit -n 40; tool rawmerge -q --json "$dir"/shift*.pcapng "${parts[@]}" "$dir/m.pcapng") \
	>"$dir/m.json" || fail "rawmerge"
tool mergecap -F pcapng -w "$dir/mm.pcapng" "$dir"/shift*.pcapng "${parts[@]}"
md5 "$dir/m.pcapng" | sort >"$dir/m.a"
md5 "$dir/mm.pcapng" | sort >"$dir/m.b"
cmp -s "$dir/m.a" "$dir/m.b" || fail "rawmerge and mergecap give different frames"
expect "order" "True" "$(tool capinfos -To "$dir/m.pcapng" 2>/dev/null | tail -n 1 | cut -f2)"
expect "merged" 12000 "$(json frames <"$dir/m.json")"

find "$dir"/shift*.pcapng "${parts[@]}" | tool rawmerge -q --files-from - "$dir/l.pcapng" ||
	fail "rawmerge --files-from"
expect "the same from a list" "$(md5 "$dir/m.pcapng" | md5sum)" "$(md5 "$dir/l.pcapng" | md5sum)"

note "times"
expect "first line" "$(md5 "$dir/n.pcap" | head -n 1 | cut -f1-3 | tr '\t' ' ')" \
	"$(tool raw2tstamp -a "$dir/n.pcap" | head -n 1)"
expect "lines" 3000 "$(tool raw2tstamp "$dir/x.raw.lz4" | wc -l)"
expect "deltas" "$(tool tshark -r "$dir/n.pcap" -T fields -e frame.time_delta -e frame.len \
	2>/dev/null | awk 'NR > 1 { printf "%d %d\n", $1 * 1e9 + 0.5, $2 }' | md5sum)" \
	"$(tool raw2tstamp --delta "$dir/n.pcap" | awk 'NR > 1 { print $1, $2 }' | md5sum)"

note "what an output cannot hold is left out only when asked to"
tool editcap -T rawip "$dir/a.pcap" "$dir/ip.pcap"
tool mergecap -a -F pcapng -w "$dir/mixed.pcapng" "$dir/n.pcap" "$dir/ip.pcap"
tool pcap2raw --json --skip "$dir/mixed.pcapng" "$dir/skip.raw" >"$dir/skip.json" 2>/dev/null ||
	fail "pcap2raw --skip"
same_frames "--skip" "$dir/n.pcap" <(tool raw2pcap -q "$dir/skip.raw" -)

note "bad input: one line, nothing written"
head -c 20000 "$dir/n.pcap" >"$dir/cut.pcap"
# refuses STATUS WORDS CMD...
refuses() {
	local want=$1 words=$2 rc

	shift 2
	tool "$@" >/dev/null 2>"$dir/err"
	rc=$?
	expect "exit status of $*" "$want" $rc
	expect "lines of $*" 1 "$(wc -l <"$dir/err")"
	grep -q "$words" "$dir/err" || fail "$*: says $(cat "$dir/err")"
}
refuses 1 "byte .*: the file ends within a record" raw2pcap -q "$dir/cut.pcap" "$dir/o1.pcap"
refuses 1 "RAW holds Ethernet only" pcap2raw "$dir/ip.pcap" "$dir/o2.raw"
refuses 1 "RAW holds Ethernet only" pcap2raw "$dir/mixed.pcapng" "$dir/begun.raw"
refuses 1 "no capture" raw2pcap "$0" "$dir/o3.pcap"
refuses 2 "is an input and the output" raw2pcap "$dir/n.pcap" "$dir/n.pcap"
refuses 2 "bad value" raw2pcap --decap=nonsense "$dir/n.pcap" "$dir/o4.pcap"
refuses 2 "bad value" raw2pcap --compress zstd:99 "$dir/n.pcap" "$dir/o5.pcap"
mkdir "$dir/empty"
refuses 1 "no capture found" rawmerge "$dir/empty" "$dir/o6.raw"
if [ -e "$dir/o2.raw" ] || [ -e "$dir/o3.pcap" ]; then
	fail "an output was left behind"
fi
ok "converted, merged, checked"
