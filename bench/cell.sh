# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034
# One cell: an engine started, the rate searched, a fixed rate, the highest rate, its
# rows. Where and how is the lab's or the hosts', by the word CELL: cell_on CMD... (in
# the machine that captures), cell_around (counters of the host around it, or nothing),
# cell_insns ("ALL IN-GUESTS NS", or nothing), cell_send RATE SECONDS (prints the frames
# sent and the seconds it took), cell_send_one (prints when it was sent, microseconds by
# this machine's clock), cell_beside (frames that tenants have got, or nothing).

cell_on() {
	"cell_on_$CELL" "$@"
}

cell_around() {
	"cell_around_$CELL"
}

cell_insns() {
	"cell_insns_$CELL"
}

cell_send() {
	"cell_send_$CELL" "$@"
}

cell_send_one() {
	"cell_send_one_$CELL"
}

cell_beside() {
	"cell_beside_$CELL"
}

# word KEY LINE: the value behind KEY in "key value ..." words.
word() {
	awk -v k="$1" '{ for (i = 1; i < NF; i += 2) if ($i == k) { print $(i + 1); f = 1 } }
		END { if (!f) print 0 }' <<<"$2"
}

# gain KEY: how much a counter of the engine's machine grew in the last trial.
gain() {
	echo $(($(word "$1" "$AFTER") - $(word "$1" "$BEFORE")))
}

around_gain() {
	echo $(($(word "$1" "$AROUND_AFTER") - $(word "$1" "$AROUND_BEFORE")))
}

cell_fail() {
	row "$CASE" "$REPEAT" cell - - "$*"
	say "$CASE: $*"
}

cell_sample() {
	cell_on sample 2>"$STATE/cell.err"
}

# settle [sampled]: samples until the engine has counted all that was sent, or counts no
# more for a second and a half: tcpdump may get what is not a whole block a second late.
settle() {
	local i was=-1 now still=0

	for ((i = 0; i < 40 && still < 5; i++)); do
		[ "$i$1" = 0sampled ] || AFTER=$(cell_sample) || return
		now=$(gain frames)
		[ "$now" -lt "$SENT" ] || return 0
		still=$((now == was ? still + 1 : 0))
		was=$now
		sleep 0.3
	done
}

# send RATE SECONDS: sets SENT, TOOK.
send() {
	read -r SENT TOOK < <(cell_send "$1" "$2") || return
	[ "${SENT:-0}" -gt 0 ] || { echo "no frame could be sent" >>"$STATE/cell.err"; return 1; }
}

lost() {
	LOST=$(calc "$SENT > $(gain frames) ? ($SENT - $(gain frames)) / $SENT : 0")
}

# costly_trial RATE SECONDS: sets BEFORE, AFTER, AT_END, those around, LOST (a share).
costly_trial() {
	BEFORE=$(cell_sample) || return
	AROUND_BEFORE=$(cell_around)
	INSNS="$(cell_insns)"
	send "$1" "$2" || return
	INSNS+=" $(cell_insns)"
	# time is that of the sending: settling is not the engine's work
	AROUND_AFTER=$(cell_around)
	AFTER=$(cell_sample) || return
	AT_END=$AFTER
	settle sampled || return
	lost
}

# trial RATE SECONDS: frames alone, from where the trial before ended; a row.
trial() {
	BEFORE=$AFTER
	send "$1" "$2" && settle "" || return
	lost
	row "$CASE" "$REPEAT" loss_at_rate % "$(calc "100 * $LOST")" \
		"asked $1, offered $(calc "$SENT / $TOOK")"
}

# search: the rate at which loss begins. The highest rate has been tried, and the fixed
# one, which counts if nothing was lost at it.
search() {
	local answer rate trials n most=$SEARCH hurry='' loss=${LOSS:-$(setting loss 0.001)}

	trials="$(setting to) $(calc "$SENT / $TOOK") $LOST"$'\n'
	[ "$(calc "${FIXED##* } > $loss")" = 1.0000 ] || trials+=$FIXED$'\n'
	for ((n = 1; ; n++)); do
		if [ "$n" -lt "$most" ] && [ "$SECONDS" -ge "$CELL_UNTIL" ]; then
			most=$n hurry=", found in a hurry"
		fi
		answer=$(counting rate "$(setting from)" "$(setting to)" "$loss" \
			0.15 "$most" <<<"$trials") || return
		read -r answer rate <<<"$answer"
		[ "$answer" = try ] || break
		trial "$rate" "$TIME" || return
		trials+="$rate $(calc "$SENT / $TOOK") $LOST"$'\n'
	done
	case $answer in
	found) answer="loss begins above it" ;;
	generator) answer="no loss, the generator gives no more" ;;
	above) answer="no loss at the highest rate that was asked for" ;;
	below) answer="loss at the lowest rate, $(setting from)" ;;
	esac
	row "$CASE" "$REPEAT" lossless_rate 1/s "$rate" "$answer$hurry"
}

