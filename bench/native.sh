# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2153
# Cases without a VM: a program of this folder, its figures as rows; sourced by
# bench/run.

# native_case: every program prints case, metric, unit, min, median, max.
native_case() {
	local program options i n=${REPEATS:-3}

	program=$(setting program)
	options=$(setting fully)
	[ "$MODE" = full ] || n=${REPEATS:-2}
	[ "$MODE" = full ] || options=$(setting quickly "$options")
	case $program in
	storage | extract)
		if [ "$(id -u)" != 0 ]; then
			row "$CASE" 0 cell - - "needs root, for the lab's root file system and a network of its own"
			return
		fi
		;;
	esac
	for ((i = 1; i <= n; i++)); do
		say "$CASE, $i of $n"
		# shellcheck disable=SC2086 # words
		child "$TOP/bench/$program" --tsv $options >"$STATE/native" 2>"$STATE/native.log" || {
			row "$CASE" "$i" cell - - "bench/$program failed: $(tail -n 1 "$STATE/native.log")"
			return
		}
		native_rows "$i" <"$STATE/native"
	done
}

# native_rows REPEAT: the median is the measurement.
native_rows() {
	awk -F'\t' -v OFS='\t' -v name="$CASE" -v i="$1" '
		NF == 6 && $5 ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ {
			gsub(/[ \/]/, "_", $1)
			gsub(/ /, "_", $2)
			print name "/" $1, i, $2, $3, $5, "min " $4 ", max " $6
		}' >>"$PART"
}
