#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hpcapctl killed before each system call that changes something, in run vnma and in
# destroy: the next call finishes or undoes, and nothing is ever left. Every fifth call
# by default, another fifth each day; HPCAP_KILLS=all: every one.
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
ok hpcapctl_kill
