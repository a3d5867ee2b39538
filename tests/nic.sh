# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# PF, VF and capture in the lab's machines; sourced by lib.sh.

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
	wait_for 20 pf_has_carrier || fail "pf_up: no link on $PF_IF"
}

pf_has_carrier() {
	[ "$(host cat "/sys/class/net/$PF_IF/carrier")" = 1 ]
}

# pf_down: no VFs, igb unloaded.
pf_down() {
	host_sh 'echo 0 >/sys/bus/pci/devices/$1/sriov_numvfs; rmmod igb' \
		"${PF:-$(lab_var LAB_PF)}"
}

# pf_open: let the PF switch unknown unicast and, for each MAC given, that
# multicast to VFs that asked for multicast. igb fills UTA when promiscuous.
pf_open() {
	host_sh 'dev=$1; shift
		for m; do ip maddr add "$m" dev "$dev" || exit 1; done
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
		[ "$(cat $d/vendor)$(cat $d/device)" = 0x80860x10ca ] &&
			basename $d && exit 0
	done; exit 1'
}

# modules_load VM, modules_unload VM: ours, built for the kernel that runs.
modules_load() {
	vm_sh "$1" 'd=/src/build/kmod-$(uname -r)
		for m in hpcap_core hpcapvf; do
			[ -d /sys/module/$m ] && continue
			f=$(find $d -name $m.ko | head -n 1)
			[ -n "$f" ] || { echo "no $m.ko below $d: make modules"; exit 1; }
			insmod $f || exit 1
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
	wait_for 20 vf_has_carrier "$1" "$2" || fail "$1: no link on $2"
}

vf_has_carrier() {
	[ "$(vm "$1" cat "/sys/class/net/$2/carrier")" = 1 ]
}

# capture_mode VM IF on|off: engine or ordinary NIC.
capture_mode() {
	vm "$1" ethtool --set-priv-flags "$2" capture "$3" ||
		fail "$1: cannot switch $2 to capture $3"
}

# --- capture ----------------------------------------------------------------

# cap_dev VM [ADDR]: device file of the queue, of that PCI address if given.
cap_dev() {
	vm_sh "$1" 'for c in /sys/class/misc/hpcap_*; do
		[ -e "$c" ] || exit 1
		case $(readlink -f $c/device) in
		*"$1") echo /dev/${c##*/}; exit 0 ;;
		esac
	done; exit 1' "${2:-}"
}

# capture_start VM NAME [hpcapdd arguments...]: hpcapdd on the first queue (or
# CAP_DEV) storing below $SCRATCH/NAME.d. capture_stop VM NAME: SIGINT, waits,
# prints its exit status.
capture_start() {
	local where=$1 name=$2 dev

	shift 2
	dev=${CAP_DEV:-$(cap_dev "$where")} || fail "$where: no capture device"
	rm -rf "$SCRATCH/$name.d"
	mkdir -p "$SCRATCH/$name.d"
	bg_start "$where" "$name" /src/build/bin/hpcapdd "$@" "$dev" "$VM_SCRATCH/$name.d"
	sleep 1
	bg_running "$name" || fail "$where: hpcapdd: $(cat "$SCRATCH/$name.log")"
}

capture_stop() {
	bg_signal "$1" "$2" INT || true
	bg_wait "$2" 60 || fail "$1: $2 does not end after SIGINT"
}

# ethtool_stat VM IF NAME: one counter of ethtool -S.
ethtool_stat() {
	vm "$1" ethtool -S "$2" | awk -v n="$3:" '$1 == n { print $2; f = 1 } END { exit !f }'
}

# if_stat VM IF NAME: one of /sys/class/net/IF/statistics.
if_stat() {
	vm "$1" cat "/sys/class/net/$2/statistics/$3"
}
