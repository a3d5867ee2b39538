# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Running commands in the host VM.
# shellcheck disable=SC2153 # NAME is set by common.sh

# For verbs whose only option is --name.
name_option()
{
	local verb=$1

	shift
	while [ $# -gt 0 ]; do
		case $1 in
		--name) set_name "$(opt_value "$verb" "$@")"; shift 2 ;;
		*) die_usage "$verb: unknown argument $1" ;;
		esac
	done
}

# Options of exec: sets EXEC_FLAGS; the command goes to ARGS.
exec_options()
{
	local verb=$1

	shift
	EXEC_FLAGS=()
	while [ $# -gt 0 ]; do
		case $1 in
		--name) set_name "$(opt_value "$verb" "$@")"; shift 2 ;;
		--timeout)
			is_number "${2:-}" || die_usage "$verb: --timeout wants seconds"
			EXEC_FLAGS+=(-t "$2")
			shift 2
			;;
		-i | --stdin) EXEC_FLAGS+=(-i); shift ;;
		-t | --tty) EXEC_FLAGS+=(-p); shift ;;
		--) shift; break ;;
		-*) die_usage "$verb: unknown option $1" ;;
		*) break ;;
		esac
	done
	ARGS=("$@")
}

need_up()
{
	[ ! -S "$RUN/agent.sock" ] || return 0
	say "lab '$NAME' is not up (start it with: lab/lab up --name $NAME)"
	exit 125
}

verb_exec()
{
	case ${1:-} in
	-h | --help)
		cat <<-END
		usage: lab/lab exec [--name LAB] [--timeout S] [--stdin] [--tty] -- COMMAND...
		Runs COMMAND as root in the host VM. Output and exit status are COMMAND's;
		124: --timeout ended it, 125: the VM is not there. stdin is empty without
		--stdin. A background process that COMMAND leaves must not use its stdout.
		END
		return
		;;
	esac
	exec_options exec "$@"
	[ ${#ARGS[@]} -gt 0 ] || die_usage "exec: no command (lab/lab exec -- COMMAND...)"
	need_up
	exec "$RUN/labexec" "${EXEC_FLAGS[@]}" "$RUN/agent.sock" "${ARGS[@]}"
}

verb_shell()
{
	name_option shell "$@"
	need_up
	[ -t 0 ] || die "shell needs a terminal (for scripts: lab/lab exec -- COMMAND)"
	exec "$RUN/labexec" -p "$RUN/agent.sock" bash -l
}

verb_run()
{
	local status=0

	# shellcheck source=lab/vm.sh
	. "$LAB_DIR/vm.sh"
	vm_options run "$@"
	[ ${#ARGS[@]} -gt 0 ] || die_usage "run: no command (lab/lab run -- COMMAND...)"
	vm_up "$opt_kernel" "$opt_topology" "$opt_append" "$opt_plugin"
	trap 'vm_down' EXIT
	"$RUN/labexec" "$RUN/agent.sock" "${ARGS[@]}" || status=$?
	exit "$status"
}
