#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The ring replaced under listeners and traffic, by the kernel's pages and by
# huge pages of a file; files that lie, shrink or are sealed do no harm.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

BIN=/src/build/bin

ctl() {
	vm "$VM" "$BIN/hpcap-ctl" set 0_0 "$@" || fail "hpcap-ctl set $*"
}

shown() {
	vm "$VM" "$BIN/hpcap-ctl" --json show 0_0 "$1" | json "$1"
}

# all_left: no listener reads the ring before this one.
all_left() {
	[ "$(shown ring-leaving)" = 0 ]
}

is_evicted() {
	[ "$(stat rx_hpcap_evicted)" = 1 ]
}

vf_world 4
note "grown, shrunk and moved to huge pages, under two listeners and traffic"
vm_sh "$VM" 'echo 24 >/proc/sys/vm/nr_hugepages'
at_exit vm_sh "$VM" 'echo 0 >/proc/sys/vm/nr_hugepages'
huge=$(vm "$VM" cat /proc/sys/vm/nr_hugepages)
listen strict
listen lossy --lossy
send 6000 &
for size in 8M 1M 32M 2M; do
	ctl ring="$size"
	wait_for 20 all_left || fail "somebody stays in the ring before"
done
if [ "$huge" -ge 16 ]; then
	ctl ring=16M:2M
	expect "page of the ring" 2097152 "$(shown ring-page)"
	expect "kind of the ring" file "$(shown ring-kind)"
else
	note "no huge pages here ($huge of 24)"
	ctl ring=16M:4K
fi
expect "ring" 16777216 "$(shown ring)"
wait $! || fail "wire"
settled >/dev/null
expect "moves" 5 "$(shown ring-moves)"
listen_end strict
listen_end lossy
expect "lost" 0 "$(stat rx_hpcap_client_lost_frames)"
same_frames strict
whole lossy
adds_up 6000

note "a gigabyte page, where the machine has one to give"
vm_sh "$VM" 'echo 1 >/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages' 2>/dev/null
if [ "$(vm_sh "$VM" 'cat /sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages' 2>/dev/null)" = 1 ]; then
	ctl ring=1G:1G
	expect "page of the ring" 1073741824 "$(shown ring-page)"
	ctl ring=4M
	vm_sh "$VM" 'echo 0 >/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages'
else
	note "none here"
fi

note "usage, as seen while a strict listener stands still"
ctl ring=1M evict-ms=0
NULL=1 listen stuck
bg_signal "$VM" stuck STOP
send 3000
settled >/dev/null
expect_ge "high-water mark" 1000000 "$(shown ring-high)"
expect_ge "held" 1000000 "$(shown ring-used)"
expect_ge "lost" 1 "$(stat rx_hpcap_client_lost_frames)"

note "and is evicted when that is wanted"
ctl evict-ms=200
wire_start --pattern imix --dst "$STRANGER" --pps 500
wait_for 20 is_evicted || fail "it was not evicted"
wire_stop >/dev/null
bg_signal "$VM" stuck CONT
expect "exit status of the evicted" 1 "$(bg_wait stuck 60)"
grep -q 'evicted' "$SCRATCH/stuck.log" || fail "it was not told: $(tail -n 1 "$SCRATCH/stuck.log")"

note "files that are not what they seem"
vm "$VM" "$BIN/buffers" /dev/hpcap_0_0 >"$SCRATCH/buffers.log" 2>&1 ||
	fail "$(grep -m 1 -E '^FAIL|^buffers:' "$SCRATCH/buffers.log")"
note "$(grep -c '^ok' "$SCRATCH/buffers.log") checks"
listen after
before=$(settled)
send 300
expect "frames after all that" $((before + 300)) "$(settled)"
listen_end after
same_frames after
dmesg_check "$VM"
ok "$TEST"
