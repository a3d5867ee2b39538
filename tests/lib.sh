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

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LAB=$TOP/lab/lab
CACHE=${HPCAP_LAB_CACHE:-$TOP/.lab}
export LAB_NAME=${LAB_NAME:-default}
RUN_DIR=$CACHE/run/$LAB_NAME
JOB=$RUN_DIR/job
TEST=$(basename "$0" .sh)
SCRATCH=$JOB/$TEST			# the same folder is /job/$TEST inside
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

# wait_for SECONDS CMD...: poll CMD until it succeeds; 1 when time is up.
wait_for() {
	local end=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.3
	done
}

# --- the machines -----------------------------------------------------------

host() {
	"$LAB" exec --timeout "${VM_TIMEOUT:-60}" -- "$@"
}

probe() {
	"$LAB" probe exec --timeout "${VM_TIMEOUT:-60}" -- "$@"
}

# vm VM CMD...
vm() {
	case $1 in
	host | probe) "$@" ;;
	*) fail "no such machine: $1" ;;
	esac
}

# vm_sh VM SCRIPT [ARG...]: run a piece of sh there, arguments as $1, $2...
vm_sh() {
	local where=$1 script=$2

	shift 2
	vm "$where" sh -c "$script" sh "$@"
}

# host_sh SCRIPT [ARG...], probe_sh SCRIPT [ARG...]
host_sh() {
	vm_sh host "$@"
}

probe_sh() {
	vm_sh probe "$@"
}

# bg_start VM NAME CMD...: start CMD there, its output in $SCRATCH/NAME.log.
bg_start() {
	local where=$1 name=$2

	shift 2
	mkdir -p "$SCRATCH"
	rm -f "$SCRATCH/$name.pid" "$SCRATCH/$name.rc" "$SCRATCH/$name.log"
	vm_sh "$where" 'd=$1 n=$2; shift 2
		( "$@" </dev/null >"$d/$n.log" 2>&1 & echo $! >"$d/$n.pid"
		  wait $!; echo $? >"$d/$n.rc.new"; mv "$d/$n.rc.new" "$d/$n.rc"
		) </dev/null >/dev/null 2>&1 &' "$VM_SCRATCH" "$name" "$@" ||
		fail "$where: cannot start $name"
	wait_for 20 test -s "$SCRATCH/$name.pid" || fail "$where: $name did not start"
}

bg_pid() {
	cat "$SCRATCH/$1.pid"
}

# bg_signal VM NAME SIGNAL
bg_signal() {
	vm "$1" kill "-$3" "$(bg_pid "$2")"
}

bg_running() {
	[ -s "$SCRATCH/$1.pid" ] && [ ! -e "$SCRATCH/$1.rc" ]
}

# bg_wait NAME [SECONDS]: its exit status on stdout; 1 when it does not end.
bg_wait() {
	wait_for "${2:-30}" test -s "$SCRATCH/$1.rc" || return 1
	cat "$SCRATCH/$1.rc"
}

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

# wait_settled SECONDS CMD...: until CMD prints the same number twice, a second
# apart; prints it.
wait_settled() {
	local end=$((SECONDS + $1)) was now

	shift
	was=$("$@")
	while :; do
		sleep 1
		now=$("$@")
		[ "$now" = "$was" ] && break
		[ "$SECONDS" -lt "$end" ] || break
		was=$now
	done
	echo "$now"
}

# --- the wire ---------------------------------------------------------------

# tool NAME ARG...: a program of build/bin or of the lab's root file system,
# run here with the libraries it was built against.
tool() {
	local root=$CACHE/rootfs prog=$1 p

	shift
	for p in "$TOP/build/bin/$prog" "$root/usr/bin/$prog" "$root/usr/sbin/$prog"; do
		[ -x "$p" ] && break
	done
	[ -x "$p" ] || { echo "tool: no $prog (make programs)" >&2; return 127; }
	"$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" \
		"$p" "$@"
}

# wire_send ARG...: the wire end of the NIC under test; returns when all is sent.
wire_send() {
	tool wire --local "$RUN_DIR/wire${WIRE:-0}.end" --peer "$RUN_DIR/wire${WIRE:-0}.nic" "$@"
}

# wire_start ARG...: the same in the background (for example --pattern imix
# --pps 2000, endless). wire_stop: SIGINT; prints its JSON summary.
wire_start() {
	mkdir -p "$SCRATCH"
	wire_send --json "$@" </dev/null >"$SCRATCH/wire.json" 2>"$SCRATCH/wire.log" &
	WIRE_PID=$!
	at_exit kill "$WIRE_PID"
	sleep 0.5
	kill -0 "$WIRE_PID" 2>/dev/null || fail "wire: $(cat "$SCRATCH/wire.log")"
}

wire_stop() {
	kill -INT "$WIRE_PID" 2>/dev/null
	wait "$WIRE_PID"
	cat "$SCRATCH/wire.json"
}

# json FIELD: a number or word out of one flat JSON object on stdin.
json() {
	sed -n "s/.*\"$1\": *\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p" | head -n 1
}

# shellcheck source=tests/nic.sh
. "$TOP/tests/nic.sh"
