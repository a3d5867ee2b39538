#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two VFs of two ports bridged inside the VM: what goes in at one wire comes out
# of the other, byte for byte, both ways at once; filtered, edited, copied; out
# of an interface in standard mode; an output that goes down; kill -9 under
# load; every word of the ioctl that could be wrong.
# topology: two-nics
# daily: 6.12
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

FORWARD=/src/build/bin/hpcap-forward

# port N VARIABLE MAC: the Nth NIC up with one VF that hears MAC. Sets VF_N.
VF_0= VF_1=

# Each port lets its own group in and nothing else: the emulated switch gives
# what a VF sends back to it when its filters match, and that would go round.
IN_0=01:00:5e:01:02:03
IN_1=01:00:5e:05:06:07
STRANGER=$IN_0

port() {
	PF=$(lab_var "$2") PF_IF=
	pf_up 1
	host_sh 'echo 1 >/proc/sys/net/ipv6/conf/$1/disable_ipv6
		ip link set "$1" promisc off; ip maddr add "$2" dev "$1"' "$PF_IF" "$3" ||
		fail "port $1"
	printf -v "VF_$1" %s "$(vf_addr 0)"
}

# both_wires COUNT: frames in at both ends; what comes out is recorded there.
# in0.pcap goes in at wire 0, out0.pcap comes out of it.
both_wires() {
	local w pids=() in=("$IN_0" "$IN_1")

	for w in 0 1; do
		WIRE=$w wire_send --quiet --pattern imix --seed $((w + 1)) --dst "${in[w]}" \
			--src 02:00:00:00:00:0$w --pps 500 --count "$1" --linger 6 \
			--sent "$SCRATCH/in$w.pcap" --record "$SCRATCH/out$w.pcap" &
		pids+=($!)
	done
	wait "${pids[@]}" || fail "wire: cannot send"
}

# one_way COUNT [wire arguments]: in at wire 0, recorded at wire 1.
one_way() {
	local n=$1 pid

	shift
	WIRE=1 wire_send --quiet --time 9 --record "$SCRATCH/out1.pcap" &
	pid=$!
	sleep 1
	WIRE=0 wire_send --quiet --pattern imix --dst "$STRANGER" --pps 500 --count "$n" \
		--sent "$SCRATCH/in0.pcap" "$@" || fail "wire: cannot send"
	wait $pid || fail "wire: cannot record"
}

# forward NAME [hpcap-forward arguments]: from wire 0 to wire 1 and back.
forward() {
	local name=$1

	shift
	bg_start host "$name" $FORWARD --json "$@" 0:0 1:0
	wait_for 20 grep -q forwarding "$SCRATCH/$name.log" ||
		fail "$name: $(cat "$SCRATCH/$name.log")"
}

forward_end() {
	bg_signal host "$1" INT || fail "$1 is gone: $(tail -n 1 "$SCRATCH/$1.log")"
	expect "exit status of $1" 0 "$(bg_wait "$1" 30)"
}

# told NAME FIELD [WAY]: out of the summary; way 1 is from wire 0 to wire 1.
told() {
	grep -h schema_version "$SCRATCH/$1.log" | sed 's/.*"ways": \[//' | tr '{' '\n' |
		sed -n "$((${3:-1} + 1))p" | json "$2"
}

# as_sent SENT OUT [TAKEN]: what came out is what went in, in its order. Under load
# the emulated NIC drops frames before anybody sees them: TAKEN is what the engine
# saw of them, without it all.
as_sent() {
	local bad sent taken

	tool pcapcmp --json "$SCRATCH/$1" "$SCRATCH/$2" >"$SCRATCH/cmp" 2>&1
	bad="$(json extra <"$SCRATCH/cmp") $(json reordered <"$SCRATCH/cmp") $(json corrupted <"$SCRATCH/cmp")"
	expect "extra, reordered, corrupted frames in $2" "0 0 0" "$bad"
	sent=$(json sent <"$SCRATCH/cmp") taken=${3:-$(json sent <"$SCRATCH/cmp")}
	expect "frames of $2" "$taken" "$(json captured <"$SCRATCH/cmp")"
	[ "$taken" = "$sent" ] || note "$((sent - taken)) of $sent frames were lost by the emulated NIC"
	expect_ge "frames taken for $2" $((sent * 9 / 10)) "$taken"
}

# shown N OPTION: of the Nth queue, by hpcap-ctl.
shown() {
	host /src/build/bin/hpcap-ctl --json show "$1_0" "$2" | json "$2"
}

frames_of() {
	tool tcpdump -Z root -n --count -r "$SCRATCH/$1" ${2:+"$2"} 2>/dev/null |
		sed -n 's/^\([0-9]*\) packets*$/\1/p'
}

rm -rf "$SCRATCH"
mkdir -p "$SCRATCH"
port 0 LAB_PF $IN_0
port 1 LAB_PF1 $IN_1
vf_clear
modules_load host
host_sh 'echo 16 >/sys/module/hpcap_core/parameters/ring_mb'
dmesg_mark host
at_exit vf_clear
at_exit host pkill -9 -x hpcap-forward
vf_bind host "$VF_0" && IF_0=$VF_IF
vf_bind host "$VF_1" && IF_1=$VF_IF
# an interface in standard mode would have words of its own
host_sh 'for i; do echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; done' "$IF_0" "$IF_1"
vf_up host "$IF_0"
vf_up host "$IF_1"

