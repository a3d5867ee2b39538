#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl deploys a probe of the small image with a whole PF and a RAID or an NVMe
# controller: it captures what comes over the wire onto a RAID-0 of the controller's
# volumes; when it is destroyed the devices come back, and the volume holds what was sent.
# topology: storage
# kernels: 6.12
# daily: none
# timeout: 1100
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/lab/ctl.sh
. "${0%/*}/ctl.sh"
# shellcheck source=tests/lab/appliance.sh
. "${0%/*}/appliance.sh"

# probe_with KIND ADDRESS SERIAL...: a probe that stores on what that controller has.
probe_with() {
	local kind=$1 address=$2 files was

	shift 2
	was=$(driver "$address")
	note "$kind: up and capturing"
	ctl_ok "${PROBE[@]}" --storage "$kind:$address" --wait 14m
	note "captures after $SECONDS s"
	expect "driver of the $kind controller" vfio-pci "$(driver "$address")"
	wire_send --quiet --pcap "$SCRATCH/sent.pcap" --pps 1000 || fail "wire: cannot send"
	wait_for 60 has_frames 4000 || fail "it says: $(cat "$SCRATCH/ctl.out")"

	note "destroy: its devices come back; its files are on the controller's volumes"
	ctl_ok destroy p1 --wait 5m
	expect "driver of the PF" "$PF_DRIVER" "$(driver "$PF")"
	expect "driver of the $kind controller" "$was" "$(driver "$address")"
	fetch_volume "$kind" "$@"
	mapfile -t files < <(find "$SCRATCH/$kind" -name '*.raw')
	expect_ge "files" 1 "${#files[@]}"
	tool raw2pcap -q "${files[@]}" "$SCRATCH/got.pcap" || fail "raw2pcap"
	tool pcapcmp "$SCRATCH/sent.pcap" "$SCRATCH/got.pcap" || fail "other frames than those sent"
	expect "domains" "" "$(host virsh -q list --all --name | xargs)"
}

appliance_world
tool framegen --frames 4000 -o "$SCRATCH/sent.pcap" || fail "framegen"
probe_with raid "$(lab_var LAB_RAID)" HPCAP-RAID-0 HPCAP-RAID-1
probe_with nvme "$(lab_var LAB_NVME)" HPCAP-NVME
dmesg_check host
ok "$TEST"
