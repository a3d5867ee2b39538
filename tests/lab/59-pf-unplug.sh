#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The NIC is pulled out under traffic, with VFs in use, a mirror and netlink
# listeners; then with a capture running. The driver leaves in order, programs
# learn of it, and a NIC that is put in again works.
# storey: pf
# kernels: 6.1 6.12
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

is_there() {
	host test -e "/sys/bus/pci/devices/$PF"
}

is_not_there() {
	! is_there
}

pull_out() {
	hmp 'device_del nic0' >"$SCRATCH/hmp"
	wait_for 30 is_not_there || fail "it is still there: $(<"$SCRATCH/hmp")"
}

put_in() {
	hmp 'device_add igb,id=nic0,bus=rp1,netdev=wire0,mac=52:54:00:82:57:60' >"$SCRATCH/hmp"
	wait_for 30 is_there || fail "it does not come back: $(<"$SCRATCH/hmp")"
}

# whatever happens, the tests behind this one want a NIC
at_exit put_in
pf_world
vfs_driver igbvf
numvfs 3 || fail "3 VFs"
vf_tenant 0
bg_start host events /src/build/bin/pfnl events 600
wait_for 10 grep -q listening "$SCRATCH/events.log" || fail "no events"
id=$(pfnl new "$PF" vfs=1 targets=4 dir=1 owner=test | nl_field id)
[ -n "$id" ] || fail "no mirror"
get_all "before"

note "pulled out under traffic"
wire_start --pattern imix --dst "$VF_MAC" --pps 800
pull_out
wire_stop >/dev/null
wait_for 10 grep -q "^ended .* id=$id .* end=5" "$SCRATCH/events.log" ||
	fail "nobody was told that the mirror ended"
[ -z "$(pfnl pf)" ] || fail "netlink still knows the PF"
host ip netns del t0

note "put in again"
put_in
pf_take
vfs_driver igbvf
numvfs 1 || fail "1 VF"
vf_tenant 0
get_all "after"

note "pulled out under a capture"
host ip netns del t0
numvfs 0
capture_mode host "$PF_IF" on
host ip link set "$PF_IF" promisc on
sleep 1
listen dd
wire_start --pattern imix --dst "$STRANGER" --pps 800
sleep 1
pull_out
wire_stop >/dev/null
bg_wait dd 30 >/dev/null || fail "hpcapdd does not end: $(cat "$SCRATCH/dd.log")"
fetch dd
whole dd
put_in
pf_take
dmesg_check host
ok
