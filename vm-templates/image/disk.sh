# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A disk image from $WORK/boot (vmlinuz, initrd, words: of the kernel's command line)
# and, if it is there, the tree $WORK/root: a FAT partition that syslinux boots, an
# ext4 one behind it. Made by programs that write into files; nothing is mounted.

# In the lab's tree, $WORK at /mnt; $1 is the size of the whole disk.
# shellcheck disable=SC2016
MAKE_DISK='
cd /mnt
cat >boot/syslinux.cfg <<END
SERIAL 0 115200
PROMPT 0
TIMEOUT 1
DEFAULT probe
LABEL probe
 LINUX vmlinuz
 INITRD initrd
 APPEND $(cat boot/words)
END
kib=$(du -sk boot | cut -f 1)
mib=$(((kib + kib / 4) / 1024 + 8))
rm -f boot.img
mkfs.vfat -n HPCAPBOOT -C boot.img $((mib * 1024)) >/dev/null
mcopy -i boot.img boot/vmlinuz boot/initrd boot/syslinux.cfg ::/
syslinux --install boot.img
truncate -s $((mib + 2))M disk.img
table="start=1MiB, size=${mib}MiB, type=c, bootable"
if [ -d root ]; then
	truncate -s "$1" disk.img
	at=$((mib + 1))
	rest=$(($(stat -c %s disk.img) / 1048576 - at - 1))
	mke2fs -q -t ext4 -L hpcaproot -m 1 -d root root.img ${rest}M
	dd if=root.img of=disk.img bs=1M seek=$at conv=notrunc,sparse status=none
	table="$table
start=${at}MiB, size=${rest}MiB, type=83"
fi
echo "$table" | sfdisk -q disk.img
dd if=boot.img of=disk.img bs=1M seek=1 conv=notrunc status=none
dd if=/usr/lib/syslinux/mbr/mbr.bin of=disk.img bs=440 count=1 conv=notrunc status=none
'

make_disk()
{
	say "making the disk image"
	MOUNT_OUT=$WORK in_rootfs sh -ec "$MAKE_DISK" sh "$SIZE" >"$CACHE/image.log" 2>&1 ||
		die "the disk image was not made; the last words: $(tail -n 3 "$CACHE/image.log")"
}
