# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# An agent at work, for lab/demo --vnma and the test of it. Three tenants have VFs of our PF
# driver; hpcapctl makes an agent for two of them, and what it brings home must be
# their frames, all of them, and nobody else's. A tenant is a libvirt domain that is
# off: stock igbvf plays its guest, in a network namespace of the host VM, because
# emulation carries one guest at a time. Sourced after drive.sh and drive_pf.sh; the
# caller defines ctl ARGUMENTS... (hpcapctl or fail) and step WORDS...

WIRE_MAC=02:00:00:00:00:77	# who sends from the wire
WIRE_IP=10.9.0.99
TENANTS=(web1 db1 mail1)	# on VFs 0, 1, 2; the first two are watched
declare -A TENANT_MAC=([web1]=52:54:00:aa:00:01 [db1]=52:54:00:aa:00:02 [mail1]=52:54:00:aa:00:03)
AGENT_VF=3

# tenant N: the Nth of TENANTS, domain and namespace, 10.9.0.<N+1>/24.
tenant() {
	local name=${TENANTS[$1]} vf if d b s f

	vf=$(vf_addr "$1") || fail "no VF $1"
	IFS=:. read -r d b s f <<<"$vf"
	cat >"$SCRATCH/$name.xml" <<-END
		<domain type='qemu'><name>$name</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
		<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
		<interface type='hostdev' managed='yes'><mac address='${TENANT_MAC[$name]}'/>
		<source><address type='pci' domain='0x$d' bus='0x$b' slot='0x$s' function='0x$f'/></source>
		</interface></devices></domain>
	END
	ctl vf set "$PF_IF" "$1" --mac "${TENANT_MAC[$name]}"
	host virsh -q define "$VM_SCRATCH/$name.xml" || fail "libvirt takes no domain $name"
	host_sh 'modprobe igbvf; echo igbvf >/sys/bus/pci/devices/$1/driver_override
		echo $1 >/sys/bus/pci/drivers_probe' "$vf" || fail "igbvf on VF $1"
	wait_for 20 vf_netdev "$1" || fail "no interface on VF $1"
	if=$(vf_netdev "$1")
	ns_add "$name" "$if" "10.9.0.$(($1 + 1))/24"
	wait_for "$LINK_WITHIN" ns_carrier "$name" "$if" || fail "$name has no link"
	ns "$name" ip neigh replace $WIRE_IP lladdr $WIRE_MAC dev "$if"
	TENANT_IF+=("$if")
}

# agent_world: our PF driver with four VFs, the tenants, libvirt.
agent_world() {
	ctl vf create "$PF_IF" 4
	TENANT_IF=()
	tenant 0
	tenant 1
	tenant 2
	ns web1 ip neigh replace 10.9.0.2 lladdr "${TENANT_MAC[db1]}" dev "${TENANT_IF[0]}"
	ns db1 ip neigh replace 10.9.0.1 lladdr "${TENANT_MAC[web1]}" dev "${TENANT_IF[1]}"
}

agent_frames() {
	host /src/build/bin/hpcapctl --json show agent1 2>/dev/null | tool jq -r .vm.guest.frames
}

# No more than the tenants' own pings come.
agent_is_quiet() {
	local was

	was=$(agent_frames)
	sleep 2
	[ $(($(agent_frames) - was)) -le 60 ]
}

# agent_run: hpcapctl run vnma in the background, until it captures.
agent_run() {
	step "hpcapctl run vnma agent1 --tenant web1 --tenant db1 --ttl 30m --reason INC-42"
	bg_start host run /src/build/bin/hpcapctl run vnma agent1 --tenant web1 --tenant db1 \
		--ttl 30m --reason INC-42 --to "$VM_SCRATCH/agent.d" --vcpus 1 --memory 1G \
		--hugepages off --wait 15m
	agent_says() {
		grep -q 'agent1: capturing' "$SCRATCH/run.log" || ! bg_running run
	}
	wait_for 900 agent_says
	bg_running run || fail "hpcapctl run: $(tail -n 1 "$SCRATCH/run.log")" \
		"(its console: $JOB/agent1-console.log)"
	[ "$(basename "$(host readlink "/sys/bus/pci/devices/$(vf_addr $AGENT_VF)/driver")")" = vfio-pci ] ||
		fail "the agent has not got VF $AGENT_VF"
	"$LAB" probe attach agent1 || fail "no way into the agent"
}

# send_to NAME: what was sent is NAME_in.pcap.
send_to() {
	wire_send --quiet --pattern imix --dst "${TENANT_MAC[$1]}" --src $WIRE_MAC \
		--pps "$AGENT_PPS" --count "$AGENT_N" --sent "$SCRATCH/$1_in.pcap" ||
		fail "the wire end failed"
}

