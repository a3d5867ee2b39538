# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2086,SC2154
# What bench/inside does for DPDK: testpmd receives, dpdk-dumpcap stores.

take_dpdk()
{
	modprobe vfio-pci || fail "vfio-pci"
	[ -n "$(ls /sys/kernel/iommu_groups 2>/dev/null)" ] || fail "no IOMMU here, which DPDK's vfio wants"
	pages=/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
	[ "$(cat $pages)" -ge 96 ] || echo 96 >$pages
	mkdir -p /dev/hugepages
	mountpoint -q /dev/hugepages || mount -t hugetlbfs hugetlbfs /dev/hugepages
	bind "$1" vfio-pci
	echo "$1"
}

# On one processor the thread that polls leaves the others room.
beside_others()
{
	local t

	for t in /proc/"$(<$STATE/pid)"/task/*; do
		[[ $(<"$t/comm") != *worker* ]] || renice -n 10 -p "${t##*/}" >/dev/null
	done
}

# DPDK stores by a second process, which gets copies of what testpmd receives.
start_dumpcap()
{
	dpdk-dumpcap -i "$place" -w "$dir/x.pcapng" </dev/null >$STATE/dumpcap.log 2>&1 &
	echo $! >$STATE/dumpcap
	until_so 150 dumpcap_counts ||
		fail "dpdk-dumpcap: $(grep -v '^$' $STATE/dumpcap.log | tail -n 2 | tr '\n' ' ')"
}

# It writes a number over the one before: the last, which nothing may follow.
dumpcap_counts()
{
	alive dumpcap && [[ $(tail -c 40 $STATE/dumpcap.log) =~ ([0-9]+)\ $ ]]
}

# dpdk_reads: testpmd's own counters, which it prints when told to.
dpdk_reads()
{
	echo 'show port stats 0' >$STATE/in
	until_so 60 answered 'Tx-pps' || fail "testpmd does not answer"
	frames=$(number RX-packets)
	dropped=$(number RX-nombuf)
	nic=$((frames + dropped))
	[ -e $STATE/dumpcap ] || return 0
	dumpcap_counts || fail "dpdk-dumpcap is gone: $(tail -n 1 $STATE/dumpcap.log)"
	frames=${BASH_REMATCH[1]} dropped=$((nic - frames))
}
