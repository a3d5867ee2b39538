# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2153
# Other recorders beside ours on a veth pair, one after the other, each up the same
# ladder of rates; sourced by bench/storage. The source, and with it the kernel's way of a
# frame up to the recorder, has the first CPU; the recorder has the others.
# shellcheck source=bench/recorders.sh
. "$TOP/bench/recorders.sh"

IFACE=ve1 MIB=1024 PROGRAMS=build
OURS=hpcap RECORDERS='hpcap hpcap-packet stenotype tcpdump dumpcap netsniff'

world() {
	ip link add ve0 type veth peer name ve1 || die "no veth pair: is this kernel without veth?"
	ip link set ve0 up
	ip link set ve1 up
	for i in ve0 ve1; do
		echo 1 >/proc/sys/net/ipv6/conf/"$i"/disable_ipv6
		ethtool -K "$i" rx off tx off >/dev/null 2>&1
	done
	ethtool -K ve1 gro on	# or it takes no frames that the kernel makes
	CPUS=0
	[ "$(nproc)" = 1 ] || CPUS=1-$(($(nproc) - 1))
}

cpu_of() {
	awk '{ print ($14 + $15) / 100 }' "/proc/$1/stat" 2>/dev/null
}

minus() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a - b }'
}

# pinned NAME: becomes it, on the recorders' CPUs and with a priority of real time, as the
# source has: what else this machine does takes from none of them.
pinned() {
	taskset -p -c "$CPUS" "$BASHPID" >/dev/null
	[ -z "$PRIO" ] || chrt -r -p 1 "$BASHPID"
	recorder "$1"
}

# try_veth NAME LENGTH KPPS: sets SENT, STORED, TOOK (until all is on the disk), CPU;
# making its ring ready is not counted.
TRY=try_veth
try_veth() {
	local log=$DIR/../storage.log pid begin before i

	clean
	(pinned "$1") >"$log" 2>&1 &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		! ready "$1" "$log" || break
		sleep 0.1
	done
	sleep 0.5
	before=$(cpu_of $pid) begin=$EPOCHREALTIME
	SENT=$($PRIO taskset -c 0 "$BIN"/sender ve0 "$2" "$(($3 * 1000))" "$STEP" | awk '{ print $2 }')
	TOOK=$(minus "$(on_disk $pid)" "$begin")
	CPU=$(minus "$(cpu_of $pid)" "$before")
	# stenotype tells its drops, and ends, only when frames come
	[ "$1" != stenotype ] || "$BIN"/sender ve0 60 1000 3 >/dev/null
	kill -INT $pid 2>/dev/null
	[ "$1" != stenotype ] || "$BIN"/sender ve0 60 1000 1 >/dev/null
	for ((i = 0; i < 200; i++)); do
		kill -0 $pid 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	STORED=$(recorder_stored "$1" "$log")
	STORED=${STORED:-0}
	rm -f "$log"
}

# passed NAME LENGTH KPPS: the source gave the rate, and all of it was stored. Whoever was
# held up by something else has a second try.
passed() {
	local tries=2

	while [ $((tries--)) -gt 0 ]; do
		"$TRY" "$@"
		if [ "$SENT" -ge $(($3 * STEP * 950)) ] && [ "$STORED" -ge "$SENT" ]; then
			return 0
		fi
	done
	return 1
}

# Up the ladder until a step loses; a step that the source cannot give ends it, too.
# What a byte costs, and how fast all was on the disk, is that of the last step without loss;
# what a frame costs, of the first one, which all have. Who has been up before leaves out
# what is far below where that ended.
declare -A LAST
ladder() {
	local who=$1 len=$2 kpps best=0 bytes=0 disk=0 cpu=0

	for kpps in $3; do
		[ "$best" = 0 ] || [ $((kpps * 10)) -ge $((${LAST[$who.$len]:-0} * 6)) ] || continue
		passed "$who" "$len" "$kpps" || break
		[ "$best" != 0 ] || figure "$len" "cpu_frame_$who" us "$(per "${CPU}e6" "$STORED")"
		best=$kpps cpu=$CPU
		bytes=$((STORED * len))
		disk=$(per "$STORED" "$(per "$TOOK" 0.001)")
	done
	LAST[$who.$len]=$best
	figure "$len" "lossless_$who" kpps "$best"
	figure "$len" "on_disk_$who" kpps "$disk"
	figure "$len" "ladder_end_offered_$who" frames "$SENT"
	figure "$len" "ladder_end_stored_$who" frames "$STORED"
	[ "$best" = 0 ] || figure "$len" "cpu_$who" s/GB "$(per "${cpu}e9" "$bytes")"
}

bench_peers() {
	local i who len

	world
	for ((i = 0; i < ROUNDS; i++)); do
		for who in $RECORDERS; do
			say "$who, round $((i + 1)) of $ROUNDS"
			load peers
			for len in $LENGTHS; do
				ladder "$who" "$len" "${LADDER[$len]}"
			done
		done
	done
}

# best_peer METRIC: of the medians at 1514 bytes, without ours.
best_peer() {
	local best=0 who v

	for who in $RECORDERS; do
		[[ $who != hpcap* ]] || continue
		v=$(median 1514 "$1_$who")
		awk -v a="${v:-0}" -v b="$best" 'BEGIN { exit !(a > b) }' && best=$v
	done
	echo "$best"
}

peers_goals() {
	[ -n "$(median 1514 "lossless_$OURS")" ] && [ "$(best_peer lossless)" != 0 ] || return 0
	goal "1514 bytes: lossless rate to the best peer's" \
		"$(per "$(median 1514 "lossless_$OURS")" "$(best_peer lossless)")" 1.4
	goal "1514 bytes: on the disk by then, to the best peer's" \
		"$(per "$(median 1514 "on_disk_$OURS")" "$(best_peer on_disk)")" 1.4
}
