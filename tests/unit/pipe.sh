#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapdd in a pipe, as Gulp: every frame through the ring to files, in turn, packed,
# or to the next program; a slow disk, a full one, a reader that leaves, Ctrl-C.
# timeout: 180
export LAB_NAME=pipe
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"

md5() {
	tool tshark -r "$1" -o frame.generate_md5_hash:TRUE -T fields -e frame.time_epoch \
		-e frame.len -e frame.cap_len -e frame.md5_hash 2>/dev/null
}

count() {
	tool rawinfo --json "$1" | json frames
}

tool framegen --frames 4000 -o "$dir/a.pcap" || fail "framegen"
md5 "$dir/a.pcap" >"$dir/want"

note "to a file, to a packed one, to a directory, to the next program"
for out in o.pcap o.pcapng o.raw.zst; do
	tool hpcapdd --json - "$dir/$out" <"$dir/a.pcap" >"$dir/json" 2>"$dir/err" ||
		fail "hpcapdd - $out: $(cat "$dir/err")"
	expect "received ($out)" 4000 "$(json received <"$dir/json")"
	expect "written ($out)" 4000 "$(json written <"$dir/json")"
	expect_ge "high-water mark ($out)" 100 "$(json ring_high <"$dir/json")"
	tool raw2pcap -q "$dir/$out" "$dir/back.pcap"
	md5 "$dir/back.pcap" | cmp -s - "$dir/want" || fail "frames differ in $out"
done
mkdir "$dir/d"
tool hpcapdd -q -C 256K - "$dir/d" <"$dir/a.pcap" || fail "hpcapdd - directory"
tool rawmerge -q "$dir/d" "$dir/back.pcap"
md5 "$dir/back.pcap" | cmp -s - "$dir/want" || fail "frames differ in the directory"
expect "tcpdump's count" 4000 "$(tool hpcapdd -q - <"$dir/a.pcap" |
	tool tcpdump -Z root -r - --count 2>/dev/null | sed 's/ .*//')"

note "into directories, as of a queue: in turn, packed, in pcapng, kept, with index and journal"
mkdir "$dir/v1" "$dir/v2"
tool hpcapdd -q --json -C 256K --compress zstd -f pcapng - "$dir/v1" "$dir/v2" <"$dir/a.pcap" >"$dir/json" ||
	fail "hpcapdd - two directories"
expect "frames" 4000 "$(json frames <"$dir/json")"
expect "received" 4000 "$(sed -n 's/.*"received": \([0-9]*\).*/\1/p' "$dir/json")"
expect "reason" end "$(json reason <"$dir/json")"
for d in v1 v2; do
	expect_ge "files in $d" 1 "$(find "$dir/$d" -name '*.pcapng.zst' | wc -l)"
	expect "lines of the journal of $d" "$(find "$dir/$d" -name '*.pcapng.zst' | wc -l)" \
		"$(grep -c crc32c "$dir/$d/hpcap.journal")"
	expect "indexes in $d" "$(find "$dir/$d" -name '*.pcapng.zst' | wc -l)" \
		"$(find "$dir/$d" -name '*.idx' | wc -l)"
done
tool rawmerge -q "$dir/v1" "$dir/v2" "$dir/back.pcap"
md5 "$dir/back.pcap" | cmp -s - "$dir/want" || fail "frames differ in two directories"
mkdir "$dir/keep"
tool hpcapdd -q -C 256K -W 2 --ring 1M - "$dir/keep" <"$dir/a.pcap" || fail "hpcapdd -W"
expect "verdict beside the journal" '"ok"' "$(tool checkraw --json "$dir"/keep/*/*.raw | tail -n 1 | sed 's/.*"verdict": \(.*\)}/\1/')"
sed -i 's/"lost": 0/"lost": 7/' "$dir/keep/hpcap.journal"
tool checkraw "$dir"/keep/*/*.raw >"$dir/out" || fail "loss is no damage"
expect "files that lost frames, as the journal says" 2 "$(grep -c 'journal says: 7 frames' "$dir/out")"
sed -i 's/"frames": /"frames": 9/' "$dir/keep/hpcap.journal"
expect "files that are not as the journal has them" 2 \
	"$(tool checkraw "$dir"/keep/*/*.raw | grep -c 'not as the journal has it')"
expect "files kept" 2 "$(find "$dir/keep" -name '*.raw' | wc -l)"
mkdir "$dir/odd"
head -c 100000 "$dir/a.pcap" | tool hpcapdd - "$dir/odd" 2>"$dir/err" && fail "a cut pipe is no success"
grep -q "standard input: byte .*: the file ends within a record" "$dir/err" || fail "cut: $(cat "$dir/err")"

note "what tcpdump sends"
tool tcpdump -Z root -r "$dir/a.pcap" -w - 2>/dev/null | tool hpcapdd -q - "$dir/t.pcap"
expect "frames from tcpdump" 4000 "$(count "$dir/t.pcap")"

