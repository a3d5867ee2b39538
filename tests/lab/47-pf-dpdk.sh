#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# DPDK's driver for the VF, in user space through vfio, on a VF of our PF.
# storey: pf
# daily: 6.12
# kernels: 6.1 6.12
# timeout: 400
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/vf.sh
. "${0%/*}/vf.sh"
# shellcheck source=tests/lab/pf.sh
. "${0%/*}/pf.sh"

MAC=02:00:00:00:00:20
pf_world
vfs_driver none
numvfs 2 || fail "2 VFs"
host ip link set "$PF_IF" vf 0 mac $MAC || fail "mac"
VF=$(vf_addr 0)
host_sh 'modprobe vfio-pci
	echo 256 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
	mkdir -p /dev/hugepages; mount -t hugetlbfs hugetlbfs /dev/hugepages 2>/dev/null
	echo vfio-pci >/sys/bus/pci/devices/$1/driver_override
	echo $1 >/sys/bus/pci/drivers/vfio-pci/bind' "$VF" || fail "vfio-pci"
at_exit host_sh 'echo 0 >/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages'
bg_start host testpmd sh -c 'sleep 600 | dpdk-testpmd -l 0,1 --no-telemetry -a $1 -- \
	--total-num-mbufs=4096 --forward-mode=rxonly --auto-start --stats-period 2' sh "$VF"
wait_for 90 grep -q 'NIC statistics' "$SCRATCH/testpmd.log" ||
	fail "testpmd: $(grep -v '^$' "$SCRATCH/testpmd.log" | tail -n 3)"

# received: the last RX-packets that testpmd printed.
received() {
	sed -n 's/.*RX-packets: *\([0-9]*\).*/\1/p' "$SCRATCH/testpmd.log" | tail -n 1
}
reached() {
	[ "$(received)" -ge "$1" ]
}
grep -qi "$MAC" "$SCRATCH/testpmd.log" || note "testpmd shows another address"
was=$(received)
send 1000 --dst $MAC --pps 500
wait_for 60 reached $((was + 1000)) || fail "testpmd got $(received) of $((was + 1000))"
near "frames in testpmd" $((was + 1000)) "$(received)"
n=$(host ip -s link show "$PF_IF" | awk '/vf 0 / { f = 1 } f && /RX: bytes/ { getline; print $2; exit }')
expect_ge "the VF's frames as the host sees them" 1000 "${n:-0}"

note "killed without a word; the VF serves the next owner"
host_sh 'pkill -9 -x dpdk-testpmd'
bg_wait testpmd 20 >/dev/null
sleep 1
host_sh 'echo $1 >/sys/bus/pci/devices/$1/driver/unbind
	echo >/sys/bus/pci/devices/$1/driver_override' "$VF" || fail "unbind"
vfs_driver igbvf
host_sh '[ -e /sys/bus/pci/devices/$1/driver ] || echo $1 >/sys/bus/pci/drivers/igbvf/bind' "$VF" ||
	fail "igbvf after DPDK"
IF=$(vf_netdev 0) || fail "no interface"
host ip link set "$IF" up
wait_for "$LINK_WITHIN" vf_has_carrier host "$IF" || fail "no link"
rx() {
	if_stat host "$IF" rx_packets
}
was=$(rx)
send 300 --dst $MAC
arrive "frames after DPDK" $((was + 300)) rx
dmesg_check host
ok
