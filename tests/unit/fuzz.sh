#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The readers of captures, of indexes, and decapsulation take any bytes: libFuzzer
# with ASan and UBSan, two targets at a time. FUZZ_SECONDS for each, 30 by default
# (3600 for a night); what was found new grows build/fuzz/corpus/, and a finding
# stays there as crash-*.
# timeout: 600
export LAB_NAME=fuzz
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

seconds=${FUZZ_SECONDS:-30}
"$LAB" chroot -- which clang-19 >/dev/null || skip "no clang-19 in the root file system"
"$LAB" chroot -- make -s -j2 -C tests/fuzz || fail "the fuzzers do not build"

# one TARGET: runs it, from the small corpus of the repository and what grew.
one() {
	local name=$1 seed=tests/fuzz/corpus/${1#fuzz_} grown=build/fuzz/corpus/$1

	mkdir -p "$TOP/$grown"
	[ -d "$TOP/$seed" ] || seed=
	"$LAB" chroot -- setarch -R "build/fuzz/$name" -max_total_time="$seconds" -max_len=70000 \
		-timeout=20 -rss_limit_mb=1500 -print_final_stats=1 \
		-artifact_prefix="$grown/" "$grown" ${seed:+"$seed"} \
		>"$TOP/build/fuzz/$name.log" 2>&1
}

failed=
names=()
for f in "$TOP"/tests/fuzz/fuzz_*.c; do
	names+=("$(basename "$f" .c)")
done
for ((i = 0; i < ${#names[@]}; i += 2)); do
	pids=()
	for name in "${names[@]:i:2}"; do
		one "$name" &
		pids+=("$! $name")
	done
	for p in "${pids[@]}"; do
		wait "${p% *}" || failed+=" ${p#* }"
	done
done
for name in ${names[@]+"${names[@]}"}; do
	note "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$TOP/build/fuzz/$name.log") runs"
done
if [ -n "$failed" ]; then
	for name in $failed; do
		tail -n 30 "$TOP/build/fuzz/$name.log"
	done
	fail "found by$failed"
fi
ok "${#names[@]} targets, $seconds s each"
