# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# What the driver's lab tests share; sourced after lib.sh. One VF of the NIC
# under test in the machine $VM (default host), captured by hpcapdd.

VM=${VM:-host}
GROUP=01:00:5e:01:02:03		# a multicast address the PF lets through
STRANGER=52:54:00:00:00:99	# a unicast address of nobody

# vf_world RING_MB: PF up and open, our modules fresh, the VF bound, link up,
# nobody listening, in capture mode. Sets VF (address) and VF_IF. What a test
# leaves behind is taken down when it ends.
vf_world() {
	rm -rf "$SCRATCH"
	mkdir -p "$SCRATCH"
	if [ "$VM" = probe ]; then
		pf_find		# lab/lab probe up has made the VFs
	else
		pf_up 1
	fi
	pf_open "$GROUP"
	vf_clear
	modules_load "$VM"
	vm_sh "$VM" 'echo $1 >/sys/module/hpcap_core/parameters/ring_mb' "$1" ||
		fail "no parameter ring_mb"
	dmesg_mark "$VM"
	VF=$(if [ "$VM" = probe ]; then probe_vf; else vf_addr 0; fi) || fail "no VF"
	vf_bind "$VM" "$VF"
	at_exit vf_clear
	vf_up "$VM" "$VF_IF"
}

# vf_clear: no listeners, no VF driver, no modules.
vf_clear() {
	vm_sh "$VM" 'pkill -9 -x hpcapdd
		for d in /sys/bus/pci/drivers/hpcapvf/*:*; do
			[ -e "$d" ] && echo "${d##*/}" >/sys/bus/pci/drivers/hpcapvf/unbind
		done
		for i in 1 2 3 4 5; do
			[ -d /sys/module/hpcapvf ] || break
			rmmod hpcapvf && break
			sleep 0.5
		done
		[ ! -d /sys/module/hpcap_core ] || rmmod hpcap_core
		true'
}

# stat NAME: a counter of the VF.
stat() {
	ethtool_stat "$VM" "$VF_IF" "$1"
}

# listen NAME [hpcapdd arguments]: queue 0 of adapter $ADAPTER (0), stored in the
# machine's own file system, or with NULL=1 thrown away; returns when attached.
listen() {
	local name=$1 to=/var/tmp/$TEST.$1

	shift
	[ -z "${NULL:-}" ] || to=null
	vm_sh "$VM" 'rm -rf "$1"; mkdir -p "$1"' "/var/tmp/$TEST.$name"
	bg_start "$VM" "$name" /src/build/bin/hpcapdd --json --name "$name" "$@" "${ADAPTER:-0}" 0 "$to"
	wait_for 20 grep -q capturing "$SCRATCH/$name.log" ||
		fail "$name does not listen: $(cat "$SCRATCH/$name.log")"
}

# fetch NAME: what a listener that has ended stored, to $SCRATCH/NAME.d.
fetch() {
	vm_sh "$VM" 'rm -rf "$2"; cp -r "$1" "$2" && rm -rf "$1"' "/var/tmp/$TEST.$1" \
		"$VM_SCRATCH/$1.d" || fail "cannot fetch $1"
}

# listen_end NAME: stop it in order; it must say so.
listen_end() {
	bg_signal "$VM" "$1" INT || fail "$1 is gone: $(tail -n 1 "$SCRATCH/$1.log")"
	expect "exit status of $1" 0 "$(bg_wait "$1" 60)"
	fetch "$1"
}

# whole NAME: no damaged record in what it stored.
whole() {
	local raw

	mapfile -t raw < <(find "$SCRATCH/$1.d" -name '*.raw' | sort)
	[ "${#raw[@]}" -gt 0 ] || fail "$1 stored nothing"
	tool checkraw --quiet "${raw[@]}" >"$SCRATCH/$1.check" 2>&1 ||
		fail "$1: damaged file: $(tail -n 2 "$SCRATCH/$1.check")"
}

# heard NAME FIELD: out of the summary of a listener that has ended.
heard() {
	grep -h schema_version "$SCRATCH/$1.log" | json "$2"
}

# send COUNT [wire arguments]: frames to a stranger, stored as sent.pcap.
send() {
	local n=$1

	shift
	wire_send --quiet --pattern imix --dst "$STRANGER" --pps 2000 "$@" --count "$n" \
		--sent "$SCRATCH/sent.pcap" || fail "wire: cannot send"
}

# arrived: frames that the engine took; settled: the same when it stands still.
arrived() {
	stat rx_hpcap_frames
}

settled() {
	wait_settled 30 arrived
}

# same_frames NAME [PCAP]: what NAME stored is what was sent.
same_frames() {
	local raw

	whole "$1"
	mapfile -t raw < <(find "$SCRATCH/$1.d" -name '*.raw' | sort)
	tool raw2pcap --quiet "${raw[@]}" "$SCRATCH/$1.pcap" || fail "$1: raw2pcap"
	tool pcapcmp "${2:-$SCRATCH/sent.pcap}" "$SCRATCH/$1.pcap" >"$SCRATCH/$1.cmp" 2>&1 ||
		fail "$1: not what was sent: $(tail -n 3 "$SCRATCH/$1.cmp")"
}

# adds_up SENT: every frame sent is on exactly one counter.
adds_up() {
	local sum=0 c

	for c in captured_frames noclient_frames client_lost_frames nic_error no_buffer nic_missed filtered flow_cut; do
		sum=$((sum + $(stat "rx_hpcap_$c")))
	done
	expect "sum of the counters" "$1" "$sum"
}
