# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# Other programs as listeners; sourced after vf.sh.

RUN=/src/build/bin/hpcap-run

listens() {
	vm "$VM" /src/build/bin/hpcap-status --json | grep -q "\"name\": *\"$1"
}

# feed_start NAME CMD...: a program that becomes the listener NAME.
feed_start() {
	local name=$1

	shift
	bg_start "$VM" "$name" "$@"
	wait_for 90 listens "$name" || fail "$name does not listen: $(tail -n 3 "$SCRATCH/$name.log")"
}

# feed NAME CMD...: a program that ends by itself after the $FRAMES frames sent.
feed() {
	local name=$1

	feed_start "$@"
	send "$FRAMES"
	expect "exit status of $name" 0 "$(bg_wait "$name" 60)"
}

# frames_of FILE [FILTER]: how many tcpdump reads.
frames_of() {
	tool tcpdump -Z root -n --count -r "$@" 2>/dev/null | sed -n 's/^\([0-9]*\) packets*$/\1/p'
}

same_as_sent() {
	tool pcapcmp "$SCRATCH/sent.pcap" "$SCRATCH/$1" >"$SCRATCH/$1.cmp" 2>&1 ||
		fail "$1: not what was sent: $(tail -n 3 "$SCRATCH/$1.cmp")"
}
