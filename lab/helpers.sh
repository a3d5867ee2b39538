# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the lab itself needs beside the root file system: the programs of
# channel/ and an initramfs per kernel. Kept under the cache by the hash of what
# they are made from.

CHANNEL_FLAGS="-std=gnu17 -D_GNU_SOURCE -O2 -g -Wall -Wextra -Werror -static"
# What the initramfs must load before it can mount the root file system.
EARLY_MODULES="virtio_pci virtio_console 9pnet_virtio 9p overlay"

# hash_of FILE...: of names and contents
hash_of()
{
	sha256sum "$@" | sha256sum | cut -c 1-16
}

channel_hash()
{
	(cd "$LAB_DIR" && echo "$CHANNEL_FLAGS" | hash_of channel/*.[ch] -)
}

# Sets BIN, where the programs are; makes them when they are not.
build_channel()
{
	local tmp

	BIN=$CACHE/bin/$(channel_hash)
	[ ! -d "$BIN" ] || return 0
	say "compiling the exec channel"
	mkdir -p "$CACHE/bin"
	tmp=$(mktemp -d "$CACHE/bin/tmp.XXXXXX")
	# shellcheck disable=SC2016 # expanded by the shell in the tree
	MOUNT_OUT=$tmp in_rootfs sh -ec '
		flags=$1
		cd /src/lab/channel
		gcc $flags -o /mnt/labexec exec.c frame.c
		gcc $flags -o /mnt/labbroker broker.c frame.c
		gcc $flags -o /mnt/labagent agent.c session.c frame.c -lutil
	' sh "$CHANNEL_FLAGS" || die "cannot compile lab/channel"
	# another lab/lab may have been quicker
	mv -T "$tmp" "$BIN" 2>/dev/null || rm -rf "$tmp"
}

# Runs in the tree: busybox and the early modules of release $1, as cpio, to
# /mnt/part. The modules are listed in the order in which they load.
# shellcheck disable=SC2016
PACK_EARLY='
rel=$1
shift
dir=$(mktemp -d)
cd "$dir"
mkdir -p bin modules proc sys dev lower upper new
cp /usr/bin/busybox bin/
for m in "$@"; do
	modprobe -S "$rel" --show-depends "$m" 2>/dev/null || true
done | awk "\$1 == \"insmod\" && !seen[\$2]++ { print \$2 }" >list
while read -r ko; do
	name=$(basename "$ko" .xz)
	case $ko in
	*.xz) xz -dc "$ko" ;;
	*) cat "$ko" ;;
	esac >"modules/$name"
	echo "/modules/$name"
done <list >modules/order
rm list
find . | cpio --quiet -o -H newc >/mnt/part
'

# Runs in the tree: the programs and scripts of the VMs, as cpio, to /mnt/part.
# shellcheck disable=SC2016
PACK_LAB='
dir=$(mktemp -d)
cd "$dir"
mkdir lab
cp /src/lab/guest/* /mnt/bin/labagent /mnt/bin/labbroker /mnt/bin/labexec lab/
mv lab/early-init init
chmod 755 init lab/*
find . | cpio --quiet -o -H newc >/mnt/part
'

# initrd_for RELEASE: prints the path of its initramfs, made when it is not there.
initrd_for()
{
	local rel=$1 early lab file

	build_channel
	mkdir -p "$CACHE/initrd"
	early=$CACHE/initrd/early-$rel-$(echo "$EARLY_MODULES $PACK_EARLY" | hash_of - \
		"$ROOTFS/usr/lib/modules/$rel/modules.dep").cpio
	if [ ! -e "$early" ]; then
		# shellcheck disable=SC2086 # a list of words
		pack "$early" "$PACK_EARLY" "$rel" $EARLY_MODULES
	fi
	lab=$CACHE/initrd/lab-$(hash_of "$LAB_DIR"/guest/* "$BIN"/*).cpio
	if [ ! -e "$lab" ]; then
		pack "$lab" "$PACK_LAB"
	fi
	file=$CACHE/initrd/$(basename "$early" .cpio)-$(basename "$lab" .cpio).img
	if [ ! -e "$file" ]; then
		find "$CACHE/initrd" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +
		cat "$early" "$lab" >"$file.$$"
		mv "$file.$$" "$file"
	fi
	echo "$file"
}

# pack FILE SCRIPT ARGS...: runs SCRIPT in the tree, keeps its /mnt/part as FILE.
pack()
{
	local file=$1 script=$2 dir

	shift 2
	dir=$(mktemp -d "$CACHE/initrd/pack.XXXXXX")
	cp -r "$BIN" "$dir/bin"
	MOUNT_OUT=$dir in_rootfs sh -ec "$script" sh "$@" || die "cannot make $file"
	mv "$dir/part" "$file"
	rm -rf "$dir"
}

setup_helpers()
{
	local rel

	for rel in $(verb_kernels | cut -d " " -f 2); do
		initrd_for "$rel" >/dev/null
	done
}
