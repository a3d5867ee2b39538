#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Random operations on mirrors, VFs and the driver: no rule is orphaned, no
# lease is lost, the chip has what is wanted, the kernel does not complain.
# STORM=N says how many operations (default 600).
# storey: pf
# timeout: 420
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

STORM=${STORM:-600}

mirror_world
for who in a b; do
	tenant $who
done
cp "$TOP/tests/lab/storm.guest" "$SCRATCH/storm"
VM_TIMEOUT=$((120 + STORM)) host bash "$VM_SCRATCH/storm" "$PF" "$STORM" "${SEED:-1}" \
	>"$SCRATCH/storm.log" 2>&1 || fail "$(tail -n 1 "$SCRATCH/storm.log")"
note "$(tail -n 1 "$SCRATCH/storm.log")"

note "and it works as before"
numvfs 0
numvfs 4 || fail "4 VFs"
for who in a c b d; do
	sriov "${VF_OF[$who]}/mac" "${MAC_OF[$who]}\n" || fail "mac of $who"
done
host_sh 'ip -all netns del; sleep 1'
tenant a
tenant b
sriov 0/ingress_mirror 'add 2\n' || fail "mirror"
watch b last "ether src $WIRE_MAC"
from_wire a 50 "$WIRE_MAC"
watch_end last
same sent last
dmesg_check host
ok
