# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2153
# Other recorders beside ours on a veth pair, one after the other, each up the same
# ladder of rates; sourced by bench/storage. The source, and with it the kernel's way of a
# frame up to the recorder, has the first CPU; the recorder has the others.

RECORDERS='hpcap hpcap-packet stenotype tcpdump dumpcap netsniff'

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

# recorder NAME: becomes it. Each has 512 MiB to wait in; stenotype, as published, 1 GiB.
recorder() {
	case $1 in
	hpcap) exec "$BIN"/storing --if ve1 --xdp --seconds 1000 --ring 512 "$DIR" ;;
	hpcap-packet) exec "$BIN"/storing --if ve1 --seconds 1000 --ring 448 --nic-ring 64 "$DIR" ;;
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
	case $1 in
	stenotype) grep -qs 'starting to process' "$2" ;;
	hpcap) ip link show ve1 | grep -q xdp ;;
	*) [ "$(wc -l </proc/net/packet)" -ge 2 ] ;;
	esac
}

# written PID: what it has given to the kernel.
written() {
	awk '/^wchar|^write_bytes/' "/proc/$1/io" 2>/dev/null
}

# on_disk PID: waits until it has written nothing for half a second; prints when the last
# of it was on the disk. What waits in a ring when the source ends is not lost, but
# some forget it when they are told to end.
on_disk() {
	local was=none now last still=0

	while [ $still -lt 5 ] && kill -0 "$1" 2>/dev/null; do
		now=$(written "$1")
		still=$((still + 1))
		if [ "$now" != "$was" ]; then
			sync -f "$DIR"
			last=$EPOCHREALTIME was=$now still=0
		fi
		sleep 0.1
	done
	echo "$last"
}

# stored NAME LOG: frames that it says it has.
stored() {
	case $1 in
	hpcap*) field stored <"$2" ;;
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

# Of the whole machine: source, recorder, and who writes the page cache back.
cpu_of_all() {
	awk '$1 == "cpu" { print ($2 + $3 + $4 + $7 + $8) / 100 }' /proc/stat
}

minus() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a - b }'
}

# try NAME LENGTH KPPS: sets SENT, STORED, TOOK (until all is on the disk), CPU, CPU_ALL;
# making its ring ready is not counted.
try() {
	local log=$DIR/../storage.log pid begin before all i

	clean
	(recorder "$1") >"$log" 2>&1 &
	pid=$!
	taskset -a -p -c "$CPUS" $pid >/dev/null
	for ((i = 0; i < 200; i++)); do
		! ready "$1" "$log" || break
		sleep 0.1
	done
	sleep 0.5
	before=$(cpu_of $pid) all=$(cpu_of_all) begin=$EPOCHREALTIME
	SENT=$(taskset -c 0 "$BIN"/sender ve0 "$2" "$(($3 * 1000))" "$TIME" | awk '{ print $2 }')
	TOOK=$(minus "$(on_disk $pid)" "$begin")
	CPU=$(minus "$(cpu_of $pid)" "$before") CPU_ALL=$(minus "$(cpu_of_all)" "$all")
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

# passed NAME LENGTH KPPS: the source gave the rate, and all of it was stored. Whoever was
# held up by something else has a second try.
passed() {
	local n

	for n in 1 2; do
		try "$@"
		if [ "$SENT" -ge $(($3 * TIME * 950)) ] && [ "$STORED" -ge "$SENT" ]; then
			return 0
		fi
	done
	return 1
}

# Up the ladder until a step loses; a step that the source cannot give ends it, too.
# What a frame costs, and how fast all of it was on the disk, is that of the last step
# without loss.
ladder() {
	local who=$1 len=$2 kpps best=0 gb=0 disk=0 cpu=0 all=0

	for kpps in $3; do
		passed "$who" "$len" "$kpps" || break
		best=$kpps cpu=$CPU all=$CPU_ALL
		gb=$(per "$((STORED * len))" 1000000000)
		disk=$(per "$STORED" "$(per "$TOOK" 0.001)")
	done
	figure "$len" "lossless_$who" kpps "$best"
	figure "$len" "on_disk_$who" kpps "$disk"
	figure "$len" "ladder_end_offered_$who" frames "$SENT"
	figure "$len" "ladder_end_stored_$who" frames "$STORED"
	[ "$best" = 0 ] || figure "$len" "cpu_$who" s/GB "$(per "$cpu" "$gb")"
	[ "$best" = 0 ] || figure "$len" "cpu_all_$who" s/GB "$(per "$all" "$gb")"
}

bench_peers() {
	local i who

	world
	for ((i = 0; i < ROUNDS; i++)); do
		for who in $RECORDERS; do
			say "$who, round $((i + 1)) of $ROUNDS"
			load peers
			ladder $who 1514 "$RATES_1514"
			ladder $who 60 "$RATES_60"
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
	goal "1514 bytes: lossless rate to the best peer's" \
		"$(per "$(median 1514 lossless_hpcap)" "$(best_peer lossless)")" 1.4
	goal "1514 bytes: on the disk by then, to the best peer's" \
		"$(per "$(median 1514 on_disk_hpcap)" "$(best_peer on_disk)")" 1.4
}
