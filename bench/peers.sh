# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2153
# Other recorders beside ours on a veth pair, one after the other, each up the same
# ladder of rates; sourced by bench/storage.

world() {
	ip link add ve0 type veth peer name ve1 || die "no veth pair: is this kernel without veth?"
	ip link set ve0 up
	ip link set ve1 up
	for i in ve0 ve1; do
		echo 1 >/proc/sys/net/ipv6/conf/"$i"/disable_ipv6
		ethtool -K "$i" rx off tx off gro off >/dev/null 2>&1
	done
}

# recorder NAME: becomes it. Each has 512 MiB to wait in; stenotype, as published, 1 GiB.
recorder() {
	case $1 in
	hpcap) exec "$BIN"/storing --if ve1 --seconds 1000 --ring 448 --nic-ring 64 "$DIR" ;;
	tcpdump) exec tcpdump -i ve1 -n -B 524288 -Z root -w "$DIR/x.pcap" ;;
	dumpcap) exec dumpcap -i ve1 -q -B 512 -w "$DIR/x.pcapng" ;;
	netsniff) exec netsniff-ng -i ve1 -s -Q -G -S 512MiB -o "$DIR/x.pcap" ;;
	stenotype)
		mkdir -p "$DIR/PKT0" "$DIR/IDX0"
		exec stenotype --iface=ve1 --dir="$DIR" --threads=1 --blocks=1024 --uid=root \
			--gid=root --seccomp=none --no_watchdogs --preallocate_file_mb=2048 --blockage_sec=1 \
			--stats_blocks=64 --stats_sec=1 -v
		;;
	esac
}

# ready NAME LOG: does it listen?
ready() {
	if [ "$1" = stenotype ]; then
		grep -qs 'starting to process' "$2"
	else
		[ "$(wc -l </proc/net/packet)" -ge 2 ]
	fi
}

# settled PID: has nothing been written for half a second? What waits in a ring when
# the source ends is not lost, but some forget it when they are told to end.
settled() {
	local was now

	was=$(awk '/^wchar|^write_bytes/' "/proc/$1/io" 2>/dev/null)
	sleep 0.5
	now=$(awk '/^wchar|^write_bytes/' "/proc/$1/io" 2>/dev/null)
	[ "$was" = "$now" ]
}

# stored NAME LOG: frames that it says it has.
stored() {
	case $1 in
	hpcap) field stored <"$2" ;;
	tcpdump) sed -n 's/^\([0-9]*\) packets captured.*/\1/p' "$2" ;;
	dumpcap) sed -n 's/^Packets received.*: \([0-9]*\)\/.*/\1/p' "$2" | tail -n 1 ;;
	netsniff) # after a carriage return; what it left in its ring is on another line
		tr -d '\r' <"$2" | awk '/packets incoming/ { sub(/^.*\(/, ""); unread = $1 }
			/packets passed filter/ { n = $1 } END { print n - unread }'
		;;
	stenotype)
		awk -v sent="$SENT" 'match($0, / drops=[0-9]+/) { seen = 1
			drops = substr($0, RSTART + 7, RLENGTH - 7) }
			END { print seen ? sent - drops : 0 }' "$2"
		;;
	esac
}

cpu_of() {
	awk '{ print ($14 + $15) / 100 }' "/proc/$1/stat" 2>/dev/null
}

# try NAME LENGTH KPPS: sets SENT, STORED, CPU; making its ring ready is not counted.
try() {
	local log=$DIR/../storage.log pid sent before i

	clean
	(recorder "$1") >"$log" 2>&1 &
	pid=$!
	for ((i = 0; i < 200; i++)); do
		! ready "$1" "$log" || break
		sleep 0.1
	done
	sleep 0.5
	before=$(cpu_of $pid)
	sent=$("$BIN"/sender ve0 "$2" "$(($3 * 1000))" "$TIME")
	for ((i = 0; i < 20; i++)); do
		! settled $pid || break
	done
	CPU=$(awk -v a="$before" -v b="$(cpu_of $pid)" 'BEGIN { print b - a }')
	SENT=$(awk '{ print $2 }' <<<"$sent")
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
	STORED=$(stored "$1" "$log")
	STORED=${STORED:-0}
	rm -f "$log"
}

# Up the ladder until a step loses; a step that the source cannot give ends it, too.
ladder() {
	local who=$1 len=$2 kpps best=0 gb=0 cpu=0

	for kpps in $3; do
		try "$who" "$len" "$kpps"
		[ "$SENT" -ge $((kpps * TIME * 900)) ] || break
		[ "$STORED" -ge "$SENT" ] || break
		best=$kpps
		gb=$(per "$((STORED * len))" 1000000000)
		cpu=$CPU
	done
	figure "$len" "lossless_$who" kpps "$best"
	figure "$len" "ladder_end_offered_$who" frames "$SENT"
	figure "$len" "ladder_end_stored_$who" frames "$STORED"
	[ "$best" = 0 ] || figure "$len" "cpu_$who" s/GB "$(per "${cpu:-0}" "$gb")"
}

bench_peers() {
	local i who

	world
	for ((i = 0; i < ROUNDS; i++)); do
		for who in hpcap stenotype tcpdump dumpcap netsniff; do
			say "$who, round $((i + 1)) of $ROUNDS"
			load peers
			ladder $who 1514 "$RATES_1514"
			ladder $who 60 "$RATES_60"
		done
	done
}
