#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A ring on one page of 1 GiB: moved there under a listener and traffic, written
# through, and moved back; nothing lost, the page given back.
# topology: nic-gigabyte
# daily: none
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"

PAGES=/sys/kernel/mm/hugepages/hugepages-1048576kB

ctl() {
	vm "$VM" /src/build/bin/hpcap-ctl set 0_0 "$@" || fail "hpcap-ctl set $*"
}

shown() {
	vm "$VM" /src/build/bin/hpcap-ctl --json show 0_0 "$1" | json "$1"
}

free_pages() {
	vm "$VM" cat $PAGES/free_hugepages
}

page_is_back() {
	[ "$(free_pages)" = 1 ]
}

vf_world 4
expect "pages of 1 GiB that the kernel kept" 1 "$(free_pages)"
listen l
send 6000 &
sleep 0.5
ctl ring=1G:1G
expect "ring" 1073741824 "$(shown ring)"
expect "page of the ring" 1073741824 "$(shown ring-page)"
expect "kind of the ring" file "$(shown ring-kind)"
expect "pages free while it is used" 0 "$(free_pages)"
wait $! || fail "wire"
settled >/dev/null
listen_end l
expect "lost" 0 "$(stat rx_hpcap_client_lost_frames)"
same_frames l
adds_up 6000

note "a listener that comes later, and back to pages of the kernel"
listen later
before=$(settled)
send 500
expect "frames" $((before + 500)) "$(settled)"
ctl ring=4M
send 500
expect "frames" $((before + 1000)) "$(settled)"
listen_end later
expect "lost" 0 "$(stat rx_hpcap_client_lost_frames)"
expect "stored" 1000 "$(heard later frames)"
wait_for 20 page_is_back || fail "the page of 1 GiB is not given back"
dmesg_check "$VM"
ok "$TEST"
