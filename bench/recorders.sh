# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2153
# Programs that store what comes over an interface: ours and its peers, each as its
# authors run it. Sourced by bench/storage, for this machine, and by bench/inside, in the lab.
#   IFACE     interface          DIR    where they store
#   MIB       each may wait in   SENT   frames that came, for who tells only what it lost
#   PROGRAMS  our programs

# recorder NAME: becomes it.
recorder() {
	case $1 in
	hpcap)
		exec "$PROGRAMS"/bench/storing --if "$IFACE" --xdp --seconds 1000 --ring $((MIB - 64)) \
			--nic-ring 64 "$DIR"
		;;
	hpcap-packet)
		exec "$PROGRAMS"/bench/storing --if "$IFACE" --seconds 1000 --ring $((MIB - 64)) \
			--nic-ring 64 "$DIR"
		;;
	hpcapdd) exec "$PROGRAMS"/bin/hpcapdd --json -C 512M "${IFACE%_*}" "${IFACE#*_}" "$DIR" ;;
	tcpdump) exec tcpdump -i "$IFACE" -n -B $((MIB << 10)) -Z root -w "$DIR/x.pcap" ;;
	dumpcap) exec dumpcap -i "$IFACE" -q -B "$MIB" -w "$DIR/x.pcapng" ;;
	netsniff) exec netsniff-ng -i "$IFACE" -s -Q -G -S "${MIB}MiB" -o "$DIR/x.pcap" ;;
	stenotype)
		mkdir -p "$DIR/PKT0" "$DIR/IDX0"
		exec stenotype --iface="$IFACE" --dir="$DIR" --threads=1 --blocks="$MIB" --uid=root \
			--gid=root --seccomp=none --no_watchdogs --preallocate_file_mb=$((MIB * 4)) \
			--aiops=$((MIB < 128 ? MIB : 128)) --blockage_sec=1 --stats_blocks=64 \
			--stats_sec=1 -v
		;;
	esac
}

# ready NAME LOG: does it listen?
ready() {
	case $1 in
	stenotype) grep -qs 'starting to process' "$2" ;;
	hpcapdd) grep -qs capturing "$2" ;;
	hpcap) ip link show "$IFACE" | grep -q xdp ;;
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

# recorder_stored NAME LOG: frames that it says it has.
recorder_stored() {
	case $1 in
	hpcapdd) sed -n 's/.*"frames": *\([0-9]*\).*/\1/p' "$2" | tail -n 1 ;;
	hpcap*) tr '\t' '\n' <"$2" | awk 'seen { print; exit } $0 == "stored" { seen = 1 }' ;;
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

# --- verbs of bench/inside -----------------------------------------------------------

# came NAME INTERFACE: frames that it has had so far.
came() {
	local rx_hpcap_frames=''

	if [ "$1" = hpcapdd ]; then
		statistics "$2"
		echo "$rx_hpcap_frames"
	else
		cat "/sys/class/net/$2/statistics/rx_packets"
	fi
}

record_in() {
	DIR=/var/tmp/bench-disk/recorded
}

# begun NAME: it listens, or has ended.
begun() {
	ready "$1" "$STATE/log" || gone
}

# record NAME INTERFACE MIB: it runs; the machine's counters.
record() {
	record_in
	IFACE=$2 MIB=$3 PROGRAMS=$TOOLS
	[ "$1" != hpcapdd ] || IFACE=$(queue_of "$2") || fail "no capture queue on $2"
	rm -rf "$DIR"
	mkdir -p "$DIR"
	sync -f "$DIR"
	# packet sockets want their rings in pieces of a megabyte
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
	rm -f "$STATE/pid"
	# behind a shell that stays: stenotype ends when the process that started it does
	{
		recorder "$1" &
		echo $! >"$STATE/pid"
		wait
	} </dev/null >"$STATE/log" 2>&1 &
	until_so 10 test -s "$STATE/pid" || fail "$1 does not start"
	until_so 60 begun "$1"
	ready "$1" "$STATE/log" || fail "$1: $(head -c 600 "$STATE/log" | tr '\n' ' ')"
	printf 'NAME=%s\nPLACE=%s\nCAME=%s\n' "$1" "$2" "$(came "$1" "$2")" >"$STATE/recorder"
	ticks
	echo
}

# record_settle: what was written goes to the disk; the machine's counters by then, and how
# many seconds it took until there was no more to write.
record_settle() {
	local begin=$EPOCHREALTIME

	record_in
	sync -f "$DIR"
	ticks
	awk -v a="$begin" -v b="$(on_disk "$(<"$STATE/pid")")" 'BEGIN { printf "late %.3f ", b - a }'
	# shellcheck disable=SC1091
	. "$STATE/recorder"
	SENT=$(($(came "$NAME" "$PLACE") - CAME))
	echo "SENT=$SENT" >>"$STATE/recorder"
	echo "came $SENT"
}

# record_end: the recorder ends; frames that it has stored.
record_end() {
	# shellcheck disable=SC1091
	. "$STATE/recorder"
	[ "$NAME" = stenotype ] || kill -INT "$(<"$STATE/pid")" 2>/dev/null
	[ "$NAME" = stenotype ] || until_so 30 gone || true
	kill -KILL "$(<"$STATE/pid")" 2>/dev/null
	until_so 10 gone
	recorder_stored "$NAME" "$STATE/log"
	rm -f "$STATE/recorder" "$STATE/pid"
}
