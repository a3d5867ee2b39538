#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Several programs read the same frames; the ninth is told that there is no
# room; and kill -9 of some hurts nobody else.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

vf_world 64
note "two listeners store the same"
listen a
listen b
send 4000
settled >/dev/null
listen_end a
listen_end b
same_frames a
same_frames b

note "eight listeners, the ninth is refused"
for i in 1 2 3 4 5 6 7 8; do
	NULL=1 listen "n$i"
done
vm "$VM" /src/build/bin/hpcapdd 0 0 null >"$SCRATCH/ninth.log" 2>&1 && fail "a ninth listener"
note "$(tail -n 1 "$SCRATCH/ninth.log")"
send 4000
settled >/dev/null
for i in 1 2 3 4 5 6 7 8; do
	listen_end "n$i"
	expect "frames of listener $i" 4000 "$(heard "n$i" frames)"
	expect "lost by listener $i" 0 "$(heard "n$i" lost)"
done

note "kill -9 of two of three, under traffic"
listen stays
NULL=1 listen k1
NULL=1 listen k2
send 6000 &
sleep 1
bg_signal "$VM" k1 KILL
sleep 0.5
bg_signal "$VM" k2 KILL
wait $! || fail "wire"
settled >/dev/null
listen_end stays
same_frames stays
adds_up 14000
expect "lost frames" 0 "$(stat rx_hpcap_client_lost_frames)"
NULL=1 listen again
listen_end again
dmesg_check "$VM"
ok "$TEST"
