#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each option that a program of the guest's tells of stands in its manual page and is
# completed by bash; and no manual page tells of an option that the program has not.
export LAB_NAME=options
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=packaging/completion.bash
. "$TOP/packaging/completion.bash"

# manual PROGRAM: as text, options without troff's marks.
manual() {
	sed 's/\\-/-/g; s/\\f[A-Z]//g; s/"//g' "$TOP/docs/man/$1.1"
}

# completed PROGRAM WORD: what the shell offers.
completed() {
	COMP_WORDS=("$1" "$2")
	COMP_CWORD=1
	_hpcap "$1"
	echo " ${COMPREPLY[*]} "
}

# has TEXT OPTION: as a word of it.
has() {
	grep -qE -- "(^|[^a-z-])$2([^a-z-]|\$)" <<<"$1"
}

n=0
while read -r p; do
	find_tool "$p" || fail "no $p: build first"
	# under its name, as the completion calls it
	eval "$p() { tool $p \"\$@\"; }"
	help=$("$p" --help) || fail "$p --help"
	[ "$p" != hpcapdd ] || help+=$'\n'$("$p" --help -)
	text=$(manual "$p")
	mapfile -t options < <(_hpcap_options "$p")
	offered=$(completed "$p" -)
	complete -p "$p" >/dev/null 2>&1 || fail "$p is not completed"
	has "$help" --help || fail "$p tells of no --help"
	for o in ${options[@]+"${options[@]}"}; do
		has "$text" "$o" || fail "$p.1 lacks $o"
		[[ $offered == *" $o "* ]] || fail "$p $o is not completed"
		n=$((n + 1))
	done
	while read -r o; do
		has "$help" "$o" || fail "$p --help lacks $o of its manual page"
	done < <(awk '/^\.TP/ { head = 1; next } head && /^\.(BR|BI|B|RB) -/ { print } { head = 0 }' <<<"$text" |
		grep -oE -- '--[a-z][a-z-]*')
done < <(sed -n 's/^PROGRAMS *[:+]= *//p' "$TOP/guest-lib/Makefile" | tr ' ' '\n')
expect "a word that is no option" "  " "$(completed raw2pcap x)"
expect_ge "options" 100 "$n"
ok "$n options"
