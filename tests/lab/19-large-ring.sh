#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rings of more than 4 GiB that a user hands in, of pages of 2 MiB and of 1 GiB, on
# the NIC's node, counted for RLIMIT_MEMLOCK: frames lie whole beyond the 4 GiB,
# where the ring begins anew, and behind a move; a listener that read nothing of
# them knows exactly what it missed.
# topology: nic-large
# daily: none
# timeout: 900
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
VM_TIMEOUT=${VM_TIMEOUT:-300}
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

CTL=/src/build/bin/hpcap-ctl
NODE=/sys/devices/system/node/node1/hugepages
GIB4=$((4 << 30))
RING=$((4100 << 20))
ONE=9026	# bytes of the ring for a frame of 9014

ctl() {
	vm "$VM" $CTL set 0_0 "$@" || fail "hpcap-ctl set $*"
}

shown() {
	vm "$VM" $CTL --json show 0_0 "$1" | json "$1"
}

# free_pages KB: pages of that size that node 1 has left.
free_pages() {
	vm "$VM" cat $NODE/hugepages-"$1"kB/free_hugepages
}

pages_are_back() {
	[ "$(free_pages 2048)" = 2050 ]
}

# with_limit BYTES NAME=VALUE: hpcap-ctl as somebody whom RLIMIT_MEMLOCK binds.
with_limit() {
	vm "$VM" setpriv --bounding-set=-ipc_lock --inh-caps=-ipc_lock \
		prlimit --memlock="$1:$1" $CTL set 0_0 "$2" >"$SCRATCH/limit.log" 2>&1
}

# position: how far the ring has been written, by a listener that gave back nothing.
position() {
	vm "$VM" awk '$NF == "idle" { printf "%.0f", $6 + $7 }' /sys/kernel/debug/hpcap/0_0/listeners
}

# fill UP_TO: frames, as fast as they go, until few are missing to that position.
fill() {
	local at n

	while at=$(position) && n=$((($1 - at) / ONE - 300)) && [ $n -gt 0 ]; do
		wire_send --quiet --pattern 9014 --dst "$STRANGER" --top --count $n ||
			fail "wire: cannot send"
		settled >/dev/null
		[ "$(position)" -gt "$at" ] || fail "the ring is not written any more at $at"
	done
}

vf_world 4
dir=/sys/bus/pci/devices/$VF
vm_sh "$VM" 'echo 2050 >$1/hugepages-2048kB/nr_hugepages' $NODE
at_exit vm_sh "$VM" 'echo 0 >$1/hugepages-2048kB/nr_hugepages' $NODE
expect "pages of 2 MiB on node 1" 2050 "$(free_pages 2048)"
expect "pages of 1 GiB on node 1" 5 "$(free_pages 1048576)"

note "the NIC on a node without huge pages, then on that which has them"
for node in 0 1; do
	vf_unbind "$VM" "$VF"
	vm_sh "$VM" 'echo $1 >$2/numa_node' $node "$dir" || fail "numa_node"
	vf_bind "$VM" "$VF"
	ctl ring=4M:2M
	expect "bytes that are not on node $node" $((node ? 0 : 4 << 20)) "$(shown ring-foreign)"
done
for nic in "$PF_IF" "$VF_IF"; do
	host ip link set "$nic" mtu 9000 || fail "$nic: mtu 9000"
done
at_exit host ip link set "$PF_IF" mtu 1500
wait_for "$LINK_WITHIN" pf_has_carrier || fail "PF: no link after mtu"
vf_up "$VM" "$VF_IF"
ctl ring=1M

note "counted for RLIMIT_MEMLOCK, to the page"
with_limit $((RING - 4096)) ring=4100M:2M && fail "4100 MiB were taken beyond the limit"
grep -q "memory" "$SCRATCH/limit.log" || fail "not told why: $(tail -n 1 "$SCRATCH/limit.log")"
expect "ring" 1048576 "$(shown ring)"
with_limit $RING ring=4100M:2M || fail "within the limit: $(tail -n 1 "$SCRATCH/limit.log")"
ctl ring=1M
wait_for 30 pages_are_back || fail "the pages are not given back"
with_limit $RING ring=4100M:2M || fail "what was given back counts still"
expect "ring" $RING "$(shown ring)"
expect "page of the ring" 2097152 "$(shown ring-page)"
expect "bytes on other nodes" 0 "$(shown ring-foreign)"
expect "pages left" 0 "$(free_pages 2048)"

note "written up to 4 GiB, nobody reads"
NULL=1 listen idle --lossy
bg_signal "$VM" idle STOP
start=$SECONDS before=$(stat rx_hpcap_captured_frames)
fill $GIB4
at=$(position)
note "$(((at >> 20) / (SECONDS - start + 1))) MiB/s, $((GIB4 - at)) bytes before 4 GiB"
[ "$at" -lt $GIB4 ] || fail "position $at is beyond 4 GiB already"

note "across 4 GiB, and the end of the ring 4 MiB behind it"
listen strict
send $(((RING - at) / ONE + 600)) --pattern 9014 --pps 500
settled >/dev/null
expect_ge "position" $((RING + 1)) "$(position)"
listen_end strict
expect "lost" 0 "$(stat rx_hpcap_client_lost_frames)"
same_frames strict
bg_signal "$VM" idle CONT
listen_end idle
expect_ge "what was overwritten before it was read" 1 "$(heard idle lost)"
expect "read and missed" $(($(stat rx_hpcap_captured_frames) - before)) \
	$(($(heard idle frames) + $(heard idle lost)))

note "moved to pages of 1 GiB under a listener, and away"
listen moved
ctl ring=5G:1G
expect "page of the ring" 1073741824 "$(shown ring-page)"
expect "bytes on other nodes" 0 "$(shown ring-foreign)"
expect "pages left" 0 "$(free_pages 1048576)"
expect_ge "position, beyond 4 GiB in this ring, too" $GIB4 \
	"$(vm "$VM" awk '$NF == "moved" { printf "%.0f", $6 + $7 }' /sys/kernel/debug/hpcap/0_0/listeners)"
send 300 --pattern 60-9014 --pps 500
settled >/dev/null
listen_end moved
expect "lost" 0 "$(stat rx_hpcap_client_lost_frames)"
same_frames moved
ctl ring=4M
wait_for 30 pages_are_back || fail "the pages are not given back"
expect "pages of 1 GiB given back" 5 "$(free_pages 1048576)"
dmesg_check "$VM"
ok "$TEST"
