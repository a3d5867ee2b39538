# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the kernels of the machines complain about; sourced behind lab/drive.sh.
# TEST names the marks.

DMESG_BAD='BUG:|BUG |WARNING:|Oops|general protection|Kernel panic|Call Trace'
DMESG_BAD+='|KASAN|UBSAN|KFENCE|KCSAN|use-after-free|refcount_t|bad page'
DMESG_BAD+='|possible (circular|recursive) locking|inconsistent lock state|suspicious RCU'
DMESG_BAD+='|rcu.*stall|soft lockup|hard LOCKUP|blocked for more than|hung_task'
DMESG_BAD+='|scheduling while atomic|sleeping function called|list_(add|del) corruption'
DMESG_BAD+='|unregister_netdevice: waiting|DMA-API|DMAR:.*fault|page allocation failure'
DMESG_BAD+='|Out of memory|oom-kill|invoked oom-killer'
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

# dmesg_bad VM: lines of it that no healthy kernel writes.
dmesg_bad() {
	dmesg_since "$1" | grep -E "$DMESG_BAD" | grep -Ev "$DMESG_HARMLESS"
}

# dmesg_check VM: fail, showing the lines, if the kernel complained.
dmesg_check() {
	local bad

	bad=$(dmesg_bad "$1")
	[ -z "$bad" ] && return 0
	dmesg_since "$1"
	fail "$1: the kernel complained: $(head -n 1 <<<"$bad")"
}
