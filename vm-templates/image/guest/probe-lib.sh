# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# What the steps of hpcap-probe share: the config disk's keys, what is known so far,
# the status and log in the share.

# conf KEY: its value in hpcap.conf, or nothing. Read, never run.
conf()
{
	sed -n "s/^$1=//p" "$RUN/hpcap.conf" 2>/dev/null | head -n 1
}

# match KEY PATTERN: is the whole value of that form?
match()
{
	conf "$1" | grep -Eqx "$2" || { [ -z "$(conf "$1")" ] && echo | grep -Eqx "$2"; }
}

# is KEY VALUE: known from now on, in later steps too. The status follows the state.
is()
{
	printf '%s\n' "$2" >"$RUN/is.$1.new" && mv "$RUN/is.$1.new" "$RUN/is.$1"
	[ "$1" != state ] || put_status
}

known()
{
	cat "$RUN/is.$1" 2>/dev/null
}

# wait_for SECONDS CMD...: until CMD succeeds; 1 when time is up.
wait_for()
{
	left=$(($1 * 5))
	shift
	until "$@"; do
		[ "$left" -gt 0 ] || return 1
		left=$((left - 1))
		sleep 0.2
	done
}

say()
{
	echo "hpcap-probe: $*"
	[ ! -d "$SHARE/files" ] || echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*" >>"$SHARE/log"
}

# give_up WHY: the state is failed, and the step ends.
give_up()
{
	is why "$*"
	say "failed: $*"
	is state failed
	exit 1
}

put_status()
{
	[ -d "$SHARE/files" ] || return 0
	{
		for key in state why request collected frames bytes lost mount; do
			value=$(known $key)
			[ -z "$value" ] || echo "$key=$value"
		done
		[ -z "$(known queue)" ] || echo "device=$(known queue)"
		echo "updated=$(date +%s)"
	} >"$SHARE/status.new" && mv "$SHARE/status.new" "$SHARE/status"
}

# asked KEY: from the host's request, a number or nothing.
asked()
{
	sed -n "s/^$1=\([0-9]\{1,12\}\)\$/\1/p" "$SHARE/request" 2>/dev/null | head -n 1
}

# The deadline that holds now: the request's, or the config disk's; 0 for none.
deadline()
{
	at=$(asked deadline)
	at=${at:-$(conf deadline)}
	echo "${at:-0}"
}

past_deadline()
{
	[ "$(deadline)" != 0 ] && [ "$(date +%s)" -ge "$(deadline)" ]
}
