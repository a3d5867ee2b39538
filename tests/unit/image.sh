#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The images of vm-templates/image, booted once: the first boot reads its config disk,
# takes its NIC (an emulated 82576), makes its volume, captures what comes over the
# wire, ends by its cap and brings the files to the share; the frames are those sent.
# Its disk is larger than the image: the root file system has grown with it.
# IMAGE=appliance tests Debian and systemd (minutes) instead of the small guest, and
# IMAGE=read-only that with a root file system that stays; IMAGE=FILE one that was built.
# daily: none
# timeout: 1500
export LAB_NAME=image-test
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
LAB_DIR=$TOP/lab
# shellcheck source=lab/common.sh
. "$LAB_DIR/common.sh"

IMAGE=${IMAGE:-small}
dir=$(mktemp -d)
at_exit rm -rf "$dir"
mkdir -p "$dir/share" "$dir/seed"

options=()
[ "$IMAGE" = appliance ] || options=("--$IMAGE")
if [ -f "$IMAGE" ]; then
	cp "$IMAGE" "$dir/image.qcow2"
else
	note "building the image ($IMAGE)"
	"$TOP/vm-templates/image/build" "${options[@]}" "$dir/image.qcow2" || fail "image/build"
fi

# seed LINE...: the config disk.
seed() {
	printf 'instance-id: image-test\nlocal-hostname: image-test\n' >"$dir/seed/meta-data"
	echo '#cloud-config' >"$dir/seed/user-data"
	printf '%s\n' "$@" >"$dir/seed/hpcap.conf"
	MOUNT_OUT=$dir in_rootfs genisoimage -quiet -V cidata -J -r -o /mnt/seed.iso /mnt/seed ||
		fail "genisoimage"
}

boot() {
	rm -f "$dir"/wire.* "$dir/console" "$dir/pid"
	# shellcheck disable=SC2016 # expanded in the tree
	MOUNT_OUT=$dir in_rootfs sh -ec 'cd /mnt
		qemu-img create -q -f qcow2 -b image.qcow2 -F qcow2 root.qcow2
		qemu-img resize -q root.qcow2 +1G' || fail "qemu-img"
	MOUNT_OUT=$dir in_rootfs timeout -k 5 "${1:-600}" qemu-system-x86_64 -nodefaults \
		-no-user-config -display none -machine q35 -accel tcg,thread=multi -cpu max \
		-smp 2 -m 1536 -no-reboot -serial file:/mnt/console -pidfile /mnt/pid \
		-drive if=none,id=image,file=/mnt/root.qcow2,format=qcow2,cache=unsafe \
		-device virtio-blk-pci,drive=image,bootindex=1 \
		-drive if=none,id=seed,file=/mnt/seed.iso,format=raw,readonly=on \
		-device virtio-blk-pci,drive=seed \
		-drive if=none,id=store,file=/mnt/store.img,format=raw,cache=unsafe \
		-device virtio-blk-pci,drive=store,serial=STORE-1 \
		-device pcie-root-port,id=rp2,chassis=2,slot=2 -device megasas-gen2,id=raid,bus=rp2 \
		-drive if=none,id=raid0,file=/mnt/raid0.img,format=raw,cache=unsafe \
		-device scsi-hd,bus=raid.0,scsi-id=0,drive=raid0,serial=RAID-0 \
		-drive if=none,id=raid1,file=/mnt/raid1.img,format=raw,cache=unsafe \
		-device scsi-hd,bus=raid.0,scsi-id=1,drive=raid1,serial=RAID-1 \
		-fsdev local,id=share,path=/mnt/share,security_model=none \
		-device virtio-9p-pci,fsdev=share,mount_tag=hpcap \
		-device pcie-root-port,id=rp,chassis=1,slot=1 \
		-netdev dgram,id=wire,local.type=unix,local.path=/mnt/wire.nic,remote.type=unix,remote.path=/mnt/wire.end \
		-device igb,bus=rp,netdev=wire,mac=52:54:00:82:57:60 </dev/null >"$dir/qemu.log" 2>&1 &
	wait_for 20 test -s "$dir/pid" || fail "QEMU does not start: $(cat "$dir/qemu.log")"
	QEMU=$(cat "$dir/pid")
	at_exit kill "$QEMU"
}

off() {
	! kill -0 "$QEMU" 2>/dev/null
}

# status KEY: what the guest says of itself.
status() {
	sed -n "s/^$1=//p" "$dir/share/status" 2>/dev/null
}

is_state() {
	[[ " $* " == *" $(status state) "* ]] || off
}

# until_state SECONDS STATE...
until_state() {
	local limit=$1

	shift
	if ! wait_for "$limit" is_state "$@" || [[ " $* " != *" $(status state) "* ]]; then
		tail -n 20 "$dir/console" "$dir/share/log" "$dir/qemu.log" 2>/dev/null
		fail "wanted state $*, got $(status state) ($(status why))"
	fi
}

