#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The benchmark's harness without a measurement: cases, a report out of recorded rows,
# two runs compared, what is left when a run is killed.
# timeout: 180
export LAB_NAME=benchunit
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

BENCH=$TOP/bench
dir=$(mktemp -d)
at_exit rm -rf "$dir"

# says STATUS WORDS CMD...: this exit status, and these words on its output
says() {
	local want=$1 words=$2 out rc

	shift 2
	out=$("$@" 2>&1 </dev/null)
	rc=$?
	[ $rc = "$want" ] || fail "exit status of $*: wanted $want, got $rc: $out"
	grep -qE -- "$words" <<<"$out" || fail "$*: says \"$out\", not \"$words\""
}

# record FOLDER FACTOR: rows as bench/run writes them, made by rule; FACTOR is how much
# faster hpcap is in a VF guest.
record() {
	mkdir -p "$1"
	cp "$BENCH/cases.cfg" "$1/"
	printf 'cpu Some <CPU> & more\ncpus 2\nkernel 6.12\naccel tcg\n' >"$1/machine.txt"
	awk -v factor="$2" -v OFS='\t' 'BEGIN {
		print "case", "repeat", "metric", "unit", "value", "note"
		print "net.virtio.hpcap", 0, "cell", "-", "-", "not its queue"
		n = split("host pf vf", nets, " "); m = split("tcpdump xdp hpcap", engines, " ")
		for (i = 1; i <= n; i++) for (e = 1; e <= m; e++) for (r = 1; r <= 3; r++) {
			name = "net." nets[i] "." engines[e]
			f = name == "net.vf.hpcap" ? factor : 1
			print name, r, "lossless_rate", "1/s", f * (1000 * e + 10 * r), "loss begins above it"
			print name, r, "captured_overload", "%", 20 * e + r, ""
			print name, r, "captured_percent", "%", 100, ""
			print name, r, "exits", "1/1000 frames", 7 * i + r, ""
			print name, r, "instructions", "1", 5000 + 10 * i + r, ""
			for (x = 500; x < 9000; x *= 2)
				print name, r, "loss_at_rate", "%", (x > 1000 * e ? 50 : 0),
					"asked " x ", offered " x
		}
	}' >"$1/results.tsv"
}

note "cases and options"
says 0 'net\.vf\.hpcap' "$BENCH/run" --list
says 0 'tenants\.3\.1' "$BENCH/run" --list --full --where lab
says 0 '^lab	net\.pf\.dpdk' "$BENCH/run" --list --only '*.pf.dpdk'
expect "cells of network and engine" 25 "$("$BENCH/run" --list --where lab --only net. | wc -l)"
says 2 'unknown argument' "$BENCH/run" --fast
says 2 'wanted a number from 2 to 50' "$BENCH/run" --repeats 1
says 2 'wanted a number from 1 to 10000' "$BENCH/run" --minutes 0
says 2 'share from 0' "$BENCH/run" --loss 2
says 2 'needs a value' "$BENCH/run" --only
says 2 'cannot be read' env STATUS=2 "$BENCH/run" --cases "$dir/none" --list
says 1 'no case fits' "$BENCH/run" --only nothing.at.all --out "$dir/empty"
says 1 'no run to go on with' "$BENCH/run" --resume "$dir"
printf '[a]\ncolour = red\n' >"$dir/bad.cfg"
says 1 'bad.cfg:2: unknown key' "$BENCH/run" --cases "$dir/bad.cfg" --list
for p in run report compare; do
	says 0 Usage "$BENCH/$p" --help
done