# per METRIC UNIT COUNT FRAMES SCALE: a counter of the trial by its frames.
per() {
	row "$CASE" "$REPEAT" "$1" "$2" "$(calc "$5 * $3 / ($4 > 0 ? $4 : 1)")" ""
}

# ticks_row METRIC TICKS FRAMES: clock ticks of 10 ms as microseconds a frame.
ticks_row() {
	per "$1" us "$2" "$3" 10000
}

# fixed: losses by place, CPU time, exits at a rate that all engines get.
fixed() {
	local n beside

	beside=$(cell_beside)
	costly_trial "$(setting pps)" $((TIME * 2)) || return
	n=$(gain frames)
	FIXED="$(setting pps) $(calc "$SENT / $TOOK") $LOST"
	row "$CASE" "$REPEAT" offered frames "$SENT" "at $(setting pps) a second"
	row "$CASE" "$REPEAT" nic frames "$(gain nic)" "counted by the driver"
	row "$CASE" "$REPEAT" captured frames "$n" ""
	row "$CASE" "$REPEAT" captured_percent % "$(calc "100 * $n / $SENT")" ""
	row "$CASE" "$REPEAT" lost_nic frames "$(calc "$SENT > $(gain nic) ? $SENT - $(gain nic) : 0")" ""
	row "$CASE" "$REPEAT" lost_engine frames "$(calc "$(gain nic) > $n ? $(gain nic) - $n : 0")" \
		"dropped by its own count: $(gain dropped)"
	SETTLED=$AFTER AFTER=$AT_END
	ticks_row cpu_kernel "$(gain kernel)" "$n"
	ticks_row cpu_user "$(gain user)" "$n"
	ticks_row cpu_frame $(($(gain user) + $(gain kernel))) "$n"
	row "$CASE" "$REPEAT" memory MiB "$(calc "$(word memory "$AFTER") / 1024")" "of the program, at most"
	around "$n"
	AFTER=$SETTLED
	[ -z "$beside" ] || row "$CASE" "$REPEAT" tenants_got % \
		"$(calc "100 * ($(cell_beside) - $beside) / $SENT")" "of the same frames, by their own counters"
}

# around FRAMES: what the host beside the guest paid for them.
around() {
	local c name

	if [ -z "$AROUND_AFTER" ]; then
		for name in cpu_host exits injections mmio; do
			row "$CASE" "$REPEAT" $name - - "no guest, no host around it"
		done
		return
	fi
	ticks_row cpu_host $(($(around_gain user) + $(around_gain kernel))) "$1"
	if [[ $AROUND_AFTER != *exits* ]]; then
		for name in exits injections mmio; do
			row "$CASE" "$REPEAT" $name - - "the host's KVM statistics cannot be read (debugfs)"
		done
		return
	fi
	EXITS="$(around_gain exits) $(around_gain ns) $1"
	for c in exits:exits injections:irq_injections mmio:mmio_exits; do
		per "${c%:*}" "1/1000 frames" "$(around_gain "${c#*:}")" "$1" 1000
	done
}

# idle: exits and instructions while no frame comes, and what is left of those of the
# fixed rate without them.
idle() {
	local exits ns frames now

	AROUND_BEFORE=$(cell_around)
	sleep 0.3	# what that cost is over
	now=$(cell_insns)
	[ "$now$AROUND_BEFORE" ] || return 0
	sleep 1
	now+=" $(cell_insns)"
	AROUND_AFTER=$(cell_around)
	# shellcheck disable=SC2086 # three numbers each
	instructions $INSNS $now
	[[ $AROUND_AFTER == *exits* ]] || return 0
	row "$CASE" "$REPEAT" exits_idle 1/s "$(calc "$(around_gain exits) * 1e9 / $(around_gain ns)")" ""
	read -r exits ns frames <<<"$EXITS"
	per exits_caused "1/1000 frames" "($exits - $ns * $(around_gain exits) / $(around_gain ns))" \
		"$frames" 1000
}

# instructions A G NS A G NS A G NS A G NS: all and those of guests, before and after the
# frames, before and after none. By frame, without what is executed anyhow: of the machine
# that captures, and of the host around it.
instructions() {
	local g a share

	[ $# = 12 ] || return 0
	if [ "$(setting engine)" = dpdk ]; then
		row "$CASE" "$REPEAT" instructions - - "testpmd polls: without a frame it executes as many"
		return
	fi
	share="($6 - $3) / (${12} - $9)"
	a="($4 - $1 - (${10} - $7) * $share)" g="($5 - $2 - (${11} - $8) * $share)"
	if [ -z "$AROUND_AFTER" ]; then
		per instructions 1 "$a" "$SENT" 1
		return
	fi
	per instructions 1 "$g" "$SENT" 1
	per instructions_host 1 "($a - $g)" "$SENT" 1
}

# busy: exits that frames cause when hpcap's thread in the guest never sleeps; at the
# highest rate, because there are some from timers, and not as many in one second as in another.
busy() {
	local exits ns frames

	[ "$(setting engine)" = hpcap ] && [[ $AROUND_AFTER == *exits* ]] || return 0
	cell_on poll busy || return
	AROUND_BEFORE=$(cell_around)
	sleep 1
	AROUND_AFTER=$(cell_around)
	exits=$(around_gain exits) ns=$(around_gain ns)
	AROUND_BEFORE=$AROUND_AFTER
	send "$(setting to)" $((TIME * 2)) || return
	AROUND_AFTER=$(cell_around)
	cell_on poll adaptive || return
	per exits_busy "1/1000 frames" "($(around_gain exits) - $(around_gain ns) * $exits / $ns)" "$SENT" 1000
	AFTER=$(cell_sample)
}

overload() {
	trial "$(setting to)" "$TIME" || return
	row "$CASE" "$REPEAT" captured_overload % "$(calc "100 * $(gain frames) / $SENT")" \
		"offered $(calc "$SENT / $TOOK")"
}

# known: what is not measured here, and why.
known() {
	local copies

	case $(setting engine) in
	dpdk) copies=0 ;;
	tcpdump) copies=2 ;;
	*) copies=1 ;;
	esac
	row "$CASE" 0 copies 1 $copies "by design, from the NIC's buffer to where the program reads it"
	[ "$(cell_insns)" ] || row "$CASE" 0 instructions - - "$CELL_NO_INSTRUCTIONS"
	[ -z "$STORED_FROM" ] || stored
}

