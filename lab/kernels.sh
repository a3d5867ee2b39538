# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The kernels of kernels.cfg: found, fetched, unpacked into the root file
# system. They are unpacked and not installed, so that releases of several
# suites stand side by side and nobody builds a Debian initramfs.

KERNELS=etc/hpcap-lab-kernels	# in the tree: NAME RELEASE CC

kernel_table()
{
	sed 's/#.*//' "$LAB_DIR/kernels.cfg" | awk 'NF == 3'
}

kernel_suites()
{
	kernel_table | awk '{ print $2 }' | tr ',' '\n' | sort -u
}

# kernel_release NAME: what setup found for it.
kernel_release()
{
	local rel

	rel=$(awk -v n="$1" '$1 == n { print $2 }' "$ROOTFS/$KERNELS" 2>/dev/null) || true
	[ -n "$rel" ] || die "no kernel '$1' (have:$(awk '{ printf " %s", $1 }' \
		"$ROOTFS/$KERNELS" 2>/dev/null); lab/kernels.cfg names them, lab/lab setup fetches them)"
	echo "$rel"
}

# Runs in the tree. Prints the release that the newest linux-image-amd64 of
# version NAME.* stands for.
# shellcheck disable=SC2016 # expanded by the shell in the tree
FIND_RELEASE='
name=$1
ver=$(apt-cache madison linux-image-amd64 | awk -F" *[|] *" "{ print \$2 }" |
	grep -F "$name" | grep "^$(echo "$name" | sed "s/\./\\\\./g")[.~-]" | sort -V | tail -n 1)
[ -n "$ver" ] || exit 0
apt-cache show "linux-image-amd64=$ver" |
	sed -n "s/^Depends:.*linux-image-\([^ ,]*\).*/\1/p" | head -n 1
'

# Runs in the tree: fetches and unpacks the packages of release REL.
# shellcheck disable=SC2016
UNPACK_RELEASE='
rel=$1
dir=/var/cache/hpcap-lab/$rel
rm -rf "$dir"
mkdir -p "$dir/debs" "$dir/tree"
cd "$dir/debs"
packages=$(for p in "linux-image-$rel" "linux-headers-$rel"; do
	echo "$p"
	apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts \
		--no-breaks --no-replaces --no-enhances "$p" |
		grep -E "^linux-(headers|kbuild|modules|binary|base)-[0-9]" || true
done | sort -u)
apt-get -qq -o APT::Sandbox::User=root download $packages
for deb in *.deb; do dpkg-deb -x "$deb" ../tree; done
cd ../tree
if [ -d lib ]; then
	mkdir -p usr/lib
	cp -al lib/. usr/lib/
	rm -rf lib
fi
[ -e "boot/vmlinuz-$rel" ] || # newer packages keep it beside the modules
	install -D -m 644 "usr/lib/modules/$rel/vmlinuz" "boot/vmlinuz-$rel"
cp -a . /
depmod "$rel"
cd /
rm -rf "$dir"
'

# kernel_whole RELEASE: image, modules and headers are there.
kernel_whole()
{
	in_rootfs test -e "/boot/vmlinuz-$1" -a -e "/lib/modules/$1/modules.dep" \
		-a -e "/lib/modules/$1/build/Makefile"
}

setup_kernels()
{
	local name suites cc rel todo=

	if [ -e "$ROOTFS/$KERNELS" ]; then
		while read -r name suites cc; do
			grep -q "^$name [^ ]* $cc\$" "$ROOTFS/$KERNELS" || todo=yes
		done < <(kernel_table)
		[ -n "$todo" ] || return 0
	fi
	apt_prepare
	: >"$ROOTFS/$KERNELS.tmp"
	while read -r name suites cc; do
		rel=$(apt_in_rootfs "$FIND_RELEASE" "$name")
		if [ -z "$rel" ]; then
			say "kernel $name: not in $suites of this mirror, left out"
			continue
		fi
		if ! kernel_whole "$rel"; then
			say "kernel $name: unpacking $rel"
			apt_in_rootfs "$UNPACK_RELEASE" "$rel" >"$CACHE/setup.log" 2>&1 ||
				die "kernel $rel; apt's last words: $(tail -n 3 "$CACHE/setup.log")"
		fi
		echo "$name $rel $cc" >>"$ROOTFS/$KERNELS.tmp"
	done < <(kernel_table)
	[ -s "$ROOTFS/$KERNELS.tmp" ] || die "the mirror has none of the kernels of lab/kernels.cfg"
	mv "$ROOTFS/$KERNELS.tmp" "$ROOTFS/$KERNELS"
}

# checkpatch and its word lists exist only in the package of kernel sources.
# shellcheck disable=SC2016
FETCH_CHECKPATCH='
dir=/var/cache/hpcap-lab/source
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download linux-source-6.12
dpkg-deb --fsys-tarfile linux-source-6.12_*.deb |
	tar -xO --wildcards "./usr/src/linux-source-6.12.tar.*" |
	tar -xJ --strip-components=2 linux-source-6.12/scripts/checkpatch.pl \
		linux-source-6.12/scripts/spelling.txt \
		linux-source-6.12/scripts/const_structs.checkpatch
mkdir -p /usr/share/hpcap-lab
mv checkpatch.pl spelling.txt const_structs.checkpatch /usr/share/hpcap-lab/
cd /
rm -rf "$dir"
'

setup_checkpatch()
{
	[ ! -e "$ROOTFS/usr/share/hpcap-lab/checkpatch.pl" ] || return 0
	apt_prepare
	say "fetching checkpatch from the package of kernel sources"
	apt_in_rootfs "$FETCH_CHECKPATCH" >"$CACHE/setup.log" 2>&1 ||
		die "checkpatch; apt's last words: $(tail -n 3 "$CACHE/setup.log")"
}

verb_kernels()
{
	case ${1:-} in
	"") ;;
	-h | --help) echo "usage: lab/lab kernels   (prints NAME RELEASE lines)"; return ;;
	*) die_usage "kernels: unknown option $1" ;;
	esac
	need_rootfs
	[ -e "$ROOTFS/$KERNELS" ] || die "no kernels yet (fetch them with: lab/lab setup)"
	awk '{ print $1, $2 }' "$ROOTFS/$KERNELS"
}
