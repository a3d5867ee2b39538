# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The last step of hpcap-probe: capture, obey, bring the files home, end.

# hpcapdd's process is a child of this shell, so that its status can be asked.
start_hpcapdd()
{
	queue=$(known queue)
	adapter=${queue#hpcap_}
	adapter=${adapter%_*}
	place=$(known mount)
	rotate=$(conf rotate)
	size=$(conf file_size)
	set -- "$adapter" 0
	if [ -z "$place" ]; then
		set -- --null "$@"
	elif [ "$(conf role)" = vnp ]; then
		set -- --keep-free "$(twentieth "$place")M" "$@" "$place"
	else
		set -- "$@" "$place"
	fi
	if [ -n "$place" ]; then
		set -- ${rotate:+--rotate "$rotate"} ${size:+--file-size "$size"} "$@"
	fi
	hpcapdd --json --stats=1 --name "$(conf name)" "$@" >"$RUN/hpcapdd.json" 2>"$RUN/hpcapdd.log" &
	HPCAPDD=$!
	echo $HPCAPDD >"$RUN/hpcapdd.pid"
	wait_for 20 capture_begun || true
	kill -0 $HPCAPDD 2>/dev/null || give_up "hpcapdd: $(tail -n 1 "$RUN/hpcapdd.log")"
}

capture_begun()
{
	grep -qs capturing "$RUN/hpcapdd.log" || ! kill -0 "$HPCAPDD" 2>/dev/null
}

# MiB of a twentieth of a file system: what a probe that goes on keeps free.
twentieth()
{
	df -Pm "$1" | awk 'NR == 2 { print int($2 / 20) + 1 }'
}

# What hpcapdd said last, as known frames, bytes, lost.
read_counters()
{
	counters=$(sed -n 's/^hpcapdd: \([0-9]*\) frames.*, \([0-9]*\) bytes[ ,].* \([0-9]*\) lost, \([0-9]*\) not stored.*/\1 \2 \3 \4/p' \
		"$RUN/hpcapdd.log" | tail -n 1)
	[ -n "$counters" ] || counters="0 0 0 0"
	# shellcheck disable=SC2086 # four numbers
	set -- $counters
	is frames "$1"
	is bytes "$2"
	is lost $(($3 + $4))
}

# Files that hpcapdd has closed, or with "all" every one, relative to its folder.
stored_files()
{
	if [ "${1:-}" = all ]; then
		(cd "$2" && find . -name '*.raw' -size +0 | sed 's,^\./,,')
	else
		sed -n 's/.*"file": "\([A-Za-z0-9._/-]*\)".*/\1/p' "$2/hpcap.journal" 2>/dev/null
	fi
}

# collect [all]: into the share, whole or not at all.
collect()
{
	place=$(known mount)
	[ -n "$place" ] && [ -d "$SHARE/files" ] || return 0
	stored_files "${1:-}" "$place" | while read -r file; do
		[ -e "$place/$file" ] || continue
		[ ! -e "$SHARE/files/$file" ] || continue
		mkdir -p "$SHARE/files/$(dirname "$file")"
		if [ "$(conf storage)" = share ]; then
			mv "$place/$file" "$SHARE/files/$file"
		else
			cp "$place/$file" "$SHARE/part" && mv "$SHARE/part" "$SHARE/files/$file"
		fi || { rm -f "$SHARE/part"; exit 1; }
	done
}

# The same, with the status kept fresh meanwhile.
collect_patiently()
{
	collect "$@" &
	copying=$!
	while kill -0 $copying 2>/dev/null; do
		put_status
		sleep 1
	done
	wait $copying && return 0
	say "files could not be brought to the share; they stay where they are"
	return 1
}

# What the host wants, and whether it is over: sets WHY then.
obey()
{
	serial=$(asked serial)
	wish=$(asked collect)
	if [ -n "$wish" ] && [ "$wish" -gt "$(known collected || echo 0)" ]; then
		collect_patiently && is collected "$wish"
	fi
	WHY=
	if [ "$(asked stop)" = 1 ]; then
		WHY=request
	elif past_deadline; then
		WHY=deadline
	elif [ -n "$(conf cap_bytes)" ] && [ "$(known bytes || echo 0)" -ge "$(conf cap_bytes)" ]; then
		WHY=cap
	fi
	[ -z "$serial" ] || is request "$serial"
	[ -n "$WHY" ]
}

step_capture()
{
	is collected 0
	start_hpcapdd
	is state capturing
	say "capturing on $(known queue) into ${place:-nothing}"
	until read_counters; put_status; obey; do
		kill -0 $HPCAPDD 2>/dev/null || {
			wait $HPCAPDD
			give_up "hpcapdd ended: $(tail -n 1 "$RUN/hpcapdd.log")"
		}
		sleep 1
	done
	finish "$WHY"
}

# finish WHY: in order; the machine goes off behind it.
finish()
{
	is why "$1"
	is state ending
	say "ending: $1"
	if [ -s "$RUN/hpcapdd.pid" ] && kill -INT "$(cat "$RUN/hpcapdd.pid")" 2>/dev/null; then
		wait_for 120 hpcapdd_is_gone || kill -KILL "$(cat "$RUN/hpcapdd.pid")"
		read_counters
	fi
	wish=$(asked collect)
	if [ "$(conf collect)" != request ] || [ "${wish:-0}" -gt "$(known collected || echo 0)" ]; then
		collect_patiently all && is collected "${wish:-0}"
	fi
	sync
	case $(conf storage) in
	raid | nvme | disk) umount "$(known mount)" 2>/dev/null ;;
	esac
	say "ended: $1"
	is state ended
	${HPCAP_POWEROFF:-poweroff}
}

hpcapdd_is_gone()
{
	! kill -0 "$(cat "$RUN/hpcapdd.pid")" 2>/dev/null
}

# After a step that failed: so that one can look, until the deadline or the host ends it.
step_failed()
{
	why=$(known why)
	[ "$(known state)" = failed ] || { why="a step of the first boot was ended"; is why "$why"; is state failed; }
	until obey; do
		put_status
		sleep 1
	done
	finish "$WHY"
}
