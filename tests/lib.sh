# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the lab and end-to-end tests share. A test is a bash script that begins
#
#	# SPDX-License-Identifier: GPL-2.0-or-later
#	# What breaks if this breaks.
#	# needs: host | probe		(the machine that must run; default host)
#	# kernels: 6.1 6.12		(default: every kernel that boots)
#	# timeout: 120			(seconds; default 180)
#	# topology: two-nics		(lab/topologies/; default nic)
#	. "${0%/*}/../lib.sh"
#
# and ends by ok, fail or skip: exit 0, 1 or 77 with the reason on the last
# line. tests/run boots the machines, and looks at their kernel logs after each
# test; a script run by hand finds them running (lab/lab up; lab/lab probe up).

set -u -o pipefail

# shellcheck source=lab/drive.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lab/drive.sh"
# shellcheck source=tests/dmesg.sh
. "$TOP/tests/dmesg.sh"

TEST=$(basename "$0" .sh)
SCRATCH=$JOB/$TEST
VM_SCRATCH=/job/$TEST
CLEANUP=()

# --- verdicts -------------------------------------------------------------

ok() {
	echo "ok: ${*:-$TEST}"
	exit 0
}

fail() {
	echo "FAIL: $*"
	exit 1
}

skip() {
	echo "skip: $*"
	exit 77
}

note() {
	echo "  $*"
}

# expect WHAT WANTED GOT: fail with both values unless they are equal.
expect() {
	[ "$2" = "$3" ] || fail "$1: wanted $2, got $3"
}

# expect_ge WHAT LEAST GOT
expect_ge() {
	[ "$3" -ge "$2" ] 2>/dev/null || fail "$1: wanted at least $2, got $3"
}

# at_exit CMD...: run it when the script ends, last registered first.
at_exit() {
	CLEANUP=("$(printf '%q ' "$@")" ${CLEANUP[@]+"${CLEANUP[@]}"})
}

run_cleanup() {
	local rc=$? c

	trap - EXIT
	for c in ${CLEANUP[@]+"${CLEANUP[@]}"}; do
		eval "$c" >/dev/null 2>&1
	done
	exit "$rc"
}

trap run_cleanup EXIT
trap 'exit 130' INT TERM
