# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of mirrors share; sourced after pf.sh. VFs of our PF, each with
# stock igbvf in a namespace of its own: a and c are tenants, b watches, d is
# somebody else.

WIRE_MAC=02:00:00:00:00:77	# who sends from the wire
declare -A VF_OF=([a]=0 [c]=1 [b]=2 [d]=3)
declare -A MAC_OF=([a]=02:aa:00:00:00:0a [c]=02:aa:00:00:00:0c [b]=02:aa:00:00:00:0b
	[d]=02:aa:00:00:00:0d)

pfnl() {
	host /src/build/bin/pfnl "$@"
}

# sriov FILE LINE: write; fails as the kernel does.
sriov() {
	host_sh 'printf "$3" >/sys/bus/pci/devices/$1/sriov/$2' "$PF" "$1" "$2" 2>/dev/null
}

# sriov_show FILE
sriov_show() {
	host cat "/sys/bus/pci/devices/$PF/sriov/$1"
}

# caveat ID NUMBER: does the driver say so of this mirror?
caveat() {
	[ $(($(pfnl get "$PF" "$1" | nl_field caveats) >> $2 & 1)) = 1 ]
}

# nl_field NAME: out of lines of pfnl on stdin.
nl_field() {
	tr ' ' '\n' | sed -n "s/^$1=//p"
}

# mirror_world: 4 VFs with fixed addresses, nobody in them yet.
mirror_world() {
	local who

	pf_world "$@"
	vfs_driver none
	numvfs 4 || fail "4 VFs"
	for who in a c b d; do
		sriov "${VF_OF[$who]}/mac" "${MAC_OF[$who]}\n" || fail "mac of $who"
	done
}

# tenant WHO: igbvf on its VF, in namespace WHO, 10.9.0.<VF>/24, quiet by itself.
tenant() {
	local n=${VF_OF[$1]} vf if

	vf=$(vf_addr "$n")
	host_sh 'modprobe igbvf; echo igbvf >/sys/bus/pci/devices/$1/driver_override
		echo $1 >/sys/bus/pci/drivers_probe' "$vf" || fail "igbvf on VF $n"
	wait_for 20 vf_netdev "$n" || fail "no netdev on VF $n"
	if=$(vf_netdev "$n")
	host sysctl -q -w "net.ipv6.conf.$if.disable_ipv6=1"
	ns_add "$1" "$if" "10.9.0.$n/24"
	printf -v "IF_$1" %s "$if"
	wait_for "$LINK_WITHIN" ns_carrier "$1" "$if" || fail "$1 has no link"
	ns "$1" ip neigh replace 10.9.0.99 lladdr "$WIRE_MAC" dev "$if"
}

# neighbours WHO WHO: they know each other without asking.
neighbours() {
	local from to if

	for from in "$@"; do
		if=IF_$from
		for to in "$@"; do
			[ "$from" = "$to" ] || ns "$from" ip neigh replace \
				"10.9.0.${VF_OF[$to]}" lladdr "${MAC_OF[$to]}" dev "${!if}"
		done
	done
}

# watch WHO NAME FILTER...: tcpdump in that namespace, to $SCRATCH/NAME.pcap.
watch() {
	local if=IF_$1

	bg_start host "$2" ip netns exec "$1" tcpdump -i "${!if}" -p -U -s 0 \
		-w "$VM_SCRATCH/$2.pcap" "${@:3}"
	wait_for 30 grep -q listening "$SCRATCH/$2.log" || fail "tcpdump: $(cat "$SCRATCH/$2.log")"
}

watched_size() {
	cat "$SCRATCH"/*.pcap | wc -c
}

# watch_end NAME...: when nothing more comes.
watch_end() {
	local name

	sleep 1
	wait_settled 60 watched_size >/dev/null
	for name; do
		bg_signal host "$name" INT
		bg_wait "$name" 30 >/dev/null || fail "tcpdump $name does not end"
	done
}

# frames NAME: how many it saw.
frames() {
	host tcpdump -Z root --count -r "$VM_SCRATCH/$1.pcap" 2>/dev/null | awk '{ print $1 }'
}

# pick NAME FROM FILTER...: of what FROM saw, the frames that the filter takes.
pick() {
	host tcpdump -Z root -r "$VM_SCRATCH/$2.pcap" -w "$VM_SCRATCH/$1.pcap" "${@:3}" 2>/dev/null ||
		fail "cannot pick $1 of $2"
}

# record, record_end: what comes out of the port goes to wire.pcap.
record() {
	wire_start --record "$SCRATCH/wire.pcap"
}

record_end() {
	sleep 1
	wire_stop >/dev/null
}

# same NAME NAME: frame by frame.
same() {
	tool pcapcmp "$SCRATCH/$1.pcap" "$SCRATCH/$2.pcap" >"$SCRATCH/cmp" 2>&1 ||
		fail "$2 is not $1: $(tail -n 3 "$SCRATCH/cmp")"
}

# from_wire WHO|MAC COUNT SOURCE [wire arguments]: what was sent is sent.pcap.
from_wire() {
	wire_send --quiet --pattern imix --dst "${MAC_OF[$1]:-$1}" --src "$3" --pps 500 \
		--count "$2" --sent "$SCRATCH/sent.pcap" "${@:4}" || fail "wire: cannot send"
}

# to_wire WHO COUNT: pings into the void; ns_ping FROM TO COUNT: answered ones.
to_wire() {
	ns "$1" ping -q -n -i 0.02 -c "$2" -W 1 10.9.0.99 >/dev/null
	true
}

ns_ping() {
	ns "$1" ping -q -n -i 0.02 -c "$3" -W 5 "10.9.0.${VF_OF[$2]}" >"$SCRATCH/ping.log" 2>&1 ||
		fail "$1 does not reach $2: $(tail -n 2 "$SCRATCH/ping.log")"
}
