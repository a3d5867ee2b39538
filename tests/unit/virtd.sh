# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A libvirtd of the lab's root file system with libvirt's driver for tests, and hpcapctl
# on a recorded machine beside it: what the tests of VMs share. All runs in one call of
# lab/lab chroot, because the daemon must outlive the calls of hpcapctl.

export LAB_NAME=hpcapctl-life
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/unit/machines.sh
. "${0%/*}/machines.sh"

# virtd_world SCRIPT [inside]: the script again, in the root file system; there the
# daemon, $dir, $URI.
virtd_world() {
	if [ "${2:-}" != inside ]; then
		exec "$LAB" chroot -- env HPCAP_KILLS="${HPCAP_KILLS:-}" bash "/src/tests/unit/$(basename "$1")" inside
	fi
	# what VMs share wants extended attributes; tmpfs has them from Linux 6.6 on
	dir=$(mktemp -d -p /var/tmp)
	at_exit rm -rf "$dir"
	printf '%s\n' "unix_sock_dir=\"$dir\"" 'auth_unix_rw="none"' 'auth_unix_ro="none"' \
		>"$dir/libvirtd.conf"
	libvirtd -f "$dir/libvirtd.conf" -p "$dir/pid" >"$dir/libvirtd.log" 2>&1 &
	virtd=$!
	at_exit kill "$virtd"
	wait_for 60 test -S "$dir/libvirt-sock" || fail "libvirtd: $(tail -n 1 "$dir/libvirtd.log")"
	URI="test+unix:///default?socket=$dir/libvirt-sock"
	# domains of this driver live as long as somebody looks
	mkfifo "$dir/hold"
	virsh -q -c "$URI" <"$dir/hold" >/dev/null 2>&1 &
	at_exit kill $!
	exec 9>"$dir/hold"
	echo list >&9
	wait_for 60 is_held || fail "libvirtd forgets its domains"
	virsh_ resume test >/dev/null
	printf '%s\n' "<x>@WORD@</x>" >"$dir/asks.xml"
}

# i40e_machine: a host whose PF copies by i40e's files; domains web1 and web2 have its
# first two VFs of four.
i40e_machine() {
	local n f

	machine "$dir/host" 1 8 1
	nic 0000:03:00.0 eth0 0 20 7 4
	nic 0000:83:00.0 eth1 0 21 7 1
	for n in 0 1 2 3; do
		for f in ingress_mirror egress_mirror vlan_mirror; do
			put "sys/bus/pci/devices/0000:03:00.0/sriov/$n/$f" ""
		done
	done
	ln -sfn ../../../../bus/pci/drivers/i40e "$ROOT/sys/bus/pci/devices/0000:03:00.0/driver"
	mkdir -p "$ROOT/dev"
	touch "$ROOT/dev/kvm"
	templates
	tenant web1 3 0
	tenant web2 3 1
	tenant far 0x83 0
}

# tenant NAME BUS FUNCTION: a domain with that VF.
tenant() {
	cat >"$dir/tenant.xml" <<-END
		<domain type='test'><name>$1</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
		<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
		<interface type='hostdev' managed='yes'><mac address='52:54:00:aa:0$2:0$3'/>
		<source><address type='pci' domain='0' bus='$2' slot='0x10' function='$3'/></source>
		</interface></devices></domain>
	END
	sed -i 's/aa:00x83/aa:83/' "$dir/tenant.xml"
	virsh_ create "$dir/tenant.xml" || fail "no tenant $1"
}

# mirror_of N: the last line written to VF N's ingress_mirror.
mirror_of() {
	cat "$ROOT/sys/bus/pci/devices/0000:03:00.0/sriov/$1/ingress_mirror"
}

domains() {
	virsh_ list --all --name | sort | xargs
}

# What one call changes, the next one sees: somebody else looks, too.
is_held() {
	virsh_ suspend test >/dev/null 2>&1
	[ "$(virsh_ domstate test)" = paused ]
}

virsh_() {
	virsh -q -c "$URI" "$@"
}

# templates: the house's, for that driver.
templates() {
	mkdir -p "$ROOT/etc/hpcap/templates"
	for role in vnp vnma; do
		sed "s/@TYPE@/test/" "/src/vm-templates/$role.xml" >"$ROOT/etc/hpcap/templates/$role.xml"
	done
}

# ctl ARGUMENTS...: output in $dir/out, errors in $dir/err.
ctl() {
	local rc wrong

	/src/build/bin/hpcapctl --root "$ROOT" --connect "$URI" "$@" >"$dir/out" 2>"$dir/err"
	rc=$?
	case " $* " in
	*" --json "*)
		wrong=$(jq -r --slurpfile schema /src/docs/schemas/hpcapctl.json \
			-f /src/tests/unit/schema.jq "$dir/out" 2>&1)
		[ -z "$wrong" ] || fail "$*: not as docs/schemas/hpcapctl.json says: $wrong"
		expect "JSON objects of $*" 1 "$(jq -s length "$dir/out")"
		;;
	esac
	return $rc
}

ctl_ok() {
	ctl "$@" || fail "hpcapctl $*: $(cat "$dir/err")"
}

# asks JQ-ARGUMENTS: of the output.
asks() {
	jq -r "$@" "$dir/out"
}

# refuses STATUS WORDS ARGUMENTS...: with one line at the end.
refuses() {
	local want=$1 words=$2

	shift 2
	ctl "$@"
	expect "exit status of $*" "$want" $?
	tail -n 1 "$dir/err" | grep -qE -- "$words" || fail "$*: says $(cat "$dir/err")"
}

# says NAME KEY=VALUE...: the guest's status.
says() {
	local share=$ROOT/var/lib/hpcap/vms/$1/share

	shift
	printf '%s\n' "$@" >"$share/status.new"
	mv "$share/status.new" "$share/status"
}
