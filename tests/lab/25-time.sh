#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Policies of time change under traffic and nothing is lost or goes back; the
# clock follows TAI and a PTP clock; a step is taken, counted and told; wrong
# values are refused by name.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

SYS=/sys/class/misc/hpcap_0_0

ctl() {
	vm "$VM" /src/build/bin/hpcap-ctl "$@" >"$SCRATCH/ctl.out" 2>&1
}

# now_is NAME VALUE: an option, by the program and by its file.
now_is() {
	ctl show 0_0 "$1" || fail "show $1: $(tail -n 1 "$SCRATCH/ctl.out")"
	expect "$1" "$2" "$(awk -v n="$1" '$1 == n { print $2 }' "$SCRATCH/ctl.out")"
}

# refused FILE VALUE: EINVAL, and the log names the value.
refused() {
	vm_sh "$VM" 'echo "$2" >"$1"' "$SYS/$1" "$2" 2>/dev/null && fail "$1 took $2"
	vm "$VM" dmesg | tail -n 5 | grep -qF "$2" || fail "the log does not name $2"
}

# last_sec NAME: second of the last frame that a listener stored.
last_sec() {
	tool checkraw --json "$SCRATCH/$1.d"/*/*.raw | json last | xargs -I{} date -u -d {} +%s
}

vf_world 64
now_is time kpt
now_is clock realtime
now_is hw-stamps off
expect "policy in sysfs" kpt "$(vm "$VM" cat $SYS/time/policy)"
refused time/policy never
refused time/batch 7
refused time/clock sundial
refused time/clock ptp77
refused poll/mode sleepy
refused poll/cpu 4095
vm_sh "$VM" 'echo busy >"$1/poll/mode"; echo 0 >"$1/poll/cpu"' $SYS || fail "poll/ in sysfs"
now_is poll busy
now_is cpu 0
vm_sh "$VM" 'echo adaptive >"$1/poll/mode"; echo -1 >"$1/poll/cpu"' $SYS || fail "poll/ in sysfs"
now_is poll adaptive
ctl set 0_0 time=sometimes && fail "hpcap-ctl took a wrong policy"
ctl set 0_0 hw-stamps=on && fail "stamps of a NIC that has none"

note "policies change under traffic"
listen t
send 4000 &
sender=$!
for p in udts wdts adaptive kpt wdts adaptive; do
	ctl set 0_0 time=$p batch=32 || fail "time=$p: $(tail -n 1 "$SCRATCH/ctl.out")"
	sleep 0.3
done
wait $sender || fail "wire"
settled >/dev/null
listen_end t
same_frames t
expect "times that went back" 0 "$(tool checkraw --json "$SCRATCH"/t.d/*/*.raw | json time_back)"
now_is time adaptive

note "TAI, then the PTP clock of the port"
ctl set 0_0 time=kpt clock=tai || fail "clock=tai"
now_is clock tai
now=$(vm "$VM" date +%s)
listen tai
send 200
settled >/dev/null
listen_end tai
# TAI is 37 s ahead where somebody told the kernel, and the same where nobody did
expect_ge "seconds of TAI" "$now" "$(last_sec tai)"
expect_ge "seconds not beyond TAI" "$(last_sec tai)" $((now + 100))
vm_sh "$VM" 'modprobe ptp 2>/dev/null; ls /dev/ptp0' >/dev/null 2>&1 && ptp=1 || ptp=
if [ -n "$ptp" ]; then
	vm "$VM" /src/build/bin/phc /dev/ptp0 2000000000 >/dev/null || fail "the PTP clock cannot be set"
	ctl set 0_0 clock=ptp0 || fail "clock=ptp0: $(tail -n 1 "$SCRATCH/ctl.out")"
	listen p
	send 200
	settled >/dev/null
	listen_end p
	sec=$(last_sec p)
	expect "hundreds of seconds by the PTP clock" 20000000 $((sec / 100))
	note "ns between our time and the PTP clock: $(vm "$VM" cat $SYS/time/error_ns)"
else
	note "no PTP clock in this machine"
fi

note "a step of the clock"
ctl set 0_0 clock=realtime time=kpt || fail "back to realtime"
listen s
send 500
steps=$(stat rx_hpcap_clock_steps)
vm_sh "$VM" 'date -s "@$(($(date +%s) + 1000))"' >/dev/null
send 500
settled >/dev/null
vm_sh "$VM" 'date -s "@$(($(date +%s) - 1000))"' >/dev/null
listen_end s
expect_ge "steps counted" $((steps + 1)) "$(stat rx_hpcap_clock_steps)"
vm "$VM" dmesg | grep -q "realtime stepped by" || fail "the log does not tell of the step"

note "what ethtool says of stamps"
vm "$VM" ethtool -T "$VF_IF" >"$SCRATCH/T" || fail "ethtool -T"
# newer kernels claim the stack's own receive stamps for every interface
grep -qi "software-transmit\|hardware-[a-z]" "$SCRATCH/T" && fail "capture mode: no frame meets the stack"
vm "$VM" ethtool --set-priv-flags "$VF_IF" capture off
vm "$VM" ethtool -T "$VF_IF" | grep -qi "software-transmit" || fail "standard mode has the stack's stamps"
vm "$VM" ethtool --set-priv-flags "$VF_IF" capture on
dmesg_check "$VM"
ok "$TEST"
