# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2086,SC2154
# What bench/inside says of the engine that runs: its counters, by its own word.

# mark: what is in the log is known; what comes after it is ANSWER.
mark()
{
	mapfile -t ANSWER <$STATE/log
	MARK=${#ANSWER[@]}
}

answered()
{
	mapfile -t -s "$MARK" ANSWER <$STATE/log
	[[ ${ANSWER[*]} =~ $1 ]]
}

# number WORDS: what stands behind them in the answer.
number()
{
	[[ ${ANSWER[*]} =~ $1[\":]*\ *([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

# statistics: of the driver, into the variables that are named as they are.
statistics()
{
	local name value

	while IFS=': ' read -r name value; do
		case $name in
		rx_hpcap_captured_frames | rx_hpcap_client_lost_frames | rx_hpcap_frames)
			printf -v "$name" %s "$value"
			;;
		esac
	done < <(ethtool -S "$1" 2>/dev/null)
}

# counts: by what the engine itself says, in frames, dropped, nic.
counts()
{
	local pid rx_hpcap_captured_frames='' rx_hpcap_client_lost_frames='' rx_hpcap_frames=''

	frames='' dropped='' nic=0
	pid=$(<$STATE/pid)
	[ ! -r "/sys/class/net/$place/statistics/rx_packets" ] ||
		nic=$(<"/sys/class/net/$place/statistics/rx_packets")
	mark
	case $engine in
	tcpdump)
		kill -USR1 "$pid"
		until_so 10 answered '([0-9]+) packets? captured.* ([0-9]+) packets? dropped by kernel' ||
			fail "tcpdump does not answer"
		frames=${BASH_REMATCH[1]} dropped=${BASH_REMATCH[2]}
		;;
	tpacket | xdp)
		kill -USR1 "$pid"
		until_so 10 answered 'schema_version.*}' || fail "$engine does not answer"
		frames=$(number '\"frames')
		dropped=$(number '\"dropped')
		;;
	hpcap)
		statistics "$place"
		frames=$rx_hpcap_captured_frames
		dropped=$rx_hpcap_client_lost_frames
		nic=$rx_hpcap_frames
		;;
	dpdk) dpdk_reads ;;
	esac
}

memory()
{
	local key value

	while read -r key value _; do
		[ "$key" != VmHWM: ] || echo "$value"
	done <"/proc/$(<$STATE/pid)/status"
}

running()
{
	[ -e $STATE/what ] || fail "no engine runs"
	# shellcheck disable=SC1091
	. $STATE/what
	alive || fail "$engine is gone: $(tail -n 1 $STATE/log)"
}

sample()
{
	running
	ticks
	printf 'memory %s ' "$(memory)"
	counts
	echo "frames ${frames:-0} dropped ${dropped:-0} nic ${nic:-0}"
}

# program_has: the frames that the program itself has, as far as it tells, in HAS: testpmd's
# NIC counts those on their way, too; hpcap's are in the ring, where all programs see them.
program_has()
{
	local key value

	case $engine in
	dpdk)
		mark
		echo 'show fwd stats all' >$STATE/in
		until_so 60 answered 'Accumulated.*TX-total' || fail "testpmd does not answer"
		HAS=$(number RX-packets)
		;;
	hpcap)
		while read -r key value; do
			[ "$key" != captured ] || HAS=$value
		done <"$SHOWN"
		;;
	*)
		counts
		HAS=$frames
		;;
	esac
}

# shown: where hpcap's queue shows its counters.
shown()
{
	[ "$engine" = hpcap ] || return 0
	SHOWN=/sys/kernel/debug/hpcap/$(queue_of "$place")/stats
	[ -r "$SHOWN" ] || fail "$SHOWN cannot be read (debugfs)"
}

seen()
{
	running
	shown
	program_has
	echo "$HAS"
}

# await N: until the program has so many: when that was, and how long before it had not.
await()
{
	local now was

	running
	shown
	now=${EPOCHREALTIME/[.,]/}
	local end=$((now + 10000000))
	while :; do
		was=$now
		program_has
		now=${EPOCHREALTIME/[.,]/}
		[ "${HAS:-0}" -lt "$1" ] || break
		[ "$now" -lt $end ] || fail "it did not come within 10 s"
		read -r -t 0.005 -u $NAP
	done
	echo "$now $((now - was))"
}
