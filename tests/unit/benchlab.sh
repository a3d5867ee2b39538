# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of bench/run in the lab share; sourced after lib.sh. Results are in
# $dir/out; the folder and the machines go at the end.

[ "$(id -u)" = 0 ] || skip "needs root, for the lab"
dir=$(mktemp -d)
at_exit rm -rf "$dir"
at_exit "$LAB" down

# figure CASE METRIC: values, one a line.
figure() {
	awk -F'\t' -v c="$1" -v m="$2" '$1 == c && $3 == m && $5 != "-" { print $5 }' "$dir/out/results.tsv"
}

# cell_is_full CASE: two repeats gave what every cell gives.
cell_is_full() {
	expect "fixed rates of $1 ($(grep "^$1.*cell" "$dir/out/results.tsv"))" 2 \
		"$(figure "$1" captured | wc -l)"
	expect "searches of $1" 2 "$(figure "$1" lossless_rate | wc -l)"
	expect "first frames of $1 ($(grep "^$1.*first_frame" "$dir/out/results.tsv"))" 2 \
		"$(figure "$1" first_frame | wc -l)"
}

# exits_are_counted CASE: of its guest, in two repeats.
exits_are_counted() {
	expect "counts of exits of $1" 2 "$(figure "$1" exits | wc -l)"
}
