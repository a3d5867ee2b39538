#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Random operations on mirrors, VFs, their drivers and guests (kill -9 of those
# who own one through vfio), and the PF's driver itself, under traffic: no rule
# is orphaned, no lease is lost, the chip has what is wanted, the kernel does not
# complain. What is done and checked: tests/lab/storm.c.
# STORM=N says how many operations (default 500; 10000 take some minutes), SEED=N
# which ones.
# storey: pf
# daily: 6.12
# kernels: 6.1 6.12
# timeout: 3600
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

STORM=${STORM:-500}
SEED=${SEED:-$RANDOM}

pf_world
vfs_driver none
host_sh 'modprobe igbvf && modprobe vfio-pci &&
	insmod /src/build/kmod-$(uname -r)/vf-driver/hpcapvf.ko' || fail "drivers for the VFs"
numvfs 4 || fail "4 VFs"
wire_start --pattern imix --dst ff:ff:ff:ff:ff:ff --src "$WIRE_MAC" --pps 200
bg_start host storm /src/build/bin/storm "$PF" "$STORM" "$SEED"
rc=$(bg_wait storm $((300 + STORM / 3))) || fail "the storm does not end (SEED=$SEED)"
[ "$rc" = 0 ] || fail "$(tail -n 1 "$SCRATCH/storm.log")"
wire_stop >/dev/null
cat "$SCRATCH/storm.log"

note "and it works as before"
for who in a c b d; do
	sriov "${VF_OF[$who]}/mac" "${MAC_OF[$who]}\n" || fail "mac of $who"
done
tenant a
tenant b
sriov 0/ingress_mirror 'add 2\n' || fail "mirror"
watch b last "ether src $WIRE_MAC"
from_wire a 50 "$WIRE_MAC"
watch_end last
same sent last
dmesg_check host
ok "$TEST, SEED=$SEED"
