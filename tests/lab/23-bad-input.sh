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

# told WORDS...: the kernel's log names each refused value, and what is allowed.
told() {
	local words

	dmesg_since "$VM" >"$SCRATCH/abuse.dmesg"
	for words; do
		grep -qF "$words" "$SCRATCH/abuse.dmesg" || fail "the log does not say: $words"
	done
}

vf_world 16
note "a quiet wire"
abuse
told 'listener mode 7: want 0 (strict) or 1 (lossy)' 'listener name of 32 bytes: want at most 31' \
	'reserved words: want zero' 'ring flags 0x1, 0x0: want 0' 'ring of 0 bytes: want a multiple' \
	'poll mode 9: want 0' 'CPU 100000: want -1' 'keep flags 0x8: want 0 or 1' 'scope 2: want 0' \
	"flows and headers of a listener: want 0"

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
