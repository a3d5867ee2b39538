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
#	. "${0%/*}/../lib.sh"
#
# and ends by ok, fail or skip: exit 0, 1 or 77 with the reason on the last
# line. tests/run boots the machines; a script run by hand finds them running
# (lab/lab up; lab/lab probe up). Names VM below are "host" or "probe".

set -u -o pipefail

# shellcheck source=lab/drive.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lab/drive.sh"

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

# --- the kernel's log -------------------------------------------------------

DMESG_BAD='BUG:|BUG |WARNING:|Oops|general protection|Kernel panic|Call Trace'
DMESG_BAD+='|KASAN|UBSAN|KFENCE|KCSAN|use-after-free|refcount_t|bad page'
DMESG_BAD+='|possible (circular|recursive) locking|inconsistent lock state|suspicious RCU'
DMESG_BAD+='|rcu.*stall|soft lockup|hard LOCKUP|blocked for more than|hung_task'
DMESG_BAD+='|scheduling while atomic|sleeping function called|list_(add|del) corruption'
DMESG_BAD+='|unregister_netdevice: waiting|DMA-API|DMAR:.*fault|page allocation failure'
DMESG_BAD+='|NETDEV WATCHDOG|irq [0-9]+: nobody cared|hpcap.*leak'

# Said by the nested machine itself, not by what runs in it.
DMESG_HARMLESS='Unhandled WRMSR|Unhandled RDMSR'

# dmesg_mark VM: what came before is not our doing.
dmesg_mark() {
	vm_sh "$1" 'echo "hpcap-test: mark $1" >/dev/kmsg' "$TEST.$$" ||
		fail "$1: cannot mark the kernel log"
}

# dmesg_since VM: the kernel log from this test's last mark on.
dmesg_since() {
	vm "$1" dmesg | awk -v m="hpcap-test: mark $TEST.$$" '
		index($0, m) { n = 0; seen = 1; next }
		seen { line[n++] = $0 }
		END { for (i = 0; i < n; i++) print line[i] }'
}

# dmesg_check VM: fail, showing the lines, if the kernel complained.
dmesg_check() {
	local bad

	bad=$(dmesg_since "$1" | grep -E "$DMESG_BAD" | grep -Ev "$DMESG_HARMLESS")
	[ -z "$bad" ] && return 0
	dmesg_since "$1"
	fail "$1: the kernel complained: $(head -n 1 <<<"$bad")"
}
