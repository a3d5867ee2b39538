# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# lab/lab setup: the root file system, its kernels, the lab's own programs.
# Each step looks at what is there, so that a second run is quick and a run
# after an interruption goes on where the first one stopped.

# shellcheck source=lab/kernels.sh
. "$LAB_DIR/kernels.sh"
# shellcheck source=lab/helpers.sh
. "$LAB_DIR/helpers.sh"

MARKER=etc/hpcap-lab-rootfs

packages()
{
	sed 's/#.*//' "$LAB_DIR/packages.cfg" | tr -s ' \t' '\n' | sed '/^$/d' | sort -u
}

packages_hash()
{
	packages | sha256sum | cut -c 1-16
}

# The machine's own Debian mirrors: "debian URI" and "security URI".
own_mirrors()
{
	# shellcheck disable=SC2016 # apt expands them
	apt-get indextargets --format '$(CREATED_BY)|$(ORIGIN)|$(LABEL)|$(REPO_URI)' |
		awk -F'|' '$1 == "Packages" && $2 == "Debian" {
			kind = $3 ~ /Security/ ? "security" : "debian"
			if (!(kind in seen)) print kind, $4
			seen[kind] = 1
		}'
}

# apt lines for the suites given; the mirrors are the machine's.
write_sources()
{
	local mirrors debian security suite

	mirrors=$(own_mirrors)
	if [ -z "$mirrors" ]; then
		say "asking apt for its lists"
		apt-get -qq update || die "apt-get update failed: the lab needs a Debian mirror"
		mirrors=$(own_mirrors)
	fi
	debian=$(awk '$1 == "debian" { print $2 }' <<<"$mirrors")
	security=$(awk '$1 == "security" { print $2 }' <<<"$mirrors")
	[ -n "$debian" ] || die "apt knows no Debian mirror here: the lab takes its" \
		"packages from the mirror in /etc/apt/sources.list(.d)"
	for suite in "$@"; do
		case $suite in
		*-security) [ -z "$security" ] || echo "deb $security $suite main" ;;
		*) echo "deb $debian $suite main" ;;
		esac
	done
}

# How this machine's apt reaches its mirror, for the apt in the tree.
write_apt_conf()
{
	apt-config dump |
		grep -Ei '^Acquire::(https?::(Proxy|Timeout)|Check-|Retries)' || true
}

need_mmdebstrap()
{
	command -v mmdebstrap >/dev/null && return
	[ -e /etc/debian_version ] || die "setup needs a Debian machine (12 or 13)"
	say "installing mmdebstrap from the machine's packages"
	apt-get -qq update || die "apt-get update failed: the lab needs a Debian mirror"
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y install mmdebstrap >/dev/null ||
		die "cannot install mmdebstrap"
}

# A new tree is built aside and renamed when whole.
build_rootfs()
{
	local tmp=$ROOTFS.tmp list=$CACHE/sources.list

	need_mmdebstrap
	rm -rf "$tmp"
	write_sources trixie trixie-updates trixie-security trixie-backports >"$list"
	say "building the root file system in $ROOTFS (2-4 minutes)"
	mmdebstrap --quiet --variant=minbase \
		--aptopt='APT::Install-Recommends "false"' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--include="$(packages | paste -sd,)" \
		trixie "$tmp" - <"$list" >"$CACHE/setup.log" 2>&1 ||
		die "mmdebstrap failed; its last words: $(tail -n 3 "$CACHE/setup.log")"
	mkdir -p "$tmp/src"
	packages_hash >"$tmp/$MARKER"
	mv "$tmp" "$ROOTFS"
}

# A tree that exists but has another list: add what is missing.
complete_rootfs()
{
	local missing

	mkdir -p "$ROOTFS/src"
	missing=$(packages | while read -r p; do
		[ -e "$ROOTFS/var/lib/dpkg/info/$p.list" ] ||
			[ -e "$ROOTFS/var/lib/dpkg/info/$p:amd64.list" ] || echo "$p"
	done)
	if [ -n "$missing" ]; then
		say "adding to the root file system:" "${missing//$'\n'/ }"
		apt_prepare
		# shellcheck disable=SC2086 # a list of words
		apt_in_rootfs 'apt-get -qq -y --no-install-recommends install "$@"' \
			$missing >"$CACHE/setup.log" 2>&1 ||
			die "apt failed; its last words: $(tail -n 3 "$CACHE/setup.log")"
	fi
	packages_hash >"$ROOTFS/$MARKER"
}

# Points the apt in the tree at the machine's mirror; once in a run.
APT_READY=
apt_prepare()
{
	local suites

	[ -z "$APT_READY" ] || return 0
	suites=$(printf '%s\n' trixie trixie-updates; kernel_suites)
	# shellcheck disable=SC2046 # a list of words
	write_sources $(sort -u <<<"$suites") >"$ROOTFS/etc/apt/sources.list"
	rm -f "$ROOTFS"/etc/apt/sources.list.d/*
	write_apt_conf >"$ROOTFS/etc/apt/apt.conf.d/90lab"
	cp -L /etc/resolv.conf "$ROOTFS/etc/resolv.conf"
	say "reading package lists"
	in_rootfs apt-get -qq update >"$CACHE/setup.log" 2>&1 ||
		die "apt failed; its last words: $(tail -n 3 "$CACHE/setup.log")"
	APT_READY=yes
}

# apt_in_rootfs 'SCRIPT' ARGS...: a shell script in the tree; call apt_prepare first.
apt_in_rootfs()
{
	local script=$1

	shift
	in_rootfs env DEBIAN_FRONTEND=noninteractive sh -ec "$script" sh "$@"
}

verb_setup()
{
	case ${1:-} in
	"") ;;
	-h | --help)
		cat <<-END
		usage: lab/lab setup
		Builds under $CACHE what the lab needs. Safe to repeat.
		END
		return
		;;
	*) die_usage "setup: unknown option $1" ;;
	esac
	need_root setup
	mkdir -p "$CACHE"
	exec 8>"$CACHE/setup.lock"
	flock -n 8 || { say "another setup is running, waiting for it"; flock 8; }
	if [ ! -e "$ROOTFS/$MARKER" ]; then
		[ ! -e "$ROOTFS" ] || die "$ROOTFS exists and is not the lab's: move it away"
		build_rootfs
	elif [ "$(cat "$ROOTFS/$MARKER")" != "$(packages_hash)" ]; then
		complete_rootfs
	fi
	setup_kernels
	setup_checkpatch
	setup_helpers
	say "ready: $CACHE"
}
