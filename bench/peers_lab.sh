# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
# The same ladder in the lab, where our driver has a NIC: a VF of the host VM with stock
# igbvf and each of the peers, and with hpcapvf and hpcapdd; lab/wire is the source, the
# files are on the VM's virtio disk. Sourced by bench/storage --where lab.
# shellcheck source=lab/drive.sh
. "$TOP/lab/drive.sh"
# shellcheck source=bench/lab.sh
. "$TOP/bench/lab.sh"

OURS=hpcapdd RECORDERS='hpcapdd stenotype tcpdump dumpcap netsniff'
LAB_MIB=64	# that each may wait in
LAB_RING=1024	# descriptors of the VF, alike for all
MAC=02:00:00:82:57:6a

# shellcheck disable=SC2317 # what is sourced calls it
fail() {
	die "$@"
}

lab_world() {
	local krel

	lab_ours
	krel=$("$LAB" kernels | awk -v k="$KERNEL" '$1 == k { print $2 }')
	[ -n "$krel" ] || die "no kernel $KERNEL (lab/lab kernels lists them)"
	STATE=$(mktemp -d)
	trap 'lab_gone' EXIT
	say "building for the lab"
	flock "$TOP/build/lock" "$LAB" chroot -- sh -ec 'make -j2 programs; make -j2 modules KREL=$1' sh "$krel" \
		>"$STATE/build.log" 2>&1 || die "build failed: $(tail -n 1 "$STATE/build.log")"
	say "booting the host VM"
	"$LAB" up --kernel "$KERNEL" --topology nic-disk >"$STATE/up.log" 2>&1 ||
		die "the host VM does not come up: $(tail -n 1 "$STATE/up.log")"
	inside_at host
	pf_up 1
	pf_open
	host ip link set "$PF_IF" vf 0 mac "$MAC" || die "address of the VF"
	host_sh 'modprobe -a virtio_blk xfs igbvf && mkfs.xfs -q -f "$1" && mkdir -p "$2" && mount "$1" "$2"' \
		"$(lab_var LAB_DISK)" /var/tmp/bench-disk || die "no disk in the host VM"
	modules_load host
	VF=$(vf_addr 0)
}

lab_gone() {
	[ ! -e "$STATE/ask.host.pid" ] || kill "$(cat "$STATE/ask.host.pid")" 2>/dev/null
	"$LAB" down >/dev/null 2>&1
	rm -rf "$STATE" "$FIGURES"
}

# nic_for NAME: the VF has the driver that it wants. Sets VF_IF.
DRIVER=
nic_for() {
	local want=igbvf

	[ "$1" != hpcapdd ] || want=hpcapvf
	[ "$DRIVER" != $want ] || return 0
	vf_bind host "$VF" $want
	host_sh 'echo 1 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"; ethtool -G "$1" rx "$2"' \
		"$VF_IF" $LAB_RING || die "$want: no ring of $LAB_RING descriptors"
	vf_up host "$VF_IF"
	[ $want = igbvf ] || capture_mode host "$VF_IF" on
	DRIVER=$want
}

# from_wire LENGTH PPS SECONDS: prints frames and seconds.
from_wire() {
	wire_send --json --pattern "$1" --dst "$MAC" --pps "$2" --time "$3" --wait 5 >"$STATE/wire" ||
		die "wire: nothing was sent"
	echo "$(json sent <"$STATE/wire") $(json seconds <"$STATE/wire")"
}

# word KEY LINE: the value behind KEY in "key value ..." words.
word() {
	awk -v k="$1" '{ for (i = 1; i < NF; i += 2) if ($i == k) print $(i + 1) }' <<<"$2"
}

# busy LINE: processor seconds of the VM so far.
busy() {
	per $(($(word user "$1") + $(word kernel "$1"))) 100
}

# try_lab NAME LENGTH KPPS: sets SENT, STORED, TOOK, CPU, as try_veth does; here that is all
# of the VM's, writing the page cache back included.
try_lab() {
	local before after seconds

	before=$(ask host record "$1" "$VF_IF" $LAB_MIB) || {
		say "$1 does not start" # which costs its step, not the run
		SENT=0 STORED=0
		return
	}
	read -r SENT seconds < <(from_wire "$2" $(($3 * 1000)) "$STEP")
	after=$(ask host record_settle) || die "$1: the machine does not answer"
	[ "$1" != stenotype ] || from_wire 60 500 3 >/dev/null
	STORED=$(ask host record_end)
	STORED=${STORED:-0}
	TOOK=$(awk -v s="$seconds" -v l="$(word late "$after")" 'BEGIN { print s + l }')
	CPU=$(minus "$(busy "$after")" "$(busy "$before")")
}

bench_lab() {
	local i who

	TRY=try_lab
	lab_world
	for ((i = 0; i < ROUNDS; i++)); do
		for who in $RECORDERS; do
			say "$who in the lab, round $((i + 1)) of $ROUNDS"
			load lab
			nic_for "$who"
			ladder "$who" 1514 "$RATES_LAB"
			ladder "$who" 60 "$RATES_LAB"
		done
	done
}
