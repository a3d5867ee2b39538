# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2153
# Cases between machines: a sender and a receiver by ssh. Sourced by bench/run.

HOSTS_UP=
SSH=${BENCH_SSH:-ssh -o BatchMode=yes}

# quoted WORD...: for any shell at the other end.
quoted() {
	local word

	for word; do
		printf "'%s' " "${word//\'/\'\\\'\'}"
	done
}

# remote HOST CMD...: there, as given here. Nothing of the case list is its input.
remote() {
	local host=$1

	shift
	# shellcheck disable=SC2086,SC2029 # words of the command; expanded here
	$SSH "$host" "$(quoted "$@")" </dev/null
}

# hosts_line KEY: its words in the file.
hosts_line() {
	sed 's/#.*//' "$HOSTS" | awk -v k="$1" '$1 == k { $1 = ""; sub(/^ /, ""); print }' | head -n 1
}

# hosts_check: the file is right; before anything is touched.
hosts_check() {
	local bad

	[ -r "$HOSTS" ] || die "$HOSTS: cannot be read (bench/README.md shows such a file)"
	bad=$(sed 's/#.*//' "$HOSTS" | awk 'NF && $1 !~ /^(sender|receiver|around|network|rates|generator|store)$/ { print $1 }' |
		head -n 1)
	[ -z "$bad" ] || die "$HOSTS: unknown word $bad (sender, receiver, around, network, rates, generator, store)"
	read -r SENDER OUT_IF HOW bad <<<"$(hosts_line sender)"
	if [ -z "$OUT_IF" ] || [ -n "$bad" ] || [ "${HOW:-xdp}" != xdp ]; then
		die "$HOSTS: wanted: sender HOST INTERFACE [xdp]"
	fi
	read -r RECEIVER ADDRESS FLAVOUR bad <<<"$(hosts_line receiver)"
	if [ -z "$ADDRESS" ] || [ -n "$bad" ]; then
		die "$HOSTS: wanted: receiver HOST INTERFACE, or HOST ADDRESS DRIVER"
	fi
	FLAVOUR=${FLAVOUR:-none}
	AROUND=$(hosts_line around)
	NETWORK=$(hosts_line network)
	GENERATOR=$(hosts_line generator)
	read -r STORAGE FOLDER bad <<<"$(hosts_line store)"
	if [ -n "$STORAGE$FOLDER$bad" ] && [[ ! "$STORAGE $FOLDER$bad" =~ ^(disk|raid|virtio)\ /[^\ ]*$ ]]; then
		die "$HOSTS: wanted: store disk|raid|virtio /FOLDER (of the receiver)"
	fi
	read -r FROM PPS TO_RATE bad <<<"$(hosts_line rates)"
	if [[ ! "$FROM $PPS $TO_RATE" =~ ^[0-9]+\ [0-9]+\ [0-9]+$ ]] || [ -n "$bad" ]; then
		die "$HOSTS: wanted: rates FROM FIXED TO, in frames a second"
	fi
}

# hosts_place HOST FILE...: a folder there with our programs, gone when this ends.
hosts_place() {
	local host=$1 dir

	shift
	dir=$(remote "$host" mktemp -d) || return
	at_exit remote "$host" rm -rf "$dir"
	# shellcheck disable=SC2086,SC2029
	tar -C "$TOP" -cf - "$@" | $SSH "$host" "tar -C $dir -xf -" || return
	echo "$dir"
}

