#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's own programs, without a lab: two wires joined by their sockets, the
# generator, the comparison. A comparison that cannot say no proves nothing.
# timeout: 120
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"
cd "$dir" || fail "no $dir"

# between WIRE-ARGUMENTS...: from end a to end b; sent.pcap and got.pcap
between() {
	local pid

	find_tool wire
	"${TOOL[@]}" --local b --record got.pcap --json >got.json &
	pid=$!
	at_exit kill $pid
	wait_for 5 test -S b || fail "the receiving end does not start"
	tool wire --local a --peer b --sent sent.pcap --json "$@" >sent.json 2>sent.log ||
		fail "wire $*: $(cat sent.log)"
	sleep 0.3
	kill -INT $pid
	wait $pid || fail "the receiving end failed"
	tool pcapcmp sent.pcap got.pcap >verdict || fail "wire $*: $(tail -n 1 verdict)"
}

# says STATUS WORDS CMD...: this exit status, and these words on its output
says() {
	local want=$1 words=$2 out rc

	shift 2
	out=$("$@" 2>&1)
	rc=$?
	expect "exit status of: $*" "$want" $rc
	grep -qE "$words" <<<"$out" || fail "$*: says \"$out\", not \"$words\""
}

note "generator"
tool framegen --frames 5000 -o a.pcap || fail "framegen"
tool framegen --frames 5000 -o again.pcap
cmp -s a.pcap again.pcap || fail "the same seed gives other bytes"
tool framegen --frames 5000 --seed 2 -o other.pcap
cmp -s a.pcap other.pcap && fail "another seed gives the same bytes"
bad=$(tool tshark -r a.pcap -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE \
	-o ip.check_checksum:TRUE -Y '_ws.malformed || _ws.expert.severity >= 6291456' 2>/dev/null)
[ -z "$bad" ] || fail "tshark finds fault with: $(head -n 1 <<<"$bad")"

note "wire"
between --pcap a.pcap --top
expect "frames that came" 5000 "$(json received <got.json)"
tool pcapcmp --as-sent a.pcap got.pcap >/dev/null || fail "not the capture"
between --pcap a.pcap --speed 20
between --pcap a.pcap --loop 2 --pps 20000
expect "frames of two rounds" 10000 "$(json sent <sent.json)"
between --pattern 60-9014 --count 8955 --mbps 500
between --pattern 60 --count 30 --dst 02:00:00:00:00:0f --turns 3
expect "frames to the second of three" 10 \
	"$(tool tcpdump -Z root --count -r got.pcap ether dst 02:00:00:00:00:10 2>/dev/null | awk '{ print $1 }')"
between --pattern imix --vlan 7 --pps 1000 --time 1
n=$(json sent <sent.json)
expect_ge "frames in a second at 1000 a second, on a busy machine" 500 "$n"
expect_ge "at most 1010 of them" "$n" 1010
printf '0000 ff ff ff ff ff ff 02 00 00 00 00 01 08 06\n' >short.txt
tool text2pcap -q short.txt short.pcap || fail "text2pcap"
between --pcap short.pcap
expect "bytes of a padded frame" 60 "$(json sent_bytes <sent.json)"

note "trouble is told"
says 1 "nobody there after" tool wire --local a --peer nowhere --pattern 60 --count 1 --wait 0.3
tool wire --help >/dev/null || fail "--help"
says 2 "wanted" tool wire --local a --peer b --pps x
says 1 "pcap or pcapng" tool wire --check "$TOP/Makefile"
says 1 "No such file" tool wire --check nothing.pcap
tool editcap -T rawip a.pcap raw.pcap && says 1 "not Ethernet" tool wire --check raw.pcap
head -c 100000 a.pcap >cut.pcap
says 1 "damaged behind frame" tool wire --check cut.pcap
says 1 "frame .* has 1518 bytes, MTU 1400 .*--mtu 9000" tool wire --check a.pcap --mtu 1400
tool wire --check a.pcap --mtu 1500 || fail "MTU 1500 is enough"

note "comparison"
says 0 "identical yes" tool pcapcmp a.pcap a.pcap
tool editcap a.pcap lost.pcap 10-12 100 5000
says 1 "captured 4995 lost 5 extra 0 reordered 0 corrupted 0 identical no" \
	tool pcapcmp a.pcap lost.pcap
says 1 "captured 5000 lost 0 extra 5 reordered 0 corrupted 0" tool pcapcmp lost.pcap a.pcap
tool editcap -r a.pcap p1.pcap 1-99
tool editcap -r a.pcap p2.pcap 101-200
tool editcap -r a.pcap p3.pcap 100
tool editcap -r a.pcap p4.pcap 201-5000
tool mergecap -a -w moved.pcap p1.pcap p2.pcap p3.pcap p4.pcap
says 1 "lost 0 extra 0 reordered 1 corrupted 0" tool pcapcmp a.pcap moved.pcap
tool mergecap -a -w twice.pcap p1.pcap p3.pcap p3.pcap p2.pcap p4.pcap
says 1 "captured 5001 lost 0 extra 1 reordered 0" tool pcapcmp a.pcap twice.pcap
tool editcap -s 40 p3.pcap snap.pcap
tool mergecap -a -w snapped.pcap p1.pcap snap.pcap p2.pcap p4.pcap
says 1 "lost 0 extra 0 reordered 0 corrupted 1" tool pcapcmp a.pcap snapped.pcap
tool editcap -E 0.5 --seed 1 -o 14 p3.pcap broken.pcap
tool mergecap -a -w corrupt.pcap p1.pcap broken.pcap p2.pcap p4.pcap
says 1 "identical no" tool pcapcmp a.pcap corrupt.pcap
says 2 "No such file" tool pcapcmp a.pcap nothing.pcap
ok "wire, generator, comparison"
