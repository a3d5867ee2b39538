# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# KVM or emulation (TCG). /dev/kvm alone proves nothing: some machines have one
# that cannot boot a stock kernel. So a kernel is booted under it, once for each
# boot of this machine, and must find nested virtualisation there, which the
# probe VM needs. early-init answers through QEMU's exit status.

ACCEL_TIMEOUT=15
ACCEL_GOOD=3	# isa-debug-exit: 1 written to the port gives status 3

# accel_name: prints kvm or tcg. $HPCAP_LAB_ACCEL overrides the probing.
accel_name()
{
	local boot answer file=$CACHE/accel

	case ${HPCAP_LAB_ACCEL:-} in
	kvm | tcg) echo "$HPCAP_LAB_ACCEL"; return ;;
	"") ;;
	*) die "HPCAP_LAB_ACCEL is '$HPCAP_LAB_ACCEL', wants kvm or tcg" ;;
	esac
	boot=$(cat /proc/sys/kernel/random/boot_id)
	answer=$(awk -v b="$boot" '$1 == b { print $2 }' "$file" 2>/dev/null) || true
	if [ -z "$answer" ]; then
		answer=tcg
		! accel_try_kvm || answer=kvm
		echo "$boot $answer" >"$file"
	fi
	echo "$answer"
}

accel_try_kvm()
{
	local dir rel status=0

	[ -c /dev/kvm ] || return 1
	say "/dev/kvm is there: booting a kernel to see whether it works"
	rel=$(verb_kernels | head -n 1 | cut -d ' ' -f 2)
	dir=$(mktemp -d "$CACHE/accel.XXXXXX")
	cp "$(initrd_for "$rel")" "$dir/initrd"
	ROOTFS=$ROOTFS SRC=$LAB_SRC RUN=$dir timeout -k 1 "$ACCEL_TIMEOUT" \
		unshare -m --propagation private "$LAB_DIR/in-qemu" -nodefaults \
		-no-user-config -display none -no-reboot \
		-machine q35,kernel-irqchip=split -accel kvm -cpu host -smp 2 -m 512 \
		-device isa-debug-exit,iobase=0xf4,iosize=4 \
		-kernel "/boot/vmlinuz-$rel" -initrd /mnt/run/initrd \
		-append "quiet panic=-1 lab.role=accel" \
		</dev/null >/dev/null 2>&1 9>&- || status=$?
	rm -rf "$dir"
	[ "$status" = "$ACCEL_GOOD" ]
}

# accel_options NAME: QEMU's arguments, one a line.
accel_options()
{
	case $1 in
	kvm) printf '%s\n' -accel kvm -cpu host ;;
	tcg) printf '%s\n' -accel tcg,thread=multi,tb-size=512 -cpu max,la57=off,erms=off,fsrm=off,fzrm=off,fsrs=off ;;
	esac
}
