#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl killed before each system call that changes something, in run vnma, deploy,
# extend, collect, apply, gc and destroy: the next call finishes or undoes, and nothing
# is ever left. Every fifth call by default, another fifth each day; HPCAP_KILLS=all:
# every one.
# timeout: 240
# shellcheck source=tests/unit/virtd.sh
. "${0%/*}/virtd.sh"

virtd_world "$0" "$@"
KILLAT=/src/build/bin/killat

# killed N ARGUMENTS...: hpcapctl, killed before its Nth change. Sets CHANGES.
killed() {
	local n=$1

	shift
	"$KILLAT" "$n" /src/build/bin/hpcapctl --root "$ROOT" --connect "$URI" "$@" \
		>"$dir/out" 2>"$dir/err"
	rc=$?
	CHANGES=$(tail -n 1 "$dir/err")
	return $rc
}

# nothing WHEN: neither domain nor folder nor mirror.
nothing() {
	expect "domains $1" "far test web1 web2" "$(domains)"
	expect "folders $1" "" "$(ls "$ROOT/var/lib/hpcap/vms" 2>/dev/null)"
	case $(mirror_of 0) in
	"" | "rem 2") ;;
	*) fail "mirror $1: $(mirror_of 0)" ;;
	esac
}

# all_there WHEN
all_there() {
	expect "domains $1" "a1 far test web1 web2" "$(domains)"
	expect "mirror $1" "add 2" "$(mirror_of 0)"
	ctl_ok --json show a1
	expect "state $1" running "$(asks .vm.state)"
	[ -s "$ROOT/var/lib/hpcap/vms/a1/seed.iso" ] || fail "no config disk $1"
}

i40e_machine
run=(run vnma a1 --tenant web1 --ttl 10m --dir in --image /dev/null --detach)

note "what a whole run and a whole end change"
killed 0 "${run[@]}" || fail "run: $(cat "$dir/err")"
runs=$CHANGES
all_there "after a run"
killed 0 destroy a1 || fail "destroy: $(cat "$dir/err")"
ends=$CHANGES
nothing "after its end"
expect_ge "changes of a run" 20 "$runs"
expect_ge "changes of an end" 5 "$ends"

step=5
first=$((1 + $(date +%j | sed 's/^0*//') % step))
[ "${HPCAP_KILLS:-}" != all ] || { step=1; first=1; }

note "killed in run: of $runs places each ${step}th from $first"
for ((n = first; n <= runs; n += step)); do
	killed "$n" "${run[@]}"
	expect "exit status of a killed run" 137 $?
	ctl_ok "${run[@]}"
	all_there "after a run killed before change $n and called again"
	ctl_ok destroy a1
	nothing "after that"
done

note "killed in run, and never called again"
for ((n = first; n <= runs; n += step)); do
	killed "$n" "${run[@]}"
	ctl_ok gc
	ctl_ok destroy a1
	nothing "after a run killed before change $n, gc and destroy"
done

note "killed in destroy: of $ends places each ${step}th from $first"
for ((n = first; n <= ends; n += step)); do
	ctl_ok "${run[@]}"
	killed "$n" destroy a1
	expect "exit status of a killed destroy" 137 $?
	ctl_ok destroy a1
	nothing "after a destroy killed before change $n and called again"
	killed "$n" destroy a1 || true
done

# again CHECK ARGUMENTS...: the command killed at each of its places that are due, called
# again, and then as CHECK says. BEFORE goes before each, AFTER behind; both may be empty.
again() {
	local check=$1 places n

	shift
	${BEFORE:-:}
	killed 0 "$@" || fail "$*: $(cat "$dir/err")"
	places=$CHANGES
	$check "after $*"
	${AFTER:-:}
	note "killed in $1: of $places places each ${step}th from $first"
	expect_ge "changes of $1" 2 "$places"
	for ((n = first; n <= places; n += step)); do
		${BEFORE:-:}
		killed "$n" "$@"
		expect "exit status of a killed $1" 137 $?
		ctl_ok "$@"
		$check "after $1 killed before change $n and called again"
		${AFTER:-:}
	done
}

an_agent() {
	ctl_ok "${run[@]}"
}

no_agent() {
	ctl_ok destroy a1 --discard
	nothing "after that"
}

# has_disk WHEN: the probe runs, with its disk and its VF.
has_disk() {
	expect "domains $1" "far p1 test web1 web2" "$(domains)"
	expect "VF and disk $1" 2 "$(virsh_ dumpxml p1 | grep -cE "slot='0x10' function='0x2'|$ROOT/dev/sdb")"
	ctl_ok --json show p1
	expect "state $1" running "$(asks .vm.state)"
}

no_probe() {
	ctl_ok destroy p1
	nothing "after that"
}

# ends_later WHEN: domain, guest and label are told the same.
ends_later() {
	local at

	ctl_ok --json show a1
	expect_ge "seconds left $1" 3500 "$(asks .vm.left_s)"
	at=$(asks .vm.deadline)
	grep -qx "deadline=$at" "$ROOT/var/lib/hpcap/vms/a1/share/request" || fail "the guest is not told $1"
	grep -q ">$at</" "$ROOT/var/lib/hpcap/vms/a1/label" || fail "the label says otherwise $1"
	expect "mirror $1" "add 2" "$(mirror_of 0)"
}

# An agent that is gone, with files.
has_files() {
	local files=$ROOT/var/lib/hpcap/vms/a1/share/files

	ctl_ok "${run[@]}"
	virsh_ destroy a1
	mkdir -p "$files/day"
	for name in one.raw two.raw day/three.raw; do
		head -c 100000 /dev/urandom >"$files/$name"
	done
	(cd "$files" && find . -type f -exec sha256sum {} +) | sort >"$dir/sums"
}

# are_home WHEN: each file, whole, once.
are_home() {
	expect "files at home $1" "$(cat "$dir/sums")" \
		"$(cd "$dir/home" && find . -type f -exec sha256sum {} + | sort)"
	expect "files left $1" "" "$(find "$ROOT/var/lib/hpcap/vms/a1/share/files" -type f)"
}

not_home() {
	rm -rf "${dir:?}/home"
	no_agent
}

crashed() {
	ctl_ok "${run[@]}"
	virsh_ destroy a1
}

as_declared() {
	ctl_ok diff "$dir/declared"
	expect "VFs $1" 4 "$(head -c 1 "$ROOT/sys/bus/pci/devices/0000:03:00.0/sriov_numvfs")"
	has_disk "$1"
}

disk sdb 0000:07:00.0 1000
touch "$ROOT/dev/sdb"
deploy=(deploy vnp p1 --nic vf:eth0 --storage disk:/dev/sdb --image /dev/null --detach)
BEFORE='' AFTER=no_probe
again has_disk "${deploy[@]}"
ctl_ok "${deploy[@]}"
ctl_ok --json export
jq '.declared.vfs = [.declared.vfs[0]]' "$dir/out" >"$dir/declared"
no_probe
again as_declared apply "$dir/declared"
jq '.declared.vms = []' "$dir/declared" >"$dir/none"
BEFORE="ctl_ok apply $dir/declared" AFTER=''
again nothing apply --prune "$dir/none"
BEFORE=an_agent AFTER=no_agent
again ends_later extend a1 --ttl 1h
BEFORE=has_files AFTER=not_home
again are_home collect a1 --to "$dir/home"
BEFORE=crashed AFTER=''
again nothing gc
ok hpcapctl_kill
