#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Eight listeners of different speeds, filters and policies at full load: the
# soft-lockup, RCU and hung-task detectors have nothing to say; one that is stuck is
# evicted, and the others go on. An idle adaptive queue uses less than one percent of
# a CPU.
# ISOLATION_SECONDS sets how long the load lasts (600 for the long run); without it
# only the idle queue is looked at.
# timeout: 1200
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

BIN=/src/build/bin
SECONDS_OF_LOAD=${ISOLATION_SECONDS:-0}

# ticks: CPU time of the poll thread, hundredths of a second.
ticks() {
	vm_sh "$VM" 'for p in /proc/[0-9]*; do
			[ "$(cat "$p/comm" 2>/dev/null)" = hpcap_0_0 ] &&
				awk "{ print \$14 + \$15 }" "$p/stat"
		done' | head -n 1
}

# taker NAME [options]: a listener of hpcapdd_p that throws all away.
taker() {
	local name=$1

	shift
	bg_start "$VM" "$name" "$BIN/hpcapdd_p" --json --name "$name" "$@" 0 0 null
	wait_for 20 grep -q capturing "$SCRATCH/$name.log" || fail "$name does not listen"
}

is_evicted() {
	[ "$(stat rx_hpcap_evicted)" = 1 ]
}

goes_on() {
	[ "$(stat rx_hpcap_captured_frames)" -gt "$1" ]
}

vf_world 16
note "idle and adaptive, somebody listens"
NULL=1 listen idle
sleep 2
# a busy machine makes the emulated CPU slower now and then, never faster
for try in 1 2 3; do
	before=$(ticks)
	sleep 8
	used=$(($(ticks) - before))
	note "$used hundredths of a second in 8 seconds, try $try"
	[ "$used" -ge 8 ] || break
done
[ "$used" -lt 8 ] || fail "an idle queue uses $used of 800 ticks, 1 % is 8"
listen_end idle
if [ "$SECONDS_OF_LOAD" -lt 10 ]; then
	dmesg_check "$VM"
	ok "$TEST (idle only; ISOLATION_SECONDS=600 for the load)"
fi

note "eight listeners, busy, for $SECONDS_OF_LOAD seconds"
vm_sh "$VM" 'echo 3 >/proc/sys/kernel/watchdog_thresh
	echo 10 >/proc/sys/kernel/hung_task_timeout_secs
	echo 5 >/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout' 2>/dev/null
vm "$VM" "$BIN/hpcap-ctl" set 0_0 poll=busy flow-bytes=100K || fail "hpcap-ctl"
NULL=1 listen l1
NULL=1 listen l2 --lossy
taker l3 --filter 'less 100'
taker l4 --filter 'greater 1000' --caplen 64
taker l5 --lossy --caplen 20
taker l6 --lossy --filter ip
taker l7
NULL=1 listen l8 --lossy
before=$(ticks)
start=$SECONDS
wire_start --pattern imix --dst "$STRANGER" --pps 50000
sleep 2
bg_signal "$VM" l2 STOP
bg_signal "$VM" l8 STOP
sleep $((SECONDS_OF_LOAD - 3))
bg_signal "$VM" l8 CONT
bg_signal "$VM" l2 CONT
used=$(($(ticks) - before))
note "the busy thread used $used of $(((SECONDS - start) * 100)) ticks"
expect "evicted, while that is off" 0 "$(stat rx_hpcap_evicted)"
vm "$VM" "$BIN/hpcap-ctl" set 0_0 flow-bytes=0 evict-ms=1000 || fail "evict-ms"
bg_signal "$VM" l1 STOP
wait_for 60 is_evicted || fail "the stuck listener was not evicted"
wait_for 30 goes_on "$(stat rx_hpcap_captured_frames)" || fail "nothing is captured any more"
bg_signal "$VM" l1 CONT
expect "exit status of the evicted" 1 "$(bg_wait l1 60)"
grep -q evicted "$SCRATCH/l1.log" || fail "it was not told: $(tail -n 1 "$SCRATCH/l1.log")"
wire_stop >/dev/null
settled >/dev/null
for i in 2 8; do
	listen_end "l$i"
done
for i in 3 4 5 6 7; do
	bg_signal "$VM" "l$i" INT
	expect "exit status of l$i" 0 "$(bg_wait "l$i" 60)"
done
vm "$VM" "$BIN/hpcap-ctl" set 0_0 poll=adaptive flow-bytes=0 evict-ms=0
vm_sh "$VM" 'dmesg' | grep -iE 'soft lockup|rcu.*stall|blocked for more than|hung_task' &&
	fail "a detector spoke"
dmesg_check "$VM"
ok "$TEST"