# stored: of the frames that the engine counted in all repeats, how many its files have.
stored() {
	local frames counted

	cell_on stop >/dev/null 2>&1
	counted=$(($(word frames "$AFTER") - STORED_FROM))
	frames=$(cell_on stored 2>"$STATE/cell.err") || {
		row "$CASE" 0 stored - - "$(tail -n 1 "$STATE/cell.err")"
		return
	}
	row "$CASE" 0 stored % "$(calc "100 * $frames / ($counted > 0 ? $counted : 1)")" \
		"$frames frames in its files, $counted counted by the engine"
}

# clock_of CMD...: which prints a machine's time in microseconds. Sets AHEAD of the clock
# here, WITHIN that it is known: by the quickest of three answers, as NTP does.
clock_of() {
	local i before now after

	WITHIN=
	for i in 1 2 3; do
		before=${EPOCHREALTIME/[.,]/}
		now=$("$@") || return
		after=${EPOCHREALTIME/[.,]/}
		[ $((after - before)) -lt $((2 * ${WITHIN:-1000000000})) ] || continue
		WITHIN=$(((after - before) / 2)) AHEAD=$((now - (before + after) / 2))
	done
}

# first: one frame after silence, from its sending until the engine's program has it.
first() {
	local has pid sent got late

	has=$(cell_on seen 2>"$STATE/cell.err") && clock_of cell_on clock || return
	ASK_WITHIN=40 cell_on await $((has + 1)) >"$STATE/first" 2>"$STATE/cell.err" &
	pid=$!
	sleep 0.5
	sent=$(cell_send_one 2>"$STATE/first.why")
	if ! wait $pid || [ -z "$sent" ]; then
		row "$CASE" "$REPEAT" first_frame - - "$(tail -qn 1 "$STATE/first.why" "$STATE/cell.err" | tail -n 1)"
		return 0
	fi
	read -r got late <"$STATE/first"
	row "$CASE" "$REPEAT" first_frame ms "$(calc "($got - $AHEAD - $sent) / 1000")" \
		"clocks compared within $(calc "$WITHIN / 1000") ms, looked for every $(calc "$late / 1000") ms"
}

# cell_measure ENGINE PLACE DIR: all repeats of the case that runs.
cell_measure() {
	local n=${REPEATS:-3} end

	case_time
	end=$((SECONDS + ${CASE_TIME:-10000000}))
	TIME=${TRIAL:-5} SEARCH=8
	if [ "$MODE" = quick ]; then
		n=${REPEATS:-2} TIME=${TRIAL:-1} SEARCH=4
	fi
	REPEAT=0
	cell_on start "$@" >/dev/null 2>"$STATE/cell.err" || {
		cell_fail "$(tail -n 1 "$STATE/cell.err")"
		cell_on stop >/dev/null 2>&1
		return
	}
	STORED_FROM=
	[ -z "${3:-}" ] || STORED_FROM=$(word frames "$(cell_sample)")
	for ((REPEAT = 1; REPEAT <= n; REPEAT++)); do
		if [ $REPEAT -gt 1 ] && [ "$SECONDS" -ge "$end" ]; then
			say "$CASE: repeats 1 to $((REPEAT - 1)) of $n, no time was left for more"
			break
		fi
		CELL_UNTIL=$((SECONDS + (end - SECONDS) / (n + 1 - REPEAT)))
		if ! { first && fixed && idle && busy && overload && search; }; then
			cell_fail "a trial failed: $(tail -n 1 "$STATE/cell.err")"
			break
		fi
	done
	known
	cell_on stop >/dev/null 2>&1
}
