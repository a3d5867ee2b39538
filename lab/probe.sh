# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The probe VM inside the host VM. The work is done there, by guest/probe.

# shellcheck source=lab/vm.sh
. "$LAB_DIR/vm.sh"

GUEST=/run/hpcap-lab

probe_help()
{
	cat <<-END
	usage: lab/lab probe up [--kernel NAME] [--pf-driver MODULE] [--vfs N]
	                   [--append PARAMETERS] [--name LAB]
	       lab/lab probe down|status|shell [--name LAB]
	       lab/lab probe libvirt [--kernel NAME] [--name LAB]
	       lab/lab probe attach DOMAIN [--name LAB]
	       lab/lab probe exec [--name LAB] [--timeout S] [--stdin] [--tty] -- COMMAND...
	up creates N VFs (2) on the PF, which igb or MODULE drives, and starts the probe
	VM of lab/guest/probe.xml with VF 0, by libvirt. Its kernel is the host VM's
	unless told otherwise. exec is as lab/lab exec, in the probe VM.
	libvirt only starts it; what hpcapctl then deploys in the host VM is this lab's
	guest, and attach makes DOMAIN of these the probe VM.
	END
}

in_host()
{
	"$RUN/labexec" "$RUN/agent.sock" "$@"
}

# What libvirt once learned of QEMU under this kernel, for the host VM; and back.
capabilities()
{
	caps=$CACHE/libvirt/$(config release)-$(config accel)
}

keep_capabilities()
{
	capabilities
	cp "$RUN"/job/.lab/capabilities/*.xml "$caps/" 2>/dev/null || true
}

give_capabilities()
{
	capabilities
	mkdir -p "$RUN/job/.lab/capabilities" "$caps"
	cp "$caps"/*.xml "$RUN/job/.lab/capabilities/" 2>/dev/null ||
		say "first time with this kernel: libvirt asks QEMU what it can do (about 100 s)"
}

probe_up()
{
	local kernel='' append='' driver=igb vfs=2 rel caps=

	while [ $# -gt 0 ]; do
		case $1 in
		--kernel) kernel=$(opt_value "probe up" "$@"); shift 2 ;;
		--pf-driver) driver=$(opt_value "probe up" "$@"); shift 2 ;;
		--append) append=$(opt_value "probe up" "$@"); shift 2 ;;
		--vfs) vfs=$(opt_value "probe up" "$@"); shift 2 ;;
		--name) set_name "$(opt_value "probe up" "$@")"; shift 2 ;;
		*) die_usage "probe up: unknown argument $1" ;;
		esac
	done
	[[ $vfs =~ ^[1-7]$ ]] || die_usage "probe up: --vfs wants 1 to 7"
	need_root "probe up"
	need_up
	rel=$(kernel_release "${kernel:-$(config kernel)}")
	give_capabilities
	cp "$(initrd_for "$rel")" "$RUN/job/.lab/probe.initrd"
	in_host $GUEST/probe up "$rel" "$driver" "$vfs" \
		"$KERNEL_WORDS $append" || return $?
	keep_capabilities
}

probe_libvirt()
{
	local kernel='' rel caps=

	while [ $# -gt 0 ]; do
		case $1 in
		--kernel) kernel=$(opt_value "probe libvirt" "$@"); shift 2 ;;
		--name) set_name "$(opt_value "probe libvirt" "$@")"; shift 2 ;;
		*) die_usage "probe libvirt: unknown argument $1" ;;
		esac
	done
	need_root "probe libvirt"
	need_up
	rel=$(kernel_release "${kernel:-$(config kernel)}")
	give_capabilities
	cp "$(initrd_for "$rel")" "$RUN/job/.lab/probe.initrd"
	in_host $GUEST/probe libvirt "$rel" "$KERNEL_WORDS"
}

probe_exec()
{
	local inner=() flag

	exec_options "probe exec" "$@"
	[ ${#ARGS[@]} -gt 0 ] || die_usage "probe exec: no command"
	need_up
	# the time-out is for the command, inside; the way there gets stdin or terminal
	for flag in "${EXEC_FLAGS[@]}"; do
		[[ $flag != -[ip] ]] || inner+=("$flag")
	done
	exec "$RUN/labexec" "${inner[@]}" "$RUN/agent.sock" \
		$GUEST/labexec "${EXEC_FLAGS[@]}" $GUEST/probe.sock "${ARGS[@]}"
}

verb_probe()
{
	local verb=${1:-} caps='' domain

	[ $# = 0 ] || shift
	case $verb in
	up) probe_up "$@" ;;
	exec) probe_exec "$@" ;;
	down | status)
		name_option "probe $verb" "$@"
		need_up
		in_host $GUEST/probe "$verb"
		;;
	libvirt) probe_libvirt "$@" ;;
	attach)
		[ $# -gt 0 ] || die_usage "probe attach: which domain?"
		domain=$1
		shift
		name_option "probe attach" "$@"
		need_up
		in_host $GUEST/probe attach "$domain"
		keep_capabilities
		;;
	shell)
		name_option "probe shell" "$@"
		need_up
		[ -t 0 ] || die "probe shell needs a terminal"
		probe_exec --tty -- bash -l
		;;
	-h | --help) probe_help ;;
	*) probe_help >&2; exit 2 ;;
	esac
}