hosts_start() {
	[ -z "$HOSTS_UP" ] || return 0
	HOSTS_UP=failed
	build_here "$TOP/build/bench/tpacket" "$TOP/build/bench/xdp" "$TOP/build/bench/traffic"
	# not in a subshell: what is registered there for the end would be lost
	hosts_place "$SENDER" build/bench/traffic >"$STATE/place" || return
	OUT_DIR=$(cat "$STATE/place")
	# shellcheck disable=SC2086
	[ -z "$PCAP" ] || $SSH "$SENDER" "cat >$OUT_DIR/link.pcap" <"$PCAP" || return
	hosts_place "$RECEIVER" build/bench/tpacket build/bench/xdp bench/inside bench/dpdk.sh \
		bench/counts.sh >"$STATE/place" || return
	IN_DIR=$(cat "$STATE/place")
	at_exit cell_on restore "$ADDRESS"
	TO=$(remote "$RECEIVER" sh -c 'cat "/sys/class/net/$1/address" /sys/bus/pci/devices/$1/net/*/address 2>/dev/null |
		head -n 1' sh "$ADDRESS")
	remote "$RECEIVER" sh -c 'uname -r; nproc; sed -n "s/^model name[^:]*: //p" /proc/cpuinfo | head -n 1' |
		paste -sd, | sed "s/^/receiver /" >>"$OUT/machine.txt"
	HOSTS_UP=yes
}

cell_on_hosts() {
	remote "$RECEIVER" env "TOOLS=$IN_DIR/build" "STATE=$IN_DIR/state" bash "$IN_DIR/bench/inside" "$@"
}

cell_around_hosts() {
	[ -z "$AROUND" ] || remote "$AROUND" bash -c "$(cat "$TOP/bench/inside")" inside times
}

cell_insns_hosts() {
	:
}

cell_beside_hosts() {
	:
}

cell_send_hosts() {
	local frames

	frames=$(setting frames)
	[ "$frames" != capture ] || frames=$OUT_DIR/link.pcap
	if [ -n "$GENERATOR" ]; then
		remote "$SENDER" sh -c "$GENERATOR" generator "$1" "$2" "$frames" "${TO:-02:00:00:00:00:01}" \
			"$OUT_IF" 2>"$STATE/cell.err" | tail -n 1
		return
	fi
	remote "$SENDER" "$OUT_DIR/build/bench/traffic" send --frames "$frames" --to "${TO:-02:00:00:00:00:01}" \
		--pps "$1" --time "$2" ${HOW:+--xdp} "$OUT_IF" >"$STATE/wire" 2>"$STATE/cell.err"
	echo "$(json sent <"$STATE/wire") $(json seconds <"$STATE/wire")"
}

# cell_send_one: by the sender's word, in the time here.
cell_send_one_hosts() {
	local began

	[ -z "$GENERATOR" ] || { echo "the generator does not tell when it sends" >&2; return 1; }
	began=$(remote "$SENDER" "$OUT_DIR/build/bench/traffic" send --to "${TO:-02:00:00:00:00:01}" \
		--count 1 ${HOW:+--xdp} "$OUT_IF" | json began_us) && [ -n "$began" ] || return
	clock_of remote "$SENDER" date +%s%6N || return
	echo $((began - AHEAD))
}

hosts_case() {
	local place i kept=() dir=''

	say "$CASE"
	REPEAT=0
	CELL=hosts
	CELL_NO_INSTRUCTIONS="not counted: bench/run reads no performance counters of hosts"
	if [ "$(setting network)" != "${NETWORK:-host}" ]; then
		cell_fail "the receiver of this run is \"${NETWORK:-host}\": run it once for each network"
		return 0
	fi
	if [ "$(setting frames)" = capture ] && [ -z "$PCAP" ]; then
		cell_fail "between hosts a capture must be given (--pcap FILE)"
		return 0
	fi
	if [ "$(setting storage none)" != none ]; then
		dir=$FOLDER
		[ "$(setting storage)" = "$STORAGE" ] || {
			cell_fail "no folder of the receiver was named for it (store $(setting storage) FOLDER)"
			return 0
		}
	fi
	hosts_start
	if [ "$HOSTS_UP" != yes ]; then
		cell_fail "ssh to $SENDER or $RECEIVER does not work"
		return 0
	fi
	for i in "${SETTINGS[@]}"; do
		[[ $i == from=* || $i == to=* || $i == pps=* ]] || kept+=("$i")
	done
	SETTINGS=("${kept[@]}" "from=$FROM" "to=$TO_RATE" "pps=$PPS")
	if place=$(cell_on take "$ADDRESS" "$(setting engine)" "$FLAVOUR" 2>"$STATE/cell.err"); then
		# shellcheck disable=SC2086 # none or one word
		cell_measure "$(setting engine)" "$place" $dir
	else
		cell_fail "$(tail -n 1 "$STATE/cell.err")"
	fi
	cell_on stop >/dev/null 2>&1
}