note "both ways at once"
forward both
both_wires 1000
forward_end both
as_sent in0.pcap out1.pcap "$(told both taken 1)"
as_sent in1.pcap out0.pcap "$(told both taken 2)"
for w in 1 2; do
	expect "sent, way $w" "$(told both taken $w)" "$(told both sent $w)"
	expect "missed, way $w" 0 "$(told both missed $w)"
	expect "dropped, way $w" 0 "$(told both dropped $w)"
	expect "failed, way $w" 0 "$(told both interface_failed $w)"
done
for w in 0 1; do
	i=IF_$w
	expect "sent by the interface $w" "$(told both sent $((2 - w)))" \
		"$(ethtool_stat host "${!i}" tx_hpcap_sent_frames)"
	expect "the same in sysfs and hpcap-ctl" "$(told both sent $((2 - w))) $(told both sent $((2 - w)))" \
		"$(host cat /sys/class/misc/hpcap_${w}_0/send/sent) $(shown $w sent)"
done
note "$(told both calls) system calls for 1000 frames one way"

note "a filter, new addresses, other listeners beside it"
VF_IF=$IF_0
listen beside
forward filtered --one-way --filter "greater 500" --set-dst 02:aa:00:00:00:01
one_way 800
forward_end filtered
listen_end beside
expect "frames beside" "$(told filtered taken)" "$(heard beside frames)"
expect_ge "frames that match" 1 "$(frames_of out1.pcap)"
expect "frames sent that match" "$(told filtered sent)" "$(frames_of out1.pcap 'greater 500')"
expect "frames with the new address" "$(frames_of out1.pcap)" \
	"$(frames_of out1.pcap 'ether dst 02:aa:00:00:00:01')"
expect "filtered and sent" "$(told filtered taken)" $(($(told filtered filtered) + $(told filtered sent)))

note "copied, out of an interface in standard mode"
capture_mode host "$IF_1" off
vf_up host "$IF_1"
forward copied --one-way --copy
one_way 500
forward_end copied
as_sent in0.pcap out1.pcap "$(told copied taken)"
capture_mode host "$IF_1" on
vf_up host "$IF_1"

note "an output that is down: dropped and told; then it goes on"
forward down --one-way
host ip link set "$IF_1" down
WIRE=0 send 100 --pps 500
settled >/dev/null
vf_up host "$IF_1"
one_way 300
forward_end down
expect_ge "dropped" 90 "$(told down dropped)"
expect "dropped and sent" "$(told down taken)" $(($(told down dropped) + $(told down sent)))
as_sent in0.pcap out1.pcap "$(told down sent)"

note "both queues as one listener, in the order of time"
host_sh 'rm -rf $1; mkdir -p $1' "/var/tmp/$TEST.group"
bg_start host group /src/build/bin/hpcapdd --json --window 2000 0:0,1:0 "/var/tmp/$TEST.group"
wait_for 20 grep -q capturing "$SCRATCH/group.log" || fail "group: $(cat "$SCRATCH/group.log")"
both_wires 400
bg_signal host group INT
expect "exit status of the group" 0 "$(bg_wait group 30)"
fetch group
whole group
all=$(heard group taken)
expect_ge "frames of the group" 720 "$all"
expect "late frames" 0 "$(heard group late)"
mapfile -t raw < <(find "$SCRATCH/group.d" -name '*.raw')
tool raw2pcap --quiet "${raw[@]}" "$SCRATCH/group.pcap" || fail "raw2pcap"
expect "frames from both sides" "$all" $(($(frames_of group.pcap "ether dst $IN_0") +
	$(frames_of group.pcap "ether dst $IN_1")))
expect "times that go back in the file" 0 "$(tool checkraw --json "${raw[@]}" | json time_back)"

note "buddies: all frames come to one queue, both workers do the work"
for w in 0_0 1_0; do
	host /src/build/bin/hpcap-ctl set $w ring=1M || fail "ring of $w"
done
bg_start host buddies /src/build/bin/buddies 10 2000 0:0 1:0
wait_for 20 grep -q listening "$SCRATCH/buddies.log" || fail "$(cat "$SCRATCH/buddies.log")"
before=$(arrived)
WIRE=0 send 1000 --pps 1000
all=$(($(settled) - before))
bg_signal host buddies INT
expect "exit status of the buddies" 0 "$(bg_wait buddies 60)"
expect "frames, bad chunks, missed" "$all 0 0" "$(heard buddies frames) $(heard buddies bad) $(heard buddies missed)"
expect_ge "frames of the busy queue that the other worker took" 1 "$(heard buddies helped_1)"
note "$(heard buddies own_0) by its own worker, $(heard buddies helped_1) by the other"

note "kill -9 under load, then the modules go at once"
forward killed --one-way
wire_start --pattern imix --dst "$STRANGER" --pps 1500
sleep 2
bg_signal host killed KILL
bg_wait killed 10 >/dev/null
wait_for 5 host_sh '[ "$(grep -c . /sys/kernel/debug/hpcap/0_0/listeners)" = 1 ]' ||
	fail "the killed listener still holds the ring"
host /src/build/bin/sendbad /dev/hpcap_0_0 /dev/hpcap_1_0 >"$SCRATCH/bad.log" ||
	fail "$(tail -n 1 "$SCRATCH/bad.log")"
note "$(tail -n 2 "$SCRATCH/bad.log" | tr '\n' ' ')"
wire_stop >/dev/null

note "an output that goes away ends it in order"
forward gone
host_sh 'echo $1 >/sys/bus/pci/drivers/hpcapvf/unbind' "$VF_1" || fail "unbind"
expect "exit status" 0 "$(bg_wait gone 20)"
expect "reason" gone "$(grep -h schema_version "$SCRATCH/gone.log" | json reason)"
vf_clear
dmesg_check host
ok "$TEST"
