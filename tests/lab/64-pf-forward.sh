#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two ports of our PF driver bridged, both ways at once, byte for byte; and the
# four queues of one port stored as one, in the order of the wire.
# storey: pf
# kernels: 6.1 6.12
# topology: two-nics
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

# other_port: the second NIC, free for any driver.
other_port() {
	host_sh 'pkill -9 -x hpcap-forward
		d=/sys/bus/pci/devices/$1
		echo 0 >$d/sriov_numvfs 2>/dev/null
		[ ! -e $d/driver ] || echo $1 >$d/driver/unbind
		echo >$d/driver_override
		true' "$OTHER"
}

# told FIELD WAY: out of the summary of the bridge.
told() {
	grep -h schema_version "$SCRATCH/bridge.log" | sed 's/.*"ways": \[//' | tr '{' '\n' |
		sed -n "$(($2 + 1))p" | json "$1"
}

OTHER=$(lab_var LAB_PF1)
other_port
pf_world mode=capture
at_exit other_port
host_sh 'echo 16 >/sys/module/hpcap_core/parameters/ring_mb'
FIRST=$PF FIRST_IF=$PF_IF
PF=$OTHER
pf_take
OTHER_IF=$PF_IF
PF=$FIRST PF_IF=$FIRST_IF VF_IF=$FIRST_IF
host ip link set "$FIRST_IF" promisc on
host ip link set "$OTHER_IF" promisc on
sleep 1

note "both ways at once"
bg_start host bridge /src/build/bin/hpcap-forward --json 0:0 1:0
wait_for 20 grep -q forwarding "$SCRATCH/bridge.log" || fail "$(cat "$SCRATCH/bridge.log")"
pids=()
for w in 0 1; do
	WIRE=$w wire_send --quiet --pattern imix --seed $((w + 1)) --pps 800 --count 1500 --linger 6 \
		--sent "$SCRATCH/in$w.pcap" --record "$SCRATCH/out$w.pcap" &
	pids+=($!)
done
wait "${pids[@]}" || fail "wire: cannot send"
bg_signal host bridge INT
expect "exit status" 0 "$(bg_wait bridge 30)"
for w in 0 1; do
	tool pcapcmp "$SCRATCH/in$w.pcap" "$SCRATCH/out$((1 - w)).pcap" >"$SCRATCH/cmp" 2>&1 ||
		fail "wire $w to wire $((1 - w)): $(tail -n 3 "$SCRATCH/cmp")"
	expect "sent, way $w" 1500 "$(told sent $((w + 1)))"
	expect "dropped, way $w" 0 "$(told dropped $((w + 1)))"
done
expect "sent by the second port" 1500 "$(ethtool_stat host "$OTHER_IF" tx_hpcap_sent_frames)"
expect "discarded by the second port" 0 "$(ethtool_stat host "$OTHER_IF" tx_discarded)"

note "four queues as one"
host ethtool -L "$FIRST_IF" rx 4 || fail "4 queues"
host_sh 'rm -rf $1; mkdir -p $1' "/var/tmp/$TEST.four"
bg_start host four /src/build/bin/hpcapdd --json --window 200 '0:*' "/var/tmp/$TEST.four"
wait_for 20 grep -q capturing "$SCRATCH/four.log" || fail "$(cat "$SCRATCH/four.log")"
send 2000 --pps 800
settled >/dev/null
bg_signal host four INT
expect "exit status of four" 0 "$(bg_wait four 30)"
fetch four
expect "queues" 4 "$(heard four members)"
expect "frames" 2000 "$(heard four taken)"
expect "late frames" 0 "$(heard four late)"
same_frames four
dmesg_check host
ok "$TEST"
