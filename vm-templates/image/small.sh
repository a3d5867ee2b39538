# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The lab's small guest: one initramfs with the programs of a probe, taken from the
# lab's tree with the libraries they need, and a kernel. Nothing is installed.

SMALL_PROGRAMS="busybox kmod blkid mkfs.xfs xfs_repair mdadm ip ethtool"
SMALL_OURS="hpcapdd hpcap-storage hpcap-status hpcap-ctl checkraw"
SMALL_MODULES="virtio_pci virtio_blk 9pnet_virtio 9p isofs sr_mod sd_mod ahci megaraid_sas nvme xfs raid0 i6300esb"

# In the lab's tree; $WORK is /mnt, $1 the kernel's release.
# shellcheck disable=SC2016
PACK_SMALL='
rel=$1 programs=$2 ours=$3 modules=$4
dir=$(mktemp -d)
cd "$dir"
mkdir -p usr/bin usr/lib/hpcap usr/lib/modules proc sys dev run tmp etc var/lib
ln -s usr/bin bin
ln -s usr/bin sbin
ln -s bin usr/sbin
ln -s usr/lib lib
ln -s usr/lib lib64
for p in $programs; do
	cp -L "$(command -v "$p")" usr/bin/
done
for p in $ours; do
	cp /src/build/bin/$p usr/bin/
	strip usr/bin/$p
done
ldd usr/bin/* 2>/dev/null | sed -n "s,.*[ 	]\(/[^ ]*\) (0x.*,\1,p" | sort -u | while read -r lib; do
	mkdir -p ".$(dirname "$lib")"
	cp -L "$lib" ".$lib"
done
busybox --list | while read -r applet; do
	[ -e "usr/bin/$applet" ] || ln -s busybox "usr/bin/$applet"
done
for p in modprobe insmod rmmod lsmod; do
	ln -sf kmod usr/bin/$p
done
kernel=usr/lib/modules/$rel
mkdir -p "$kernel"
for m in $modules; do
	modprobe -S "$rel" --show-depends "$m" 2>/dev/null || true
done | awk "\$1 == \"insmod\" && !seen[\$2]++ { print \$2 }" | while read -r ko; do
	name=$(basename "$ko" .xz)
	case $ko in
	*.xz) xz -dc "$ko" ;;
	*) cat "$ko" ;;
	esac >"$kernel/$name"
done
for ko in core/hpcap_core vf-driver/hpcapvf pf-driver/hpcap_pf; do
	cp "/src/build/kmod-$rel/$ko.ko" "$kernel/"
done
cp /lib/modules/$rel/modules.builtin* /lib/modules/$rel/modules.order "$kernel/"
depmod -b "$dir" "$rel"
cp /src/vm-templates/image/guest/hpcap-probe usr/bin/
cp /src/vm-templates/image/guest/probe-*.sh usr/lib/hpcap/
cp /src/vm-templates/image/guest/small-init init
chmod 755 init usr/bin/hpcap-probe
mkdir -p /mnt/boot
find . | cpio --quiet -o -H newc | zstd -q -10 >/mnt/boot/initrd
cp "/boot/vmlinuz-$rel" /mnt/boot/vmlinuz
'

make_small()
{
	say "packing the small guest"
	MOUNT_OUT=$WORK in_rootfs sh -ec "$PACK_SMALL" sh "$REL" "$SMALL_PROGRAMS" "$SMALL_OURS" \
		"$SMALL_MODULES" >"$CACHE/image.log" 2>&1 ||
		die "it was not packed; the last words: $(tail -n 3 "$CACHE/image.log")"
	echo "console=ttyS0 quiet loglevel=4 panic=10 net.ifnames=0 mitigations=off audit=0" \
		"i8042.nokbd i8042.noaux" >"$WORK/boot/words"
}