# captures FRAMES: until the guest does, and then sends it so many.
captures() {
	local start=$SECONDS

	boot
	until_state 900 capturing failed
	expect "state" capturing "$(status state)"
	note "captures after $((SECONDS - start)) s; $(grep mounted "$dir/share/log")"
	expect "device" hpcap_0_0 "$(status device)"
	expect "mount" /var/lib/hpcap "$(status mount)"
	tool wire --local "$dir/wire.end" --peer "$dir/wire.nic" --quiet --pcap "$dir/sent.pcap" \
		--pps 2000 || fail "wire: cannot send"
}

# ends WHY: the guest, and its files are the frames that were sent.
ends() {
	until_state 120 ended failed
	expect "state" ended "$(status state)"
	expect "why" "$1" "$(status why)"
	wait_for 60 off || fail "the machine does not go off"
	mapfile -t files < <(find "$dir/share/files" -name '*.raw')
	expect_ge "files brought home" 1 "${#files[@]}"
	tool raw2pcap -q "${files[@]}" "$dir/got.pcap" || fail "raw2pcap"
	tool pcapcmp "$dir/sent.pcap" "$dir/got.pcap" || fail "other frames than those sent"
	expect "frames that it says" 4000 "$(status frames)"
	expect "lost" 0 "$(status lost)"
	rm -rf "$dir/share" "$dir/got.pcap"
	mkdir "$dir/share"
}

# root_took_it: the GiB that the disk has more than the image is the root file system's,
# unless there is none, or it is never written.
# shellcheck disable=SC2016
root_took_it() {
	MOUNT_OUT=$dir in_rootfs sh -ec 'cd /mnt
		qemu-img convert -O raw root.qcow2 root.raw
		set -- $(sfdisk -J root.raw | jq ".partitiontable.partitions[1] | .start, .size | . // 0")
		[ "$1" != 0 ] || exit 0
		# of its superblock: the number of blocks, and what a KiB is shifted by to be one
		at=$(($1 * 512 + 1024))
		blocks=$(od -An -tu4 -j $((at + 4)) -N 4 root.raw)
		shift=$(od -An -tu4 -j $((at + 24)) -N 4 root.raw)
		have=$(((blocks << shift) / 1024))
		left=$(($(stat -c %s root.raw) / 1048576 - have))
		echo "  root file system: $have MiB, $left MiB of the disk are not its own"
		if mtype -i root.raw@@1M ::/syslinux.cfg | grep -q hpcap.overlay; then
			[ $left -gt 1024 ]
		else
			[ $left -lt 512 ]
		fi' || fail "the root file system and a disk that grew"
	rm -f "$dir/root.raw"
}

for disk in store raid0 raid1; do
	truncate -s 2G "$dir/$disk.img"
done
tool framegen --frames 4000 -o "$dir/sent.pcap" || fail "framegen"
# the bytes of all of them in RAW: 12 a frame instead of 16, no header of the file
bytes=$(($(stat -c %s "$dir/sent.pcap") - 24 - 4 * 4000))

note "an agent with a disk, until its cap"
seed version=1 role=vnma name=agent1 capture_mac=52:54:00:82:57:60 driver=hpcap_pf storage=disk \
	storage_serial=STORE-1 mount=/var/lib/hpcap share=hpcap collect=end reason=INC-42 \
	deadline=$(($(date +%s) + 1200)) cap_bytes=$bytes unknown=skipped
captures
ends cap
root_took_it

note "a probe with a RAID controller's two volumes, until the host asks"
seed version=1 role=vnp name=probe1 capture_id=8086:10c9 driver=hpcap_pf storage=raid \
	storage_id=1000:0079 mount=/var/lib/hpcap share=hpcap collect=end
captures
has_all() {
	[ "$(status frames)" = 4000 ]
}
wait_for 60 has_all || fail "$(status frames) frames of 4000"
printf 'serial=1\ncollect=1\n' >"$dir/share/request"
has_collected() {
	[ "$(status collected)" = 1 ] && [ "$(status request)" = 1 ]
}
wait_for 60 has_collected || fail "asked for its files it says: $(cat "$dir/share/status")"
expect "state after that" capturing "$(status state)"
printf 'serial=2\ncollect=1\nstop=1\n' >"$dir/share/request"
ends request

note "a config disk that asks for what is not there: failed, with the reason, until the deadline"
seed version=1 role=vnp name=probe1 capture_id=8086:10ca driver=hpcapvf storage=none share=hpcap
boot
until_state 900 failed
[[ $(status why) == "no NIC 8086:10ca for hpcapvf" ]] || fail "says: $(status why)"
printf 'serial=1\nstop=1\n' >"$dir/share/request"
until_state 60 ended
expect "why" request "$(status why)"
wait_for 60 off || fail "the machine does not go off"
ok "$TEST: $IMAGE"
