# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion for bash of the programs in the guest: the options that --help tells.

# _hpcap_options PROGRAM: one a line.
_hpcap_options() {
	{
		"$1" --help
		# of what comes through the standard input
		[ "$1" != hpcapdd ] || "$1" --help -
	} 2>/dev/null | sed -nE \
		's/^ +(-[A-Za-z]), (--[a-z][a-z-]*).*/\1\n\2/p; t
		s/^ +(--[a-z][a-z-]*).*/\1/p; t
		s/^ +(-[A-Za-z])( .*)?$/\1/p' | sort -u
}

_hpcap() {
	local cur=${COMP_WORDS[COMP_CWORD]}

	COMPREPLY=()
	# what is no option is a file or a folder
	[[ $cur == -* ]] || return 0
	mapfile -t COMPREPLY < <(compgen -W "$(_hpcap_options "$1")" -- "$cur")
}

complete -o default -F _hpcap checkraw hpcap-ctl hpcap-dups hpcap-extcap hpcap-extract \
	hpcap-forward hpcap-index hpcap-run hpcap-status hpcap-storage hpcapdd hpcapdd_p \
	pcap2raw raw2pcap raw2tstamp rawinfo rawmerge