note "a report out of recorded rows"
record "$dir/a" 1
says 0 report.html "$BENCH/report" "$dir/a"
[ -z "${KEEP_PAGE:-}" ] || cp "$dir/a/report.html" "$KEEP_PAGE"
page=$dir/a/report.html
bad=$(tool xmllint --html --noout "$page" 2>&1 | grep error | grep -v 'Tag [A-Za-z]* invalid')
expect "faults of the page" "" "$bad"
expect "plots" 6 "$(grep -c '<figure>' "$page")"
! grep -qE '(src|href)="?(https?:|//|file:)' "$page" || fail "the page needs something else"
grep -q 'Some &lt;CPU&gt; &amp; more' "$page" || fail "text is not escaped"
grep -q 'were emulated (TCG)' "$page" || fail "no word on emulation"
grep -q '1.004 times: 5032 in the guest, 5012 on bare metal' "$page" || fail "no goal of instructions"
grep -q 'at the fixed rate 100.00 % against 100.00 %' "$page" || fail "no goal beside tcpdump"
grep -q 'not its queue' "$page" || fail "the reason of an empty cell is missing"
grep -oE 'href="#r[0-9]+"' "$page" | sed 's/href="#//;s/"//' | sort -u >"$dir/links"
expect_ge "links to rows" 20 "$(wc -l <"$dir/links")"
grep -oE 'id="r[0-9]+"' "$page" | sed 's/id="//;s/"//' | sort >"$dir/ids"
expect "links without a row" "" "$(sort "$dir/links" | comm -23 - "$dir/ids")"
expect "names that are there twice" "" "$(grep -oE ' id="[^"]*"' "$page" | sort | uniq -d)"
says 1 'wanted 6 columns' sh -c 'cp -r "$1/a" "$1/bad"; echo "a	1" >>"$1/bad/results.tsv"
	exec "$2/report" "$1/bad"' sh "$dir" "$BENCH"
says 1 'no results.tsv' "$BENCH/report" "$dir"

note "results as JSON"
"$TOP/build/bench/tally" json "$dir/a" >"$dir/a.json" || fail "json"
expect "median in it" 3020 "$(tool jq '.figures[] | select(.case == "net.vf.hpcap" and
	.metric == "lossless_rate") | .median' "$dir/a.json")"

note "two runs compared"
record "$dir/b" 0.7
record "$dir/c" 1.001
says 0 '0 worse, 0 better' "$BENCH/compare" "$dir/a" "$dir/a"
says 0 '0 worse, 0 better' "$BENCH/compare" "$dir/a" "$dir/c"
says 1 'worse +net.vf.hpcap +lossless_rate' "$BENCH/compare" "$dir/a" "$dir/b"
says 0 'better +net.vf.hpcap +lossless_rate' "$BENCH/compare" "$dir/b" "$dir/a"
says 0 '0 worse' "$BENCH/compare" --least 40 "$dir/a" "$dir/b"
sed '/^net.vf.hpcap	2	lossless_rate/s/$/, found in a hurry/' "$dir/b/results.tsv" >"$dir/hurried"
cp -r "$dir/b" "$dir/d" && mv "$dir/hurried" "$dir/d/results.tsv"
says 0 '0 worse, 0 better' "$BENCH/compare" "$dir/a" "$dir/d"
says 2 'two folders' "$BENCH/compare" "$dir/a"
"$BENCH/compare" --json "$dir/a" "$dir/b" >"$dir/cmp.json"
expect "worse in JSON" 1 "$(tool jq .worse "$dir/cmp.json")"

note "killed without a word: nothing runs on, the run goes on later"
cat >"$dir/one.cfg" <<-END
	[engine]
	where = native
	program = core
	modes = quick
	quickly = --repeats 3
	[other]
	where = native
	program = core
	modes = quick
	quickly = --repeats 3
END
"$BENCH/core" --help >/dev/null || fail "bench/core is not built"
"$BENCH/run" --where native --only engine --cases "$dir/one.cfg" --out "$dir/killed" >"$dir/log" 2>&1 </dev/null &
pid=$!
# its own child: bench/core, wherever it is just now
child_of_run() {
	pgrep -P "$pid" -f 'bench/core' >/dev/null
}
wait_for 60 child_of_run || fail "no measurement begins: $(cat "$dir/log")"
child=$(pgrep -P "$pid" -f 'bench/core')
kill -STOP "$pid"
says 1 "at work on it, process $pid" "$BENCH/run" --resume "$dir/killed"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
is_gone() {
	! pgrep -s "$child" >/dev/null
}
wait_for 10 is_gone || fail "a measurement runs on: $(pgrep -a -s "$child")"
says 1 'has results' "$BENCH/run" --out "$dir/killed"
printf 'engine/60\t1\tstamp\tns\t12\t\n' >>"$dir/killed/results.tsv"
echo engine >>"$dir/killed/.done"
says 0 report.html "$BENCH/run" --resume "$dir/killed"
expect "rows kept" 1 "$(grep -c '^engine' "$dir/killed/results.tsv")"
expect "rows of what --only had not named" 0 "$(grep -c '^other' "$dir/killed/results.tsv")"
ok "cases, report, comparison"
