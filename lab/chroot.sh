# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab/lab chroot: compile and look around in the root file system.

verb_chroot()
{
	case ${1:-} in
	-h | --help)
		cat <<-END
		usage: lab/lab chroot [-- COMMAND...]
		Runs COMMAND (a shell without one) in the root file system, in /src, which
		is this source tree, writable. The exit status is COMMAND's.
		END
		return
		;;
	--) shift ;;
	-*) die_usage "chroot: unknown option $1" ;;
	esac
	need_root chroot
	need_rootfs
	[ $# -gt 0 ] || set -- bash
	in_rootfs "$@"
}
