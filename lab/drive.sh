# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What scripts do with a running lab: commands in its machines, PF and VF, a
# capture, the wire. lab/demo and tests/lib.sh source this file and define
# fail MESSAGE. SCRATCH is a folder here that is VM_SCRATCH inside both machines.
# A VM below is "host" or "probe".

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LAB=$TOP/lab/lab
CACHE=${HPCAP_LAB_CACHE:-$TOP/.lab}
export LAB_NAME=${LAB_NAME:-default}
RUN_DIR=$CACHE/run/$LAB_NAME
export JOB=$RUN_DIR/job

# Seconds that a link may take to come: 2 to 4 on a quiet machine, most of a minute
# when it is shared by many, for drivers look every 2 seconds of their own.
LINK_WITHIN=90

# wait_for SECONDS CMD...: poll CMD until it succeeds; 1 when time is up.
wait_for() {
	local end=$((SECONDS + $1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.3
	done
}

# wait_settled SECONDS CMD...: until CMD prints the same number twice, a second
# apart; prints it.
wait_settled() {
	local end=$((SECONDS + $1)) was now

	shift
	was=$("$@")
	while :; do
		sleep 1
		now=$("$@")
		[ "$now" = "$was" ] && break
		[ "$SECONDS" -lt "$end" ] || break
		was=$now
	done
	echo "$now"
}

# --- the machines -----------------------------------------------------------

host() {
	"$LAB" exec --timeout "${VM_TIMEOUT:-120}" -- "$@"
}

probe() {
	"$LAB" probe exec --timeout "${VM_TIMEOUT:-120}" -- "$@"
}

# vm VM CMD...
vm() {
	case $1 in
	host | probe) "$@" ;;
	*) fail "no such machine: $1" ;;
	esac
}

# vm_sh VM SCRIPT [ARG...]: run a piece of sh there, arguments as $1, $2...
vm_sh() {
	local where=$1 script=$2

	shift 2
	vm "$where" sh -c "$script" sh "$@"
}

# host_sh SCRIPT [ARG...], probe_sh SCRIPT [ARG...]
host_sh() {
	vm_sh host "$@"
}

probe_sh() {
	vm_sh probe "$@"
}

# bg_start VM NAME CMD...: start CMD there, its output in $SCRATCH/NAME.log.
bg_start() {
	local where=$1 name=$2

	shift 2
	mkdir -p "$SCRATCH"
	rm -f "$SCRATCH/$name.pid" "$SCRATCH/$name.rc" "$SCRATCH/$name.log"
	vm_sh "$where" 'd=$1 n=$2; shift 2
		( "$@" </dev/null >"$d/$n.log" 2>&1 & echo $! >"$d/$n.pid"
		  wait $!; echo $? >"$d/$n.rc.new"; mv "$d/$n.rc.new" "$d/$n.rc"
		) </dev/null >/dev/null 2>&1 &' "$VM_SCRATCH" "$name" "$@" ||
		fail "$where: cannot start $name"
	wait_for 20 test -s "$SCRATCH/$name.pid" || fail "$where: $name did not start"
}

bg_pid() {
	cat "$SCRATCH/$1.pid"
}

# bg_signal VM NAME SIGNAL
bg_signal() {
	vm "$1" kill "-$3" "$(bg_pid "$2")"
}

bg_running() {
	[ -s "$SCRATCH/$1.pid" ] && [ ! -e "$SCRATCH/$1.rc" ]
}

# bg_wait NAME [SECONDS]: its exit status on stdout; 1 when it does not end.
bg_wait() {
	wait_for "${2:-30}" test -s "$SCRATCH/$1.rc" || return 1
	cat "$SCRATCH/$1.rc"
}

# --- PF and VF --------------------------------------------------------------

# lab_var NAME: a line of /etc/hpcap-lab of the host VM, for example LAB_PF.
lab_var() {
	host_sh '. /etc/hpcap-lab; eval "printf %s \"\$$1\""' "$1"
}

