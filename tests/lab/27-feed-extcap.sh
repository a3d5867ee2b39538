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

note "tshark lists the queue"
vm "$VM" "${TSHARK[@]}" -D >"$SCRATCH/list" 2>&1
grep -q 'hpcap0:0 (hpcap queue 0 of adapter 0)' "$SCRATCH/list" || fail "tshark -D: $(tail -n 5 "$SCRATCH/list")"

note "frames that pass a filter, whole"
feed_start hpcap-extcap "${TSHARK[@]}" -i hpcap0:0 -f 'greater 500' \
	-w "$VM_SCRATCH/some.pcapng" -a duration:600
send "$FRAMES"
tool tcpdump -Z root -n -r "$SCRATCH/sent.pcap" -w "$SCRATCH/want.pcap" 'greater 500' 2>/dev/null
want=$(frames_of "$SCRATCH/want.pcap")
expect_ge "frames to be seen" 100 "$want"
all_there() {
	[ "$(frames_of "$SCRATCH/some.pcapng")" = "$want" ]
}
wait_for 60 all_there
bg_signal "$VM" hpcap-extcap INT
expect "exit status of tshark" 0 "$(bg_wait hpcap-extcap 60)"
tool pcapcmp "$SCRATCH/want.pcap" "$SCRATCH/some.pcapng" >"$SCRATCH/some.cmp" 2>&1 ||
	fail "not what was sent: $(tail -n 3 "$SCRATCH/some.cmp")"

silent() {
	! listens hpcap-extcap
}

note "nobody listens when tshark has gone"
wait_for 20 silent || fail "hpcap-extcap stays"
dmesg_check "$VM"
ok "$TEST"
