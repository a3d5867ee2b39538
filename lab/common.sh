# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What every part of lab/lab uses: paths, messages, option reading.
# shellcheck disable=SC2034 # the parts use these variables

LAB_SRC=$(dirname "$LAB_DIR")
CACHE=${HPCAP_LAB_CACHE:-$LAB_SRC/.lab}
ROOTFS=$CACHE/rootfs
NAME=${LAB_NAME:-default}

# The part of lab/ that holds each verb.
load_part()
{
	local part

	case $1 in
	exec | run | shell) part="exec" ;;
	up | down | status | clean) part=vm ;;
	*) part=$1 ;;
	esac
	# shellcheck disable=SC1090
	. "$LAB_DIR/$part.sh"
}

# Progress goes to stderr, with the seconds since lab/lab began.
say()
{
	printf 'lab: [%3ds] %s\n' "$SECONDS" "$*" >&2
}

die()
{
	printf 'lab: %s\n' "$*" >&2
	exit 1
}

die_usage()
{
	printf 'lab: %s\n' "$*" >&2
	exit 2
}

need_root()
{
	[ "$(id -u)" = 0 ] || die "$1 needs root (try: sudo lab/lab $1)"
}

# The value of an option: opt_value --name "$@" dies when it is missing.
opt_value()
{
	[ $# -ge 3 ] || die_usage "$1 needs a value"
	printf '%s\n' "$3"
}

# The name becomes a folder and part of socket paths: keep it plain.
set_name()
{
	[[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$ ]] ||
		die_usage "bad lab name '$1' (letters, digits, . _ -; at most 31)"
	NAME=$1
	RUN=$CACHE/run/$NAME
}
set_name "$NAME"

# Whole seconds, no sign: what --timeout and the like accept.
is_number()
{
	[[ $1 =~ ^[0-9]{1,9}$ ]]
}

need_rootfs()
{
	[ -e "$ROOTFS/etc/hpcap-lab-rootfs" ] ||
		die "no root file system in $ROOTFS (make it with: lab/lab setup)"
}

# in_rootfs CMD...: run in the root file system with this tree at /src.
# The mounts live in a mount namespace of their own and vanish with it.
in_rootfs()
{
	ROOTFS=$ROOTFS SRC=$LAB_SRC unshare -m --propagation private \
		"$LAB_DIR/in-rootfs" "$@"
}
