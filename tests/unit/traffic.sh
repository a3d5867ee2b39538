#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark's sender and its check, over a veth pair in a network of its own.
# timeout: 120
export LAB_NAME=benchtraffic
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

T=$TOP/build/bench/traffic
if [ -z "${TRAFFIC_INSIDE:-}" ]; then
	build -C bench BUILD=/src/build /src/build/bench/traffic >/dev/null 2>&1 || fail "build failed"
	TRAFFIC_INSIDE=1 exec unshare -n "$0"
fi

dir=$(mktemp -d)
at_exit rm -rf "$dir"
ip link add va type veth peer name vb || skip "no veth here"
for i in va vb; do
	echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6
	ip link set $i up
done

# says STATUS WORDS CMD...: this exit status, and these words on its output
says() {
	local want=$1 words=$2 out rc

	shift 2
	out=$("$@" 2>&1 </dev/null)
	rc=$?
	[ $rc = "$want" ] || fail "exit status of $*: wanted $want, got $rc: $out"
	grep -qE -- "$words" <<<"$out" || fail "$*: says \"$out\", not \"$words\""
}

# across [traffic send arguments]: from va to vb; in.json and out.json.
across() {
	local pid

	"$T" receive --time 60 vb >"$dir/in.json" 2>&1 </dev/null &
	pid=$!
	wait_for 10 grep -q receiving "$dir/in.json" || fail "$(cat "$dir/in.json")"
	"$T" send "$@" va >"$dir/out.json" 2>"$dir/out.log" </dev/null || fail "send $*: $(cat "$dir/out.log")"
	sleep 0.3
	kill -INT $pid
	wait $pid
	RC=$?
}

# came: frames that the other end has had; sysfs here shows another network.
came() {
	ip -j -s link show vb | sed 's/.*"rx":{"bytes":[0-9]*,"packets":\([0-9]*\).*/\1/'
}

note "all of it comes, in order, once"
across --count 5000 --pps 20000
expect "exit status" 0 "$RC"
expect "sent" 5000 "$(json sent <"$dir/out.json")"
expect "came" 5000 "$(json frames <"$dir/in.json")"
expect "lost" 0 "$(json lost <"$dir/in.json")"
across --frames imix --top --count 3000
expect "came" 3000 "$(json frames <"$dir/in.json")"
expect "bytes of the mixture" $((250 * (7 * 60 + 4 * 594 + 1514))) "$(json sent_bytes <"$dir/out.json")"

note "the same by AF_XDP"
across --xdp --count 5000 --pps 20000
expect "exit status" 0 "$RC"
expect "sent" 5000 "$(json sent <"$dir/out.json")"
expect "came" 5000 "$(json frames <"$dir/in.json")"
across --xdp --frames imix --top --count 3000
expect "came" 3000 "$(json frames <"$dir/in.json")"
says 1 'at most 4096' "$T" send --xdp --frames 9000 --count 1 va

note "paced and bounded"
across --pps 500 --time 2
n=$(json sent <"$dir/out.json")
expect_ge "frames in 2 s at 500 a second" 900 "$n"
expect_ge "not more than 1001" "$n" 1001

note "a capture, as fast as it goes and with its own gaps"
tool framegen --frames 300 -o "$dir/a.pcap" >/dev/null || fail "framegen"
was=$(came)
says 0 '"sent":600,' "$T" send --frames "$dir/a.pcap" --top --count 600 va
expect "frames at the other end" $((was + 600)) "$(came)"
says 0 '"sent":300,' "$T" send --frames "$dir/a.pcap" --original --time 60 va
says 2 'no pcap file' "$T" send --frames "$T" va
says 2 'No such file' "$T" send --frames "$dir/none.pcap" va
head -c 1000 "$dir/a.pcap" >"$dir/cut.pcap"
says 0 'damaged' "$T" send --frames "$dir/cut.pcap" --top va

note "an interface that somebody uses is refused, unless told twice"
ip addr add 10.9.8.7/24 dev va
says 1 'has an address' "$T" send --count 1 va
says 1 'has an address' "$T" send --count 1 --force va
says 0 '"sent":1,' "$T" send --count 1 --force --force va
ip addr flush dev va
ip route add default dev va
says 1 'default route' "$T" send --count 1 va
ip route del default
says 0 '"sent":1,' "$T" send --count 1 va

note "wrong use"
says 0 usage "$T" --help
says 2 'send or receive' "$T" blow va
says 2 'wanted a number' "$T" send --pps x va
says 2 'wanted an address' "$T" send --to 1:2 va
says 2 'one interface' "$T" send
says 2 '60 to 9014' "$T" send --frames 20 va
says 1 'nothere' "$T" send nothere
ok "sender and check"