# vm_krel VM: its kernel release, asked once.
vm_krel() {
	local var=KREL_$1

	[ -n "${!var:-}" ] || printf -v "$var" %s "$(vm "$1" uname -r)"
	printf '%s\n' "${!var}"
}

# pf_up [VFS]: stock igb on the NIC under test with VFS (default 1) VFs, link
# up. Sets PF (its PCI address) and PF_IF. No VF has a driver afterwards.
pf_up() {
	PF=${PF:-$(lab_var LAB_PF)}
	host_sh '
		modprobe igb || exit 1
		d=/sys/bus/pci/devices/$1
		[ -e $d/driver ] || echo $1 >/sys/bus/pci/drivers/igb/bind || exit 1
		for i in 1 2 3 4 5 6 7 8 9 10; do [ -d $d/net ] && break; sleep 0.2; done
		[ "$(cat $d/sriov_numvfs)" = $2 ] || {
			echo 0 >$d/sriov_numvfs
			echo 0 >$d/sriov_drivers_autoprobe
			echo $2 >$d/sriov_numvfs || exit 1
		}
		ip link set "$(ls $d/net)" up' "$PF" "${1:-1}" || fail "pf_up: igb on $PF"
	PF_IF=$(host ls "/sys/bus/pci/devices/$PF/net") || fail "pf_up: no netdev on $PF"
	wait_for "$LINK_WITHIN" pf_has_carrier || fail "pf_up: no link on $PF_IF"
}

# pf_find: sets PF and PF_IF of a PF that is up already.
pf_find() {
	PF=${PF:-$(lab_var LAB_PF)}
	PF_IF=$(host ls "/sys/bus/pci/devices/$PF/net") || fail "no netdev on PF $PF"
}

pf_has_carrier() {
	[ "$(host cat "/sys/class/net/$PF_IF/carrier")" = 1 ]
}

# pf_down: no VFs, igb unloaded.
pf_down() {
	host_sh 'echo 0 >/sys/bus/pci/devices/$1/sriov_numvfs; rmmod igb' \
		"${PF:-$(lab_var LAB_PF)}"
}

# pf_open [MAC...]: let the PF switch unknown unicast and, for each MAC given,
# that multicast to VFs that asked for multicast. igb fills the unicast table when
# it becomes promiscuous, and the multicast table only while it is not. The PF
# gets no IPv6: its own multicast would be switched to the VFs and captured too.
pf_open() {
	host_sh 'dev=$1; shift
		echo 1 >/proc/sys/net/ipv6/conf/$dev/disable_ipv6
		ip link set "$dev" promisc off
		for m; do
			ip maddr add "$m" dev "$dev" 2>/dev/null ||
				ip maddr show dev "$dev" | grep -qF "$m" || exit 1
		done
		ip link set "$dev" promisc on' "$PF_IF" "$@" || fail "pf_open: $PF_IF"
}

# vf_addr N: PCI address of the PF's Nth VF in the host VM.
vf_addr() {
	host_sh 'basename "$(readlink /sys/bus/pci/devices/$1/virtfn$2)"' \
		"${PF:-$(lab_var LAB_PF)}" "$1"
}

