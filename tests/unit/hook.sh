#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libvirt's hook: asks hpcapctl to look at the mirrors when domains come and go, once
# for many, and never keeps libvirt waiting, even when hpcapctl hangs.
# timeout: 60
export LAB_NAME=hook
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dir=$(mktemp -d)
at_exit rm -rf "$dir"
export HPCAP_HOOK_LOCK=$dir/lock HPCAP_HOOK_WAIT=1 HPCAPCTL=$dir/hpcapctl
printf '#!/bin/sh\necho "$@" >>%s/calls\n' "$dir" >"$HPCAPCTL"
chmod +x "$HPCAPCTL"

# hook OPERATION: as libvirt calls it, the domain's XML on stdin; must return at once.
hook() {
	echo '<domain/>' | timeout 3 "$TOP/packaging/libvirt-hook" web1 "$1" begin - ||
		fail "$1: status $? (124: it did not return)"
}

calls() {
	[ "$(grep -c . "$dir/calls" 2>/dev/null || true)" = "$1" ] || { [ "$1" = 0 ] && [ ! -e "$dir/calls" ]; }
}

note "what changes nothing for mirrors is not looked at"
for op in prepare start migrate restore; do
	hook $op
done
sleep 2
calls 0 || fail "called for $(cat "$dir/calls")"

note "the others are, once for many"
for op in started stopped release reconnect; do
	hook $op
done
wait_for 20 calls 1 || fail "not called"
expect "call" gc "$(cat "$dir/calls")"
sleep 2
calls 1 || fail "called $(wc -l <"$dir/calls") times"
hook started
wait_for 20 calls 2 || fail "not called again"

note "an hpcapctl that hangs or is not there holds up nobody"
printf '#!/bin/sh\necho "$@" >>%s/calls\nexec sleep 30\n' "$dir" >"$HPCAPCTL"
hook stopped
wait_for 20 calls 3 || fail "not called"
start=$SECONDS
hook stopped
hook reconnect
[ $((SECONDS - start)) -le 3 ] || fail "waited $((SECONDS - start)) s"
HPCAPCTL=$dir/none HPCAP_HOOK_LOCK=$dir/other hook started
ok "$TEST"
