# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the end-to-end tests share: from the wire through the host VM's PF into
# the probe VM's VF, through hpcapvf and hpcapdd into RAW files, and back to pcap.

# Every counter that a frame taken or dropped by the VF may end on.
E2E_COUNTERS="captured_frames noclient_frames client_lost_frames nic_error no_buffer nic_missed"
E2E_SUM=0

# e2e_world MTU [MAC...]: VF of the probe VM up in capture mode, the PF letting
# these multicast groups through. Sets VF_IF.
e2e_world() {
	local mtu=$1 addr

	shift
	rm -rf "$SCRATCH"
	mkdir -p "$SCRATCH"
	pf_find
	# shellcheck disable=SC2153 # pf_find sets it
	host ip link set "$PF_IF" mtu "$mtu" up || fail "PF refuses MTU $mtu"
	wait_for 20 pf_has_carrier || fail "no link on the PF"
	pf_open "$@"
	modules_load probe
	addr=$(probe_vf) || fail "no VF in the probe VM"
	if ! probe test -e "/sys/bus/pci/drivers/hpcapvf/$addr"; then
		vf_bind probe "$addr"
	fi
	VF_IF=$(probe ls "/sys/bus/pci/devices/$addr/net") || fail "the VF has no netdev"
	capture_mode probe "$VF_IF" on
	probe ip link set "$VF_IF" mtu "$mtu" || fail "VF refuses MTU $mtu"
	vf_up probe "$VF_IF"
}

e2e_sum() {
	probe ethtool -S "$VF_IF" | awk -v want=" $E2E_COUNTERS " '
		sub(/^ *rx_hpcap_/, "") && sub(/:/, "") && index(want, " " $1 " ") { sum += $2 }
		END { print sum + 0 }'
}

# e2e_send WIRE-ARGUMENTS...: capture while the wire sends; $SCRATCH/sent.pcap is
# what was sent, $SCRATCH/dd.pcap what was stored.
e2e_send() {
	local sum frames

	sum=$(e2e_sum)
	capture_start probe dd --json
	wire_send --quiet --sent "$SCRATCH/sent.pcap" "$@" || fail "the wire end failed"
	frames=$(tool capinfos -TMrc "$SCRATCH/sent.pcap" | awk '{ print $NF }')
	wait_settled 60 e2e_sum >/dev/null
	expect "exit status of hpcapdd" 0 "$(capture_stop probe dd)"
	E2E_SUM=$(($(e2e_sum) - sum))
	expect "sum of the counters, frames sent" "$frames" "$E2E_SUM"
	capture_fetch probe dd
	capture_pcap dd
}

# e2e_same: bytes, order and lengths, by our own comparison and by tshark's sums.
e2e_same() {
	tool pcapcmp "$SCRATCH/sent.pcap" "$SCRATCH/dd.pcap" >"$SCRATCH/cmp" || {
		cat "$SCRATCH/cmp"
		fail "stored is not what was sent: $(tail -n 1 "$SCRATCH/cmp")"
	}
	note "$(tail -n 1 "$SCRATCH/cmp")"
	e2e_sums sent.pcap >"$SCRATCH/sent.sums"
	e2e_sums dd.pcap >"$SCRATCH/dd.sums"
	[ -s "$SCRATCH/dd.sums" ] || fail "tshark reads nothing"
	cmp -s "$SCRATCH/sent.sums" "$SCRATCH/dd.sums" || fail "tshark sees other frames"
}

# e2e_sums FILE: number, length and MD5 of each frame, as tshark tells them.
e2e_sums() {
	tool tshark -r "$SCRATCH/$1" -o frame.generate_md5_hash:TRUE -T fields \
		-e frame.number -e frame.len -e frame.md5_hash 2>/dev/null
}
