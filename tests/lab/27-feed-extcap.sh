#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Capture queues as interfaces of tshark (extcap): list, options, filter, frames.
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/feed.sh
. "${0%/*}/feed.sh"

FRAMES=1000
TSHARK=(tshark -n -q)
EXTCAP=/usr/lib/x86_64-linux-gnu/wireshark/extcap
vf_world 16
# ours alone: tshark starts each program in there, which takes long in here
vm_sh "$VM" 'mount -t tmpfs none "$1" && ln -s /src/build/bin/hpcap-extcap "$1/"' "$EXTCAP" ||
	fail "no folder $EXTCAP"
at_exit vm "$VM" umount "$EXTCAP"

note "tshark lists the queue and its options"
vm "$VM" "${TSHARK[@]}" -D >"$SCRATCH/list" 2>&1
grep -q 'hpcap0:0 (hpcap queue 0 of adapter 0)' "$SCRATCH/list" || fail "tshark -D: $(tail -n 5 "$SCRATCH/list")"
vm "$VM" "${TSHARK[@]}" -i hpcap0:0 -L >"$SCRATCH/links" 2>&1
grep -q EN10MB "$SCRATCH/links" || fail "tshark -L: $(tail -n 2 "$SCRATCH/links")"

note "frames"
feed hpcap-extcap "${TSHARK[@]}" -i hpcap0:0 -w "$VM_SCRATCH/all.pcapng" -c $FRAMES
same_as_sent all.pcapng

note "a filter, a caplen"
want=$(frames_of "$SCRATCH/sent.pcap" 'greater 500')
feed_start hpcap-extcap "${TSHARK[@]}" -i hpcap0:0 -f 'greater 500' \
	-o extcap.hpcap0_0.caplen:64 -w "$VM_SCRATCH/some.pcapng" -c "$want"
send "$FRAMES"
expect "exit status of tshark" 0 "$(bg_wait hpcap-extcap 60)"
expect "frames" "$want" "$(frames_of "$SCRATCH/some.pcapng")"

silent() {
	! listens hpcap-extcap
}

note "nobody listens when tshark has gone"
wait_for 20 silent || fail "hpcap-extcap stays"
dmesg_check "$VM"
ok "$TEST"
