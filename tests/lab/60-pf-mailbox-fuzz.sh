#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests write nonsense into their mailboxes: ids of all 16 bits with random
# words, one VF alone and seven at once, then words, bells, locks and resets as
# fast as the machine can. The PF answers its administrator all the while, logs
# little, and in the end nothing has changed.
# IDS=N says how many ids are tried (default 2048, spread over all; 65536 is
# all of them), ALONE=N how many by the one VF (as many; all need 11 minutes),
# FLOOD=S how long the flood lasts (default 8 seconds), SEED=N which words.
# storey: pf
# daily: 6.12
# kernels: 6.1 6.12
# timeout: 1500
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/mirror.sh
. "${0%/*}/mirror.sh"

IDS=${IDS:-2048}
ALONE=${ALONE:-$IDS}
FLOOD=${FLOOD:-8}
SEED=${SEED:-$RANDOM}
PATIENCE_MS=5000	# for one command of the administrator, on a slow machine

# state: all that the host wanted, and what the chip has.
state() {
	host_sh 'ip -j link show $2
		cat /sys/kernel/debug/hpcap_pf/$1/tables
		/src/build/bin/pfnl mirrors | sed "s, age-ms=[0-9]*,,; s, frames=.*,,"
		cd /sys/bus/pci/devices/$1/sriov && grep -r . --exclude-dir=stats . 2>/dev/null | sort' "$PF" "$PF_IF"
}

# administer SECONDS: how long commands take, ms: median and worst of two of
# `ip link set`, and of `ethtool -S`.
administer() {
	VM_TIMEOUT=$((120 + $1)) host_sh 'end=$(($(date +%s) + $3))
		now() { date +%s%N | cut -c 1-13; }
		of() { sort -n $1 | awk "{ v[NR] = \$1 } END { print v[int((NR + 1) / 2)], v[NR] }"; }
		rm -f /run/admin.*
		while [ $(date +%s) -lt $end ]; do
			a=$(now)
			ip link set $2 vf 6 spoofchk off && ip link set $2 vf 6 spoofchk on || exit 1
			b=$(now)
			ethtool -S $2 >/dev/null || exit 1
			c=$(now)
			echo $((b - a)) >>/run/admin.ip
			echo $((c - b)) >>/run/admin.ethtool
			sleep 0.1
		done
		echo $(of /run/admin.ip) $(of /run/admin.ethtool)' "$PF" "$PF_IF" "$1"
}

# responsive WHAT SECONDS
responsive() {
	local ip ip_worst eth eth_worst all

	all=$(administer "$2") || fail "the administrator is refused (SEED=$SEED)"
	read -r ip ip_worst eth eth_worst <<<"$all"
	note "$1: two of ip link set $ip ms (worst $ip_worst), ethtool -S $eth ms (worst $eth_worst)"
	if [ "$ip" -gt $PATIENCE_MS ] || [ "$eth" -gt $PATIENCE_MS ]; then
		fail "the PF is not responsive: $ip ms and $eth ms (SEED=$SEED)"
	fi
}

# guests VERB AMOUNT VF...: in the background, named fuzz.
guests() {
	local verb=$1 amount=$2

	shift 2
	bg_start host fuzz /src/build/bin/mboxfuzz "$verb" "$SEED" "$amount" "${@}"
}

guests_end() {
	local rc

	rc=$(bg_wait fuzz "$1") || fail "guests do not come to an end (SEED=$SEED)"
	note "$(tail -n 1 "$SCRATCH/fuzz.log")"
	[ "$rc" = 0 ] || fail "$(head -n 1 "$SCRATCH/fuzz.log") (SEED=$SEED)"
}

# unchanged AFTER
unchanged() {
	state >"$SCRATCH/after"
	diff "$SCRATCH/before" "$SCRATCH/after" >"$SCRATCH/diff" ||
		fail "changed by $1: $(head -n 3 "$SCRATCH/diff" | tr '\n' ' ') (SEED=$SEED)"
}

log_lines() {
	dmesg_since host | grep -c 'refused:'
}

pf_world
vfs_driver none
numvfs 7 || fail "7 VFs"
VFS=()
for i in 0 1 2 3 4 5 6; do
	VFS+=("$(vf_addr $i)")
	host ip link set "$PF_IF" vf $i mac "02:aa:00:00:00:1$i" || fail "mac of VF $i"
done
host_sh 'ip link set $1 vf 1 vlan 100 && ip link set $1 vf 2 trust on && ip link set $1 vf 2 trust off' \
	"$PF_IF" || fail "vlan and trust"
sriov 0/ingress_mirror 'add 6\n' || fail "mirror"
responsive "quiet" 2
guests resets 1 "${VFS[@]}"
guests_end 60
state >"$SCRATCH/before"

began=$SECONDS
note "ids one after the other: VF 0 alone"
guests sweep "$ALONE" "${VFS[0]}"
responsive "one VF asks" 4
guests_end $((60 + ALONE / 50))
unchanged "one VF"

note "seven VFs share the ids"
guests sweep "$IDS" "${VFS[@]}"
responsive "seven VFs ask" 4
guests_end $((60 + IDS / 50))
unchanged "seven VFs"

note "flood: as fast as they can, whatever comes back"
guests flood "$FLOOD" "${VFS[@]}"
responsive "seven VFs flood" "$FLOOD"
guests_end $((60 + FLOOD))
unchanged "the flood"
lines=$(log_lines)
most=$((10 * ((SECONDS - began) / 5 + 2)))
[ "$lines" -le "$most" ] || fail "$lines lines in the log, at most $most wanted"

note "and the VFs serve whoever comes ($lines lines in the log)"
vfs_driver igbvf
IF=$(host_sh 'echo $1 >/sys/bus/pci/drivers/igbvf/bind; ls /sys/bus/pci/devices/$1/net' "${VFS[3]}") ||
	fail "igbvf after the flood"
vf_up host "$IF"
rx() {
	if_stat host "$IF" rx_packets
}
was=$(rx)
send 200 --dst 02:aa:00:00:00:13
arrive "frames after the flood" $((was + 200)) rx
dmesg_check host
ok "$TEST, SEED=$SEED"
