# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# The storeys that need the lab: machines brought up for the tests, the tests run
# in them, two kernels at once; sourced by tests/run.

host_answers() {
	VM_TIMEOUT=30 host true >/dev/null 2>&1
}

# host_up KERNEL [TOPOLOGY]: what runs with other devices is taken down first.
host_up() {
	local topology=${2:-nic}

	[ "$("$LAB" status --json 2>/dev/null | json topology)" != "$topology" ] ||
		! host_answers || return 0
	"$LAB" down >/dev/null 2>&1
	"$LAB" up --kernel "$1" --topology "$topology" >>"$LOGS/lab-up-$1.log" 2>&1
}

# probe_up HOST-KERNEL PROBE-KERNEL [TOPOLOGY]: nothing of a test before may hold the VF.
probe_up() {
	probe_answers && return 0
	host_up "$1" "${3:-}" || return 1
	"$LAB" probe down >/dev/null 2>&1
	modules_unload host >/dev/null 2>&1
	host_sh '. /etc/hpcap-lab
		d=/sys/bus/pci/devices/$LAB_PF
		echo 0 >$d/sriov_numvfs; echo 1 >$d/sriov_drivers_autoprobe' >/dev/null 2>&1
	timeout -k 10 "$PROBE_LIMIT" "$LAB" probe up --kernel "$2" >>"$LOGS/probe-up-$2.log" 2>&1
}

# A second try: on a busy machine an emulated VM does not always come up at the first.
twice() {
	"$@" || "$@"
}

# A probe VM that ended without a word of its kernel is started anew, once a test.
probe_again() {
	probe_ended_by_itself "$1" && probe_up "${PROBE_KERNELS[@]}" && dmesg_mark probe
}

# Emulated machines on a busy one stand still for seconds: in a run of everything
# RERUNS failed tests get a second run, which is told. Never one whose kernel complained.
RERUNS=2
may_run_again() {
	[ -n "$DAILY" ] && [ "$RERUNS" -gt 0 ] || return 1
	! grep -qE "$DMESG_BAD" "$1" && host_answers && [ -z "$(dmesg_bad host)" ] || return 1
	RERUNS=$((RERUNS - 1))
}

# probe_test_again LOG
probe_test_again() {
	probe_again "$1" && return 0
	probe_answers && [ -z "$(dmesg_bad probe)" ] && may_run_again "$1"
}

