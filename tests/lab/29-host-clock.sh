#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Inside the probe VM the capture clock follows the host's, by ptp_kvm: the guest's
# own clock is wrong by hours, the stamps are right.
# needs: probe
# topology: nic-tsc
# daily: none
# timeout: 600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
VM=probe
VM_TIMEOUT=${VM_TIMEOUT:-300}
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

WRONG=7200	# s that the guest's clock is ahead
NEAR=60		# s: commands into an emulated machine in an emulated machine take their time

# kvm_clock: N of the /dev/ptpN that is the host's clock.
kvm_clock() {
	vm_sh "$VM" 'for d in /sys/class/ptp/ptp*; do
		grep -q KVM $d/clock_name && basename $d && exit 0
	done; exit 1' 2>/dev/null
}

# stamps NAME WANT: the times in what NAME stored are near second WANT.
stamps() {
	local got

	got=$(tool checkraw --json "$SCRATCH/$1.d"/*/*.raw | json last | xargs -I{} date -u -d {} +%s)
	note "$1: last stamp $((got - $2)) s from where it belongs"
	if [ $((got - $2)) -lt -$NEAR ] || [ $((got - $2)) -gt $NEAR ]; then
		fail "$1: stamp $got, wanted about $2"
	fi
}

vf_world 64
if ! vm "$VM" modprobe ptp_kvm 2>"$SCRATCH/modprobe.err"; then
	source=$(host cat /sys/devices/system/clocksource/clocksource0/current_clocksource)
	skip "the hypervisor does not hand out its clock (host VM runs by $source): $(tail -n 1 "$SCRATCH/modprobe.err")"
fi
ptp=$(kvm_clock) || fail "ptp_kvm is loaded, and no PTP clock of it is there"
vm_sh "$VM" 'date -s "@$(($(date +%s) + $1))"' $WRONG >/dev/null
at_exit vm_sh "$VM" 'date -s "@$(($(date +%s) - $1))"' $WRONG

note "by the guest's own clock, then by $ptp"
for clock in realtime "$ptp"; do
	vm "$VM" /src/build/bin/hpcap-ctl set 0_0 time=kpt clock="$clock" || fail "clock=$clock"
	listen "$clock"
	send 300 --pps 500
	settled >/dev/null
	now=$(host date +%s)
	listen_end "$clock"
	same_frames "$clock"
	[ "$clock" != realtime ] || now=$((now + WRONG))
	stamps "$clock" "$now"
done
note "ns between our time and $ptp: $(vm "$VM" cat /sys/class/misc/hpcap_0_0/time/error_ns)"
vm "$VM" /src/build/bin/hpcap-ctl set 0_0 clock=realtime || fail "clock=realtime"
vm "$VM" rmmod ptp_kvm || fail "rmmod ptp_kvm: our clock holds it still"
dmesg_check "$VM"
ok "$TEST"
