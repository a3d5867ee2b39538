#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libvirt's hook under a real libvirtd: nobody calls hpcapctl, and still mirror and folder
# of an agent whose QEMU dies are gone, also when libvirtd was dead meanwhile; a tenant
# that comes back with another VF is followed, who has its old one is not copied.
# storey: pf
# kernels: 6.1 6.12
# timeout: 900
# daily:
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/ctl.sh
. "${0%/*}/ctl.sh"

restart() {
	host_sh 'kill -9 $(cat /run/libvirtd.pid) 2>/dev/null
		sleep 1; libvirtd -d </dev/null >/dev/null 2>&1' || fail "libvirtd does not start"
}

# by_itself WHEN: the agent's mirror and folder go, nobody asks.
by_itself() {
	gone() {
		mirrors_are "" && [ -z "$(host ls "$VMS")" ]
	}
	wait_for 150 gone || fail "$1: mirrors $(mirrors), folders $(host ls $VMS)"
	nothing 1 "$1"
}

ctl_world 4
# libvirtd looks for hooks when it starts
host_sh 'mkdir -p /etc/libvirt/hooks/qemu.d && cp /src/packaging/libvirt-hook /etc/libvirt/hooks/qemu.d/hpcap &&
	chmod 755 /etc/libvirt/hooks/qemu.d/hpcap && ln -sf $1 /usr/local/bin/hpcapctl' $CTL || fail "no hook"
at_exit host rm -f /etc/libvirt/hooks/qemu.d/hpcap
restart
tenant_xml web1 0
host virsh -q start web1 || fail "no tenant"
agent=(run vnma a1 --tenant web1 --ttl 1h "${LIGHT[@]}" "${STAYS[@]}")

note "a tenant that comes back with another VF"
ctl_ok "${agent[@]}"
expect "mirrors" "vnma:a1 0 1" "$(mirrors)"
host_sh 'virsh -q destroy web1 && virsh -q undefine web1' || fail "the tenant does not end"
wait_for 150 mirrors_are "" || fail "mirrors without the tenant: $(mirrors)"
tenant_xml web2 0
host virsh -q start web2 || fail "no other tenant"
sleep 5
expect "mirrors of who has the old VF" "" "$(mirrors)"
tenant_xml web1 3
host virsh -q start web1 || fail "no tenant on another VF"
wait_for 150 mirrors_are "vnma:a1 3 1" || fail "mirrors of the tenant's new VF: $(mirrors)"
expect "sources that its metadata tell" 8 \
	"$(host virsh -q metadata a1 urn:hpcap:instance:1 | sed -n 's/.*sources="\([0-9]*\)".*/\1/p')"
host_sh 'virsh -q destroy web2; virsh -q undefine web2' || fail "the other tenant does not end"

note "its QEMU killed"
host_sh 'kill -9 $(cat /run/libvirt/qemu/a1.pid)' || fail "no process of the agent"
by_itself "after its QEMU was killed"

note "its QEMU killed while libvirtd is dead"
ctl_ok "${agent[@]}"
host_sh 'kill -9 $(cat /run/libvirtd.pid); kill -9 $(cat /run/libvirt/qemu/a1.pid)' || fail "kill"
restart
by_itself "after libvirtd came back"
dmesg_check host
ok
