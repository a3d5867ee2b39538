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
		exec "$LAB" chroot -- bash "/src/tests/unit/$(basename "$1")" inside
	fi
	dir=$(mktemp -d)
	at_exit rm -rf "$dir"
	printf '%s\n' "unix_sock_dir=\"$dir\"" 'auth_unix_rw="none"' 'auth_unix_ro="none"' \
		>"$dir/libvirtd.conf"
	libvirtd -f "$dir/libvirtd.conf" -p "$dir/pid" >"$dir/libvirtd.log" 2>&1 &
	virtd=$!
	at_exit kill "$virtd"
	wait_for 30 test -S "$dir/libvirt-sock" || fail "libvirtd: $(tail -n 1 "$dir/libvirtd.log")"
	URI="test+unix:///default?socket=$dir/libvirt-sock"
	# domains of this driver live as long as somebody looks
	mkfifo "$dir/hold"
	virsh -q -c "$URI" <"$dir/hold" >/dev/null 2>&1 &
	at_exit kill $!
	exec 9>"$dir/hold"
	echo list >&9
	sleep 0.5
	printf '%s\n' "<x>@WORD@</x>" >"$dir/asks.xml"
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
	/src/build/bin/hpcapctl --root "$ROOT" --connect "$URI" "$@" >"$dir/out" 2>"$dir/err"
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
