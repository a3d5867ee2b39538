# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
# What bench/run, bench/report and bench/compare share: messages, numbers, the
# program that counts, rows, and that nothing outlives a run.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PROGRAM=bench/$(basename "$ME")
# shellcheck source=lab/drive.sh
. "$TOP/lab/drive.sh"

say() {
	echo "$PROGRAM: [${SECONDS}s] $*" >&2
}

die() {
	echo "$PROGRAM: $*" >&2
	exit "${STATUS:-1}"
}

misuse() {
	STATUS=2 die "$* ($PROGRAM --help)"
}

# number NAME VALUE LEAST MOST
number() {
	if [[ ! $2 =~ ^[0-9]{1,6}$ ]] || [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
		misuse "$1: wanted a number from $3 to $4, not \"$2\""
	fi
}

# share NAME VALUE: a part of one, below a half.
share() {
	if [[ ! $2 =~ ^0(\.[0-9]{1,6})?$ ]] || ! awk -v v="$2" 'BEGIN { exit !(v <= 0.5) }'; then
		misuse "$1: wanted a share from 0 to 0.5, not \"$2\""
	fi
}

# calc EXPRESSION: of awk, to four digits behind the point.
calc() {
	awk "BEGIN { printf \"%.4f\", ($1) }"
}

# --- building -----------------------------------------------------------------

# build_here TARGET...: of bench/Makefile, with the machine's compiler or in the
# lab's tree; silent unless it fails.
build_here() {
	local make=(make -C "$TOP/bench" BUILD="$TOP/build") log

	if ! command -v "${CC:-cc}" >/dev/null || ! command -v make >/dev/null; then
		make=("$LAB" chroot -- make -C bench BUILD=/src/build)
		[ -e "$CACHE/rootfs" ] || "$LAB" setup >&2 || die "lab/lab setup failed"
	fi
	log=$("${make[@]}" "$@" 2>&1) || die "build failed: $(tail -n 3 <<<"$log")"
}

build_counting() {
	if [ ! -x "$TOP/build/bench/tally" ] || [ -n "$(find "$TOP"/bench/*.[ch] "$TOP/bench/Makefile" \
		-newer "$TOP/build/bench/tally" 2>/dev/null)" ]; then
		build_here tally
	fi
}

# counting VERB ARG...: the program of bench/tally.c.
counting() {
	"$TOP/build/bench/tally" "$@"
}

# --- rows ---------------------------------------------------------------------

# row CASE REPEAT METRIC UNIT VALUE NOTE: "-" for a value: the note is the reason.
row() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "${@:1:5}" "$(tr '\t\n' '  ' <<<"$6" | sed 's/ *$//' |
		cut -c 1-240)" >>"$PART"
}

# setting KEY [DEFAULT]: of the case that runs.
setting() {
	local s

	for s in ${SETTINGS[@]+"${SETTINGS[@]}"}; do
		[[ $s != "$1="* ]] || { echo "${s#*=}"; return; }
	done
	echo "${2:-}"
}

# --- the machine --------------------------------------------------------------

machine() {
	local v=/sys/devices/system/cpu/vulnerabilities

	echo "date $(date -u +%FT%TZ)"
	echo "cpu $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
	echo "cpus $(nproc)"
	echo "nodes $(find /sys/devices/system/node -maxdepth 1 -name 'node[0-9]*' 2>/dev/null | wc -l)"
	echo "memory_MiB $(($(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo) / 1024))"
	echo "kernel $(uname -r)"
	echo "system $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
	echo "hypervisor $(grep -qw hypervisor /proc/cpuinfo && echo yes || echo no)"
	echo "clock $(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)"
	echo "governor $(cat /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor 2>/dev/null || echo none)"
	echo "mitigations $(grep -l . $v/* 2>/dev/null | wc -l) known"
	echo "load $(cut -d' ' -f1 /proc/loadavg) at the start"
	echo "commit $(git -C "$TOP" describe --always --dirty 2>/dev/null || echo unknown)"
	echo "mode $MODE"
}

# --- nothing outlives a run -----------------------------------------------------

CLEANUP=()	# commands, last registered first

at_exit() {
	CLEANUP=("$(printf '%q ' "$@")" ${CLEANUP[@]+"${CLEANUP[@]}"})
	[ -z "${STATE:-}" ] || printf '%s\n' ${CLEANUP[@]+"${CLEANUP[@]}"} >"$STATE/cleanup"
}

# shellcheck disable=SC2317 # called by the trap
finish() {
	local rc=$? c

	trap - EXIT
	trap '' INT TERM HUP
	child_end
	for c in ${CLEANUP[@]+"${CLEANUP[@]}"}; do
		eval "$c" >/dev/null 2>&1
	done
	[ -z "${GUARD:-}" ] || kill -KILL "$GUARD" 2>/dev/null
	[ -z "${STATE:-}" ] || rm -rf "$STATE"
	exit $rc
}

# guard: from here on the end of this script, of any kind, cleans up: orderly ones by
# the trap, SIGKILL by a process that waits for it.
guard() {
	STATE=$(mktemp -d)
	: >"$STATE/cleanup"
	trap finish EXIT
	trap 'exit 130' INT TERM HUP
	setsid bash -c '
		tail --pid="$1" -s 0.5 -f /dev/null
		[ ! -s "$2/child" ] || kill -KILL -- "-$(cat "$2/child")"
		while read -r line; do
			eval "$line"
		done <"$2/cleanup"
		rm -rf "$2"' guard "$$" "$STATE" </dev/null >/dev/null 2>&1 3>&- &
	GUARD=$!
	disown $GUARD
}

# child CMD...: in a session of its own, which ends with this script; its status.
child() {
	setsid "$@" &
	CHILD=$!
	[ -z "${STATE:-}" ] || echo $CHILD >"$STATE/child"
	wait $CHILD
	local rc=$?
	CHILD=
	[ -z "${STATE:-}" ] || : >"$STATE/child"
	return $rc
}

child_end() {
	[ -z "${CHILD:-}" ] || kill -TERM -- "-$CHILD" 2>/dev/null
	CHILD=
}