# agent_traffic N PPS: N frames from the wire to each tenant, and N to the wire from the
# two that are watched; wire.pcap is what came out there.
agent_traffic() {
	local name

	AGENT_N=$1 AGENT_PPS=$2
	for name in web1 mail1 db1; do
		send_to "$name"
	done
	wire_start --record "$SCRATCH/wire.pcap"
	for name in web1 db1; do
		VM_TIMEOUT=600 ns "$name" ping -q -n -i 0.02 -c "$1" -W 1 $WIRE_IP >/dev/null
	done
	wait_for 120 agent_is_quiet || fail "the agent's counters do not settle"
	wire_stop >/dev/null
}

# agent_over: its time is over; hpcapctl brings the files and leaves nothing.
agent_over() {
	local said

	ctl extend agent1 --ttl 5s
	said=$(bg_wait run 300) || fail "hpcapctl run does not end: $(tail -n 1 "$SCRATCH/run.log")"
	[ "$said" = 0 ] || fail "hpcapctl run: status $said: $(tail -n 1 "$SCRATCH/run.log")"
	! host virsh -q domstate agent1 >/dev/null 2>&1 || fail "there is still a VM"
	wait_for 30 host_sh '[ ! -e /sys/bus/pci/devices/$1/driver ]' "$(vf_addr $AGENT_VF)" ||
		fail "VF $AGENT_VF still has a driver"
	[ -z "$(host ls /var/lib/hpcap/vms)" ] || fail "there is still a folder"
	host /src/build/bin/hpcapctl --json mirror list >"$SCRATCH/mirrors" || fail "mirror list"
	[ "$(tool jq '.mirrors | length' "$SCRATCH/mirrors")" = 0 ] || fail "there is still a mirror"
}

# tenants_talk, tenants_end: they ping each other all the while; all is answered (the
# last one may be on its way).
tenants_talk() {
	bg_start host pings ip netns exec web1 ping -q -n -i 0.2 10.9.0.2
}

tenants_end() {
	bg_signal host pings INT
	bg_wait pings 30 >/dev/null || fail "ping does not end"
	read -r PINGS ANSWERS <<<"$(sed -n 's/^\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p' \
		"$SCRATCH/pings.log")"
	[ $((PINGS - ANSWERS)) -le 1 ] || fail "the tenants were interrupted: $(grep loss "$SCRATCH/pings.log")"
}

# --- the verdict --------------------------------------------------------------------

# captured_if NAME FILTER...: of what the agent brought, to NAME.pcap.
captured_if() {
	tool tcpdump -Z root -r "$SCRATCH/agent.pcap" -w "$SCRATCH/$1.pcap" "${@:2}" 2>/dev/null ||
		fail "tcpdump: ${*:2}"
}

# counts WANTED GOT: frame by frame; adds to SENT, CAPTURED, LOST; SAME=no if they differ.
counts() {
	local verdict

	tool pcapcmp "$SCRATCH/$1.pcap" "$SCRATCH/$2.pcap" >>"$SCRATCH/differences" || SAME=no
	verdict=$(tool pcapcmp --json "$SCRATCH/$1.pcap" "$SCRATCH/$2.pcap")
	[ -n "$verdict" ] || fail "pcapcmp failed"
	SENT=$((SENT + $(json sent <<<"$verdict")))
	CAPTURED=$((CAPTURED + $(json captured <<<"$verdict")))
	LOST=$((LOST + $(json lost <<<"$verdict")))
}

# Requests and answers of the tenants' pings, without a gap: prints how many, or fails.
pings_are_whole() {
	captured_if pings "$1"
	tool tshark -r "$SCRATCH/pings.pcap" -T fields -e icmp.type -e icmp.seq 2>/dev/null | awk '
		n[$1]++ && $2 != last[$1] + 1 { gaps++ }
		{ last[$1] = $2 }
		END {
			print n[8] + n[0]
			d = n[8] - n[0]
			exit gaps || d > 1 || d < -1 || !n[0]
		}'
}

# agent_verdict: sets SENT, CAPTURED, LOST, SAME, PINGED, OTHERS.
agent_verdict() {
	local w="ether host ${TENANT_MAC[web1]}" d="ether host ${TENANT_MAC[db1]}"
	local wire="ether host $WIRE_MAC" name

	SENT=0 CAPTURED=0 LOST=0 SAME=yes
	: >"$SCRATCH/differences"
	capture_pcap agent
	for name in web1 db1; do
		captured_if got_in "ether src $WIRE_MAC and ether dst ${TENANT_MAC[$name]}"
		counts "${name}_in" got_in
		tool tcpdump -Z root -r "$SCRATCH/wire.pcap" -w "$SCRATCH/${name}_out.pcap" \
			"ether src ${TENANT_MAC[$name]}" 2>/dev/null || fail "tcpdump: wire.pcap"
		captured_if got_out "ether src ${TENANT_MAC[$name]} and ether dst $WIRE_MAC"
		counts "${name}_out" got_out
	done
	PINGED=$(pings_are_whole "$w and $d") || SAME=no
	captured_if others "not ($w and $d) and not ($wire and ($w or $d))"
	OTHERS=$(tool capinfos -TMrc "$SCRATCH/others.pcap" 2>/dev/null | awk '{ print $NF }')
	[ "$OTHERS" = 0 ] || SAME=no
}