# After a test: the kernels must have nothing to say.
look_at_dmesg() {
	local name=$1 log=$LOGS/${1//\//-}.dmesg where bad

	shift
	for where in "$@"; do
		bad=$(dmesg_bad "$where" 2>/dev/null)
		[ -n "$bad" ] || continue
		dmesg_since "$where" >"$log"
		head -n 1 <<<"$bad" >>"$log"
		verdict "$name/dmesg-$where" 1 0 "$log"
	done
}

# is_due SCRIPT KERNEL: its storey is wanted, and in a run of everything its turn.
is_due() {
	local storey every='6.1 6.12'

	storey=$(head_of "$1" storey "$(basename "$(dirname "$1")")")
	wanted "$storey" || return 1
	[ -n "$DAILY" ] || return 0
	[ "$storey" != pf ] || every=
	[[ " $(head_of "$1" daily "$every") " == *" $2 "* ]]
}

# scripts WHERE KERNEL: the tests for a VF in that machine.
scripts() {
	local f default=host

	for f in $(find tests/lab tests/e2e -name '[0-9]*.sh' | sort -t/ -k2,2r -k3); do
		case $f in tests/e2e/*) default=probe ;; esac
		[ "$(head_of "$f" needs $default)" = "$1" ] || continue
		[[ " $(head_of "$f" kernels "$2") " == *" $2 "* ]] && is_due "$f" "$2" && echo "$f"
	done
}

# by_topology SCRIPT...: those with the usual devices first.
by_topology() {
	local f

	for f; do
		echo "$(head_of "$f" topology nic) $f"
	done | sort -s -k1,1 | cut -d ' ' -f 2
}

# first_topology WHERE KERNEL: the devices that the first test needs.
first_topology() {
	local f

	# shellcheck disable=SC2046 # one word a script
	for f in $(by_topology $(scripts "$1" "$2")); do
		! named "$(basename "$(dirname "$f")")/$2/$(basename "$f" .sh)" || break
	done
	head_of "$f" topology nic
}

# run_scripts WHERE KERNEL HOST-KERNEL
run_scripts() {
	local f name topology

	# shellcheck disable=SC2046 # one word a script
	for f in $(by_topology $(scripts "$1" "$2")); do
		name=$(basename "$(dirname "$f")")/$2/$(basename "$f" .sh)
		named "$name" || continue
		if [ -n "$LIST" ]; then
			echo "$name"
			continue
		fi
		topology=$(head_of "$f" topology nic)
		if ! host_up "$3" "$topology" || { [ "$1" = probe ] && ! probe_up "$3" "$2" "$topology"; }; then
			give_up "$name" 1 "the machines do not come up"
			continue
		fi
		TEST=run.$name
		dmesg_mark host
		[ "$1" = host ] || dmesg_mark probe
		PROBE_KERNELS=("$3" "$2" "$topology")
		AGAIN=may_run_again
		[ "$1" = host ] || AGAIN=probe_test_again
		HPCAP_KERNEL=$2 run_one "$name" "$(head_of "$f" timeout 180)" "$f"
		AGAIN=false
		if [ "$1" = host ]; then
			look_at_dmesg "$name" host
		else
			look_at_dmesg "$name" host probe
		fi
	done
}

# boot WHAT KERNEL CMD...: a test by itself; 7.3 may be too new for this lab.
boot() {
	local what=$1 k=$2

	shift 2
	[ -z "$LIST" ] || return 0
	"$@" && return 0
	if [ "$k" = 6.1 ] || [ "$k" = 6.12 ]; then
		(NAMES=(); give_up "lab/$k/boot-$what" 1 "the $what VM does not boot (see $LOGS)")
	else
		(NAMES=(); give_up "lab/$k/boot-$what" 77 "the $what VM does not boot kernel $k here")
	fi
	return 1
}

any_script() {
	local f

	for f in $(scripts "$1" "$2"); do
		named "$(basename "$(dirname "$f")")/$2/$(basename "$f" .sh)" && return 0
	done
	return 1
}

# host_tests KERNEL: those that need no probe VM.
host_tests() {
	[ -n "$LIST" ] || "$LAB" down >/dev/null 2>&1
	boot host "$1" twice host_up "$1" "$(first_topology host "$1")" && run_scripts host "$1" "$1"
}

# apart KERNEL: the same in a lab of its own, beside another.
apart() {
	trap '"$LAB" down >/dev/null 2>&1' EXIT
	trap 'exit 130' INT TERM HUP
	export LAB_NAME=$LAB_NAME-$1
	host_tests "$1"
	exit 0
}

# all_host_tests KERNEL...: two at a time, for a lab mostly waits.
all_host_tests() {
	local k

	if [ $# -lt 2 ] || [ "$JOBS" -lt 2 ] || [ -n "$LIST$KEEP" ]; then
		for k; do
			host_tests "$k"
		done
		return
	fi
	for k; do
		[ "$(jobs -rp | wc -l)" -lt 2 ] || wait -n
		apart "$k" &
		APART+=($!)
	done
	wait
	APART=()
}

# Each kernel in the host VM; then each kernel in the probe VM, in a fresh host
# VM of the kernel that libvirt's answers are kept for.
storeys_lab() {
	local k list=()

	LAB_USED=1
	for k in $(kernels); do
		! any_script host "$k" || list+=("$k")
	done
	all_host_tests ${list[@]+"${list[@]}"}
	for k in $(kernels); do
		any_script probe "$k" || continue
		if [ "$k" != 6.1 ] && [ "$k" != 6.12 ] && [ -z "$LIST$NEWEST" ]; then
			give_up "lab/$k/boot-probe" 77 \
				"kernel $k does not come up as the probe VM under emulation; try with NEWEST=1"
			continue
		fi
		[ -n "$LIST" ] || "$LAB" down >/dev/null 2>&1
		boot probe "$k" twice probe_up 6.12 "$k" "$(first_topology probe "$k")" &&
			run_scripts probe "$k" 6.12
		[ -n "$LIST" ] || "$LAB" probe down >/dev/null 2>&1
	done
}
