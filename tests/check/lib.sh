# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the checks share. A check runs in the lab's root file system, in the
# tree's top folder (tests/run does: lab/lab chroot -- tests/check/NAME). It
# prints each violation as FILE:LINE: what, ends by verdict or skip.

set -u -o pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

KERNEL_ROOMS="core hw vf-driver pf-driver include"
PROGRAM_ROOMS="guest-lib lab tests bench"

# files PATTERN... [-- ROOM...]: the tree's files with such names, what is built
# and cached left out. No git: a tarball has none.
files() {
	local names=() rooms=(.)

	while [ $# -gt 0 ]; do
		if [ "$1" = -- ]; then
			shift
			rooms=("$@")
			break
		fi
		names+=(-o -name "$1")
		shift
	done
	find "${rooms[@]}" \( -name .git -o -path ./build -o -path ./.lab \) -prune -o \
		-type f \( "${names[@]:1}" \) -print 2>/dev/null | sed 's,^\./,,' | sort
}

# shellcheck disable=SC2086 # lists of words
kernel_files() {
	files '*.c' '*.h' -- $KERNEL_ROOMS
}

# shellcheck disable=SC2086
program_files() {
	files '*.c' '*.h' -- $PROGRAM_ROOMS
}

shell_files() {
	files '*' | while read -r f; do
		case $(head -c 64 "$f" 2>/dev/null | tr -d '\0' | head -n 1) in
		'#!'*sh*) echo "$f" ;;
		*) head -n 3 "$f" 2>/dev/null | tr -d '\0' | grep -q '^# shellcheck shell=' &&
			echo "$f" ;;
		esac
	done
}

need() {
	command -v "$1" >/dev/null || skip "no $1 in the root file system"
}

skip() {
	echo "skip: $*"
	exit 77
}

# verdict FINDINGS WHAT: fail when there are any.
verdict() {
	if [ -n "$1" ]; then
		printf '%s\n' "$1"
		echo "FAIL: $(printf '%s\n' "$1" | wc -l) findings"
		exit 1
	fi
	echo "ok: $2"
	exit 0
}
