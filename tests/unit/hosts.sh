#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/run --hosts between two network namespaces that stand for hosts: whole cells, their
# sums, a capture that is replayed and stored, and nothing left there.
# timeout: 600
export LAB_NAME=benchhosts
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

[ "$(id -u)" = 0 ] || skip "needs root, for network namespaces"
dir=$(mktemp -d)
at_exit rm -rf "$dir"
a=bench-a-$$ b=bench-b-$$
for i in $a $b; do
	ip netns add "$i" || skip "no network namespaces here"
done
at_exit ip netns del $a
at_exit ip netns del $b
ip link add va$$ netns $a type veth peer name vb$$ netns $b || skip "no veth here"
ip netns exec $a sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
ip netns exec $b sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
ip -n $a link set va$$ up

# what ssh would do with its words, and where temporary folders are made
mkdir "$dir/bin" "$dir/disk"
for i in tcpdump rawinfo; do
	find_tool $i || fail "no $i"
	printf '#!/bin/sh\nexec %s "$@"\n' "${TOOL[*]}" >"$dir/bin/$i"
done
cat >"$dir/ssh" <<-END
	#!/bin/sh
	host=\$1
	shift
	PATH=$dir/bin:\$PATH
	exec ip netns exec "\$host" sh -c "\$*"
END
chmod +x "$dir/ssh" "$dir/bin"/*
export BENCH_SSH=$dir/ssh TMPDIR=$dir/tmp
mkdir "$dir/tmp"
printf '%s\n' "sender $a va$$ xdp" "receiver $b vb$$  # by name" 'rates 500 2000 4000' >"$dir/hosts"

# says STATUS WORDS CMD...
says() {
	local want=$1 words=$2 out rc

	shift 2
	out=$("$@" 2>&1 </dev/null)
	rc=$?
	[ $rc = "$want" ] || fail "exit status of $*: wanted $want, got $rc: $out"
	grep -qE -- "$words" <<<"$out" || fail "$*: says \"$out\", not \"$words\""
}

# figure METRIC: values of the cell, one a line.
figure() {
	awk -F'\t' -v m="$1" '$1 == "net.host.tpacket" && $3 == m { print $5 }' "$dir/out/results.tsv"
}

note "a cell"
says 0 report.html "$TOP/bench/run" --hosts "$dir/hosts" --out "$dir/out" --repeats 2 --seconds 1 \
	--only net.host.tpacket --only net.vf.xdp --only net.host.dpdk
expect "fixed rates" 2 "$(figure captured | wc -l)"
expect "captured of what was sent" "$(figure offered | paste -sd ' ')" "$(figure captured | paste -sd ' ')"
expect_ge "offered in 2 s" 2000 "$(figure offered | head -n 1)"
expect "searches" 2 "$(figure lossless_rate | wc -l)"
expect_ge "trials" 2 "$(figure loss_at_rate | wc -l)"
grep -q '^net.vf.xdp.*run it once for each network' "$dir/out/results.tsv" || fail "no reason for net.vf.xdp"
grep -q '^net.host.dpdk.*wants a PCI address' "$dir/out/results.tsv" || fail "no reason for net.host.dpdk"

note "a capture, stored"
sed 's/^modes = full/modes = quick/' "$TOP/bench/cases.cfg" >"$dir/cases.cfg"
{ cat "$dir/hosts"; echo "store disk $dir/disk"; } >"$dir/store.hosts"
says 0 report.html "$TOP/bench/run" --hosts "$dir/store.hosts" --out "$dir/out.store" --repeats 2 --seconds 1 \
	--cases "$dir/cases.cfg" --pcap "$TOP/bench/captures/gaps.pcap" \
	--only capture.host.tcpdump --only store.host.tcpdump.disk
expect "fixed rates with a capture" 2 "$(grep -c '^capture.host.tcpdump.*captured_percent' "$dir/out.store/results.tsv")"
awk -F'\t' '$1 == "store.host.tcpdump.disk" && $3 == "stored" && $5 == 100 { n++ } END { exit n != 1 }' \
	"$dir/out.store/results.tsv" || fail "stored: $(grep stored "$dir/out.store/results.tsv")"
expect "files left there" "" "$(ls "$dir/disk")"

note "a generator of one's own"
cat >"$dir/gen" <<-END
	#!/bin/sh
	echo "\$*" >>$dir/gen.log
	$TOP/build/bench/traffic send --pps "\$1" --time "\$2" --frames "\$3" --to "\$4" "\$5" |
		sed 's/.*"sent":\([0-9]*\).*"seconds":\([0-9.]*\).*/\1 \2/'
END
chmod +x "$dir/gen"
{ cat "$dir/hosts"; echo "generator $dir/gen \"\$@\""; } >"$dir/gen.hosts"
says 0 report.html "$TOP/bench/run" --hosts "$dir/gen.hosts" --out "$dir/out.gen" --repeats 2 --seconds 1 \
	--only net.host.xdp
awk -F'\t' '$3 == "captured_percent" && $5 > 90 { n++ } END { exit n != 2 }' "$dir/out.gen/results.tsv" ||
	fail "captured: $(grep captured_percent "$dir/out.gen/results.tsv")"
grep -qE "^4000 1 60 [0-9a-f:]{17} va$$\$" "$dir/gen.log" || fail "the generator got: $(cat "$dir/gen.log")"

note "as it was found"
expect "folders left there" "" "$(ls "$dir/tmp")"
ip -n $b link show vb$$ | grep -qE 'PROMISC|[<,]UP' && fail "the receiver's interface is not as it was"
expect "programs left there" "" "$(ip netns pids $a; ip netns pids $b)"

note "a wrong file touches nothing"
echo "colour red" >"$dir/bad"
says 1 'unknown word colour' "$TOP/bench/run" --hosts "$dir/bad" --out "$dir/bad.d"
echo "sender one" >"$dir/bad"
says 1 'wanted: sender HOST' "$TOP/bench/run" --hosts "$dir/bad" --out "$dir/bad.e"
echo "store tape /x" | cat "$dir/hosts" - >"$dir/bad"
says 1 'wanted: store' "$TOP/bench/run" --hosts "$dir/bad" --out "$dir/bad.g"
says 1 'cannot be read' "$TOP/bench/run" --hosts "$dir/none" --out "$dir/bad.f"
says 2 'needs --hosts' "$TOP/bench/run" --where hosts
ok "a cell between hosts"
