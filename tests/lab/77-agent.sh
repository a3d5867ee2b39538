#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl runs an agent of the small image on two tenants until its time is over: its
# files are the tenants' frames, and nobody else's; then there is no VM and no mirror, the
# VF is back, and the tenants have lost nothing.
# storey: pf
# kernels: 6.1 6.12
# daily:
# timeout: 1800
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"
# shellcheck source=tests/lab/ctl.sh
. "${0%/*}/ctl.sh"

VM_TIMEOUT=900

# in_host N: igbvf on VF N in a namespace: what a guest would do with it.
in_host() {
	host_sh 'modprobe igbvf; echo igbvf >/sys/bus/pci/devices/$1/driver_override
		echo $1 >/sys/bus/pci/drivers_probe' "$(vf_addr "$1")" || fail "igbvf on VF $1"
	wait_for 20 vf_netdev "$1" || fail "no interface on VF $1"
	vf_tenant "$1"
	printf -v "MAC$1" %s "$VF_MAC"
	printf -v "IF$1" %s "$IF"
}

# has N: frames that tenant N got.
has() {
	local if=IF$1

	ns "t$1" cat "/sys/class/net/${!if}/statistics/rx_packets"
}

small_image
ctl_world 4
for n in 0 1 2; do
	tenant_xml "web$n" "$n"
	in_host "$n"
done
mkdir -p "$SCRATCH/home"

note "two of three tenants are copied"
bg_start host run $CTL --json run vnma a1 --tenant web0 --tenant web1 --dir in --ttl 20m \
	--to "$VM_SCRATCH/home" --image /src/build/small.qcow2 --template /src/vm-templates/vnma.xml \
	--vcpus 1 --memory 768M --hugepages off --wait 14m
wait_for 840 grep -qs "a1: capturing" "$SCRATCH/run.log" ||
	fail "no agent: $(tail -n 3 "$SCRATCH/run.log"; host tail -n 5 $VMS/a1/console.log)"
note "captures after $SECONDS s"
expect "mirrors" "vnma:a1 0+1 3" "$(mirrors)"
ctl_ok extend a1 --ttl 120s
began=$SECONDS
for n in 0 1 2; do
	mac=MAC$n
	was[n]=$(has "$n")
	send 1000 --dst "${!mac}" --pps 500 --seed "$n"
	cp "$SCRATCH/sent.pcap" "$SCRATCH/sent$n.pcap"
done
for n in 0 1 2; do
	expect "frames of tenant $n" $((was[n] + 1000)) "$(wait_settled 30 has "$n")"
done

note "it ends by itself"
rc=$(bg_wait run 500) || fail "it does not end: $(tail -n 3 "$SCRATCH/run.log")"
expect "exit status" 0 "$rc"
note "ended after $((SECONDS - began)) s"
nothing 3 "after its time"
mapfile -t files < <(find "$SCRATCH/home" -name '*.raw' | sort)
expect_ge "files brought home" 1 "${#files[@]}"
tool raw2pcap -q "${files[@]}" "$SCRATCH/got.pcap" || fail "raw2pcap"
host mergecap -a -F pcap -w "$VM_SCRATCH/all.pcap" "$VM_SCRATCH/sent0.pcap" "$VM_SCRATCH/sent1.pcap" ||
	fail "mergecap"
tool pcapcmp "$SCRATCH/all.pcap" "$SCRATCH/got.pcap" || fail "other frames than the tenants'"
was[0]=$(has 0)
send 200 --dst "$MAC0" --pps 500
expect "frames of tenant 0 after its end" $((was[0] + 200)) "$(wait_settled 30 has 0)"
dmesg_check host
ok
