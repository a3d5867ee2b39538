#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong ioctls, wrong mappings, nonsense in the cursor page, a ninth listener,
# rings larger than memory: each fails as the contract says, without frames and
# under traffic, and the device works as before.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

abuse() {
	vm "$VM" /src/build/bin/abuse /dev/hpcap_0_0 >"$SCRATCH/abuse.log" 2>&1 ||
		fail "$(grep -m 1 -E '^FAIL|^abuse:' "$SCRATCH/abuse.log")"
	note "$(grep -c '^ok' "$SCRATCH/abuse.log") checks, $(tail -n 1 "$SCRATCH/abuse.log")"
}

vf_world 16
note "a quiet wire"
abuse

note "under traffic"
wire_start --pattern imix --dst "$STRANGER" --pps 1500
abuse
wire_stop >/dev/null

note "the device captures as before"
listen after
before=$(settled)
send 500
expect "frames after all that" $((before + 500)) "$(settled)"
listen_end after
same_frames after
dmesg_check "$VM"
ok "$TEST"