note "files in turn, named as tcpdump names them"
tool hpcapdd -q -C 200K - "$dir/c.pcap" <"$dir/a.pcap" || fail "hpcapdd -C"
files=("$dir/c.pcap" "$dir"/c.pcap[0-9]*)
expect_ge "files" 4 ${#files[@]}
expect "frames in all" 4000 "$(for f in "${files[@]}"; do count "$f"; done | paste -sd+ | bc)"
tool hpcapdd -q -C 200K -W 3 - "$dir/w.pcap" <"$dir/a.pcap" || fail "hpcapdd -C -W"
expect "names" "w.pcap0 w.pcap1 w.pcap2" "$(cd "$dir" && echo w.pcap*)"
for f in "$dir"/w.pcap*; do
	[ "$(stat -c %s "$f")" -le 204800 ] || fail "$f is too large"
done

note "a slow reader: the sender waits; lossy: what is lost is told"
for i in 1 2 3 4 5 6 7 8; do cp "$dir/a.pcap" "$dir/in$i.pcap"; done
tool rawmerge -q "$dir"/in*.pcap "$dir/big.pcap"
{ tool hpcapdd --ring 1M - <"$dir/big.pcap" 2>"$dir/err"; echo $? >"$dir/rc"; } |
	{ sleep 2; cat; } >"$dir/slow.pcap"
expect "exit status" 0 "$(cat "$dir/rc")"
expect "frames of the slow reader" 32000 "$(count "$dir/slow.pcap")"
grep -q "the sender waited" "$dir/err" || fail "nothing said of waiting: $(cat "$dir/err")"
{ tool hpcapdd --lossy --ring 1M - <"$dir/big.pcap" 2>"$dir/err"; echo $? >"$dir/rc"; } |
	{ sleep 2; cat; } >"$dir/lossy.pcap"
expect "exit status, lossy" 1 "$(cat "$dir/rc")"
read -r got written lost < <(sed -n \
	's/.*received \([0-9]*\) .*written \([0-9]*\), lost \([0-9]*\);.*/\1 \2 \3/p' "$dir/err")
expect "received, lossy" 32000 "$got"
expect "written + lost" 32000 $((written + lost))
expect_ge "lost" 1000 "$lost"
expect "written is there" "$written" "$(count "$dir/lossy.pcap")"

note "the fill of the ring on a terminal, and nowhere else"
find_tool hpcapdd
slowly="{ cat $dir/a.pcap; sleep 2; } | $(printf '%q ' "${TOOL[@]}")"
TERM=xterm script -qec "$slowly - $dir/live.pcap" /dev/null </dev/null >"$dir/terminal" 2>&1
grep -q "ring [0-9]* % full, at most [0-9]* %; received 4000" "$dir/terminal" ||
	fail "nothing is shown: $(cat "$dir/terminal")"
sh -c "$slowly - $dir/live.pcap" 2>"$dir/err"
! grep -q "% full" "$dir/err" || fail "the fill is shown without a terminal"

note "Ctrl-C, a full disk, a reader that leaves, a pipe that breaks off"
mkfifo "$dir/fifo"
find_tool hpcapdd
"${TOOL[@]}" --json - "$dir/int.pcap" <"$dir/fifo" >"$dir/json" 2>/dev/null &
pid=$!
exec {hold}>"$dir/fifo"
cat "$dir/a.pcap" >&$hold
sleep 1
kill -INT $pid $(pgrep -P $pid) 2>/dev/null
wait $pid
exec {hold}>&-
expect "reason" signal "$(json reason <"$dir/json")"
expect "frames before the signal" 4000 "$(count "$dir/int.pcap")"
tool hpcapdd - /dev/full <"$dir/a.pcap" 2>"$dir/err" && fail "a full disk is no success"
expect "messages" 1 "$(grep -c "no space" "$dir/err")"
{ tool hpcapdd -q - <"$dir/big.pcap" 2>"$dir/err"; echo $? >"$dir/rc"; } | head -c 1000 >/dev/null
expect "exit status" 1 "$(cat "$dir/rc")"
head -c 100000 "$dir/a.pcap" | tool hpcapdd -q - "$dir/cut.pcap" 2>"$dir/err"
grep -q "byte .*: the file ends within a record" "$dir/err" || fail "cut: $(cat "$dir/err")"

note "wrong use: nothing is made"
# refuses WORDS CMD...
refuses() {
	local words=$1

	shift
	tool "$@" <"$dir/a.pcap" >/dev/null 2>"$dir/err"
	expect "exit status of $*" 2 $?
	grep -q -e "$words" "$dir/err" || fail "$*: says $(cat "$dir/err")"
}
refuses "-W needs -C" hpcapdd -W 3 - "$dir/no.pcap"
refuses "--ring: bad value: 5" hpcapdd --ring 5 - "$dir/no.pcap"
refuses "--file-size: bad value: 100" hpcapdd -C 100 - "$dir/no.pcap"
refuses "at most" hpcapdd - "$dir/d" "$dir"/[a-z]* "$dir"/[a-z]*
refuses "bad value" hpcapdd -C 100 - "$dir/d"
refuses "are for queues" hpcapdd --unordered - "$dir/d"
refuses "at most one output" hpcapdd - a b
[ ! -e "$dir/no.pcap" ] || fail "an output was made"
tool hpcapdd - "$dir/nowhere/x.pcap" <"$dir/a.pcap" 2>"$dir/err" && fail "there is no such directory"
expect "messages" 1 "$(grep -c . "$dir/err")"
grep -q "nowhere/x.pcap: No such file or directory" "$dir/err" || fail "nowhere: $(cat "$dir/err")"
ok "through the ring"
