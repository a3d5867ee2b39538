# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The probe appliance: Debian 13 by mmdebstrap from the machine's own mirror, with our
# modules, programs and units. What it has beside them is in packages.cfg.

# Runs in the new tree's folder, $1, after Debian is unpacked; $2 is the release.
# shellcheck disable=SC2016
FURNISH='
root=$1 rel=$2
install -m 755 "$G"/hpcap-probe "$root/usr/bin/"
install -D -m 644 -t "$root/usr/lib/hpcap" "$G"/probe-*.sh
install -m 755 "$G"/hpcap-grow "$root/usr/lib/hpcap/"
install -m 755 "$G"/overlay "$root/etc/initramfs-tools/scripts/init-bottom/hpcap-overlay"
install -m 644 "$G"/units/* "$root/etc/systemd/system/"
install -D -m 644 "$G/watchdog.conf" "$root/etc/systemd/system.conf.d/watchdog.conf"
printf "overlay\nvirtio_blk\n" >>"$root/etc/initramfs-tools/modules"
echo "LABEL=hpcaproot / ext4 noatime,errors=remount-ro 0 1" >"$root/etc/fstab"
echo hpcap >"$root/etc/hostname"
echo "# the host decides which driver gets the NIC" >"$root/etc/modprobe.d/hpcap.conf"
printf "blacklist igbvf\nblacklist igb\n" >>"$root/etc/modprobe.d/hpcap.conf"
install -D -t "$root/lib/modules/$rel/updates" "$SRC/build/kmod-$rel"/*/*.ko
chroot "$root" depmod "$rel"
chroot "$root" groupadd -f -r hpcap
chroot "$root" systemctl -q enable hpcap-grow hpcap-config hpcap-driver hpcap-storage \
	hpcap-capture serial-getty@ttyS0
chroot "$root" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer
chroot "$root" passwd -q -l root
chroot "$root" update-initramfs -u -k "$rel"
'

image_packages()
{
	sed 's/#.*//' "$IMAGE_DIR/packages.cfg" | tr -s ' \t' '\n' | sed '/^$/d'
}

make_appliance()
{
	local list=$WORK/sources.list tree=$WORK/root

	need_mmdebstrap
	write_sources trixie trixie-updates trixie-security >"$list"
	say "installing Debian (2-4 minutes)"
	mmdebstrap --quiet --variant=minbase --aptopt='APT::Install-Recommends "false"' \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--include="linux-image-$REL,$(image_packages | paste -sd,)" \
		trixie "$tree" - <"$list" >"$CACHE/image.log" 2>&1 ||
		die "mmdebstrap failed; its last words: $(tail -n 3 "$CACHE/image.log")"
	say "adding programs, modules and units"
	"$LAB_DIR/lab" chroot -- make -s -C guest-lib BUILD=/src/build DESTDIR=/src/build/image \
		PREFIX=/usr install >>"$CACHE/image.log" 2>&1 || die "make install failed"
	cp -a "$LAB_SRC/build/image/usr/bin" "$LAB_SRC/build/image/usr/lib" "$tree/usr/"
	sed 's|@LIBEXECDIR@|/usr/lib/hpcap|' "$LAB_SRC/packaging/60-hpcap.rules" \
		>"$tree/etc/udev/rules.d/60-hpcap.rules"
	install -D -m 755 "$LAB_SRC/packaging/hpcap-altname" "$tree/usr/lib/hpcap/hpcap-altname"
	G=$IMAGE_DIR/guest SRC=$LAB_SRC unshare -m --propagation private sh -ec "
		mount -t proc proc '$tree/proc'
		mount --rbind /dev '$tree/dev'
		$FURNISH" sh "$tree" "$REL" >>"$CACHE/image.log" 2>&1 ||
		die "the tree was not furnished; the last words: $(tail -n 3 "$CACHE/image.log")"
	rm -rf "$tree"/var/lib/apt/lists/* "$tree"/var/cache/apt/*.bin "$tree"/etc/machine-id
	: >"$tree/etc/machine-id"
	mkdir -p "$WORK/boot"
	cp "$tree/boot/vmlinuz-$REL" "$WORK/boot/vmlinuz"
	cp "$tree/boot/initrd.img-$REL" "$WORK/boot/initrd"
	echo "root=LABEL=hpcaproot console=ttyS0 ${READ_ONLY:+ro hpcap.overlay}" >"$WORK/boot/words"
}