# probe_vf: PCI address of the first VF in the probe VM.
probe_vf() {
	probe_sh 'for d in /sys/bus/pci/devices/*; do
		read -r vendor <$d/vendor
		read -r device <$d/device
		[ $vendor$device != 0x80860x10ca ] || { echo ${d##*/}; exit 0; }
	done; exit 1'
}

# modules_load VM, modules_unload VM: ours, built for the kernel that runs.
modules_load() {
	vm_sh "$1" 'd=/src/build/kmod-$(uname -r)
		for m in core/hpcap_core vf-driver/hpcapvf; do
			[ -d /sys/module/${m#*/} ] || insmod $d/$m.ko || exit 1
		done' || fail "$1: cannot load the modules"
}

modules_unload() {
	vm_sh "$1" '[ ! -d /sys/module/hpcapvf ] || rmmod hpcapvf &&
		{ [ ! -d /sys/module/hpcap_core ] || rmmod hpcap_core; }'
}

# vf_bind VM ADDR [DRIVER]: give that VF to DRIVER (default hpcapvf) and wait
# for its netdev. Sets VF_IF.
vf_bind() {
	local where=$1 addr=$2 drv=${3:-hpcapvf}

	vm_sh "$where" 'd=/sys/bus/pci/devices/$1
		[ -e $d/driver ] && echo $1 >$d/driver/unbind
		echo $2 >$d/driver_override
		echo $1 >/sys/bus/pci/drivers/$2/bind || exit 1
		for i in 1 2 3 4 5 6 7 8 9 10; do [ -d $d/net ] && exit 0; sleep 0.2; done
		echo "no netdev on $1"; exit 1' "$addr" "$drv" ||
		fail "$where: cannot bind $addr to $drv"
	VF_IF=$(vm "$where" ls "/sys/bus/pci/devices/$addr/net")
	export VF_IF
}

# vf_unbind VM ADDR
vf_unbind() {
	vm_sh "$1" 'd=/sys/bus/pci/devices/$1
		[ ! -e $d/driver ] || echo $1 >$d/driver/unbind
		echo >$d/driver_override' "$2"
}

# vf_up VM IF: link up, and wait for the carrier.
vf_up() {
	vm "$1" ip link set "$2" up || fail "$1: ip link set $2 up"
	wait_for "$LINK_WITHIN" vf_has_carrier "$1" "$2" || fail "$1: no link on $2"
}

vf_has_carrier() {
	[ "$(vm "$1" cat "/sys/class/net/$2/carrier")" = 1 ]
}

# capture_mode VM IF on|off: engine or ordinary NIC.
capture_mode() {
	vm "$1" ethtool --set-priv-flags "$2" capture "$3" ||
		fail "$1: cannot switch $2 to capture $3"
}

# vf_vlans VM IF ID...: let these 802.1Q tags through to that VF.
vf_vlans() {
	vm_sh "$1" 'dev=$1; shift
		modprobe 8021q || exit 1
		for id; do
			[ -e "/sys/class/net/$dev.$id" ] ||
				echo link add link "$dev" name "$dev.$id" type vlan id "$id"
		done | ip -batch -' "${@:2}" || fail "$1: cannot add VLANs to $2"
}

# --- capture ----------------------------------------------------------------

# cap_dev VM [PCI-ADDRESS]: name of the first capture queue, hpcap_A_Q.
cap_dev() {
	vm_sh "$1" 'for c in /sys/class/misc/hpcap_*; do
		[ -e "$c" ] || exit 1
		case $(readlink -f $c/device) in
		*"$1") echo ${c##*/}; exit 0 ;;
		esac
	done; exit 1' "${2:-}"
}

# capture_start VM NAME [hpcapdd options...]: hpcapdd on the first queue, or on
# CAP_DEV (hpcap_A_Q), storing on the machine's own file system.
capture_start() {
	local where=$1 name=$2 dev

	shift 2
	dev=${CAP_DEV:-$(cap_dev "$where")} || fail "$where: no capture device"
	dev=${dev#*hpcap_}
	vm_sh "$where" 'rm -rf "$1"; mkdir -p "$1"' "/var/tmp/$TEST.$name" ||
		fail "$where: no room for $name"
	bg_start "$where" "$name" /src/build/bin/hpcapdd "$@" "${dev%_*}" "${dev#*_}" \
		"/var/tmp/$TEST.$name"
	wait_for 20 grep -qs capturing "$SCRATCH/$name.log" ||
		fail "$where: hpcapdd: $(cat "$SCRATCH/$name.log")"
}

# capture_stop VM NAME: SIGINT, waits, prints its exit status.
capture_stop() {
	bg_signal "$1" "$2" INT
	bg_wait "$2" 60 || fail "$1: $2 does not end after SIGINT"
}

# capture_fetch VM NAME: brings the RAW files to $SCRATCH/NAME.d.
capture_fetch() {
	rm -rf "$SCRATCH/$2.d"
	mkdir -p "$SCRATCH/$2.d"
	# by the exec channel: through two 9p servers it takes ten times as long
	VM_TIMEOUT=600 vm "$1" tar -C "/var/tmp/$TEST.$2" -cf - . |
		tar -C "$SCRATCH/$2.d" -xf - || fail "$1: cannot fetch $2"
	vm "$1" rm -rf "/var/tmp/$TEST.$2"
}

# capture_pcap NAME: makes $SCRATCH/NAME.pcap of what capture_fetch brought.
capture_pcap() {
	local list

	mapfile -t list < <(find "$SCRATCH/$1.d" -name '*.raw' | sort)
	[ ${#list[@]} -gt 0 ] || fail "$1: no RAW file was stored"
	tool checkraw "${list[@]}" >"$SCRATCH/$1.checkraw" ||
		fail "checkraw: $(tail -n 1 "$SCRATCH/$1.checkraw")"
	tool raw2pcap --quiet "${list[@]}" "$SCRATCH/$1.pcap" || fail "raw2pcap: $1"
}

# ethtool_stat VM IF NAME: one counter of ethtool -S.
ethtool_stat() {
	vm "$1" ethtool -S "$2" | awk -v n="$3:" '$1 == n { print $2; f = 1 } END { exit !f }'
}

# if_stat VM IF NAME: one of /sys/class/net/IF/statistics.
if_stat() {
	vm "$1" cat "/sys/class/net/$2/statistics/$3"
}

# --- the wire ---------------------------------------------------------------

# build MAKE-ARGUMENTS...: in the root file system, one at a time in this tree.
build() {
	mkdir -p "$TOP/build"
	flock "$TOP/build/lock" "$LAB" chroot -- make -j2 "$@"
}

# find_tool NAME: sets TOOL to the command that runs this program of build/bin or
# of the lab's root file system here, with the libraries it was built against.
find_tool() {
	local root=$CACHE/rootfs p

	for p in "$TOP/build/bin/$1" "$root/usr/bin/$1" "$root/usr/sbin/$1" ""; do
		[ ! -x "$p" ] || break
	done
	[ -n "$p" ] || { echo "no program $1 (lab/lab chroot -- make programs)" >&2; return 127; }
	TOOL=("$root/lib64/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu" "$p")
}

# tool NAME ARG...
tool() {
	find_tool "$1" || return
	shift
	"${TOOL[@]}" "$@"
}

# wire_send ARG...: the wire end of the NIC under test; returns when all is sent.
wire_send() {
	tool wire --local "$RUN_DIR/wire${WIRE:-0}.end" --peer "$RUN_DIR/wire${WIRE:-0}.nic" "$@"
}

# wire_start ARG...: the same in the background (for example --pattern imix
# --pps 2000, endless). wire_stop: SIGINT; prints its JSON summary.
wire_start() {
	mkdir -p "$SCRATCH"
	find_tool wire || fail "no wire"
	# the program itself must be the job: a shell around it would not pass SIGINT on
	"${TOOL[@]}" --local "$RUN_DIR/wire${WIRE:-0}.end" --peer "$RUN_DIR/wire${WIRE:-0}.nic" \
		--json "$@" </dev/null >"$SCRATCH/wire.json" 2>"$SCRATCH/wire.log" &
	WIRE_PID=$!
	at_exit wire_signal TERM
	sleep 0.5
	kill -0 "$WIRE_PID" 2>/dev/null || fail "wire: $(cat "$SCRATCH/wire.log")"
}

# wire_signal NAME: to the program that wire_start started.
wire_signal() {
	kill "-$1" "$WIRE_PID"
}

wire_stop() {
	wire_signal INT
	wait "$WIRE_PID"
	cat "$SCRATCH/wire.json"
}

# json FIELD: a number or word out of one flat JSON object on stdin.
json() {
	sed -n "s/.*\"$1\": *\"\\{0,1\\}\\([^\",}]*\\).*/\\1/p" | head -n 1
}
